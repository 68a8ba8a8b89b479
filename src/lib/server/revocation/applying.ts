// Crosses the accepted lists of an issuer with every certificate of ours that it issued, and writes down what changed:
// in short transactions, each complete in itself. Running it twice changes nothing; a run that was killed is taken up
// again because the line's `appliedEvidenceId` still stands behind.
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import * as certificates from '../certificates/index.ts';
import { as, transact, type Context } from '../context.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { readCertificate } from '../x509/index.ts';
import { cross, readCrl } from './crl.ts';
import { decide, freshUntil, type Event, type FreshnessPolicy, type State, type Word } from './decide.ts';
import { Issuers } from './issuers.ts';
import * as store from './store.ts';
import { subjectOfRow, subjectOfView, wordOfLists, type Held, type ListsWord } from './subject.ts';

const CHUNK = 400;

export type Applied = { checked: number; changed: number; revoked: number };

/** Status changes are the system's computation from evidence; who brought the evidence stands in its own entry. */
const system = (ctx: Context): Context =>
  as(ctx, { kind: 'system', name: ctx.actor.kind === 'system' ? ctx.actor.name : 'jobs' });

export function applyIssuer(ctx: Context, issuerKey: string, issuers = Issuers.read(ctx.db)): Applied {
  const own = system(ctx);
  const lines = store.linesOf(ctx.db, issuerKey);
  const lists = heldLists(own, issuerKey, lines, issuers);
  const run: Run = {
    issuerKey,
    issuerName: issuers.ofKey(issuerKey)[0]?.commonName ?? '',
    lists,
    listings: new Map(store.listingsOf(ctx.db, issuerKey).map((row) => [`${row.scope} ${row.serial}`, row])),
    policy: settings.get(ctx, 'freshness'),
    scoped: lists.some((list) => list.crl.scope !== null),
  };
  const total: Applied = { checked: 0, changed: 0, revoked: 0 };
  const take = (rows: store.Checked[]) =>
    add(
      total,
      transact(own, (tx) => applyChunk(tx, rows, run)),
    );
  for (let after = ''; ;) {
    const rows = store.issuedBy(ctx.db, issuerKey, after, CHUNK);
    if (rows.length === 0) break;
    after = rows.at(-1)!.id;
    take(rows);
  }
  const dataOnly = store.dataOnlyOf(ctx.db, issuerKey);
  for (let at = 0; at < dataOnly.length; at += CHUNK) take(dataOnly.slice(at, at + CHUNK));
  applyAuthorities(own, run, issuers);
  transact(own, (tx) => lines.forEach((line) => store.markApplied(tx.db, line, tx.now())));
  return total;
}

function add(total: Applied, part: Applied): void {
  total.checked += part.checked;
  total.changed += part.changed;
  total.revoked += part.revoked;
}

type Run = {
  issuerKey: string;
  issuerName: string;
  lists: Held[];
  listings: Map<string, store.ListingRow>;
  policy: FreshnessPolicy;
  /** A list has a scope: the certificates' own distribution points are needed. */
  scoped: boolean;
};

/** The current list of each line, read from the store and crossed with all serials that could be ours. */
function heldLists(ctx: Context, issuerKey: string, lines: readonly store.LineRow[], issuers: Issuers): Held[] {
  const wanted = new Set([
    ...store.serialsOf(ctx.db, issuerKey),
    ...store.dataOnlyOf(ctx.db, issuerKey).map((row) => row.serial),
    ...issuers.issuedBy(issuerKey).map((ca) => ca.view.serial),
  ]);
  return lines.map((line) => {
    const evidence = store.evidenceById(ctx.db, line.evidenceId)!;
    const crl = readCrl(files.read(ctx, evidence.sha256));
    return {
      crl,
      crossing: cross(crl, wanted),
      evidenceId: evidence.id,
      scope: line.scope,
      confirmedAt: line.confirmedAt,
      quarantined: evidence.remarks.includes('shrunk'),
    };
  });
}

