import { blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant, json } from '../db/columns.ts';

/** The trail. `leaf` is the canonical JSON that was hashed, byte for byte; triggers refuse UPDATE and DELETE. */
export const auditEntry = sqliteTable(
  'audit_entry',
  {
    seq: integer('seq').primaryKey(),
    at: instant('at').notNull(),
    action: text('action').notNull(),
    actor: text('actor').notNull(),
    leaf: text('leaf').notNull(),
    leafHash: blob('leaf_hash', { mode: 'buffer' }).notNull(),
  },
  (t) => [
    index('audit_by_time').on(t.at),
    index('audit_by_action').on(t.action, t.seq),
    index('audit_by_actor').on(t.actor, t.seq),
  ],
);

/** Which records an entry is about: an index into the leaves, rebuilt from them at will. */
export const auditTarget = sqliteTable(
  'audit_target',
  {
    seq: integer('seq')
      .notNull()
      .references(() => auditEntry.seq),
    kind: text('kind').notNull(),
    ref: text('ref').notNull(),
  },
  (t) => [index('audit_target_by_ref').on(t.kind, t.ref, t.seq)],
);

/** Personal values behind the commitments in the leaves: SHA-256(salt ‖ value). Erasable without breaking a proof. */
export const auditPersonal = sqliteTable('audit_personal', {
  commitment: text('commitment').primaryKey(),
  field: text('field').notNull(),
  value: text('value').notNull(),
  salt: blob('salt', { mode: 'buffer' }).notNull(),
});

/** One row: size, RFC 6962 root, and the roots of the complete subtrees at the right edge, largest first (hex). */
export const auditHead = sqliteTable('audit_head', {
  id: integer('id').primaryKey(),
  size: integer('size').notNull(),
  root: text('root').notNull(),
  frontier: json<string[]>('frontier').notNull(),
});
