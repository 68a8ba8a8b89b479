// Queries over imports: the run, its files, its ledger.
import { createHash } from 'node:crypto';
import { and, asc, count, eq, gt, inArray, lte, not, or, sql } from 'drizzle-orm';
import { HOUR } from '../calendar.ts';
import { insertRows, prepared } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { keyRefused, type ImportResult } from '#lib/terms.ts';
import { isTaken } from './contested.ts';
import type { Progress } from './import-reading.ts';
import { importEntry, importFile, importRun } from './schema-import.ts';
import { certificate } from './schema.ts';
import type { Change } from './sheet.ts';

export type RunRow = typeof importRun.$inferSelect;
export type EntryRow = typeof importEntry.$inferSelect;
export type Outcome = EntryRow['outcome'];
/** What the ledger shows of a run, or of a list's row. */
export type Result = Exclude<ImportResult, 'absent'>;
export type NewEntry = {
  seq: number;
  /** Of an import of files; -1: refused before it was read. */
  unit?: number;
  name: string;
  outcome: Outcome;
  reason: string | null;
  sha256: string | null;
  certificatesNew: number;
  certificatesKnown: number;
  certificateId: string | null;
  holderId?: string | null;
  changes?: Change[] | null;
};

export function insertRun(db: Db, row: Omit<typeof importRun.$inferInsert, 'id'>): string {
  const id = newId(row.requestedAt);
  db.insert(importRun)
    .values({ id, ...row })
    .run();
  return id;
}

export const insertFiles = (db: Db, files: readonly Omit<typeof importFile.$inferInsert, 'id'>[], now: number): void =>
  insertRows(
    db,
    importFile,
    files.map((row) => ({ id: newId(now), ...row })),
  );

const HAS_FILES = sql`exists (select 1 from ${importFile} where ${importFile.importId} = ${importRun.id})`;

/** Runs of before this was written down had an hour. */
const HELD_UNTIL = sql<number>`coalesce(${importRun.heldUntil}, ${importRun.requestedAt} + ${HOUR})`;

/** Received, and still looked through for private keys: nothing of it is kept yet. */
export const isLookedThrough = (db: Db, { id, state }: RunRow): boolean =>
  state === 'requested' && !db.select({ id: importFile.id }).from(importFile).where(eq(importFile.importId, id)).get();

export const filesOf = (db: Db, importId: string) =>
  db.select().from(importFile).where(eq(importFile.importId, importId)).orderBy(importFile.seq).all();

/** @returns the addresses of what was sent */
export const forgetFiles = (db: Db, importId: string): string[] =>
  db
    .delete(importFile)
    .where(eq(importFile.importId, importId))
    .returning({ sha256: importFile.sha256 })
    .all()
    .map((row) => row.sha256);

export const run = (db: Db, id: string): RunRow | undefined =>
  db.select().from(importRun).where(eq(importRun.id, id)).get();

/** A run that was asked for while the clock ran ahead ends when it began. */
export function setRun(db: Db, id: string, { finishedAt, ...values }: Partial<RunRow>): void {
  const ends = finishedAt ? { finishedAt: sql`max(${finishedAt}, ${importRun.requestedAt})` } : {};
  db.update(importRun)
    .set({ ...values, ...ends })
    .where(eq(importRun.id, id))
    .run();
}

/**
 * Nobody holds it: the process that did was silent since, or said so while the clock ran ahead; no living process says
 * more than minutes ahead.
 */
const isSilent = (now: number) => or(lte(HELD_UNTIL, now), gt(HELD_UNTIL, now + HOUR));

/** The oldest run that waits or was cut off, has its files, and is not under way in another process. */
export const nextRun = (db: Db, now: number): RunRow | undefined =>
  db
    .select()
    .from(importRun)
    .where(and(HAS_FILES, or(eq(importRun.state, 'requested'), and(eq(importRun.state, 'running'), isSilent(now)))))
    .orderBy(importRun.requestedAt, importRun.id)
    .limit(1)
    .get();

/** Whether a run ended after this instant. */
export const endedSince = (db: Db, instant: number): boolean =>
  prepared(db, 'select 1 from import_run where finished_at > ? limit 1').get(instant) !== undefined;

/** A sign of life of the process in whose hands a run is; one that was let go is not taken back. */
export const hold = (db: Db, id: string, until: number): void =>
  void prepared(db, 'update import_run set held_until = ? where id = ? and held_until > requested_at').run(until, id);

/** Whether nobody else took it over, as `letGo` says. */
export const isHeld = (db: Db, id: string): boolean =>
  prepared(db, 'select 1 from import_run where id = ? and held_until > requested_at').get(id) !== undefined;

/** Jobs may take it from here. */
export const letGo = (db: Db, id: string): void =>
  void prepared(db, 'update import_run set held_until = requested_at where id = ?').run(id);

/** Runs that ran straight from memory, or were still looked through, and whose process was silent since. */
export const lost = (db: Db, now: number): RunRow[] =>
  db
    .select()
    .from(importRun)
    .where(and(inArray(importRun.state, ['requested', 'running']), isSilent(now), not(HAS_FILES)))
    .all();

