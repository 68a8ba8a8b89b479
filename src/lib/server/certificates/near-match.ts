// Proposals for names that nobody bears as written: the misspelt name of exactly one person, with nothing that speaks for
// anybody else. A false proposal is worse than a decision, so every doubt leaves it to a person.
import { DAY } from '../calendar.ts';
import type { Db } from '../db/index.ts';
import type { Case, Proposal } from './match-survey.ts';
import * as store from './match-store.ts';
import { fitFinder, type Finder } from './name-finder.ts';
import type { Likeness } from './name-likeness.ts';
import { nearness } from './near-name.ts';

/** More unknown names than this are no misspellings but a list of people that is missing. */
const MANY = 1000;
/** Certificates of one person and use run beside one another while they are renewed, not longer. */
const RENEWAL = 90 * DAY;
/** Somebody else this like the name makes it a decision. */
export const RIVAL = 55;
/** With so many words an initial leaves enough of the name; of shorter ones the agency must agree. */
const ENOUGH_WORDS = 3;

/** The names of all who may be meant, and a way to find those alike. */
export type Register = ReturnType<typeof registerOf>;
export function registerOf(db: Db) {
  const names = store.names(db);
  return { names, finder: fitFinder(names), keysOf: store.keysOf(names) };
}

export type Near = { holderId: string; agencyId: string | null; likeness: Likeness };

export function nearProposals(
  db: Db,
  unknown: readonly Case[],
  found: {
    proposals: readonly Proposal[];
    refused: ReadonlyMap<string, ReadonlySet<string>>;
    register: () => Register;
  },
): Map<Case, Near> {
  const open = unknown.filter((one) => one.certificates.every(({ use }) => use === 'signature' || use === 'email'));
  if (!open.length || open.length > MANY) return new Map();
  const { names, finder, keysOf } = found.register();
  if (!names.size) return new Map();
  const words = new Set([...names.keys()].flatMap((key) => key.split(' ')));
  const likely = open.flatMap((one) => {
    const near = onlyOne(one, finder, keysOf, words);
    return near ? [{ one, ...near }] : [];
  });
  const bearers = store.bearersById(
    db,
    likely.map(({ holderId }) => holderId),
  );
  const others = store.spansOf(db, [...bearers.keys()], found.proposals);
  const taken = new Map<string, number>();
  for (const { holderId } of likely) taken.set(holderId, (taken.get(holderId) ?? 0) + 1);
  const near = new Map<Case, Near>();
  for (const { one, holderId, kind, why, words: count } of likely) {
    const bearer = bearers.get(holderId);
    // Two misspelt names that both mean one person are looked at.
    if (!bearer || taken.get(holderId) !== 1) continue;
    const fits = one.certificates.every(
      (row) =>
        !found.refused.get(row.id)?.has(holderId) &&
        (!bearer.leftOn || (row.begins !== null && bearer.leftOn >= row.begins)) &&
        !(others.get(holderId) ?? []).some((other) => other.use === row.use && overlaps(other, row)),
    );
    const here = one.agencyId !== null && one.agencyId === bearer.agencyId;
    const elsewhere = one.agencyId !== null && one.agencyId !== bearer.agencyId;
    if (!fits || elsewhere || (why === 'abbreviation' && kind === 'slip' && !here && count < ENOUGH_WORDS)) continue;
    near.set(one, { holderId, agencyId: bearer.agencyId, likeness: why });
  }
  return near;
}

/** The one person the name can mean, when nobody else in the register is like it. */
function onlyOne(
  one: Case,
  finder: Finder,
  keysOf: (holderId: string) => readonly string[],
  words: ReadonlySet<string>,
) {
  const key = one.certificates[0]!.key;
  const fits = finder(key, one.name.trim().length).filter((fit) => fit.score >= RIVAL);
  if (fits.length !== 1) return null;
  const { holderId } = fits[0]!;
  for (const borne of keysOf(holderId)) {
    const found = nearness(key, borne, words);
    // A slip may as well be one in the name of somebody who is written much like them.
    if (found && (found.kind === 'spelling' || !hasDouble(borne, holderId, finder))) return { holderId, ...found };
  }
  return null;
}

const hasDouble = (name: string, holderId: string, finder: Finder): boolean =>
  finder(name, name.length).some((fit) => fit.holderId !== holderId && !fit.why.includes('part'));

type Span = { notBefore: number | null; notAfter: number | null };

/** They run beside one another for longer than a renewal takes; what is not known may. */
export const overlaps = (a: Span, b: Span): boolean =>
  Math.min(a.notAfter ?? Infinity, b.notAfter ?? Infinity) - Math.max(a.notBefore ?? 0, b.notBefore ?? 0) > RENEWAL;
