// Asks a source for its list: conditional GET. A failure is recorded on the source and nowhere else: what was verified
// stays and ages (certificate-status §6, soft-fail is operational).
import { dateTime } from '#lib/format.ts';
import { HOUR, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { OutboundError, type AllowEntry, type Fetched, type Outbound } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import { afterFailure, ASKING, CLOCK, hostOf, pollAfter, URGENT } from './circuit.ts';
import { isClocks, isFrozen, readClock } from './clock.ts';
import type { Issuers } from './issuers.ts';
import { mayConfirm } from './list-lines.ts';
import { refusals, type RefusalCode } from './refusals.ts';
import * as store from './store.ts';
import { confirmList, takeList, type Taken } from './taking.ts';

export type FetchOutcome = 'new' | 'same' | 'refused' | 'failed';

/** Hosts of the office's own network that may be asked, while their entry holds. */
export function allowed(ctx: Context): AllowEntry[] {
  const today = wibDate(ctx.now());
  return settings.get(ctx, 'outboundAllow').filter((entry) => entry.until === '' || entry.until >= today);
}

/** One list. Its bytes, when new, stand as evidence afterwards; nothing is crossed here. */
export async function fetchList(
  ctx: Context,
  source: store.SourceRow,
  outbound: Outbound,
  issuers: Issuers,
): Promise<FetchOutcome> {
  const condition = conditionOf(ctx, source, issuers);
  let fetched: Fetched;
  try {
    fetched = await outbound.fetchBounded(source.url, { allow: allowed(ctx), ...condition });
  } catch (error) {
    return failed(ctx, source, error);
  }
  if (fetched.status === 304) return unchanged(ctx, source, fetched, condition, issuers);
  const from = { sourceId: source.id, origin: 'fetched' as const, name: source.url };
  return settled(ctx, source, fetched, await takeList(ctx, fetched.body, source.issuerKey, from, issuers), issuers);
}

type Condition = { etag: string | null; lastModified: string | null };

/** By what the server knows what we hold; nothing, where that may not be confirmed: then its bytes are judged anew. */
function conditionOf(ctx: Context, source: store.SourceRow, issuers: Issuers): Condition {
  const held = source.evidenceId === null ? undefined : store.evidenceById(ctx.db, source.evidenceId);
  const { etag, lastModified } = source;
  return held && mayConfirm(ctx, held, issuers) ? { etag, lastModified } : { etag: null, lastModified: null };
}

/** 304: what we hold is still what they publish. Said to somebody who made no condition (RFC 9110 §15.4.5), it is no answer. */
function unchanged(
  ctx: Context,
  source: store.SourceRow,
  fetched: Fetched,
  { etag, lastModified }: Condition,
  issuers: Issuers,
): FetchOutcome {
  const { evidenceId } = source;
  const isProven = evidenceId !== null && (etag ?? lastModified) !== null;
  transact(ctx, (tx) => hear(tx, source, fetched, isProven ? issuers : null));
  if (!isProven) {
    const text =
      'Server menjawab "tidak berubah" (304) padahal CRL-nya diminta utuh; minta pengelola server memeriksanya.';
    transact(ctx, (tx) => fail(tx, source, { code: 'unexpected_304', text, retryAfter: fetched.retryAfter }, fetched));
    return 'failed';
  }
  return transact(ctx, (tx): FetchOutcome => {
    const held = store.evidenceById(tx.db, evidenceId)!;
    if (store.inForce(tx.db, held).id !== evidenceId) {
      const text = `Server masih menyajikan CRL terbitan ${dateTime(held.thisUpdate)}, lebih lama daripada yang sudah dimiliki; minta pengelola server menyajikan yang terbaru.`;
      fail(tx, source, { code: 'older_than_known', text, retryAfter: fetched.retryAfter }, fetched);
      return 'refused';
    }
    confirmList(tx, evidenceId);
    succeeded(tx, source, fetched, evidenceId);
    return 'same';
  });
}

/**
 * Refusals of an answer about one certificate: the responder works, it has nothing usable for this one (RFC 5019 §2.2.3).
 * But for the first two it proved by its signature that it is the one; what else is wrong with an answer is its own fault.
 */
export const OF_ONE: readonly RefusalCode[] = [
  'ocsp_unauthorized',
  'not_about_this',
  'just_issued',
  'after_expiry',
  'before_certificate',
  'hash_mismatch',
  'older_than_known',
  'expired',
  'times_disordered',
  'produced_disordered',
  'unknown_critical_ocsp',
  // Ours: its CA is not trusted at this instant.
  'issuer_unknown',
  'issuer_untrusted',
];

/** Of these what the responder itself does wrong, and does wrong with every answer once it does so for hours on end. */
const BROKEN: readonly RefusalCode[] = [
  'older_than_known',
  'expired',
  'times_disordered',
  'produced_disordered',
  'unknown_critical_ocsp',
];
/** A responder in health gives some certificate a usable answer in so long a time. */
const ANSWERS_WITHIN = ASKING + HOUR;

/** Whether a responder that answers fails all the same: nothing of what it signs is usable, and that not by our clock. */
function isUseless(tx: Context, source: store.SourceRow, code: RefusalCode): boolean {
  const { confirmedAt } = store.sourceById(tx.db, source.id) ?? source;
  return BROKEN.includes(code) && (confirmedAt ?? 0) < tx.now() - ANSWERS_WITHIN && !isFrozen(tx);
}

/** Writes down what came of an answer: a source that gave something acceptable is well, another one backs off. */
export function settled(
  ctx: Context,
  source: store.SourceRow,
  fetched: Fetched,
  taken: Taken,
  issuers: Issuers,
): FetchOutcome {
  transact(ctx, (tx) => {
    hear(tx, source, fetched, isSigned(source, taken) ? issuers : null);
    if (taken.outcome !== 'refused' && !taken.aside) return succeeded(tx, source, fetched, taken.evidenceId);
    const code = taken.outcome === 'refused' ? codeOf(taken.code, fetched.body) : 'other_key';
    if (source.kind === 'ocsp' && OF_ONE.includes(code) && !isUseless(tx, source, code))
      return answered(tx, source, fetched, {});
    fail(tx, source, { code, text: refusals[code].text, retryAfter: fetched.retryAfter }, fetched);
  });
  return taken.outcome !== 'refused' && taken.aside ? 'refused' : taken.outcome;
}

/** What came is not even the beginning of an object, but of a page: somebody on the way answered, or the site moved. */
const codeOf = (code: RefusalCode, body: Buffer): RefusalCode =>
  code === 'unreadable' && /^\s*</.test(body.toString('utf8', 0, 200).replace(/^\uFEFF/, '')) ? 'web_page' : code;

/** What the host's clock says. @param issuers null: it gave nothing that verifies, so that nobody vouches for it */
const hear = (tx: Context, { issuerKey }: store.SourceRow, { url, date }: Fetched, issuers: Issuers | null): void =>
  readClock(tx, hostOf(url), date, issuers?.vouchersOf(issuerKey) ?? []);

/** Refusals for the time of what was verified: our own clock may be the one that is wrong. */
const DATED: readonly RefusalCode[] = ['from_future', 'produced_in_future', 'expired'];

/** Whether a CA of ours signed what came. Of a list also the path is judged by the time, after its signature. */
const isSigned = ({ kind }: store.SourceRow, taken: Taken): boolean =>
  taken.outcome === 'refused'
    ? DATED.includes(taken.code) || (kind === 'crl' && taken.code === 'issuer_untrusted')
    : !taken.aside;

function succeeded(tx: Context, source: store.SourceRow, fetched: Fetched, evidenceId: string | null): void {
  const { status, etag, lastModified } = fetched;
  answered(tx, source, fetched, {
    confirmedAt: tx.now(),
    evidenceId,
    ...(status === 200 ? { etag, lastModified } : {}),
  });
}

/** It is at work, whatever came of its answer. */
function answered(tx: Context, source: store.SourceRow, fetched: Fetched, gained: Partial<store.SourceRow>): void {
  const now = tx.now();
  store.setSource(tx.db, source.id, {
    attemptedAt: now,
    dueAt: now + pollAfter(source.id, now),
    failures: 0,
    failedSince: null,
    failureCode: null,
    failureText: null,
    clockOffset: fetched.date === null ? null : fetched.date - now,
    ...gained,
  });
}

export function failed(ctx: Context, source: store.SourceRow, error: unknown): 'failed' {
  if (!(error instanceof OutboundError)) throw error;
  const { code, message: text, retryAfter } = error;
  transact(ctx, (tx) => fail(tx, source, { code, text, retryAfter }, null));
  return 'failed';
}

/** A fault of ours must not keep the other sources from being asked: it stands on this one. */
export function internal(ctx: Context, source: store.SourceRow, error: unknown): 'failed' {
  process.stderr.write(`[revocation] ${source.url}: ${error instanceof Error ? error.stack : String(error)}\n`);
  const text = 'Galat di Siaga sendiri saat menilai jawabannya; lihat log proses tugas dan laporkan.';
  transact(ctx, (tx) => fail(tx, source, { code: 'internal', text, retryAfter: null }, null));
  return 'failed';
}

type Why = { code: string; text: string; retryAfter: number | null };

function fail(tx: Context, source: store.SourceRow, why: Why, fetched: Fetched | null): void {
  const now = tx.now();
  // Read anew: many questions about certificates may fail at one responder at the same time, and count as one.
  const row = store.sourceById(tx.db, source.id) ?? source;
  store.setSource(tx.db, source.id, {
    attemptedAt: now,
    ...(isClocks(tx, why.code)
      ? { dueAt: now + URGENT, ...WAITS_FOR_CLOCK }
      : {
          ...afterFailure(row, why.retryAfter, now),
          failureCode: why.code,
          failureText: why.text,
        }),
    ...(fetched?.date ? { clockOffset: fetched.date - now } : {}),
  });
}

/** The source is well; what it signs is asked for until our clock is right, and then taken. */
const WAITS_FOR_CLOCK = {
  failures: 0,
  failedSince: null,
  failureCode: CLOCK,
  failureText:
    'Jam server Siaga tidak cocok dengan server lain, sehingga terbitan barunya yang sah tampak bertanggal di masa depan. Sumber ini tidak bersalah. Betulkan jam server (NTP); Siaga memintanya lagi tiap lima menit dan memakainya begitu jam benar.',
};
