// When a source is asked again after it failed, and when a host as a whole is left alone (certificate-status §6). Pure: all
// of it follows from the rows of the sources, so that a restart forgets nothing.
import { createHash } from 'node:crypto';
import { HOUR, MINUTE } from '../calendar.ts';

/** Lists are asked for every hour, whatever nextUpdate says (§6), spread over its last minutes. */
export const POLL = 55 * MINUTE;
/**
 * Responders are asked about a certificate that no list speaks about at least this often, however long their answers may be
 * used: a revocation of the first hour is not to be learnt at the end of the week (§6).
 */
export const ASKING = 4 * HOUR;
/** The lane of open incidents and pending revocations. */
export const URGENT = 5 * MINUTE;
const MAX_BACK_OFF = 6 * HOUR;
/** No pause lasts longer: an instant that is further off was written while our clock ran ahead, and means nothing. */
export const LONGEST_PAUSE = 8 * HOUR;

/** What an incident depends on rests no longer than this after failures of its own making. */
const HURRIED_BACK_OFF = 15 * MINUTE;

/** Whether a pause is over. */
export const isDue = ({ dueAt }: { dueAt: number }, now: number): boolean =>
  dueAt <= now || dueAt > now + LONGEST_PAUSE;

/** So many failures in a row, of every source of a host, open its circuit. */
const TRIPS = 3;

/** Why a source that is well gave nothing that we could take: our own clock. */
export const CLOCK = 'clock';

/** Failures after which nobody knows whether the host is down, or something on the way keeps us from it. */
const NO_ANSWER: readonly string[] = ['dns', 'connect', 'tls', 'timeout', 'garbage'];

/** Failures that speak about the host, not about one object on it. */
const OF_HOST: readonly string[] = [...NO_ANSWER, 'status'];

/** Why a source was not even asked, or gave nothing: our own doing. */
const OURS: readonly string[] = ['refused_address', 'refused_port', 'internal', 'lost'];

export type Fault = 'no_answer' | 'ours' | 'web_page' | 'answered';

/** What the failure of a source says about the way to it: only an answer that is no web page shows that it is open. */
export function faultOf(failureCode: string | null): Fault {
  const code = failureCode ?? '';
  if (code === 'web_page') return code;
  return NO_ANSWER.includes(code) ? 'no_answer' : OURS.includes(code) ? 'ours' : 'answered';
}

type Standing = {
  id: string;
  url: string;
  failures: number;
  failureCode: string | null;
  failedSince: number | null;
  attemptedAt: number | null;
  dueAt: number;
};

/** Between 0 and 1, the same for the same words: what spreads questions must not change between two looks. */
export function jitter(...words: (string | number)[]): number {
  return createHash('sha256').update(words.join(' ')).digest().readUInt32BE() / 2 ** 32;
}

/** Pause until the next ordinary question: just under an hour, a few minutes apart from the others'. */
export const pollAfter = (id: string, now: number): number => POLL + Math.floor(jitter(id, now) * 4 * MINUTE);

/** From so many failures in a row on all pauses of a source are alike. */
const ALIKE = 8;

/** A server's own wish (Retry-After, seconds), kept within the longest pause. */
const wishOf = (retryAfter: number | null): number => Math.min(MAX_BACK_OFF, (retryAfter ?? 0) * 1000);

/**
 * Pause after `failures` in a row: 5, 10, 20 … minutes, six hours at most, and up to a fifth more so that sources that
 * failed together do not come back together; a server's own wish counts when it is longer.
 */
export function backOff(id: string, failures: number, retryAfter: number | null): number {
  const step = Math.min(failures, ALIKE);
  const pause = Math.min(MAX_BACK_OFF, URGENT * 2 ** (step - 1));
  return Math.max(wishOf(retryAfter), Math.floor(pause * (1 + jitter(id, step) / 5)));
}

/** When a source that fails since `since` would be asked after `asked`, had nobody ever asked it between its pauses. */
function undisturbed(id: string, since: number, asked: number): number {
  let turn = Math.min(since, asked);
  for (let n = 1; turn <= asked; n += 1) {
    const pause = backOff(id, n, null);
    turn += n < ALIKE ? pause : pause * (Math.floor((asked - turn) / pause) + 1);
  }
  return turn;
}

