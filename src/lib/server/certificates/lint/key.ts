// Keys: size by date, exponent, known weaknesses, curves. Not here: Debian's weak keys of 2008, whose list (hundreds of
// thousands of keys) is not small enough to ship; keys so old are below the size of `weak_key` or long expired.
import { hasClosePrimes, isRoca, rsaNumbers } from './weak-keys.ts';
import { when, type Rule } from './rule.ts';

const CURVES = ['secp256r1', 'secp384r1', 'secp521r1'];
const isRsa = (algorithm: string) => algorithm.startsWith('RSA');
/** NIST SP 800-57 Part 1 Rev. 5, Table 4: 112 bits of security (RSA-2048) are acceptable through 2030. */
const HORIZON = Date.UTC(2031, 0, 1);

export const keyRules: readonly Rule[] = [
  {
    id: 'tiny_key',
    severity: 'critical',
    clause: 'NIST SP 800-131A',
    title: 'Kunci dapat dipecahkan',
    sentence: 'Kunci sependek ini dapat dihitung dari sertifikatnya. Anggap kuncinya bocor: ajukan pencabutan.',
    fixer: 'owner',
    test: ({ publicKey: key }) =>
      isRsa(key.algorithm) || key.algorithm === 'DSA'
        ? when((key.bits ?? 1024) < 1024, `${key.algorithm} ${key.bits} bit.`)
        : when(key.algorithm === 'EC' && (key.bits ?? 256) < 224, `Kurva ${key.curve}.`),
  },
  {
    id: 'weak_key',
    severity: 'serious',
    clause: 'NIST SP 800-131A; EN 319 312',
    effective: '2014-01-01',
    title: 'Kunci terlalu pendek',
    sentence:
      'Sejak 2014 kunci RSA paling sedikit 2048 bit dan kurva paling sedikit 256 bit. Perbarui dengan kunci baru.',
    fixer: 'owner',
    test: ({ publicKey: key }) =>
      isRsa(key.algorithm) || key.algorithm === 'DSA'
        ? when((key.bits ?? 2048) < 2048, `${key.algorithm} ${key.bits} bit; paling sedikit 2048 bit.`)
        : when(key.algorithm === 'EC' && (key.bits ?? 256) < 256, `Kurva ${key.curve} terlalu kecil.`),
  },
  {
    id: 'rsa_horizon',
    severity: 'info',
    clause: 'NIST SP 800-57 Bagian 1, Tabel 4',
    title: 'RSA di bawah 3072 bit dipakai melewati 2030',
    sentence: 'Untuk masa sesudah 2030 dianjurkan paling sedikit 3072 bit. Perhatikan saat pembaruan.',
    fixer: 'ca',
    test: ({ publicKey: key, notAfter }) =>
      when(isRsa(key.algorithm) && (key.bits ?? 3072) < 3072 && notAfter.ms >= HORIZON, `RSA ${key.bits} bit.`),
  },
  {
    id: 'rsa_exponent',
    severity: 'serious',
    clause: 'CA/Browser BR §6.1.6; NIST SP 800-89',
    title: 'Eksponen RSA tidak aman',
    sentence: 'Eksponen harus ganjil dan paling sedikit 65537. Buat kunci baru.',
    fixer: 'owner',
    test: ({ publicKey }) => {
      const rsa = rsaNumbers(publicKey);
      if (!rsa) return null;
      const { exponent } = rsa;
      return when(exponent < 65537n || exponent % 2n === 0n, `Eksponen ${exponent < 2n ** 64n ? exponent : 'genap'}.`);
    },
  },
  {
    id: 'rsa_modulus',
    severity: 'critical',
    clause: 'NIST SP 800-89 §5.3.3',
    title: 'Modulus RSA genap',
    sentence: 'Kunci ini rusak dan tidak melindungi apa pun. Ajukan pencabutan dan buat kunci baru.',
    fixer: 'owner',
    test: ({ publicKey }) => {
      const rsa = rsaNumbers(publicKey);
      return when(!!rsa && !rsa.odd, 'Modulus dapat dibagi dua.');
    },
  },
  {
    id: 'rsa_roca',
    severity: 'critical',
    clause: 'CVE-2017-15361 (ROCA)',
    title: 'Kunci dari pembuat yang cacat (ROCA)',
    sentence:
      'Kunci privatnya dapat dihitung dari sertifikat. Anggap bocor: ajukan pencabutan, ganti kartu atau tokennya.',
    fixer: 'owner',
    test: ({ publicKey }) => {
      const rsa = rsaNumbers(publicKey);
      return when(!!rsa && rsa.modulus > 0n && isRoca(rsa.modulus), 'Modulus berpola ROCA.');
    },
  },
  {
    id: 'rsa_close_primes',
    severity: 'critical',
    clause: 'CVE-2022-26320; CA/Browser BR §6.1.1.3',
    title: 'Bilangan prima kunci terlalu berdekatan',
    sentence: 'Kunci privatnya dapat dihitung dalam sekejap. Anggap bocor: ajukan pencabutan dan buat kunci baru.',
    fixer: 'owner',
    test: ({ publicKey }) => {
      const rsa = rsaNumbers(publicKey);
      return when(!!rsa?.odd && hasClosePrimes(rsa.modulus), 'Terurai dengan cara Fermat.');
    },
  },
  {
    id: 'ec_curve',
    severity: 'warning',
    clause: 'RFC 5480 §2.1.1.1; CA/Browser BR §6.1.5',
    title: 'Kurva tidak umum',
    sentence: 'Hanya P-256, P-384, dan P-521 yang dikenal luas; aplikasi lain dapat menolaknya.',
    fixer: 'ca',
    test: ({ publicKey: key }) =>
      when(key.algorithm === 'EC' && !CURVES.includes(key.curve ?? ''), `Kurva ${key.curve ?? 'tidak disebut'}.`),
  },
  {
    id: 'dsa_key',
    severity: 'warning',
    clause: 'FIPS 186-5 §1',
    effective: '2023-02-03',
    title: 'Kunci DSA',
    sentence: 'DSA tidak disetujui lagi untuk membuat tanda tangan baru. Perbarui dengan RSA atau ECDSA.',
    fixer: 'ca',
    test: ({ publicKey: key }) => when(key.algorithm === 'DSA', 'Algoritma DSA.'),
  },
];
