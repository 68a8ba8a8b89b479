// What two records of one holder become when they are merged. Pure: the preview shows it, the merge does it.
import { addDays } from '../calendar.ts';

export type Half = {
  id: string;
  name: string;
  titleBefore: string;
  titleAfter: string;
  nip: string | null;
  email: string | null;
};
export type Held = {
  id: string;
  holderId: string;
  agencyId: string;
  title: string;
  from: string;
  to: string | null;
};

/** Whether each bears a NIP and not the same: a person has one for life, so mostly these are two people. */
export const differentNumbers = (a: { nip: string | null }, b: { nip: string | null }): boolean =>
  a.nip !== null && b.nip !== null && a.nip !== b.nip;

/**
 * The merged record's facts: those of the kept one; what it has not comes from the other, titles only as a whole, so
 * that nobody is given a name that neither record wrote. @param nip the right one of two; null where it is not chosen yet
 */
export function joinedFacts(keep: Half, other: Half, nip: string | null) {
  const titled = keep.titleBefore || keep.titleAfter ? keep : other;
  return {
    nip: differentNumbers(keep, other) ? nip : (keep.nip ?? other.nip),
    email: keep.email ?? other.email,
    titleBefore: titled.titleBefore,
    titleAfter: titled.titleAfter,
  };
}

/**
 * Both records' positions as the kept one's. One of several present positions stays present: the newest, of two that
 * began on one day the kept record's. An older one ended on the day before that, and one of which no list says when it
 * ended lasts until today. What both records say alike is not written twice: it stays with the other.
 */
export function joinedPositions(keepId: string, held: readonly Held[], today: string): Held[] {
  const said = (row: Held) => `${row.agencyId} ${row.from} ${row.to} ${row.title}`;
  const own = new Set(held.filter((row) => row.holderId === keepId).map(said));
  const repeated = (row: Held) => row.holderId !== keepId && own.has(said(row));
  const ranked = held
    .filter((row) => row.to === null && !repeated(row))
    .sort((a, b) => rank(b, keepId).localeCompare(rank(a, keepId)));
  const present = ranked[0];
  return held.map((row) => {
    const holderId = repeated(row) ? row.holderId : keepId;
    if (row.to !== null || row === present) return { ...row, holderId };
    const last = present && present.from > row.from ? earlier(addDays(present.from, -1), today) : today;
    return { ...row, holderId, to: last > row.from ? last : row.from };
  });
}

const earlier = (a: string, b: string): string => (a < b ? a : b);
const rank = (row: Held, keepId: string): string => `${row.from} ${row.holderId === keepId ? 1 : 0} ${row.id}`;
