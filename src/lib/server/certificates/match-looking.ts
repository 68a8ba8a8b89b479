// What waits for its holder, as the page of matching shows it: proposals to accept, decisions to take, who may be meant.
import * as agencies from '../agencies/index.ts';
import type { Context } from '../context.ts';
import type { Db } from '../db/index.ts';
import { notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import * as matches from './match-store.ts';
import { judged, ledgerOf, survey, surveyed, type Case } from './match-survey.ts';
import { finderOf } from './name-finder.ts';
import { nameKey } from './names.ts';
import { newOwner } from './new-owner.ts';

export type { Candidate } from './match-store.ts';

const PAGE = 50;

/** `pending`: those of `waiting` that jobs have not looked at yet. */
export type MatchCounts = { proposals: number; decisions: number; waiting: number; pending: number };

/** How much waits, of the whole inventory or of one import. */
export function matchCounts(ctx: Context, only: { importId?: string } = {}): MatchCounts {
  demand(ctx.actor, 'certificates.view');
  const found = surveyed(ctx.db, scope(ctx.actor), only);
  return {
    proposals: found.proposals.length,
    decisions: found.cases.length,
    waiting: judged(found) + found.pending,
    pending: found.pending,
  };
}

export type AgencyShare = { id: string; code: string; name: string; proposals: number; decisions: number };

/**
 * Everything the page of matching shows: counts by agency, one page of proposals, the open decisions. A proposal stands
 * under its holder's agency, a decision under the import's, else under that of the likeliest owner.
 * @param filter.agency code, or 'none': no agency known yet
 */
export function matching(ctx: Context, filter: { agency?: string; after?: string } = {}) {
  demand(ctx.actor, 'certificates.match');
  const found = surveyed(ctx.db, scope(ctx.actor));
  const { proposals } = found;
  const cases = found.cases.map((one) => ({ ...one, agencyId: one.agencyId ?? one.likelyAgencyId }));
  const listed = listedUnder(ctx, proposals, filter.agency);
  const from = filter.after ? listed.findIndex((p) => p.certificate.id === filter.after) + 1 : 0;
  const page = listed.slice(from, from + PAGE);
  const who = matches.candidates(
    ctx.db,
    page.map((p) => p.holderId),
  );
  const shown = page.flatMap((p) => {
    const holder = who.get(p.holderId);
    return holder ? [{ ...p, holder }] : [];
  });
  return {
    shares: sharesOf(ctx, proposals, cases),
    proposals: {
      total: listed.length,
      rows: shown,
      next: from + PAGE < listed.length ? page.at(-1)!.certificate.id : null,
      ledger: ledgerOf(listed),
      byReason: countBy(listed.map((p) => p.why)),
    },
    cases: listedUnder(ctx, cases, filter.agency),
    all: { proposals: proposals.length, decisions: cases.length },
    pending: found.pending,
  };
}

/** Rows of one agency or of all, agency by agency; the order is part of what the ledger's hash covers. */
export function listedUnder<T extends { agencyId: string | null }>(
  ctx: Context,
  rows: readonly T[],
  code?: string,
): T[] {
  const known = agencies.choices(ctx);
  const order = new Map(known.map((agency, index) => [agency.id, index]));
  const wanted = code === 'none' ? null : known.find((agency) => agency.code === code)?.id;
  const place = (row: T) => order.get(row.agencyId ?? '') ?? known.length;
  return rows.filter((row) => !code || row.agencyId === wanted).sort((a, b) => place(a) - place(b));
}

function sharesOf(
  ctx: Context,
  proposals: readonly { agencyId: string | null }[],
  cases: readonly { agencyId: string | null }[],
): AgencyShare[] {
  const p = countBy(proposals.map((row) => row.agencyId ?? ''));
  const c = countBy(cases.map((row) => row.agencyId ?? ''));
  const known = agencies.choices(ctx);
  return [...known, { id: '', code: 'none', name: 'Belum jelas Perangkat Daerahnya' }]
    .map(({ id, code, name }) => ({ id, code, name, proposals: p[id] ?? 0, decisions: c[id] ?? 0 }))
    .filter((row) => row.proposals + row.decisions > 0);
}

const countBy = <K extends string>(keys: readonly K[]): Partial<Record<K, number>> => {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
};

/** The decision that a certificate waits for, as things stand now. */
export function caseOf(db: Db, seen: 'all' | readonly string[], id: string): Case | undefined {
  const has = (one: Case) => one.certificates.some((row) => row.id === id);
  const listed = surveyed(db, seen).cases.find(has);
  return listed && survey(db, seen, { ids: listed.certificates.map((row) => row.id) }).cases.find(has);
}

/** One decision with its likely owners, best first, at most nine (keys 1–9). @throws AppError not_found */
export function matchCase(ctx: Context, id: string) {
  demand(ctx.actor, 'certificates.match');
  const found = caseOf(ctx.db, scope(ctx.actor), id);
  if (!found) throw notFound('Keputusan ini sudah tidak ada: pemiliknya telah ditetapkan.');
  const refused = new Set(found.certificates.flatMap((row) => [...(matches.refusals(ctx.db).get(row.id) ?? [])]));
  const fits = finderOf(ctx.db, ctx.now())(nameKey(found.name), found.name.trim().length)
    .filter((fit) => !refused.has(fit.holderId))
    .slice(0, 9);
  const who = matches.candidates(
    ctx.db,
    fits.map((fit) => fit.holderId),
  );
  return {
    ...found,
    agency: found.agencyId ? agencies.byId(ctx, found.agencyId) : null,
    fresh: newOwner(ctx, found.certificates[0]!),
    candidates: fits.flatMap((fit) => {
      const holder = who.get(fit.holderId);
      return holder ? [{ ...holder, why: fit.why, score: fit.score }] : [];
    }),
  };
}

/** People of the whole city whose name is like a certificate's, best first: for who decides on the certificate's own page. */
export function likelyHolders(ctx: Context, commonName: string) {
  demand(ctx.actor, 'certificates.match');
  const key = nameKey(commonName);
  const fits = finderOf(ctx.db, ctx.now())(key, commonName.trim().length).slice(0, 9);
  const who = matches.candidates(
    ctx.db,
    fits.map((fit) => fit.holderId),
  );
  return fits.flatMap((fit) => {
    const row = who.get(fit.holderId);
    return row ? [{ ...row, why: fit.why, sameName: fit.why.includes('same') }] : [];
  });
}
