// An import of files with certificates. A thread reads and judges them (import-reading.ts); here what it found is written
// in short transactions: every entry with its one outcome, its certificates counted apart. The ledger says how far a run
// has come, so one that was killed goes on exactly there.
import { createReadStream } from 'node:fs';
import { keyRefused } from '#lib/terms.ts';
import { LIMITS } from '../containers/index.ts';
import { transact, type Context } from '../context.ts';
import { withLargeCache } from '../db/bulk.ts';
import { letOthersWrite } from '../db/pace.ts';
import * as files from '../files/index.ts';
import { readCertificate } from '../x509/index.ts';
import { countsDue, refreshCounts } from './browsing.ts';
import { requestChains } from './chain-runs.ts';
import type { ImportedFile, Measure, Piece, ReadLeaf } from './import-reading.ts';
import { keepFile, settle, start } from './import-steps.ts';
import * as ledger from './import-store.ts';
import { reading, type Arrived } from './import-thread.ts';
import { leafWriter } from './leaf.ts';
import { lintKey } from './lint.ts';
import { officeRules } from './lint-store.ts';
import * as issuers from './authority-store.ts';
import { refreshSuccessors } from './successors.ts';
import { keepAuthority } from './trust.ts';

type Run = ledger.RunRow;

/** Of more units, records and their chains come first; the job `lint` looks at their content and at the estate then. */
const AT_ONCE = 20_000;
const LINT_LATER = 'Kiriman besar: catatan teknis dan aturan antar-sertifikat diperiksa sesudah semuanya masuk.';

export async function performFiles(ctx: Context, run: Run, imported: readonly ImportedFile[]): Promise<void> {
  const source = reading(imported);
  let lintLater = false;
  try {
    const units = await source.count();
    lintLater = units > AT_ONCE;
    start(ctx, run, units, lintLater ? LINT_LATER : null);
    const decisions = issuers.decisions(ctx.db);
    const measure = measureOf(ctx, lintLater);
    const writer = entryWriter(ctx, run, measure.office ? lintKey(measure.office) : '');
    const odd = new Set<number>();
    await withLargeCache(ctx.db, async () => {
      for await (const arrived of source.read(ledger.progress(ctx.db, run.id), measure)) {
        writeBatches(ctx, run, arrived, { writer, decisions, odd });
        // Pages need kept counts from the moment the estate is too large to be counted each time.
        if (countsDue(ctx)) refreshCounts(ctx);
        await letOthersWrite();
      }
    });
    await keepUnreadable(ctx, run, imported, odd);
    // A decision about an issuer while we read: what was judged before it is judged again.
    if (issuers.decisions(ctx.db) !== decisions) transact(ctx, (tx) => requestChains(tx, 'all'));
  } finally {
    source.end();
  }
  if (lintLater) transact(ctx, (tx) => refreshSuccessors(tx.db, null));
  else await settle(ctx, run);
}

function measureOf(ctx: Context, lintLater: boolean): Measure {
  const ring = issuers.known(ctx.db).map(({ id, view, trust, revokedAt }) => ({ id, der: view.der, trust, revokedAt }));
  return { ring, office: lintLater ? null : officeRules(ctx), now: ctx.now() };
}

const originOf = (run: Run, entryName: string): string => `${run.number}, ${entryName}`;

/** `odd`: files with something unreadable, to which these add. */
function writeBatches(
  ctx: Context,
  run: Run,
  arrived: readonly Arrived[],
  by: { writer: ReturnType<typeof entryWriter>; decisions: string; odd: Set<number> },
): void {
  transact(ctx, (tx) => {
    const outdated = issuers.decisions(tx.db) !== by.decisions;
    let done = 0;
    for (const unpack of arrived) {
      const { pieces, units } = unpack();
      by.writer.write(tx, outdated ? pieces.map(doubted) : pieces);
      for (const piece of pieces) if (piece.kind === 'unreadable') by.odd.add(piece.file);
      done = units;
    }
    ledger.setRun(tx.db, run.id, { done });
  });
}

