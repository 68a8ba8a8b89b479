// A certificate's content in words, for Rincian teknis: names by attribute, extensions with what they say, known OIDs.
// Pure; what has no name keeps its OID.
import { createHash } from 'node:crypto';
import type { CertificateView, KeyUsage, Name } from '../x509/types.ts';

const ATTRIBUTES: Record<string, string> = {
  '2.5.4.3': 'Nama umum (CN)',
  '2.5.4.4': 'Nama keluarga (SN)',
  '2.5.4.5': 'Nomor pengenal (serialNumber)',
  '2.5.4.6': 'Negara (C)',
  '2.5.4.7': 'Kota (L)',
  '2.5.4.8': 'Provinsi (ST)',
  '2.5.4.9': 'Alamat (STREET)',
  '2.5.4.10': 'Instansi (O)',
  '2.5.4.11': 'Unit (OU)',
  '2.5.4.12': 'Jabatan (title)',
  '2.5.4.13': 'Keterangan (description)',
  '2.5.4.42': 'Nama depan (givenName)',
  '2.5.4.65': 'Nama samaran (pseudonym)',
  '2.5.4.97': 'Pengenal instansi (organizationIdentifier)',
  '1.2.840.113549.1.9.1': 'Surel (emailAddress)',
  '0.9.2342.19200300.100.1.1': 'Pengenal pengguna (UID)',
  '0.9.2342.19200300.100.1.25': 'Domain (DC)',
};

const EXTENSIONS: Record<string, string> = {
  '2.5.29.14': 'Pengenal kunci (subjectKeyIdentifier)',
  '2.5.29.15': 'Kegunaan kunci (keyUsage)',
  '2.5.29.16': 'Masa pakai kunci (privateKeyUsagePeriod)',
  '2.5.29.17': 'Nama alternatif (subjectAltName)',
  '2.5.29.18': 'Nama alternatif penerbit (issuerAltName)',
  '2.5.29.19': 'Batasan dasar (basicConstraints)',
  '2.5.29.30': 'Batasan nama (nameConstraints)',
  '2.5.29.31': 'Tempat CRL (cRLDistributionPoints)',
  '2.5.29.32': 'Kebijakan (certificatePolicies)',
  '2.5.29.33': 'Pemetaan kebijakan (policyMappings)',
  '2.5.29.35': 'Pengenal kunci penerbit (authorityKeyIdentifier)',
  '2.5.29.36': 'Batasan kebijakan (policyConstraints)',
  '2.5.29.37': 'Tujuan (extKeyUsage)',
  '2.5.29.46': 'Tempat CRL terbaru (freshestCRL)',
  '2.5.29.54': 'Larangan kebijakan apa saja (inhibitAnyPolicy)',
  '2.5.29.56': 'Tanpa pencabutan (noRevAvail)',
  '1.3.6.1.5.5.7.1.1': 'Alamat penerbit dan OCSP (authorityInfoAccess)',
  '1.3.6.1.5.5.7.1.3': 'Pernyataan berkualifikasi (qcStatements)',
  '1.3.6.1.5.5.7.1.11': 'Alamat pemilik (subjectInfoAccess)',
  '1.3.6.1.5.5.7.48.1.5': 'Tanpa pemeriksaan pencabutan (ocsp-nocheck)',
  '1.3.6.1.4.1.11129.2.4.2': 'Cap waktu transparansi (SCT)',
  '1.3.6.1.4.1.11129.2.4.3': 'Prasertifikat (poison)',
  '1.2.840.113583.1.1.9.1': 'Cap waktu Adobe',
  '1.2.840.113583.1.1.9.2': 'Arsip pencabutan Adobe',
  '2.16.840.1.113730.1.1': 'Jenis sertifikat Netscape',
  '2.16.840.1.113730.1.13': 'Komentar Netscape',
};

export const USAGES: Record<KeyUsage, string> = {
  digitalSignature: 'tanda tangan digital',
  nonRepudiation: 'nirsangkal',
  keyEncipherment: 'menyandi kunci',
  dataEncipherment: 'menyandi data',
  keyAgreement: 'menyepakati kunci',
  keyCertSign: 'menandatangani sertifikat',
  cRLSign: 'menandatangani CRL',
  encipherOnly: 'hanya menyandi',
  decipherOnly: 'hanya membuka sandi',
};

/** Extended key usages by OID. */
export const PURPOSES: Record<string, string> = {
  '1.3.6.1.5.5.7.3.1': 'server TLS',
  '1.3.6.1.5.5.7.3.2': 'klien TLS',
  '1.3.6.1.5.5.7.3.3': 'menandatangani program',
  '1.3.6.1.5.5.7.3.4': 'surel (S/MIME)',
  '1.3.6.1.5.5.7.3.8': 'cap waktu',
  '1.3.6.1.5.5.7.3.9': 'menjawab OCSP',
  '1.3.6.1.5.5.7.3.36': 'menandatangani dokumen',
  '1.2.840.113583.1.1.5': 'menandatangani PDF (Adobe)',
  '1.3.6.1.4.1.311.10.3.12': 'menandatangani dokumen (Microsoft)',
  '1.3.6.1.4.1.311.20.2.2': 'masuk dengan kartu (Microsoft)',
  '2.5.29.37.0': 'tujuan apa saja',
};

