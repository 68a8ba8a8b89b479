// Queries over the list of imports: filtered, counted, a page of them. What is done and took nothing in stands apart from what
// did: `stateOf` of the pages says the same of one run's results, and a test holds both equal.
import { and, count, desc, eq, lt, sql } from 'drizzle-orm';
import type { ImportState } from '#lib/terms.ts';
import type { Db } from '../db/index.ts';
import { CONTESTED, type RunRow } from './import-store.ts';
import { importRun } from './schema-import.ts';

const some = (where: string): string =>
  `exists (select 1 from import_entry where import_id = import_run.id and ${where})`;
const TOOK_IN = `(${some(`outcome = 'added'`)} or ${some(`outcome = 'completed' and not ${CONTESTED}`)})`;
const LEFT_OUT = some(`outcome in ('no_certificate', 'unreadable', 'rejected', 'completed')`);
/** The state of an import as it is shown. */
export const SHOWN_STATE = `case when state <> 'done' or ${TOOK_IN} then state
  when ${some(`outcome = 'duplicate'`)} and not ${LEFT_OUT} then 'known' else 'nothing' end`;

const shownState = sql<ImportState>`${sql.raw(SHOWN_STATE)}`;

/** `among`: those that a search found; all, when nothing was searched for. */
export type RunFilter = { among?: readonly string[]; kind?: RunRow['kind']; state?: ImportState };

/** A state of which only those with certain results are shown narrows the rows before their entries are asked. */
const inState = (state: ImportState) =>
  state === 'done' || state === 'known' || state === 'nothing'
    ? and(eq(importRun.state, 'done'), sql`${shownState} = ${state}`)
    : eq(importRun.state, state);

const runWhere = ({ among, kind, state }: RunFilter) =>
  and(
    kind && eq(importRun.kind, kind),
    state && inState(state),
    among && sql`${importRun.id} in (select value from json_each(${JSON.stringify(among)}))`,
  );

export function runs(db: Db, filter: RunFilter & { before?: string; limit: number; requestedBy?: string }): RunRow[] {
  return db
    .select()
    .from(importRun)
    .where(
      and(
        runWhere(filter),
        filter.before ? lt(importRun.id, filter.before) : undefined,
        filter.requestedBy ? eq(importRun.requestedBy, filter.requestedBy) : undefined,
      ),
    )
    .orderBy(desc(importRun.id))
    .limit(filter.limit)
    .all();
}

/** How many each kind and each state would show, the other choice staying as it is; `total` under both. */
export function countRuns(db: Db, filter: RunFilter) {
  const by = <Key extends string>(key: typeof importRun.kind | typeof shownState, without: Partial<RunFilter>) =>
    Object.fromEntries(
      db
        .select({ key, n: count() })
        .from(importRun)
        .where(runWhere({ ...filter, ...without }))
        .groupBy(key)
        .all()
        .map(({ key: value, n }) => [value, n]),
    ) as Partial<Record<Key, number>>;
  const total = db.select({ n: count() }).from(importRun).where(runWhere(filter)).get()?.n ?? 0;
  return {
    total,
    byKind: by<RunRow['kind']>(importRun.kind, { kind: undefined }),
    byState: by<ImportState>(shownState, { state: undefined }),
  };
}
