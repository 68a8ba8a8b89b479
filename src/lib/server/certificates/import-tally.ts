// How the entries of an import count. The ledger of one that is through changes no more, so each is counted once in the life of
// a process: a page of imports with 100,000 entries each would count millions of rows for every visitor.
import { connection, type Db } from '../db/index.ts';
import * as ledger from './import-store.ts';

export type Tally = {
  totals: ledger.Totals;
  results: Record<ledger.Result, number>;
  /** Files with a private key: their keys must be treated as exposed. */
  refusedKeys: number;
};

/** Imports that are kept in mind for one database. */
const MOST = 2000;
const through = new WeakMap<object, Map<string, Tally>>();

export function tally(db: Db, run: Pick<ledger.RunRow, 'id' | 'kind' | 'finishedAt'>): Tally {
  if (run.finishedAt === null) return count(db, run);
  const client = connection(db);
  const known = through.get(client) ?? new Map<string, Tally>();
  through.set(client, known);
  const key = `${run.id} ${run.finishedAt}`;
  const kept = known.get(key);
  if (kept) return kept;
  if (known.size >= MOST) known.clear();
  const counted = count(db, run);
  known.set(key, counted);
  return counted;
}

function count(db: Db, run: Pick<ledger.RunRow, 'id' | 'kind'>): Tally {
  const totals = ledger.totals(db, run.id);
  return {
    totals,
    results: ledger.results(db, run, totals),
    refusedKeys: totals.rejected ? ledger.refusedKeys(db, run.id) : 0,
  };
}
