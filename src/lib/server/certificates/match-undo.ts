// A slip of the finger in matching is taken back: the certificates wait for their holder again. Only while nothing was
// built on the decision; afterwards it is corrected where the certificate or the holder stands.
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { conflict, forbidden, notFound } from '../errors.ts';
import { can, demand, scope } from '../permission.ts';
import { refreshEstate } from './estate.ts';
import * as people from './holder-store.ts';
import { NEW } from './match-new.ts';
import { CHOSEN } from './matching.ts';
import * as matches from './match-store.ts';
import * as store from './store.ts';
import { refreshSuccessors } from './successors.ts';

export type Undone = { certificateId: string; count: number; name: string };

/** What people do to a holder after `decideNew` that it would be wrong to take back in passing. */
const OWN_ACTS: readonly string[] = ['holder.created', 'certificate.owner'];

/**
 * Takes back an owner entered by `decideNew`: the certificates wait again, the record is archived.
 * @returns the first certificate, to decide it anew @throws AppError conflict when something was built on it meanwhile
 */
export function undoNew(ctx: Context, holderId: string): Undone {
  demand(ctx.actor, 'certificates.match');
  const holder = people.byId(ctx.db, holderId);
  if (!holder || holder.archivedAt !== null) throw notFound('Pemilik ini sudah tidak ada dalam daftar.');
  const owned = matches.ownedBy(ctx.db, holderId);
  const isNew = owned.length > 0 && owned.every((row) => row.why === NEW);
  const acts = audit.list(ctx, { target: ['holder', holderId], limit: 20 }, (key) => key);
  if (!isNew || holder.importId !== null || acts.some((entry) => !OWN_ACTS.includes(entry.action))) {
    throw conflict(
      `${holder.name} sudah dipakai untuk hal lain; tidak dapat diurungkan begitu saja. Perbaiki di halaman pemiliknya.`,
    );
  }
  demandOwn(ctx, owned);
  return transact(ctx, (tx) => {
    const now = tx.now();
    release(tx, owned, 'Pemilik baru diurungkan');
    people.withdraw(tx.db, holderId, { now, today: wibDate(now) });
    return told(tx, 'holder.withdrawn', holder, owned);
  });
}

/**
 * Takes back `decideMatch`: every certificate of that decision waits again, and the name it taught is forgotten.
 * @throws AppError not_found, conflict when somebody has acted on one of them since
 */
export function undoMatch(ctx: Context, certificateId: string): Undone {
  demand(ctx.actor, 'certificates.match');
  const row = store.byId(ctx.db, certificateId);
  const seen = scope(ctx.actor);
  if (!row || (seen !== 'all' && !seen.includes(row.agencyId ?? ''))) {
    throw notFound('Sertifikat ini tidak ada, atau bukan milik Perangkat Daerah Anda.');
  }
  const { owned, gone } = matches.ownedTogether(ctx.db, certificateId);
  const isChoice = owned.length > 0 && owned.every(({ why, ownedBefore }) => why === CHOSEN && !ownedBefore);
  if (!isChoice || gone || builtOn(ctx, certificateId, owned)) {
    throw conflict(
      'Pemilik sertifikat ini sudah dipakai untuk hal lain; tidak dapat diurungkan begitu saja. Perbaiki di halaman sertifikatnya.',
    );
  }
  demandOwn(ctx, owned);
  const holder = people.byId(ctx.db, owned[0]!.holderId)!;
  return transact(ctx, (tx) => {
    matches.dropAliasOf(tx.db, certificateId);
    release(tx, owned, 'Penetapan pemilik diurungkan');
    return told(tx, 'certificate.owner_undone', holder, owned);
  });
}

/** Whoever may only match takes back a slip of their own; what another decided is for those who may edit. */
function demandOwn(ctx: Context, owned: readonly matches.Owned[]): void {
  const me = audit.actorKey(ctx.actor);
  if (can(ctx.actor, 'certificates.edit') || owned.every(({ by }) => by === me)) return;
  throw forbidden('Pemilik ini ditetapkan orang lain. Minta Pengawas atau Verifikator mengurungkannya.');
}

/** Somebody acted on one of the certificates after the owner was named; what jobs observe is no act. */
function builtOn(ctx: Context, certificateId: string, owned: readonly matches.Owned[]): boolean {
  const trail = (id: string, after?: number) =>
    audit.list(ctx, { target: ['certificate', id], limit: 50, ...(after ? { after } : {}) }, (key) => key);
  const decided = trail(certificateId).find((entry) => entry.action === 'certificate.owner');
  if (!decided) return true;
  return owned.some(({ id }) => trail(id, decided.seq).some((entry) => entry.actor.startsWith('user:')));
}

function release(tx: Context, owned: readonly matches.Owned[], why: string): void {
  const now = tx.now();
  const act = { why, by: audit.actorKey(tx.actor), now, from: now };
  for (const row of owned) store.setOwner(tx.db, row.id, { holderId: null, agencyId: row.agencyBefore }, act);
}

function told(
  tx: Context,
  action: 'holder.withdrawn' | 'certificate.owner_undone',
  holder: people.HolderRow,
  owned: readonly matches.Owned[],
): Undone {
  refreshSuccessors(tx.db, null);
  refreshEstate(tx.db, tx.now(), { certificates: owned.map((row) => row.id), holders: [holder.id] });
  audit.record(tx, {
    action,
    targets: [['holder', holder.id], ...owned.slice(0, 50).map((row) => ['certificate', row.id] as const)],
    details: { count: owned.length },
    personal: { name: holder.name },
  });
  return { certificateId: owned[0]!.id, count: owned.length, name: holder.name };
}
