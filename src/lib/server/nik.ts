// The number of a person's identity card (NIK) in free text: found however it was grouped, and covered. It never stands
// in a letter, an incident or a report (incident-escalation §8); a NIP has 18 digits and is none. Pure.

/** Province of first registration, as the Ministry of Home Affairs numbers them. */
const PROVINCE = /^(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])/;
/** Spaces, dots, dashes and what is not seen, as they stand between groups of digits. */
const GROUPED = /(?<![\da-z])\d+(?:[\p{Zs}\p{Cf}\p{Pd}._/]{1,3}\d+)*(?!\d)|\d{16,}/giu;
const COVER = '[NIK disamarkan]';

/** For a field that may not carry one. */
export const NO_NIK = 'Isian ini memuat NIK (16 angka). Hapus angka itu; cukup nama dan jabatannya.';

/**
 * Whether 16 digits have the build of a NIK: province, regency, district, day (40 more for women), month, year, serial.
 * Permendagri 72/2022; other numbers of 16 digits seldom have it.
 */
function isNik(digits: string): boolean {
  if (!PROVINCE.test(digits) || digits.slice(2, 4) === '00' || digits.slice(4, 6) === '00') return false;
  const [day, month] = [Number(digits.slice(6, 8)) % 40, Number(digits.slice(8, 10))];
  if (Number(digits.slice(6, 8)) > 71 || month < 1 || month > 12 || digits.endsWith('0000')) return false;
  return day >= 1 && day <= [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

/** Where each NIK begins and ends. Groups are tried together until they make sixteen digits. */
function find(text: string): { from: number; to: number }[] {
  // One letter for one letter, so that places stay: full-width digits are digits too.
  const plain = text.replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - 0xff10));
  const found: { from: number; to: number }[] = [];
  for (const run of plain.matchAll(GROUPED)) {
    const groups = [...run[0].matchAll(/\d+/g)].map((g) => ({ at: run.index + g.index, digits: g[0] }));
    for (let first = 0; first < groups.length; first += 1) {
      let digits = '';
      for (let last = first; last < groups.length && digits.length < 16; last += 1) {
        digits += groups[last]!.digits;
        if (digits.length !== 16 || !isNik(digits)) continue;
        found.push({ from: groups[first]!.at, to: groups[last]!.at + groups[last]!.digits.length });
        first = last;
      }
    }
  }
  return found;
}

export const hasNik = (text: string): boolean => find(text).length > 0;

/** The text with a note in place of each NIK. */
export const withoutNik = (text: string): string =>
  find(text).reduceRight((rest, { from, to }) => rest.slice(0, from) + COVER + rest.slice(to), text);

/** Whether something was covered in it. */
export const wasCovered = (text: string): boolean => text.includes(COVER);
