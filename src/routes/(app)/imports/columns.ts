// What the list of imports counts: each result in exactly one column, so that the columns add up to the entries.
import { importResults, importShown, type ImportResult, type ImportState, type importStates } from '#lib/terms.ts';

/** What is no longer in a file is no entry of it. */
export type Result = Exclude<ImportResult, 'absent'>;
type Count = { label: string; of: readonly Result[]; /** Its results are told apart below the sum. */ named?: true };

const place: Record<Result, 'added' | 'filled' | 'same' | 'left'> = {
  added: 'added',
  completed: 'filled',
  changed: 'filled',
  same: 'same',
  duplicate: 'same',
  contested: 'left',
  no_certificate: 'left',
  unreadable: 'left',
  rejected: 'left',
};
export const results = Object.keys(place) as Result[];
const at = (where: (typeof place)[Result]): Result[] => results.filter((one) => place[one] === where);

export const columns: readonly Count[] = [
  { label: importResults.added.word, of: at('added') },
  { label: `${importResults.completed.word} atau berubah`, of: at('filled') },
  { label: `${importResults.same.word} atau sudah ada`, of: at('same') },
  { label: 'Tidak masuk seluruhnya', of: at('left'), named: true },
];

/** The state of an import as it is shown: one that is done but took nothing in is no success, and says so. */
export function shownState({ state, results: counts }: Run): ImportState {
  const some = (where: (typeof place)[Result]) => at(where).some((one) => counts[one]);
  if (state !== 'done' || some('added') || some('filled')) return state;
  return some('same') && !some('left') ? 'known' : 'nothing';
}
/** Its badge. */
export const stateOf = (run: Run): (typeof importShown)[ImportState] => importShown[shownState(run)];
type Run = { state: keyof typeof importStates; results: Record<Result, number> };

/** How many CA certificates an entry brought, of which none is a record: candidates for a decision; 0: it has records. */
export const onlyAuthorities = (entry: {
  certificateId: string | null;
  certificatesNew: number;
  certificatesKnown: number;
}): number => (entry.certificateId === null ? entry.certificatesNew + entry.certificatesKnown : 0);
