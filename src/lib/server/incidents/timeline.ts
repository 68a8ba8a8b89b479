// The story of an incident, put together from the facts and the notes of people. Pure; who did it stays an actor key.
import {
  channels,
  incidentSeverities,
  incidentStamps,
  parties,
  receiptGrades,
  revocationReasons,
  revocationRequestReasons,
} from '#lib/terms.ts';
import { date, dateTime } from '#lib/format.ts';
import { occurrenceOf, type Dossier, type Obligation, type Occurrence } from './dossier.ts';
import { rfcReason } from './kinds.ts';
import { isLate } from './moment.ts';
import { severityOf } from './severity.ts';

export type Event = {
  at: number;
  title: string;
  text?: string;
  who: string | null;
  tone?: 'ok' | 'warn' | 'bad';
  /** Entered more than 15 minutes after it happened. */
  late?: boolean;
  /** Belongs into a letter to an authority. */
  official: boolean;
  /** A note, by its id, so that it can be corrected. */
  noteId?: string;
};

/** Newest first. */
export function timelineOf(dossier: Dossier): Event[] {
  const events = [
    ...occurrence(dossier),
    ...stamps(dossier),
    ...handling(dossier),
    ...revocations(dossier),
    ...dossier.obligations.flatMap(obligation),
    ...notes(dossier),
    ...endings(dossier),
  ];
  return events.sort((a, b) => b.at - a.at);
}

/** Oldest first, only what concerns the authority. */
export const officialChronology = (dossier: Dossier): { at: number; text: string }[] =>
  timelineOf(dossier)
    .filter((event) => event.official)
    .reverse()
    .map((event) => ({ at: event.at, text: event.text ? `${event.title}. ${event.text}` : `${event.title}.` }));

/** When it happened, in words; null: not known. */
export function occurredText(o: Pick<Occurrence, 'at' | 'precision'> | null): string {
  if (!o || o.at === null) return 'belum diketahui';
  if (o.precision === 'day') return `${date(o.at)}, jamnya belum diketahui`;
  return o.precision === 'hour' ? `sekitar ${dateTime(o.at)}` : dateTime(o.at);
}

/** An entry with a time of the day it does not have would say too much: the letter names the day elsewhere. */
function occurrence(dossier: Dossier): Event[] {
  const found = occurrenceOf(dossier);
  if (!found) return [];
  const titles = { minute: 'Kejadian', hour: 'Perkiraan waktu kejadian', day: 'Kejadian pada hari ini' };
  return [
    {
      at: found.at,
      title: titles[found.precision],
      ...(found.precision === 'day' ? { text: 'Jamnya belum diketahui' } : {}),
      who: found.enteredBy,
      official: found.precision !== 'day',
    },
  ];
}

function stamps(dossier: Dossier): Event[] {
  const titles: Record<string, string> = {
    detected: 'Pemilik mengetahui kejadian',
    reported: 'Laporan diterima Dinas',
    known: 'Dinas mengetahui insiden',
    owner_called: 'Pemilik dihubungi',
    account_held: 'Akun ditahan atas permintaan Dinas',
    preserved: 'Dokumen diamankan dan pemakaian tanda tangan dihentikan',
    recovered: 'Pemakaian pulih',
    reporter_informed: 'Pelapor diberi tahu hasilnya',
  };
  const internal = ['reporter_informed'];
  return dossier.stamps.flatMap((s): Event[] => {
    const later = dossier.stamps.some((other) => other.corrects === s.id);
    // The report and our knowledge are the same moment unless somebody said otherwise.
    if (s.kind === 'known' && s.source === 'system' && !later) return [];
    if (later) return [];
    const text = [
      s.corrects ? `Koreksi ${incidentStamps[s.kind]}: ${s.reason}` : noteOf(s),
      !s.corrects && s.reason ? `Dicatat kemudian: ${s.reason}` : '',
    ]
      .filter(Boolean)
      .join('. ');
    return [
      {
        at: s.at,
        title: titles[s.kind]!,
        ...(text ? { text } : {}),
        who: s.source === 'system' && s.kind === 'reported' ? null : s.enteredBy,
        late: s.kind !== 'detected' && isLate(s.at, s.enteredAt),
        official: !internal.includes(s.kind),
        ...(s.kind === 'reported'
          ? { tone: 'warn' as const }
          : s.kind === 'recovered' || s.kind === 'preserved'
            ? { tone: 'ok' as const }
            : {}),
      },
    ];
  });
}

