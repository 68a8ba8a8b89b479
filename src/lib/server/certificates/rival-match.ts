// Proposals of a name that is one person's to the letter, and yet may be what was left of somebody else's: SITI SANTOSO
// is Siti Santoso, or Siti Ayu Santoso with a word left out. No name tells; what people already hold and where they serve
// can. Only when something speaks for the other person, a person decides.
import type { Db } from '../db/index.ts';
import type { Bearer } from './match-verdict.ts';
import type { Proposal } from './match-survey.ts';
import * as store from './match-store.ts';
import { overlaps, RIVAL, type Register } from './near-match.ts';

/**
 * What speaks against the bearer of the name. `second`: they would hold two certificates for one use beside one another
 * for longer than a renewal takes. `elsewhere`: the certificate came from an agency in which they do not serve. Neither
 * alone is a doubt, because certificates are issued anew and people move: it becomes one when somebody alike
 * (`holderIds`) holds none for that use and time and, where the certificate tells its agency, serves there.
 */
export type Doubt = { why: 'second' | 'elsewhere'; holderIds: string[] };

/** More names than this from elsewhere, and it is the import's agency that tells nothing; with a second one, a re-issue. */
const MANY = 1000;

type Exact = Pick<Proposal, 'certificate' | 'holderId'> & { bearer: Bearer; own: readonly store.Claim[] };

/** @returns the doubtful among the proposals, by certificate */
export function doubtful(
  db: Db,
  proposals: readonly Proposal[],
  found: { register: () => Register; refused: ReadonlyMap<string, ReadonlySet<string>> },
): Map<string, Doubt> {
  const exact = exactOf(db, proposals);
  const apart = exact.filter(isApart);
  const movers = unlessMany(apart);
  const seconds = unlessMany(exact.filter((one) => holds(one.own, one.certificate)));
  const asked = [...new Set([...movers, ...seconds])];
  if (!asked.length) return new Map();
  const free = rivalsOf(db, asked, found);
  const doubts = new Map<string, Doubt>();
  for (const one of movers) {
    const holderIds = free(one);
    if (holderIds.length) doubts.set(one.certificate.id, { why: 'elsewhere', holderIds });
  }
  for (const one of seconds) {
    // Of two, the one whose agency speaks for somebody else is the doubtful one.
    const left = one.own.filter((other) => doubts.get(other.id)?.why !== 'elsewhere');
    if (doubts.has(one.certificate.id) || !holds(left, one.certificate)) continue;
    const holderIds = free(one);
    if (holderIds.length) doubts.set(one.certificate.id, { why: 'second', holderIds });
  }
  return doubts;
}

/**
 * Signatures and mail of persons whose name stands there as written; with them whatever else waits under the name, so
 * that a proposal is judged alike alone and among all.
 */
function exactOf(db: Db, proposals: readonly Proposal[]): Exact[] {
  const named = proposals.filter(
    ({ why, certificate: { use } }) => why !== 'near' && (use === 'signature' || use === 'email'),
  );
  const ids = named.map(({ holderId }) => holderId);
  const bearers = store.bearersById(db, ids);
  const claims = store.claims(db, ids);
  const known = new Set(named.map(({ certificate }) => certificate.id));
  const beside = new Map<string, string>();
  for (const [holderId, own] of claims)
    for (const { id, waits } of own) if (waits && !known.has(id)) beside.set(id, holderId);
  const others = beside.size ? store.waiting(db, 'all', { ids: [...beside.keys()] }) : [];
  return [...named, ...others.map((certificate) => ({ certificate, holderId: beside.get(certificate.id)! }))].flatMap(
    ({ certificate, holderId }) => {
      const bearer = bearers.get(holderId);
      return bearer ? [{ certificate, holderId, bearer, own: claims.get(holderId) ?? [] }] : [];
    },
  );
}

const isApart = ({ certificate, bearer }: Exact): boolean =>
  certificate.agencyId !== null && bearer.agencyId !== null && certificate.agencyId !== bearer.agencyId;

const unlessMany = (asked: readonly Exact[]): readonly Exact[] =>
  new Set(asked.map(({ certificate }) => certificate.key)).size > MANY ? [] : asked;

/**
 * Who is alike, served when the certificate began, where it came from, and holds none of that use and time. Most people
 * hold one: who does not is asked first, and the register is searched once for each name, among those only.
 */
function rivalsOf(
  db: Db,
  asked: readonly Exact[],
  found: { register: () => Register; refused: ReadonlyMap<string, ReadonlySet<string>> },
): (one: Exact) => string[] {
  const { finder, names } = found.register();
  const everybody = [...names.values()].flat();
  const rivals = store.bearersById(db, everybody);
  const claims = store.claimsOf(db);
  const mayBe = ({ certificate, bearer, holderId }: Exact, id: string): boolean => {
    const rival = rivals.get(id);
    if (!rival || id === holderId || found.refused.get(certificate.id)?.has(id)) return false;
    if (rival.leftOn && certificate.begins && rival.leftOn < certificate.begins) return false;
    const tells = certificate.agencyId !== null && bearer.agencyId !== null;
    return (!tells || rival.agencyId === certificate.agencyId) && !holds(claims(id), certificate);
  };
  const alike = new Map<string, string[]>();
  for (const [key, named] of Map.groupBy(asked, ({ certificate }) => certificate.key)) {
    const longest = Math.max(...named.map(({ certificate }) => certificate.commonName.trim().length));
    const fits = finder(key, longest, (id) => named.some((one) => mayBe(one, id)));
    alike.set(
      key,
      fits.filter((fit) => fit.score >= RIVAL).map((fit) => fit.holderId),
    );
  }
  return (one) => alike.get(one.certificate.key)!.filter((id) => mayBe(one, id));
}

/** Whether there is another certificate for the same use at that time. */
const holds = (claims: readonly store.Claim[], certificate: store.Waiting): boolean =>
  claims.some((one) => one.id !== certificate.id && one.use === certificate.use && overlaps(one, certificate));
