// Imports by what people remember of them: number, file, what it was, who sent it, when, or what lay in it.
import { date } from '#lib/format.ts';
import { importKinds, importStates } from '#lib/terms.ts';
import { wibDate } from '../calendar.ts';
import { connection, type Db } from '../db/index.ts';
import type { Names } from './change-words.ts';
import type { RunRow } from './import-store.ts';

const MOST_WORDS = 8;
/** Shorter words stand in every name; the contents of all imports are not walked for them. */
const TELLING = 3;

type Run = Pick<RunRow, 'id' | 'number' | 'name' | 'kind' | 'state' | 'requestedBy' | 'requestedAt'>;

const saidOf = (run: Run, names: Names): string =>
  [
    run.number,
    run.name,
    importKinds[run.kind],
    importStates[run.state].word,
    names(run.requestedBy),
    date(run.requestedAt),
    wibDate(run.requestedAt),
  ]
    .join('\n')
    .toLowerCase();

/** @returns the ids of all imports of which each word tells */
export function findRuns(db: Db, q: string, names: Names): string[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const client = connection(db);
  const runs = client
    .prepare(
      `select id, number, name, kind, state, requested_by as requestedBy, requested_at as requestedAt from import_run`,
    )
    .all() as Run[];
  const said = new Map(runs.map((run) => [run.id, saidOf(run, names)]));
  const holding = client
    .prepare(
      `select import_id from import_entry where instr(lower(name), :word) > 0
       union select import_id from import_file where instr(lower(name), :word) > 0
       union select import_id from import_row where instr(lower(name), :word) > 0`,
    )
    .pluck();
  return words.reduce<string[]>(
    (left, word) => {
      const inside = new Set(word.length < TELLING || !left.length ? [] : (holding.all({ word }) as string[]));
      return left.filter((id) => said.get(id)!.includes(word) || inside.has(id));
    },
    runs.map((run) => run.id),
  );
}
