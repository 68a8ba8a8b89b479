import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import { id, instant, known, ordered } from '../db/columns.ts';
import { ROLES } from '../permission.ts';

export const user = sqliteTable(
  'user',
  {
    id: id(),
    /** Sign-in name: the official e-mail address, lower case. */
    email: text('email').notNull(),
    name: text('name').notNull(),
    position: text('position').notNull().default(''),
    phone: text('phone').notNull().default(''),
    agencyId: text('agency_id').references(() => agency.id),
    /** Argon2id in PHC form; null until an invitation or the set-up link was used. */
    passwordHash: text('password_hash'),
    createdAt: instant('created_at').notNull(),
    disabledAt: instant('disabled_at'),
  },
  (t) => [
    ordered(t.createdAt, t.disabledAt),
    uniqueIndex('user_by_email').on(t.email),
    index('user_by_agency').on(t.agencyId),
  ],
);

/** A role is granted by another person and ends by a row's date, never by deletion. */
export const userRole = sqliteTable(
  'user_role',
  {
    id: id(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id),
    role: text('role', { enum: ROLES }).notNull(),
    grantedBy: text('granted_by').notNull(),
    grantedAt: instant('granted_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [...known(t), ordered(t.grantedAt, t.endedAt), index('user_role_by_user').on(t.userId, t.endedAt)],
);

/** Lucia guide: the cookie holds a random token, the table only its SHA-256. Rows are deleted when they end. */
export const session = sqliteTable(
  'session',
  {
    /** SHA-256 of the token, hex. */
    id: id(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id),
    createdAt: instant('created_at').notNull(),
    /** Moves at most every few minutes, so that a request is not a write. */
    lastSeenAt: instant('last_seen_at').notNull(),
    /** Absolute end. */
    endsAt: instant('ends_at').notNull(),
    device: text('device').notNull(),
    network: text('network').notNull(),
  },
  (t) => [ordered(t.createdAt, t.endsAt), index('session_by_user').on(t.userId)],
);

/** First-run set-up, invitation, password reset: one use, a short life, only the hash stored. */
export const oneTimeLink = sqliteTable(
  'one_time_link',
  {
    /** SHA-256 of the token, hex. */
    id: id(),
    purpose: text('purpose', { enum: ['setup', 'invitation', 'reset'] }).notNull(),
    userId: text('user_id').references(() => user.id),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.createdAt, t.expiresAt),
    ordered(t.createdAt, t.usedAt),
    index('one_time_link_by_user').on(t.userId),
  ],
);

/** For throttling; swept after a day. */
export const attempt = sqliteTable(
  'attempt',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    /** What is limited: 'sign-in:<hash of address>', 'sign-in-net:<network>', 'lapor:<network>' … */
    key: text('key').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [index('attempt_by_key').on(t.key, t.at)],
);
