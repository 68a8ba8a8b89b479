// What signing in, links and the edge share: counting tries, the actor of a person, the start of a session.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { as, transact, type Context, type UserActor } from '../context.ts';
import { forbidden, invalid, unavailable } from '../errors.ts';
import { seesWholeCity } from '../permission.ts';
import { time } from '#lib/format.ts';
import { MINUTE } from '../calendar.ts';
import { weakness, type Owner } from './password-rule.ts';
import { absoluteLimit } from './session.ts';
import * as store from './store.ts';
import { againAt, type Limit } from './throttle.ts';
import { newToken, sessionName, tokenHash } from './token.ts';

export type SignedIn = { token: string; endsAt: number; userId: string };

export const networkOf = (ctx: Context): string => ctx.request?.network ?? 'unknown';

/** Counts one try under every limit, or none when one of them is used up. @throws AppError unavailable: when to try again */
export function admit(ctx: Context, limits: readonly Limit[]): void {
  const now = ctx.now();
  const again = transact(ctx, (tx) => {
    const waits = limits.map(({ key, rule }) => againAt(store.attemptsSince(tx.db, key, now - rule.window), rule, now));
    const latest = Math.max(...waits.map((wait) => wait ?? 0));
    if (latest === 0) for (const { key } of limits) store.addAttempt(tx.db, key, now);
    return latest;
  });
  if (again > 0) throw unavailable(`Terlalu banyak percobaan. Coba lagi setelah pukul ${time(again + MINUTE)} WIB.`);
}

/** Takes a try back after it turned out right: the first limit (this person here) starts anew, the others lose one. */
export function forgive(ctx: Context, [own, ...others]: readonly Limit[]): void {
  if (own) store.removeAttempts(ctx.db, own.key);
  for (const { key } of others) store.removeLastAttempt(ctx.db, key);
}

/** The person with the rights held at this moment. */
export function actorOf(ctx: Context, person: store.UserRow, session: string): UserActor {
  const roles = store.rolesOf(ctx.db, person.id);
  const own = () => (person.agencyId ? agencies.descendants(ctx, person.agencyId) : []);
  return {
    kind: 'user',
    id: person.id,
    name: person.name,
    roles,
    agencyId: person.agencyId,
    agencies: seesWholeCity(roles) ? 'all' : own(),
    session,
  };
}

/** Starts a session inside the caller's transaction; the trail says who and from what. */
export function startSession(ctx: Context, person: store.UserRow, device: string): SignedIn {
  const now = ctx.now();
  const token = newToken();
  const hash = tokenHash(token);
  const endsAt = now + absoluteLimit(store.rolesOf(ctx.db, person.id));
  const network = networkOf(ctx);
  store.addSession(ctx.db, { id: hash, userId: person.id, createdAt: now, lastSeenAt: now, endsAt, device, network });
  audit.record(as(ctx, actorOf(ctx, person, sessionName(hash))), {
    action: 'authn_login_success',
    targets: [['user', person.id]],
    personal: { device: device || 'peramban lain' },
  });
  return { token, endsAt, userId: person.id };
}

/** @throws AppError invalid when a new password is not accepted; every verb that sets one asks here */
export function checkPassword(password: string, owner: Owner): void {
  const wrong = weakness(password, owner);
  if (wrong) throw invalid('Kata sandi belum dapat dipakai.', { password: wrong });
}

/** The person who is signed in. @throws AppError forbidden for anybody else */
export function signedIn(ctx: Context): UserActor {
  if (ctx.actor.kind !== 'user') throw forbidden('Masuk dahulu.');
  return ctx.actor;
}
