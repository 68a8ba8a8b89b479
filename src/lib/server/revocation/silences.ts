// Why a list or an answer says nothing about one certificate, in words for people and with its clause. Pure data.

export const silences = {
  unreadable_points: {
    text: 'Titik distribusi CRL di sertifikat ini rusak atau ganda, sehingga tidak diketahui CRL mana yang seharusnya berbicara tentangnya. Bahwa ia tidak tercantum tidak membuktikan apa pun; minta penerbit menerbitkan ulang.',
    clause: 'RFC 5280 §4.2.1.13, §6.3.3',
  },
  issued_after: {
    clause: 'RFC 5280 §5.1.2.4',
    text: 'Sertifikat terbit sesudah CRL ini; CRL berikutnya yang akan menjawab.',
  },
  expired_before: {
    clause: 'RFC 5280 §5',
    text: 'Sertifikat sudah kedaluwarsa sebelum CRL ini terbit; ketiadaannya di CRL tidak membuktikan apa pun.',
  },
  out_of_scope: { clause: 'RFC 5280 §6.3.3 b', text: 'Cakupan CRL tidak meliputi sertifikat ini.' },
  partial_reasons: {
    clause: 'RFC 5280 §6.3.3 d',
    text: 'CRL hanya memuat sebagian alasan pencabutan; alasan lain belum diketahui.',
  },
  other_key: {
    clause: 'RFC 5280 §6.3.3 f',
    text: 'CRL ini dari kunci lain yang bernama sama; ketiadaan di dalamnya tidak membuktikan apa pun. Ambil CRL dari kunci penerbitnya sendiri; bila penerbit membenarkan kunci lain itu, administrator mencatatnya di Pengaturan › Kunci lain yang menandatangani CRL.',
  },
  removal_unproven: {
    clause: 'RFC 5280 §5.3.1',
    text: 'Entri removeFromCRL di CRL lengkap tidak membuktikan pelepasan.',
  },
} as const;
export type SilenceCode = keyof typeof silences;
