// What the jobs process does for reports: prints requested drafts, prints approved bytes, keeps the brief ready.
// Each step is a row's state, so a killed process leaves work that the next one takes up; printing twice is harmless.
import { boundReport } from '#reports/annual-report.ts';
import { briefSteps } from '#reports/brief.ts';
import type { ReportData, ReportKind } from '#reports/report-data.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { HOUR, wibDate, wibYear } from '../calendar.ts';
import { attempt, GIVEN_UP, transact, type Context } from '../context.ts';
import * as documents from '../documents/index.ts';
import { AppError, unavailable } from '../errors.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { briefOf } from './brief.ts';
import { canonical, sha256 } from './canonical.ts';
import { dutiesOf } from './duties.ts';
import { readFacts, type Facts } from './facts.ts';
import { definitionOf, figuresOf } from './figures.ts';
import { figureText } from './narrative.ts';
import { proposedNarrative, reportData, type Letterbox } from './print.ts';
import { differencesOf, freeze, load } from './snapshots.ts';
import * as store from './store.ts';

const letterbox = (ctx: Context): Letterbox => ({
  office: settings.get(ctx, 'office'),
  signatory: settings.get(ctx, 'signatory'),
  document: settings.get(ctx, 'document'),
});

const PARTY: Partial<Record<ReportKind, 'mayor' | 'governor' | 'bssn' | 'bsre'>> = {
  'annual-mayor': 'mayor',
  'annual-governor': 'governor',
  'annual-bssn': 'bssn',
  'annual-bsre': 'bsre',
  utilisation: 'bsre',
};
export const partyOf = (kind: ReportKind) => PARTY[kind] ?? null;

/** Whom a kind is addressed to: from the address book, or the office's usual words when it is not filled yet. */
export function recipientOf(ctx: Context, kind: ReportKind): ReportData['recipient'] {
  const party = partyOf(kind);
  if (!party) return null;
  const { office, document } = letterbox(ctx);
  const known = agencies.contacts.current(ctx, party);
  if (known) return { addressee: known.addressee, address: known.address };
  const usual = {
    mayor: { addressee: `${document.mayorWord} ${office.city}`, address: '' },
    governor: { addressee: `Gubernur ${office.province}`, address: '' },
    bssn: { addressee: 'Kepala Badan Siber dan Sandi Negara', address: 'di Jakarta' },
    bsre: { addressee: `Kepala ${document.bsreName}`, address: 'di Jakarta' },
  };
  return usual[party];
}

/** Everything the definition of a report row prints. */
function dataOf(
  ctx: Context,
  row: store.Report,
  at: { date: number; approved: ReportData['approved']; differences: number | null },
): ReportData {
  const { snapshot, facts, figures } = load(ctx, row.snapshotId);
  const old = row.supersedesId ? store.reportById(ctx.db, row.supersedesId) : undefined;
  const before = old?.snapshotId ? store.figuresOf(ctx.db, old.snapshotId) : [];
  return reportData({
    kind: row.kind,
    number: row.number,
    version: row.version,
    facts,
    figures,
    narrative: row.narrative,
    box: letterbox(ctx),
    recipient: recipientOf(ctx, row.kind),
    letterNumber: row.letterNumber,
    snapshotNumber: snapshot.number,
    trail: { size: snapshot.asOfSize, root: snapshot.asOfRoot },
    erratum: old
      ? {
          of: `${old.number.replace(/-v\d+$/, '')} versi ${old.version}`,
          reason: row.reason,
          changes: figures.flatMap((f) => {
            const was = before.find((b) => b.code === f.code);
            const [from, to] = [was ? figureText(was) : '—', figureText(f)];
            return from === to
              ? []
              : [{ code: f.code, words: definitionOf(f.code)?.words ?? '', before: from, after: to }];
          }),
        }
      : null,
    duties: dutiesOf(facts, store.standings(ctx.db), settings.get(ctx, 'deadlines')),
    ...at,
  });
}

