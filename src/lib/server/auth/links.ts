// One-time links and the passwords they set: first run, invitation, reset. The link's token is random, only its hash
// is stored, it is used up inside the transaction that sets the password, and a newer link ends the older one.
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { as, transact, type Context } from '../context.ts';
import { conflict, forbidden, invalid, notFound } from '../errors.ts';
import * as notifications from '../notifications/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { admit, checkPassword, forgive, networkOf, signedIn, startSession, type SignedIn } from './entry.ts';
import * as input from './input.ts';
import { invitationMail, resetMail } from './mail.ts';
import { hashPassword, passwordMatches } from './password.ts';
import * as store from './store.ts';
import { resetLimits, signInLimits } from './throttle.ts';
import { newToken, tokenHash } from './token.ts';

/** How long a link works; kebijakan Dinas. */
export const LIFE = { setup: 24 * HOUR, invitation: 72 * HOUR, reset: HOUR } as const;

const SPENT =
  'Tautan ini sudah dipakai, diganti yang lebih baru, atau habis waktunya. Minta tautan baru kepada administrator.';

/** Makes a link inside the caller's transaction; a person's earlier links stop working. @returns the token for the URL */
function makeLink(ctx: Context, purpose: store.Purpose, userId: string | null): string {
  const now = ctx.now();
  const token = newToken();
  store.endLinks(ctx.db, userId, now);
  store.addLink(ctx.db, {
    id: tokenHash(token),
    purpose,
    userId,
    createdBy: audit.actorKey(ctx.actor),
    createdAt: now,
    expiresAt: now + LIFE[purpose],
  });
  return token;
}

/** Who a link is for; null when it does not work. Looking at it does not use it up. */
export function linkHolder(
  ctx: Context,
  purpose: store.Purpose,
  token: string,
): { name: string; email: string } | null {
  const link = store.linkByHash(ctx.db, tokenHash(token), purpose, ctx.now());
  if (!link) return null;
  if (purpose === 'setup') return store.anyoneSetUp(ctx.db) ? null : { name: '', email: '' };
  const person = link.userId ? store.userById(ctx.db, link.userId) : undefined;
  return person && person.disabledAt === null ? { name: person.name, email: person.email } : null;
}

/** The first-run link, made anew at each start until somebody has set the office up. @returns its token, or null */
export function setupLink(ctx: Context): string | null {
  if (ctx.actor.kind !== 'system') throw forbidden('Tautan pemasangan hanya dibuat oleh sistem.');
  return transact(ctx, (tx) => {
    if (store.anyoneSetUp(tx.db)) return null;
    const token = makeLink(tx, 'setup', null);
    audit.record(tx, {
      action: 'authn_token_created',
      targets: [],
      details: { purpose: 'pemasangan', hours: LIFE.setup / HOUR },
    });
    return token;
  });
}

/** Makes the first administrator. @throws AppError conflict when somebody was faster or the link is spent */
export async function completeSetup(
  ctx: Context,
  token: string,
  founder: input.FounderInput,
  device = '',
): Promise<SignedIn> {
  const { password, ...who } = input.read(input.founder, founder);
  checkPassword(password, who);
  if (!linkHolder(ctx, 'setup', token)) throw conflict(SPENT);
  const passwordHash = await hashPassword(password);
  return transact(ctx, (tx) => {
    const now = tx.now();
    if (store.anyoneSetUp(tx.db) || !store.linkByHash(tx.db, tokenHash(token), 'setup', now)) throw conflict(SPENT);
    store.useLinkRow(tx.db, tokenHash(token), now);
    const setup = as(tx, { kind: 'system', name: 'setup' });
    const known = store.userByEmail(tx.db, who.email);
    if (known) store.changeUser(tx.db, known.id, { name: who.name, passwordHash, disabledAt: null });
    const person = known ?? store.addUser(tx, { ...who, passwordHash });
    if (!store.rolesOf(tx.db, person.id).includes('administrator'))
      store.addRole(setup, person.id, 'administrator', 'system:setup');
    audit.record(setup, { action: 'user_founded', targets: [['user', person.id]], personal: { name: who.name } });
    return startSession(tx, person, device);
  });
}

/** Sets the first password of an invited person and signs in. */
export async function acceptInvitation(ctx: Context, token: string, password: string, device = ''): Promise<SignedIn> {
  return withLink(ctx, 'invitation', token, password, (tx, person) => {
    audit.record(tx, {
      action: 'authn_invitation_accepted',
      targets: [['user', person.id]],
      personal: { name: person.name },
    });
    return startSession(tx, person, device);
  });
}

/** Sets a new password and ends every session; the person signs in with it afterwards. */
export async function resetPassword(ctx: Context, token: string, password: string): Promise<void> {
  return withLink(ctx, 'reset', token, password, (tx, person) => {
    audit.record(tx, {
      action: 'authn_password_reset',
      targets: [['user', person.id]],
      personal: { name: person.name },
    });
  });
}

