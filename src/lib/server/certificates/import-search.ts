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

/** @returns the ids of all imports of which each word tells */
export function findRuns(db: Db, q: string, names: Names): string[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
  const client = connection(db);
  const runs = client
    .prepare(
      `select id, number, name, kind, ${SHOWN_STATE} as shown, requested_by as requestedBy, requested_at as requestedAt
         from import_run`,
    )
    .all() as Run[];
  const told = runs.map((run) => {
    const said = saidOf(run, names);
    return { id: run.id, missing: words.filter((word) => !said.includes(word)) };
  });
  // Nothing that lay in an import tells of a word that is too short to be looked for in it.
  const open = told.filter(({ missing }) => missing.length > 0 && missing.every((word) => word.length >= TELLING));
  const ids = open.map(({ id }) => id);
  const inside = wordsInside(client, words, ids);
  return told.filter(({ id, missing }) => missing.every((word) => inside.get(id)?.has(word))).map(({ id }) => id);
}

/** What lay in an import, by name: entries, files, rows of a list that is looked at. */
const CONTENTS = ['import_entry', 'import_file', 'import_row'] as const;

/** Which of the words stand in what lay in these imports. Each content is walked once, however many the words. */
function wordsInside(
  client: ReturnType<typeof connection>,
  words: readonly string[],
  ids: readonly string[],
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const has = words.map((_, at) => `max(instr(text, :w${at}) > 0)`).join(', ');
  const values = Object.fromEntries(words.map((word, at) => [`w${at}`, word]));
  for (const table of CONTENTS) {
    const rows = client
      .prepare(
        `select import_id, ${has} from (
           select import_id, lower(name) as text from ${table} where import_id in (select value from json_each(:ids))
         ) group by import_id`,
      )
      .raw()
      .all({ ...values, ids: JSON.stringify(ids) }) as [string, ...number[]][];
    for (const [id, ...marks] of rows) {
      const own = found.get(id) ?? new Set();
      found.set(id, own);
      words.forEach((word, at) => marks[at] && own.add(word));
    }
  }
  return found;
}
