// Incidents of the sample city, from closed ones of last year to one whose clock runs now. Each is played through the
// doors at its times: a report without signing in, a handler, letters sent through the real mail server, receipts, a
// revocation by the CA that is seen on its next CRL.
import * as agencies from '#lib/server/agencies/index.ts';
import { DAY, HOUR, MINUTE } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import type { Issued } from './certificates.ts';
import type { City } from './seed.ts';

type Kind = 'device_lost' | 'passphrase_known' | 'cannot_sign' | 'foreign_signature' | 'declared_invalid';
type Type = Parameters<typeof incidents.promote>[2]['type'];
type Story = {
  /** When the owner noticed. */
  at: number;
  kind: Kind;
  type: Type;
  /** What happened, in the reporter's words, and the title the handler gives. */
  story: string;
  title: string;
  /** Agency of the holder, or any. */
  agency?: string;
  position?: string;
  impact: number;
  urgency: number;
  highOffice?: boolean;
  /** How far it has come. */
  until: 'assessed' | 'draft' | 'sent' | 'received' | 'closed';
  /** Hours from knowing to sending the letters; the limit is 24. */
  sentAfter?: number;
  cause?: 'human' | 'malicious' | 'system' | 'third_party';
};

export function planIncidents(city: City): void {
  const { today, now } = city;
  const evening = (daysAgo: number, hour: number, minute: number) =>
    today - daysAgo * DAY + hour * HOUR + minute * MINUTE;
  const stories: Story[] = [
    {
      at: evening(421, 19, 12),
      kind: 'device_lost',
      type: 'key_lost',
      agency: 'DISHUB',
      impact: 1,
      urgency: 3,
      until: 'closed',
      cause: 'human',
      title: 'HP pejabat Dinas Perhubungan hilang di terminal',
      story: 'HP hilang di terminal feri, aplikasi tanda tangan masih masuk.',
    },
    {
      at: evening(383, 10, 5),
      kind: 'passphrase_known',
      type: 'passphrase_leaked',
      agency: 'BAPENDA',
      impact: 2,
      urgency: 3,
      until: 'closed',
      cause: 'human',
      title: 'Passphrase ditulis pada papan ruang pelayanan',
      story: 'Passphrase tertulis di papan tulis dan difoto tamu.',
    },
    {
      at: evening(352, 8, 40),
      kind: 'cannot_sign',
      type: 'key_inaccessible',
      agency: 'DKPP',
      impact: 1,
      urgency: 1,
      until: 'closed',
      cause: 'human',
      title: 'Passphrase lupa, penandatanganan terhenti',
      story: 'Lupa passphrase setelah cuti panjang.',
    },
    {
      at: evening(301, 14, 30),
      kind: 'declared_invalid',
      type: 'authenticity_dispute',
      agency: 'DPMPTSP',
      impact: 2,
      urgency: 2,
      until: 'closed',
      cause: 'third_party',
      title: 'Surat izin dinyatakan berubah setelah ditandatangani',
      story: 'Pemohon membawa surat izin yang angkanya berbeda dari arsip.',
    },
    {
      at: evening(243, 21, 50),
      kind: 'device_lost',
      type: 'key_lost',
      agency: '21.71.04',
      impact: 2,
      urgency: 3,
      highOffice: true,
      until: 'closed',
      sentAfter: 31,
      cause: 'human',
      title: 'HP pejabat kecamatan hilang, laporan terlambat',
      story: 'HP tertinggal di taksi, baru dilapor keesokan harinya.',
    },
    {
      at: evening(196, 9, 15),
      kind: 'cannot_sign',
      type: 'key_damaged',
      agency: 'RSUDEF',
      impact: 1,
      urgency: 1,
      until: 'closed',
      cause: 'system',
      title: 'Perangkat penandatangan rusak di RSUD',
      story: 'Komputer rusak, kunci tidak dapat dipakai.',
    },
    {
      at: evening(151, 16, 20),
      kind: 'foreign_signature',
      type: 'misuse',
      agency: 'DISNAKER',
      impact: 3,
      urgency: 4,
      until: 'closed',
      cause: 'malicious',
      title: 'Tanda tangan dibubuhkan orang lain pada tiga surat',
      story: 'Ada tiga surat bertanda tangan saya yang tidak saya buat.',
    },
    {
      at: evening(112, 11, 0),
      kind: 'cannot_sign',
      type: 'key_inaccessible',
      agency: 'DISDIK',
      impact: 1,
      urgency: 1,
      until: 'closed',
      cause: 'human',
      title: 'Akun terkunci karena passphrase salah berulang',
      story: 'Akun terkunci, tidak bisa tanda tangan rapor.',
    },
    {
      at: evening(76, 13, 25),
      kind: 'foreign_signature',
      type: 'repudiation',
      agency: 'DISPERINDAG',
      impact: 2,
      urgency: 2,
      until: 'closed',
      cause: 'human',
      title: 'Pejabat menyangkal tanda tangan pada berita acara',
      story: 'Saya tidak pernah menandatangani berita acara itu.',
    },
    {
      at: evening(41, 7, 45),
      kind: 'device_lost',
      type: 'key_lost',
      agency: 'DINKES',
      impact: 1,
      urgency: 3,
      until: 'closed',
      cause: 'human',
      title: 'HP kepala seksi Dinas Kesehatan hilang',
      story: 'HP hilang saat kegiatan lapangan.',
    },
    {
      at: evening(9, 15, 10),
      kind: 'declared_invalid',
      type: 'authenticity_dispute',
      agency: 'DISDUKCAPIL',
      impact: 3,
      urgency: 2,
      until: 'sent',
      title: 'Keaslian akta elektronik diragukan bank',
      story: 'Bank menyatakan tanda tangan pada akta tidak sah.',
    },
    {
      at: now - 27 * HOUR,
      kind: 'device_lost',
      type: 'key_lost',
      agency: 'BKPSDM',
      impact: 2,
      urgency: 3,
      until: 'received',
      title: 'HP kepala bidang BKPSDM hilang di bandara',
      story: 'HP hilang di bandara, masih ada aplikasi tanda tangan.',
    },
    {
      at: now - 4 * HOUR,
      kind: 'device_lost',
      type: 'key_lost',
      agency: '21.71.03',
      position: 'Camat',
      impact: 2,
      urgency: 3,
      highOffice: true,
      until: 'draft',
      title: 'HP Camat Sekupang hilang, passphrase mungkin diketahui orang lain',
      story: 'HP hilang di pelabuhan. Passphrase pernah dicatat di HP itu.',
    },
    {
      at: now - 75 * MINUTE,
      kind: 'passphrase_known',
      type: 'passphrase_leaked',
      agency: 'DLH',
      impact: 1,
      urgency: 3,
      until: 'assessed',
      title: 'Passphrase staf DLH diketahui rekan kerja',
      story: 'Rekan kerja mengetahui passphrase saya.',
    },
  ];
  const taken = new Set<string>();
  for (const story of stories) {
    const issued = choose(city, story, taken);
    if (issued) play(city, story, issued);
  }
  waiting(city);
}

