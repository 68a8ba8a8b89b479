// Asks responders about single certificates (RFC 6960), one responder after the other, until one gives an answer that is
// accepted. A responder that backs off is left alone, unless a person asks.
import { randomBytes } from 'node:crypto';
import { transact, type Context } from '../context.ts';
import { OutboundError, type Fetched, type Outbound } from '../outbound/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { backOff, isDue, isHurriedDue, URGENT } from './circuit.ts';
import { isClocks } from './clock.ts';
import { allowed, failed, OF_ONE, settled, type FetchOutcome } from './fetching.ts';
import { alone, type Write } from './grouped.ts';
import type { Issuers } from './issuers.ts';
import { MAX_RESPONSE } from './ocsp.ts';
import { buildRequest, posted, transportOf, type Transport } from './ocsp-request.ts';
import { refusals } from './refusals.ts';
import * as store from './store.ts';
import type { Taken } from './taking.ts';
import { answerRules, takeAnswer, type AnswerRules } from './taking-answer.ts';

export type Asked = { outcome: FetchOutcome | 'nowhere' | 'resting'; text: string | null };

type By = {
  outbound: Outbound;
  issuers: Issuers;
  /** A person waits: also responders that back off are asked. */
  urgent?: boolean;
  /** Where answers are written when many are asked at once. */
  write?: Write<AnswerRules>;
};

/** At most so many responders of one certificate are asked. */
const RESPONDERS = 4;

export async function askResponder(ctx: Context, certificateId: string, by: By): Promise<Asked> {
  const row = store.checkedById(ctx.db, certificateId);
  const issuer = by.issuers.all.find((a) => a.id === row?.authorityId);
  const urls = row ? (JSON.parse(row.ocspUrls) as string[]).slice(0, RESPONDERS) : [];
  if (!row || !issuer || urls.length === 0) return { outcome: 'nowhere', text: null };
  let last: Asked = { outcome: 'nowhere', text: null };
  const hurried = store.isHurried(ctx.db, certificateId);
  for (const url of urls) {
    const source = store.sourceAt(ctx.db, 'ocsp', row.issuerKey!, url);
    if (source && !by.urgent && rests(source, ctx.now(), hurried)) {
      last = { outcome: 'resting', text: source.failureText };
      continue;
    }
    last = await askOne(ctx, { ...row, url, source, issuer: issuer.view }, by);
    if (last.outcome === 'new' || last.outcome === 'same') break;
  }
  return last;
}

/** The responder of a certificate that is asked first: the first that does not rest. */
export function firstAsked(ctx: Context, row: NonNullable<ReturnType<typeof store.checkedById>>): string | undefined {
  const urls = (JSON.parse(row.ocspUrls) as string[]).slice(0, RESPONDERS);
  if (urls.length < 2) return urls[0];
  const hurried = store.isHurried(ctx.db, row.id);
  const asked = urls.find((url) => {
    const source = store.sourceAt(ctx.db, 'ocsp', row.issuerKey!, url);
    return !source || !rests(source, ctx.now(), hurried);
  });
  return asked ?? urls[0];
}

/** Of certificates of open incidents those whose responders do not all rest; first those of which one does not fail. */
export function askable(ctx: Context, rows: readonly store.HurriedRow[]): store.HurriedRow[] {
  const now = ctx.now();
  const memory = new Map<string, 'well' | 'failing' | 'resting'>();
  const responders = ({ issuerKey, ocspUrls }: store.HurriedRow): 'well' | 'failing' | 'resting' => {
    const sources = (JSON.parse(ocspUrls) as string[])
      .slice(0, RESPONDERS)
      .map((url) => store.sourceAt(ctx.db, 'ocsp', issuerKey, url));
    if (sources.some((source) => !source || source.failures === 0)) return 'well';
    return sources.every((source) => rests(source!, now, true)) ? 'resting' : 'failing';
  };
  const stateOf = (row: store.HurriedRow): 'well' | 'failing' | 'resting' => {
    const key = `${row.issuerKey} ${row.ocspUrls}`;
    const state = memory.get(key) ?? responders(row);
    memory.set(key, state);
    return state;
  };
  const by = (state: ReturnType<typeof stateOf>) => rows.filter((row) => stateOf(row) === state);
  return [...by('well'), ...by('failing')];
}

