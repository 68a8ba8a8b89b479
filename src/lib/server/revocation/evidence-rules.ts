// The acceptance rules an object passed, one by one, with what was found and the clause (certificate-status §2 and §5).
// Pure: decoded objects and keys in, words out. It explains; the decision was made by crl-acceptance.ts and
// ocsp-acceptance.ts when the object came.
import { dateTime, number, serialDecimal } from '#lib/format.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Crl } from './crl.ts';
import type { BasicResponse, SingleResponse } from './ocsp.ts';
import type { RemarkCode } from './remarks.ts';
import { algorithmName, reasonsText, scopeText, type ExtensionFact } from './views-decode.ts';

export type Rule = {
  title: string;
  /** What was found. */
  text: string;
  clause: string;
  /** `remark`: passed, with something to say about it. */
  state: 'passed' | 'remark';
};

/** Who signed, and by what right. */
export type Signer = {
  name: string;
  certificate: CertificateView;
  /** Names from the signer to the anchor; empty: no path is known now. */
  path: readonly string[];
  /** The signature verified again just now; null: too large to do it for a page. */
  verified: boolean | null;
};

type Passed = {
  acceptedAt: number;
  remarks: readonly RemarkCode[];
  signer: Signer | null;
};

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const NO_CHECK = '1.3.6.1.5.5.7.48.1.5';

const judged =
  (held: Passed) =>
  (title: string, clause: string, text: string, codes: readonly RemarkCode[] = []): Rule => ({
    title,
    clause,
    text,
    state: codes.some((code) => held.remarks.includes(code)) ? 'remark' : 'passed',
  });

const signatureText = (signer: Signer | null): string => {
  if (!signer)
    return 'Ditandatangani kunci yang cocok ketika diterima; sertifikat penanda tangannya tidak ada lagi di Siaga.';
  const again =
    signer.verified === null
      ? 'Diperiksa ketika diterima.'
      : signer.verified
        ? 'Diperiksa lagi saat halaman ini dibuka: cocok.'
        : 'Diperiksa lagi saat halaman ini dibuka: TIDAK cocok; laporkan kepada administrator.';
  return `Cocok dengan kunci ${signer.name}. ${again}`;
};

const pathText = (signer: Signer | null): string =>
  signer?.path.length
    ? `${signer.path.join(' ← ')}, induk yang disetujui.`
    : 'Sampai ke induk yang disetujui ketika diterima.';

export type PassedList = Passed & {
  crl: Crl;
  extensions: readonly ExtensionFact[];
  entryCount: number;
  /** The list of the same line before this one. */
  before: { number: string | null; thisUpdate: number; entryCount: number } | null;
};

export function listRules(held: PassedList): Rule[] {
  const { crl, signer, before } = held;
  const rule = judged(held);
  const critical = held.extensions.filter((e) => e.critical);
  return [
    rule(
      'Utuh sampai entri terakhir',
      'RFC 5280 §5.1',
      `Satu CRL tanpa sisa bita; ${number(held.entryCount)} entri dibaca seluruhnya sebelum satu pun dihitung.`,
    ),
    rule(
      'Algoritma diizinkan',
      'RFC 5280 §5.1.1.2',
      `${algorithmName(crl.algorithm.oid)}, sama di dalam dan di luar bagian yang ditandatangani.`,
    ),
    rule(
      'Tanda tangan penerbit',
      'RFC 5280 §6.3.3 g',
      `${signatureText(signer)}${signer?.certificate.keyUsage?.includes('cRLSign') ? ' Kunci itu berwenang menandatangani CRL (cRLSign).' : ''}`,
    ),
    rule('Jalur ke induk yang dipercaya', 'RFC 5280 §6.3.3 f', pathText(signer), ['other_key']),
    rule(
      'Waktu masuk akal',
      'RFC 5280 §5.1.2.4–5',
      `Terbit ${dateTime(crl.thisUpdate.ms)}, tidak sesudah diterima (${dateTime(held.acceptedAt)}). ${crl.nextUpdate ? `Terbitan berikutnya ${dateTime(crl.nextUpdate.ms)}.` : 'Terbitan berikutnya tidak disebut.'}`,
      ['no_next_update', 'past_next_update'],
    ),
    rule('Tidak mundur', 'RFC 5280 §5.2.3', orderText(crl, before), ['no_number', 'same_number', 'renumbered']),
    rule(
      'Tidak ada ekstensi kritis yang asing',
      'RFC 5280 §5.2',
      critical.length
        ? `Yang kritis semuanya dikenal: ${critical.map((e) => e.name).join(', ')}.`
        : 'Tidak ada yang kritis.',
    ),
    rule(
      'Cakupan',
      'RFC 5280 §5.2.5 dan §6.3.3 b',
      `Meliputi ${scopeText(crl)}${crl.scope?.reasons ? `; alasan yang tercakup: ${reasonsText(crl.scope.reasons)}` : ''}.`,
    ),
    rule(
      crl.deltaOf === null ? 'CRL lengkap' : 'CRL delta',
      'RFC 5280 §5.2.4',
      crl.deltaOf === null
        ? 'Ketiadaan nomor seri di dalamnya berarti tidak dicabut, bagi sertifikat yang dicakupnya.'
        : `Hanya perubahan sejak CRL nomor ${serialDecimal(crl.deltaOf)}; dipakai bersama CRL lengkapnya.`,
      ['remove_in_complete'],
    ),
    rule(
      'Entri wajar',
      'RFC 5280 §5.1.2.6 dan §5.3.1',
      ['duplicate_entry', 'revoked_in_future', 'bad_reason'].some((code) => held.remarks.includes(code as RemarkCode))
        ? 'Ada catatan tentang entri; lihat di atas.'
        : 'Tidak ada entri sertifikat kita yang ganda, bertanggal di masa depan, atau beralasan asing.',
      ['duplicate_entry', 'revoked_in_future', 'bad_reason'],
    ),
    rule(
      'Tidak menyusut jauh',
      'aturan Siaga: CRL yang menyusut',
      before
        ? `${number(held.entryCount)} entri; sebelumnya ${number(before.entryCount)}.`
        : 'Yang pertama dari jalurnya; belum ada bandingan.',
      ['shrunk'],
    ),
  ];
}

