// Gives the disk back what no state, incident or report needs any more, and packs what stays (certificate-status §12). One
// object after the other, each in a transaction of its own: a run that is killed is gone on with by the next.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import { cross, readCrl } from './crl.ts';
import { headerOf, keptEntries } from './held-object.ts';
import { issuedSerials } from './issued.ts';
import { Issuers } from './issuers.ts';
import { thinnable } from './keeping.ts';
import { answerIn } from './answers-then.ts';
import * as store from './store.ts';

/** What rooms above know to be needed. */
export type Needed = {
  /** Objects that incidents point at. */
  evidenceIds: readonly string[];
  /** Instants that a frozen report describes: what stood then stays. */
  instants: readonly number[];
};

export type Thinned = { thinned: number; packed: number; freed: number; refused: number };

/** Tables of this room that name bytes by their hash; only what nobody else names is given up. */
const OWN = ['revocation_evidence', 'revocation_refused', 'revocation_requested', 'issuer_fetch'];
/** Smaller objects gain nothing by being packed. */
const WORTH_PACKING = 4096;

export async function thinEvidence(ctx: Context, needed: Needed): Promise<Thinned> {
  demand(ctx.actor, 'revocation.check');
  const result: Thinned = { thinned: 0, packed: 0, freed: 0, refused: await forgetRefused(ctx) };
  const ledger: string[] = [];
  for (const id of thinnable(store.keptEvidence(ctx.db, needed), ctx.now())) {
    const freed = thin(ctx, store.evidenceById(ctx.db, id)!);
    result.thinned += 1;
    result.freed += freed;
    ledger.push(id);
    await setImmediate();
  }
  if (ledger.length) {
    const sha256 = createHash('sha256').update(ledger.join('\n')).digest('hex');
    const details = { count: ledger.length, bytes: result.freed, sha256 };
    transact(ctx, (tx) => audit.record(tx, { action: 'evidence.thinned', targets: [], details }));
  }
  for (const sha256 of store.packable(ctx.db, ctx.now() - DAY, WORTH_PACKING)) {
    if (files.isUsedBeyond(ctx, sha256, OWN)) continue;
    const freed = await files.pack(ctx, sha256);
    if (freed > 0) result.packed += 1;
    result.freed += freed;
  }
  return result;
}

/** At most so many rows in one transaction. */
const CHUNK = 500;

/**
 * A server that serves rubbish every hour leaves a row each time: the newest of each source stay, the count and the hash of
 * what goes stay in the trail. @returns how many went
 */
async function forgetRefused(ctx: Context): Promise<number> {
  for (let gone = 0; ;) {
    const rows = store.refusedBeyond(ctx.db, CHUNK);
    if (rows.length === 0) return gone;
    transact(ctx, (tx) => {
      store.deleteRefused(
        tx.db,
        rows.map(({ id }) => id),
      );
      const sha256 = createHash('sha256')
        .update(rows.map(({ line }) => line).join('\n'))
        .digest('hex');
      audit.record(tx, { action: 'refused.forgotten', targets: [], details: { count: rows.length, sha256 } });
    });
    gone += rows.length;
    await setImmediate();
  }
}

/** @returns bytes given back */
function thin(ctx: Context, row: store.EvidenceRow): number {
  const { header, found } = row.kind === 'crl' ? ofList(ctx, row) : ofAnswer(ctx, row);
  const given = transact(ctx, (tx) => {
    const shared = store.sharesBytes(tx.db, row) || files.isUsedBeyond(tx, row.sha256, OWN);
    store.addThinned(tx.db, { evidenceId: row.id, header, found, at: tx.now(), freed: shared ? 0 : row.size });
    return shared ? null : files.drop(tx, row.sha256);
  });
  return given === null ? 0 : given + files.discardUnused(ctx, row.sha256);
}

/** The list without its entries, and the entries that are ours: of certificates and of CA certificates. */
function ofList(ctx: Context, row: store.EvidenceRow) {
  const crl = readCrl(files.read(ctx, row.sha256));
  const wanted = issuedSerials(ctx.db, row.issuerKey, Issuers.read(ctx.db));
  return { header: headerOf(crl), found: keptEntries(cross(crl, wanted).found) };
}

function ofAnswer(ctx: Context, row: store.EvidenceRow) {
  const answer = answerIn(ctx, row, Issuers.read(ctx.db));
  const serial = row.certificateId ? (store.checkedById(ctx.db, row.certificateId)?.serial ?? '') : '';
  const { status, revokedAt, reason, invalidityAt } = answer ?? {
    status: 'unknown' as const,
    revokedAt: null,
    reason: null,
    invalidityAt: null,
  };
  return { header: Buffer.alloc(0), found: [{ serial, status, revokedAt, reason, invalidityAt, issuer: null }] };
}

/** For the health page: what evidence weighs, how fast it grows, how long the disk lasts. */
export type DiskForecast = {
  evidenceBytes: number;
  evidenceCount: number;
  thinnedCount: number;
  freedBytes: number;
  /** Net growth of the store and the database's evidence, bytes a day, over the last 30 days (or since the first). */
  perDay: number;
  freeBytes: number;
  databaseBytes: number;
  /** null: nothing grows, or nothing is known yet. */
  daysLeft: number | null;
};

const WINDOW = 30;

export function forecast(ctx: Context): DiskForecast {
  const now = ctx.now();
  const weights = store.evidenceWeights(ctx.db, now - WINDOW * DAY);
  const days = Math.min(WINDOW, Math.max(1, (now - (weights.firstAt ?? now)) / DAY));
  const perDay = Math.max(0, Math.round((weights.cameBytes - weights.wentBytes) / days));
  const freeBytes = files.freeSpace(ctx);
  return {
    evidenceBytes: weights.bytes,
    evidenceCount: weights.count,
    thinnedCount: weights.thinned,
    freedBytes: weights.freed,
    perDay,
    freeBytes,
    databaseBytes: weights.database,
    daysLeft: perDay > 0 ? Math.floor(freeBytes / perDay) : null,
  };
}
