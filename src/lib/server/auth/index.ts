import { type Context, type UserActor } from '../context.ts';
import { seesWholeCity } from '../permission.ts';
import { alive, touchDue } from './session.ts';
import * as store from './store.ts';
import { sessionName, tokenHash } from './token.ts';

/** The person behind a session token, with the rights held at this moment; null when there is none. */
export function validate(ctx: Context, token: string): UserActor | null {
  const now = ctx.now();
  const hash = tokenHash(token);
  const row = store.sessionByHash(ctx.db, hash);
  const person = row && store.userById(ctx.db, row.userId);
  if (!row || !person || person.disabledAt !== null) return null;
  const roles = store.rolesOf(ctx.db, person.id);
  if (!alive(row, roles, now)) return null;
  if (touchDue(row, now)) store.touchSession(ctx.db, hash, now);
  return {
    kind: 'user',
    id: person.id,
    name: person.name,
    roles,
    agencyId: person.agencyId,
    agencies: seesWholeCity(roles) ? 'all' : person.agencyId ? store.agencyAndBelow(ctx.db, person.agencyId) : [],
    session: sessionName(hash),
  };
}
