// The first rows of a sheet as they stand in it: what a person chooses the heading from. Pure.
import { withoutNik } from '../nik.ts';
import { SEARCHED, type TopRow } from './sheet.ts';

const SHOWN_ROWS = 15;

/** The first rows with anything in them, and the heading's when it stands further down; long cells are cut. */
export function topOf(rows: readonly string[][], heading: number | null): TopRow[] {
  const filled = rows.flatMap((cells, i) => {
    const said = cells.map((text) => text.replace(/\s+/g, ' ').trim()).filter(Boolean);
    return said.length && i < SEARCHED * 2
      ? [{ row: i + 1, cells: said.slice(0, 12).map((text) => withoutNik(text).slice(0, 40)) }]
      : [];
  });
  const first = filled.slice(0, SHOWN_ROWS);
  const chosen = filled.find(({ row }) => row === (heading ?? -1) + 1);
  return chosen && !first.includes(chosen) ? [...first, chosen] : first;
}
