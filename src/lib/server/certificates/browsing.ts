// Looking through the certificates: pages, counts, choices, files of all matches, search. Every verb shows only what the
// actor may see.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { HOUR, MINUTE, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import type { Db } from '../db/index.ts';
import { can, demand, scope } from '../permission.ts';
import { asStream, type ExportFormat, type ExportStream } from '../table-export.ts';
import { certificateLabels, type CertificateLabel } from '#lib/terms.ts';
import type { Column } from './columns.ts';
import * as counting from './counting.ts';
import { exportColumns } from './export.ts';
import type { ListFilter } from './filter.ts';
import * as holderListing from './holder-listing.ts';
import * as listing from './listing.ts';
import { wordsOf } from './search.ts';
import { viewOf } from './view.ts';
import type { View } from './where.ts';

/** One page of certificates that the actor may see. */
export function list(ctx: Context, filter: ListFilter = {}): listing.ListPage {
  demand(ctx.actor, 'certificates.view');
  const view = viewOf(ctx);
  return listing.page(ctx.db, filter, view, expected(ctx.db, filter, view));
}

/** About how many match, where knowing costs next to nothing. */
const expected = (db: Db, filter: ListFilter, view: View): number | undefined =>
  counting.takenAt(db) === null ? undefined : (counting.total(db, filter, view).value ?? Infinity);

/** How many match, for each label; labels without matches are 0. */
export function counts(ctx: Context, filter: ListFilter = {}): Record<CertificateLabel, number> {
  // Leaders see figures without seeing the certificates.
  demand(ctx.actor, 'agencies.view');
  const found = counting.byLabel(ctx.db, filter, viewOf(ctx));
  const labels = Object.keys(certificateLabels) as CertificateLabel[];
  return Object.fromEntries(labels.map((label) => [label, found.get(label) ?? 0])) as Record<CertificateLabel, number>;
}

/** Since when counts stand; null: they are of this moment. */
export const countedAt = (ctx: Context): number | null => counting.takenAt(ctx.db);

/** Every choice of the list's filters with how many it would show; no value: words that match too many. */
export function choices(ctx: Context, filter: ListFilter): counting.Counted<counting.Choices> {
  demand(ctx.actor, 'certificates.view');
  return counting.choices(ctx.db, filter, viewOf(ctx));
}

/** Counts of labels by agency id ('' : under no agency yet), for pages. */
export function agencyCounts(ctx: Context): Map<string, Map<CertificateLabel, number>> {
  demand(ctx.actor, 'agencies.view');
  const result = new Map<string, Map<CertificateLabel, number>>();
  for (const [agencyId, , label, ...rest] of counting.cells(ctx.db, {}, viewOf(ctx))) {
    const own = result.get(agencyId ?? '') ?? new Map<CertificateLabel, number>();
    result.set(agencyId ?? '', own.set(label, (own.get(label) ?? 0) + rest[10]));
  }
  return result;
}

/** Counted cells for the figures of other rooms (`tally.ts` says what a cell knows). */
export function cells(ctx: Context, filter: ListFilter = {}) {
  demand(ctx.actor, 'agencies.view');
  return counting.cells(ctx.db, filter, viewOf(ctx));
}

/** Whether the kept counts are due: old, or something happened since and they are not of this minute. */
export function countsDue(ctx: Context): boolean {
  const at = counting.takenAt(ctx.db);
  const now = ctx.now();
  if (at === null) return listing.countUpTo(ctx.db, {}, viewOf(ctx), counting.LIVE + 1) > counting.LIVE;
  return now - at >= HOUR || (now - at >= 5 * MINUTE && counting.trailOf(ctx.db) !== audit.head(ctx).size);
}

/** Takes the kept counts of a large estate anew. For the jobs process; idempotent. @returns how many were counted */
export function refreshCounts(ctx: Context): number {
  demand(ctx.actor, 'certificates.import');
  const trail = audit.head(ctx).size;
  return counting.refresh(ctx.db, viewOf(ctx), trail, (work) => transact(ctx, (tx) => work(tx.db)));
}

/**
 * All matches as a file, written while it is sent; the export stands in the trail before its first row leaves.
 * @param columns those chosen; null: all
 */
export function exportList(
  ctx: Context,
  filter: ListFilter,
  format: ExportFormat,
  columns: readonly Column[] | null = null,
): ExportStream {
  demand(ctx.actor, 'certificates.export');
  const view = viewOf(ctx);
  const count = listing.countUpTo(ctx.db, filter, view, Number.MAX_SAFE_INTEGER);
  transact(ctx, (tx) => audit.record(tx, { action: 'certificates.exported', targets: [], details: { count, format } }));
  const rows = listing.chunks(ctx.db, filter, view, count);
  return asStream(`sertifikat-${wibDate(view.now)}`, format, exportColumns(columns), rows);
}

/** What Ctrl+K finds: certificates, holders and agencies, a few of each. */
export function search(ctx: Context, q: string) {
  const words = wordsOf(q.slice(0, 200));
  const some = words.join('').length > 1;
  return {
    certificates:
      some && can(ctx.actor, 'certificates.view') ? list(ctx, { q, limit: 8, sort: 'end', descending: true }).rows : [],
    holders:
      some && can(ctx.actor, 'holders.view')
        ? holderListing.page(ctx.db, { q, limit: 8 }, { now: ctx.now(), scope: scope(ctx.actor) }).rows
        : [],
    agencies: some
      ? agencies
          .list(ctx)
          .filter((a) => words.every((word) => `${a.name} ${a.shortName} ${a.code}`.toLowerCase().includes(word)))
          .slice(0, 8)
      : [],
  };
}
