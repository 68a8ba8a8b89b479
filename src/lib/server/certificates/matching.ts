// Whose certificate is it: proposals accepted in bulk, decisions taken one by one. E-mail, NIP and host name are
// identity and are assigned by the import itself; a bare name is only a proposal, because names are not unique.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import { refreshEstate } from './estate.ts';
import * as people from './holder-store.ts';
import * as matches from './match-store.ts';
import { fitFinder, ledgerOf, survey, type Case, type Proposal } from './match-survey.ts';
import { nameKey, properName, splitName } from './names.ts';
import * as store from './store.ts';
import { refreshSuccessors } from './successors.ts';

export type { Candidate } from './match-store.ts';

/** Owners written in one transaction; a larger batch is cut, each part with its own entry in the trail. */
const CHUNK = 2000;
/** Beyond this many decisions, likely owners are looked up for the one that is open only. */
const MANY = 300;
const PAGE = 50;

const why = {
  name: 'Nama pada sertifikat cocok dengan satu orang',
  agency: 'Nama dan Perangkat Daerah cocok dengan satu orang',
  tenure: 'Nama cocok dengan satu orang yang bertugas saat sertifikat terbit',
} as const;

// ---- looking -----------------------------------------------------------------------------------------------------

export type MatchCounts = { proposals: number; decisions: number; waiting: number };

/** How much waits, of the whole inventory or of one import. */
export function matchCounts(ctx: Context, only: { importId?: string } = {}): MatchCounts {
  demand(ctx.actor, 'certificates.view');
  const found = survey(ctx.db, scope(ctx.actor), only);
  return {
    proposals: found.proposals.length,
    decisions: found.cases.length,
    waiting: found.proposals.length + found.cases.reduce((sum, one) => sum + one.certificates.length, 0),
  };
}

export type AgencyShare = { id: string; code: string; name: string; proposals: number; decisions: number };

/**
 * Everything the page of matching shows: counts by agency, one page of proposals, the open decisions. A proposal stands
 * under its holder's agency, a decision under the import's, else under that of the likeliest owner.
 * @param filter.agency code, or 'none': no agency known yet
 */
export function matching(ctx: Context, filter: { agency?: string; after?: string } = {}) {
  demand(ctx.actor, 'certificates.edit');
  const found = survey(ctx.db, scope(ctx.actor));
  const { proposals } = found;
  const cases = withAgencies(ctx, found.cases);
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
  };
}

function withAgencies(ctx: Context, cases: readonly Case[]): Case[] {
  const open = cases.filter((one) => one.agencyId === null);
  const finder = open.length && open.length <= MANY ? fitFinder(matches.names(ctx.db)) : null;
  const likely = new Map(
    open.map((one) => [
      one.id,
      one.holderIds[0] ?? finder?.(nameKey(one.name), one.name.trim().length)[0]?.holderId ?? null,
    ]),
  );
  const who = matches.candidates(
    ctx.db,
    [...likely.values()].filter((id) => id !== null),
  );
  return cases.map((one) => ({
    ...one,
    agencyId: one.agencyId ?? who.get(likely.get(one.id) ?? '')?.agencyId ?? null,
  }));
}

