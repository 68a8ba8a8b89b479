// Crosses the accepted lists of an issuer with every certificate of ours that it issued, and writes down what changed:
// in short transactions, each complete in itself. Objects are taken in the order in which they were accepted, so that a
// run that was killed is taken up where it stopped and what it had not crossed yet is not skipped. Running it twice
// changes nothing. While our own clock is wrong nothing is crossed at all.
import * as certificates from '../certificates/index.ts';
import { as, transact, type Context } from '../context.ts';
import { Pace } from '../db/pace.ts';
import * as settings from '../settings/index.ts';
import { applyAuthorities } from './authorities.ts';
import { nothing, tally, write, type Applied, type Decided } from './believing.ts';
import { isFrozen } from './clock.ts';
import { confirmLists, inChunks, settleParts, settlePast } from './confirming.ts';
import { endEpisodes } from './contradictions.ts';
import { decide } from './decide.ts';
import { hintOfDoubt, hintOutside } from './hinting.ts';
import { issuedSerials } from './issued.ts';
import { Issuers } from './issuers.ts';
import { reportLost } from './lost.ts';
import { clocked, raise } from './raising.ts';
import { headOf, heldLists, isSound, momentNow, standingAt, standingNow, type Standing } from './standing.ts';
import * as store from './store.ts';
import { remember, rememberedBy, wordsOf, Subjects, type Run } from './words-of.ts';

/** Status changes are the system's computation from evidence; who brought the evidence stands in its own entry. */
export const system = (ctx: Context): Context =>
  as(ctx, { kind: 'system', name: ctx.actor.kind === 'system' ? ctx.actor.name : 'jobs' });

/** Crosses whatever the issuer's lines have that was not crossed yet. Lets others work between its transactions. */
export async function applyIssuer(ctx: Context, issuerKey: string): Promise<Applied> {
  const total = nothing();
  if (isFrozen(ctx)) return total;
  const own = system(ctx);
  for (const part of settleParts(own, issuerKey)) await inChunks(part);
  // What is confirmed already the crossing need not write for each certificate.
  for (const part of confirmLists(own, issuerKey)) await inChunks(part);
  while (!(await crossed(own, issuerKey, total)));
  await spread(own, issuerKey);
  for (const part of settlePast(own, issuerKey)) await inChunks(part);
  return total;
}

/**
 * One crossing of what the issuer's lines hold. @returns false: somebody else continued or crossed a line meanwhile, so that
 * what was read before is past, and nothing more was written by it
 */
async function crossed(own: Context, issuerKey: string, total: Applied): Promise<boolean> {
  // What appears from now on may have been missed, wherever the crossing stands by then.
  const began = own.now();
  let stands = standsAsNow(own, issuerKey);
  for (const { standing, order } of steps(own, issuerKey)) {
    // Read anew each time: a CA found revoked by one list signs nothing after it.
    const issuers = Issuers.read(own.db);
    const run = { ...runOf(own, issuerKey, standing, issuers), order };
    const pace = new Pace();
    for (const take of chunks(own, issuerKey, pace)) {
      const part = pace.take(() => take((tx, rows) => (stands(tx) ? applyChunk(tx, rows, run) : null)));
      if (!part) return false;
      tally(total, part);
      await pace.rest();
    }
    const marked = transact(own, (tx) => {
      if (!stands(tx)) return false;
      applyAuthorities(tx, run, issuers);
      for (const each of standing) {
        // Once its signer is believed again, it is crossed again.
        const appliedAt = isSound(tx, each, issuers) ? began : null;
        store.setLine(tx.db, { issuerKey, scope: each.scope }, { appliedEvidenceId: headOf(each).id, appliedAt });
      }
      stands = standsAsNow(tx, issuerKey);
      return true;
    });
    if (!marked) return false;
  }
  return true;
}

/** Whether, later, the issuer's lines still hold what they hold now and are crossed as far as they are now. */
function standsAsNow(ctx: Context, issuerKey: string): (later: Context) => boolean {
  const state = (at: Context) =>
    JSON.stringify(
      store
        .linesOf(at.db, issuerKey)
        .map((line) => [line.scope, line.evidenceId, line.deltaEvidenceId, line.appliedEvidenceId, line.appliedAt]),
    );
  const now = state(ctx);
  return (later) => state(later) === now;
}

/** One certificate, at once, by what its issuer's lists and its own answer say now. */
export function applyOne(ctx: Context, certificateId: string): Applied {
  const issuerKey = store.checkedById(ctx.db, certificateId)?.issuerKey;
  return issuerKey ? applySome(ctx, issuerKey, [certificateId]) : nothing();
}

/** Certificates of one issuer, at most a chunk: its lists are read and walked once for all of them. */
export function applySome(ctx: Context, issuerKey: string, ids: readonly string[]): Applied {
  if (ids.length === 0 || isFrozen(ctx)) return nothing();
  const own = system(ctx);
  const stands = standsAsNow(own, issuerKey);
  const run = runOf(own, issuerKey, standingNow(own, issuerKey), Issuers.read(ctx.db), ids);
  const rowsOf = (tx: Context) => ids.flatMap((id) => store.checkedById(tx.db, id) ?? []);
  const applied = transact(own, (tx) => (stands(tx) ? applyChunk(tx, rowsOf(tx), run) : null));
  // Another process continued a line between the two.
  return applied ?? applySome(ctx, issuerKey, ids);
}

