// The owner of a certificate who is in no list yet: proposed from what the certificate says, entered when a person has
// looked at it. `match-undo.ts` takes it back.
import { transact, type Context } from '../context.ts';
import { invalid } from '../errors.ts';
import { demand } from '../permission.ts';
import { createHolder } from './holder-life.ts';
import * as people from './holder-store.ts';
import { decide, waitingWith } from './matching.ts';
import { nameKey } from './names.ts';
import { newOwner, type NewOwner } from './new-owner.ts';

export type NewOwnerInput = Partial<NewOwner> & { nip?: string; namesake?: string };

/** Why such an owner has the certificate, as its history tells. */
export const NEW = 'Pemilik baru dari sertifikatnya';

/**
 * Enters the owner and gives them the certificates of the case. What is not said is as proposed.
 * @throws AppError invalid as `createHolder`: a NIP that is taken, a namesake not stated as somebody else
 */
export function decideNew(
  ctx: Context,
  certificateId: string,
  input: NewOwnerInput = {},
): { holderId: string; count: number; name: string } {
  demand(ctx.actor, 'certificates.match');
  const rows = waitingWith(ctx, certificateId);
  const said = { ...newOwner(ctx, rows[0]!), ...input };
  if (!nameKey(said.name)) {
    throw invalid('Sertifikat ini tidak memuat nama; tulis nama pemiliknya.', { name: 'Isi nama pemiliknya.' });
  }
  return transact(ctx, (tx) => {
    const { id: holderId } = createHolder(tx, said);
    const holder = people.byId(tx.db, holderId)!;
    return { holderId, count: decide(tx, rows, holder, NEW), name: holder.name };
  });
}
