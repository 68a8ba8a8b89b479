// What Siaga notices about one certificate's own content (Catatan teknis). Each rule is data: id, severity, clause, what
// it says in Indonesian, who must fix it, and a pure test. BSrE's own profile (no SAN, no e-mail, Adobe's EKU, https
// pointers, O = the whole city) is no fault and has no rule (certificate-status §9).
import { DAY } from '../calendar.ts';
import type { severities } from '#lib/terms.ts';
import { ODDITIES } from '../x509/index.ts';
import type { CertificateView, OddityRule } from '../x509/types.ts';
import { attribute, useOf } from './facts.ts';

export type Severity = keyof typeof severities;
export type Fixer = 'owner' | 'agency' | 'ca' | 'office';
export type Noticed = { rule: string; severity: Severity; detail: string };

type Rule = {
  id: string;
  severity: Severity;
  clause: string;
  /** Short title people read. */
  title: string;
  fixer: Fixer;
  /** A detail (no personal data) when the rule fires, else null. */
  test: (view: CertificateView, issuer: CertificateView | null) => string | null;
};

const when = (condition: boolean, detail: string): string | null => (condition ? detail : null);
const isSigner = (view: CertificateView) => useOf(view) === 'signature';

const SHA1_OR_MD5 = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10045.4.1',
  '1.2.840.10040.4.3',
]);

