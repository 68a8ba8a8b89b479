// An import of files with certificates: opened, CA certificates first, then every entry with its one outcome.
import { createHash } from 'node:crypto';
import { openContainer, type ContainerEntry } from '../containers/index.ts';
import { transact, type Context } from '../context.ts';
import { CertificateError, DerError, readCertificate } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { inChunks, keepUpload, settle, start, type Upload } from './import-steps.ts';
import * as ledger from './import-store.ts';
import { leafWriter } from './leaf.ts';
import { keepAuthority, refreshChains } from './trust.ts';

type Item = { entry: ContainerEntry; upload: Upload; views: CertificateView[]; unread: string | null };

export async function performFiles(ctx: Context, run: ledger.RunRow, uploads: readonly Upload[]): Promise<void> {
  const items: Item[] = [];
  for (const upload of uploads) {
    for (const entry of await opened(upload)) items.push({ entry, upload, ...viewsOf(entry) });
  }
  const done = ledger.entryCount(ctx.db, run.id);
  start(ctx, run, items.length, null);
  keepUnreadable(ctx, run, uploads, items);
  const fresh = keepAuthorities(ctx, run, items);
  const newAuthorities = fresh.size > 0;
  const writer = leafWriter(ctx, run);
  await inChunks(ctx, run, done, items.length, (tx, from, to) =>
    items.slice(from, to).map((item, i) => ledgerEntry(tx, item, from + i + 1, writer, fresh)),
  );
  // A new CA certificate may complete chains that were known before.
  if (newAuthorities) refreshChains(ctx, ['incomplete', 'untrusted']);
  settle(ctx);
}

/** A file always gives at least one entry, so that the ledger names it. */
export async function opened(upload: Upload): Promise<ContainerEntry[]> {
  const entries = await openContainer(upload);
  return entries.length ? entries : [{ name: upload.name, kind: 'nothing', sha256: sha256(upload.bytes) }];
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function viewsOf(entry: ContainerEntry): Pick<Item, 'views' | 'unread'> {
  if (entry.kind !== 'certificate') return { views: [], unread: null };
  const views: CertificateView[] = [];
  let unread: string | null = null;
  for (const der of entry.ders ?? []) {
    try {
      views.push(readCertificate(der));
    } catch (error) {
      if (!(error instanceof CertificateError) && !(error instanceof DerError)) throw error;
      unread = error.message;
    }
  }
  return { views, unread };
}

/** What cannot be read is kept with its hash, so that somebody can look; never a file that held a private key. */
function keepUnreadable(ctx: Context, run: ledger.RunRow, uploads: readonly Upload[], items: readonly Item[]): void {
  if (ledger.filesOf(ctx.db, run.id).length) return;
  uploads.forEach((upload, i) => {
    const mine = items.filter((item) => item.upload === upload);
    const odd = mine.some((item) => item.entry.kind === 'unreadable' || item.unread);
    if (odd && !mine.some((item) => item.entry.kind === 'private_key')) keepUpload(ctx, run.id, i + 1, upload);
  });
}

/** CA certificates first, so that every leaf of the same import finds its issuer. @returns fingerprints that are new */
function keepAuthorities(ctx: Context, run: ledger.RunRow, items: readonly Item[]): Set<string> {
  const views = items.flatMap((item) => item.views.filter((view) => view.ca).map((view) => ({ view, item })));
  const fresh = new Set<string>();
  if (views.length === 0) return fresh;
  transact(ctx, (tx) => {
    for (const { view, item } of views) {
      const kept = keepAuthority(tx, view, `${run.number}, ${item.entry.name}`);
      if (kept.fresh) fresh.add(view.fingerprint);
    }
  });
  return fresh;
}

function ledgerEntry(
  tx: Context,
  item: Item,
  seq: number,
  writer: ReturnType<typeof leafWriter>,
  fresh: Set<string>,
): ledger.NewEntry {
  const { entry, views, unread } = item;
  const base = {
    seq,
    name: entry.name.slice(0, 300),
    sha256: entry.sha256,
    certificatesNew: 0,
    certificatesKnown: 0,
    certificateId: null,
  };
  if (entry.kind === 'private_key') {
    return {
      ...base,
      sha256: null,
      outcome: 'rejected',
      reason: 'Berkas ini berisi kunci privat dan ditolak; tidak ada yang disimpan.',
    };
  }
  if (entry.kind === 'nothing') return { ...base, outcome: 'no_certificate', reason: entry.reason ?? null };
  if (entry.kind === 'unreadable' || views.length === 0) {
    return { ...base, outcome: 'unreadable', reason: entry.reason ?? unread ?? 'Isinya tidak dapat dibaca.' };
  }
  const results = views.map((view) =>
    // A CA certificate counts as new once, in the first entry that held it.
    view.ca
      ? { outcome: fresh.delete(view.fingerprint) ? ('added' as const) : ('duplicate' as const), id: null }
      : writer.write(tx, view, entry.name),
  );
  const has = (outcome: string) => results.some((result) => result.outcome === outcome);
  const known = results.filter((result) => result.outcome === 'duplicate').length;
  return {
    ...base,
    outcome: has('added') ? 'added' : has('completed') ? 'completed' : 'duplicate',
    reason: unread,
    certificatesNew: results.length - known,
    certificatesKnown: known,
    certificateId: results.find((result) => result.id)?.id ?? null,
  };
}