/** Runs that wait for a person to accept or drop them. */
export const waitingForPeople = (db: Db): RunRow[] =>
  db.select().from(importRun).where(eq(importRun.state, 'preview')).orderBy(importRun.id).all();

/** Certificates that earlier lists with the same headings brought in. */
export const ofEarlierLists = (db: Db, list: { id: string; layout: string }) =>
  connection(db)
    .prepare(
      `select c.id, c.common_name as commonName, c.serial from import_sheet s
         join import_run r on r.id = s.import_id join certificate c on c.import_id = r.id
        where s.layout = ? and r.id <> ? and r.state = 'done' and c.archived_at is null order by c.name_key, c.id`,
    )
    .all(list.layout, list.id) as { id: string; commonName: string; serial: string | null }[];

export const insertEntries = (db: Db, importId: string, entries: readonly NewEntry[], now: number): void =>
  insertRows(
    db,
    importEntry,
    entries.map(({ holderId = null, changes, unit = 0, ...entry }) => ({
      id: newId(now),
      importId,
      unit,
      seq: entry.seq,
      name: entry.name,
      outcome: entry.outcome,
      reason: entry.reason,
      sha256: entry.sha256,
      certificatesNew: entry.certificatesNew,
      certificatesKnown: entry.certificatesKnown,
      certificateId: entry.certificateId,
      holderId,
      changes: changes?.length ? changes : null,
    })),
  );

/** Counts further certificates of an entry that began before: an entry with any new certificate is `added`. */
export function addToEntry(
  db: Db,
  importId: string,
  seq: number,
  sum: Pick<NewEntry, 'outcome' | 'certificatesNew' | 'certificatesKnown' | 'certificateId'>,
): void {
  prepared(
    db,
    `update import_entry set certificates_new = certificates_new + @new, certificates_known = certificates_known + @known,
       certificate_id = coalesce(certificate_id, @id),
       outcome = case when 'added' in (outcome, @outcome) then 'added'
                      when 'completed' in (outcome, @outcome) then 'completed' else @outcome end
      where import_id = @importId and seq = @seq`,
  ).run({
    importId,
    seq,
    new: sum.certificatesNew,
    known: sum.certificatesKnown,
    id: sum.certificateId,
    outcome: sum.outcome,
  });
}

/** How far a run of files has come, from its own rows: exact, because they are written with what they tell of. */
export function progress(db: Db, importId: string): Progress {
  const unit = run(db, importId)?.done ?? 0;
  const last = connection(db)
    .prepare(
      `select certificates_new + certificates_known as n from import_entry where import_id = ? and unit = ? order by seq desc`,
    )
    .pluck()
    .all(importId, unit) as number[];
  return { unit, entries: last.length, certificates: last[0] ?? 0 };
}

/** Files that were refused for a private key: by the sentence the ledger keeps; behind it may stand where it lies. */
export const refusedKeys = (db: Db, importId: string): number =>
  prepared(
    db,
    `select count(*) from import_entry where import_id = :importId and outcome = 'rejected'
       and (instr(reason, :file) = 1 or instr(reason, :store) = 1)`,
  )
    .pluck()
    .get({ importId, file: keyRefused.file, store: keyRefused.store }) as number;

export const entryCount = (db: Db, importId: string): number =>
  db.select({ n: count() }).from(importEntry).where(eq(importEntry.importId, importId)).get()?.n ?? 0;

export type Totals = Record<Outcome, number> & { certificatesNew: number; certificatesKnown: number };

export function totals(db: Db, importId: string): Totals {
  const rows = db
    .select({
      outcome: importEntry.outcome,
      n: count(),
      fresh: sql<number>`sum(${importEntry.certificatesNew})`,
      known: sql<number>`sum(${importEntry.certificatesKnown})`,
    })
    .from(importEntry)
    .where(eq(importEntry.importId, importId))
    .groupBy(importEntry.outcome)
    .all();
  const result: Totals = {
    added: 0,
    completed: 0,
    duplicate: 0,
    no_certificate: 0,
    unreadable: 0,
    rejected: 0,
    certificatesNew: 0,
    certificatesKnown: 0,
  };
  for (const row of rows) {
    result[row.outcome] = row.n;
    result.certificatesNew += row.fresh;
    result.certificatesKnown += row.known;
  }
  return result;
}

/** A row that put something in the place of something else. */
const CHANGED = `exists (select 1 from json_each(import_entry.changes) where json_extract(value, '$.from') <> '')`;
/** A row of which somebody else's newer change was left as it is. */
export const CONTESTED = `(coalesce(instr(changes, '"conflict":'), 0) > 0 and exists (select 1 from json_each(import_entry.changes) where json_extract(value, '$.conflict.taken') = 0))`;
/** A row that entered, with something to know about it. */
const NOTED = `outcome in ('added', 'completed', 'duplicate') and reason is not null`;

