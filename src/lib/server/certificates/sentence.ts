// A status explains itself: one sentence for people, what it rests on, and the next step. Pure; words from terms.ts.
import { date, dateTime, number, span } from '#lib/format.ts';
import { isNeverIssued, labelTerm, reasonWord, saidOf } from '#lib/status-words.ts';
import { sources, type CertificateLabel } from '#lib/terms.ts';
import { daysLeft } from '../calendar.ts';
import { PATH_RULES, type PathRule } from '../x509/index.ts';
import type { Use } from './facts.ts';
import { freshness, TAKEN_DOWN, timeFacet, type Facets } from './label.ts';
import { renewalAsk } from './renewal-guide.ts';

export type StatusRow = Facets & {
  use: Use;
  revocationReason: number | null;
  revokedAt: number | null;
  revocationSeenAt: number | null;
  revocationSource: 'crl' | 'ocsp' | 'none';
  chainRule: string | null;
};

export type Explanation = {
  /** The word of the label; revoked and past its end reads "Dicabut (dan kedaluwarsa)". */
  word: string;
  sentence: string;
  /** What the sentence rests on, and how fresh it is. */
  evidence: string;
  /** The one next step, or null when nothing waits. */
  next: {
    title: string;
    text: string;
    act: 'report' | 'renew' | 'check' | 'trust' | 'issuer' | 'file' | 'import' | 'evidence';
  } | null;
};

/** @param now instant of judgement, UTC ms */
export function sentenceOf(row: StatusRow, label: CertificateLabel, now: number): Explanation {
  const both = label === 'revoked' && timeFacet(row, now) === 'expired';
  return {
    word: both ? 'Dicabut (dan kedaluwarsa)' : labelTerm(label, row).word,
    sentence: sentences[label](row, now),
    evidence: evidenceOf(row, now),
    next: nextStep(label, row),
  };
}

/** "17 hari", or hours and minutes when less than a day is left (certificate-status §8). */
const daysSpan = (end: number, now: number): string => {
  const days = daysLeft(end, now);
  return days >= 1 ? `${number(days)} hari` : span(end - now);
};
const purpose = (row: StatusRow) => (row.use === 'signature' ? 'dipakai menandatangani' : 'dipakai');
const until = (row: StatusRow, now: number) =>
  row.notAfter === null ? '' : ` sampai ${dateTime(row.notAfter)}, ${daysSpan(row.notAfter, now)} lagi`;

/** To be checked again for its issuer's sake: its own evidence is fresh, or none is needed. */
const isByIssuer = (row: StatusRow, now: number): boolean =>
  row.revocation === 'not_applicable' || freshness(row, now) === 'fresh';

const sentences: Record<CertificateLabel, (row: StatusRow, now: number) => string> = {
  bad_signature: () =>
    'Tanda tangan pada sertifikat ini bukan dari penerbit yang tertulis di dalamnya. Jangan dipercaya; mungkin dipalsukan atau rusak.',
  revoked: (row) => {
    const reason = row.revocationReason === null ? '' : `: ${reasonWord(row.revocationReason)}`;
    return `Dicabut oleh penerbit${row.revokedAt === null ? '' : ` pada ${dateTime(row.revokedAt)}`}${reason}. Tidak boleh dipakai lagi.`;
  },
  ca_revoked: () => 'Sertifikat penerbitnya sudah dicabut, sehingga sertifikat ini tidak dapat dipercaya lagi.',
  on_hold: (row) =>
    isNeverIssued(saidOf(row))
      ? 'Penerbitnya menyatakan tidak pernah menerbitkan nomor seri ini: mungkin dipalsukan, salah penerbit, atau baru terbit dan belum dikenal. Tidak boleh dipakai.'
      : `Ditangguhkan oleh penerbit${row.revokedAt === null ? '' : ` sejak ${dateTime(row.revokedAt)}`}. Tidak boleh dipakai sampai penangguhannya dilepas.`,
  expired: (row) => `Masa berlakunya habis pada ${dateTime(row.notAfter)}. Tidak dapat ${purpose(row)} lagi.`,
  not_yet_valid: (row) => `Baru berlaku mulai ${dateTime(row.notBefore)}.`,
  conflict: () =>
    'Dua sumber yang sama-sama sah saling bertentangan tentang sertifikat ini. Anggap tidak boleh dipakai sampai penerbit menjelaskan.',
  invalid_path: (row) => {
    const rule = PATH_RULES[row.chainRule as PathRule] as (typeof PATH_RULES)[PathRule] | undefined;
    return `Jalur ke induk yang dipercaya tidak sah. ${rule ? `${rule.text} ` : ''}Tanda tangannya tidak dapat diandalkan.`;
  },
  ca_expired: (row) =>
    `Diterbitkan di bawah CA yang sudah kedaluwarsa. Jangan ${row.use === 'signature' ? 'menandatangani lagi' : 'dipakai lagi'}; tanda tangan yang dibuat sebelum penerbitnya habis tetap dinilai menurut waktunya.`,
  untrusted: (row) =>
    row.chainRule === TAKEN_DOWN
      ? 'Kepercayaan kepada penerbitnya, atau kepada CA di atasnya, baru saja dicabut. Tidak dapat diandalkan sampai rantainya dinilai ulang.'
      : 'Penerbitnya dikenali, tetapi tidak dinyatakan dipercaya oleh administrator.',
  incomplete: () => 'Sertifikat penerbitnya belum ada, sehingga keasliannya belum dapat dibuktikan.',
  undetermined: () => 'Bukti yang ada belum cukup untuk mengatakan sertifikat ini dicabut atau tidak.',
  unknown: () => 'Penerbit menjawab tidak mengetahui sertifikat ini. Belum dapat dikatakan berlaku.',
  not_checkable: () => 'Sertifikat ini tidak menyebut tempat memeriksa pencabutan, dan belum ada sumber lain.',
  never_checked: (row, now) =>
    `Status pencabutannya belum pernah diperiksa. Masa berlaku${until(row, now) || ' tidak diketahui'}.`,
  stale: (row, now) =>
    isByIssuer(row, now)
      ? `Sertifikat ini sendiri tidak dicabut, tetapi belum ada bukti segar bahwa penerbitnya tidak dicabut. Masa berlaku${until(row, now)}.`
      : `Terakhir diketahui tidak dicabut, tetapi buktinya sudah kedaluwarsa. Masa berlaku${until(row, now)}.`,
  ageing: (row, now) => `Terakhir diketahui tidak dicabut, tetapi buktinya sudah lama. Masa berlaku${until(row, now)}.`,
  superseded: (row, now) => `Sudah ada penggantinya, tetapi masih dapat ${purpose(row)}${until(row, now)}.`,
  expiring: (row, now) => `Masih dapat ${purpose(row)}${until(row, now)}. Penggantinya belum ada.`,
  valid: (row, now) => `Dapat ${purpose(row)}${until(row, now)}.`,
  data_only: (row, now) =>
    `Hanya diketahui dari daftar; berkas sertifikatnya belum ada, jadi tidak dapat dibuktikan.${row.notAfter === null ? '' : ` Menurut daftar berlaku${until(row, now)}.`}`,
};

