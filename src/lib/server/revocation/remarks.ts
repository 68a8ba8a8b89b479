// What is remarked on an accepted object, in words for people and with the clause it rests on. Pure data.
import type { Explained } from './refusals.ts';

export const remarks = {
  no_next_update: {
    severity: 'warning',
    clause: 'RFC 5280 §5.1.2.5',
    text: 'CRL tanpa nextUpdate: isinya dipakai, tetapi langsung dianggap basi.',
  },
  no_number: {
    severity: 'warning',
    clause: 'RFC 5280 §5.2.3',
    text: 'CRL tanpa nomor urut; urutan dijaga dengan waktu terbit.',
  },
  empty_entries: {
    severity: 'info',
    clause: 'RFC 5280 §5.1.2.6',
    text: 'CRL tanpa entri seharusnya tidak memuat revokedCertificates sama sekali; daftar kosongnya tetap dibaca sebagai kosong.',
  },
  same_number: {
    severity: 'critical',
    clause: 'RFC 5280 §5.2.3',
    text: 'Nomor CRL sama dengan yang terdahulu, tetapi isinya berbeda: dapat mencabut, tetapi tidak melepas siapa pun sampai datang CRL bernomor lebih tinggi.',
  },
  renumbered: {
    severity: 'serious',
    clause: 'RFC 5280 §5.2.3',
    text: 'Nomor CRL mulai lagi dari bawah dan diterima dengan keputusan orang: dapat mencabut, tetapi tidak melepas siapa pun sampai datang CRL berikutnya.',
  },
  shrunk: {
    severity: 'critical',
    clause: 'aturan Siaga: CRL yang menyusut',
    text: 'Jumlah entri CRL, bersama deltanya, menyusut jauh dibandingkan sebelumnya.',
  },
  other_key: {
    severity: 'serious',
    clause: 'RFC 5280 §6.3.3 f',
    text: 'Ditandatangani kunci lain yang bernama sama dengan penerbit: hanya dapat mencabut, tidak menyatakan baik atau melepas.',
  },
  past_next_update: {
    severity: 'warning',
    clause: 'RFC 5280 §5.1.2.5',
    text: 'CRL sudah lewat nextUpdate saat diterima; pencabutan di dalamnya berlaku, ketiadaan tidak membuktikan.',
  },
  remove_in_complete: {
    severity: 'serious',
    clause: 'RFC 5280 §5.3.1',
    text: 'removeFromCRL hanya sah di CRL delta; tidak dianggap pelepasan.',
  },
  duplicate_entry: {
    severity: 'warning',
    clause: 'RFC 5280 §5.1.2.6',
    text: 'Satu nomor seri tercantum lebih dari sekali; tanggal paling awal dipakai.',
  },
  revoked_in_future: {
    severity: 'warning',
    clause: 'RFC 5280 §5.1.2.6',
    text: 'Tanggal pencabutan lebih akhir daripada waktu terbit CRL; tetap dianggap dicabut.',
  },
  indirect_tls: {
    severity: 'serious',
    clause: 'CA/B BR §7.2.2',
    text: 'CRL tidak langsung, padahal berbicara juga tentang sertifikat TLS: untuk TLS publik itu pelanggaran; isinya tetap dipakai.',
  },
  bad_reason: { severity: 'info', clause: 'RFC 5280 §5.3.1', text: 'Kode alasan pencabutan tidak dikenal.' },
  long_delegate: {
    severity: 'info',
    clause: 'RFC 6960 §4.2.2.2.1',
    text: 'Sertifikat responder dengan ocsp-nocheck berlaku lebih dari 90 hari.',
  },
  configured_responder: {
    severity: 'info',
    clause: 'RFC 6960 §4.2.2.2 butir 1',
    text: 'Ditandatangani responder yang ditetapkan sendiri oleh kantor ini untuk penerbit tersebut.',
  },
  live_answer: {
    severity: 'info',
    clause: 'RFC 9654 §2.1',
    text: 'Nonce kembali sama: jawaban dibuat untuk pertanyaan kita, bukan rekaman.',
  },
  issued_proven: {
    severity: 'info',
    clause: 'RFC 6960 §2.2',
    text: 'Responder juga menyatakan bahwa sertifikat ini memang diterbitkan, bukan hanya tidak dicabut.',
  },
  non_issued_unmarked: {
    severity: 'warning',
    clause: 'RFC 6960 §4.4.8',
    text: 'Responder menyatakan "tidak pernah diterbitkan" tanpa ekstensi extended-revoke yang diwajibkan.',
  },
  archived: {
    severity: 'info',
    clause: 'RFC 6960 §4.4.4',
    text: 'Sertifikat sudah kedaluwarsa; responder masih menyimpan statusnya (archiveCutoff).',
  },
  reason_in_single: {
    severity: 'info',
    clause: 'CA/B BR §7.3.2',
    text: 'Alasan pencabutan ditulis di singleExtensions, tempat yang tidak semestinya.',
  },
  past_answer: {
    severity: 'warning',
    clause: 'RFC 6960 §4.2.2.1',
    text: 'Jawaban sudah lewat masa pakainya saat diterima; pencabutan di dalamnya tetap berlaku.',
  },
  odd_interval: {
    severity: 'info',
    clause: 'CA/B BR §4.9.10',
    text: 'Masa pakai jawaban OCSP untuk sertifikat TLS di luar 8 jam sampai 10 hari.',
  },
} as const satisfies Record<string, Explained>;
export type RemarkCode = keyof typeof remarks;
