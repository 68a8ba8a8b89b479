import { index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { date, flag, id, instant, known, ordered } from '../db/columns.ts';

/** Perangkat Daerah and the units below them. Names are dated in `agency_name`. Perwali Pasal 1(4). */
export const agency = sqliteTable(
  'agency',
  {
    id: id(),
    code: text('code').notNull(),
    kind: text('kind', {
      enum: [
        'SEKRETARIAT_DAERAH',
        'SEKRETARIAT_DPRD',
        'INSPEKTORAT',
        'RSUD',
        'DINAS_DAERAH',
        'LEMBAGA_TEKNIS_DAERAH',
        'SATPOL_PP',
        'KECAMATAN',
        'KELURAHAN',
      ],
    }).notNull(),
    level: text('level', { enum: ['agency', 'unit'] }).notNull(),
    parentId: text('parent_id'),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
  },
  (t) => [
    ...known(t),
    ordered(t.validFrom, t.validTo),
    uniqueIndex('agency_by_code').on(t.code),
    index('agency_by_parent').on(t.parentId),
  ],
);

export const agencyName = sqliteTable(
  'agency_name',
  {
    id: id(),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    name: text('name').notNull(),
    shortName: text('short_name').notNull(),
    from: date('from').notNull(),
    to: date('to'),
    source: text('source').notNull(),
  },
  (t) => [ordered(t.from, t.to), index('agency_name_by_agency').on(t.agencyId, t.from)],
);

/** A name that offices use for an agency and a person has explained once. */
export const agencyAlias = sqliteTable('agency_alias', {
  /** As compared: lower case, without punctuation (`nameKey` of the register). */
  key: text('key').primaryKey(),
  text: text('text').notNull(),
  agencyId: text('agency_id')
    .notNull()
    .references(() => agency.id),
  by: text('by').notNull(),
  at: instant('at').notNull(),
});

/**
 * Address book of those who must be told: BSSN, BSrE, Wali Kota, Gubernur, others. A change closes a row (`validTo`)
 * and adds another, so that old letters keep the address they went to.
 */
export const contact = sqliteTable(
  'contact',
  {
    id: id(),
    party: text('party', {
      enum: ['bssn', 'bsre', 'mayor', 'governor', 'pdp', 'police', 'inspectorate', 'other'],
    }).notNull(),
    /** Addressee as written in a letter, e.g. "Kepala Badan Siber dan Sandi Negara". */
    addressee: text('addressee').notNull(),
    address: text('address').notNull(),
    email: text('email').notNull(),
    phone: text('phone').notNull(),
    outOfHours: text('out_of_hours').notNull(),
    validFrom: instant('valid_from').notNull(),
    validTo: instant('valid_to'),
    verifiedAt: instant('verified_at'),
    verifiedBy: text('verified_by'),
    synthetic: flag('synthetic').notNull().default(false),
  },
  (t) => [...known(t), ordered(t.validFrom, t.validTo), index('contact_by_party').on(t.party, t.validTo)],
);
