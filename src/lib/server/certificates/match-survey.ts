// What matching finds over all certificates that wait: proposals, and cases for a person to decide. Computed, never
// stored; a case goes away when its cause does.
import { createHash } from 'node:crypto';
import type { Db } from '../db/index.ts';
import { verdictOf, type Bearer, type Verdict } from './match-verdict.ts';
import * as store from './match-store.ts';
import { LIVE } from './counting.ts';
import { kept, type Kept } from './kept.ts';
import { fitFinder } from './name-finder.ts';
import type { Likeness } from './name-likeness.ts';
import { nearProposals, registerOf, type Register } from './near-match.ts';
import { nameKey } from './names.ts';
import { doubtful, type Doubt } from './rival-match.ts';

export type Proposal = {
  certificate: store.Waiting;
  holderId: string;
  /** The holder's own agency, else the certificate's. */
  agencyId: string | null;
  why: 'name' | 'agency' | 'tenure' | 'near';
  /** Of a near name: how it differs. */
  likeness?: Likeness;
};
/**
 * One decision: a certificate whose name several people bear, one whose name is somebody's but may be another's
 * (`doubt`), or all certificates of one unknown name.
 */
export type Case = {
  /** Id of its first certificate. */
  id: string;
  kind: 'namesakes' | 'rivals' | 'unknown';
  doubt?: Doubt['why'];
  name: string;
  agencyId: string | null;
  certificates: store.Waiting[];
  holderIds: string[];
  /** Of the likeliest owner, when the certificate tells none: under it the case is listed. */
  likelyAgencyId: string | null;
};
export type Survey = { proposals: Proposal[]; cases: Case[] };

const NOBODY: ReadonlySet<string> = new Set();

export function survey(db: Db, scope: 'all' | readonly string[], only: store.Only = {}): Survey {
  const rows = store.waiting(db, scope, only);
  if (!rows.length) return { proposals: [], cases: [] };
  const byName = store.bearers(
    db,
    rows.map((row) => row.key),
  );
  const refused = store.refusals(db);
  const proposals: Proposal[] = [];
  const unknown = new Map<string, Case>();
  const cases: Case[] = [];
  for (const certificate of rows) {
    const verdict = verdictFor(certificate, byName, refused);
    if (verdict.kind === 'proposal') {
      const { holderId, why } = verdict;
      const bearer = byName.get(certificate.key)!.find((one) => one.holderId === holderId);
      proposals.push({ certificate, holderId, why, agencyId: bearer?.agencyId ?? certificate.agencyId });
      continue;
    }
    const { id, commonName: name, agencyId } = certificate;
    if (verdict.kind === 'namesakes') {
      const { holderIds } = verdict;
      const first = byName.get(certificate.key)!.find((one) => one.holderId === holderIds[0]);
      const likelyAgencyId = first?.agencyId ?? null;
      cases.push({ id, kind: 'namesakes', name, agencyId, certificates: [certificate], holderIds, likelyAgencyId });
      continue;
    }
    const group = `${certificate.key}|${agencyId ?? ''}`;
    const same = unknown.get(group);
    if (same) same.certificates.push(certificate);
    else {
      const none = { holderIds: [], likelyAgencyId: null };
      const fresh: Case = { id, kind: 'unknown', name, agencyId, certificates: [certificate], ...none };
      unknown.set(group, fresh);
      cases.push(fresh);
    }
  }
  let read: Register | undefined;
  const register = () => (read ??= registerOf(db));
  const near = nearProposals(db, [...unknown.values()], { proposals, refused, register });
  const doubts = doubtful(db, proposals, { refused, register });
  if (!near.size && !doubts.size) return { proposals, cases };
  for (const [one, { holderId, agencyId, likeness: how }] of near) {
    for (const certificate of one.certificates) {
      proposals.push({ certificate, holderId, why: 'near', likeness: how, agencyId: agencyId ?? certificate.agencyId });
    }
  }
  const sure = proposals.filter(({ certificate }) => !doubts.has(certificate.id));
  const rivals = proposals.flatMap((proposal) => {
    const doubt = doubts.get(proposal.certificate.id);
    return doubt ? [rivalCase(proposal, doubt)] : [];
  });
  return {
    proposals: sure.sort((a, b) => byId(a.certificate, b.certificate)),
    cases: [...cases.filter((one) => !near.has(one)), ...rivals].sort(byId),
  };
}

function rivalCase({ certificate, holderId, agencyId: likelyAgencyId }: Proposal, doubt: Doubt): Case {
  const { id, commonName: name, agencyId } = certificate;
  const holderIds = [holderId, ...doubt.holderIds];
  return {
    id,
    kind: 'rivals',
    doubt: doubt.why,
    name,
    agencyId,
    certificates: [certificate],
    holderIds,
    likelyAgencyId,
  };
}