/** A certificate that was current when it happened and that nothing else has touched. */
function choose(city: City, story: Story, taken: Set<string>): Issued | null {
  const end = Math.min(story.at + 60 * DAY, city.now);
  const fitting = city.issued.filter(
    (one) =>
      one.person &&
      one.use === 'signature' &&
      !one.dataOnly &&
      !one.odd &&
      !one.revoked &&
      !taken.has(one.serial) &&
      one.notBefore < story.at - 40 * DAY &&
      one.notBefore + one.lifetime > end &&
      one.person.status === 'aktif',
  );
  const there = fitting.filter((one) => !story.agency || one.agencyCode === story.agency);
  const found =
    there.find((one) => !story.position || one.person!.position === story.position) ?? there[0] ?? fitting[0] ?? null;
  if (found) taken.add(found.serial);
  return found;
}

const typed = (instant: number) => new Date(instant + 7 * HOUR).toISOString().slice(0, 16);
const exposes = (type: Type) => ['key_lost', 'passphrase_leaked', 'misuse'].includes(type);

function play(city: City, story: Story, issued: Issued): void {
  const { at } = story;
  const person = issued.person!;
  let number = '';
  let intake = '';
  const handler = () => city.as('handler');
  const known = at + 9 * MINUTE;
  city.at(known, () => {
    const anyone: Context = { ...city.system, actor: { kind: 'public' } };
    intake = incidents.report(anyone, {
      kind: story.kind,
      ownerName: person.name,
      agency: person.agency.name,
      reporterName: person.name,
      phone: '0812-5550-0190',
      email: person.email,
      story: story.story,
      detectedAt: typed(at),
    }).number;
  });
  city.at(known + 11 * MINUTE, () => {
    number = incidents.promote(handler(), intake, {
      type: story.type,
      title: story.title,
      agencyId: agencies.get(city.system, person.agency.code).id,
      description: `${story.story} Pemilik dihubungi kembali lewat telepon; keterangannya sesuai dengan laporan.`,
    });
    incidents.linkCertificate(handler(), number, certificateId(city, issued));
  });
  city.at(known + 14 * MINUTE, () => {
    incidents.tick(handler(), number, 'owner_called');
    incidents.assess(handler(), number, {
      impact: story.impact,
      urgency: story.urgency,
      highOffice: story.highOffice ?? false,
    });
    if (!exposes(story.type) && story.until === 'closed') incidents.tick(handler(), number, 'preserved');
  });
  if (story.until === 'assessed') return;
  let request = '';
  if (exposes(story.type)) {
    city.at(known + 26 * MINUTE, () => {
      request = incidents.requestRevocation(handler(), number, {
        certificateId: certificateId(city, issued),
        reasonCode:
          story.type === 'key_lost' ? 'KEY_LOST' : story.type === 'misuse' ? 'MISUSE_SUSPECTED' : 'KEY_LEAKED',
      });
    });
    city.at(known + 38 * MINUTE, () => {
      incidents.forwardRevocation(handler(), request, {
        number: `PCB-${typed(at).slice(0, 4)}-${serialNumber(issued)}`,
      });
      incidents.tick(handler(), number, 'account_held');
    });
    city.at(known + 95 * MINUTE, () =>
      incidents.receiveRevocation(handler(), request, { number: `${typed(at).slice(0, 4)}-1${serialNumber(issued)}` }),
    );
  }
  letters(city, story, known, () => number);
  if (story.until !== 'closed') return;
  if (exposes(story.type)) revoked(city, issued, known);
  ending(city, story, known, () => number);
}