/** Rows of one agency or of all, agency by agency; the order is part of what the ledger's hash covers. */
function listedUnder<T extends { agencyId: string | null }>(ctx: Context, rows: readonly T[], code?: string): T[] {
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

/** One decision with its likely owners, best first, at most nine (keys 1–9). @throws AppError not_found */
export function matchCase(ctx: Context, id: string) {
  demand(ctx.actor, 'certificates.edit');
  const found = survey(ctx.db, scope(ctx.actor)).cases.find((one) => one.certificates.some((row) => row.id === id));
  if (!found) throw notFound('Keputusan ini sudah tidak ada: pemiliknya telah ditetapkan.');
  const refused = new Set(found.certificates.flatMap((row) => [...(matches.refusals(ctx.db).get(row.id) ?? [])]));
  const fits = fitFinder(matches.names(ctx.db))(nameKey(found.name), found.name.trim().length)
    .filter((fit) => !refused.has(fit.holderId))
    .slice(0, 9);
  const who = matches.candidates(
    ctx.db,
    fits.map((fit) => fit.holderId),
  );
  return {
    ...found,
    agency: found.agencyId ? agencies.byId(ctx, found.agencyId) : null,
    newName: properName(splitName(found.name).name),
    newAgency: agencies.find(ctx)(found.name),
    candidates: fits.flatMap((fit) => {
      const holder = who.get(fit.holderId);
      return holder ? [{ ...holder, why: fit.why, score: fit.score }] : [];
    }),
  };
}

/** People of the whole city whose name is like a certificate's, best first: for who decides on the certificate's own page. */
export function likelyHolders(ctx: Context, commonName: string) {
  demand(ctx.actor, 'certificates.edit');
  const key = nameKey(commonName);
  const fits = fitFinder(matches.names(ctx.db))(key, commonName.trim().length).slice(0, 9);
  const who = matches.candidates(
    ctx.db,
    fits.map((fit) => fit.holderId),
  );
  return fits.flatMap((fit) => {
    const row = who.get(fit.holderId);
    return row ? [{ ...row, why: fit.why, sameName: fit.why.includes('same') }] : [];
  });
}

// ---- deciding ----------------------------------------------------------------------------------------------------

/**
 * Accepts all proposals of the inventory, or of one agency. What is accepted is exactly what was seen.
 * @param input.ledger the hash that was shown with the preview @throws AppError conflict when it changed meanwhile
 */
export async function acceptProposals(
  ctx: Context,
  input: { agency?: string; ledger: string },
): Promise<{ accepted: number }> {
  demand(ctx.actor, 'certificates.edit');
  const found = survey(ctx.db, scope(ctx.actor));
  const listed = listedUnder(ctx, found.proposals, input.agency);
  if (ledgerOf(listed) !== input.ledger) {
    throw conflict('Usulan berubah sejak Anda melihatnya. Muat ulang halaman, lalu periksa lagi.');
  }
  for (let from = 0; from < listed.length; from += CHUNK) {
    acceptPart(ctx, listed.slice(from, from + CHUNK));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { accepted: listed.length };
}

/** Accepts every proposal there is, unseen: only for a caller that means it (the sample city). Idempotent. */
export function matchHolders(ctx: Context): { matched: number; waiting: number } {
  demand(ctx.actor, 'certificates.edit');
  const { proposals, cases } = survey(ctx.db, scope(ctx.actor));
  for (let from = 0; from < proposals.length; from += CHUNK) {
    acceptPart(ctx, proposals.slice(from, from + CHUNK));
  }
  return { matched: proposals.length, waiting: cases.reduce((sum, one) => sum + one.certificates.length, 0) };
}

function acceptPart(ctx: Context, part: readonly Proposal[]): void {
  transact(ctx, (tx) => {
    const now = tx.now();
    const by = audit.actorKey(tx.actor);
    const held = connection(tx.db).prepare('select holder_id from certificate where id = ?').pluck();
    // Somebody may have been quicker with one of them.
    const taken = part.filter((p) => held.get(p.certificate.id) === null);
    for (const { certificate, holderId, agencyId, why: reason } of taken) {
      const act = { why: why[reason], by, now, from: certificate.notBefore ?? now };
      store.setOwner(tx.db, certificate.id, { holderId, agencyId }, act);
    }
    if (!taken.length) return;
    const holders = [...new Set(taken.map((p) => p.holderId))];
    refreshSuccessors(tx.db, holders);
    refreshEstate(tx.db, now, { holders });
    const details = { count: taken.length, ledger: ledgerOf(taken) };
    audit.record(tx, { action: 'matches.accepted', targets: [], details });
  });
}

/** @returns false when somebody else was quicker */
function own(
  tx: Context,
  certificate: matches.Waiting,
  holderId: string,
  act: { why: string; by: string; now: number },
): boolean {
  const row = store.byId(tx.db, certificate.id);
  if (!row || row.holderId !== null) return false;
  const agencyId = people.lastPosition(tx.db, holderId)?.agencyId ?? row.agencyId;
  store.setOwner(tx.db, row.id, { holderId, agencyId }, { ...act, from: row.notBefore ?? act.now });
  return true;
}

/** Accepts one proposal, or decides a case: all its certificates get this holder, and the name is remembered. */
export function decideMatch(ctx: Context, certificateId: string, holderId: string): { count: number; name: string } {
  demand(ctx.actor, 'certificates.edit');
  const holder = people.byId(ctx.db, holderId);
  if (!holder || holder.archivedAt !== null) {
    throw invalid('Pemilik ini tidak ada dalam daftar. Muat ulang halaman, lalu pilih lagi.', {
      holderId: 'Pilih pemilik dari daftar.',
    });
  }
  const rows = waitingWith(ctx, certificateId);
  return transact(ctx, (tx) => ({ count: decide(tx, rows, holder, 'Ditetapkan petugas'), name: holder.name }));
}

function decide(tx: Context, rows: readonly matches.Waiting[], holder: people.HolderRow, reason: string): number {
  const now = tx.now();
  const by = audit.actorKey(tx.actor);
  const taken = rows.filter((row) => own(tx, row, holder.id, { why: reason, by, now }));
  if (!taken.length) throw conflict('Pemilik sertifikat ini sudah ditetapkan orang lain.');
  const name = splitName(rows[0]!.commonName).name;
  if (nameKey(name) && nameKey(name) !== holder.nameKey && rows[0]!.use === 'signature') {
    matches.addAlias(tx.db, { holderId: holder.id, name, by, now });
  }
  refreshSuccessors(tx.db, [holder.id]);
  refreshEstate(tx.db, now, { holders: [holder.id] });
  const targets = [
    ...taken.slice(0, 50).map((row) => ['certificate', row.id] as const),
    ['holder', holder.id] as const,
  ];
  audit.record(tx, { action: 'certificate.owner', targets, personal: { name: holder.name } });
  return taken.length;
}

/** The certificate's owner is not in the list yet: a new record from what the certificate says. */
export function decideNew(
  ctx: Context,
  certificateId: string,
  input: { kind?: 'person' | 'entity' } = {},
): { holderId: string; count: number; name: string } {
  demand(ctx.actor, 'certificates.edit');
  const rows = waitingWith(ctx, certificateId);
  const first = rows[0]!;
  const { titleBefore, titleAfter, name: bare } = splitName(first.commonName);
  const name = properName(bare).slice(0, 160);
  if (!nameKey(name)) throw invalid('Sertifikat ini tidak memuat nama. Buat pemiliknya lewat Tambah Pemilik.');
  const agency = input.kind === 'entity' ? agencies.find(ctx)(first.commonName) : null;
  return transact(ctx, (tx) => {
    const now = tx.now();
    const system = first.use === 'tls_server' || first.use === 'tls_client';
    const kind = system ? 'system' : (input.kind ?? 'person');
    const facts = { titleBefore, titleAfter, nip: null, email: null, status: 'active' as const, statusSince: null };
    const holderId = people.insert(
      tx.db,
      { kind, name: system ? first.commonName.toLowerCase() : name, ...facts },
      now,
    );
    const agencyId = agency?.id ?? first.agencyId;
    if (agencyId) {
      const day = wibDate(now);
      people.move(tx.db, holderId, { agencyId, title: '', from: day, lastDay: day, source: 'sertifikatnya', now });
    }
    audit.record(tx, { action: 'holder.created', targets: [['holder', holderId]], personal: { name } });
    const count = decide(tx, rows, people.byId(tx.db, holderId)!, 'Pemilik baru dari sertifikatnya');
    return { holderId, count, name };
  });
}

/** A proposed owner is not the one: never proposed again for this certificate. */
export function refuseMatch(ctx: Context, certificateId: string, holderId: string): void {
  demand(ctx.actor, 'certificates.edit');
  const row = waitingWith(ctx, certificateId)[0]!;
  const holder = people.byId(ctx.db, holderId);
  if (!holder) throw invalid('Pemilik ini tidak ada dalam daftar.');
  transact(ctx, (tx) => {
    const by = audit.actorKey(tx.actor);
    matches.refuse(tx.db, { certificateId: row.id, holderId, by, now: tx.now() });
    const targets = [['certificate', row.id] as const, ['holder', holderId] as const];
    audit.record(tx, { action: 'match.refused', targets, personal: { name: holder.name } });
  });
}

/** The certificate, with the others of its case, while they wait. @throws AppError not_found, conflict */
function waitingWith(ctx: Context, certificateId: string): matches.Waiting[] {
  const seen = scope(ctx.actor);
  const [one] = matches.waiting(ctx.db, seen, { id: certificateId });
  if (!one) {
    const known = store.byId(ctx.db, certificateId);
    if (known && (seen === 'all' || seen.includes(known.agencyId ?? ''))) {
      throw conflict('Pemilik sertifikat ini sudah ditetapkan. Buka sertifikatnya bila hendak mengubahnya.');
    }
    throw notFound('Sertifikat ini tidak ada, atau bukan milik Perangkat Daerah Anda.');
  }
  const found = survey(ctx.db, seen).cases.find((each) => each.certificates.some((row) => row.id === certificateId));
  return found ? [one, ...found.certificates.filter((row) => row.id !== one.id)] : [one];
}
