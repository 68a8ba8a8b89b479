// What the cells below a heading tell when its words do not: eighteen digits that begin with a date of birth are NIPs,
// addresses are addresses. Pure. A person sees the proposal and may change it.
import { isDate } from '../calendar.ts';
import { readEmail, readNip } from './cells.ts';

export type Told = 'nip' | 'email';

const LOOKED_AT = 200;
/** Of the cells that are not empty, how many must agree. */
const SHARE = 0.6;

/** Headings of somebody else's number or address. */
const ANOTHER =
  /\b(atasan|pimpinan|kepala|penilai|pejabat|verifikator|operator|admin|petugas|pengelola|lama|pasangan|pribadi)\b/i;

/** A NIP begins with the date of birth. */
const isNip = (text: string): boolean => {
  const nip = readNip(text);
  return Boolean(nip) && isDate(`${nip!.slice(0, 4)}-${nip!.slice(4, 6)}-${nip!.slice(6, 8)}`);
};
const isEmail = (text: string): boolean => Boolean(readEmail(text));

/** What a column holds by its cells, or null. */
export function toldBy(heading: string, cells: readonly string[]): Told | null {
  if (ANOTHER.test(heading)) return null;
  const filled = cells
    .slice(0, LOOKED_AT)
    .map((text) => text.trim())
    .filter(Boolean);
  const most = (fits: (text: string) => boolean) =>
    filled.length > 0 && filled.filter(fits).length >= filled.length * SHARE;
  return most(isNip) ? 'nip' : most(isEmail) ? 'email' : null;
}
