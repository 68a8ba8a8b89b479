// A list is opened: which of its sheets is read, which row is the heading, and what each column is, by what a person chose,
// chose before for such headings, or else by their words.
import { readSheet, type Sheet } from '../containers/index.ts';
import type { Context } from '../context.ts';
import type { Upload } from './import-steps.ts';
import { isOwnExport } from './own-export.ts';
import * as sheets from './sheet-store.ts';
import { recall, recalling } from './sheet-memory.ts';
import {
  fieldsOf,
  findHeading,
  headingAt,
  kindOf,
  layoutOf,
  missing,
  remembered,
  SEARCHED,
  withContents,
  type Field,
  type Heading,
  type ReadFields,
  type SheetChoice,
  type SheetKind,
} from './sheet.ts';

export type Opened = {
  sheet: Sheet;
  name: string | null;
  heading: Heading | null;
  /** A person has said before how to read these headings. */
  isKnown: boolean;
};

/** A row that a person once chose as the heading of such a list, whatever its words are. */
function knownHeading(ctx: Context, rows: readonly string[][], kind: SheetKind, read: ReadFields): Heading | null {
  for (let row = 0; row < Math.min(rows.length, SEARCHED); row++) {
    const heading = headingAt(rows, row, read);
    // What stands alone in its row is a title.
    if (heading.cells.filter((text) => text.trim()).length < 2) continue;
    if (sheets.layout(ctx.db, layoutOf(heading.cells, kind))) return withContents(rows, heading, kind);
  }
  return null;
}

/** The sheet a person chose, else the first that has the headings; workbooks often begin with instructions. */
export async function openAs(ctx: Context, upload: Upload, kind: SheetKind, chosen: SheetChoice): Promise<Opened> {
  const read = recalling(kind, sheets.headingMemory(ctx.db, kind));
  const open = async (name?: string): Promise<Opened> => {
    const sheet = await readSheet({ ...upload, ...(name === undefined ? {} : { sheet: name }) });
    const row = chosen.headingRow;
    const heading =
      row !== undefined
        ? withContents(sheet.rows, headingAt(sheet.rows, row - 1, read), kind)
        : (knownHeading(ctx, sheet.rows, kind, read) ?? findHeading(sheet.rows, kind, read));
    const isKnown = !!heading && sheets.layout(ctx.db, layoutOf(heading.cells, kind)) !== null;
    return { sheet, name: name ?? sheet.sheets[0] ?? null, heading, isKnown };
  };
  const first = await open(chosen.sheet);
  if (chosen.sheet !== undefined || isReadable(first, kind)) return first;
  for (const name of first.sheet.sheets.slice(1, 12)) {
    const other = await open(name);
    if (isReadable(other, kind)) return other;
  }
  return first;
}

const isReadable = ({ heading, isKnown }: Opened, kind: SheetKind): boolean =>
  heading !== null && (isKnown || missing(heading.fields, kind) === null || kindOf(heading.cells) !== null);

/** A heading with the layout its list has, what it would be read as if nobody had ever chosen, and what is in force. */
export type Settled = Heading & { layout: string; proposed: (Field | null)[] };

/** The fields in force: chosen by the person, else remembered for these headings or each of them, else proposed. */
export function settledHeading(
  ctx: Context,
  kind: SheetKind,
  { rows }: Sheet,
  found: Heading,
  chosen: SheetChoice,
): Settled {
  const { row, cells } = found;
  const { fields: proposed } = withContents(rows, { row, cells, fields: fieldsOf(cells, kind) }, kind);
  const layout = layoutOf(cells, kind);
  const known = sheets.layout(ctx.db, layout);
  const before = known
    ? remembered(known, proposed)
    : recall(cells, proposed, kind, sheets.headingMemory(ctx.db, kind));
  // Until release 0.4.0 Siaga's own status was proposed as the portal's word, and remembered so.
  const told = isOwnExport(cells) ? before.map((field) => (field === 'portal' ? null : field)) : before;
  const fields = chosen.fields ?? told;
  return { row, cells, fields: cells.map((_, i) => fields[i] ?? null), layout, proposed };
}
