import { v7 } from 'uuid';

let last = -1;
let sequence = 0;

/**
 * UUIDv7 for a row made at `now` (UTC ms): keys sort by time of birth, and within one millisecond of one process in the
 * order they were asked for (RFC 9562 §6.2), so that "the newest row" is never a matter of chance.
 */
export function newId(now: number): string {
  sequence = now === last ? sequence + 1 : 0;
  last = now;
  return v7({ msecs: now, seq: sequence });
}