function applyChunk(tx: Context, rows: readonly store.Checked[], run: Run): Applied {
  const answers = store.answersOf(
    tx.db,
    rows.map((row) => row.id),
  );
  const confirmations: certificates.Confirmation[] = [];
  const ledger: string[] = [];
  let revoked = 0;
  for (const row of rows) {
    const said = lists(tx, row, run);
    remember(tx, row.serial, said, run);
    const words = wordsOf(row, said.word, answers.get(row.id));
    if (words.length === 0) continue;
    const { state, events } = decide(row.state, words, run.policy, row.notAfter);
    raise(tx, row, state, events, run);
    if (sameBelief(row.state, state)) {
      if (!sameEvidence(row.state, state)) confirmations.push(confirmation(row.id, state));
      continue;
    }
    write(tx, row.id, state);
    ledger.push(`${row.id} ${row.state.status} ${state.status} ${state.evidenceId}`);
    if (state.status === 'revoked' && row.state.status !== 'revoked') revoked += 1;
  }
  certificates.confirmStatus(tx, confirmations);
  if (ledger.length) {
    const sha256 = createHash('sha256').update(ledger.join('\n')).digest('hex');
    audit.record(tx, {
      action: 'statuses.swept',
      targets: [],
      details: { count: ledger.length, issuer: run.issuerName, sha256 },
    });
  }
  return { checked: rows.length, changed: ledger.length, revoked };
}

function lists(tx: Context, row: store.Checked, run: Run): ListsWord {
  const der = run.scoped && row.fingerprint ? store.derOf(tx.db, row.fingerprint) : null;
  const subject = der
    ? subjectOfView(readCertificate(der))
    : subjectOfRow({ ...row, crlUrls: JSON.parse(row.crlUrls) as string[] });
  return wordOfLists(run.lists, subject, (held) => run.listings.has(`${held.scope} ${row.serial}`));
}

/** What holds about one certificate now. A record without its file is revoked by issuer and serial, never made good. */
function wordsOf(row: store.Checked, list: Word | null, answer: store.AnswerRow | undefined): Word[] {
  if (row.fingerprint === null) return list && (list.status === 'revoked' || list.status === 'on_hold') ? [list] : [];
  const words = list ? [list] : [];
  if (answer) words.push(wordOfAnswer(answer));
  // noRevAvail, ocsp-nocheck and the like say that nothing will be published (RFC 9608): only a revocation is news.
  return row.state.status === 'not_applicable'
    ? words.filter((w) => w.status === 'revoked' || w.status === 'on_hold')
    : words;
}

/** "Never issued" counts as on hold: not usable, and open to correction by newer evidence; a signal tells people why. */
export function wordOfAnswer(answer: store.AnswerRow): Word {
  const { reason, revokedAt, thisUpdate, nextUpdate, confirmedAt, evidenceId } = answer;
  const status = answer.status === 'non_issued' ? 'on_hold' : answer.status;
  return {
    source: 'ocsp',
    status,
    reason,
    revokedAt,
    invalidityAt: null,
    thisUpdate,
    nextUpdate,
    confirmedAt,
    evidenceId,
  };
}

/** Keeps what lists said about a serial they named: the memory by which a removal is noticed. */
function remember(tx: Context, serial: string, said: ListsWord, run: Run): void {
  for (const held of run.lists) {
    const key = `${held.scope} ${serial}`;
    const known = run.listings.get(key);
    const entry = said.namedBy.includes(held) ? entryOf(held, serial) : null;
    if (!entry && (!known || known.removedEvidenceId || said.word?.removed !== true)) continue;
    const row: store.ListingRow = entry
      ? {
          issuerKey: run.issuerKey,
          scope: held.scope,
          serial,
          ...entry,
          firstEvidenceId: known?.firstEvidenceId ?? held.evidenceId,
          firstSeenAt: known?.firstSeenAt ?? tx.now(),
          evidenceId: held.evidenceId,
          removedEvidenceId: null,
        }
      : { ...known!, removedEvidenceId: held.evidenceId };
    if (known && sameListing(known, row)) continue;
    store.putListing(tx.db, row);
    run.listings.set(key, row);
  }
}