/** Beyond this many decisions without an agency, likely owners of unknown names are looked up for the open one only. */
const MANY = 300;

/** Unknown names without an agency get that of the person whose name is most like theirs. */
export function withLikely(db: Db, found: Survey): Survey {
  const open = found.cases.filter((one) => one.agencyId === null);
  const unknown = open.filter((one) => one.kind === 'unknown');
  if (!unknown.length || open.length > MANY) return found;
  const finder = fitFinder(store.names(db));
  const likely = new Map(
    unknown.map((one) => [one, finder(nameKey(one.name), one.name.trim().length)[0]?.holderId ?? null]),
  );
  const who = store.candidates(
    db,
    [...likely.values()].filter((id) => id !== null),
  );
  const cases = found.cases.map((one) =>
    likely.has(one) ? { ...one, likelyAgencyId: who.get(likely.get(one) ?? '')?.agencyId ?? null } : one,
  );
  return { ...found, cases };
}

/** More newcomers than this wait for the next survey of the jobs, which follows an import at once: each may ask for the whole register. */
const NEWCOMERS = 20;

const NOTHING_YET: Kept<Survey> = { takenAt: 0, rows: { proposals: [], cases: [] } };

/** `pending`: certificates that wait, and of which the next survey of the jobs will tell what for. */
export type Surveyed = Survey & { pending: number };

/**
 * The survey of everything for pages: of a large estate the one that jobs keep, less what has its holder by now, with
 * what was refused since and what came since judged here; else live.
 */
export function surveyed(db: Db, scope: 'all' | readonly string[], only: { importId?: string } = {}): Surveyed {
  const last = kept<Survey>(db, 'matching') ?? (awaitsJobs(db) ? NOTHING_YET : null);
  if (!last) {
    const live = survey(db, scope, only);
    return { ...(only.importId ? live : withLikely(db, live)), pending: 0 };
  }
  const waiting = store.waitingIds(db);
  const known = knownTo(last.rows);
  const newcomers = [...waiting].filter((id) => !known.has(id));
  const later = newcomers.length > NEWCOMERS;
  const again = new Set([...store.refusedSince(db, last.takenAt), ...(later ? [] : newcomers)]);
  const seen = (one: store.Waiting) =>
    waiting.has(one.id) &&
    !again.has(one.id) &&
    (scope === 'all' || scope.includes(one.agencyId ?? '')) &&
    (!only.importId || one.importId === only.importId);
  const proposals = last.rows.proposals.filter((one) => seen(one.certificate));
  const cases = last.rows.cases.flatMap((one) => {
    const certificates = one.certificates.filter(seen);
    return certificates.length ? [{ ...one, id: certificates[0]!.id, certificates }] : [];
  });
  const since = again.size ? survey(db, scope, { ...only, ids: [...again] }) : { proposals: [], cases: [] };
  const all = {
    proposals: [...proposals, ...since.proposals].sort((a, b) => byId(a.certificate, b.certificate)),
    cases: [...cases, ...since.cases].sort(byId),
  };
  return { ...all, pending: later ? store.countWaiting(db, scope, only) - judged(all) : 0 };
}

/** Of a large estate, how many a page looks at itself when jobs have not surveyed it. */
const AT_ONCE = 1000;
/** After the first large import, until jobs have surveyed it: a page would take seconds. */
const awaitsJobs = (db: Db): boolean => store.isLarge(db, LIVE) && store.countWaiting(db, 'all', {}) > AT_ONCE;

/** Certificates that a survey tells of. */
export const judged = ({ proposals, cases }: Survey): number =>
  proposals.length + cases.reduce((sum, one) => sum + one.certificates.length, 0);

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

const memory = new WeakMap<Survey, Set<string>>();
function knownTo(rows: Survey): ReadonlySet<string> {
  const known =
    memory.get(rows) ??
    new Set([
      ...rows.proposals.map((one) => one.certificate.id),
      ...rows.cases.flatMap((one) => one.certificates.map((row) => row.id)),
    ]);
  memory.set(rows, known);
  return known;
}

const verdictFor = (
  certificate: store.Waiting,
  byName: ReadonlyMap<string, Bearer[]>,
  refused: ReadonlyMap<string, Set<string>>,
): Verdict => verdictOf(certificate, byName.get(certificate.key) ?? [], refused.get(certificate.id) ?? NOBODY);

/** SHA-256 over pairs of certificate and holder: what a person saw is what is accepted, and what the trail commits to. */
export function ledgerOf(proposals: readonly Proposal[]): string {
  const hash = createHash('sha256');
  for (const { certificate, holderId } of proposals) hash.update(`${certificate.id} ${holderId}\n`);
  return hash.digest('hex');
}
