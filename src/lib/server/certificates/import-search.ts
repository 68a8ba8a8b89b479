// Imports by what people remember of them: number, file, what it was, who sent it, when, or what lay in it.
import { date } from '#lib/format.ts';
import { importKinds, importShown, type ImportState } from '#lib/terms.ts';
import { wibDate } from '../calendar.ts';
import { connection, type Db } from '../db/index.ts';
import type { Names } from './change-words.ts';
import { SHOWN_STATE } from './import-list.ts';
import type { RunRow } from './import-store.ts';

const MOST_WORDS = 8;
/** Shorter words stand in every name; the contents of all imports are not walked for them. */
const TELLING = 3;

type Run = Pick<RunRow, 'id' | 'number' | 'name' | 'kind' | 'requestedBy' | 'requestedAt'> & { shown: ImportState };

const saidOf = (run: Run, names: Names): string =>
  [
    run.number,
    run.name,
    importKinds[run.kind],
    importShown[run.shown].word,
    names(run.requestedBy),
    date(run.requestedAt),
    wibDate(run.requestedAt),
  ]
    .join('\n')
    .toLowerCase();

/** How long what lay in imports is walked for one page, newer ones first; the page says how far that went. */
export const WALK_MS = 60;

export type FoundRuns = {
  /** Imports of which each word tells. */
  ids: string[];
  /** The newest import into which nobody has looked yet; null: all were looked into. */
  unseen: string | null;
};

/**
 * What stands on an import itself is searched of all; into imports it is looked while there is time, and into one at least.
 * @param how.from the newest import to look at: where an earlier walk ended
 */
export function findRuns(
  db: Db,
  q: string,
  names: Names,
  { from = null, walkMs }: { from?: string | null; walkMs: number },
): FoundRuns {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const client = connection(db);
  const runs = client
    .prepare(
      `select id, number, name, kind, ${SHOWN_STATE} as shown, requested_by as requestedBy, requested_at as requestedAt
         from import_run where :from is null or id <= :from order by id desc`,
    )
    .all({ from }) as Run[];
  const holds = contents(client);
  const begun = performance.now();
  let looked = 0;
  let unseen: string | null = null;
  const tells = (run: Run): boolean => {
    const said = saidOf(run, names);
    const missing = words.filter((word) => !said.includes(word));
    if (!missing.length) return true;
    // Nothing that lay in an import tells of a word that is too short to be looked for in it.
    if (unseen || missing.some((word) => word.length < TELLING)) return false;
    if (looked && performance.now() - begun > walkMs) {
      unseen = run.id;
      return false;
    }
    looked += 1;
    return holds(run.id, missing);
  };
  return { ids: runs.filter(tells).map(({ id }) => id), unseen };
}

/** What lay in an import, by name: files, entries, rows of a list that is looked at. */
const CONTENTS = ['import_file', 'import_entry', 'import_row'] as const;

/** Whether each of the words stands in something that lay in an import. Each content is walked once, however many the words. */
function contents(client: ReturnType<typeof connection>): (id: string, words: readonly string[]) => boolean {
  const prepared = new Map<string, ReturnType<typeof client.prepare>>();
  const walk = (table: string, count: number) => {
    const key = `${table} ${count}`;
    const has = Array.from({ length: count }, (_, at) => `max(instr(text, :w${at}) > 0)`).join(', ');
    const statement =
      prepared.get(key) ??
      client.prepare(`select ${has} from (select lower(name) as text from ${table} where import_id = :id)`).raw();
    prepared.set(key, statement);
    return statement;
  };
  return (id, words) => {
    let missing = [...words];
    for (const table of CONTENTS) {
      const values = Object.fromEntries(missing.map((word, at) => [`w${at}`, word]));
      const marks = walk(table, missing.length).get({ id, ...values }) as (number | null)[];
      missing = missing.filter((_, at) => !marks[at]);
      if (!missing.length) return true;
    }
    return false;
  };
}
