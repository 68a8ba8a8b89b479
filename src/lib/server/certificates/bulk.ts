// Acts over many certificates: all that match a filter, or those ticked. What will happen is shown first, with how many
// and which; what is confirmed is exactly that set, by its hash. Each is written in short transactions; large acts are
// rows that jobs pick up, so that a killed run is completed by the next. Nothing here revokes: only BSrE does.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import type { ExportStream } from '../table-export.ts';
import { zipStream } from '../zip.ts';
import { idsOf, ruled, type Selection } from './bulk-preview.ts';
import { bulkKinds, skips, type BulkKind } from './bulk-rules.ts';
import * as store from './bulk-store.ts';
import * as counting from './counting.ts';
import { bulkInput, type BulkInput } from './input.ts';
import { pemOf } from './pem.ts';
import * as records from './store.ts';

export { previewBulk, type Selection } from './bulk-preview.ts';
export { bulkKinds, type BulkKind } from './bulk-rules.ts';

/** Up to so many are done at once; more are left to jobs. */
const AT_ONCE = 2000;
const CHUNK = 250;

/**
 * Does what the preview showed, or leaves it to jobs when it is much. @returns the act's id
 * @throws AppError conflict when other certificates match than were shown
 */
export function beginBulk(ctx: Context, kind: BulkKind, selection: Selection, input: BulkInput): string {
  demand(ctx.actor, 'certificates.edit');
  const {
    agency: code,
    why,
    hash,
  } = accept(bulkInput(kind === 'transfer'), input, 'Belum dijalankan; periksa isian yang ditandai.');
  const ids = idsOf(ctx, selection);
  if (!ids.length) throw invalid('Tidak ada sertifikat yang dipilih.');
  if (store.hashOf(ids) !== hash) {
    throw conflict('Isi daftar berubah sejak pratinjau; belum ada yang diubah. Periksa lagi jumlah dan namanya.');
  }
  const agency = kind === 'transfer' ? agencies.get(ctx, code) : null;
  const now = ctx.now();
  const act = transact(ctx, (tx) => {
    const number = settings.allot(tx, 'MSL');
    const id = store.insert(
      tx.db,
      {
        number,
        kind,
        input: { why, ...(agency ? { agencyId: agency.id } : {}) },
        state: 'requested',
        total: ids.length,
        idsHash: hash,
        requestedBy: audit.actorKey(tx.actor),
        requestedAt: now,
      },
      ids,
    );
    audit.record(tx, {
      action: 'certificates.bulk_requested',
      targets: [['bulk', id], ...(agency ? [['agency', agency.id] as const] : [])],
      details: { number, act: bulkKinds[kind].done, count: ids.length, hash },
      reason: why,
    });
    return id;
  });
  if (ids.length <= AT_ONCE) perform(ctx, act);
  return act;
}

export const bulkWaiting = (ctx: Context): boolean => store.next(ctx.db) !== null;

/** What was left to jobs, or was cut off. @returns how many acts were finished */
export async function runBulk(ctx: Context): Promise<number> {
  demand(ctx.actor, 'certificates.edit');
  let done = 0;
  for (let id = store.next(ctx.db); id; id = store.next(ctx.db)) {
    while (step(ctx, id)) await new Promise((resolve) => setImmediate(resolve));
    done += 1;
  }
  return done;
}

function perform(ctx: Context, id: string): void {
  while (step(ctx, id));
}

/** One short transaction. @returns whether more waits */
function step(ctx: Context, id: string): boolean {
  return transact(ctx, (tx) => {
    const act = store.byId(tx.db, id)!;
    if (act.state === 'done') return false;
    const rows = store.waiting(tx.db, id, CHUNK);
    for (const row of rows) store.settle(tx.db, id, row.seq, apply(tx, act, row));
    store.set(tx.db, id, { state: 'running', done: act.done + rows.length });
    if (rows.length === CHUNK) return true;
    const { changed, skipped } = store.outcomes(tx.db, id);
    if (changed) counting.forget(tx.db);
    store.set(tx.db, id, { state: 'done', finishedAt: tx.now() });
    audit.record(tx, {
      action: 'certificates.bulk_done',
      targets: [['bulk', id]],
      details: {
        number: act.number,
        act: bulkKinds[act.kind].done,
        changed,
        skipped: skipped.reduce((sum, { count }) => sum + count, 0),
        hash: store.ledgerHash(tx.db, id),
      },
    });
    return false;
  });
}

