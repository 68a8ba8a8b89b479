// SubjectPublicKeyInfo: which algorithm, how large, the same key or another.
import { createECDH, hash } from 'node:crypto';
import { bitString, DerError, integerHex, oid, sequence, single as only, TAG, value, whole, type Tlv } from './der.ts';
import type { PublicKey } from './types.ts';

const ALGORITHMS: Record<string, string> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.10045.2.1': 'EC',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '1.2.840.10040.4.1': 'DSA',
  // FIPS 204: named, so that people see what it is; no path is built on them yet.
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
};

/** RFC 5480 names and field sizes. */
const CURVES: Record<string, [name: string, bits: number]> = {
  '1.2.840.10045.3.1.1': ['secp192r1', 192],
  '1.3.132.0.33': ['secp224r1', 224],
  '1.2.840.10045.3.1.7': ['secp256r1', 256],
  '1.3.132.0.34': ['secp384r1', 384],
  '1.3.132.0.35': ['secp521r1', 521],
  '1.3.132.0.10': ['secp256k1', 256],
  '1.3.36.3.3.2.8.1.1.7': ['brainpoolP256r1', 256],
  '1.3.36.3.3.2.8.1.1.11': ['brainpoolP384r1', 384],
  '1.3.36.3.3.2.8.1.1.13': ['brainpoolP512r1', 512],
};

/** Orders of the base points (FIPS 186-4 §D.1.2), by which explicit parameters are recognised. */
const ORDERS: Record<string, [name: keyof typeof EXPLICIT, bits: number]> = {
  ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551: ['secp256r1', 256],
  ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973: ['secp384r1', 384],
};
const EXPLICIT = { secp256r1: 'prime256v1', secp384r1: 'secp384r1' } as const;

/** Reads a SubjectPublicKeyInfo. `readable` is false when the key inside is broken or of unknown form. */
export function readPublicKey(tlv: Tlv): { key: PublicKey; readable: boolean } {
  const parts = sequence(tlv);
  const algorithm = sequence(parts.next());
  const type = oid(algorithm.next());
  const parameters = algorithm.done ? null : algorithm.next();
  const { bits: content } = bitString(parts.next(TAG.bitString));
  parts.finish();
  const spki = whole(tlv);
  const key: PublicKey = {
    oid: type,
    algorithm: ALGORITHMS[type] ?? type,
    bits: null,
    curve: null,
    spkiSha256: hash('sha256', spki, 'hex'),
    spki,
  };
  // RFC 3279 §2.3.1: NULL; absent is seen. With anything else it is another key than it says, and no reader takes it.
  if (key.algorithm === 'RSA' && parameters && parameters.tag !== TAG.null)
    throw new DerError('RSA parameters not null');
  try {
    const size = sizeOf(key.algorithm, parameters, content);
    return { key: { ...key, ...size }, readable: key.algorithm !== type };
  } catch {
    return { key, readable: false };
  }
}

function sizeOf(algorithm: string, parameters: Tlv | null, content: Buffer): Partial<PublicKey> {
  switch (algorithm) {
    case 'RSA':
    case 'RSA-PSS':
      return { bits: modulusBits(content) };
    case 'EC': {
      if (parameters?.tag === TAG.sequence) return { explicit: true, ...explicitCurve(parameters) };
      if (parameters?.tag !== TAG.oid) return { explicit: true, curve: 'explicit' };
      const curve = oid(parameters);
      const known = CURVES[curve];
      return known ? { curve: known[0], bits: known[1] } : { curve };
    }
    case 'Ed25519':
      return { bits: 256 };
    case 'Ed448':
      return { bits: 456 };
    case 'DSA':
      return { bits: parameters ? bitLength(integerHex(sequence(parameters).next(TAG.integer))) : null };
    default:
      return {};
  }
}

/**
 * The curve that explicit parameters spell (RFC 3279 §2.3.5: version, field, curve, base, order): its order and base
 * point are the known ones. A name for people only; such keys are forbidden in paths (RFC 5480 §2.1.1).
 */
function explicitCurve(parameters: Tlv): Partial<PublicKey> {
  const parts = sequence(parameters);
  parts.next(TAG.integer);
  parts.next(TAG.sequence);
  parts.next(TAG.sequence);
  const base = value(parts.next(TAG.octetString));
  const known = ORDERS[integerHex(parts.next(TAG.integer))];
  if (!known) return { curve: 'explicit' };
  const [name, bits] = known;
  const generator = createECDH(EXPLICIT[name]);
  generator.setPrivateKey(Buffer.from([1]));
  const x = generator.getPublicKey().subarray(1, 1 + bits / 8);
  return base.subarray(1, 1 + bits / 8).equals(x) ? { curve: name, bits } : { curve: 'explicit' };
}

function modulusBits(content: Buffer): number {
  const key = sequence(only(content, TAG.sequence));
  const modulus = integerHex(key.next(TAG.integer));
  key.next(TAG.integer);
  key.finish();
  if (modulus.startsWith('-')) throw new DerError('negative modulus');
  return bitLength(modulus);
}

const bitLength = (hex: string): number => (hex.length - 1) * 4 + (32 - Math.clz32(parseInt(hex[0]!, 16)));