const serialNumber = (issued: Issued) => String(parseInt(issued.serial.slice(-4), 16) % 10_000).padStart(4, '0');
const certificateId = (city: City, issued: Issued): string =>
  certificates.list(city.system, { q: issued.serial }).rows[0]!.id;

/** Drafts, approval by the head, mail, receipts. `draft` stops before the letter to BSSN is approved. */
function letters(city: City, story: Story, known: number, number: () => string): void {
  const sentAt = known + (story.sentAfter ?? 1.6) * HOUR;
  const drafts = new Map<string, string>();
  const owed = () => incidents.get(city.as('handler'), number()).obligations;
  city.at(sentAt - 40 * MINUTE, () => {
    for (const obligation of owed()) {
      const proposal = incidents.letterProposal(city.as('handler'), obligation.id);
      const order = String(100 + (((known / DAY) % 800) | 0) + drafts.size);
      const month = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'][
        new Date(known).getUTCMonth()
      ];
      const agenda =
        story.until === 'draft' && obligation.party === 'bssn'
          ? ''
          : `500.12/${order}/DISKOMINFO/${month}/${typed(known).slice(0, 4)}`;
      drafts.set(obligation.id, incidents.draft(city.as('handler'), obligation.id, { ...proposal, number: agenda }));
    }
  });
  const leaving = () => owed().filter((o) => drafts.has(o.id) && !(story.until === 'draft' && o.party === 'bssn'));
  city.at(sentAt - 15 * MINUTE, async () => {
    for (const { id } of leaving()) await incidents.approve(city.as('head'), drafts.get(id)!);
  });
  city.at(sentAt, async () => {
    for (const { id } of leaving()) await incidents.send(city.as('handler'), drafts.get(id)!);
  });
  city.at(sentAt + MINUTE, async () => void (await city.deliver()));
  if (story.until === 'draft' || story.until === 'sent') return;
  for (const [i, party] of (['bsre', 'bssn'] as const).entries()) {
    if (story.until === 'received' && party === 'bssn') continue;
    city.at(sentAt + (3 + 2 * i) * HOUR, () => {
      for (const obligation of owed().filter((o) => o.party === party)) {
        incidents.recordReceipt(city.as('handler'), obligation.id, {
          grade: 4,
          authorityNumber: `${party === 'bsre' ? 'T' : 'CS'}-${typed(known).slice(0, 4)}-${String(known % 99_991).padStart(5, '0')}`,
          note: 'Diterima lewat surel balasan.',
        });
      }
    });
  }
}

