// The owner of a certificate who is in no list yet: proposed from what the certificate says, entered when a person has
// looked at it, and taken back as long as nothing was built on it.
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { refreshEstate } from './estate.ts';
import { createHolder } from './holder-life.ts';
import * as people from './holder-store.ts';
import { decide, waitingWith } from './matching.ts';
import * as matches from './match-store.ts';
import { nameKey } from './names.ts';
import { newOwner, type NewOwner } from './new-owner.ts';
import * as store from './store.ts';
import { refreshSuccessors } from './successors.ts';

export type NewOwnerInput = Partial<NewOwner> & { nip?: string; namesake?: string };

const WHY = 'Pemilik baru dari sertifikatnya';

/**
 * Enters the owner and gives them the certificates of the case. What is not said is as proposed.
 * @throws AppError invalid as `createHolder`: a NIP that is taken, a namesake not stated as somebody else
 */
export function decideNew(
  ctx: Context,
  certificateId: string,
  input: NewOwnerInput = {},
): { holderId: string; count: number; name: string } {
  demand(ctx.actor, 'certificates.edit');
  const rows = waitingWith(ctx, certificateId);
  const said = { ...newOwner(ctx, rows[0]!), ...input };
  if (!nameKey(said.name)) {
    throw invalid('Sertifikat ini tidak memuat nama; tulis nama pemiliknya.', { name: 'Isi nama pemiliknya.' });
  }
  return transact(ctx, (tx) => {
    const { id: holderId } = createHolder(tx, said);
    const holder = people.byId(tx.db, holderId)!;
    return { holderId, count: decide(tx, rows, holder, WHY), name: holder.name };
  });
}

/** What people do to a holder after `decideNew` that it would be wrong to take back in passing. */
const OWN_ACTS: readonly string[] = ['holder.created', 'certificate.owner'];

/**
 * Takes back an owner entered by `decideNew`: the certificates wait again, the record is archived.
 * @returns the first certificate, to decide it anew @throws AppError conflict when something was built on it meanwhile
 */
export function undoNew(ctx: Context, holderId: string): { certificateId: string; count: number; name: string } {
  demand(ctx.actor, 'certificates.edit');
  const holder = people.byId(ctx.db, holderId);
  if (!holder || holder.archivedAt !== null) throw notFound('Pemilik ini sudah tidak ada dalam daftar.');
  const owned = matches.ownedBy(ctx.db, holderId);
  const isNew = owned.length > 0 && owned.every((row) => row.why === WHY);
  const acts = audit.list(ctx, { target: ['holder', holderId], limit: 20 }, (key) => key);
  if (!isNew || holder.importId !== null || acts.some((entry) => !OWN_ACTS.includes(entry.action))) {
    throw conflict(
      `${holder.name} sudah dipakai untuk hal lain; tidak dapat diurungkan begitu saja. Perbaiki di halaman pemiliknya.`,
    );
  }
  return transact(ctx, (tx) => {
    const now = tx.now();
    const act = { why: 'Pemilik baru diurungkan', by: audit.actorKey(tx.actor), now, from: now };
    for (const row of owned) store.setOwner(tx.db, row.id, { holderId: null, agencyId: row.agencyBefore }, act);
    people.withdraw(tx.db, holderId, { now, today: wibDate(now) });
    refreshSuccessors(tx.db, null);
    refreshEstate(tx.db, now, { certificates: owned.map((row) => row.id), holders: [holderId] });
    audit.record(tx, {
      action: 'holder.withdrawn',
      targets: [['holder', holderId], ...owned.slice(0, 50).map((row) => ['certificate', row.id] as const)],
      details: { count: owned.length },
      personal: { name: holder.name },
    });
    return { certificateId: owned[0]!.id, count: owned.length, name: holder.name };
  });
}
