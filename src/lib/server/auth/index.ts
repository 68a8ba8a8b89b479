// Who is who: people with accounts, their roles, passwords, sessions, and one-time links. Sessions follow the Lucia
// guide (random token in the cookie, its SHA-256 in the table), passwords are Argon2id, both checked before the short
// transaction that writes the result and its entry in the trail.
// Invariants: rights are read anew at every request; a role is granted by another person; somebody who can administer
// always remains; a link works once; the answer to a failed sign-in never tells whether the account exists.
// What it does not do yet: a second factor. NIST SP 800-63B-4, OWASP ASVS 5 chapters 6 and 7; Perwali 27/2020 Pasal 14.
import * as audit from '../audit/index.ts';
import { transact, type Context, type UserActor } from '../context.ts';
import { connection, immediately, isBusy } from '../db/index.ts';
import { forbidden, invalid, notFound } from '../errors.ts';
import type { Role } from '../permission.ts';
import { actorOf, admit, forgive, networkOf, signedIn, startSession, type SignedIn } from './entry.ts';
import * as input from './input.ts';
import { hashPassword, outdated, passwordMatches } from './password.ts';
import { alive, IDLE, sessionEnd, touchDue } from './session.ts';
import * as store from './store.ts';
import { againAt, KEPT, signInLimits, type Limit } from './throttle.ts';
import { sessionName, tokenHash } from './token.ts';

export { admit, type SignedIn } from './entry.ts';
export {
  changePassword,
  completeSetup,
  acceptInvitation,
  resetPassword,
  linkHolder,
  requestReset,
  resetLink,
  setupLink,
} from './links.ts';
export {
  account,
  accounts,
  change,
  disable,
  enable,
  endRole,
  exportAccounts,
  grantRole,
  invite,
  names,
  people,
  roleCounts,
  self,
} from './accounts.ts';
export type { Account, AccountFilter, AccountState, Colleague } from './accounts.ts';
export { deviceOf } from './device.ts';
export { MIN_LENGTH as PASSWORD_MIN_LENGTH } from './password-rule.ts';

const REFUSED = 'Surel atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.';

/**
 * Signs a person in. Every try counts before the password is checked, so that many at once are no way around.
 * @throws AppError invalid with one sentence for every reason; unavailable while throttled
 */
export async function signIn(
  ctx: Context,
  credentials: { email: string; password: string },
  device = '',
): Promise<SignedIn> {
  const { email, password } = input.read(input.credentials, credentials);
  const limits = signInLimits(email, networkOf(ctx));
  admit(ctx, limits);
  const known = store.userByEmail(ctx.db, email);
  const hash = known?.disabledAt === null ? known.passwordHash : null;
  const matches = await passwordMatches(password, hash);
  const renewed = matches && hash && outdated(hash) ? await hashPassword(password) : null;
  const result = transact(ctx, (tx) => {
    const person = known && store.userById(tx.db, known.id);
    // Read again: the account may have been closed, or the password changed, while it was being checked.
    if (!matches || !person || person.disabledAt !== null || person.passwordHash !== hash) {
      recordFailure(tx, known?.id, limits);
      return null;
    }
    if (renewed) store.changeUser(tx.db, person.id, { passwordHash: renewed });
    forgive(tx, limits);
    return startSession(tx, person, device);
  });
  if (!result) throw invalid(REFUSED);
  return result;
}

function recordFailure(ctx: Context, userId: string | undefined, limits: Limit[]): void {
  const now = ctx.now();
  const targets = userId ? [['user', userId] as const] : [];
  const known = userId ? 'akun yang ada' : 'akun yang tidak ada';
  audit.record(ctx, { action: 'authn_login_fail', targets, details: { known } });
  const full = limits.find(({ key, rule }) => againAt(store.attemptsSince(ctx.db, key, now - rule.window), rule, now));
  if (full) audit.record(ctx, { action: 'authn_login_fail_max', targets, details: { known } });
}

/** The person behind a session token, with the rights held at this moment; null when there is none. */
export function validate(ctx: Context, token: string): UserActor | null {
  const now = ctx.now();
  const hash = tokenHash(token);
  const row = store.sessionByHash(ctx.db, hash);
  const person = row && store.userById(ctx.db, row.userId);
  if (!row || !person || person.disabledAt !== null) return null;
  if (!alive(row, store.rolesOf(ctx.db, person.id), now)) return null;
  if (touchDue(row, now)) touch(ctx, hash);
  return actorOf(ctx, person, sessionName(hash));
}