/** The report's own times carry its number; the owner's time needs no remark. */
const noteOf = (s: Dossier['stamps'][number]): string =>
  s.kind === 'detected' ? '' : s.kind === 'reported' ? `Nomor laporan ${s.note}` : s.note;

function handling(dossier: Dossier): Event[] {
  return [
    {
      at: dossier.openedAt,
      title: `Ditetapkan sebagai insiden ${dossier.number}`,
      who: dossier.openedBy,
      official: true,
    },
    ...dossier.moves.map((m): Event => ({
      at: m.at,
      title: `Perangkat Daerah diperbaiki: ${m.from} menjadi ${m.to}`,
      text: m.reason,
      who: m.by,
      official: false,
    })),
    ...dossier.assignments.map((a): Event => ({
      at: a.at,
      title: `Ditangani oleh ${a.name}`,
      who: a.by,
      official: false,
    })),
    ...dossier.assessments.map((a): Event => ({
      at: a.at,
      title: `Tingkat risiko dinilai ${incidentSeverities[severityOf(a)].word.toLowerCase()}`,
      ...(a.reason ? { text: a.reason } : {}),
      who: a.by,
      official: true,
    })),
    ...dossier.evidence.map((e): Event => ({
      at: e.addedAt,
      title: `Bukti diunggah: ${e.name}`,
      who: e.addedBy,
      official: false,
    })),
  ];
}

function revocations(dossier: Dossier): Event[] {
  return dossier.requests.flatMap((request) => {
    const name = dossier.certificates.find((c) => c.id === request.certificateId)?.commonName ?? 'sertifikat';
    const code = rfcReason[request.reason];
    return request.steps.map((s): Event => {
      const common = {
        at: s.at,
        who: s.enteredBy,
        late: s.kind !== 'seen' && isLate(s.at, s.enteredAt),
        official: true,
      };
      const text = s.note ? { text: s.note } : {};
      switch (s.kind) {
        case 'requested':
          return {
            ...common,
            ...text,
            title: `Pencabutan sertifikat ${name} diminta (${revocationRequestReasons[request.reason].toLowerCase()})`,
          };
        case 'forwarded':
          return {
            ...common,
            ...text,
            tone: 'ok',
            title: `Pencabutan diteruskan ke BSrE dengan nomor ${s.number}, alasan ${revocationReasons[code]!.rfc} (${code})`,
          };
        case 'received':
          return { ...common, ...text, title: `Permohonan diterima BSrE, tiket ${s.number}` };
        case 'exception':
          return { ...common, ...text, tone: 'warn', title: 'Pengecualian pencabutan dicatat' };
        case 'seen':
          return {
            ...common,
            tone: 'ok',
            title: `Pencabutan sertifikat ${name} terlihat pada bukti yang terverifikasi`,
          };
      }
    });
  });
}

