// What the archive tells, in words. Pure. A count that the archive does not tell is never taken for none.
import { number } from '#lib/format.ts';
import { incidentTypes } from '#lib/terms.ts';
import type { Counts } from './input.ts';

const UNKNOWN = 'tidak diketahui';

/** "2024", "Semester I 2024" */
export const periodWords = (code: string): string =>
  code.includes('-S') ? `Semester ${code.endsWith('1') ? 'I' : 'II'} ${code.slice(0, 4)}` : code;

export type Sum = { count: number; /** False: there may have been more. */ whole: boolean };

/** All incidents of these counts, by every type of Pasal 19. */
export function incidentSum(counts: Counts): Sum {
  const told = Object.keys(incidentTypes).map((type) => counts[type] ?? null);
  return { count: told.reduce<number>((sum, n) => sum + (n ?? 0), 0), whole: told.every((n) => n !== null) };
}

/** "12", "paling sedikit 12", "tidak diketahui" */
export function sumWords({ count, whole }: Sum): string {
  if (whole) return number(count);
  return count ? `paling sedikit ${number(count)}` : UNKNOWN;
}

/** "kunci hilang 3, penyalahgunaan 1; 7 jenis lain tidak diketahui" */
export function typeWords(counts: Counts): string {
  const types = Object.entries(incidentTypes);
  const happened = types
    .filter(([type]) => counts[type])
    .map(([type, word]) => `${word.toLowerCase()} ${counts[type]}`);
  const unknown = types.filter(([type]) => counts[type] == null).length;
  const rest =
    unknown === types.length ? UNKNOWN : `${number(unknown)} jenis${happened.length ? ' lain' : ''} ${UNKNOWN}`;
  return [happened.join(', '), unknown ? rest : ''].filter(Boolean).join('; ') || 'tidak ada';
}

/** "7 dari 12" */
export function closedWords({ findings, closed }: Counts): string {
  if (findings == null && closed == null) return UNKNOWN;
  const of = (n: number | null | undefined) => (n == null ? UNKNOWN : number(n));
  return closed == null
    ? `${UNKNOWN} dari ${of(findings)}`
    : `${of(closed)} dari ${findings == null ? 'jumlah yang tidak diketahui' : of(findings)}`;
}