const said: Partial<Record<Facets['revocation'], string>> = {
  good: 'Tidak dicabut',
  released: 'Penangguhan sudah dilepas',
  revoked: 'Dicabut',
  on_hold: 'Ditangguhkan',
  unknown: 'Penerbit tidak mengetahui sertifikat ini',
  undetermined: 'Belum dapat ditentukan',
  conflict: 'Sumber bertentangan',
};

function evidenceOf(row: StatusRow, now: number): string {
  if (row.revocation === 'not_applicable')
    return 'Menurut penerbit, sertifikat ini tidak memerlukan pemeriksaan pencabutan (RFC 9608).';
  if (row.confirmedAt === null) return 'Belum ada bukti pencabutan yang terverifikasi.';
  const source = sources[row.revocationSource];
  const word = isNeverIssued(saidOf(row)) ? 'Tidak pernah diterbitkan' : (said[row.revocation] ?? 'Diperiksa');
  const first = `${word} menurut ${source} yang ditandatangani penerbitnya.`;
  const checked = `Diperiksa ${dateTime(row.confirmedAt)} (sumber: ${source}).`;
  const age = freshness(row, now);
  const limit =
    age === 'frozen'
      ? row.notAfter !== null && row.confirmedAt > row.notAfter
        ? 'Bukti ini baru diperoleh setelah masa berlakunya habis, dan disimpan sebagai bukti terakhir.'
        : 'Disimpan sebagai bukti terakhir sebelum masa berlaku habis.'
      : age === 'fresh' && row.freshUntil !== null
        ? `Bukti ini cukup baru sampai ${dateTime(row.freshUntil)}.`
        : age === 'stale'
          ? `Bukti ini lewat batas sejak ${date(row.nextUpdate ?? row.freshUntil)}.`
          : '';
  const seen =
    row.revocation === 'revoked' && row.revocationSeenAt !== null
      ? `Pertama kali terlihat oleh Siaga ${dateTime(row.revocationSeenAt)}.`
      : '';
  return [first, checked, limit, seen].filter(Boolean).join(' ');
}

function nextStep(label: CertificateLabel, row: StatusRow): Explanation['next'] {
  switch (label) {
    case 'bad_signature':
    case 'invalid_path':
    case 'conflict':
      return {
        title: 'Laporkan sebagai insiden',
        text: 'Keaslian sertifikat ini diragukan; penerbit harus menjelaskan.',
        act: 'report',
      };
    case 'expiring':
      return {
        title: `${renewalAsk(row.use).title} sebelum ${date(row.notAfter)}`,
        text: renewalAsk(row.use).text,
        act: 'renew',
      };
    case 'stale':
    case 'ageing':
    case 'never_checked':
    case 'undetermined':
    case 'unknown':
      return {
        title: 'Periksa ke sumber pencabutan',
        text: 'Siaga juga memeriksa sendiri secara berkala.',
        act: 'check',
      };
    case 'untrusted':
      return {
        title: 'Putuskan kepercayaan penerbit',
        text: 'Administrator membandingkan sidik jari penerbit dengan sumber resmi.',
        act: 'trust',
      };
    case 'incomplete':
      return {
        title: 'Impor sertifikat penerbit',
        text: 'Unggah berkas sertifikat penerbit (CA) agar rantainya dapat dibuktikan.',
        act: 'issuer',
      };
    case 'ca_expired':
    case 'ca_revoked':
      return {
        title: 'Minta sertifikat baru dari penerbit yang berlaku',
        text: 'Sertifikat ini tidak dapat dipulihkan.',
        act: 'renew',
      };
    case 'data_only':
      return {
        title: 'Impor berkas sertifikatnya',
        text: 'Cukup satu PDF yang ditandatangani pemiliknya; sertifikat diambil dari sana.',
        act: 'file',
      };
    case 'not_checkable':
      return {
        title: 'Unggah bukti pencabutan',
        text: 'CRL dari penerbit dapat dibawa dengan tangan; pemeriksaannya sama.',
        act: 'evidence',
      };
    default:
      return null;
  }
}
