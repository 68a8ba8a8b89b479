// Holders: who certificates speak for, with positions, other names and merges.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import { date, id, instant, json, known, ordered } from '../db/columns.ts';

/** Who a certificate speaks for: a person, a legal entity, or a host/system. Pasal 1(13). */
export const holder = sqliteTable(
  'holder',
  {
    id: id(),
    kind: text('kind', { enum: ['person', 'entity', 'system'] }).notNull(),
    /** Bare name, as in the certificate's CN, without titles. */
    name: text('name').notNull(),
    titleBefore: text('title_before').notNull().default(''),
    titleAfter: text('title_after').notNull().default(''),
    /** Upper case, no titles, single spaces: what matching and sorting compare. */
    nameKey: text('name_key').notNull(),
    nip: text('nip'),
    email: text('email'),
    status: text('status', { enum: ['active', 'moved', 'retired', 'left', 'deceased'] }).notNull(),
    statusSince: date('status_since'),
    createdAt: instant('created_at').notNull(),
    /** The import that entered the holder; when that was voided, the holder is archived. */
    importId: text('import_id'),
    archivedAt: instant('archived_at'),
  },
  (t) => [
    ...known(t),
    uniqueIndex('holder_by_nip')
      .on(t.nip)
      .where(sql`${t.nip} is not null`),
    index('holder_by_name').on(t.nameKey),
    index('holder_by_import').on(t.importId),
    index('holder_by_leaving')
      .on(t.statusSince)
      .where(sql`${t.status} <> 'active'`),
  ],
);

/** What a merge changes of the two records: facts, positions and other names, by whom they belong to. */
export type MergeState = {
  facts: Record<string, { nip: string | null; email: string | null; titleBefore: string; titleAfter: string }>;
  positions: { id: string; holderId: string; to: string | null }[];
  aliases: { id: string; holderId: string }[];
  certificates: { id: string; holderId: string; agencyId: string | null }[];
  merges: { holderId: string; intoId: string }[];
};

/** Two records of one holder: the first stays for its history, everything current went to the other. A decision. */
export const holderMerge = sqliteTable(
  'holder_merge',
  {
    holderId: text('holder_id')
      .primaryKey()
      .references(() => holder.id),
    intoId: text('into_id')
      .notNull()
      .references(() => holder.id),
    why: text('why').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    /** How both stood before and after; null: merged before this was kept, cannot be undone. */
    moved: json<{ before: MergeState; after: MergeState }>('moved'),
  },
  (t) => [index('holder_merge_by_kept').on(t.intoId)],
);

/** Another name a holder is known by: a former name, the name of a merged record, a spelling a person decided about. */
export const holderAlias = sqliteTable(
  'holder_alias',
  {
    id: id(),
    holderId: text('holder_id')
      .notNull()
      .references(() => holder.id),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [uniqueIndex('holder_alias_by_holder').on(t.holderId, t.nameKey), index('holder_alias_by_name').on(t.nameKey)],
);

/** A holder's position in an agency, dated. */
export const position = sqliteTable(
  'position',
  {
    id: id(),
    holderId: text('holder_id')
      .notNull()
      .references(() => holder.id),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    title: text('title').notNull(),
    from: date('from').notNull(),
    to: date('to'),
    source: text('source').notNull(),
    importId: text('import_id'),
  },
  (t) => [
    ordered(t.from, t.to),
    index('position_by_holder').on(t.holderId, t.to),
    index('position_by_agency').on(t.agencyId, t.to),
  ],
);

/** The same for holders and `holder_fts`. */
export const holderSearch = sqliteTable(
  'holder_search',
  {
    docid: integer('docid').primaryKey(),
    holderId: text('holder_id')
      .notNull()
      .references(() => holder.id),
  },
  (t) => [uniqueIndex('holder_search_by_holder').on(t.holderId)],
);
