// What an accepted object that was carried by hand means and what follows, in words. Pure (certificate-status §2, §3).
import { remarks as texts, type RemarkCode } from './remarks.ts';

export type Accepted = {
  kind: 'crl' | 'ocsp';
  known: boolean;
  remarks: readonly RemarkCode[];
  /** Our clock is doubted: it changes no status yet (§8). */
  waiting: boolean;
  /** Whether the status of anybody of ours, certificate or CA, rests on it. */
  used: boolean;
};

/** Remarks after which something else happens than people would expect, or that they must act on. */
const consequences: Partial<Record<RemarkCode, string>> = {
  same_number:
    'Nomornya sama dengan CRL terdahulu padahal isinya berbeda. Pencabutan di dalamnya berlaku; pelepasan dari penangguhan ditahan sampai datang CRL bernomor lebih tinggi. Tanyakan ke penerbit mana yang sah (naskahnya ada di Pekerjaan).',
  renumbered:
    'Nomornya mulai lagi dari bawah, seperti yang sudah diputuskan. Pencabutan di dalamnya berlaku; pelepasan dari penangguhan menunggu CRL berikutnya.',
  shrunk:
    'CRL penerbit ini, bersama deltanya, memuat jauh lebih sedikit entri daripada sebelumnya, jadi dikarantina: pencabutan di dalamnya berlaku, tetapi yang tidak tercantum lagi tidak dilepas. Bandingkan dengan keterangan penerbit, lalu putuskan lewat Pekerjaan.',
  other_key:
    'Ditandatangani kunci lain yang bernama sama dengan penerbit, jadi hanya dapat mencabut. Bila penerbit membenarkan kunci itu, administrator mencatatnya di Pengaturan › Kunci lain yang menandatangani CRL.',
};

export function acceptedWords({ kind, known, remarks, waiting, used }: Accepted): string {
  const word = kind === 'crl' ? 'CRL' : 'Jawaban OCSP';
  const first = known
    ? `${word} ini sudah dimiliki; dicatat sebagai dikonfirmasi lagi oleh berkas yang dibawa ini, bukan oleh sumbernya.`
    : `${word} diterima sebagai bukti.`;
  const said = [...new Set(remarks)].flatMap((code) =>
    code in consequences ? consequences[code]! : texts[code].severity === 'info' ? [] : texts[code].text,
  );
  const next = waiting
    ? 'Jam server sedang diragukan: belum ada status yang berubah. Samakan dengan NTP; sesudah itu Siaga memakainya sendiri.'
    : !known && !used
      ? `Tidak ada status sertifikat kita yang bertumpu padanya: ${kind === 'crl' ? 'sertifikat kita di luar cakupannya, atau ' : ''}bukti yang lain lebih kuat. Lihat halaman buktinya.`
      : null;
  return [first, ...said, ...(next ? [next] : [])].join(' ');
}
