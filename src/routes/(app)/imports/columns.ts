// What the list of imports counts: each result in exactly one column, so that the columns add up to the entries.
import type { IconName } from '#lib/components/icons.ts';
import { importResults, importsInVain, importStates, type ImportResult, type Tone } from '#lib/terms.ts';

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

/** The badge of an import: one that is done but took nothing in is no success, and says so. */
export function stateOf({ state, results: counts }: Run): { word: string; tone: Tone; icon: IconName } {
  const some = (where: (typeof place)[Result]) => at(where).some((one) => counts[one]);
  if (state !== 'done' || some('added') || some('filled')) return importStates[state];
  return importsInVain[some('same') && !some('left') ? 'known' : 'nothing'];
}
type Run = { state: keyof typeof importStates; results: Record<Result, number> };
