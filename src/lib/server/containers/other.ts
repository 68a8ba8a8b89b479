// What was sent in place of a certificate and is well known: told by its structure, never by its name. Nothing of it is
// judged here; whoever sent it is told where it belongs.
import { DerError, readTlv, TAG, type Tlv } from '../x509/der.ts';
import { firstParts } from './keys.ts';

const OTHER = {
  crl: 'Ini daftar pencabutan (CRL), bukan sertifikat. Unggah di Sumber Pencabutan.',
  ocsp: 'Ini jawaban OCSP, bukan sertifikat. Unggah di Sumber Pencabutan.',
  request:
    'Ini permintaan sertifikat (CSR), belum sertifikat. Impor sertifikat yang diterbitkan penerbit untuk permintaan ini.',
  publicKey: 'Ini kunci publik saja, bukan sertifikat. Minta berkas sertifikatnya (.cer atau .pem) kepada pemiliknya.',
} as const;

/** What people are told about blocks of PEM that hold no certificate (RFC 7468 §6, §7, §13; OpenSSL's own names). */
export const OTHER_LABELS: Readonly<Record<string, string>> = {
  'X509 CRL': OTHER.crl,
  CRL: OTHER.crl,
  'OCSP RESPONSE': OTHER.ocsp,
  'CERTIFICATE REQUEST': OTHER.request,
  'NEW CERTIFICATE REQUEST': OTHER.request,
  'PUBLIC KEY': OTHER.publicKey,
  'RSA PUBLIC KEY': OTHER.publicKey,
};

export const CRL = OTHER.crl;

/**
 * A CRL (RFC 5280 §5.1), an OCSP response (RFC 6960 §4.2.1), a PKCS#10 request (RFC 2986 §4) or a public key (RFC 5280
 * §4.1, RFC 8017 A.1.1); null for anything else.
 */
export function otherDer(bytes: Buffer): string | null {
  try {
    const outer = firstParts(readTlv(bytes, 0, bytes.length, true));
    const [first, second, third] = outer;
    if (first?.tag === TAG.enumerated && outer.length <= 2) return OTHER.ocsp;
    if (outer.length === 2 && second?.tag === TAG.bitString && first && isAlgorithm(first)) return OTHER.publicKey;
    if (outer.length === 2 && first?.tag === TAG.integer && second?.tag === TAG.integer) return OTHER.publicKey;
    if (outer.length !== 3 || first?.tag !== TAG.sequence || third?.tag !== TAG.bitString) return null;
    const signed = firstParts(first);
    if (isRequest(signed)) return OTHER.request;
    return isList(signed) ? OTHER.crl : null;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

const ATTRIBUTES = 0xa0;
const TIMES: readonly number[] = [TAG.utcTime, TAG.generalizedTime];

const isAlgorithm = (tlv: Tlv): boolean => firstParts(tlv)[0]?.tag === TAG.oid;

/** version, subject, key, attributes. */
const isRequest = ([version, subject, key, attributes]: Tlv[]): boolean =>
  version?.tag === TAG.integer &&
  subject?.tag === TAG.sequence &&
  key?.tag === TAG.sequence &&
  firstParts(key)[1]?.tag === TAG.bitString &&
  (attributes === undefined || attributes.tag === ATTRIBUTES);

/** version (or none), algorithm, issuer, thisUpdate. */
function isList(parts: Tlv[]): boolean {
  const [algorithm, issuer, thisUpdate] = parts[0]?.tag === TAG.integer ? parts.slice(1) : parts;
  return (
    algorithm?.tag === TAG.sequence &&
    isAlgorithm(algorithm) &&
    issuer?.tag === TAG.sequence &&
    thisUpdate !== undefined &&
    TIMES.includes(thisUpdate.tag)
  );
}
