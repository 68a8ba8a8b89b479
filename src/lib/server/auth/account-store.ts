// Queries behind the list of accounts: one row a person, with roles, state and last visit.
import { and, asc, eq, gt, inArray, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm';
import { agency, agencyName } from '../agencies/schema.ts';
import type { Db } from '../db/index.ts';
import type { Role } from '../permission.ts';
import { oneTimeLink, session, user, userRole } from './schema.ts';

export type AccountState = 'active' | 'invited' | 'disabled';
export type Filter = { q?: string; role?: Role; state?: AccountState; after?: string };
export type AccountRow = {
  id: string;
  name: string;
  email: string;
  position: string;
  phone: string;
  agencyId: string | null;
  agency: string | null;
  agencyCode: string | null;
  createdAt: number;
  disabledAt: number | null;
  state: AccountState;
  /** Last visit that a session still remembers. */
  lastSeenAt: number | null;
  /** End of an open invitation. */
  invitedUntil: number | null;
  roles: { role: Role; grantedBy: string; grantedAt: number }[];
};

const active = and(isNull(user.disabledAt), isNotNull(user.passwordHash))!;
const STATES: Record<AccountState, SQL> = {
  active,
  invited: and(isNull(user.disabledAt), isNull(user.passwordHash))!,
  disabled: isNotNull(user.disabledAt),
};
const position = sql<string>`${user.name} || char(1) || ${user.id}`;

function matching(filter: Filter): SQL | undefined {
  const q = filter.q?.trim().toLowerCase();
  const like = q && `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  const text =
    like && sql`lower(${user.name} || ' ' || ${user.email} || ' ' || ${user.position}) like ${like} escape '\\'`;
  const role =
    filter.role &&
    sql`exists (select 1 from user_role r where r.user_id = ${user.id} and r.role = ${filter.role} and r.ended_at is null)`;
  return and(text || undefined, role || undefined, filter.state && STATES[filter.state]);
}

/** By name; `after` is the `key` of the last row seen. */
export function accounts(db: Db, filter: Filter, now: number, limit: number): (AccountRow & { key: string })[] {
  const rows = selected(db, now)
    .where(and(matching(filter), filter.after ? gt(position, filter.after) : undefined))
    .orderBy(asc(position))
    .limit(limit)
    .all();
  return withRoles(db, rows);
}

export const accountById = (db: Db, id: string, now: number): AccountRow | undefined =>
  withRoles(db, selected(db, now).where(eq(user.id, id)).all())[0];

const selected = (db: Db, now: number) =>
  db
    .select({
      id: user.id,
      name: user.name,
      email: user.email,
      position: user.position,
      phone: user.phone,
      agencyId: user.agencyId,
      agency: agencyName.name,
      agencyCode: agency.code,
      createdAt: user.createdAt,
      disabledAt: user.disabledAt,
      hasPassword: isNotNull(user.passwordHash).mapWith(Boolean),
      lastSeenAt: sql<number | null>`(select max(last_seen_at) from ${session} s where s.user_id = ${user.id})`,
      invitedUntil: sql<number | null>`(select max(expires_at) from ${oneTimeLink} l where l.user_id = ${user.id}
        and l.purpose = 'invitation' and l.used_at is null and l.expires_at > ${now})`,
      key: position,
    })
    .from(user)
    .leftJoin(agency, eq(agency.id, user.agencyId))
    .leftJoin(agencyName, and(eq(agencyName.agencyId, user.agencyId), isNull(agencyName.to)));

type Selected = ReturnType<ReturnType<typeof selected>['all']>[number];

function withRoles(db: Db, rows: Selected[]): (AccountRow & { key: string })[] {
  const granted = db
    .select()
    .from(userRole)
    .where(
      and(
        inArray(
          userRole.userId,
          rows.map((row) => row.id),
        ),
        isNull(userRole.endedAt),
      ),
    )
    .orderBy(asc(userRole.grantedAt))
    .all();
  return rows.map(({ hasPassword, ...row }) => ({
    ...row,
    state: row.disabledAt !== null ? 'disabled' : hasPassword ? 'active' : 'invited',
    roles: granted
      .filter((grant) => grant.userId === row.id)
      .map(({ role, grantedBy, grantedAt }) => ({ role, grantedBy, grantedAt })),
  }));
}

/** How many accounts are in each state, under the other filters. */
export function stateCounts(db: Db, filter: Filter): Record<AccountState, number> {
  const count = (state: AccountState) =>
    db
      .select({ n: sql<number>`count(*)` })
      .from(user)
      .where(matching({ ...filter, state }))
      .get()?.n ?? 0;
  return { active: count('active'), invited: count('invited'), disabled: count('disabled') };
}

/** How many people who are not disabled hold each role. */
export function roleCounts(db: Db): Map<Role, number> {
  const rows = db
    .select({ role: userRole.role, n: sql<number>`count(distinct ${userRole.userId})` })
    .from(userRole)
    .innerJoin(user, eq(user.id, userRole.userId))
    .where(and(isNull(userRole.endedAt), isNull(user.disabledAt)))
    .groupBy(userRole.role)
    .all();
  return new Map(rows.map((row) => [row.role, row.n]));
}

export type Colleague = {
  id: string;
  name: string;
  email: string;
  position: string;
  agencyId: string | null;
  roles: Role[];
};

/** People who are not disabled, by name, with a role and of an agency if asked. */
export function colleagues(
  db: Db,
  filter: { role?: Role; agencyId?: string; seen: 'all' | readonly string[] },
): Colleague[] {
  const rows = db
    .select({
      id: user.id,
      name: user.name,
      email: user.email,
      position: user.position,
      agencyId: user.agencyId,
      role: userRole.role,
    })
    .from(user)
    .innerJoin(userRole, and(eq(userRole.userId, user.id), isNull(userRole.endedAt)))
    .where(
      and(
        isNull(user.disabledAt),
        filter.agencyId ? eq(user.agencyId, filter.agencyId) : undefined,
        // People of an agency see their own; those of the office are everybody's contact.
        filter.seen === 'all'
          ? undefined
          : or(inArray(user.agencyId, [...filter.seen]), sql`${userRole.role} <> 'officer'`),
      ),
    )
    .orderBy(user.name, user.id)
    .all();
  const people = new Map<string, Colleague>();
  for (const { role, ...row } of rows) {
    const known = people.get(row.id) ?? { ...row, roles: [] };
    known.roles.push(role);
    people.set(row.id, known);
  }
  return [...people.values()].filter((person) => !filter.role || person.roles.includes(filter.role));
}

export const nameOf = (db: Db, id: string): string | undefined =>
  db.select({ name: user.name }).from(user).where(eq(user.id, id)).get()?.name;