type Failing = Pick<Standing, 'id' | 'failures' | 'failedSince'>;

/**
 * The next turn of a failing source that was asked in vain at `asked`: when its pause is over, counted anew or from its
 * first failure, whichever ends first. Whoever asks in between, however often, puts off no turn by more than that pause.
 */
const turnOf = ({ id, failures, failedSince }: Failing, asked: number): number =>
  Math.min(undisturbed(id, failedSince ?? asked, asked), asked + backOff(id, failures, null));

/**
 * What a failure makes of a source. One before its turn (a person asked, an incident hurries) is no further failure, so
 * that impatience neither lengthens its pause, nor opens a circuit, nor raises an alert.
 */
export function afterFailure(
  source: Failing & Pick<Standing, 'attemptedAt'>,
  retryAfter: number | null,
  now: number,
): { failures: number; failedSince: number; dueAt: number } {
  const { id, failures, attemptedAt } = source;
  const isTurn = failures === 0 || attemptedAt === null || turnOf(source, attemptedAt) <= now;
  const after = { failures: isTurn ? failures + 1 : failures, failedSince: Math.min(source.failedSince ?? now, now) };
  return { ...after, dueAt: Math.max(turnOf({ id, ...after }, now), now + wishOf(retryAfter)) };
}

/**
 * Whether a source that an open incident depends on is due: every five minutes; while it fails after its pause, cut short,
 * unless the server itself asked for a longer one.
 */
export function isHurriedDue(source: Standing, now: number): boolean {
  const { failures, attemptedAt, dueAt } = source;
  if (attemptedAt === null || attemptedAt > now) return true;
  if (failures === 0) return attemptedAt + URGENT <= now;
  const turn = turnOf(source, attemptedAt);
  if (dueAt > turn) return isDue({ dueAt }, now);
  return Math.min(turn, attemptedAt + HURRIED_BACK_OFF) <= now;
}

/**
 * Whether a certificate of an open incident, about which a responder had nothing usable to say, is asked about again. The
 * pause of one that it answered about is longer than any without refusals, and nothing to an incident that began since.
 */
export function isAskedAgain(id: string, refusals: number, dueAt: number, now: number): boolean {
  if (refusals === 0) return dueAt <= now || dueAt > now + URGENT;
  const pause = backOff(id, refusals, null);
  return isDue({ dueAt }, now) || dueAt - pause + Math.min(pause, HURRIED_BACK_OFF) <= now;
}

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

export type Breaker = 'closed' | 'open' | 'half_open';

/**
 * The circuit of a host: `open` while every one of its sources keeps failing for a reason that lies with the host;
 * `half_open` when the pause after the last try is over, so that one of them may probe; any answer closes it, another
 * failure begins the next pause for all.
 * @param sources live sources of one host
 */
export function breakerOf(sources: readonly Standing[], now: number): Breaker {
  const down = sources.length > 0 && sources.every((s) => s.failures >= TRIPS && OF_HOST.includes(s.failureCode ?? ''));
  if (!down) return 'closed';
  const last = sources.reduce((a, b) => ((b.attemptedAt ?? 0) > (a.attemptedAt ?? 0) ? b : a));
  return isDue(last, now) ? 'half_open' : 'open';
}

/**
 * Of the sources that are due those that may be asked: of a host whose circuit is half open a single one, of an open one
 * none, but for one that is hurried.
 */
export function admitted<T extends Standing>(
  due: readonly T[],
  live: readonly Standing[],
  now: number,
  hurried: (source: T) => boolean = () => false,
): T[] {
  const hosts = Map.groupBy(live, (source) => hostOf(source.url));
  const probing = new Set<string>();
  return [...due]
    .sort((a, b) => a.dueAt - b.dueAt)
    .filter((source) => {
      const host = hostOf(source.url);
      const circuit = breakerOf(hosts.get(host) ?? [], now);
      if (circuit === 'closed') return true;
      if ((circuit === 'open' && !hurried(source)) || probing.has(host)) return false;
      probing.add(host);
      return true;
    });
}
