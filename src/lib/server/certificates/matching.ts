// Whose certificate is it: proposals accepted in bulk, decisions taken one by one. E-mail, NIP and host name are
// identity and are assigned by the import itself; a bare name is only a proposal, because names are not unique.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import { refreshEstate } from './estate.ts';
import * as people from './holder-store.ts';
import * as matches from './match-store.ts';
import { caseOf, listedUnder } from './match-looking.ts';
import { ledgerOf, survey, surveyed, type Proposal } from './match-survey.ts';
import { nameKey, splitName } from './names.ts';
import * as store from './store.ts';
import { refreshSuccessors } from './successors.ts';

/** Owners written in one transaction; a larger batch is cut, each part with its own entry in the trail. */
const CHUNK = 2000;

const why = {
  name: 'Nama pada sertifikat cocok dengan satu orang',
  agency: 'Nama dan Perangkat Daerah cocok dengan satu orang',
  tenure: 'Nama cocok dengan satu orang yang bertugas saat sertifikat terbit',
  near: 'Nama salah tulis dan hanya cocok dengan satu orang',
} as const;

/**
 * Accepts all proposals of the inventory, or of one agency. What is accepted is exactly what was seen.
 * @param input.ledger the hash that was shown with the preview @throws AppError conflict when it changed meanwhile
 */
export async function acceptProposals(
  ctx: Context,
  input: { agency?: string; ledger: string },
): Promise<{ accepted: number }> {
  demand(ctx.actor, 'certificates.match');
  const seen = scope(ctx.actor);
  const listed = listedUnder(ctx, surveyed(ctx.db, seen).proposals, input.agency);
  if (ledgerOf(listed) !== input.ledger) {
    throw conflict('Usulan berubah sejak Anda melihatnya. Muat ulang halaman, lalu periksa lagi.');
  }
  let accepted = 0;
  for (let from = 0; from < listed.length; from += CHUNK) {
    const part = listed.slice(from, from + CHUNK);
    // What was seen may be a few minutes old: what is no proposal any more is left out.
    const now = survey(ctx.db, seen, { ids: part.map((one) => one.certificate.id) }).proposals;
    const still = new Set(now.map(pairKey));
    accepted += acceptPart(
      ctx,
      part.filter((one) => still.has(pairKey(one))),
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { accepted };
}

const pairKey = ({ certificate, holderId }: Proposal) => `${certificate.id} ${holderId}`;

/** Accepts every proposal there is, unseen: only for a caller that means it (the sample city). Idempotent. */
export function matchHolders(ctx: Context): { matched: number; waiting: number } {
  demand(ctx.actor, 'certificates.match');
  const { proposals, cases } = survey(ctx.db, scope(ctx.actor));
  for (let from = 0; from < proposals.length; from += CHUNK) {
    acceptPart(ctx, proposals.slice(from, from + CHUNK));
  }
  return { matched: proposals.length, waiting: cases.reduce((sum, one) => sum + one.certificates.length, 0) };
}

/** @returns how many got their owner */
function acceptPart(ctx: Context, part: readonly Proposal[]): number {
  return transact(ctx, (tx) => {
    const now = tx.now();
    const by = audit.actorKey(tx.actor);
    const held = connection(tx.db).prepare('select holder_id from certificate where id = ?').pluck();
    // Somebody may have been quicker with one of them.
    const taken = part.filter((p) => held.get(p.certificate.id) === null);
    for (const { certificate, holderId, agencyId, why: reason } of taken) {
      const act = { why: why[reason], by, now, from: certificate.notBefore ?? now };
      store.setOwner(tx.db, certificate.id, { holderId, agencyId }, act);
      // The spelling was looked at and accepted: the next certificate that bears it has their name.
      if (reason === 'near')
        matches.addAlias(tx.db, { holderId, name: splitName(certificate.commonName).name, by, now });
    }
    if (!taken.length) return 0;
    const holders = [...new Set(taken.map((p) => p.holderId))];
    refreshSuccessors(tx.db, holders);
    refreshEstate(tx.db, now, { holders });
    const details = { count: taken.length, ledger: ledgerOf(taken) };
    audit.record(tx, { action: 'matches.accepted', targets: [], details });
    return taken.length;
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

/** Why a holder whom somebody chose has the certificate, as its history tells. */
export const CHOSEN = 'Ditetapkan petugas';

/** Accepts one proposal, or decides a case: all its certificates get this holder, and the name is remembered. */
export function decideMatch(ctx: Context, certificateId: string, holderId: string): { count: number; name: string } {
  demand(ctx.actor, 'certificates.match');
  const holder = people.byId(ctx.db, holderId);
  if (!holder || holder.archivedAt !== null) {
    throw invalid('Pemilik ini tidak ada dalam daftar. Muat ulang halaman, lalu pilih lagi.', {
      holderId: 'Pilih pemilik dari daftar.',
    });
  }
  const rows = waitingWith(ctx, certificateId);
  return transact(ctx, (tx) => ({ count: decide(tx, rows, holder, CHOSEN), name: holder.name }));
}

/** All certificates of a case get this holder, and their name is remembered as another one of theirs. */
export function decide(
  tx: Context,
  rows: readonly matches.Waiting[],
  holder: people.HolderRow,
  reason: string,
): number {
  const now = tx.now();
  const by = audit.actorKey(tx.actor);
  const taken = rows.filter((row) => own(tx, row, holder.id, { why: reason, by, now }));
  if (!taken.length) throw conflict('Pemilik sertifikat ini sudah ditetapkan orang lain.');
  const name = splitName(rows[0]!.commonName).name;
  const key = nameKey(name);
  // A name that somebody else bears to the letter is not taught as another's: the next one of theirs would be doubted.
  const isFree = key !== '' && !matches.bearers(tx.db, [key]).has(key);
  if (isFree && rows[0]!.use === 'signature') {
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

/** A proposed owner is not the one: never proposed again for this certificate. */
export function refuseMatch(ctx: Context, certificateId: string, holderId: string): void {
  demand(ctx.actor, 'certificates.match');
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
export function waitingWith(ctx: Context, certificateId: string): matches.Waiting[] {
  const seen = scope(ctx.actor);
  const [one] = matches.waiting(ctx.db, seen, { ids: [certificateId] });
  if (!one) {
    const known = store.byId(ctx.db, certificateId);
    if (known && (seen === 'all' || seen.includes(known.agencyId ?? ''))) {
      throw conflict('Pemilik sertifikat ini sudah ditetapkan. Buka sertifikatnya bila hendak mengubahnya.');
    }
    throw notFound('Sertifikat ini tidak ada, atau bukan milik Perangkat Daerah Anda.');
  }
  const found = caseOf(ctx.db, seen, certificateId);
  return found ? [one, ...found.certificates.filter((row) => row.id !== one.id)] : [one];
}
