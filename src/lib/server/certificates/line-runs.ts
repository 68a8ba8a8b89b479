// Line numbers as a person reads them. Pure.
const SHOWN = 8;

/** Ascending numbers as "12–15, 40": no more of them than a person reads. */
export function lineRuns(lines: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last && line === last.to + 1) last.to = line;
    else runs.push({ from: line, to: line });
  }
  const words = runs.slice(0, SHOWN).map(({ from, to }) => (to > from ? `${from}–${to}` : String(from)));
  return runs.length > SHOWN ? `${words.join(', ')}, …` : words.join(', ');
}
