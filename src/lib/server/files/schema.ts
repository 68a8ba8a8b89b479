import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { instant } from '../db/columns.ts';

/** What lies in the content-addressed store: `files/ab/cd/<sha256>`. The row comes after the bytes are on disk. */
export const file = sqliteTable('file', {
  /** SHA-256 of the content, hex. */
  sha256: text('sha256').primaryKey(),
  size: integer('size').notNull(),
  mediaType: text('media_type').notNull(),
  storedAt: instant('stored_at').notNull(),
  storedBy: text('stored_by').notNull(),
  /** When its bytes were given up by the room that owned them; the address stays as what was once here. */
  droppedAt: instant('dropped_at'),
});

/** Bytes of small files that come by the hundred (answers of responders): one commit brings them all, and their rows. */
export const fileBytes = sqliteTable('file_bytes', {
  sha256: text('sha256')
    .primaryKey()
    .references(() => file.sha256),
  bytes: blob('bytes', { mode: 'buffer' }).notNull(),
});
