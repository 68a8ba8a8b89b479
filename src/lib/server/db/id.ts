import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

// Asking the system for sixteen bytes costs more than everything else about an id; it is asked for many at once.
const pool = Buffer.allocUnsafeSlow(8192);
let spent = pool.length;

function random(): Uint8Array {
  if (spent === pool.length) {
    randomFillSync(pool);
    spent = 0;
  }
  return pool.subarray(spent, (spent += 16));
}

let last = -1;
let sequence = 0;

/**
 * UUIDv7 for a row made at `now` (UTC ms): keys sort by time of birth, and within one millisecond of one process in the
 * order they were asked for (RFC 9562 §6.2), so that "the newest row" is never a matter of chance.
 */
export function newId(now: number): string {
  sequence = now === last ? sequence + 1 : 0;
  last = now;
  return v7({ msecs: now, seq: sequence, random: random() });
}