/** Takes up every requested draft and every approved report. @returns how many were printed */
export async function buildRequested(ctx: Context): Promise<number> {
  let built = 0;
  for (const row of store.waiting(ctx.db, ctx.now())) {
    try {
      built += await attempt(ctx)(
        { row: `report:${row.id}`, place: row.progress },
        async (own) => (await (row.state === 'sealing' ? seal(own, row) : draft(own, row)), 1),
        () => (fail(ctx, row, unavailable(GIVEN_UP)), 0),
      );
    } catch (error) {
      fail(ctx, row, error);
    }
  }
  return built;
}

/** 30 seconds, doubled with each failure, at most an hour. */
const pause = (attempts: number): number => Math.min(HOUR, 30_000 * 2 ** Math.min(attempts, 10));

function fail(ctx: Context, row: store.Report, error: unknown): void {
  const message = error instanceof AppError ? error.message : 'Laporan gagal disusun; beri tahu administrator.';
  if (!(error instanceof AppError))
    process.stderr.write(`report ${row.number}: ${(error as Error).stack ?? String(error)}\n`);
  // An approved report stays approved work: sealing is tried again, less and less often, and people are told.
  const again = { attempts: row.attempts + 1, retryAt: ctx.now() + pause(row.attempts), message };
  transact(ctx, (tx) =>
    store.updateReport(tx.db, row.id, row.state === 'sealing' ? again : { state: 'failed', message }),
  );
}

async function draft(ctx: Context, row: store.Report): Promise<void> {
  if (row.snapshotId === null) {
    const snapshot = freeze(ctx, row.period);
    transact(ctx, (tx) => store.updateReport(tx.db, row.id, { snapshotId: snapshot.id, progress: 1 }));
    row = store.reportById(ctx.db, row.id)!;
  }
  if (Object.keys(row.narrative).length === 0) {
    const { facts, figures } = load(ctx, row.snapshotId);
    const narrative = proposedNarrative(row.kind, facts, figures, letterbox(ctx));
    transact(ctx, (tx) => store.updateReport(tx.db, row.id, { narrative, progress: 2 }));
    row = store.reportById(ctx.db, row.id)!;
  }
  const { snapshot } = load(ctx, row.snapshotId);
  const differences = differencesOf(ctx, snapshot).length;
  const data = dataOf(ctx, row, { date: ctx.now(), approved: null, differences });
  const bytes = await documents.render(boundReport(data));
  const stored = files.put(ctx, bytes);
  transact(ctx, (tx) => {
    const now = store.reportById(tx.db, row.id)!;
    // Somebody edited it meanwhile: this printing is of yesterday's text, the next run prints the new one.
    if (
      now.state !== 'requested' ||
      canonical(now.narrative) !== canonical(row.narrative) ||
      now.letterNumber !== row.letterNumber
    )
      return;
    files.register(tx, stored, 'application/pdf');
    store.updateReport(tx.db, row.id, {
      state: 'draft',
      progress: 3,
      message: null,
      contentHash: data.contentHash,
      draftSha256: stored.sha256,
      builtAt: tx.now(),
      recomputedAt: tx.now(),
      differences,
    });
    audit.record(tx, {
      action: 'report.built',
      targets: [['report', row.id]],
      details: { number: row.number, version: row.version, hash: data.contentHash, differences },
    });
  });
}

