// What to do about a refused object, by the rule it failed. Pure data; the reasons themselves are refusals.ts.
import type { RefusalCode } from './refusals.ts';

const ASK_CA =
  'Beri tahu penerbit dengan SHA-256 dan waktu di halaman ini; berkasnya dapat diunduh bila masih disimpan.';
const FETCH_AGAIN = 'Ambil lagi berkasnya dari situs penerbit, lalu unggah ulang.';

const advice: Partial<Record<RefusalCode, string>> = {
  unreadable: `Pastikan yang diunggah CRL atau jawaban OCSP (DER atau PEM), bukan halaman web atau sertifikat. ${FETCH_AGAIN}`,
  web_page:
    'Buka alamatnya dari jaringan lain: bila di sana berkasnya benar, proksi atau filter di sini yang menyela; bila tidak, beri tahu penerbit.',
  issuer_unknown: 'Impor sertifikat penerbitnya dan putuskan kepercayaannya di Penerbit Tepercaya, lalu unggah lagi.',
  issuer_untrusted:
    'Administrator memutuskan kepercayaan induknya di Penerbit Tepercaya; sesudah itu berkas ini dapat diterima.',
  bad_signature: `Mungkin rusak di jalan, dipalsukan, atau ditandatangani kunci baru penerbit. ${FETCH_AGAIN} Bila tetap ditolak, beri tahu penerbit.`,
  other_key:
    'Tanyakan kepada penerbit apakah kunci ini memang menandatangani CRL untuk sertifikat kunci lama. Bila ya, administrator mencatatnya di Pengaturan › Kunci lain yang menandatangani CRL; bila tidak, alamatnya menyajikan CRL yang salah.',
  namesake:
    'Tanyakan kepada penerbit apakah kunci ini miliknya. Bila ya, administrator mencatatnya di Pengaturan › Kunci lain yang menandatangani CRL; bila tidak, alamatnya disusupi atau menyajikan CRL yang salah: beri tahu penerbit.',
  too_many_scopes:
    'Ini batas Siaga, bukan kesalahan penerbit: periksa sertifikatnya di portal penerbit, dan laporkan ke pengelola Siaga bila penerbit memang membagi CRL-nya sebanyak itu.',
  weak_algorithm:
    'Minta penerbit memakai algoritma yang masih diizinkan. Kebijakan algoritma diatur administrator di Pengaturan.',
  from_future: 'Samakan jam server dengan NTP; bila jam server benar, beri tahu penerbit.',
  times_disordered: ASK_CA,
  unknown_critical: `Status sertifikat tidak berubah karenanya. ${ASK_CA}`,
  number_lower:
    'Tanyakan ke penerbit apakah penomoran CRL-nya dimulai lagi. Bila ya, administrator atau pengawas menerimanya pada temuan “Nomor CRL janggal” (Sumber Pencabutan › Pertentangan dan Kejanggalan), lalu CRL ini diambil atau diunggah lagi.',
  older_than_known:
    'Tidak ada yang perlu dilakukan: Siaga sudah memiliki yang lebih baru. Bila sering terjadi, server penerbit menyajikan salinan lama.',
  algorithm_mismatch: ASK_CA,
  no_crl_sign: ASK_CA,
  before_issuer: ASK_CA,
  scope_malformed: ASK_CA,
  attribute_only: 'Tidak ada yang perlu dilakukan: CRL ini bukan untuk sertifikat elektronik.',
  delta_alone: 'Unggah CRL lengkap dasarnya lebih dulu, lalu delta ini.',
  issuer_in_direct: ASK_CA,
  scope_mismatch: 'Ambil CRL dari alamat yang disebut di dalam sertifikatnya.',
  ocsp_malformed_request: 'Siaga mencoba lagi sendiri. Bila menetap, beri tahu pengelola responder.',
  ocsp_internal_error: 'Siaga mencoba lagi sendiri. Bila menetap, beri tahu pengelola responder.',
  ocsp_try_later: 'Siaga mencoba lagi sendiri sesudah jeda yang diminta.',
  ocsp_sig_required: 'Minta penerbit membuka responder tanpa permintaan bertanda tangan, atau pakai CRL-nya.',
  ocsp_unauthorized:
    'Biasanya sertifikat baru terbit atau sudah lama habis. CRL penerbit tetap dipakai; tidak ada yang perlu dilakukan bila CRL ada.',
  not_basic: ASK_CA,
  not_about_this:
    'Pastikan jawaban ini tentang sertifikat yang dicatat di Siaga; bila dari responder sendiri, beri tahu penerbit.',
  responder_mismatch: ASK_CA,
  responder_unauthorised: `Jangan dipakai. ${ASK_CA}`,
  delegate_expired: ASK_CA,
  delegate_unchecked: 'Unggah atau tunggu CRL penerbit yang masih berlaku, lalu periksa lagi.',
  delegate_revoked: `Jangan percaya responder ini. ${ASK_CA}`,
  expired: 'Minta atau ambil jawaban yang baru; jawaban lama tidak membuktikan apa pun selain pencabutan.',
  produced_in_future: 'Samakan jam server dengan NTP; bila jam server benar, beri tahu penerbit.',
  produced_disordered: ASK_CA,
  unknown_critical_ocsp: `Status sertifikat tidak berubah karenanya. ${ASK_CA}`,
  before_certificate: 'Tidak ada yang perlu dilakukan: Siaga bertanya lagi sendiri setelah sertifikat berlaku.',
  after_expiry: 'Tidak ada yang perlu dilakukan: bukti dari masa berlakunya tetap dipakai.',
  just_issued: 'Tidak ada yang perlu dilakukan: tanyakan lagi dalam setengah jam.',
  nonce_mismatch: `Periksa apakah ada perantara (proxy) yang menyimpan jawaban. ${ASK_CA}`,
  hash_mismatch: `Mungkin ada dua sertifikat bernomor seri sama. Tahan pemakaiannya dan beri tahu penerbit.`,
};

/** A sentence that says what to do; a rule without words of its own asks the issuer. */
/** Where an address, not a person, brought it: nobody has anything to upload again. */
const adviceFetched: Partial<Record<RefusalCode, string>> = {
  unreadable:
    'Alamat ini menyajikan sesuatu yang lain, misalnya halaman masuk, halaman galat, atau jawaban proksi. Buka alamatnya dari komputer lain: bila di sana benar, minta petugas jaringan melewatkannya tanpa diubah; bila di sana juga salah, beri tahu penerbit.',
  issuer_unknown:
    'Impor sertifikat penerbitnya dan putuskan kepercayaannya di Penerbit Tepercaya; Siaga mengambil lagi sendiri.',
  bad_signature:
    'Mungkin rusak di jalan, dipalsukan, atau ditandatangani kunci baru penerbit. Siaga mengambil lagi sendiri; bila tetap ditolak, beri tahu penerbit dengan SHA-256 di halaman ini.',
  expired: 'Siaga bertanya lagi sendiri. Bila menetap, responder menyajikan jawaban lama: beri tahu penerbit.',
};

/** @param fetched from an address; otherwise a person carried it */
export const adviceFor = (code: string, fetched: boolean): string =>
  (fetched ? adviceFetched[code as RefusalCode] : undefined) ?? advice[code as RefusalCode] ?? ASK_CA;