function entryOf(
  held: Held,
  serial: string,
): Pick<store.ListingRow, 'status' | 'reason' | 'revokedAt' | 'invalidityAt'> {
  const first = [...held.crossing.found.get(serial)!].sort((a, b) => a.revokedAt - b.revokedAt)[0]!;
  return {
    status: first.reason === 6 ? 'on_hold' : 'revoked',
    reason: first.reason,
    revokedAt: first.revokedAt,
    invalidityAt: first.invalidityAt,
  };
}

const sameListing = (a: store.ListingRow, b: store.ListingRow): boolean =>
  a.status === b.status &&
  a.reason === b.reason &&
  a.revokedAt === b.revokedAt &&
  a.invalidityAt === b.invalidityAt &&
  a.removedEvidenceId === b.removedEvidenceId;

const sameBelief = (a: State, b: State): boolean =>
  a.status === b.status &&
  a.reason === b.reason &&
  a.revokedAt === b.revokedAt &&
  a.invalidityAt === b.invalidityAt &&
  a.confirmedAt !== null;
const sameEvidence = (a: State, b: State): boolean =>
  a.evidenceId === b.evidenceId &&
  a.confirmedAt === b.confirmedAt &&
  a.freshUntil === b.freshUntil &&
  a.source === b.source;

function confirmation(id: string, state: State): certificates.Confirmation {
  const { evidenceId, thisUpdate, nextUpdate, confirmedAt, freshUntil: until, source } = state;
  return {
    id,
    source: source as 'crl' | 'ocsp',
    evidenceId: evidenceId!,
    thisUpdate: thisUpdate!,
    nextUpdate,
    confirmedAt: confirmedAt!,
    freshUntil: until!,
  };
}

function write(tx: Context, id: string, state: State): void {
  const { status, source, ...facts } = state;
  certificates.recordStatus(system(tx), id, { revocation: status, source, ...facts });
}

/** Turns events of one decision into signals for people; the same about the same evidence is raised once. */
function raise(
  tx: Context,
  row: Pick<store.Checked, 'id' | 'serial'>,
  state: State,
  events: readonly Event[],
  run: Pick<Run, 'listings'>,
): void {
  for (const event of events) {
    if (event.kind === 'revoked' || event.kind === 'held' || event.kind === 'released') continue;
    const removed = [...run.listings.values()].find((l) => l.serial === row.serial && l.removedEvidenceId);
    const answer = store.answerOf(tx.db, row.id);
    const about = { early_removal: removed?.removedEvidenceId, conflict: answer?.evidenceId, lag: answer?.evidenceId }[
      event.kind as 'lag'
    ];
    store.addSignal(tx.db, {
      kind: event.kind,
      certificateId: row.id,
      evidenceId: about ?? state.evidenceId,
      detail: JSON.stringify(event),
      at: tx.now(),
      // A lag and a moved date are notes of the record, not work for anybody.
      ...(event.kind === 'lag' || event.kind === 'date_changed'
        ? { settledAt: tx.now(), settledBy: 'system', settledWhy: 'catatan' }
        : {}),
    });
  }
}

/** CA certificates that this key issued: a revoked one makes every path through it `ca_revoked`. */
function applyAuthorities(ctx: Context, run: Run, issuers: Issuers): void {
  for (const ca of issuers.issuedBy(run.issuerKey)) {
    if (ca.revokedAt !== null) continue;
    const { word } = wordOfLists(run.lists, subjectOfView(ca.view), () => false);
    if (word?.status !== 'revoked' && word?.status !== 'on_hold') continue;
    certificates.recordAuthorityRevocation(ctx, ca.id, { revokedAt: word.revokedAt!, evidenceId: word.evidenceId });
  }
}

/** The same list was confirmed (304, or the same bytes again): instants move, nothing is crossed. */
export function confirmLine(tx: Context, line: store.LineRow, now: number): number {
  store.continueLine(tx.db, { ...line, confirmedAt: now });
  const evidence = store.evidenceById(tx.db, line.evidenceId)!;
  const word = {
    source: 'crl' as const,
    thisUpdate: evidence.thisUpdate,
    nextUpdate: evidence.nextUpdate,
    confirmedAt: now,
  };
  const until = freshUntil(word, settings.get(tx, 'freshness'));
  return certificates.confirmEvidence(system(tx), evidence.id, { at: now, freshUntil: until });
}