/** @returns why the certificate was left as it is, or null: it was changed */
function apply(tx: Context, act: store.ActRow, row: store.Facts): string | null {
  const now = tx.now();
  const { agencyId, why } = act.input;
  const reason = skips(act.kind, ruled(row), now, agencyId);
  if (reason) return reason;
  if (act.kind === 'transfer') {
    const owner = { holderId: row.holderId, agencyId: agencyId! };
    records.setOwner(tx.db, row.id, owner, { from: now, why, by: act.requestedBy, now });
    return null;
  }
  const [values, from, to] =
    act.kind === 'retire'
      ? ([{ retiredAt: now }, 'current', 'retired'] as const)
      : act.kind === 'archive'
        ? ([{ archivedAt: now }, 'current', 'archived'] as const)
        : ([{ archivedAt: null }, 'archived', 'current'] as const);
  records.update(tx.db, row.id, { ...values, updatedAt: now });
  records.appendEvent(tx.db, { certificateId: row.id, at: now, facet: 'lifecycle', from, to, detail: {} });
  return null;
}

/** Acts over many certificates, newest first. */
export function bulkActs(ctx: Context, filter: { before?: string; limit?: number } = {}) {
  demand(ctx.actor, 'imports.view');
  const limit = filter.limit ?? 25;
  const rows = store.page(ctx.db, filter.before, limit + 1);
  const shown = rows.slice(0, limit).map((act) => ({ ...act, ...store.outcomes(ctx.db, act.id) }));
  return { rows: shown, total: store.count(ctx.db), next: rows.length > limit ? shown.at(-1)!.id : null };
}

/** One act with what it did so far and a page of its certificates. @throws AppError not_found */
export function bulk(ctx: Context, id: string, show: store.Shown & { after?: number; limit?: number } = {}) {
  demand(ctx.actor, 'imports.view');
  const act = store.byId(ctx.db, id);
  if (!act) throw notFound('Tindakan massal ini tidak ada.');
  const { after = 0, limit = 100, ...shown } = show;
  const rows = store.items(ctx.db, id, shown, after, limit + 1);
  return {
    ...act,
    agency: act.input.agencyId ? agencies.byId(ctx, act.input.agencyId) : null,
    ...store.outcomes(ctx.db, id),
    /** How many of what it archived are still there. */
    reversible: act.kind === 'archive' ? store.stillArchived(ctx.db, id) : 0,
    matching: store.countItems(ctx.db, id, shown),
    items: rows.slice(0, limit),
    next: rows.length > limit ? rows[limit - 1]!.seq : null,
  };
}

/** The files of a selection as one ZIP of PEM, written while it is sent. @throws AppError invalid when none has a file */
export function downloadAll(ctx: Context, selection: Selection): ExportStream {
  demand(ctx.actor, 'certificates.export');
  const ids = store.withFile(ctx.db, idsOf(ctx, selection));
  if (!ids.length) throw invalid('Dari yang dipilih tidak satu pun sudah ada berkasnya; yang diketahui baru datanya.');
  transact(ctx, (tx) =>
    audit.record(tx, {
      action: 'certificates.downloaded',
      targets: [],
      details: { count: ids.length, hash: store.hashOf(ids) },
    }),
  );
  const stream = zipStream(files(ctx, ids));
  return { name: `sertifikat-${wibDate(ctx.now())}.zip`, mediaType: 'application/zip', stream };
}

function* files(ctx: Context, ids: readonly string[]) {
  for (let i = 0; i < ids.length; i += CHUNK) {
    yield store.ders(ctx.db, ids.slice(i, i + CHUNK)).map(({ name, serial, fingerprint, der }) => ({
      name: fileName(name, serial ?? fingerprint),
      bytes: pemOf(der),
    }));
  }
}

/** Names come from certificates: only letters, digits, point and hyphen reach the archive. */
const fileName = (name: string, key: string): string =>
  `${name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9.-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(0, 60)}-${key.slice(0, 40)}.pem`;
