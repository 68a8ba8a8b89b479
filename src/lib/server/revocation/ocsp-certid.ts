// Which certificate an OCSP message is about (RFC 6960 §4.1.1): hashes of the issuer's name and key, and the serial.
// Always recomputed from what we hold, never taken on trust.
import { createHash } from 'node:crypto';
import { bitString, sequence, single, TAG } from '../x509/der.ts';
import type { CertificateView } from '../x509/types.ts';

/** Digests of a CertID. SHA-1 here names, it does not sign. */
export const DIGEST_OIDS = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;
export type Digest = keyof typeof DIGEST_OIDS;

const byOid = new Map(Object.entries(DIGEST_OIDS).map(([name, oid]) => [oid as string, name as Digest]));
export const digestOf = (oid: string): Digest | null => byOid.get(oid) ?? null;

/** The certificate asked about: its serial and the CA that issued it. */
export type Asked = {
  serial: string;
  issuer: CertificateView;
  /** The issuer field of the certificate itself, when its bytes are at hand: RFC 6960 §4.1.1 hashes that one. */
  issuerName?: Buffer;
};

export type CertId = { digest: Digest | null; nameHash: Buffer; keyHash: Buffer; serial: string };

/** The octets of the public key, without tag, length and unused bits (RFC 6960 §4.1.1). */
const keys = new WeakMap<CertificateView, Buffer>();
function keyOf(certificate: CertificateView): Buffer {
  let key = keys.get(certificate);
  if (!key) {
    const spki = sequence(single(certificate.publicKey.spki, TAG.sequence));
    spki.next(TAG.sequence);
    key = bitString(spki.next(TAG.bitString)).bits;
    keys.set(certificate, key);
  }
  return key;
}

const hashOf = (digest: Digest, bytes: Buffer): Buffer => createHash(digest).update(bytes).digest();
const nameOf = (asked: Asked): Buffer => asked.issuerName ?? asked.issuer.subject.der;

/** SHA-1 of the public key: a ResponderID byKey (RFC 6960 §4.2.1). */
export const keyHashOf = (certificate: CertificateView): Buffer => hashOf('sha1', keyOf(certificate));

export const certIdOf = (asked: Asked, digest: Digest): CertId => ({
  digest,
  nameHash: hashOf(digest, nameOf(asked)),
  keyHash: hashOf(digest, keyOf(asked.issuer)),
  serial: asked.serial,
});

/** Whether a CertID names this certificate; the CA's name counts in either of its two encodings. */
export function isAbout(certId: CertId, asked: Asked): boolean {
  const { digest, serial, nameHash, keyHash } = certId;
  if (!digest || serial !== asked.serial) return false;
  const named = [nameOf(asked), asked.issuer.subject.der].some((name) => hashOf(digest, name).equals(nameHash));
  return named && hashOf(digest, keyOf(asked.issuer)).equals(keyHash);
}