/** NIK: 16 digits; 7–8 day of birth (+40 for women), 9–10 month. A NIP has 18 and does not match. */
const NIK = /(?<!\d)\d{6}(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d{6}(?!\d)/;

export const rules: readonly Rule[] = [
  {
    id: 'weak_key',
    severity: 'serious',
    clause: 'NIST SP 800-131A; certificate-status §9 Key',
    title: 'Kunci terlalu pendek',
    fixer: 'owner',
    test: ({ publicKey: key }) =>
      key.algorithm.startsWith('RSA')
        ? when((key.bits ?? 0) < 2048, `${key.algorithm} ${key.bits} bit; paling sedikit 2048 bit.`)
        : when(key.algorithm === 'EC' && (key.bits ?? 256) < 256, `Kurva ${key.curve} terlalu kecil.`),
  },
  {
    id: 'weak_signature',
    severity: 'serious',
    clause: 'RFC 6194, RFC 6151',
    title: 'Algoritma tanda tangan sudah lemah',
    fixer: 'ca',
    test: (view) =>
      when(SHA1_OR_MD5.has(view.signatureAlgorithmOid), `Algoritma ${view.signatureAlgorithmOid} (SHA-1 atau MD5).`),
  },
  {
    id: 'algorithm_mismatch',
    severity: 'critical',
    clause: 'RFC 5280 §4.1.1.2',
    title: 'Algoritma di dalam dan di luar berbeda',
    fixer: 'ca',
    test: (view) =>
      when(
        view.signatureAlgorithmOid !== view.innerAlgorithmOid,
        `${view.innerAlgorithmOid} di dalam, ${view.signatureAlgorithmOid} di luar.`,
      ),
  },
  {
    id: 'not_v3',
    severity: 'warning',
    clause: 'RFC 5280 §4.1.2.1',
    title: 'Bukan sertifikat versi 3',
    fixer: 'ca',
    test: (view) => when(view.version !== 3, `Versi ${view.version}.`),
  },
  {
    id: 'serial',
    severity: 'warning',
    clause: 'RFC 5280 §4.1.2.2',
    title: 'Nomor seri tidak sesuai aturan',
    fixer: 'ca',
    test: ({ serial }) =>
      when(
        serial.startsWith('-') || serial === '0' || serial.length > 40,
        'Nomor seri harus bilangan positif, paling panjang 20 oktet.',
      ),
  },
  {
    id: 'validity_order',
    severity: 'serious',
    clause: 'RFC 5280 §4.1.2.5',
    title: 'Masa berlaku terbalik',
    fixer: 'ca',
    test: (view) => when(view.notBefore.ms > view.notAfter.ms, 'Awal masa berlaku sesudah akhirnya.'),
  },
  {
    id: 'validity_too_long',
    severity: 'warning',
    clause: 'CPS BSrE: 730 hari; kebijakan Dinas untuk yang lain',
    title: 'Masa berlaku lebih panjang dari tiga tahun',
    fixer: 'ca',
    test: (view) => {
      const days = Math.round((view.notAfter.ms - view.notBefore.ms) / DAY);
      return when(days > 1096, `${days} hari.`);
    },
  },
  {
    id: 'beyond_ca',
    severity: 'warning',
    clause: 'certificate-status §9; effective end = min(leaf, issuer)',
    title: 'Berlaku lebih lama daripada penerbitnya',
    fixer: 'ca',
    test: (view, issuer) =>
      when(!!issuer && view.notAfter.ms > issuer.notAfter.ms, 'Sertifikat penerbit habis lebih dahulu.'),
  },
  {
    id: 'no_key_usage',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.3; EN 319 412-2 §4.3.2',
    title: 'Kegunaan kunci tidak disebut',
    fixer: 'ca',
    test: (view) => when(view.keyUsage === null, 'Ekstensi keyUsage tidak ada.'),
  },
  {
    id: 'signer_without_non_repudiation',
    severity: 'serious',
    clause: 'EN 319 412-2 §4.3.2 (tipe A, B, F)',
    title: 'Sertifikat tanda tangan tanpa nirsangkal',
    fixer: 'ca',
    test: (view) =>
      when(
        isSigner(view) && !!view.keyUsage && !view.keyUsage.includes('nonRepudiation'),
        'keyUsage tidak memuat nonRepudiation.',
      ),
  },
  {
    id: 'ca_key_usage_on_leaf',
    severity: 'critical',
    clause: 'RFC 5280 §4.2.1.3, §4.2.1.9',
    title: 'Hak penerbit pada sertifikat pengguna',
    fixer: 'ca',
    test: (view) =>
      when(
        view.ca || !!view.keyUsage?.some((usage) => usage === 'keyCertSign' || usage === 'cRLSign'),
        'Sertifikat pengguna tidak boleh menandatangani sertifikat atau CRL.',
      ),
  },
  {
    id: 'server_auth_on_person',
    severity: 'warning',
    clause: 'certificate-status §9 Use',
    title: 'Satu sertifikat untuk menandatangani dan server',
    fixer: 'ca',
    test: (view) =>
      when(
        !!view.keyUsage?.includes('nonRepudiation') && !!view.eku?.includes('1.3.6.1.5.5.7.3.1'),
        'nonRepudiation bersama serverAuth.',
      ),
  },
  {
    id: 'no_revocation_pointer',
    severity: 'serious',
    clause: 'RFC 5280 §4.2.1.13; certificate-status §9',
    title: 'Tidak menyebut tempat memeriksa pencabutan',
    fixer: 'ca',
    test: (view) =>
      when(
        view.crlDistributionPoints.length === 0 &&
          view.ocspUrls.length === 0 &&
          !view.extensions.some((extension) => extension.oid === '2.5.29.56'),
        'Tidak ada CRL maupun OCSP.',
      ),
  },
  {
    id: 'nik_visible',
    severity: 'serious',
    clause: 'UU 27/2022 Pasal 4; certificate-status §9 Identity',
    title: 'NIK terlihat di dalam sertifikat',
    fixer: 'ca',
    test: (view) =>
      when(
        NIK.test([view.subject.text, ...(view.san ?? []).map((name) => name.value)].join(' ')),
        'Subjek atau nama alternatif memuat 16 angka berpola NIK.',
      ),
  },
  {
    id: 'no_common_name',
    severity: 'warning',
    clause: 'certificate-status §9 Identity',
    title: 'Nama pemilik kosong',
    fixer: 'ca',
    test: (view) => when(isSigner(view) && !attribute(view, '2.5.4.3'), 'Subjek tidak memuat CN.'),
  },
  {
    id: 'duplicate_extension',
    severity: 'serious',
    clause: 'RFC 5280 §4.2',
    title: 'Ekstensi muncul dua kali',
    fixer: 'ca',
    test: (view) => {
      const oids = view.extensions.map((extension) => extension.oid);
      const doubled = oids.find((oid, i) => oids.indexOf(oid) !== i);
      return doubled ? `Ekstensi ${doubled}.` : null;
    },
  },
];

/** Rules over several certificates or other facts; their tests are queries in `estate.ts`. */
export const estateRules = {
  leaver_usable: {
    severity: 'critical',
    title: 'Pemilik sudah tidak bertugas, sertifikat masih dapat dipakai',
    clause: 'Pasal 12 huruf d; Pasal 6 huruf c',
    fixer: 'office',
  },
  several_current: {
    severity: 'warning',
    title: 'Lebih dari satu sertifikat berlaku untuk kegunaan yang sama',
    clause: 'certificate-status §9 Estate',
    fixer: 'agency',
  },
  same_key_two_holders: {
    severity: 'critical',
    title: 'Kunci yang sama dipakai dua pemilik',
    clause: 'certificate-status §9 Key',
    fixer: 'ca',
  },
  same_key_renewed: {
    severity: 'info',
    title: 'Kunci tidak diganti saat pembaruan',
    clause: 'certificate-status §9 Key',
    fixer: 'owner',
  },
  serial_clash: {
    severity: 'critical',
    title: 'Penerbit dan nomor seri sama dengan sertifikat lain',
    clause: 'RFC 5280 §4.1.2.2',
    fixer: 'ca',
  },
  sheet_contradiction: {
    severity: 'warning',
    title: 'Berkas berbeda dengan daftar',
    clause: 'Pasal 18 huruf a',
    fixer: 'office',
  },
} as const satisfies Record<string, { severity: Severity; title: string; clause: string; fixer: Fixer }>;
export type EstateRule = keyof typeof estateRules;

/** Oddities of the reader that a rule above says already, in its own words. */
const SAID_BY_RULE: readonly OddityRule[] = [
  'negative_serial',
  'zero_serial',
  'long_serial',
  'algorithm_mismatch',
  'validity_reversed',
  'duplicate_extension',
];

/** What the strict reader met on its way, each kind once. */
function oddities(view: CertificateView): Noticed[] {
  const found = new Map<OddityRule, string[]>();
  for (const { rule, oid } of view.oddities) {
    if (SAID_BY_RULE.includes(rule)) continue;
    found.set(rule, [...(found.get(rule) ?? []), ...(oid ? [oid] : [])]);
  }
  return [...found].map(([rule, oids]) => ({
    rule,
    severity: ODDITIES[rule].severity,
    detail: oids.length ? `${ODDITIES[rule].text} OID ${oids.join(', ')}.` : ODDITIES[rule].text,
  }));
}

/** What the rules notice about one certificate. A rule that throws on odd input notices nothing, it never stops an import. */
export function lint(view: CertificateView, issuer: CertificateView | null): Noticed[] {
  const noticed = rules.flatMap((rule) => {
    const detail = rule.test(view, issuer);
    return detail === null ? [] : [{ rule: rule.id, severity: rule.severity, detail }];
  });
  return [...noticed, ...oddities(view)];
}

const byId = new Map<string, { title: string; clause: string; fixer: Fixer }>([
  ...Object.entries(ODDITIES).map(
    ([id, { text, clause }]) => [id, { title: text.replace(/\.$/, ''), clause, fixer: 'ca' as const }] as const,
  ),
  ...rules.map((rule) => [rule.id, rule] as const),
  ...Object.entries(estateRules),
]);

export const ruleTitle = (id: string): string => byId.get(id)?.title ?? id;
export const ruleOf = (id: string) => byId.get(id) ?? { title: id, clause: '', fixer: 'office' as const };

/** A rule that fires on more than 90 % of an issuer's certificates (at least 20) is a trait of the issuer (§9). */
export const isIssuerTrait = (fired: number, total: number): boolean => total >= 20 && fired > total * 0.9;
