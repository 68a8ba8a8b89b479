// Whether our own clock can be believed (certificate-status §8), from the Date headers of the hosts that we ask anyway. Pure.
//
// One server alone can never freeze us, however often it repeats itself: it could lie on purpose. To freeze takes two hosts
// that agree that we are wrong, and in the same direction; with three or more the median must say so, so that a minority
// may lie. One organisation cannot either, under however many names of hosts, keys and CAs: each that an anchor certified has
// one vote, and they must say the same as the hosts. Heard alone, while there are others that could be, it makes a warning at
// most; where there is no other, it stops nobody's changes but those of its own certificates. Whoever gave nothing that
// verifies makes a warning at most, too. A single host is believed only together with a signed time: a key of the CA said it, not the
// server. One that lies in our future (an object refused as `from_future` after its signature was verified) proves that we
// are behind. That we are ahead no old signature can prove; an OCSP answer that carries the nonce of our own question can,
// for it was made just now: its producedAt is the reading of a host of its own (`signed:<key>`).
import { HOUR, MINUTE } from '../calendar.ts';

/** Host's clock minus ours when it answered, ms. */
export type Reading = {
  host: string;
  at: number;
  /** Grows from one that was taken to the next: our clock may have been set back in between. */
  order: number;
  offset: number;
  /** Organisations, certified by an anchor, that vouch for what it gave; none: it gave nothing that verifies. */
  tops: readonly string[];
};

export type ClockState = {
  state: 'ok' | 'warn' | 'frozen' | 'unknown';
  /** Clock of the others minus ours, ms: above zero, we are behind. */
  offset: number | null;
  /** When the newest reading was taken. */
  at: number | null;
  /** Voices that were heard: of a lone server also what a key signed. */
  hosts: number;
  /** Computers whose Date header was read. */
  servers: number;
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
 * @param areOthers whether sources of more than one organisation are asked; told only where it matters
 */
export function judgeClock(
  readings: readonly Reading[],
  now: number,
  signedAhead = false,
  areOthers = (): boolean => false,
): ClockState {
  // After a step back, what was read before lies in the future and says nothing any more.
  const recent = readings.filter(({ at }) => at <= now + AGREE && at > now - WINDOW);
  const proven = recent.filter(({ tops }) => tops.length > 0);
  const said = judged(proven.length > 0 ? proven : recent, signedAhead);
  const heard = new Set(proven.flatMap(({ tops }) => tops)).size;
  const isEnough = heard > 1 || (heard === 1 && (said.state !== 'frozen' || !areOthers()));
  return said.state === 'frozen' && !isEnough ? { ...said, state: 'warn' } : said;
}

function judged(taken: readonly Reading[], signedAhead: boolean): ClockState {
  const recent = withoutPast(taken);
  const newest = new Map<string, Reading>();
  for (const reading of recent) newest.set(reading.host, reading);
  const all = [...newest.values()];
  if (all.length === 0) return { state: 'unknown', offset: null, at: null, hosts: 0, servers: 0 };
  // What a responder signs bears out a single host; beside several it would be a second vote of the one that carried it.
  const servers = all.filter(isServer);
  const hosts = servers.length > 1 ? servers : all;
  const at = Math.max(...hosts.map((r) => r.at));
  const byHosts = hosts.length === 1 ? alone(hosts[0]!, recent, signedAhead) : agreed(hosts.map((r) => r.offset));
  const tops = new Map<string, Set<string>>();
  for (const { host, tops: own } of recent)
    for (const top of own) tops.set(top, (tops.get(top) ?? new Set()).add(host));
  const votes = [...tops.values()].map((own) => together([...own].map((host) => newest.get(host)!.offset)));
  return {
    ...(votes.length > 1 ? milder(byHosts, agreed(votes)) : byHosts),
    at,
    hosts: hosts.length,
    servers: servers.length,
  };
}

const isServer = ({ host }: Reading): boolean => !host.startsWith(SIGNED);

/**
 * In the order in which they were taken. Beside a single server what a key signed speaks about the clock that we had then:
 * where the server has said something else ever since, that was before our clock jumped, and says nothing of it now.
 */
function withoutPast(taken: readonly Reading[]): Reading[] {
  const ordered = [...taken].sort((a, b) => a.order - b.order);
  const servers = ordered.filter(isServer);
  const last = servers.at(-1);
  if (!last || servers.some(({ host }) => host !== last.host)) return ordered;
  const since = servers[servers.findLastIndex((one) => !agrees(one, last)) + 1]!;
  return ordered.filter((one) => isServer(one) || one.order > since.order || agrees(one, last));
}

const agrees = (a: Reading, b: Reading): boolean => Math.abs(a.offset - b.offset) <= AGREE;

type Verdict = Pick<ClockState, 'state' | 'offset'>;

const agreed = (offsets: readonly number[]): Verdict => {
  const offset = together(offsets);
  return { state: stateOf(offset), offset };
};

const RISING: readonly ClockState['state'][] = ['ok', 'unknown', 'warn', 'frozen'];
const milder = (a: Verdict, b: Verdict): Verdict => (RISING.indexOf(b.state) < RISING.indexOf(a.state) ? b : a);

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

function alone({ host, offset }: Reading, recent: readonly Reading[], signedAhead: boolean): Verdict {
  const said = recent.filter((r) => r.host === host && Math.abs(r.offset - offset) <= AGREE);
  if (Math.abs(offset) <= WARN) return { state: 'ok', offset };
  if (offset > FREEZE && signedAhead && said.length >= REPEATED) return { state: 'frozen', offset };
  return { state: said.length >= REPEATED ? 'warn' : 'unknown', offset };
}

const stateOf = (offset: number): ClockState['state'] =>
  Math.abs(offset) > FREEZE ? 'frozen' : Math.abs(offset) > WARN ? 'warn' : 'ok';
