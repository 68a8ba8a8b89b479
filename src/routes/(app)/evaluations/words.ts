// Small words the evaluation pages share.
import { number, percent } from '#lib/format.ts';

/** "Semester II 2026" */
export const semesterName = (period: string): string =>
  `Semester ${period.slice(6, 7) === '1' ? 'I' : 'II'} ${period.slice(0, 4)}`;

/** A change in basis points as points of a hundred, with its sign: "+3,2", "−0,5", "tetap". */
export const change = (basisPoints: number | null): string => {
  if (basisPoints === null) return '—';
  if (basisPoints === 0) return 'tetap';
  return `${basisPoints > 0 ? '+' : '−'}${number(Math.abs(basisPoints) / 100, 1)}`;
};

/** Score and what it rests on, for one line. */
export const scoreText = (score: number | null): string => (score === null ? 'belum diketahui' : percent(score));

/** The page's address with some of its query changed (null: taken out); names of form actions never stay in it. */
export function address(url: URL, path: string, more: Record<string, string | null>): string {
  const query = new URLSearchParams(url.search);
  for (const key of [...query.keys()]) if (key.startsWith('/')) query.delete(key);
  for (const [key, value] of Object.entries(more)) {
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
  return query.size ? `${path}?${query}` : path;
}