/** What the issuer's lines brought since they were crossed last, object by object; at the end what holds now. */
function steps(ctx: Context, issuerKey: string): { standing: Standing[]; order: number }[] {
  const lines = store.linesOf(ctx.db, issuerKey);
  if (lines.length === 0) return [];
  const applied = new Map(
    lines.map((line) => [line.scope, line.appliedEvidenceId ? store.orderOf(ctx.db, line.appliedEvidenceId) : 0]),
  );
  const now = { standing: standingNow(ctx, issuerKey), order: store.lastOrder(ctx.db) };
  const pending = store
    .listsAfter(ctx.db, issuerKey, Math.min(...applied.values()))
    .filter(({ scope, order }) => order > (applied.get(scope) ?? 0));
  // The last object of each line is crossed with what holds now.
  const heads = new Set(now.standing.map((each) => headOf(each).id));
  const between = pending.filter(({ id }) => !heads.has(id));
  return [...between.map(({ order }) => ({ standing: standingAt(ctx, issuerKey, order), order })), now];
}

type Take = <T>(work: (tx: Context, rows: store.Checked[]) => T) => T;

/** Transactions over all certificates of the issuer; rows are read inside, so that none is decided on an old state. */
function* chunks(ctx: Context, issuerKey: string, pace: Pace): Generator<Take> {
  for (const authorityId of store.authoritiesOf(ctx.db, issuerKey)) {
    for (let after = 0, more = true; more;) {
      yield (work) =>
        transact(ctx, (tx) => {
          const rows = store.issuedBy(tx.db, authorityId, after, pace.rows);
          more = rows.length === pace.rows;
          after = rows.at(-1)?.order ?? after;
          return work(tx, rows);
        });
    }
  }
  const dataOnly = store.dataOnlyOf(ctx.db, issuerKey).map((row) => row.id);
  while (dataOnly.length > 0) {
    const ids = dataOnly.splice(0, pace.rows);
    yield (work) =>
      transact(ctx, (tx) =>
        work(
          tx,
          ids.flatMap((id) => store.checkedById(tx.db, id) ?? []),
        ),
      );
  }
}

/** People hear of lists that cannot be read any more. */
const told = (ctx: Context) => (each: Standing) => void reportLost(ctx, [each]);

function runOf(
  ctx: Context,
  issuerKey: string,
  standing: readonly Standing[],
  issuers: Issuers,
  only: readonly string[] | null = null,
): Run {
  const wanted = only ? new Set(store.serialsAmong(ctx.db, only)) : issuedSerials(ctx.db, issuerKey, issuers);
  const lists = heldLists(ctx, standing, wanted, momentNow(ctx, issuerKey), issuers, told(ctx));
  return {
    issuerKey,
    issuerName: issuers.nameOf(issuerKey),
    lists,
    wanted,
    ...rememberedBy(store.listingsOf(ctx.db, issuerKey)),
    policy: settings.get(ctx, 'freshness'),
    order: store.lastOrder(ctx.db),
    subjects: new Subjects(issuers, issuerKey),
  };
}

function applyChunk(tx: Context, rows: readonly store.Checked[], run: Run): Applied {
  const ids = rows.map((row) => row.id);
  const answers = store.answersOf(tx.db, ids);
  const episodes = store.episodesOf(tx.db, ids);
  const decided: Decided[] = [];
  for (const one of rows) {
    const row = disowned(tx, one);
    // It came after the lists were walked: its absence from them would mean nothing. It waits for the next crossing.
    if (!run.wanted.has(row.serial)) continue;
    const said = run.subjects.ask(tx, row, run);
    remember(tx, row.serial, said, run);
    if (said.word === null) hintOfDoubt(tx, row, said, run.issuerName);
    if (said.namedBy.length === 0) hintOutside(tx, row, run);
    const words = clocked(tx, row.id, wordsOf(row, said.word, answers.get(row.id)));
    if (words.length === 0) continue;
    const { state, events } = decide(row.state, words, run.policy, row.notAfter);
    if (events.length) raise(tx, row, state, events, run);
    const standing = episodes.get(row.id);
    if (standing) endEpisodes(tx, standing, { state, words, events });
    decided.push({ row, state });
  }
  return { ...write(tx, decided, run), checked: rows.length };
}

/** Without what was said of it before its file came, if that file shows that another CA said it. */
function disowned(tx: Context, row: store.Checked): store.Checked {
  if (row.fingerprint === null || !['revoked', 'on_hold'].includes(row.state.status)) return row;
  const by = store.listOfAnother(tx.db, row.id);
  if (!by) return row;
  const { reason, revokedAt } = row.state;
  certificates.disownStatus(tx, row.id);
  const detail = JSON.stringify({ reason, revokedAt, issuer: by.issuerName, code: 'other_issuer' });
  store.addSignal(tx.db, { kind: 'hint', certificateId: row.id, evidenceId: by.evidenceId, detail, at: tx.now() });
  return store.checkedById(tx.db, row.id)!;
}

/** What rests on a list that was confirmed (304, or the same bytes again) is confirmed with it. */
export async function spread(ctx: Context, issuerKey: string): Promise<void> {
  if (isFrozen(ctx)) return;
  const own = system(ctx);
  for (const part of confirmLists(own, issuerKey, (some) => void applySome(own, issuerKey, some))) await inChunks(part);
}

/** CA certificates that came after the issuer's lists were crossed, or whose crossing was cut off: by the lists that are held. */
export function applyNewAuthorities(ctx: Context, issuerKey: string, issuers: Issuers): void {
  const wanted = new Set(issuers.issuedBy(issuerKey).map((ca) => ca.view.serial));
  if (wanted.size === 0 || isFrozen(ctx)) return;
  const own = system(ctx);
  const lists = heldLists(own, standingNow(own, issuerKey), wanted, momentNow(own, issuerKey), issuers, told(own));
  transact(own, (tx) =>
    applyAuthorities(tx, { issuerKey, lists, ...rememberedBy(store.listingsOf(tx.db, issuerKey)) }, issuers),
  );
}