function orderText(crl: Crl, before: PassedList['before']): string {
  const own = crl.number === null ? 'Tanpa nomor' : `Nomor ${serialDecimal(crl.number)}`;
  if (!before) return `${own}; yang pertama diterima dari jalur ini.`;
  const earlier = before.number === null ? 'tanpa nomor' : `nomor ${serialDecimal(before.number)}`;
  return `${own}; sebelumnya ${earlier}, terbit ${dateTime(before.thisUpdate)}.`;
}

export type PassedAnswer = Passed & {
  basic: BasicResponse;
  about: SingleResponse | undefined;
  size: number;
  /** Whether the signer is the CA that issued the certificate. */
  byIssuer: boolean;
  issuerName: string;
};

export function answerRules(held: PassedAnswer): Rule[] {
  const { basic, about, signer } = held;
  const rule = judged(held);
  const delegate = held.byIssuer ? null : (signer?.certificate ?? null);
  const noCheck = delegate?.extensions.some((e) => e.oid === NO_CHECK) ?? false;
  return [
    rule(
      'Jawaban berhasil dan utuh',
      'RFC 6960 §4.2.1',
      `Jenis dasar (id-pkix-ocsp-basic), ${number(held.size)} bita; kesalahan tanpa tanda tangan tidak pernah mengubah status.`,
    ),
    rule(
      'Tentang sertifikat ini',
      'RFC 6960 §3.2 butir 1',
      'Pengenal sertifikat (sidik nama dan kunci penerbit, nomor seri) dihitung ulang dan cocok.',
    ),
    rule('Tanda tangan', 'RFC 6960 §3.2 butir 2', `${algorithmName(basic.algorithm.oid)}. ${signatureText(signer)}`),
    rule(
      'Wewenang responder',
      'RFC 6960 §4.2.2.2',
      held.byIssuer
        ? `Ditandatangani ${held.issuerName} sendiri.`
        : `Wakil yang diterbitkan langsung oleh ${held.issuerName}${delegate?.eku?.includes(OCSP_SIGNING) ? ' dengan tujuan id-kp-OCSPSigning' : ''}; rantai ke induk saja tidak cukup.`,
    ),
    ...(delegate
      ? [
          rule(
            'Pencabutan responder sendiri',
            'RFC 6960 §4.2.2.2.1',
            noCheck
              ? 'Memuat ocsp-nocheck: dipercaya selama berlaku.'
              : 'Tidak tercantum di CRL penerbit yang masih berlaku ketika jawaban diterima.',
            ['long_delegate'],
          ),
        ]
      : []),
    rule(
      'Waktu masuk akal',
      'RFC 6960 §3.2 butir 5–6',
      `Dibuat ${dateTime(basic.producedAt)}, diterima ${dateTime(held.acceptedAt)}. ${about?.nextUpdate ? `Berlaku sampai ${dateTime(about.nextUpdate)}.` : 'Tanpa nextUpdate: dipakai paling lama menurut pengaturan umur bukti.'}`,
    ),
    rule(
      'Nonce',
      'RFC 9654 §2.1',
      basic.nonce
        ? 'Ada, dan sama dengan yang dikirim bila ditanya langsung: bukan jawaban lama yang diputar ulang.'
        : 'Tidak ada; kesegaran dijaga dengan waktu.',
    ),
    rule(
      'Arti jawaban',
      'RFC 6960 §2.2',
      about?.status === 'good'
        ? '“good” berarti tidak dicabut; bukan bukti bahwa sertifikat pernah diterbitkan.'
        : about?.status === 'unknown'
          ? '“unknown” tidak berarti baik dan tidak berarti dicabut; CRL yang menentukan.'
          : 'Dicabut menurut penerbit.',
    ),
  ];
}
