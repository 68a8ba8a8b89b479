// Known weaknesses of RSA keys, from the public numbers alone. Pure arithmetic, bounded.
import { Cursor, DerError, integerHex, oid, sequence, single, TAG, bitString } from '../../x509/der.ts';
import type { PublicKey } from '../../x509/types.ts';

export type RsaNumbers = { modulus: bigint; exponent: bigint };

const read = new WeakMap<PublicKey, RsaNumbers | null>();

/** Modulus and exponent of an RSA key; null when it is no readable RSA key. Several rules ask for the same key. */
export function rsaNumbers(key: PublicKey): RsaNumbers | null {
  if (!key.algorithm.startsWith('RSA')) return null;
  let numbers = read.get(key);
  if (numbers === undefined) read.set(key, (numbers = readNumbers(key)));
  return numbers;
}

/** RSAPublicKey inside a SubjectPublicKeyInfo (RFC 8017 §A.1.1). */
function readNumbers(key: PublicKey): RsaNumbers | null {
  try {
    const parts = sequence(single(key.spki, TAG.sequence));
    oid(sequence(parts.next()).next());
    const numbers = new Cursor(single(bitString(parts.next(TAG.bitString)).bits, TAG.sequence));
    const [modulus, exponent] = [integerHex(numbers.next(TAG.integer)), integerHex(numbers.next(TAG.integer))];
    if (modulus.startsWith('-') || exponent.startsWith('-')) return null;
    return { modulus: BigInt(`0x${modulus}`), exponent: BigInt(`0x${exponent}`) };
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/** Residues that 65537 generates modulo p: all that a prime of the ROCA generator can leave. */
const residues = PRIMES.map((prime) => {
  const reached = new Set<number>();
  for (let power = 1; !reached.has(power); power = (power * 65537) % prime) reached.add(power);
  return { prime, reached };
});
const PRODUCT = PRIMES.reduce((product, prime) => product * BigInt(prime), 1n);

/**
 * ROCA (CVE-2017-15361): keys of a faulty chip library are k·M + 65537^a mod M, so that every residue of the modulus
 * by a small prime is a power of 65537. A random key does this once in 2^27.
 */
export function isRoca(modulus: bigint): boolean {
  const rest = modulus % PRODUCT;
  return residues.every(({ prime, reached }) => reached.has(Number(rest % BigInt(prime))));
}

/** Largest r with r² ≤ n; Newton from above, beginning with what a double knows of the leading bits. */
export function integerRoot(n: bigint): bigint {
  if (n < 2n) return n;
  const half = BigInt(Math.max(0, (n.toString(16).length * 4 - 100) >> 1));
  let root = (BigInt(Math.ceil(Math.sqrt(Number(n >> (half * 2n))))) + 2n) << half;
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

const squaresModulo = (m: number) => new Set(Array.from({ length: m }, (_, i) => (i * i) % m));
/** A square leaves one of few residues by each of these; one number in a hundred passes all four. */
const MODULI = [63, 64, 65, 11];
const PERIOD = MODULI.reduce((product, m) => product * m, 1);
const filters = MODULI.map((m) => ({ m, squares: squaresModulo(m) }));
const mayBeSquare = (residue: number): boolean => filters.every(({ m, squares }) => squares.has(residue % m));

/**
 * Primes so close that Fermat's method finds them in `rounds` steps (CVE-2022-26320): root² − n is a square.
 * CA/Browser BR §6.1.1.3 asks for 100 rounds. Steps are walked by residue; only what may be a square is computed.
 */
export function hasClosePrimes(modulus: bigint, rounds = 100): boolean {
  let root = integerRoot(modulus);
  if (root * root < modulus) root += 1n;
  let rootResidue = Number(root % BigInt(PERIOD));
  let residue = Number((root * root - modulus) % BigInt(PERIOD));
  for (let round = 0; round < rounds; round++) {
    if (mayBeSquare(residue)) {
      const square = (root + BigInt(round)) ** 2n - modulus;
      if (integerRoot(square) ** 2n === square) return true;
    }
    residue = (residue + 2 * rootResidue + 1) % PERIOD;
    rootResidue = (rootResidue + 1) % PERIOD;
  }
  return false;
}