const POLICIES: Record<string, string> = {
  '2.5.29.32.0': 'kebijakan apa saja (anyPolicy)',
  '2.16.360.1.2.1.1': 'OSD Lembaga Sandi Negara, penerbit',
  '2.16.360.1.2.1.2.2': 'OSD Lembaga Sandi Negara, pengguna',
  '2.16.360.1.1.1.3.11.2.0.1': 'BSrE (BSSN)',
  '2.23.140.1.1': 'TLS, badan diperiksa ketat (EV)',
  '2.23.140.1.2.1': 'TLS, domain diperiksa (DV)',
  '2.23.140.1.2.2': 'TLS, badan diperiksa (OV)',
  '2.23.140.1.2.3': 'TLS, orang diperiksa (IV)',
};
const ARCS: [prefix: string, name: string][] = [
  ['2.16.360.1.1.1.3.11.', 'BSrE (BSSN)'],
  ['2.16.360.1.2.1.', 'OSD Lembaga Sandi Negara'],
  ['2.16.360.1.', 'PSrE Indonesia'],
];

/** Signature algorithms by OID. */
export const SIGNATURES: Record<string, string> = {
  '1.2.840.113549.1.1.4': 'MD5 dengan RSA',
  '1.2.840.113549.1.1.5': 'SHA-1 dengan RSA',
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'SHA-256 dengan RSA',
  '1.2.840.113549.1.1.12': 'SHA-384 dengan RSA',
  '1.2.840.113549.1.1.13': 'SHA-512 dengan RSA',
  '1.2.840.10045.4.1': 'SHA-1 dengan ECDSA',
  '1.2.840.10045.4.3.2': 'SHA-256 dengan ECDSA',
  '1.2.840.10045.4.3.3': 'SHA-384 dengan ECDSA',
  '1.2.840.10045.4.3.4': 'SHA-512 dengan ECDSA',
  '1.2.840.10040.4.3': 'SHA-1 dengan DSA',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};

/** "nama (1.2.3)", or the OID alone. */
const named = (names: Record<string, string>, oid: string): string => (names[oid] ? `${names[oid]} (${oid})` : oid);
const policyName = (oid: string): string => {
  const arc = ARCS.find(([prefix]) => oid.startsWith(prefix));
  return named({ [oid]: POLICIES[oid] ?? arc?.[1] ?? '' }, oid);
};

export type NamePart = { label: string; value: string };
const partsOf = (name: Name): NamePart[] =>
  name.rdns.flat().map(({ oid, value }) => ({ label: ATTRIBUTES[oid] ?? oid, value }));

export type ExtensionWords = { oid: string; name: string; critical: boolean; lines: string[] };

/** What an extension says, as far as the reader knows it; else its size. */
function linesOf(view: CertificateView, oid: string, size: number): string[] {
  switch (oid) {
    case '2.5.29.14':
      return [view.ski ?? 'tidak terbaca'];
    case '2.5.29.35':
      return [view.aki ?? 'tanpa pengenal kunci'];
    case '2.5.29.15':
      return [view.keyUsage?.map((usage) => `${USAGES[usage]} (${usage})`).join(', ') || 'kosong'];
    case '2.5.29.37':
      return view.eku?.map((eku) => named(PURPOSES, eku)) ?? [];
    case '2.5.29.17':
      return view.san?.map(({ kind, value }) => (kind === 'other' ? value : `${kind}: ${value}`)) ?? [];
    case '2.5.29.19':
      return [
        view.ca ? `penerbit (CA)${view.pathLen === null ? '' : `, panjang jalur ${view.pathLen}`}` : 'bukan penerbit',
      ];
    case '2.5.29.32':
      return view.policies?.map(policyName) ?? [];
    case '2.5.29.31':
      return view.crlDistributionPoints.flatMap((point) => point.fullNames.map(({ value }) => value));
    case '1.3.6.1.5.5.7.1.1':
      return [
        ...view.ocspUrls.map((url) => `OCSP: ${url}`),
        ...view.caIssuerNames.map(({ value }) => `Sertifikat penerbit: ${value}`),
      ];
    default:
      return [`${size} oktet`];
  }
}

/** "RSA 2048 bit", "EC secp256r1". */
export const keyWords = ({ publicKey: { algorithm, bits, curve } }: CertificateView): string =>
  curve ? `${algorithm} ${curve}` : bits === null ? algorithm : `${algorithm} ${bits} bit`;

/** Everything Rincian teknis shows of a certificate that is not in its record. */
export function describe(view: CertificateView) {
  return {
    version: view.version,
    sha1: createHash('sha1').update(view.der).digest('hex'),
    size: view.der.length,
    subject: partsOf(view.subject),
    issuer: partsOf(view.issuer),
    key: keyWords(view),
    signature: named(SIGNATURES, view.signatureAlgorithmOid),
    notBeforeText: view.notBefore.text,
    notAfterText: view.notAfter.text,
    extensions: view.extensions.map(({ oid, critical, value }): ExtensionWords => {
      const lines = linesOf(view, oid, value.length);
      return { oid, critical, name: EXTENSIONS[oid] ?? oid, lines: lines.length ? lines : [`${value.length} oktet`] };
    }),
  };
}
