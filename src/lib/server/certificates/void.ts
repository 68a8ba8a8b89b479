// "Batalkan impor ini": takes back what an import made, when nothing was built on it. Nothing is deleted: its records
// are archived, what it changed gets its former value again, and a later import of the same brings a record back. Who
// made an import may take it back as well as those who keep the inventory: it undoes no work but theirs, because an
// import on which somebody built anything stands.
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, forbidden, notFound } from '../errors.ts';
import { can, demand } from '../permission.ts';
import * as counting from './counting.ts';
import { refreshEstate } from './estate.ts';
import * as people from './holder-store.ts';
import * as ledger from './import-store.ts';
import { reasonInput, type ReasonInput } from './input.ts';
import * as portal from './portal-store.ts';
import type { Change } from './sheet.ts';
import * as store from './store.ts';
import { refreshSuccessors } from './successors.ts';
import * as voids from './void-store.ts';

/** More records than this, and looking again at the rules over several of them is left to jobs. */
const FEW = 5000;

/** One reason why an import stands: how many of what, and the first of them. */
export type Use = { what: string; count: number; which?: voids.Which[] };
/** What rooms above built on an import; required, so that no caller forgets them. */
export type UsesOf = (ctx: Context, importId: string) => Use[];

export type VoidPreview = {
  certificates: number;
  holders: number;
  changes: number;
  released: number;
  /** CA certificates that it brought: they stay, because what is trusted is decided for itself. */
  authorities: number;
  uses: Use[];
};

/** Whether the actor may take this import back: who keeps the inventory, or who made it. */
export const mayVoid = (ctx: Context, run: Pick<ledger.RunRow, 'requestedBy'>): boolean =>
  can(ctx.actor, 'certificates.edit') ||
  (can(ctx.actor, 'certificates.import') && run.requestedBy === audit.actorKey(ctx.actor));

/** What voiding would undo, and what stands in its way. */
export function voidPreview(ctx: Context, id: string, usesOf: UsesOf): VoidPreview {
  demand(ctx.actor, 'certificates.import');
  const { number } = voidable(ctx, id);
  const entries = voids.changedEntries(ctx.db, id);
  return {
    certificates: voids.certificateIds(ctx.db, id).length,
    holders: voids.holderIds(ctx.db, id).length,
    changes: entries.reduce((sum, entry) => sum + entry.changes.length, 0),
    released: voids.orphaned(ctx.db, id).filter((row) => row.archivedAt === null).length,
    authorities: voids.authorities(ctx.db, number),
    uses: [...ownUses(ctx, id, entries), ...usesOf(ctx, id)].filter((use) => use.count > 0),
  };
}

function voidable(ctx: Context, id: string): ledger.RunRow {
  const run = ledger.run(ctx.db, id);
  if (!run) throw notFound('Impor ini tidak ada.');
  if (mayVoid(ctx, run)) return run;
  throw forbidden('Impor ini dibuat orang lain. Yang dapat membatalkannya: pembuatnya, Pengawas, atau Verifikator.');
}

function ownUses(ctx: Context, id: string, entries: readonly voids.ChangedEntry[]): Use[] {
  const found = voids.builtOn(ctx.db, id);
  const which = voids.standing(ctx.db, id);
  const moved = entries.filter((entry) => !isUnchanged(ctx, entry)).length;
  return [
    { what: 'sertifikat dari daftar ini sudah dilengkapi berkasnya', count: found.files },
    { what: 'catatan yang sudah ada dilengkapi oleh impor ini', count: found.completed },
    { what: 'sertifikat terkait insiden atau permintaan pencabutan', count: found.marks },
    { what: 'sertifikat yang pemiliknya ditetapkan sesudahnya', count: found.owners, which: which.owners },
    {
      what: 'sertifikat yang dipindahkan ke Perangkat Daerah lain sesudahnya',
      count: found.moved,
      which: which.moved,
    },
    { what: 'baris yang diubah impor sesudahnya', count: found.later },
    { what: 'pemilik yang sudah digabungkan', count: found.merges },
    { what: 'keputusan pembaruan', count: found.renewals },
    { what: 'sertifikat atau pemilik yang sudah dikerjakan petugas', count: found.acts, which: which.acts },
    { what: 'nilai yang diubah lagi sesudahnya', count: moved },
  ];
}

const columns = {
  name: 'commonName',
  serial: 'serial',
  issuer: 'issuer',
  use: 'use',
  from: 'notBefore',
  until: 'notAfter',
} as const;
type CertificateColumn = keyof typeof columns;
const isCertificateColumn = (field: string): field is CertificateColumn => field in columns;

/** Whether everything an entry changed still stands as the import left it. */
function isUnchanged(ctx: Context, { certificateId, holderId, changes }: voids.ChangedEntry): boolean {
  const certificate = certificateId ? store.byId(ctx.db, certificateId) : undefined;
  const holder = holderId ? people.byId(ctx.db, holderId) : undefined;
  const position = holderId ? people.lastPosition(ctx.db, holderId) : undefined;
  const now = ({ field }: Change): string => {
    if (certificate) {
      const value =
        field === 'portal'
          ? portal.last(ctx.db, certificate.id)?.word
          : field === 'holder'
            ? certificate.holderId
            : field === 'agency'
              ? certificate.agencyId
              : isCertificateColumn(field)
                ? certificate[columns[field]]
                : null;
      return String(value ?? '');
    }
    if (field === 'agency') return position?.agencyId ?? '';
    if (field === 'position') return position?.title ?? '';
    const facts: Record<string, unknown> = { ...holder, since: holder?.statusSince };
    return String(facts[field] ?? '');
  };
  return changes.every((change) => now(change) === change.to);
}

