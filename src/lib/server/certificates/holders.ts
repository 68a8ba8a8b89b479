// Looking at holders: the list, one record, who bears the same name or number. Perwali 27/2020 Pasal 1(13).
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import * as listing from './holder-listing.ts';
import { differentNumbers } from './holder-merge-plan.ts';
import * as merges from './holder-merge-store.ts';
import * as people from './holder-store.ts';
import { nameKey } from './names.ts';
import * as store from './store.ts';

export type { HolderFilter, HolderListRow } from './holder-listing.ts';
export { HOLDER_SORTS } from './holder-listing.ts';

const view = (ctx: Context) => ({ now: ctx.now(), scope: scope(ctx.actor) });

/** One page of holders. */
export function holders(ctx: Context, filter: listing.HolderFilter) {
  demand(ctx.actor, 'holders.view');
  return listing.page(ctx.db, filter, view(ctx));
}

/** How many holders each choice of the list's filters would show. */
export function holderChoices(ctx: Context, filter: listing.HolderFilter) {
  demand(ctx.actor, 'holders.view');
  return listing.choices(ctx.db, filter, view(ctx));
}

/** All holders that match, for export; the export stands in the trail. */
export function exportHolders(ctx: Context, filter: listing.HolderFilter, format: string): listing.HolderListRow[] {
  demand(ctx.actor, 'certificates.export');
  const { rows } = listing.page(ctx.db, { ...filter, after: undefined, limit: 1_000_000 }, view(ctx));
  transact(ctx, (tx) =>
    audit.record(tx, { action: 'holders.exported', targets: [], details: { count: rows.length, format } }),
  );
  return rows;
}

/** Some holders by id, in short; who is not there or not visible is left out. */
export function holdersById(ctx: Context, ids: readonly string[]): listing.HolderListRow[] {
  demand(ctx.actor, 'holders.view');
  return listing.page(ctx.db, { ids, limit: ids.length }, view(ctx)).rows;
}

/** A holder with positions, newest first, other names, merges, and certificates. @throws AppError not_found */
export function holder(ctx: Context, id: string) {
  demand(ctx.actor, 'holders.view');
  const row = people.byId(ctx.db, id);
  const seen = scope(ctx.actor);
  const positions = row ? people.positions(ctx.db, id) : [];
  const current = people.lastPosition(ctx.db, id);
  const certificates = row ? store.currentOf(ctx.db, id, seen) : [];
  const mine = seen === 'all' || (current && seen.includes(current.agencyId)) || certificates.length > 0;
  if (!row || !mine) throw notFound('Pemilik ini tidak ada, atau bukan pegawai Perangkat Daerah Anda.');
  return {
    ...row,
    positions,
    certificateIds: certificates.map((c) => c.id),
    aliases: people.aliases(ctx.db, id),
    merge: people.mergeOf(ctx.db, id),
    stood: stoodBefore(ctx, id),
    absorbed: people.absorbedBy(ctx.db, id),
    doubles: row.archivedAt === null ? doubles(ctx, row) : [],
  };
}

/** A record that was merged away, as it stood until then; null for one in use, or where a merge did not keep that yet. */
function stoodBefore(ctx: Context, id: string) {
  const before = merges.mergeOf(ctx.db, id)?.moved?.before;
  const facts = before?.facts[id];
  if (!before || !facts) return null;
  const ends = new Map(before.positions.filter((row) => row.holderId === id).map((row) => [row.id, row.to]));
  return {
    ...facts,
    positions: people.positionsById(ctx.db, [...ends.keys()]).map((row) => ({ ...row, to: ends.get(row.id) ?? null })),
    certificates: before.certificates.filter((row) => row.holderId === id).length,
  };
}

/**
 * Other records of the same kind that share the name, number or address: perhaps the same holder twice. `stranger`: with
 * another NIP, which one person has for life; somebody may still compare them, nobody is asked to.
 */
export function doubles(
  ctx: Context,
  said: { id?: string; kind?: people.HolderRow['kind']; name: string; nip?: string | null; email?: string | null },
) {
  demand(ctx.actor, 'holders.view');
  const alike = people
    .alike(ctx.db, { key: nameKey(said.name), nip: said.nip || null, email: said.email || null })
    .filter((row) => row.id !== said.id && (!said.kind || row.kind === said.kind));
  const visible = new Set(
    holdersById(
      ctx,
      alike.map((row) => row.id),
    ).map((row) => row.id),
  );
  return alike
    .filter((row) => visible.has(row.id))
    .map((row) => ({ ...row, stranger: differentNumbers(row, { nip: said.nip || null }) }));
}
