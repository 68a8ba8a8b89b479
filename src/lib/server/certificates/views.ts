// Saved views: an address of the list with a name, a person's own or shared with the office. A view holds no rows: who
// opens it sees what the view's filters match and the reader may see.
import { and, asc, eq, isNull, or } from 'drizzle-orm';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, forbidden, notFound } from '../errors.ts';
import { demand, seesWholeCity } from '../permission.ts';
import { viewInput, type ViewInput } from './input.ts';
import { savedView } from './schema-list.ts';

export type SavedView = typeof savedView.$inferSelect & { own: boolean };

const MOST = 50;
/** What belongs to the page one stood on, not to the view. */
const PASSING = ['after', 'before', 'view', 'format'];

/** Own views and those shared with the office, by name. */
export function views(ctx: Context): SavedView[] {
  demand(ctx.actor, 'certificates.view');
  const owner = audit.actorKey(ctx.actor);
  const shared = mayShare(ctx) ? eq(savedView.shared, true) : undefined;
  return ctx.db
    .select()
    .from(savedView)
    .where(and(isNull(savedView.archivedAt), or(eq(savedView.owner, owner), shared)))
    .orderBy(asc(savedView.name), asc(savedView.id))
    .all()
    .map((row) => ({ ...row, own: row.owner === owner }));
}

/** Officers of agencies keep their views to themselves; the office shares. */
export const mayShare = (ctx: Context): boolean => ctx.actor.kind === 'user' && seesWholeCity(ctx.actor.roles);

export function saveView(ctx: Context, input: ViewInput): string {
  demand(ctx.actor, 'certificates.view');
  const { name, query, shared } = accept(viewInput, input, 'Tampilan belum disimpan; periksa isian yang ditandai.');
  if (shared && !mayShare(ctx)) throw forbidden('Hanya petugas Dinas yang dapat membagikan tampilan.');
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const mine = views(tx).filter((view) => view.own);
    if (mine.length >= MOST) throw conflict(`Paling banyak ${MOST} tampilan; hapus dulu yang tidak dipakai.`);
    if (mine.some((view) => view.name === name)) throw conflict(`Anda sudah punya tampilan bernama "${name}".`);
    const id = newId(now);
    tx.db
      .insert(savedView)
      .values({ id, owner: audit.actorKey(tx.actor), name, query: lasting(query), shared, createdAt: now })
      .run();
    audit.record(tx, { action: 'view.saved', targets: [['view', id]], personal: { name } });
    return id;
  });
}

function lasting(query: string): string {
  const params = new URLSearchParams(query);
  for (const name of PASSING) params.delete(name);
  return params.toString();
}

/** A new name, or shared with the office or no longer. */
export function changeView(ctx: Context, id: string, input: Omit<ViewInput, 'query'>): void {
  demand(ctx.actor, 'certificates.view');
  const { name, shared } = accept(viewInput, { ...input, query: '' }, 'Belum diubah; periksa isian yang ditandai.');
  if (shared && !mayShare(ctx)) throw forbidden('Hanya petugas Dinas yang dapat membagikan tampilan.');
  transact(ctx, (tx) => {
    own(tx, id);
    if (views(tx).some((view) => view.own && view.id !== id && view.name === name)) {
      throw conflict(`Anda sudah punya tampilan bernama "${name}".`);
    }
    tx.db.update(savedView).set({ name, shared }).where(eq(savedView.id, id)).run();
    audit.record(tx, { action: 'view.changed', targets: [['view', id]], personal: { name } });
  });
}

/** What Sertifikat in the menu opens; null: the whole list again. */
export function preferView(ctx: Context, id: string | null): void {
  demand(ctx.actor, 'certificates.view');
  transact(ctx, (tx) => {
    const owner = eq(savedView.owner, audit.actorKey(tx.actor));
    const chosen = id === null ? null : own(tx, id);
    tx.db.update(savedView).set({ preferred: false }).where(owner).run();
    if (chosen) tx.db.update(savedView).set({ preferred: true }).where(eq(savedView.id, chosen.id)).run();
    audit.record(tx, {
      action: chosen ? 'view.preferred' : 'view.unpreferred',
      targets: chosen ? [['view', chosen.id]] : [],
      ...(chosen ? { personal: { name: chosen.name } } : {}),
    });
  });
}

export const preferredView = (ctx: Context): SavedView | null =>
  views(ctx).find((view) => view.own && view.preferred) ?? null;

export function archiveView(ctx: Context, id: string): void {
  demand(ctx.actor, 'certificates.view');
  transact(ctx, (tx) => {
    const { name } = own(tx, id);
    tx.db.update(savedView).set({ archivedAt: tx.now(), preferred: false }).where(eq(savedView.id, id)).run();
    audit.record(tx, { action: 'view.archived', targets: [['view', id]], personal: { name } });
  });
}

/** @throws AppError not_found for a view that is not the actor's own */
function own(ctx: Context, id: string): SavedView {
  const found = views(ctx).find((view) => view.id === id && view.own);
  if (!found) throw notFound('Tampilan ini tidak ada, atau bukan milik Anda.');
  return found;
}
