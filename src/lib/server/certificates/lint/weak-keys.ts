// Known weaknesses of RSA keys, from the public numbers alone. Pure arithmetic, bounded.
import { Cursor, DerError, integerHex, oid, sequence, single, TAG, bitString } from '../../x509/der.ts';
import type { PublicKey } from '../../x509/types.ts';

export type RsaNumbers = { modulus: bigint; exponent: bigint; odd: boolean };

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
    // The last digit says it; a division of two thousand bits does not have to.
    const odd = (parseInt(modulus.slice(-1), 16) & 1) === 1;
    return { modulus: BigInt(`0x${modulus}`), exponent: BigInt(`0x${exponent}`), odd };
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

/**
 * Largest r with r² ≤ n: Newton's step with as many digits as are right so far, twice as many each time, so that only the
 * last division is a long one (as CPython's math.isqrt does, where it is proven).
 */
export function integerRoot(n: bigint): bigint {
  if (n < 1n) return 0n;
  const half = (bitLength(n) - 1) >> 1;
  let root = 1n;
  let digits = 0;
  for (let shift = 32 - Math.clz32(half); shift-- > 0;) {
    const before = digits;
    digits = half >> shift;
    root =
      digits <= 24
        ? BigInt(Math.floor(Math.sqrt(Number(n >> BigInt(2 * (half - digits))))))
        : (root << BigInt(digits - before - 1)) + (n >> BigInt(2 * half - before - digits + 1)) / root;
  }
  return root * root > n ? root - 1n : root;
}

function bitLength(n: bigint): number {
  const hex = n.toString(16);
  return hex.length * 4 - Math.clz32(parseInt(hex[0]!, 16)) + 28;
}

/** 1 at what a square can leave modulo m. */
function squares(m: number): Uint8Array {
  const table = new Uint8Array(m);
  for (let i = 0; i < m; i++) table[(i * i) % m] = 1;
  return table;
}
const [BY_64, BY_63, BY_65, BY_11] = [squares(64), squares(63), squares(65), squares(11)];
const PERIOD = 64 * 63 * 65 * 11;
/** One number in a hundred passes all four; of those one in ten the ones below. */
const mayBeSquare = (residue: number): boolean =>
  BY_64[residue & 63] === 1 && BY_63[residue % 63] === 1 && BY_65[residue % 65] === 1 && BY_11[residue % 11] === 1;
const MORE = [17, 19, 23, 29].map((m) => ({ m, table: squares(m) }));
const MORE_PERIOD = BigInt(MORE.reduce((product, { m }) => product * m, 1));

function isSquare(n: bigint): boolean {
  const residue = Number(n % MORE_PERIOD);
  return MORE.every(({ m, table }) => table[residue % m] === 1) && integerRoot(n) ** 2n === n;
}

/**
 * Primes so close that Fermat's method finds them in `rounds` steps (CVE-2022-26320): root² − n is a square.
 * CA/Browser BR §6.1.1.3 asks for 100 rounds. Steps are walked by residue; only what may be a square is computed.
 */
export function hasClosePrimes(modulus: bigint, rounds = 100): boolean {
  let root = integerRoot(modulus);
  let excess = root * root - modulus;
  if (excess < 0n) {
    excess += 2n * root + 1n;
    root += 1n;
  }
  let rootResidue = Number(root % BigInt(PERIOD));
  let residue = Number(excess % BigInt(PERIOD));
  for (let round = 0; round < rounds; round++) {
    if (mayBeSquare(residue) && isSquare((root + BigInt(round)) ** 2n - modulus)) return true;
    residue = (residue + 2 * rootResidue + 1) % PERIOD;
    rootResidue = (rootResidue + 1) % PERIOD;
  }
  return false;
}