/** What the ledger shows, in the words of the preview: of a list, what was completed and what was changed apart. */
export function results(db: Db, run: Pick<RunRow, 'id' | 'kind'>, of: Totals): Record<Result, number> {
  const { added, completed, duplicate, no_certificate, unreadable, rejected } = of;
  const counts = {
    added,
    completed,
    changed: 0,
    contested: 0,
    same: 0,
    duplicate,
    no_certificate,
    unreadable,
    rejected,
  };
  if (run.kind === 'certificates') return counts;
  const { changed, partly, wholly } = prepared(
    db,
    `select count(*) filter (where outcome = 'completed' and not contested and changed) as changed,
            count(*) filter (where outcome = 'completed' and contested) as partly,
            count(*) filter (where outcome = 'rejected' and contested) as wholly
       from (select outcome, ${CONTESTED} as contested, ${CHANGED} as changed from import_entry
              where import_id = ? and outcome in ('completed', 'rejected') and changes is not null)`,
  ).get(run.id) as { changed: number; partly: number; wholly: number };
  return {
    ...counts,
    completed: completed - changed - partly,
    changed,
    contested: partly + wholly,
    same: duplicate,
    duplicate: 0,
    rejected: rejected - wholly,
  };
}

/** Rows in which others' newer changes were left as they are, and rows that took their place by choice. */
export const contests = (db: Db, importId: string): { kept: number; taken: number } => ({
  kept: countWhere(db, importId, CONTESTED),
  taken: countWhere(db, importId, CONTESTED.replace('= 0', '= 1')),
});

/** Rows of a list with a note. */
export const noted = (db: Db, run: Pick<RunRow, 'id' | 'kind'>): number =>
  run.kind === 'certificates' ? 0 : countWhere(db, run.id, NOTED);

const countWhere = (db: Db, importId: string, where: string): number =>
  prepared(db, `select count(*) from import_entry where import_id = ? and ${where}`).pluck().get(importId) as number;

/** One entry's result, as `results` counts it. */
export const resultOf = (kind: RunRow['kind'], { outcome, changes }: Pick<EntryRow, 'outcome' | 'changes'>): Result =>
  kind === 'certificates'
    ? outcome
    : !(changes ?? []).every(isTaken)
      ? 'contested'
      : outcome === 'duplicate'
        ? 'same'
        : outcome === 'completed' && changes?.some(({ from }) => from !== '')
          ? 'changed'
          : outcome;

function whereShown(shown: Result | 'notes' | undefined) {
  if (shown === undefined) return undefined;
  if (shown === 'notes') return sql.raw(NOTED);
  if (shown === 'contested') return sql.raw(CONTESTED);
  const one = eq(importEntry.outcome, shown === 'same' ? 'duplicate' : shown === 'changed' ? 'completed' : shown);
  const uncontested = and(one, not(sql.raw(CONTESTED)));
  if (shown === 'changed') return and(uncontested, sql.raw(CHANGED));
  if (shown === 'completed') return and(uncontested, not(sql.raw(CHANGED)));
  if (shown === 'rejected') return uncontested;
  return one;
}

export const countShown = (db: Db, importId: string, shown: Result | 'notes' | undefined): number =>
  db
    .select({ n: count() })
    .from(importEntry)
    .where(and(eq(importEntry.importId, importId), whereShown(shown)))
    .get()?.n ?? 0;

/** SHA-256 over the ledger in order: what the trail commits to. */
export function ledgerHash(db: Db, importId: string): string {
  const hash = createHash('sha256');
  const rows = connection(db)
    .prepare(
      `select seq, name, outcome, reason, sha256, certificates_new, certificates_known, certificate_id, holder_id, changes
         from import_entry where import_id = ? order by seq`,
    )
    .raw()
    .iterate(importId);
  for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest('hex');
}

export function entries(
  db: Db,
  importId: string,
  filter: { shown?: Result | 'notes'; after: number; limit: number },
): (EntryRow & { commonName: string | null })[] {
  return db
    .select({ entry: importEntry, commonName: certificate.commonName })
    .from(importEntry)
    .leftJoin(certificate, eq(certificate.id, importEntry.certificateId))
    .where(and(eq(importEntry.importId, importId), gt(importEntry.seq, filter.after), whereShown(filter.shown)))
    .orderBy(asc(importEntry.seq))
    .limit(filter.limit)
    .all()
    .map((row) => ({ ...row.entry, commonName: row.commonName }));
}

/** Records that an import added, completed or met again. */
export const touchedBy = (db: Db, importId: string): string[] =>
  connection(db)
    .prepare(
      `select id from certificate where import_id = ? union
       select certificate_id from import_entry where import_id = ? and certificate_id is not null`,
    )
    .pluck()
    .all(importId, importId) as string[];

/** CA certificates that came with a run, and how many of them nobody has decided about. */
export const authoritiesBrought = (db: Db, number: string): { count: number; open: number } =>
  prepared(
    db,
    `select count(*) as count, count(*) filter (where trust in ('proposed', 'candidate')) as open from authority
      where substr(origin, 1, length(:number) + 1) = :number || ','`,
  ).get({ number }) as { count: number; open: number };
