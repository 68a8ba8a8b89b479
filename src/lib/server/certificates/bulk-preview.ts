// What an act over many certificates would do, before anybody says yes: how many, and to each what. Writes nothing.
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { skips, type BulkKind } from './bulk-rules.ts';
import * as store from './bulk-store.ts';
import type { ListFilter } from './filter.ts';
import * as listing from './listing.ts';
import { viewOf } from './view.ts';

const TICKED = 2000;
const PAGE = 25;

/** Certificates ticked, everything a filter matches, or what an earlier act changed. */
export type Selection = { ids: readonly string[] } | { filter: ListFilter } | { of: string };

export type Preview = {
  total: number;
  /** What is confirmed: SHA-256 over the ids. */
  hash: string;
  changes: number;
  skipped: { reason: string; count: number }[];
  /** How many of them are asked to be shown; a page of these, each with why it is left as it is, or null: it changes. */
  matching: number;
  rows: (listing.ListRow & { left: string | null })[];
  /** The next page begins behind this certificate. */
  next: string | null;
};

export function idsOf(ctx: Context, selection: Selection): string[] {
  const view = viewOf(ctx);
  if ('filter' in selection) return listing.idsOf(ctx.db, selection.filter, view);
  if ('ids' in selection) return store.visible(ctx.db, [...new Set(selection.ids)].slice(0, TICKED), view.scope);
  if (!store.byId(ctx.db, selection.of)) throw notFound('Tindakan massal ini tidak ada.');
  return store.visible(ctx.db, store.changedBy(ctx.db, selection.of), view.scope);
}

export const ruled = (row: store.Facts) => ({ ...row, busy: row.busy === 1, voided: row.voided === 1 });

/** How many and which, and what would happen to each. An agency is not chosen yet, so a transfer counts all. */
export function previewBulk(
  ctx: Context,
  kind: BulkKind,
  selection: Selection,
  show: store.Shown & { past?: string; limit?: number } = {},
): Preview {
  demand(ctx.actor, 'certificates.edit');
  const now = ctx.now();
  const ids = idsOf(ctx, selection);
  const left = new Map<string, string>();
  const reasons = new Map<string, number>();
  for (const row of store.facts(ctx.db, ids)) {
    const reason = skips(kind, ruled(row), now, '');
    if (!reason) continue;
    left.set(row.id, reason);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const { fate, because, past = '', limit = PAGE } = show;
  const asked = ids.filter((id) => {
    if (fate === 'changed') return !left.has(id);
    return fate === undefined || (left.has(id) && (because === undefined || left.get(id) === because));
  });
  const from = asked.findIndex((id) => id > past);
  const page = from < 0 ? [] : asked.slice(from, from + limit);
  return {
    total: ids.length,
    hash: store.hashOf(ids),
    changes: ids.length - left.size,
    skipped: [...reasons].map(([reason, count]) => ({ reason, count })),
    matching: asked.length,
    rows: listing.rowsOf(ctx.db, page, viewOf(ctx)).map((row) => ({ ...row, left: left.get(row.id) ?? null })),
    next: from >= 0 && asked.length > from + limit ? page.at(-1)! : null,
  };
}
