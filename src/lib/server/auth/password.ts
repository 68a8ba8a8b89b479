// Passwords as Argon2id hashes in PHC string form, so that the parameters can be raised later: each hash says its own.
// OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1. RFC 9106.
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

type Cost = { memory: number; passes: number; parallelism: number };
/** Memory in KiB. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const run = promisify<'argon2id', Argon2Parameters, Buffer>(argon2 as never);
const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/** NFKC, so that the same keys typed on another device are the same password (NIST SP 800-63B §5.1.1.2). */
const derive = (password: string, nonce: Buffer, cost: Cost): Promise<Buffer> =>
  run('argon2id', { message: password.normalize('NFKC'), nonce, tagLength: HASH_BYTES, ...cost });

/** @returns `$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** A hash of nothing anyone knows: checking against it takes as long as checking a real one. */
const nobody = hashPassword(randomBytes(32).toString('hex'));

/** Whether the password belongs to the hash; with no hash it is false after the same work. */
export async function passwordMatches(password: string, phc: string | null): Promise<boolean> {
  const match = PHC.exec(phc ?? (await nobody));
  if (!match) return false;
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number];
  const expected = Buffer.from(match[5]!, 'base64');
  const actual = await derive(password, Buffer.from(match[4]!, 'base64'), { memory, passes, parallelism });
  return phc !== null && expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Whether a stored hash is weaker than what is asked today, so that the next sign-in replaces it. */
export function outdated(phc: string): boolean {
  const match = PHC.exec(phc);
  return !match || Number(match[1]) < COST.memory || Number(match[2]) < COST.passes;
}
