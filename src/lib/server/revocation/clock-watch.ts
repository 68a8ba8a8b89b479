// Whether our own clock can be believed (certificate-status §8), from the Date headers of the hosts that we ask anyway. Pure.
//
// One server alone can never freeze us, however often it repeats itself: it could lie on purpose. To freeze takes two hosts
// that agree that we are wrong, and in the same direction; with three or more the median must say so, so that a minority
// may lie. A single host is believed only together with a signed time: a key of the CA said it, not the server. One that
// lies in our future (an object refused as `from_future` after its signature was verified) proves that we are behind. That
// we are ahead no old signature can prove; an OCSP answer that carries the nonce of our own question can, for it was made
// just now: its producedAt is the reading of a host of its own (`signed:<key>`). Otherwise one host makes a warning.
import { HOUR, MINUTE } from '../calendar.ts';

/** Host's clock minus ours when it answered, ms. */
export type Reading = { host: string; at: number; offset: number };

export type ClockState = {
  state: 'ok' | 'warn' | 'frozen' | 'unknown';
  /** Clock of the others minus ours, ms: above zero, we are behind. */
  offset: number | null;
  /** When the newest reading was taken. */
  at: number | null;
  hosts: number;
};

/** Readings of what a key signed, not of a Date header: `signed:<key>`. */
export const SIGNED = 'signed:';

const WINDOW = HOUR;
/** §8: more than this is told; more than that stops automatic changes of state. */
const WARN = MINUTE;
const FREEZE = 5 * MINUTE;
/** Hosts that agree differ by less: a Date header has whole seconds, and answers travel. */
const AGREE = MINUTE;
/** A single host must say the same so often before it counts even as a warning. */
const REPEATED = 3;

/**
 * @param readings of the last hours, any order; of each host only the newest of the last hour counts, so that a clock
 *   that was put right is believed with the next answer
 * @param signedAhead a verified object of the last hour carries a time in our future
 */
export function judgeClock(readings: readonly Reading[], now: number, signedAhead = false): ClockState {
  // After a step back, what was read before lies in the future and says nothing any more.
  const recent = readings.filter(({ at }) => at <= now + AGREE && at > now - WINDOW);
  const newest = new Map<string, Reading>();
  for (const reading of [...recent].sort((a, b) => a.at - b.at)) newest.set(reading.host, reading);
  const all = [...newest.values()];
  // What a responder signs bears out a single host; beside several it would be a second vote of the one that carried it.
  const servers = all.filter(({ host }) => !host.startsWith(SIGNED));
  const hosts = servers.length > 1 ? servers : all;
  const at = hosts.length ? Math.max(...hosts.map((r) => r.at)) : null;
  if (hosts.length === 0) return { state: 'unknown', offset: null, at, hosts: 0 };
  if (hosts.length === 1) return { ...alone(hosts[0]!, recent, signedAhead), at, hosts: 1 };
  const offset = together(hosts.map((r) => r.offset));
  return { state: stateOf(offset), offset, at, hosts: hosts.length };
}

/**
 * Whether what a key signed ahead of the present is so by our own clock's fault: others agree that we are wrong, or the
 * only host there is says the same as the signature that it brought.
 */
export const isToBlame = ({ state, offset, hosts }: ClockState): boolean =>
  state === 'frozen' || (hosts === 1 && offset! > FREEZE);

/** Median; of an even number the middle one nearer to zero, so that half of the hosts cannot outvote the other half. */
function together(offsets: readonly number[]): number {
  const sorted = [...offsets].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)]!, sorted[Math.floor(sorted.length / 2)]!];
  if (Math.sign(low) !== Math.sign(high)) return 0;
  return Math.abs(low) < Math.abs(high) ? low : high;
}

function alone(
  { host, offset }: Reading,
  recent: readonly Reading[],
  signedAhead: boolean,
): Pick<ClockState, 'state' | 'offset'> {
  const said = recent.filter((r) => r.host === host && Math.abs(r.offset - offset) <= AGREE);
  if (Math.abs(offset) <= WARN) return { state: 'ok', offset };
  if (offset > FREEZE && signedAhead && said.length >= REPEATED) return { state: 'frozen', offset };
  return { state: said.length >= REPEATED ? 'warn' : 'unknown', offset };
}

const stateOf = (offset: number): ClockState['state'] =>
  Math.abs(offset) > FREEZE ? 'frozen' : Math.abs(offset) > WARN ? 'warn' : 'ok';