/** @throws AppError conflict naming what was built on the import */
export function voidImport(ctx: Context, id: string, input: ReasonInput, usesOf: UsesOf): VoidPreview {
  demand(ctx.actor, 'certificates.import');
  const { why } = accept(reasonInput, input, 'Impor belum dibatalkan; tulis alasannya.');
  return transact(ctx, (tx) => {
    const run = voidable(tx, id);
    if (run.state !== 'done') throw conflict('Hanya impor yang sudah selesai yang dapat dibatalkan.');
    const seen = voidPreview(tx, id, usesOf);
    if (seen.uses.length) {
      const list = seen.uses.map((use) => `${use.count} ${use.what}`).join('; ');
      throw conflict(`Impor ini tidak dapat dibatalkan karena sudah dipakai: ${list}.`);
    }
    undo(tx, run);
    counting.forget(tx.db);
    ledger.setRun(tx.db, id, { state: 'voided' });
    audit.record(tx, {
      action: 'import.voided',
      targets: [['import', id]],
      details: { number: run.number, certificates: seen.certificates, holders: seen.holders, changes: seen.changes },
      reason: why,
    });
    return seen;
  });
}

function undo(tx: Context, run: { id: string; number: string }): void {
  const now = tx.now();
  const act = { why: `Impor ${run.number} dibatalkan`, by: audit.actorKey(tx.actor), now, from: now, importId: run.id };
  for (const row of voids.orphaned(tx.db, run.id)) {
    store.setOwner(tx.db, row.id, { holderId: null, agencyId: row.agencyId }, act);
  }
  const certificateIds = voids.certificateIds(tx.db, run.id);
  const holderIds = voids.holderIds(tx.db, run.id);
  const changed = voids.changedEntries(tx.db, run.id);
  for (const certificateId of certificateIds) noteArchived(tx, certificateId);
  voids.archiveCertificates(tx.db, run.id, now);
  voids.archiveHolders(tx.db, run.id, { now, today: wibDate(now) });
  for (const entry of changed) putBack(tx, run, entry, act);
  portal.unsay(tx.db, run.id, now);
  refreshSuccessors(tx.db, null);
  const holders = [...holderIds, ...changed.flatMap((entry) => entry.holderId ?? [])];
  // Of a large import the jobs process looks at what remains (refreshRecords).
  if (certificateIds.length + holders.length <= FEW)
    refreshEstate(tx.db, now, { certificates: certificateIds, holders });
}

function noteArchived(tx: Context, certificateId: string): void {
  const now = tx.now();
  store.appendEvent(tx.db, {
    certificateId,
    at: now,
    facet: 'lifecycle',
    from: 'current',
    to: 'archived',
    detail: { why: 'import_voided' },
    evidenceId: null,
  });
}

type Act = Parameters<typeof store.setOwner>[3];

/** Former values again; a position that the import opened ends, and the one before it goes on. */
function putBack(tx: Context, run: { id: string }, entry: voids.ChangedEntry, act: Act): void {
  if (entry.certificateId) return putBackCertificate(tx, run.id, entry.certificateId, entry.changes, act);
  const holderId = entry.holderId!;
  const values: Record<string, string | null> = {};
  for (const { field, from } of entry.changes) {
    if (field === 'since') values.statusSince = from || null;
    else if (field === 'nip' || field === 'email') values[field] = from || null;
    else if (field !== 'agency' && field !== 'position') values[field] = from;
  }
  const wasActive = entry.changes.some((change) => change.field === 'status' && change.from === 'active');
  if (wasActive) values.statusSince = null;
  if (Object.keys(values).length) people.update(tx.db, holderId, values);
  const { opened, before } = voids.positionsOf(tx.db, run.id, holderId);
  const placed = entry.changes.some((change) => change.field === 'agency' || change.field === 'position');
  if (placed && opened) voids.endPosition(tx.db, opened.id, opened.from);
  if ((placed || wasActive) && before) voids.reopenPosition(tx.db, before.id);
  const agency = entry.changes.find((change) => change.field === 'agency');
  if (!agency) return;
  for (const row of store.byHolder(tx.db, holderId)) {
    if (row.agencyId !== agency.to || row.archivedAt !== null) continue;
    store.setOwner(tx.db, row.id, { holderId, agencyId: agency.from || null }, act);
  }
}

function putBackCertificate(tx: Context, importId: string, id: string, changes: readonly Change[], act: Act): void {
  const row = store.byId(tx.db, id)!;
  const values: Record<string, string | number | null> = {};
  const owner: store.Owner = { holderId: row.holderId, agencyId: row.agencyId };
  // Ledgers of 0.6.0 tell the new owner only: the agency that went along goes back where nobody moved it since.
  const moved = voids.agencyMove(tx.db, importId, id);
  if (moved && moved.wrote === row.agencyId) owner.agencyId = moved.before;
  for (const { field, from } of changes) {
    if (field === 'holder') owner.holderId = from || null;
    else if (field === 'agency') owner.agencyId = from || null;
    else if (field === 'from' || field === 'until') values[columns[field]] = from === '' ? null : Number(from);
    else if (field === 'serial') values.serial = from || null;
    else if (isCertificateColumn(field)) values[columns[field]] = from;
  }
  if (Object.keys(values).length) store.update(tx.db, id, { ...values, updatedAt: tx.now() });
  const owned = changes.some(({ field }) => field === 'holder' || field === 'agency');
  if (owned) store.setOwner(tx.db, id, owner, act);
}
