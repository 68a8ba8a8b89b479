// People with accounts, as the administrator keeps them: inviting, roles, disabling. Granting a role is one of the acts
// that need a second person: nobody grants to oneself, and no process of the office's own does it for a person, except
// to give a Siaga that nobody can administer its administrator back.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { conflict, forbidden, invalid, notFound } from '../errors.ts';
import { demand, scope, type Role } from '../permission.ts';
import { roles as roleWords } from '#lib/terms.ts';
import * as accountStore from './account-store.ts';
import { signedIn } from './entry.ts';
import * as input from './input.ts';
import { linkFor, LIFE, type MadeLink } from './links.ts';
import { HOUR } from '../calendar.ts';
import * as store from './store.ts';

export type { AccountState, Colleague } from './account-store.ts';
export type Account = accountStore.AccountRow;
export type AccountFilter = accountStore.Filter & { limit?: number };

/** Accounts by name, one page; `next` is where the following page starts. */
export function accounts(ctx: Context, filter: AccountFilter = {}) {
  demand(ctx.actor, 'users.manage');
  const limit = filter.limit ?? 50;
  const rows = accountStore.accounts(ctx.db, filter, ctx.now(), limit + 1);
  return {
    rows: rows.slice(0, limit).map(({ key: _, ...row }): Account => row),
    next: rows.length > limit ? (rows[limit - 1]?.key ?? null) : null,
    counts: accountStore.stateCounts(ctx.db, filter),
  };
}

/** All accounts that match, for export; the export stands in the trail. */
export function exportAccounts(ctx: Context, filter: AccountFilter, format: string): Account[] {
  const { rows } = accounts(ctx, { ...filter, after: undefined, limit: 100_000 });
  transact(ctx, (tx) =>
    audit.record(tx, { action: 'accounts.exported', targets: [], details: { count: rows.length, format } }),
  );
  return rows;
}

export function account(ctx: Context, id: string): Account {
  demand(ctx.actor, 'users.manage');
  const found = accountStore.accountById(ctx.db, id, ctx.now());
  if (!found) throw notFound('Pengguna ini tidak ada.');
  return found;
}

/** Who is signed in, for the own account page. */
export function self(ctx: Context) {
  const actor = signedIn(ctx);
  const { name, email, position, phone } = existing(ctx, actor.id);
  return { id: actor.id, name, email, position, phone, roles: actor.roles };
}

/** How many people hold each role, for the filter and for "Langkah Awal". */
export const roleCounts = (ctx: Context): Map<Role, number> => accountStore.roleCounts(ctx.db);

/** People to choose from or to show, not disabled; an officer sees own agency's people and the office's. */
export function people(ctx: Context, filter: { role?: Role; agencyId?: string } = {}): accountStore.Colleague[] {
  return ctx.actor.kind === 'public' ? [] : accountStore.colleagues(ctx.db, { ...filter, seen: scope(ctx.actor) });
}

const SYSTEMS: Record<string, string> = {
  'system:jobs': 'Siaga (tugas berkala)',
  'system:cli': 'Siaga (baris perintah)',
  'system:setup': 'Siaga (pemasangan)',
  public: 'Seseorang yang belum masuk',
};

/** A function that turns an actor's key into a name, for the trail and "oleh siapa"; each name is read once. */
export function names(ctx: Context): (actorKey: string) => string {
  const known = new Map(Object.entries(SYSTEMS));
  return (key) => {
    const name =
      known.get(key) ?? accountStore.nameOf(ctx.db, key.replace(/^user:/, '')) ?? 'Seseorang yang tidak dikenal';
    known.set(key, name);
    return name;
  };
}

/**
 * Makes an account with its roles and an invitation, mailed when mail is on; the link is shown once to the inviter.
 * @param origin public address for the link in the mail
 */
export function invite(ctx: Context, submitted: input.InvitationInput, origin: string): MadeLink & { id: string } {
  demand(ctx.actor, 'users.manage');
  const { roles, ...person } = input.read(input.invitation, submitted);
  checkPlace(ctx, person.agencyId, roles);
  return transact(ctx, (tx) => {
    if (store.userByEmail(tx.db, person.email)) {
      throw invalid('Isian belum benar.', { email: 'Alamat ini sudah punya akun. Cari di daftar pengguna.' });
    }
    const row = store.addUser(tx, person);
    audit.record(tx, {
      action: 'user_created',
      targets: [['user', row.id]],
      details: { hours: LIFE.invitation / HOUR },
      personal: { name: row.name, email: row.email },
    });
    for (const role of roles) addRole(tx, row, role);
    return { id: row.id, ...linkFor(tx, row, 'invitation', origin) };
  });
}