/**
 * Moves "last seen"; while another process is writing, a later request does it: no page waits for that. Who looks at no second
 * page within the idle time of a session, during an import, signs in again.
 */
function touch(ctx: Context, hash: string): void {
  try {
    immediately(connection(ctx.db), () => store.touchSession(ctx.db, hash, ctx.now()), 0);
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

/** The person a command acts for (`--as ADDRESS`). */
export function actAs(ctx: Context, email: string): UserActor {
  if (ctx.actor.kind !== 'system') throw forbidden('Hanya dari baris perintah.');
  const person = store.userByEmail(ctx.db, email.trim().toLowerCase());
  if (!person || person.disabledAt !== null) throw notFound(`Tidak ada pengguna aktif dengan surel ${email}.`);
  return actorOf(ctx, person, 'cli');
}

/** A card of the demo's sign-in page: the first person with this role. Both conditions are checked by the edge that knows. */
export function demoSignIn(
  ctx: Context,
  role: Role,
  edge: { demo: boolean; loopback: boolean; device?: string },
): SignedIn {
  if (!edge.demo || !edge.loopback)
    throw forbidden('Masuk dengan memilih peran hanya ada pada data contoh di komputer ini.');
  const person = store.holderOf(ctx.db, input.read(input.role, role));
  if (!person) throw notFound('Belum ada orang dengan peran ini pada data contoh.');
  return transact(ctx, (tx) => startSession(tx, person, edge.device ?? ''));
}

/** Who each card of the demo signs in as; a role nobody holds has no card. */
export const demoPeople = (ctx: Context, roles: readonly Role[]): { role: Role; name: string }[] =>
  roles.flatMap((role) => {
    const person = store.holderOf(ctx.db, role);
    return person ? [{ role, name: person.name }] : [];
  });

/** Whether somebody has set the office up; until then only the one-time link leads in. */
export const isSetUp = (ctx: Context): boolean => store.anyoneSetUp(ctx.db);

export function signOut(ctx: Context): void {
  const { actor } = ctx;
  if (actor.kind !== 'user') return;
  transact(ctx, (tx) => {
    if (!store.removeSessions(tx.db, actor.id, { name: actor.session })) return;
    audit.record(tx, { action: 'session_signed_out', targets: [['user', actor.id]] });
  });
}

export type Session = {
  name: string;
  device: string;
  network: string;
  createdAt: number;
  lastSeenAt: number;
  endsAt: number;
  current: boolean;
};

/** Own sessions that still work, the one in use first. */
export function sessions(ctx: Context): Session[] {
  const actor = signedIn(ctx);
  const now = ctx.now();
  return store
    .sessionsOf(ctx.db, actor.id)
    .filter((row) => alive(row, actor.roles, now))
    .map((row) => ({
      name: sessionName(row.id),
      device: row.device || 'peramban lain',
      network: row.network,
      createdAt: row.createdAt,
      lastSeenAt: row.lastSeenAt,
      endsAt: sessionEnd(row, actor.roles),
      current: sessionName(row.id) === actor.session,
    }))
    .sort((a, b) => Number(b.current) - Number(a.current) || b.lastSeenAt - a.lastSeenAt);
}

/** Ends one of the own sessions, or all but the one in use. @returns how many ended */
export function revoke(ctx: Context, which: { name: string } | 'others'): number {
  const actor = signedIn(ctx);
  return transact(ctx, (tx) => {
    const count = store.removeSessions(tx.db, actor.id, which === 'others' ? { except: actor.session } : which);
    if (count) audit.record(tx, { action: 'session_revoked', targets: [['user', actor.id]], details: { count } });
    return count;
  });
}

/** Removes what has ended: sessions, counted tries. Links stay, as traces. @returns rows removed */
export function sweep(ctx: Context): number {
  const now = ctx.now();
  return transact(
    ctx,
    (tx) => store.removeEndedSessions(tx.db, now - IDLE, now) + store.removeAttemptsBefore(tx.db, now - KEPT),
  );
}
