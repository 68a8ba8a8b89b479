// Taking a snapshot and reading it back: rows as a content-addressed file, figures as rows.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { canonical } from './canonical.ts';
import { readFacts, type Facts } from './facts.ts';
import { figuresOf, type FigureValue } from './figures.ts';
import { recheck, type Difference } from './recheck.ts';
import * as store from './store.ts';

/** Freezes rows and figures of a period. The rows are on disk before the row that names them. */
export function freeze(ctx: Context, period: string): store.Snapshot {
  const facts = readFacts(ctx, period);
  const figures = figuresOf(facts);
  const stored = files.put(ctx, Buffer.from(canonical(facts), 'utf8'));
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const head = audit.head(tx);
    const id = newId(now);
    const number = settings.allot(tx, 'POT');
    files.register(tx, stored, 'application/json');
    store.insertSnapshot(tx.db, {
      id,
      number,
      period,
      stateAt: facts.stateAt,
      takenAt: facts.takenAt,
      takenBy: audit.actorKey(ctx.actor),
      asOfSize: head.size,
      asOfRoot: head.root,
      rowsSha256: stored.sha256,
    });
    store.insertFigures(
      tx.db,
      figures.map((f) => ({ id: newId(now), snapshotId: id, ...f })),
    );
    audit.record(tx, {
      action: 'snapshot.taken',
      targets: [['snapshot', id]],
      details: { number, period, count: figures.length, rows: stored.sha256 },
    });
    return store.snapshotById(tx.db, id)!;
  });
}

export function snapshotOf(ctx: Context, id: string | null): store.Snapshot {
  const found = id === null ? undefined : store.snapshotById(ctx.db, id);
  if (!found) throw notFound('Potret data tidak ditemukan.');
  return found;
}

/** The stored rows, checked against their hash by the store. */
const factsOf = (ctx: Context, snapshot: store.Snapshot): Facts =>
  JSON.parse(files.read(ctx, snapshot.rowsSha256).toString('utf8')) as Facts;

export type Loaded = { snapshot: store.Snapshot; facts: Facts; figures: FigureValue[] };
export function load(ctx: Context, id: string | null): Loaded {
  const snapshot = snapshotOf(ctx, id);
  return { snapshot, facts: factsOf(ctx, snapshot), figures: store.figuresOf(ctx.db, snapshot.id) };
}

/** Hitung ulang over the stored bytes. Bytes that no longer are what their hash says are a difference, not an error. */
export function differencesOf(ctx: Context, snapshot: store.Snapshot): Difference[] {
  let bytes: string;
  try {
    bytes = files.read(ctx, snapshot.rowsSha256).toString('utf8');
  } catch {
    return [{ code: '', what: 'file', stored: snapshot.rowsSha256, computed: 'berkas baris hilang atau berubah' }];
  }
  return recheck(bytes, store.figuresOf(ctx.db, snapshot.id));
}