/** Corrects name, position, telephone or agency; the address is the sign-in name and changes too. */
export function change(ctx: Context, id: string, submitted: input.PersonInput): void {
  demand(ctx.actor, 'users.manage');
  const person = input.read(input.person, submitted);
  transact(ctx, (tx) => {
    const row = existing(tx, id);
    checkPlace(tx, person.agencyId, store.rolesOf(tx.db, id));
    const holder = store.userByEmail(tx.db, person.email);
    if (holder && holder.id !== id) throw invalid('Isian belum benar.', { email: 'Alamat ini milik akun lain.' });
    store.changeUser(tx.db, id, person);
    // A link went to the old address; whoever reads it there is no longer this person.
    if (row.email !== person.email) store.endLinks(tx.db, id, tx.now());
    const place = (agencyId: string | null) => (agencyId && agencies.byId(tx, agencyId)?.code) || '-';
    const moved = row.agencyId !== person.agencyId;
    audit.record(tx, {
      action: 'user_updated',
      targets: [['user', id]],
      // With the agency changes what the person may see.
      ...(moved ? { details: { from: place(row.agencyId), to: place(person.agencyId) } } : {}),
      personal: { name: person.name, email: person.email },
    });
  });
}

function checkPlace(ctx: Context, agencyId: string | null, roles: readonly Role[]): void {
  const fields = { agencyId: '' };
  if (agencyId && !agencies.byId(ctx, agencyId)) fields.agencyId = 'Pilih Perangkat Daerah dari daftar.';
  if (!agencyId && roles.includes('officer')) fields.agencyId = 'Petugas Perangkat Daerah perlu Perangkat Daerah.';
  if (fields.agencyId) throw invalid('Isian belum benar.', fields);
}

/** Ends every session and link of a person; nothing of what the person did is touched. */
export function disable(ctx: Context, id: string, why: string): void {
  demand(ctx.actor, 'users.manage');
  const reason = input.read(input.reason, why, 'reason');
  if (ctx.actor.kind === 'user' && ctx.actor.id === id) {
    throw conflict('Anda tidak dapat menonaktifkan akun sendiri. Minta administrator lain.');
  }
  transact(ctx, (tx) => {
    const row = existing(tx, id);
    if (row.disabledAt !== null) return;
    keepAdministrator(tx, id);
    const now = tx.now();
    store.changeUser(tx.db, id, { disabledAt: now });
    store.removeSessions(tx.db, id, { except: null });
    store.endLinks(tx.db, id, now);
    audit.record(tx, { action: 'user_disabled', targets: [['user', id]], personal: { name: row.name }, reason });
  });
}

export function enable(ctx: Context, id: string): void {
  demand(ctx.actor, 'users.manage');
  notOneself(ctx, id);
  transact(ctx, (tx) => {
    const row = existing(tx, id);
    if (row.disabledAt === null) return;
    store.changeUser(tx.db, id, { disabledAt: null });
    audit.record(tx, { action: 'user_enabled', targets: [['user', id]], personal: { name: row.name } });
  });
}

/** Gives a role; it counts from the person's next request. */
export function grantRole(ctx: Context, id: string, wanted: string): void {
  demand(ctx.actor, 'users.manage');
  const role = input.read(input.role, wanted, 'role');
  transact(ctx, (tx) => {
    const row = existing(tx, id);
    if (store.rolesOf(tx.db, id).includes(role)) return;
    checkPlace(tx, row.agencyId, [role]);
    addRole(tx, row, role);
  });
}

function addRole(ctx: Context, person: store.UserRow, role: Role): void {
  notOneself(ctx, person.id);
  const { actor } = ctx;
  const rescue = role === 'administrator' && store.activeWith(ctx.db, 'administrator').length === 0;
  if (actor.kind === 'system' && actor.name !== 'setup' && !rescue) {
    throw forbidden('Peran hanya diberikan oleh seorang administrator; sebutkan dengan --as SUREL.');
  }
  store.addRole(ctx, person.id, role, audit.actorKey(actor));
  audit.record(ctx, {
    action: 'privilege_granted',
    targets: [['user', person.id]],
    details: { role: roleWords[role] },
    personal: { name: person.name },
  });
}

function notOneself(ctx: Context, id: string): void {
  if (ctx.actor.kind === 'user' && ctx.actor.id === id) {
    throw forbidden('Hak untuk diri sendiri diberikan oleh administrator lain.');
  }
}

/** Ends a role from the person's next request on. */
export function endRole(ctx: Context, id: string, wanted: string): void {
  demand(ctx.actor, 'users.manage');
  const role = input.read(input.role, wanted, 'role');
  transact(ctx, (tx) => {
    const row = existing(tx, id);
    if (role === 'administrator') keepAdministrator(tx, id);
    if (!store.endRoleRows(tx.db, id, role, tx.now())) return;
    audit.record(tx, {
      action: 'privilege_ended',
      targets: [['user', id]],
      details: { role: roleWords[role] },
      personal: { name: row.name },
    });
  });
}

function keepAdministrator(ctx: Context, id: string): void {
  const administrators = store.activeWith(ctx.db, 'administrator');
  if (administrators.length === 1 && administrators[0]!.id === id) {
    throw conflict('Ini administrator terakhir. Angkat administrator lain dahulu.');
  }
}

function existing(ctx: Context, id: string): store.UserRow {
  const row = store.userById(ctx.db, id);
  if (!row) throw notFound('Pengguna ini tidak ada.');
  return row;
}
