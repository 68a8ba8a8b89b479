// Of which kind a list is, when it was sent as another. Pure; a person decides.
import { fieldsOf, kindOf, missing, type Field, type SheetKind } from './sheet.ts';

/** What only one kind of list tells; a word of status both may have. */
const OWN: Record<SheetKind, readonly Field[]> = {
  personnel: ['titleBefore', 'titleAfter', 'position', 'since'],
  certificate_sheet: ['serial', 'from', 'until', 'issuer', 'use', 'fingerprint'],
};

/** The kind that the headings speak of more clearly than of the one a list was sent as; null: it is what it is said to be. */
export function betterKind(cells: readonly string[], said: SheetKind): SheetKind | null {
  const kind = kindOf(cells);
  const own = (of: SheetKind) => fieldsOf(cells, of).filter((field) => field && OWN[of].includes(field)).length;
  return kind && kind !== said && own(kind) > own(said) ? kind : null;
}

/** What is asked for when no row looks like a heading. */
export const noHeading = (kind: SheetKind): string => `Baris judul tidak ditemukan. ${missing([], kind)}`;
