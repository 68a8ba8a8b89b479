import { and, desc, eq, gt, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { newId, type Db } from '../db/index.ts';
import type { Role } from '../permission.ts';
import { attempt, oneTimeLink, session, user, userRole } from './schema.ts';

export type UserRow = typeof user.$inferSelect;
export type SessionRow = typeof session.$inferSelect;
export type LinkRow = typeof oneTimeLink.$inferSelect;
export type Purpose = LinkRow['purpose'];

export const userById = (db: Db, id: string): UserRow | undefined =>
  db.select().from(user).where(eq(user.id, id)).get();

export const userByEmail = (db: Db, email: string): UserRow | undefined =>
  db.select().from(user).where(eq(user.email, email)).get();

export function addUser(ctx: Context, values: Omit<typeof user.$inferInsert, 'id' | 'createdAt'>): UserRow {
  const now = ctx.now();
  return ctx.db
    .insert(user)
    .values({ id: newId(now), createdAt: now, ...values })
    .returning()
    .get();
}

export const changeUser = (db: Db, id: string, change: Partial<typeof user.$inferInsert>): void =>
  void db.update(user).set(change).where(eq(user.id, id)).run();

/** Roles in force. */
export const rolesOf = (db: Db, userId: string): Role[] =>
  db
    .selectDistinct({ role: userRole.role })
    .from(userRole)
    .where(and(eq(userRole.userId, userId), isNull(userRole.endedAt)))
    .orderBy(userRole.role)
    .all()
    .map((row) => row.role);

export function addRole(ctx: Context, userId: string, role: Role, grantedBy: string): void {
  const now = ctx.now();
  ctx.db
    .insert(userRole)
    .values({ id: newId(now), userId, role, grantedBy, grantedAt: now })
    .run();
}

export const endRoleRows = (db: Db, userId: string, role: Role, at: number): number =>
  db
    .update(userRole)
    .set({ endedAt: at })
    .where(and(eq(userRole.userId, userId), eq(userRole.role, role), isNull(userRole.endedAt)))
    .run().changes;

/** People who can sign in now with this role, oldest first. */
export const activeWith = (db: Db, role: Role): UserRow[] =>
  db
    .select({ user })
    .from(user)
    .innerJoin(userRole, and(eq(userRole.userId, user.id), eq(userRole.role, role), isNull(userRole.endedAt)))
    .where(and(isNull(user.disabledAt), isNotNull(user.passwordHash)))
    .orderBy(user.createdAt, user.id)
    .all()
    .map((row) => row.user);

/** The first person with this role who is not disabled; one who holds no other role comes first. */
export const holderOf = (db: Db, role: Role): UserRow | undefined =>
  db
    .select({ user })
    .from(user)
    .innerJoin(userRole, and(eq(userRole.userId, user.id), eq(userRole.role, role), isNull(userRole.endedAt)))
    .where(isNull(user.disabledAt))
    .orderBy(
      sql`(select count(*) from user_role other where other.user_id = ${user.id} and other.ended_at is null)`,
      user.createdAt,
      user.id,
    )
    .limit(1)
    .get()?.user;

/** Whether anybody has ever been able to sign in: then the first-run link is history. */
export const anyoneSetUp = (db: Db): boolean =>
  !!db.select({ id: user.id }).from(user).where(isNotNull(user.passwordHash)).limit(1).get();

// Sessions

export const sessionByHash = (db: Db, hash: string): SessionRow | undefined =>
  db.select().from(session).where(eq(session.id, hash)).get();

export const addSession = (db: Db, values: SessionRow): void => void db.insert(session).values(values).run();

export const touchSession = (db: Db, hash: string, at: number): void =>
  void db.update(session).set({ lastSeenAt: at }).where(eq(session.id, hash)).run();

export const sessionsOf = (db: Db, userId: string): SessionRow[] =>
  db.select().from(session).where(eq(session.userId, userId)).orderBy(desc(session.lastSeenAt)).all();

/** Removes a person's sessions: one by its name, or all except one. @returns how many */
export function removeSessions(db: Db, userId: string, which: { name: string } | { except: string | null }): number {
  const name = sql`substr(${session.id}, 1, 16)`;
  const chosen = 'name' in which ? eq(name, which.name) : which.except ? ne(name, which.except) : undefined;
  return db
    .delete(session)
    .where(and(eq(session.userId, userId), chosen))
    .run().changes;
}

export const removeEndedSessions = (db: Db, idleSince: number, now: number): number =>
  db.delete(session).where(lt(session.endsAt, now)).run().changes +
  db.delete(session).where(lt(session.lastSeenAt, idleSince)).run().changes;

// One-time links

export const addLink = (db: Db, values: Omit<typeof oneTimeLink.$inferInsert, 'usedAt'>): void =>
  void db.insert(oneTimeLink).values(values).run();

/** A link that still works. */
export const linkByHash = (db: Db, hash: string, purpose: Purpose, now: number): LinkRow | undefined =>
  db
    .select()
    .from(oneTimeLink)
    .where(
      and(
        eq(oneTimeLink.id, hash),
        eq(oneTimeLink.purpose, purpose),
        isNull(oneTimeLink.usedAt),
        gt(oneTimeLink.expiresAt, now),
      ),
    )
    .get();

export const useLinkRow = (db: Db, hash: string, at: number): boolean =>
  db
    .update(oneTimeLink)
    .set({ usedAt: at })
    .where(and(eq(oneTimeLink.id, hash), isNull(oneTimeLink.usedAt)))
    .run().changes === 1;

/** Ends a person's other open links (or the open set-up links): a newer one replaces them. */
export const endLinks = (db: Db, userId: string | null, at: number): void =>
  void db
    .update(oneTimeLink)
    .set({ expiresAt: at })
    .where(
      and(
        userId === null ? isNull(oneTimeLink.userId) : eq(oneTimeLink.userId, userId),
        isNull(oneTimeLink.usedAt),
        gt(oneTimeLink.expiresAt, at),
      ),
    )
    .run();

// Throttling

export const addAttempt = (db: Db, key: string, at: number): void => void db.insert(attempt).values({ key, at }).run();

/** Instants of a key's attempts since `from`, oldest first. */
export const attemptsSince = (db: Db, key: string, from: number): number[] =>
  db
    .select({ at: attempt.at })
    .from(attempt)
    .where(and(eq(attempt.key, key), gt(attempt.at, from)))
    .orderBy(attempt.at)
    .all()
    .map((row) => row.at);

export const removeAttempts = (db: Db, key: string): void => void db.delete(attempt).where(eq(attempt.key, key)).run();

/** Takes back the newest attempt of a key: it turned out not to be a failure. */
export const removeLastAttempt = (db: Db, key: string): void =>
  void db.run(sql`delete from ${attempt} where seq = (select max(seq) from ${attempt} where ${attempt.key} = ${key})`);

export const removeAttemptsBefore = (db: Db, at: number): number =>
  db.delete(attempt).where(lt(attempt.at, at)).run().changes;
