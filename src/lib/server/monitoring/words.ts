// What an alert says, in one sentence with what to do. Pure.
import { dateTime, number } from '#lib/format.ts';
import { reasonWord } from '#lib/status-words.ts';
import { certificateLabels, signalKinds, type Tone } from '#lib/terms.ts';
import { clockSentence } from '../revocation/clock-words.ts';
import { renewalAsk } from '../certificates/renewal-guide.ts';
import { endWords } from './rungs.ts';
import type { KindFilter, ListedAlert } from './store.ts';

export const alertKinds = {
  expiry: { word: 'Masa berlaku', tone: 'warn', icon: 'calendar-clock' },
  authority_expiry: { word: 'Penerbit akan habis masa berlaku', tone: 'warn', icon: 'calendar-clock' },
  revoked: { word: 'Dicabut', tone: 'bad', icon: 'ban' },
  on_hold: { word: 'Ditangguhkan', tone: 'bad', icon: 'circle-pause' },
  early_removal: { word: 'Hilang dari CRL sebelum waktunya', tone: 'bad', icon: 'git-compare' },
  conflict: { word: 'Sumber bertentangan', tone: 'bad', icon: 'git-compare' },
  non_issued: { word: 'Tidak pernah diterbitkan menurut CA', tone: 'bad', icon: 'shield-x' },
  source_failing: { word: 'Sumber pencabutan gagal', tone: 'warn', icon: 'refresh-cw' },
  source_ageing: { word: 'CRL belum diperbarui', tone: 'warn', icon: 'clock' },
  source_stale: { word: 'CRL lewat masa pakai', tone: 'warn', icon: 'refresh-cw' },
  source_suspect: { word: 'CRL mencurigakan', tone: 'bad', icon: 'circle-alert' },
  authority_revoked: { word: 'Penerbit dicabut', tone: 'bad', icon: 'ban' },
  underived: { word: 'Status tidak terulang dari buktinya', tone: 'bad', icon: 'circle-alert' },
  clock: { word: 'Jam server tidak cocok', tone: 'bad', icon: 'clock' },
} as const satisfies Record<ListedAlert['kind'], { word: string; tone: Tone; icon: string }>;

/** Of a kind, of all that speak about sources, of everything. */
export const kindWord = (kind: KindFilter | undefined): string =>
  kind === 'sources' ? 'Semua tentang sumber pencabutan' : kind ? alertKinds[kind].word : 'Semua jenis';

export type Word = {
  word: string;
  tone: Tone;
  icon: (typeof alertKinds)[ListedAlert['kind']]['icon'] | 'calendar-x' | 'circle-question-mark';
};

/** A list that may not be used names a certificate, ours or a CA's (revocation/hinting.ts): about that, not about the list. */
export const isHint = (a: ListedAlert): boolean =>
  a.kind === 'source_suspect' && (a.certificateId !== null || a.detail.signal === 'hint');

/** The word of one alert: that of its kind; about an end, whether it lies ahead or behind. */
export function wordOf(a: ListedAlert, now: number): Word {
  if (isHint(a)) return signalKinds.hint;
  if (a.kind === 'authority_revoked' && a.detail.held === 1)
    return { word: 'Penerbit ditangguhkan', tone: 'bad', icon: 'circle-pause' };
  if (a.kind !== 'expiry') return alertKinds[a.kind];
  return a.notAfter !== null && a.notAfter < now ? certificateLabels.expired : certificateLabels.expiring;
}

/** What it is about: a name people recognise. */
export const aboutOf = (a: ListedAlert): string => a.commonName ?? a.authorityName ?? a.url ?? 'Server Siaga';

export const hrefOf = (a: ListedAlert): string =>
  a.certificateId
    ? `/certificates/${a.certificateId}`
    : a.sourceId
      ? `/sources/${a.sourceId}`
      : a.authorityId
        ? a.signalId
          ? `/sources/signals/${a.signalId}`
          : '/trust'
        : a.kind === 'clock' && a.detail.waiting
          ? '/certificates/waiting'
          : '/system';