/** Prints the approved bytes, which never change again. */
async function seal(ctx: Context, row: store.Report): Promise<void> {
  const data = dataOf(ctx, row, {
    date: row.approvedAt!,
    approved: { by: row.approvedBy!, at: row.approvedAt! },
    differences: row.differences,
  });
  if (data.contentHash !== row.contentHash) return unseal(ctx, row);
  const bytes = await documents.render(boundReport(data));
  const stored = files.put(ctx, bytes);
  transact(ctx, (tx) => {
    if (store.reportById(tx.db, row.id)?.state !== 'sealing') return;
    files.register(tx, stored, 'application/pdf');
    store.updateReport(tx.db, row.id, {
      state: 'approved',
      pdfSha256: stored.sha256,
      message: null,
      attempts: 0,
      retryAt: null,
    });
    audit.record(tx, {
      action: 'report.sealed',
      targets: [['report', row.id]],
      details: { number: row.number, version: row.version, sha256: stored.sha256 },
    });
  });
}

/** What would be printed is not what was approved (an address or a name changed meanwhile): back to the draft. */
function unseal(ctx: Context, row: store.Report): void {
  transact(ctx, (tx) => {
    store.updateReport(tx.db, row.id, {
      state: 'requested',
      approvedBy: null,
      approvedAt: null,
      attempts: 0,
      retryAt: null,
      message: 'Alamat penerima atau isi berubah setelah disetujui; periksa dan setujui kembali.',
    });
    audit.record(tx, { action: 'report.unsealed', targets: [['report', row.id]], details: { number: row.number } });
  });
}

// --- the brief ---

export type BriefFile = { bytes: Buffer; name: string; fresh: boolean };

/** Rows without the instants of reading them: equal rows on one day give one brief. */
function rowsHashOf(facts: Facts): string {
  return sha256(canonical({ ...facts, stateAt: 0, takenAt: 0, day: wibDate(facts.stateAt) }));
}

export const briefFacts = (ctx: Context): Facts => readFacts(ctx, String(wibYear(ctx.now())));

/** The brief of today: the printed one when its rows are still those of now, else a new one. */
export async function briefFile(ctx: Context): Promise<BriefFile> {
  const facts = briefFacts(ctx);
  const rowsHash = briefKey(ctx, facts);
  const name = `ringkasan-pimpinan-${wibDate(facts.stateAt)}.pdf`;
  const prepared = store.readPrepared(ctx.db);
  if (prepared?.rowsHash === rowsHash) {
    try {
      return { bytes: files.read(ctx, prepared.sha256), name, fresh: false };
    } catch {
      // The stored printing was lost or damaged: print it again.
    }
  }
  const bytes = await documents.renderOnePage(briefSteps(briefData(ctx, facts)));
  const stored = files.put(ctx, bytes);
  transact(ctx, (tx) => {
    files.register(tx, stored, 'application/pdf');
    store.writePrepared(tx.db, {
      rowsHash,
      day: wibDate(facts.stateAt),
      stateAt: facts.stateAt,
      sha256: stored.sha256,
    });
  });
  return { bytes, name, fresh: true };
}

/** Counted up when the page looks or says something else for the same rows, so that a stored printing is not shown. */
const BRIEF_EDITION = 4;

/** What a printed brief rests on: the rows, the office's identity and paper, the standing of the reports, the deadlines. */
const briefKey = (ctx: Context, facts: Facts): string =>
  sha256(
    canonical({
      edition: BRIEF_EDITION,
      rows: rowsHashOf(facts),
      box: letterbox(ctx),
      standings: store.standings(ctx.db),
      deadlines: settings.get(ctx, 'deadlines'),
    }),
  );

function briefData(ctx: Context, facts: Facts) {
  const box = letterbox(ctx);
  const head = audit.head(ctx);
  const data = reportData({
    kind: 'brief',
    number: 'Ringkasan',
    version: 1,
    facts,
    figures: figuresOf(facts),
    narrative: {},
    box,
    recipient: null,
    letterNumber: '',
    date: facts.stateAt,
    snapshotNumber: '',
    trail: head,
    erratum: null,
    approved: null,
    differences: null,
    duties: dutiesOf(facts, store.standings(ctx.db), settings.get(ctx, 'deadlines')),
  });
  return briefOf(facts, data, `${box.document.mayorWord} ${box.office.city}`);
}
