// Why an object was refused and changes nothing, in words for people and with the clause it rests on. Pure data.

export type Severity = 'info' | 'warning' | 'serious' | 'critical';
export type Explained = { clause: string; text: string; severity: Severity };

export const refusals = {
  // any object
  unreadable: {
    severity: 'warning',
    clause: 'RFC 5280 §5.1',
    text: 'Berkas bukan CRL atau jawaban OCSP yang utuh; strukturnya tidak dapat dibaca sampai akhir.',
  },
  web_page: {
    severity: 'warning',
    clause: 'RFC 5280 §5.1',
    text: 'Yang datang halaman web, bukan CRL atau jawaban OCSP. Biasanya dari proksi, filter, atau halaman masuk jaringan kantor; minta petugas jaringan mengecualikan alamat ini.',
  },
  issuer_unknown: {
    severity: 'warning',
    clause: 'RFC 5280 §6.3.3 f',
    text: 'Tidak ada penerbit yang dipercaya dengan nama dan kunci penanda tangan berkas ini.',
  },
  issuer_untrusted: {
    severity: 'warning',
    clause: 'RFC 5280 §6.3.3 f',
    text: 'Rantai penerbit berkas ini tidak sampai ke jangkar kepercayaan yang disetujui.',
  },
  bad_signature: {
    severity: 'serious',
    clause: 'RFC 5280 §6.3.3 g',
    text: 'Tanda tangan berkas tidak cocok dengan kunci penerbit; isinya tidak dipercaya.',
  },
  weak_algorithm: {
    severity: 'serious',
    clause: 'kebijakan algoritma',
    text: 'Berkas ditandatangani dengan algoritma yang tidak lagi diizinkan (mis. MD5 atau SHA-1).',
  },
  from_future: {
    severity: 'warning',
    clause: 'RFC 5280 §5.1.2.4',
    text: 'Waktu terbit berkas (thisUpdate) berada di masa depan. Periksa jam server.',
  },
  times_disordered: {
    severity: 'warning',
    clause: 'RFC 5280 §5.1.2.5',
    text: 'Waktu terbitan berikutnya (nextUpdate) tidak lebih akhir daripada waktu terbit.',
  },
  unknown_critical: {
    severity: 'serious',
    clause: 'RFC 5280 §5.2 dan §5.3',
    text: 'CRL memuat ekstensi kritis yang tidak dikenal; menurut standar tidak boleh dipakai menentukan status.',
  },
  number_lower: {
    severity: 'serious',
    clause: 'RFC 5280 §5.2.3',
    text: 'CRL ini lebih baru daripada yang dimiliki, tetapi nomornya lebih rendah; nomor CRL harus naik, jadi tidak dipakai sebelum diputuskan pada temuan “Nomor CRL janggal” (Sumber Pencabutan).',
  },
  older_than_known: {
    severity: 'info',
    clause: 'RFC 5280 §5.2.3',
    text: 'Berkas lebih lama daripada yang sudah dimiliki untuk penerbit dan cakupan yang sama; tidak dipakai.',
  },
  // CRL
  other_key: {
    severity: 'serious',
    clause: 'RFC 5280 §6.3.3 f',
    text: 'Yang disajikan CRL dari kunci lain yang bernama sama dengan penerbit: pencabutan di dalamnya dicatat, tetapi tidak menyatakan siapa pun baik dan tidak mengonfirmasi apa pun. Bila penerbit membenarkan kunci itu, administrator mencatatnya di Pengaturan › Kunci lain yang menandatangani CRL.',
  },
  namesake: {
    severity: 'serious',
    clause: 'RFC 5280 §6.3.3 f',
    text: 'Yang disajikan CRL dari CA lain yang hanya bernama sama dengan penerbit; CA di atas penerbit tidak menerbitkan kuncinya. Tidak ada status yang berubah karenanya.',
  },
  too_many_scopes: {
    severity: 'serious',
    clause: 'aturan Siaga: batas CRL satu penerbit',
    text: 'CRL bercakupan lain dari penerbit ini yang masih berjalan sudah 100 lebih banyak daripada alamat CRL di sertifikat yang dicatat di Siaga, atau semuanya bersama lebih dari 512 MB; cakupan baru tidak diterima. Sertifikat yang tercantum di dalamnya perlu dicek manual.',
  },
  algorithm_mismatch: {
    severity: 'serious',
    clause: 'RFC 5280 §5.1.1.2',
    text: 'Algoritma tanda tangan di dalam dan di luar CRL berbeda.',
  },
  no_crl_sign: {
    severity: 'serious',
    clause: 'RFC 5280 §6.3.3 f',
    text: 'Sertifikat penerbit tidak berwenang menandatangani CRL (keyUsage tanpa cRLSign).',
  },
  before_issuer: {
    severity: 'warning',
    clause: 'RFC 5280 §6.3.3 f',
    text: 'CRL bertanggal sebelum sertifikat penerbitnya mulai berlaku.',
  },
  scope_malformed: {
    severity: 'serious',
    clause: 'RFC 5280 §5.2.5',
    text: 'Cakupan CRL (issuingDistributionPoint) tidak dapat dibaca atau memuat pilihan yang saling meniadakan.',
  },
  attribute_only: {
    severity: 'info',
    clause: 'RFC 5280 §5.2.5',
    text: 'CRL hanya untuk sertifikat atribut; tidak berlaku bagi sertifikat kita.',
  },
  delta_alone: {
    severity: 'info',
    clause: 'RFC 5280 §5.2.4',
    text: 'Ini CRL delta; tanpa CRL lengkap dasarnya tidak dapat dipakai.',
  },
  delta_unfit: {
    severity: 'warning',
    clause: 'RFC 5280 §5.2.4',
    text: 'CRL delta tidak menyambung ke CRL lengkap yang dimiliki (nomor dasar, cakupan, atau kuncinya lain). Ambil CRL lengkap yang baru.',
  },
  issuer_in_direct: {
    severity: 'serious',
    clause: 'RFC 5280 §5.3.3',
    text: 'Entri menyebut penerbit lain, padahal CRL ini tidak dinyatakan tidak langsung (indirectCRL).',
  },
  scope_mismatch: { severity: 'info', clause: 'RFC 5280 §6.3.3 b', text: 'Cakupan CRL tidak meliputi sertifikat ini.' },
  // OCSP
  ocsp_malformed_request: {
    severity: 'warning',
    clause: 'RFC 6960 §2.3',
    text: 'Responder menjawab "malformedRequest" tanpa tanda tangan; status tidak berubah.',
  },
  ocsp_internal_error: {
    severity: 'warning',
    clause: 'RFC 6960 §2.3',
    text: 'Responder menjawab "internalError" tanpa tanda tangan; status tidak berubah.',
  },
  ocsp_try_later: {
    severity: 'warning',
    clause: 'RFC 6960 §2.3',
    text: 'Responder meminta mencoba lagi nanti (tryLater); status tidak berubah.',
  },
  ocsp_sig_required: {
    severity: 'warning',
    clause: 'RFC 6960 §2.3',
    text: 'Responder meminta permintaan yang ditandatangani (sigRequired); status tidak berubah.',
  },
  ocsp_unauthorized: {
    severity: 'warning',
    clause: 'RFC 5019 §2.2.3',
    text: 'Responder tidak punya jawaban untuk sertifikat ini (unauthorized); status tidak berubah.',
  },
  not_basic: {
    severity: 'warning',
    clause: 'RFC 6960 §4.2.1',
    text: 'Jawaban OCSP bukan jenis dasar (id-pkix-ocsp-basic).',
  },
  not_about_this: {
    severity: 'serious',
    clause: 'RFC 6960 §3.2 butir 1',
    text: 'Jawaban OCSP bukan tentang sertifikat yang ditanyakan atau yang tercatat di Siaga.',
  },
  responder_mismatch: {
    severity: 'serious',
    clause: 'RFC 6960 §3.2 butir 3',
    text: 'Tanda pengenal responder tidak cocok dengan penanda tangannya.',
  },
  responder_unauthorised: {
    severity: 'serious',
    clause: 'RFC 6960 §4.2.2.2',
    text: 'Penanda tangan jawaban bukan penerbit sertifikat dan tidak diberi wewenang langsung olehnya (id-kp-OCSPSigning).',
  },
  delegate_expired: {
    severity: 'serious',
    clause: 'RFC 6960 §4.2.2.2',
    text: 'Sertifikat responder tidak berlaku pada saat jawaban dibuat.',
  },
  delegate_unchecked: {
    severity: 'warning',
    clause: 'RFC 6960 §4.2.2.2.1',
    text: 'Status sertifikat responder sendiri tidak dapat dipastikan (tanpa ocsp-nocheck dan tanpa CRL).',
  },
  delegate_revoked: {
    severity: 'critical',
    clause: 'RFC 6960 §4.2.2.2.1',
    text: 'Sertifikat responder sudah dicabut.',
  },
  unknown_critical_ocsp: {
    severity: 'serious',
    clause: 'RFC 6960 §4.4, RFC 5280 §4.2',
    text: 'Jawaban OCSP memuat ekstensi kritis yang tidak dikenal; isinya tidak boleh dipakai. Tanyakan ke penerbit.',
  },
  before_certificate: {
    severity: 'warning',
    clause: 'aturan Siaga: jawaban OCSP',
    text: 'Jawaban OCSP dibuat sebelum sertifikat mulai berlaku; belum meliputinya. Periksa lagi nanti.',
  },
  after_expiry: {
    severity: 'info',
    clause: 'RFC 6960 §4.4.4',
    text: 'Sertifikat sudah kedaluwarsa; tanpa archiveCutoff jawaban "good" tidak membuktikan apa pun. Bukti dari masa berlakunya tetap dipakai.',
  },
  just_issued: {
    severity: 'info',
    clause: 'aturan Siaga: sertifikat baru terbit',
    text: 'Sertifikat baru saja terbit dan responder belum mengenalnya. Periksa lagi dalam setengah jam.',
  },
  expired: { severity: 'warning', clause: 'RFC 6960 §3.2 butir 5–6', text: 'Jawaban OCSP sudah lewat masa pakainya.' },
  produced_in_future: {
    severity: 'warning',
    clause: 'RFC 6960 §2.4',
    text: 'Jawaban OCSP dibuat (producedAt) di masa depan. Periksa jam server.',
  },
  produced_disordered: {
    severity: 'warning',
    clause: 'RFC 6960 §2.4',
    text: 'Waktu pembuatan jawaban OCSP tidak masuk akal terhadap isinya.',
  },
  nonce_mismatch: {
    severity: 'serious',
    clause: 'RFC 9654 §2.1',
    text: 'Nonce jawaban berbeda dari yang dikirim; mungkin jawaban lama yang diputar ulang.',
  },
  hash_mismatch: {
    severity: 'serious',
    clause: 'Common PKI certHash',
    text: 'Sidik sertifikat di dalam jawaban OCSP berbeda dari sertifikat kita.',
  },
} as const satisfies Record<string, Explained>;
export type RefusalCode = keyof typeof refusals;

/** Of refusals that lists and answers share: where the rule stands for answers. */
const OF_ANSWERS: Partial<Record<RefusalCode, string>> = {
  unreadable: 'RFC 6960 §4.2.1',
  web_page: 'RFC 6960 §4.2.1',
  issuer_unknown: 'RFC 6960 §4.2.2.2',
  issuer_untrusted: 'RFC 6960 §4.2.2.2',
  bad_signature: 'RFC 6960 §3.2',
  from_future: 'RFC 6960 §4.2.2.1',
  times_disordered: 'RFC 6960 §4.2.2.1',
  older_than_known: 'RFC 6960 §4.2.2.1',
};

const FORGOTTEN: Explained = { severity: 'warning', clause: '', text: 'Ditolak oleh aturan yang tidak dikenal lagi.' };

/** Why an object of this kind was refused. @param code as stored, perhaps by an earlier release */
export function refusalWords(kind: 'crl' | 'ocsp', code: string): Explained {
  if (!Object.hasOwn(refusals, code)) return FORGOTTEN;
  const known = code as RefusalCode;
  const clause = (kind === 'ocsp' && OF_ANSWERS[known]) || refusals[known].clause;
  return { ...refusals[known], clause };
}