/** Checks link and password, hashes, then in one transaction uses the link up, sets the password, ends all sessions. */
async function withLink<T>(
  ctx: Context,
  purpose: 'invitation' | 'reset',
  token: string,
  password: string,
  done: (tx: Context, person: store.UserRow) => T,
): Promise<T> {
  const holder = linkHolder(ctx, purpose, token);
  if (!holder) throw conflict(SPENT);
  checkPassword(password, holder);
  const passwordHash = await hashPassword(password);
  return transact(ctx, (tx) => {
    const now = tx.now();
    const link = store.linkByHash(tx.db, tokenHash(token), purpose, now);
    const person = link?.userId ? store.userById(tx.db, link.userId) : undefined;
    if (!link || !person || person.disabledAt !== null) throw conflict(SPENT);
    store.useLinkRow(tx.db, link.id, now);
    store.endLinks(tx.db, person.id, now);
    store.changeUser(tx.db, person.id, { passwordHash });
    store.removeSessions(tx.db, person.id, { except: null });
    return done(tx, person);
  });
}

export type MadeLink = { token: string; path: string; hours: number; mailed: boolean };

/** A link to set a new password, for a person who asked the administrator; mailed when mail is on, and shown once. */
export function resetLink(ctx: Context, userId: string, origin: string): MadeLink {
  demand(ctx.actor, 'users.manage');
  return transact(ctx, (tx) => {
    const person = store.userById(tx.db, userId);
    if (!person) throw notFound('Pengguna ini tidak ada.');
    if (person.disabledAt !== null) throw conflict('Akun ini dinonaktifkan. Aktifkan dahulu, lalu buat tautannya.');
    const purpose = person.passwordHash === null ? 'invitation' : 'reset';
    audit.record(tx, {
      action: 'authn_token_created',
      targets: [['user', person.id]],
      details: { purpose: purpose === 'reset' ? 'kata sandi baru' : 'undangan', hours: LIFE[purpose] / HOUR },
    });
    return linkFor(tx, person, purpose, origin);
  });
}

/** Makes and, when mail is on, queues a person's link inside the caller's transaction. */
export function linkFor(
  ctx: Context,
  person: store.UserRow,
  purpose: 'invitation' | 'reset',
  origin: string,
): MadeLink {
  const token = makeLink(ctx, purpose, person.id);
  const path = `/${purpose}/${token}`;
  const hours = LIFE[purpose] / HOUR;
  const office = settings.get(ctx, 'office');
  const compose = purpose === 'invitation' ? invitationMail : resetMail;
  const mailed = origin !== '' && settings.get(ctx, 'mail').enabled;
  if (mailed) {
    const mail = compose({
      name: person.name,
      link: `${origin}${path}`,
      hours,
      office: office.name || office.shortName,
    });
    // The hash makes the key: each link is a message of its own, and the key gives nothing away.
    notifications.queue(ctx, {
      key: `${purpose}:${person.id}:${tokenHash(token).slice(0, 16)}`,
      about: ['user', person.id],
      lane: 'link',
      recipient: person.email,
      ...mail,
    });
  }
  return { token, path, hours, mailed };
}

/**
 * "Lupa kata sandi": mails a link when the address belongs to an active account. The answer is the same either way.
 * @param origin the configured public address; never the one a request names (a forged Host would steal the link)
 */
export function requestReset(ctx: Context, address: string, origin: string): void {
  const email = input.read(input.email, address, 'email');
  if (!origin || !settings.get(ctx, 'mail').enabled) {
    throw conflict(
      'Siaga ini tidak dapat mengirim tautan sendiri. Minta tautan kata sandi baru kepada administrator Anda.',
    );
  }
  admit(ctx, resetLimits(email, networkOf(ctx)));
  transact(ctx, (tx) => {
    const person = store.userByEmail(tx.db, email);
    if (!person || person.disabledAt !== null || person.passwordHash === null) return;
    linkFor(tx, person, 'reset', origin);
    audit.record(tx, { action: 'authn_reset_requested', targets: [['user', person.id]] });
  });
}

/** Changes the own password; every other session ends. */
export async function changePassword(ctx: Context, passwords: { current: string; password: string }): Promise<void> {
  const actor = signedIn(ctx);
  const person = store.userById(ctx.db, actor.id);
  if (!person) throw notFound('Akun ini tidak ada.');
  const limits = signInLimits(person.email, networkOf(ctx));
  admit(ctx, limits);
  if (!(await passwordMatches(passwords.current.slice(0, 1024), person.passwordHash))) {
    throw invalid('Kata sandi belum diganti.', { current: 'Kata sandi sekarang tidak cocok.' });
  }
  checkPassword(passwords.password, person);
  if (passwords.password === passwords.current) {
    throw invalid('Kata sandi belum diganti.', { password: 'Sama dengan yang sekarang. Pilih yang lain.' });
  }
  const passwordHash = await hashPassword(passwords.password);
  transact(ctx, (tx) => {
    const fresh = store.userById(tx.db, actor.id);
    if (fresh?.passwordHash !== person.passwordHash)
      throw conflict('Kata sandi baru saja berubah dari tempat lain. Masuk lagi.');
    store.changeUser(tx.db, actor.id, { passwordHash });
    const count = store.removeSessions(tx.db, actor.id, { except: actor.session });
    forgive(tx, limits);
    audit.record(tx, { action: 'authn_password_change', targets: [['user', actor.id]], details: { count } });
  });
}