/** Whether a responder is left alone after failures; what an incident depends on not for long (certificate-status §6). */
const rests = (source: store.SourceRow, now: number, hurried: boolean): boolean =>
  source.failures > 0 && !isDue(source, now) && !(hurried && isHurriedDue(source, now));

type Question = {
  id: string;
  serial: string;
  url: string;
  source: store.SourceRow | undefined;
  issuer: CertificateView;
};

async function askOne(ctx: Context, { id, serial, url, source, issuer }: Question, by: By): Promise<Asked> {
  // Who waits or has an incident wants an answer made now; the rest may come from a cache (RFC 5019 §5).
  const nonce = by.urgent || store.isHurried(ctx.db, id) ? randomBytes(32) : null;
  let fetched: Fetched;
  try {
    fetched = await ask(ctx, { serial, issuer, url, nonce }, by.outbound);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (source) failed(ctx, source, error);
    transact(ctx, (tx) => askedInVain(tx, id, 0));
    return { outcome: 'failed', text: error.message };
  }
  const from = { sourceId: source?.id ?? null, origin: 'fetched' as const, name: url };
  const write = by.write ?? alone(ctx, (tx) => answerRules(tx, by.issuers));
  const taken = await write((tx, rules) => {
    const answer = takeAnswer(tx, fetched.body, { certificateId: id, nonce }, from, rules);
    // Validators of an answer to POST mean nothing to the next question.
    if (source) settled(tx, source, { ...fetched, etag: null, lastModified: null }, answer, rules.issuers);
    remember(tx, id, answer, fetched.retryAfter, by.urgent === true);
    return answer;
  });
  return { outcome: taken.outcome, text: taken.outcome === 'refused' ? refusals[taken.code].text : null };
}

/** What a healthy responder does not answer about one certificate is asked later; an answer ends the pause. */
function remember(tx: Context, id: string, answer: Taken, retryAfter: number | null, isPersons: boolean): void {
  if (answer.outcome !== 'refused') return store.endUnanswered(tx.db, id);
  // Its responder is well, so that nothing but this pause keeps it from being asked without end.
  if (isClocks(tx, answer.code)) return askedInVain(tx, id, URGENT);
  if (!OF_ONE.includes(answer.code)) return askedInVain(tx, id, 0);
  const known = store.unansweredAbout(tx.db, id);
  // Whoever presses the button again and again does not make its pause longer.
  if (isPersons && known && known.refusals > 0 && !isDue(known, tx.now())) return;
  const refusals = (known?.refusals ?? 0) + 1;
  store.putUnanswered(tx.db, { certificateId: id, refusals, dueAt: tx.now() + backOff(id, refusals, retryAfter) });
}

/** The responder rests, not the certificate; but those that were not asked yet come before it. */
export const askedInVain = (tx: Context, id: string, pause: number): void =>
  store.putUnanswered(tx.db, {
    certificateId: id,
    refusals: store.unansweredAbout(tx.db, id)?.refusals ?? 0,
    dueAt: tx.now() + pause,
  });

/** One question to one responder. One that takes no GET, or misreads it, gets the same question by POST. */
export async function ask(
  ctx: Context,
  { url, nonce, ...about }: { url: string; serial: string; issuer: CertificateView; nonce: Buffer | null },
  outbound: Outbound,
): Promise<Fetched> {
  const request = buildRequest(about, nonce);
  const [first, post] = [transportOf(url, request, nonce), posted(url, request)];
  const send = ({ url: address, ...how }: Transport) =>
    outbound.fetchBounded(address, { allow: allowed(ctx), ...how, maxBytes: MAX_RESPONSE });
  if (first.method === 'POST') return send(first);
  try {
    const fetched = await send(first);
    return fetched.body.equals(MALFORMED_REQUEST) ? await send(post) : fetched;
  } catch (error) {
    if (error instanceof OutboundError && takesNoGet(error.status)) return send(post);
    throw error;
  }
}

/** The unsigned answer of a responder that could not read the question (RFC 6960 §4.2.1). */
const MALFORMED_REQUEST = Buffer.from('30030a0101', 'hex');

const takesNoGet = (status: number | null): boolean =>
  status !== null && (status === 501 || (status >= 400 && status < 500 && status !== 429));
