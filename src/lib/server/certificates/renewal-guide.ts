// Who must do what so that a certificate is renewed in time, by its use (Pasal 9). Pure. The steps are those that BSrE and
// the offices publish; the portal's words are quoted as they stand there.
import { date, midSentence, number } from '#lib/format.ts';
import { uses } from '#lib/terms.ts';
import type { Use } from './facts.ts';

export type Guide = { who: string; steps: string[] };

const HOLDER = 'Pemilik, dibantu Verifikator';
const PORTAL =
  'Masuk ke portal BSrE, buka Sertifikat Saya lalu Daftar Sertifikat Elektronik, dan pilih perpanjangan mandiri sebelum masa berlakunya habis.';
const REISSUE =
  'Bila sudah habis, ajukan penerbitan baru lewat Verifikator: nama, surel dinas, KTP, dan surat rekomendasi (Pasal 8).';
const BRING = 'Unggah satu PDF yang ditandatangani dengan sertifikat baru, supaya Siaga mengenal penggantinya.';

const SERVER: Guide = {
  who: 'Pengelola sistem di Perangkat Daerah',
  steps: [
    'Buat kunci baru dan permintaan sertifikat (CSR) di server; kunci privat tidak pernah dikirim.',
    'Ajukan permintaan itu ke penerbit, lalu pasang sertifikat beserta perantaranya.',
    'Muat ulang layanan, lalu periksa dari luar bahwa sertifikat baru yang disajikan.',
    'Unggah berkas sertifikatnya (tanpa kunci privat) ke Siaga.',
  ],
};

const guides: Record<Use, Guide> = {
  signature: { who: HOLDER, steps: [PORTAL, REISSUE, BRING] },
  email: {
    who: HOLDER,
    steps: [PORTAL, 'Pasang sertifikat baru di aplikasi surel; simpan yang lama untuk membaca surel lama.', BRING],
  },
  document: {
    who: HOLDER,
    steps: [PORTAL, 'Simpan kunci lama untuk membuka dokumen yang sudah dienkripsi.', BRING],
  },
  tls_server: SERVER,
  tls_client: SERVER,
  other: {
    who: 'Verifikator bersama Perangkat Daerah pemegang segel',
    steps: ['Ajukan pembaruan kepada BSrE dengan surat permohonan pimpinan.', REISSUE, BRING],
  },
};

export const guideFor = (use: Use): Guide => guides[use];

/** Whoever owns it has no account here: an officer brings the new one. */
const SEND = 'Kirim satu PDF yang ditandatangani dengan sertifikat baru kepada petugas Perangkat Daerah Anda.';
const SEND_FILE = 'Kirim berkas sertifikatnya (tanpa kunci privat) kepada petugas Perangkat Daerah Anda.';

/** The steps as its owner is told them. @param ended the time in which the portal renews by itself is over */
export const ownerSteps = (use: Use, ended: boolean): string[] => [
  ...guides[use].steps.slice(0, -1).filter((step) => !(ended && step === PORTAL)),
  guides[use] === SERVER ? SEND_FILE : SEND,
];

/** Who is asked, and how, in one sentence: a server's certificate is never renewed in a portal (RFC 2986). */
const asks: Record<'portal' | 'server' | 'letter', { title: string; text: string }> = {
  portal: {
    title: 'Ajukan pembaruan ke BSrE',
    text: 'Pemilik memperbarui melalui portal BSrE, lalu berkas sertifikat barunya diimpor ke Siaga.',
  },
  server: {
    title: 'Ajukan sertifikat server yang baru ke penerbitnya',
    text: 'Pengelola sistem membuat kunci dan CSR baru di server, mengajukannya ke penerbit, memasang sertifikat yang terbit, lalu berkasnya diimpor ke Siaga.',
  },
  letter: {
    title: 'Ajukan pembaruan ke BSrE dengan surat pimpinan',
    text: 'Verifikator mengajukannya bersama Perangkat Daerah pemegangnya, lalu berkas sertifikat barunya diimpor ke Siaga.',
  },
};

export const renewalAsk = (use: Use): { title: string; text: string } =>
  asks[guides[use] === SERVER ? 'server' : use === 'other' ? 'letter' : 'portal'];

/** The text an agency's officer gets: which certificates, until when, and what to do. */
export function noticeText(
  agency: string,
  rows: readonly { name: string; use: Use; notAfter: number }[],
  now: number,
): string {
  const used = [...new Set(rows.map((row) => row.use))];
  const lines = rows.map(
    (row, i) =>
      `${number(i + 1)}. ${row.name} (${midSentence(uses[row.use])}), ${row.notAfter < now ? 'habis' : 'berlaku sampai'} ${date(row.notAfter)}`,
  );
  return [
    `Kepada petugas ${agency},`,
    '',
    `${number(rows.length)} sertifikat elektronik di bawah ini perlu diperbarui:`,
    ...lines,
    ...used.flatMap((use) => [
      '',
      `${uses[use]} (${guides[use].who}):`,
      ...guides[use].steps.map((step) => `- ${step}`),
    ]),
  ].join('\n');
}
