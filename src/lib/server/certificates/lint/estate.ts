// Rules over several certificates or other facts; their tests are queries in `../estate.ts`.
import type { RuleFacts } from './rule.ts';

export const estateRules = {
  leaver_usable: {
    severity: 'critical',
    title: 'Pemilik sudah tidak bertugas, sertifikat masih dapat dipakai',
    sentence: 'Pemilik yang pensiun, pindah, atau meninggal tidak boleh lagi menandatangani. Ajukan pencabutan.',
    clause: 'Pasal 12 huruf d; Pasal 6 huruf c',
    fixer: 'office',
  },
  several_current: {
    severity: 'warning',
    title: 'Lebih dari satu sertifikat berlaku untuk kegunaan yang sama',
    sentence:
      'Satu orang cukup satu sertifikat tanda tangan. Pastikan yang lama tidak dipakai lagi, atau ajukan pencabutan.',
    clause: 'Kebijakan Dinas',
    fixer: 'agency',
  },
  same_key_two_holders: {
    severity: 'critical',
    title: 'Kunci yang sama dipakai dua pemilik',
    sentence: 'Salah satu dapat menandatangani atas nama yang lain. Laporkan sebagai insiden.',
    clause: 'Kebijakan Dinas',
    fixer: 'office',
  },
  same_key_renewed: {
    severity: 'warning',
    title: 'Kunci tidak diganti saat pembaruan',
    sentence: 'Bila kunci lama bocor, sertifikat baru ikut bocor. Buat kunci baru pada pembaruan berikutnya.',
    clause: 'Kebijakan Dinas',
    fixer: 'owner',
  },
  serial_clash: {
    severity: 'critical',
    title: 'Penerbit dan nomor seri sama dengan sertifikat lain',
    sentence:
      'Pencabutan menyebut nomor seri, sehingga salah satunya ikut atau luput dicabut. Minta penerbit menjelaskan.',
    clause: 'RFC 5280 §4.1.2.2',
    fixer: 'ca',
  },
  service_on_person: {
    severity: 'warning',
    title: 'Sertifikat sistem tercatat pada orang',
    sentence:
      'Nama atau kegunaannya menunjuk server atau aplikasi, tetapi pemiliknya orang. Pindahkan ke pemilik sistem.',
    clause: 'Pasal 1 angka 13',
    fixer: 'office',
  },
  name_differs: {
    severity: 'warning',
    title: 'Nama pada sertifikat berbeda dengan pemiliknya',
    sentence: 'Mungkin pemiliknya keliru dicocokkan, atau namanya sudah berubah. Periksa kecocokannya.',
    clause: 'Kebijakan Dinas',
    fixer: 'office',
  },
  tls_on_hold: {
    severity: 'serious',
    title: 'Sertifikat server ditangguhkan, padahal TLS tidak mengenal penangguhan',
    sentence:
      'Untuk sertifikat TLS publik penerbit hanya boleh mencabut, tidak menangguhkan. Minta penerbit mencabutnya atau menjelaskan, dan ganti sertifikat servernya.',
    clause: 'CA/Browser BR §4.9.13',
    fixer: 'ca',
  },
  sheet_contradiction: {
    severity: 'warning',
    title: 'Berkas berbeda dengan daftar',
    sentence: 'Tanggal pada berkas sertifikat tidak sama dengan daftar yang diimpor. Perbaiki daftarnya.',
    clause: 'Pasal 18 huruf a',
    fixer: 'office',
  },
} as const satisfies Record<string, RuleFacts>;
export type EstateRule = keyof typeof estateRules;

/** Rules over an agency as a whole. */
export const agencyRules = {
  expiry_cliff: {
    severity: 'warning',
    title: 'Banyak sertifikat habis dalam satu minggu',
    sentence: 'Pembaruan akan menumpuk di penerbit dan pada verifikator. Mulai lebih awal dan bertahap.',
    clause: 'Kebijakan Dinas: lebih dari 15 % satu Perangkat Daerah',
    fixer: 'agency',
  },
} as const satisfies Record<string, RuleFacts>;

/** Rules over an issuer as a whole; they stand with its traits. */
export const issuerRules = {
  sequential_serials: {
    severity: 'warning',
    title: 'Nomor seri berurutan',
    sentence: 'Nomor seri berikutnya dapat ditebak; penerbit seharusnya memakai bilangan acak.',
    clause: 'CA/Browser BR §7.1',
    fixer: 'ca',
  },
} as const satisfies Record<string, RuleFacts>;