function obligation(o: Obligation): Event[] {
  const party = parties[o.party];
  const what = o.stage === 'early_notice' ? 'Pemberitahuan awal' : 'Permintaan bantuan teknis';
  return [
    ...o.letters
      .filter((l) => l.approvedAt !== null)
      .map((l): Event => ({
        at: l.approvedAt!,
        title: `Surat ke ${party} disetujui`,
        who: l.approvedBy,
        official: false,
      })),
    ...o.transmissions.flatMap((s): Event[] => {
      if (!s.mail) {
        const title =
          s.channel === 'phone' ? `${party} ditelepon` : `${what} ke ${party} disampaikan lewat ${channels[s.channel]}`;
        return [
          {
            at: s.at,
            title,
            text: [s.person, s.note].filter(Boolean).join(': ') || s.address,
            who: s.by,
            ...(s.channel === 'phone' ? {} : { tone: 'ok' as const }),
            official: true,
          },
        ];
      }
      if (s.mail.state === 'sent')
        return [
          {
            at: s.mail.sentAt!,
            title: `${what} ke ${party} terkirim lewat surel`,
            who: s.by,
            tone: 'ok',
            official: true,
            ...(s.mail.uncertain ? { text: 'Satu percobaan sebelumnya tidak pasti; mungkin diterima dua kali.' } : {}),
          },
        ];
      if (s.mail.state === 'failed') {
        return [
          {
            at: s.mail.lastAt ?? s.at,
            title: `Surel ke ${party} gagal`,
            text: `${s.mail.lastReply ?? 'ditolak'} Pengiriman dihentikan, jalur lain diminta.`,
            who: null,
            tone: 'bad',
            official: false,
          },
        ];
      }
      const title =
        s.mail.state === 'cancelled' ? `Surel ke ${party} dibatalkan sebelum terkirim` : `Surel ke ${party} antre`;
      return [{ at: s.at, title, who: s.by, official: false }];
    }),
    ...o.receipts.map((r): Event => ({
      at: r.at,
      title: `${party}: ${receiptGrades[r.grade]!.toLowerCase()}, nomor ${r.authorityNumber}`,
      ...(r.note ? { text: r.note } : {}),
      who: r.by,
      tone: 'ok',
      official: true,
    })),
    ...o.decisions.flatMap((d): Event[] => {
      const events: Event[] = [
        {
          at: d.proposedAt,
          title: `Diusulkan tidak dilaporkan ke ${party}`,
          text: d.reason,
          who: d.proposedBy,
          tone: 'warn',
          official: false,
        },
      ];
      if (d.decidedAt !== null)
        events.push({
          at: d.decidedAt,
          title:
            d.outcome === 'confirmed'
              ? `Diputuskan tidak dilaporkan ke ${party}`
              : `Usulan tidak melapor ke ${party} ditolak`,
          who: d.decidedBy,
          official: false,
        });
      return events;
    }),
    ...o.rebases.map((r): Event => ({
      at: r.at,
      title: `Batas waktu ${what.toLowerCase()} ke ${party} dihitung ulang`,
      text: r.reason,
      who: r.by,
      official: false,
    })),
  ];
}

function notes(dossier: Dossier): Event[] {
  return dossier.notes.map((n) => {
    const corrected = dossier.notes.some((other) => other.corrects === n.id);
    return {
      at: n.at,
      title: `${n.corrects ? 'Koreksi: ' : ''}${n.text}`,
      ...(corrected
        ? { text: 'Sudah dikoreksi oleh catatan lain.' }
        : n.reason
          ? { text: `Dicatat kemudian: ${n.reason}` }
          : {}),
      who: n.enteredBy,
      late: isLate(n.at, n.enteredAt),
      official: !corrected,
      noteId: n.id,
    };
  });
}

function endings(dossier: Dossier): Event[] {
  const titles = {
    closed: 'Insiden ditutup',
    reopened: 'Insiden dibuka kembali',
    not_incident: 'Ditetapkan bukan insiden',
    duplicate: 'Ditetapkan sama dengan insiden lain',
  };
  return [
    ...dossier.reviews.flatMap((r): Event[] => [
      { at: r.writtenAt, title: `Tinjauan versi ${r.version} ditulis`, who: r.writtenBy, official: false },
      ...(r.approvedAt === null
        ? []
        : [
            {
              at: r.approvedAt,
              title: `Tinjauan versi ${r.version} disetujui`,
              who: r.approvedBy,
              tone: 'ok' as const,
              official: false,
            },
          ]),
    ]),
    ...dossier.verdicts.map((v): Event => ({
      at: v.at,
      title: titles[v.kind],
      ...(v.reason ? { text: v.reason } : {}),
      who: v.by,
      official: false,
      tone: v.kind === 'reopened' ? 'warn' : 'ok',
    })),
  ];
}
