// Asks the sources: conditional GET of lists, OCSP questions about single certificates. A failure is recorded on the
// source and nowhere else: what was verified stays and ages (certificate-status §6, soft-fail is operational).
import { randomBytes } from 'node:crypto';
import { HOUR, MINUTE, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { OutboundError, type AllowEntry, type Fetched, type Outbound } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import { confirmLine } from './applying.ts';
import type { Issuers } from './issuers.ts';
import { buildRequest, MAX_RESPONSE } from './ocsp.ts';
import { refusals } from './reasons.ts';
import * as store from './store.ts';
import { takeAnswer, takeList, type Taken } from './taking.ts';

/** Lists are asked for every hour, whatever nextUpdate says (§6); a little less, so that an hourly tick finds them due. */
export const POLL = 55 * MINUTE;
/** The lane of open incidents and pending revocations. */
export const URGENT = 5 * MINUTE;
const MAX_BACK_OFF = 6 * HOUR;

export type FetchOutcome = 'new' | 'same' | 'refused' | 'failed';

/** Hosts of the office's own network that may be asked, while their entry holds. */
export function allowed(ctx: Context): AllowEntry[] {
  const today = wibDate(ctx.now());
  return settings.get(ctx, 'outboundAllow').filter((entry) => entry.until === '' || entry.until >= today);
}

/** Pause after `failures` in a row: 5, 10, 20 … minutes, six hours at most; a server's own wish counts. */
export const backOff = (failures: number, retryAfter: number | null): number =>
  Math.min(MAX_BACK_OFF, Math.max((retryAfter ?? 0) * 1000, URGENT * 2 ** Math.min(failures - 1, 10)));

/** One list. Its bytes, when new, stand as evidence afterwards; nothing is crossed here. */
export async function fetchList(
  ctx: Context,
  source: store.SourceRow,
  outbound: Outbound,
  issuers: Issuers,
): Promise<FetchOutcome> {
  let fetched: Fetched;
  try {
    const { etag, lastModified } = source.evidenceId ? source : { etag: null, lastModified: null };
    fetched = await outbound.fetchBounded(source.url, { allow: allowed(ctx), etag, lastModified });
  } catch (error) {
    return failed(ctx, source, error);
  }
  if (fetched.status === 304) return unchanged(ctx, source, fetched);
  const taken = takeList(
    ctx,
    fetched.body,
    source.issuerKey,
    { sourceId: source.id, origin: 'fetched', name: source.url },
    issuers,
  );
  return settled(ctx, source, fetched, taken);
}

function unchanged(ctx: Context, source: store.SourceRow, fetched: Fetched): FetchOutcome {
  const evidence = source.evidenceId ? store.evidenceById(ctx.db, source.evidenceId) : undefined;
  const line = evidence && store.lineOf(ctx.db, evidence.issuerKey, evidence.scope);
  transact(ctx, (tx) => {
    // Another address may have brought a newer list since; then this one confirms the older and thereby nothing.
    if (line && line.evidenceId === source.evidenceId) confirmLine(tx, line, tx.now());
    succeeded(tx, source, fetched, source.evidenceId);
  });
  return 'same';
}

function settled(ctx: Context, source: store.SourceRow, fetched: Fetched, taken: Taken): FetchOutcome {
  transact(ctx, (tx) => {
    if (taken.outcome === 'refused')
      return fail(tx, source, { code: taken.code, text: refusals[taken.code].text, retryAfter: null }, fetched);
    succeeded(tx, source, fetched, taken.evidenceId);
  });
  return taken.outcome;
}

function succeeded(tx: Context, source: store.SourceRow, fetched: Fetched, evidenceId: string | null): void {
  const now = tx.now();
  store.setSource(tx.db, source.id, {
    attemptedAt: now,
    confirmedAt: now,
    dueAt: now + POLL,
    failures: 0,
    failedSince: null,
    failureCode: null,
    failureText: null,
    evidenceId,
    clockOffset: fetched.date === null ? null : fetched.date - now,
    ...(fetched.status === 200 ? { etag: fetched.etag, lastModified: fetched.lastModified } : {}),
  });
}

function failed(ctx: Context, source: store.SourceRow, error: unknown): 'failed' {
  if (!(error instanceof OutboundError)) throw error;
  transact(ctx, (tx) =>
    fail(tx, source, { code: error.code, text: error.message, retryAfter: error.retryAfter }, null),
  );
  return 'failed';
}

function fail(
  tx: Context,
  source: store.SourceRow,
  why: { code: string; text: string; retryAfter: number | null },
  fetched: Fetched | null,
): void {
  const now = tx.now();
  const failures = source.failures + 1;
  store.setSource(tx.db, source.id, {
    attemptedAt: now,
    dueAt: now + backOff(failures, why.retryAfter),
    failures,
    failedSince: source.failedSince ?? now,
    failureCode: why.code,
    failureText: why.text,
    ...(fetched?.date ? { clockOffset: fetched.date - now } : {}),
  });
}

export type Asked = { outcome: FetchOutcome | 'nowhere'; text: string | null };

/** Asks the responders that the certificate names, one after the other, until one gives an acceptable answer. */
export async function askResponder(
  ctx: Context,
  certificateId: string,
  outbound: Outbound,
  issuers: Issuers,
): Promise<Asked> {
  const row = store.checkedById(ctx.db, certificateId);
  const issuer = issuers.all.find((a) => a.id === row?.authorityId);
  const urls = row ? (JSON.parse(row.ocspUrls) as string[]).slice(0, 4) : [];
  if (!row || !issuer || urls.length === 0) return { outcome: 'nowhere', text: null };
  let last: Asked = { outcome: 'nowhere', text: null };
  for (const url of urls) {
    last = await askOne(ctx, row, url, { outbound, issuers, issuer: issuer.view });
    if (last.outcome === 'new' || last.outcome === 'same') break;
  }
  return last;
}

type Asking = { outbound: Outbound; issuers: Issuers; issuer: Issuers['all'][number]['view'] };

async function askOne(
  ctx: Context,
  row: { id: string; serial: string; issuerKey: string | null },
  url: string,
  by: Asking,
): Promise<Asked> {
  const nonce = randomBytes(32);
  const source = store.sourceAt(ctx.db, 'ocsp', row.issuerKey!, url);
  let fetched: Fetched;
  try {
    fetched = await by.outbound.fetchBounded(url, {
      allow: allowed(ctx),
      method: 'POST',
      body: buildRequest({ serial: row.serial, issuer: by.issuer }, nonce),
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      maxBytes: MAX_RESPONSE,
    });
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (source) failed(ctx, source, error);
    return { outcome: 'failed', text: error.message };
  }
  const from = { sourceId: source?.id ?? null, origin: 'fetched' as const, name: url };
  const taken = takeAnswer(ctx, fetched.body, { certificateId: row.id, nonce }, from, by.issuers);
  if (source) settled(ctx, source, { ...fetched, status: 200 }, taken);
  return { outcome: taken.outcome, text: taken.outcome === 'refused' ? refusals[taken.code].text : null };
}

/** Runs the work of each item, at most two at once per host and eight in all (§6). */
export async function perHost<T>(
  items: readonly T[],
  hostOf: (item: T) => string,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const busy = new Map<string, number>();
  const next = (): T | undefined => {
    const at = waiting.findIndex((item) => (busy.get(hostOf(item)) ?? 0) < 2);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  const lane = async (): Promise<void> => {
    for (let item = next(); item !== undefined; item = next()) {
      const host = hostOf(item);
      busy.set(host, (busy.get(host) ?? 0) + 1);
      try {
        await work(item);
      } finally {
        busy.set(host, busy.get(host)! - 1);
      }
    }
  };
  // A lane that finds only busy hosts ends; the lanes that hold those hosts take up what is left.
  await Promise.all(Array.from({ length: 8 }, lane));
}