/** The CA revokes within half a day; the next sweep sees it on the verified CRL. */
function revoked(city: City, issued: Issued, known: number): void {
  city.at(known + 9 * HOUR, () => city.ca.revoke(issued.serial, { revokedAt: known + 9 * HOUR, reason: 1 }));
  city.at(known + 10 * HOUR, async () => {
    await city.sweep();
    incidents.observeRevocation(city.system);
  });
}

function ending(city: City, story: Story, known: number, number: () => string): void {
  city.at(known + 2 * DAY, () => {
    const handler = city.as('handler');
    if (!exposes(story.type)) incidents.tick(handler, number(), 'recovered');
    incidents.tick(handler, number(), 'reporter_informed');
    incidents.writeReview(handler, number(), {
      rootCause: `${story.story} Pengendalian yang ada tidak mencegahnya: pemilik belum mengikuti sosialisasi tahun ini.`,
      causeKind: story.cause ?? 'human',
      outcome: exposes(story.type) ? 'revoked_replaced' : story.type.startsWith('key_') ? 'access_restored' : 'settled',
      lessons: 'Baik: pelapor cepat menghubungi. Buruk: nomor piket tidak diketahui rekan kerja pemilik.',
      actions: 'Kartu darurat dibagikan ke Perangkat Daerah; penanggung jawab Kepala Bidang Persandian, satu bulan.',
    });
  });
  city.at(known + 3 * DAY, () => {
    const view = incidents.get(city.as('supervisor2'), number());
    if (view.gate.some((item) => item.key === 'review.approved' && !item.met))
      incidents.approveReview(city.as('supervisor2'), number());
    incidents.close(city.as('handler'), number());
  });
}

/** Reports nobody has looked at yet, and one that was no incident. */
function waiting(city: City): void {
  const officer = city.people.filter((p) => p.agency.kind === 'KELURAHAN');
  const tell = (at: number, kind: Kind, story: string, i: number) =>
    city.at(at, () => {
      const person = officer[i * 7]!;
      incidents.report(
        { ...city.system, actor: { kind: 'public' } },
        {
          kind,
          ownerName: person.name,
          agency: person.agency.name,
          reporterName: person.name,
          phone: `0812-5550-02${10 + i}`,
          email: '',
          story,
          detectedAt: typed(at - 20 * MINUTE),
        },
      );
    });
  tell(city.now - 52 * MINUTE, 'cannot_sign', 'Tidak bisa masuk sejak pagi, passphrase ditolak.', 1);
  tell(city.now - 17 * MINUTE, 'device_lost', 'HP saya hilang di pasar pagi ini.', 2);
  tell(city.today - 20 * DAY, 'cannot_sign', 'Aplikasi lambat sekali.', 3);
  city.at(city.today - 20 * DAY + 2 * HOUR, () => {
    const [first] = incidents.intakes(city.as('handler'), {}).rows;
    incidents.dismissIntake(city.as('handler'), first!.number, {
      reason: 'Gangguan jaringan umum, tidak menyangkut sertifikat.',
    });
  });
}
