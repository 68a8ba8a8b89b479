// What the cells below a heading tell when its words do not: eighteen digits that begin with a date of birth are NIPs,
// addresses are addresses, remarks that say who retired are statuses. Pure. A person sees the proposal and may change it.
import { isDate } from '../calendar.ts';
import { readEmail, readHolderStatus, readNip } from './cells.ts';

export type Told = 'nip' | 'email' | 'status';

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

const isStatus = (text: string): boolean => Boolean(readHolderStatus(text));
/** The kind of employment (PNS, PPPK) says of everybody that they work here, and of nobody who left. */
const tellsLeavers = (text: string): boolean => isStatus(text) && readHolderStatus(text) !== 'active';

/** What a column holds by its cells, or null. */
export function toldBy(heading: string, cells: readonly string[]): Told | null {
  if (ANOTHER.test(heading)) return null;
  const filled = cells
    .slice(0, LOOKED_AT)
    .map((text) => text.trim())
    .filter(Boolean);
  const most = (fits: (text: string) => boolean) =>
    filled.length > 0 && filled.filter(fits).length >= filled.length * SHARE;
  if (most(isNip)) return 'nip';
  if (most(isEmail)) return 'email';
  return most(isStatus) && filled.some(tellsLeavers) ? 'status' : null;
}
