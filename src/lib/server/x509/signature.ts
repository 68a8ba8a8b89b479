// One signature check for certificates, CRLs and OCSP responses alike. It answers yes or no; whether the algorithm is
// still good enough is algorithm-policy.ts. Unknown algorithms and broken keys are "no", never an exception.
import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { certificateParts } from './certificate.ts';
import { Cursor, DerError, inside, oid, sequence, single, smallInteger, TAG, whole } from './der.ts';
import { sameName } from './name.ts';
import { verifyPssByHand } from './pss.ts';
import type { CertificateView } from './types.ts';

type Scheme = { key: 'rsa' | 'ec' | 'dsa' | 'ed25519' | 'ed448'; hash: string | null };

/** RFC 4055, 5758, 8410, FIPS 186. MD2 is left out on purpose: nothing verifies it any more. */
export const SCHEMES: Record<string, Scheme> = {
  '1.2.840.113549.1.1.4': { key: 'rsa', hash: 'md5' },
  '1.2.840.113549.1.1.5': { key: 'rsa', hash: 'sha1' },
  '1.3.14.3.2.29': { key: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.14': { key: 'rsa', hash: 'sha224' },
  '1.2.840.113549.1.1.11': { key: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.1': { key: 'ec', hash: 'sha1' },
  '1.2.840.10045.4.3.1': { key: 'ec', hash: 'sha224' },
  '1.2.840.10045.4.3.2': { key: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', hash: 'sha512' },
  '1.2.840.10040.4.3': { key: 'dsa', hash: 'sha1' },
  '2.16.840.1.101.3.4.3.1': { key: 'dsa', hash: 'sha224' },
  '2.16.840.1.101.3.4.3.2': { key: 'dsa', hash: 'sha256' },
  '1.3.101.112': { key: 'ed25519', hash: null },
  '1.3.101.113': { key: 'ed448', hash: null },
};
export const RSASSA_PSS = '1.2.840.113549.1.1.10';

/**
 * True when `signature` over `signed` verifies with the key.
 * @param algorithm AlgorithmIdentifier in DER, or its OID alone (not enough for RSASSA-PSS).
 * @param spki SubjectPublicKeyInfo in DER.
 */
export function verifySignature(
  signed: Uint8Array,
  algorithm: Buffer | string,
  signature: Uint8Array,
  spki: Buffer,
): boolean {
  try {
    const key = publicKey(spki);
    const type = typeof algorithm === 'string' ? algorithm : algorithmOid(algorithm);
    if (type === RSASSA_PSS)
      return typeof algorithm !== 'string' && verifyPss(signed, pssParameters(algorithm), signature, key);
    const scheme = SCHEMES[type];
    if (!scheme || scheme.key !== key.asymmetricKeyType) return false;
    return verify(scheme.hash, signed, key, signature);
  } catch {
    // OpenSSL throws on keys and signatures of impossible form; all of that is "does not verify".
    return false;
  }
}

function verifyPss(signed: Uint8Array, wanted: Pss, signature: Uint8Array, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'rsa-pss') return false;
  const { hash, mgfHash, saltLength } = wanted;
  // node:crypto takes one hash for both; and it holds the parameters of an RSA-PSS key against it (RFC 4055 §3.3).
  if (hash !== mgfHash) return key.asymmetricKeyType === 'rsa' && verifyPssByHand(signed, wanted, signature, key);
  return verify(hash, signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
}

const HASHES: Record<string, string> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

export type Pss = { hash: string; mgfHash: string; saltLength: number };

/** RSASSA-PSS-params with their defaults (RFC 4055 §3.1). Throws DerError. */
export function pssParameters(algorithm: Buffer): Pss {
  const parts = sequence(single(algorithm, TAG.sequence));
  oid(parts.next());
  const found: Pss = { hash: 'sha1', mgfHash: 'sha1', saltLength: 20 };
  if (parts.done) return found;
  const parameters = new Cursor(parts.next(TAG.sequence));
  const hash = parameters.optional(0xa0);
  const mask = parameters.optional(0xa1);
  const salt = parameters.optional(0xa2);
  const trailer = parameters.optional(0xa3);
  parameters.finish();
  if (hash) found.hash = hashName(whole(inside(hash, TAG.sequence)));
  if (mask) {
    const generator = sequence(inside(mask, TAG.sequence));
    if (oid(generator.next()) !== '1.2.840.113549.1.1.8') throw new DerError('unknown mask generation');
    found.mgfHash = hashName(whole(generator.next(TAG.sequence)));
  }
  if (salt) found.saltLength = smallInteger(inside(salt, TAG.integer));
  if (trailer && smallInteger(inside(trailer, TAG.integer)) !== 1) throw new DerError('unknown trailer');
  return found;
}

function hashName(algorithm: Buffer): string {
  const name = HASHES[algorithmOid(algorithm)];
  if (!name) throw new DerError('unknown hash');
  return name;
}

/** The OID of an AlgorithmIdentifier. Throws DerError. */
export const algorithmOid = (algorithm: Buffer): string => oid(sequence(single(algorithm, TAG.sequence)).next());

const keys = new Map<string, KeyObject>();
const KEY_CACHE_LIMIT = 256;
/** Found without reading the SPKI: a CA that is kept in memory comes with the same buffer each time. */
const keysByBuffer = new WeakMap<Buffer, KeyObject>();

/** Node's key of an SPKI. Importing one costs as much as a check, and the same CA signs thousands. */
function publicKey(spki: Buffer): KeyObject {
  const same = keysByBuffer.get(spki);
  if (same) return same;
  const id = spki.toString('latin1');
  let key = keys.get(id);
  if (!key) {
    key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    if (keys.size >= KEY_CACHE_LIMIT) keys.clear();
    keys.set(id, key);
  }
  keysByBuffer.set(spki, key);
  return key;
}

/**
 * The issuer's name is the one the certificate names, and its key verifies the signature. Says nothing about whether
 * the issuer may sign (basic constraints, key usage, validity): that is path validation.
 */
export function signedBy(certificate: CertificateView, issuer: CertificateView): boolean {
  return sameName(certificate.issuer, issuer.subject) && verifiesWith(certificate, issuer.publicKey.spki);
}

/** The signature alone, with this key; inner and outer algorithm must be the same (RFC 5280 §4.1.1.2). */
export function verifiesWith(certificate: CertificateView, spki: Buffer): boolean {
  if (certificate.oddities.some(({ rule }) => rule === 'algorithm_mismatch')) return false;
  const { tbs, algorithm, signature } = certificateParts(certificate.der);
  return verifySignature(whole(tbs), whole(algorithm), signature, spki);
}