/** One sentence: what happened and what to do (netbox-ssl #47). @param now instant of reading, UTC ms */
export function sentenceOf(a: ListedAlert, now: number): string {
  switch (a.kind) {
    case 'expiry':
      return `${endWords(a.notAfter ?? now, now)} (${dateTime(a.notAfter)}). ${renewalAsk(a.use ?? 'signature').text}`;
    case 'authority_expiry':
      return `Sertifikat penerbit berakhir ${dateTime(Number(a.detail.notAfter))}. Minta sertifikat penerbit yang baru dan putuskan kepercayaannya.`;
    case 'revoked': {
      const { reason: code, revokedAt } = a.detail;
      const news = revisionWords(a.detail);
      const said = typeof code === 'number' || news ? [reasonWord(Number(code ?? 0))] : [];
      const facts = [...said, ...(news ? [news] : [])];
      const reason = facts.length ? ` (${facts.join('; ')})` : '';
      const since = typeof revokedAt === 'number' ? ` pada ${dateTime(revokedAt)}` : '';
      return `Dicabut penerbit${since}${reason}. Pastikan pemilik berhenti memakainya; bila bukan permintaan Dinas, laporkan sebagai insiden.`;
    }
    case 'on_hold': {
      const news = revisionWords(a.detail);
      return `Ditangguhkan penerbit${news ? ` (${news})` : ''}. Tanyakan alasannya dan jangan dipakai sampai dilepas.`;
    }
    case 'early_removal':
      return 'Pernah dicabut, kini hilang dari CRL padahal belum kedaluwarsa. Tetap dianggap dicabut; tanyakan ke penerbit.';
    case 'conflict':
      return 'Dua bukti yang sama-sama sah saling bertentangan. Yang lebih ketat tetap dipegang, jadi jangan dipakai; tanyakan ke penerbit.';
    case 'non_issued':
      return 'Penerbit menyatakan tidak pernah menerbitkan nomor seri ini. Periksa asal berkasnya dan laporkan.';
    case 'source_failing':
      return `Tidak memberi jawaban yang dapat dipakai sejak ${dateTime(Number(a.detail.since))}; ${behind(a)}. Lihat sebabnya pada sumber ini; sementara itu CRL dapat diunggah dengan tangan.`;
    case 'source_ageing':
      return `Sudah ${number(Number(a.detail.rung))}% dari masa pakai CRL lewat tanpa CRL baru (habis ${dateTime(Number(a.detail.since))}); ${behind(a)}. Bila terus begini, tanyakan ke penerbit.`;
    case 'source_stale':
      return `CRL terakhir lewat masa pakainya sejak ${dateTime(Number(a.detail.since))}; ${behind(a)}. Tanyakan ke penerbit, atau unggah CRL yang baru.`;
    case 'source_suspect':
      if (isHint(a))
        return 'Mungkin dicabut: nomor serinya tercantum di CRL yang tidak boleh dipakai, jadi statusnya tidak berubah. Tahan pemakaiannya dan tanyakan ke penerbit.';
      if (a.detail.signal === 'renumbered')
        return 'Penerbit menyajikan CRL yang lebih baru dengan nomor yang lebih rendah; ditolak sampai diputuskan, dan bukti yang dipegang menua. Tanyakan ke penerbit, lalu putuskan pada temuannya.';
      if (a.detail.signal === 'same_number')
        return 'Penerbit menyajikan CRL bernomor sama dengan yang terdahulu tetapi isinya berbeda. Pencabutan di dalamnya dicatat; tidak seorang pun dilepas sampai datang CRL bernomor lebih tinggi. Tanyakan ke penerbit.';
      return 'CRL menyusut jauh dibandingkan yang terdahulu. Pelepasan ditahan sampai diperiksa; tanyakan ke penerbit.';
    case 'underived':
      return 'Status yang tercatat tidak terulang ketika dihitung kembali dari bukti yang disimpan. Bandingkan dengan buktinya, dan laporkan ke pengelola Siaga.';
    case 'clock':
      return `${clockSentence({
        state: a.detail.state === 'frozen' ? 'frozen' : 'warn',
        offset: Number(a.detail.offset),
        servers: a.detail.servers === undefined ? null : Number(a.detail.servers),
      })}${a.detail.waiting ? ` ${number(Number(a.detail.waiting))} sertifikat disebut dicabut atau ditangguhkan oleh bukti yang menunggu; lihat Sertifikat, Menunggu Jam Server.` : ''}`;
    case 'authority_revoked':
      if (a.detail.held === 1)
        return 'Sertifikat penerbit ini ditangguhkan induknya. Sampai dilepas, semua sertifikat di bawahnya tidak dapat dipercaya; tanyakan ke penerbit.';
      return 'Sertifikat penerbit ini dicabut induknya. Semua sertifikat di bawahnya tidak dapat dipercaya.';
  }
}

/** What the CA had said before it changed the reason or the dates: "semula tanpa alasan tertentu, sejak 1 Mei …"; '' if nothing. */
export function revisionWords({ was, wasAt, suspect, suspectWas }: ListedAlert['detail']): string {
  const before = [
    ...(typeof was === 'number' ? [reasonWord(was)] : []),
    ...(typeof wasAt === 'number' ? [`sejak ${dateTime(wasAt)}`] : []),
  ];
  return [
    ...(typeof suspectWas === 'number' && suspectWas !== wasAt
      ? [`tanda tangan diragukan sejak ${dateTime(Number(suspect))}, semula sejak ${dateTime(suspectWas)}`]
      : []),
    ...(before.length ? [`semula ${before.join(', ')}`] : []),
  ].join('; ');
}

/** What depends on an end-point. */
function behind(a: ListedAlert): string {
  const agencies = Number(a.detail.agencies ?? 0);
  const where = agencies > 0 ? ` di ${number(agencies)} Perangkat Daerah` : '';
  return `${number(Number(a.detail.certificates))} sertifikat${where} bergantung padanya`;
}
