// Who can be told and named: people of the office who may sign in. Queries only.
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { user, userRole } from '../auth/schema.ts';
import type { Db } from '../db/index.ts';
import type { Role } from '../permission.ts';

export type Person = { id: string; name: string; email: string; phone: string };

/** People with one of the roles, by name. */
export const peopleWith = (db: Db, roles: readonly Role[]): Person[] =>
  roles.length === 0
    ? []
    : db
        .selectDistinct({ id: user.id, name: user.name, email: user.email, phone: user.phone })
        .from(user)
        .innerJoin(
          userRole,
          and(eq(userRole.userId, user.id), inArray(userRole.role, [...roles]), isNull(userRole.endedAt)),
        )
        .where(isNull(user.disabledAt))
        .orderBy(asc(user.name))
        .all();

export const personById = (db: Db, id: string): Person | null =>
  db
    .select({ id: user.id, name: user.name, email: user.email, phone: user.phone })
    .from(user)
    .where(and(eq(user.id, id), isNull(user.disabledAt)))
    .get() ?? null;