/** Judged before a decision about an issuer: nothing enters as anchored; it is judged again at the end. */
const doubted = (piece: Piece): Piece => ({
  ...piece,
  certificates: piece.certificates.map((leaf) =>
    leaf.verdict.chain === 'anchored' ? { ...leaf, verdict: { ...leaf.verdict, chain: 'untrusted' } } : leaf,
  ),
});

type Result = { outcome: 'added' | 'completed' | 'duplicate'; id: string | null };

function entryWriter(ctx: Context, run: Run, lintedWith: string) {
  const leaves = leafWriter(ctx, run, lintedWith);
  const counted = new Set<string>();
  let seq = ledger.entryCount(ctx.db, run.id);

  /**
   * A CA certificate is kept for a decision, never as a record; it counts as new once, in the entry that brought it.
   * Chains that it completes, of this import or older, are judged anew by `settle`.
   */
  const authority = (tx: Context, { der, facts }: ReadLeaf, entryName: string): Result => {
    const origin = originOf(run, entryName);
    const known = issuers.byFingerprint(tx.db, facts.fingerprint);
    if (!known) keepAuthority(tx, readCertificate(der), origin);
    const first = !known || (known.origin === origin && !counted.has(facts.fingerprint));
    counted.add(facts.fingerprint);
    return { outcome: first ? 'added' : 'duplicate', id: null };
  };

  const summed = (results: readonly Result[]) => {
    const has = (outcome: Result['outcome']) => results.some((result) => result.outcome === outcome);
    const known = results.filter((result) => result.outcome === 'duplicate').length;
    return {
      outcome: has('added') ? ('added' as const) : has('completed') ? ('completed' as const) : ('duplicate' as const),
      certificatesNew: results.length - known,
      certificatesKnown: known,
      certificateId: results.find((result) => result.id)?.id ?? null,
    };
  };

  return {
    write: (tx: Context, pieces: readonly Piece[]): void => {
      const batch = leaves(
        tx,
        pieces.flatMap((piece) => piece.certificates.filter((leaf) => !leaf.authority)),
      );
      const begun: ledger.NewEntry[] = [];
      const continued: { seq: number; sum: ReturnType<typeof summed> }[] = [];
      for (const piece of pieces) {
        const results = piece.certificates.map((leaf) =>
          leaf.authority ? authority(tx, leaf, piece.name) : batch.write(leaf, piece.name),
        );
        const sum = summed(results);
        if (piece.begins) begun.push({ seq: ++seq, ...labelled(piece), ...(results.length ? sum : {}) });
        else continued.push({ seq, sum });
      }
      batch.end();
      ledger.insertEntries(tx.db, run.id, begun, tx.now());
      for (const { seq, sum } of continued) ledger.addToEntry(tx.db, run.id, seq, sum);
    },
  };
}

/** An entry's row before its certificates are counted. */
function labelled({ unit, name, kind, sha256, reason }: Piece): Omit<ledger.NewEntry, 'seq'> {
  const none = { certificatesNew: 0, certificatesKnown: 0, certificateId: null };
  const base = { unit, name, reason, sha256: sha256 || null, ...none };
  if (kind === 'private_key') return { ...base, sha256: null, outcome: 'rejected', reason: keyRefused.file };
  if (kind === 'nothing') return { ...base, outcome: 'no_certificate' };
  // What an archive would not hand out was never held: it has no fingerprint by which one could find it again.
  if (kind === 'unreadable' && !sha256) return { ...base, outcome: 'rejected' };
  return {
    ...base,
    outcome: 'unreadable',
    reason: reason ?? (kind === 'certificate' ? null : 'Isinya tidak dapat dibaca.'),
  };
}

/** What cannot be read is kept with its hash, so that somebody can look; what jobs import lies in the store already. */
async function keepUnreadable(
  ctx: Context,
  run: Run,
  imported: readonly ImportedFile[],
  odd: ReadonlySet<number>,
): Promise<void> {
  if (ledger.filesOf(ctx.db, run.id).length) return;
  for (const index of odd) {
    const file = imported[index]!;
    const stored =
      'path' in file
        ? await files.putStream(ctx, createReadStream(file.path), LIMITS.archiveBytes)
        : files.put(ctx, file.bytes);
    transact(ctx, (tx) => keepFile(tx, run.id, index + 1, { ...stored, name: file.name }));
  }
}
