// Structure (RFC 5280 §4.1, §4.2): version, serial, algorithms, extensions, validity against the issuer's.
import { DAY } from '../../calendar.ts';
import { RECOGNISED_EXTENSIONS } from '../../x509/index.ts';
import type { CertificateView } from '../../x509/types.ts';
import { when, type Rule } from './rule.ts';

/** SHA-1 under RSA, ECDSA and DSA. */
const SHA1 = ['1.2.840.113549.1.1.5', '1.3.14.3.2.29', '1.2.840.10045.4.1', '1.2.840.10040.4.3'];
/** MD2, MD5. */
const BROKEN = ['1.2.840.113549.1.1.2', '1.2.840.113549.1.1.4'];
const AKI = '2.5.29.35';

const selfIssued = (view: CertificateView) => view.subject.der.equals(view.issuer.der);
const has = (view: CertificateView, oid: string) => view.extensions.some((extension) => extension.oid === oid);
const bitLength = (hex: string) => (hex.length - 1) * 4 + (32 - Math.clz32(parseInt(hex[0] ?? '0', 16)));

export const structureRules: readonly Rule[] = [
  {
    id: 'not_v3',
    severity: 'warning',
    clause: 'RFC 5280 §4.1.2.1',
    title: 'Bukan sertifikat versi 3',
    sentence: 'Sertifikat lama tanpa ekstensi tidak dapat mengatakan untuk apa kuncinya. Minta penerbit menggantinya.',
    fixer: 'ca',
    test: (view) => when(view.version !== 3, `Versi ${view.version}.`),
  },
  {
    id: 'serial',
    severity: 'warning',
    clause: 'RFC 5280 §4.1.2.2',
    title: 'Nomor seri tidak sesuai aturan',
    sentence: 'Nomor seri harus bilangan positif, paling panjang 20 oktet; aplikasi lain dapat menolaknya.',
    fixer: 'ca',
    test: ({ serial, oddities }) =>
      when(
        serial.startsWith('-') || serial === '0' || oddities.some(({ rule }) => rule === 'long_serial'),
        'Nomor seri negatif, nol, atau lebih dari 20 oktet.',
      ),
  },
  {
    id: 'short_serial',
    severity: 'warning',
    clause: 'CA/Browser BR §7.1 (paling sedikit 64 bit acak)',
    effective: '2016-09-30',
    title: 'Nomor seri terlalu pendek untuk acak',
    sentence:
      'Nomor seri yang dapat ditebak memudahkan pemalsuan. Penerbit harus memakai paling sedikit 64 bit acak; 8 bit di bawahnya masih dimaklumi sebagai nol di depan.',
    fixer: 'ca',
    test: ({ serial }) => when(/^[1-9a-f]/.test(serial) && bitLength(serial) < 56, `Hanya ${bitLength(serial)} bit.`),
  },
  {
    id: 'algorithm_mismatch',
    severity: 'critical',
    clause: 'RFC 5280 §4.1.1.2',
    title: 'Algoritma di dalam dan di luar berbeda',
    sentence: 'Algoritma tanda tangan ditulis dua kali dan harus sama. Jangan dipakai; minta penerbit menjelaskan.',
    fixer: 'ca',
    test: (view) =>
      when(
        view.signatureAlgorithmOid !== view.innerAlgorithmOid,
        `${view.innerAlgorithmOid} di dalam, ${view.signatureAlgorithmOid} di luar.`,
      ),
  },
  {
    id: 'broken_signature',
    severity: 'critical',
    clause: 'RFC 6151',
    title: 'Ditandatangani dengan MD5 atau MD2',
    sentence: 'Tanda tangan seperti ini dapat dipalsukan siapa pun. Ganti sertifikatnya.',
    fixer: 'ca',
    test: (view) => when(BROKEN.includes(view.signatureAlgorithmOid), `Algoritma ${view.signatureAlgorithmOid}.`),
  },
  {
    id: 'weak_signature',
    severity: 'serious',
    clause: 'RFC 6194; NIST SP 800-131A',
    effective: '2014-01-01',
    title: 'Algoritma tanda tangan sudah lemah',
    sentence: 'SHA-1 tidak lagi aman untuk tanda tangan. Minta penerbit menggantinya dengan SHA-256 atau lebih.',
    fixer: 'ca',
    test: (view) => when(SHA1.includes(view.signatureAlgorithmOid), `Algoritma ${view.signatureAlgorithmOid} (SHA-1).`),
  },
  {
    id: 'duplicate_extension',
    severity: 'serious',
    clause: 'RFC 5280 §4.2',
    title: 'Ekstensi muncul dua kali',
    sentence: 'Aplikasi dapat membaca salah satu saja, sehingga artinya tidak pasti.',
    fixer: 'ca',
    test: (view) => {
      const oids = view.extensions.map((extension) => extension.oid);
      const doubled = oids.find((oid, i) => oids.indexOf(oid) !== i);
      return doubled ? `Ekstensi ${doubled}.` : null;
    },
  },
  {
    id: 'unknown_critical_extension',
    severity: 'serious',
    clause: 'RFC 5280 §4.2',
    title: 'Ekstensi kritis yang tidak dikenal',
    sentence: 'Aplikasi yang tidak mengenalnya wajib menolak sertifikat ini.',
    fixer: 'ca',
    test: (view) => {
      const unknown = view.extensions.filter(({ critical, oid }) => critical && !RECOGNISED_EXTENSIONS.has(oid));
      return unknown.length ? `Ekstensi ${unknown.map(({ oid }) => oid).join(', ')}.` : null;
    },
  },
  {
    id: 'no_aki',
    severity: 'info',
    clause: 'RFC 5280 §4.2.1.1',
    title: 'Pengenal kunci penerbit tidak ada',
    sentence: 'Tanpa authorityKeyIdentifier, penerbit yang punya beberapa kunci sulit ditemukan.',
    fixer: 'ca',
    test: (view) => when(!selfIssued(view) && !has(view, AKI), 'Ekstensi authorityKeyIdentifier tidak ada.'),
  },
  {
    id: 'aki_mismatch',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.1',
    title: 'Pengenal kunci menunjuk kunci lain',
    sentence: 'Tanda tangannya benar, tetapi pengenal kuncinya bukan milik penerbit itu; aplikasi lain dapat gagal.',
    fixer: 'ca',
    test: (view, { issuer }) =>
      when(!!issuer?.ski && view.aki !== null && view.aki !== issuer.ski, 'AKI berbeda dengan SKI penerbitnya.'),
  },
  {
    id: 'validity_order',
    severity: 'serious',
    clause: 'RFC 5280 §4.1.2.5',
    title: 'Masa berlaku terbalik',
    sentence: 'Akhir masa berlaku sebelum awalnya; sertifikat ini tidak pernah berlaku.',
    fixer: 'ca',
    test: (view) => when(view.notBefore.ms > view.notAfter.ms, 'Awal masa berlaku sesudah akhirnya.'),
  },
  {
    id: 'validity_too_long',
    severity: 'warning',
    clause: 'Kebijakan Dinas (CPS BSrE: 730 hari)',
    title: 'Masa berlaku lebih panjang dari kebijakan',
    sentence: 'Kunci yang dipakai terlalu lama makin besar risikonya. Batasnya diatur di Sistem › Pengaturan.',
    fixer: 'ca',
    test: (view, { office }) => {
      // Both ends count (§4.1.2.5), so a lifetime of n days ends one second before.
      const days = Math.ceil((view.notAfter.ms - view.notBefore.ms) / DAY);
      return when(days > office.maxDays, `${days} hari; paling lama ${office.maxDays} hari.`);
    },
  },
  {
    id: 'beyond_ca',
    severity: 'warning',
    clause: 'RFC 5280 §6.1.3 (a)(2)',
    title: 'Berlaku lebih lama daripada penerbitnya',
    sentence: 'Setelah sertifikat penerbit habis, sertifikat ini tidak terbukti lagi walau belum habis sendiri.',
    fixer: 'ca',
    test: (view, { issuer }) =>
      when(!!issuer && view.notAfter.ms > issuer.notAfter.ms, 'Sertifikat penerbit habis lebih dahulu.'),
  },
  {
    id: 'issued_under_expired_ca',
    severity: 'serious',
    clause: 'RFC 5280 §6.1.3 (a)(2)',
    title: 'Diterbitkan di bawah CA yang sudah kedaluwarsa',
    sentence: 'Penerbit tidak boleh menerbitkan setelah sertifikatnya sendiri habis. Minta sertifikat baru.',
    fixer: 'ca',
    test: (view, { issuer }) =>
      when(!!issuer && view.notBefore.ms > issuer.notAfter.ms, 'Mulai berlaku sesudah sertifikat penerbit habis.'),
  },
  {
    id: 'issued_before_ca',
    severity: 'warning',
    clause: 'RFC 5280 §6.1.3 (a)(2)',
    title: 'Mulai berlaku sebelum penerbitnya',
    sentence: 'Sampai sertifikat penerbit mulai berlaku, sertifikat ini belum terbukti.',
    fixer: 'ca',
    test: (view, { issuer }) =>
      when(!!issuer && view.notBefore.ms < issuer.notBefore.ms, 'Sertifikat penerbit mulai berlaku kemudian.'),
  },
];
