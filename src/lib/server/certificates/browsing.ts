// Looking through the certificates: pages, counts, choices, files of all matches, search. Every verb shows only what the
// actor may see.
import * as audit from '../audit/index.ts';
import { HOUR, MINUTE, wibDate } from '../calendar.ts';
import { reading, transact, type Context } from '../context.ts';
import { demand } from '../permission.ts';
import { asStream, type ExportFormat, type ExportStream } from '../table-export.ts';
import { certificateLabels, type CertificateLabel } from '#lib/terms.ts';
import type { Column } from './columns.ts';
import type { Counts } from './census.ts';
import * as counting from './counting.ts';
import { exportColumns, type Sheet } from './export.ts';
import type { ListFilter } from './filter.ts';
import { endedSince } from './import-store.ts';
import { keep } from './kept.ts';
import * as listing from './listing.ts';
import { survey, withLikely } from './match-survey.ts';
import { takePairs } from './renewal-pair-store.ts';
import * as issuers from './authority-store.ts';
import { viewOf } from './view.ts';
import type { View } from './where.ts';

/** The view of a filter: its words are looked up once. */
const viewFor = (ctx: Context, filter: ListFilter): View => ({
  ...viewOf(ctx),
  ...(filter.q?.trim() ? { found: counting.foundRows(ctx.db, filter.q) } : {}),
});

/** One page of certificates that the actor may see. */
export function list(ctx: Context, filter: ListFilter = {}): listing.ListPage {
  demand(ctx.actor, 'certificates.view');
  const view = viewFor(ctx, filter);
  const expected = counting.taken(ctx.db) ? counting.total(ctx.db, filter, view) : undefined;
  return listing.page(ctx.db, filter, view, expected);
}

/**
 * A page together with how many match and every choice of the filters with how many it would show: of one instant, though a
 * sweep may confirm a thousand by one row meanwhile. Of kept counts the number gives way to rows that say better.
 */
export function browse(ctx: Context, filter: ListFilter = {}): { page: listing.ListPage; counts: Counts } {
  demand(ctx.actor, 'certificates.view');
  return reading(ctx, () => {
    const view = viewFor(ctx, filter);
    const counts = counting.choices(ctx.db, filter, view);
    const page = listing.page(ctx.db, filter, view, counts.total);
    const isWhole = !filter.after && !filter.before && page.next === null;
    return { page, counts: isWhole ? { ...counts, total: page.rows.length } : counts };
  });
}

/** Every choice of the filters with how many it would show under the other filters. */
export function choices(ctx: Context, filter: ListFilter = {}): Counts {
  demand(ctx.actor, 'certificates.view');
  return counting.choices(ctx.db, filter, viewFor(ctx, filter));
}

/** How many match, for each label; labels without matches are 0. */
export function counts(ctx: Context, filter: ListFilter = {}): Record<CertificateLabel, number> {
  // Leaders see figures without seeing the certificates.
  demand(ctx.actor, 'agencies.view');
  const found = counting.byLabel(ctx.db, filter, viewOf(ctx));
  const labels = Object.keys(certificateLabels) as CertificateLabel[];
  return Object.fromEntries(labels.map((label) => [label, found.get(label) ?? 0])) as Record<CertificateLabel, number>;
}

/** Since when counts stand; null: they are of this moment. */
export const countedAt = (ctx: Context): number | null => counting.taken(ctx.db)?.takenAt ?? null;

/** Counts of labels by agency id ('' : under no agency yet), for pages. */
export function agencyCounts(ctx: Context): Map<string, Map<CertificateLabel, number>> {
  const result = new Map<string, Map<CertificateLabel, number>>();
  tellEach(ctx, {}, ({ agencyId, label }) => {
    let own = result.get(agencyId);
    if (!own) result.set(agencyId, (own = new Map<CertificateLabel, number>()));
    own.set(label, (own.get(label) ?? 0) + 1);
  });
  return result;
}

/** Tells every match to a figure of another room that adds up its own way. */
export function tellEach(ctx: Context, filter: ListFilter, tell: (one: counting.Counted) => void): void {
  demand(ctx.actor, 'agencies.view');
  counting.tellEach(ctx.db, filter, viewOf(ctx), tell);
}

/** Names of issuers by id, for the filter. */
export function issuerNames(ctx: Context): Map<string, string> {
  demand(ctx.actor, 'trust.view');
  return new Map(issuers.all(ctx.db).map((row) => [row.id, row.commonName]));
}

/** Whether the kept counts are due: old, or an import ended since, or something else did and they are not fresh. */
export function countsDue(ctx: Context): boolean {
  const at = counting.taken(ctx.db);
  if (!at) return counting.isLarge(ctx.db, viewOf(ctx));
  const age = ctx.now() - at.takenAt;
  if (age >= HOUR || endedSince(ctx.db, at.takenAt)) return true;
  return age >= 5 * MINUTE && at.trail !== audit.head(ctx).size;
}

/** Takes the kept counts of a large estate anew. For the jobs process; idempotent. @returns how many were counted */
export function refreshCounts(ctx: Context): number {
  demand(ctx.actor, 'certificates.import');
  const trail = audit.head(ctx).size;
  const view = viewOf(ctx);
  const surveys = counting.isLarge(ctx.db, view)
    ? { matching: withLikely(ctx.db, survey(ctx.db, 'all')), renewals: takePairs(ctx.db, view.now) }
    : null;
  return counting.refresh(ctx.db, view, trail, (work) =>
    transact(ctx, (tx) => {
      work(tx.db);
      keep(tx.db, view.now, surveys);
    }),
  );
}

/**
 * All matches as a file, written while it is sent; the export stands in the trail before its first row leaves.
 * @param columns those chosen; null: all @param more what another room knows about the rows
 */
export function exportList(
  ctx: Context,
  filter: ListFilter,
  format: ExportFormat,
  columns: readonly Column[] | null = null,
  more: Sheet = [],
): ExportStream {
  demand(ctx.actor, 'certificates.export');
  const view = viewOf(ctx);
  const count = listing.countUpTo(ctx.db, filter, view, Number.MAX_SAFE_INTEGER);
  transact(ctx, (tx) => audit.record(tx, { action: 'certificates.exported', targets: [], details: { count, format } }));
  const rows = listing.chunks(ctx.db, filter, view, count);
  return asStream(`sertifikat-${wibDate(view.now)}`, format, [...exportColumns(columns), ...more], rows);
}
