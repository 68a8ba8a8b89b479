// Keys and signatures of the demo CA: real key pairs, public keys nobody can use, repeatable random bytes.
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bitString, sequence, single, TAG } from '#lib/server/x509/der.ts';
import * as der from '#lib/server/x509/der-writer.ts';

export type KeyKind = 'rsa1024' | 'rsa2048' | 'rsa4096' | 'p256' | 'p384' | 'p521' | 'ed25519' | 'ed448';
export type Key = { privateKey: KeyObject; spki: Buffer };

/** A real key pair. RSA 2048 takes about 0.1 s. */
export function makeKey(kind: KeyKind = 'rsa2048'): Key {
  if (kind === 'rsa1024' || kind === 'rsa2048' || kind === 'rsa4096') {
    return keyOf(generateKeyPairSync('rsa', { modulusLength: +kind.slice(3) }).privateKey);
  }
  if (kind === 'ed25519') return keyOf(generateKeyPairSync('ed25519').privateKey);
  if (kind === 'ed448') return keyOf(generateKeyPairSync('ed448').privateKey);
  return keyOf(
    generateKeyPairSync('ec', { namedCurve: { p256: 'P-256', p384: 'P-384', p521: 'P-521' }[kind] }).privateKey,
  );
}

/** The pair of a private key; PEM text for keys that were kept. */
export function keyOf(privateKey: KeyObject | string): Key {
  const key = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey;
  return { privateKey: key, spki: createPublicKey(key).export({ type: 'spki', format: 'der' }) };
}

/** RFC 5280 §4.2.1.2 method 1: SHA-1 of the subjectPublicKey's octets. */
export function keyIdOf(spki: Buffer): Buffer {
  const info = sequence(single(spki, TAG.sequence));
  info.next();
  return createHash('sha1')
    .update(bitString(info.next(TAG.bitString)).bits)
    .digest();
}

/** A stream of bytes: random, or always the same for one seed (serials and moduli of a repeatable city). */
export type Random = (length: number) => Buffer;
export function randomFrom(seed?: string): Random {
  if (seed === undefined) return randomBytes;
  let block = 0;
  return (length) => {
    const blocks: Buffer[] = [];
    for (let had = 0; had < length; had += 64) blocks.push(createHash('sha512').update(`${seed}/${block++}`).digest());
    return Buffer.concat(blocks).subarray(0, length);
  };
}

/** An RSA key nobody can use: a random odd modulus of this size. For the many holders of the sample city. */
export function unusableSpki(random: Random = randomBytes, bits = 2048): Buffer {
  const modulus = random(bits / 8);
  modulus[0]! |= 0x80;
  modulus[modulus.length - 1]! |= 1;
  const rsa = der.seq(der.integer(modulus.toString('hex')), der.integer(65537));
  return der.seq(der.seq(der.oid('1.2.840.113549.1.1.1'), der.nothing()), der.bits(rsa));
}

/** 20 octets, positive, as BSrE's serials are; hex, as the application stores it. */
export function randomSerial(random: Random = randomBytes): string {
  const serial = random(20);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial.toString('hex');
}

const RSA = '1.2.840.113549.1.1';
const SIGNATURES = {
  md5RSA: { oid: `${RSA}.4`, hash: 'md5' },
  sha1RSA: { oid: `${RSA}.5`, hash: 'sha1' },
  sha256RSA: { oid: `${RSA}.11`, hash: 'sha256' },
  sha384RSA: { oid: `${RSA}.12`, hash: 'sha384' },
  sha512RSA: { oid: `${RSA}.13`, hash: 'sha512' },
  pss256: { oid: `${RSA}.10`, hash: 'sha256' },
  ecdsa256: { oid: '1.2.840.10045.4.3.2', hash: 'sha256' },
  ecdsa384: { oid: '1.2.840.10045.4.3.3', hash: 'sha384' },
  ed25519: { oid: '1.3.101.112', hash: null },
  ed448: { oid: '1.3.101.113', hash: null },
} as const;
export type SignatureKind = keyof typeof SIGNATURES;

/** What a key signs with unless told otherwise. */
export function signatureFor({ privateKey }: Key): SignatureKind {
  const type = privateKey.asymmetricKeyType;
  if (type === 'ed25519' || type === 'ed448') return type;
  return type === 'ec' ? 'ecdsa256' : 'sha256RSA';
}

/** AlgorithmIdentifier of a signature. */
export function algorithm(kind: SignatureKind): Buffer {
  const oid = der.oid(SIGNATURES[kind].oid);
  if (kind === 'pss256') return der.seq(oid, pssParameters());
  return kind.endsWith('RSA') ? der.seq(oid, der.nothing()) : der.seq(oid);
}

function pssParameters(): Buffer {
  const sha256 = der.seq(der.oid('2.16.840.1.101.3.4.2.1'), der.nothing());
  const mgf = der.seq(der.oid(`${RSA}.8`), sha256);
  return der.seq(der.tagged(0, sha256), der.tagged(1, mgf), der.tagged(2, der.integer(32)));
}

export function signWith(kind: SignatureKind, bytes: Buffer, { privateKey }: Key): Buffer {
  if (kind !== 'pss256') return sign(SIGNATURES[kind].hash, bytes, privateKey);
  return sign('sha256', bytes, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
}
