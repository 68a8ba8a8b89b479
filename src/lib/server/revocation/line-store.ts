// Queries over lines of lists, what they named, answers and signals.
import { and, asc, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm';
import { certificate } from '../certificates/schema.ts';
import { insertRow, prepared, ready } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { evidenceById, type EvidenceRow } from './evidence-store.ts';
import { clockReading } from './schema-asking.ts';
import {
  revocationAnswer,
  revocationLine,
  revocationListing,
  revocationQuarantine,
  revocationSignal,
} from './schema.ts';

export type LineRow = typeof revocationLine.$inferSelect;
export type ListingRow = typeof revocationListing.$inferSelect;
export type AnswerRow = typeof revocationAnswer.$inferSelect;
export type SignalRow = typeof revocationSignal.$inferSelect;

export const lines = (db: Db): LineRow[] => db.select().from(revocationLine).all();
export const linesOf = (db: Db, issuerKey: string): LineRow[] =>
  db.select().from(revocationLine).where(eq(revocationLine.issuerKey, issuerKey)).all();

/** The complete lists that an issuer's lines hold: how large each is, and of what time. */
export const completeOf = (db: Db, issuerKey: string): Pick<EvidenceRow, 'size' | 'thisUpdate' | 'nextUpdate'>[] =>
  prepared(
    db,
    `select e.size, e.this_update as thisUpdate, e.next_update as nextUpdate
       from revocation_line l join revocation_evidence e on e.id = l.evidence_id where l.issuer_key = ?`,
  ).all(issuerKey) as Pick<EvidenceRow, 'size' | 'thisUpdate' | 'nextUpdate'>[];

export const lineOf = (db: Db, issuerKey: string, scope: string): LineRow | undefined =>
  db
    .select()
    .from(revocationLine)
    .where(and(eq(revocationLine.issuerKey, issuerKey), eq(revocationLine.scope, scope)))
    .get();

/** The complete list that counts where this one once did: of its line, when that has gone on since. */
export function inForce(db: Db, held: EvidenceRow): EvidenceRow {
  const line = held.deltaOf === null ? lineOf(db, held.issuerKey, held.scope) : undefined;
  const head = line && evidenceById(db, line.evidenceId);
  return head && (head.thisUpdate ?? 0) > (held.thisUpdate ?? 0) ? head : held;
}

/** The line continues with this object, confirmed now. @param keepsDelta a newer complete list that the delta still fits */
export function continueLine(
  db: Db,
  row: { issuerKey: string; scope: string; evidenceId: string; confirmedAt: number },
  keepsDelta: boolean,
): void {
  const { evidenceId, confirmedAt } = row;
  // The delta stays its last object, which is crossed already: only so is this one crossed.
  const delta = keepsDelta ? { appliedAt: null } : { deltaEvidenceId: null, deltaConfirmedAt: null };
  const set = { evidenceId, confirmedAt, ...delta };
  db.insert(revocationLine)
    .values(row)
    .onConflictDoUpdate({ target: [revocationLine.issuerKey, revocationLine.scope], set })
    .run();
}

const ofLine = ({ issuerKey, scope }: Pick<LineRow, 'issuerKey' | 'scope'>) =>
  and(eq(revocationLine.issuerKey, issuerKey), eq(revocationLine.scope, scope));

export const setLine = (
  db: Db,
  line: Pick<LineRow, 'issuerKey' | 'scope'>,
  values: Partial<Omit<LineRow, 'issuerKey' | 'scope'>>,
): void => void db.update(revocationLine).set(values).where(ofLine(line)).run();

/** What holds is crossed once more; what came since the last crossing still comes first. */
export const crossAgain = (db: Db, issuerKey: string, scope: string): void =>
  setLine(db, { issuerKey, scope }, { appliedAt: null });

export const listingsOf = (db: Db, issuerKey: string): ListingRow[] =>
  db.select().from(revocationListing).where(eq(revocationListing.issuerKey, issuerKey)).all();

export const listingsOfSerial = (db: Db, issuerKey: string, serial: string): ListingRow[] =>
  db
    .select()
    .from(revocationListing)
    .where(and(eq(revocationListing.issuerKey, issuerKey), eq(revocationListing.serial, serial)))
    .all();

type HeldRow = {
  scope: string;
  serial: string;
  fingerprint: string;
  notBefore: number | null;
  notAfter: number | null;
};

/** Certificates on hold that have not ended, by the lines that named them so. */
export const heldByLines = (db: Db, issuerKey: string, now: number): HeldRow[] =>
  prepared(
    db,
    `select l.scope, l.serial, c.fingerprint, c.not_before as notBefore, c.not_after as notAfter from revocation_listing l
       join certificate c on c.serial = l.serial join authority a on a.id = c.authority_id and a.key_sha256 = l.issuer_key
      where l.issuer_key = @issuerKey and l.status = 'on_hold' and c.revocation = 'on_hold' and c.fingerprint is not null
        and coalesce(c.not_after, @now) >= @now`,
  ).all({ issuerKey, now }) as HeldRow[];

export function putListing(db: Db, row: ListingRow): void {
  const { status, reason, revokedAt, invalidityAt, evidenceId, removedEvidenceId } = row;
  db.insert(revocationListing)
    .values(row)
    .onConflictDoUpdate({
      target: [revocationListing.issuerKey, revocationListing.scope, revocationListing.serial],
      set: { status, reason, revokedAt, invalidityAt, evidenceId, removedEvidenceId },
    })
    .run();
}

export const answerOf = (db: Db, certificateId: string): AnswerRow | undefined =>
  ready(db, oneAnswer).get({ certificateId });

const oneAnswer = (db: Db) =>
  db
    .select()
    .from(revocationAnswer)
    .where(eq(revocationAnswer.certificateId, sql.placeholder('certificateId')))
    .prepare();

export const answersOf = (db: Db, ids: readonly string[]): Map<string, AnswerRow> =>
  new Map(
    ready(db, someAnswers)
      .all({ ids: JSON.stringify(ids) })
      .map((row) => [row.certificateId, row]),
  );

const someAnswers = (db: Db) =>
  db
    .select()
    .from(revocationAnswer)
    .where(sql`${revocationAnswer.certificateId} in (select value from json_each(${sql.placeholder('ids')}))`)
    .prepare();

export function putAnswer(db: Db, row: AnswerRow): void {
  prepared(db, 'delete from revocation_answer where certificate_id = ?').run(row.certificateId);
  insertRow(db, revocationAnswer, row);
}

/** Raises a signal; the same about the same evidence is raised once. @returns whether it is new */
export const addSignal = (db: Db, row: Omit<typeof revocationSignal.$inferInsert, 'id'>): boolean =>
  db
    .insert(revocationSignal)
    .values({ id: newId(row.at), ...row })
    .onConflictDoNothing()
    .run().changes > 0;

export const openSignals = (db: Db): SignalRow[] =>
  db.select().from(revocationSignal).where(isNull(revocationSignal.settledAt)).orderBy(asc(revocationSignal.at)).all();

export const signalById = (db: Db, id: string): SignalRow | undefined =>
  db.select().from(revocationSignal).where(eq(revocationSignal.id, id)).get();

export const signalsOf = (db: Db, certificateId: string): SignalRow[] =>
  db
    .select()
    .from(revocationSignal)
    .where(eq(revocationSignal.certificateId, certificateId))
    .orderBy(desc(revocationSignal.at))
    .all();

/** Findings that were not seen to end, settled or not (contradictions.ts), by certificate. */
export const episodesOf = (db: Db, ids: readonly string[]): Map<string, SignalRow[]> =>
  Map.groupBy(ready(db, someEpisodes).all({ ids: JSON.stringify(ids) }), ({ certificateId }) => certificateId!);

const someEpisodes = (db: Db) =>
  db
    .select()
    .from(revocationSignal)
    .where(
      sql`${revocationSignal.certificateId} in (select value from json_each(${sql.placeholder('ids')}))
          and ${revocationSignal.kind} in ('conflict', 'non_issued', 'hint', 'lag')
          and json_extract(${revocationSignal.detail}, '$.over') is null
          and (${revocationSignal.kind} <> 'lag' or json_extract(${revocationSignal.detail}, '$.unknown'))`,
    )
    .prepare();

/** Serials of certificates that an object gave a hint about. */
export const hintedBy = (db: Db, evidenceIds: readonly string[]): string[] =>
  db
    .selectDistinct({ serial: certificate.serial })
    .from(revocationSignal)
    .innerJoin(certificate, eq(certificate.id, revocationSignal.certificateId))
    .where(and(eq(revocationSignal.kind, 'hint'), inArray(revocationSignal.evidenceId, [...evidenceIds])))
    .all()
    .flatMap(({ serial }) => serial ?? []);

export const setSignal = (db: Db, id: string, values: Partial<SignalRow>): void =>
  void db.update(revocationSignal).set(values).where(eq(revocationSignal.id, id)).run();

/** Bytes that were lost, came back and are lost again; what a person settled stays settled. */
export const reopenLost = (db: Db, evidenceId: string): void =>
  void prepared(
    db,
    `update revocation_signal set settled_at = null, settled_by = null, settled_why = null
      where kind = 'underived' and certificate_id is null and evidence_id = ? and settled_by = 'system'`,
  ).run(evidenceId);

/** Signals of a kind that are about no certificate of the office. */
export const unassigned = (db: Db, kind: SignalRow['kind']): SignalRow[] =>
  db
    .select()
    .from(revocationSignal)
    .where(and(eq(revocationSignal.kind, kind), isNull(revocationSignal.certificateId)))
    .all();

export const signalsAbout = (db: Db, kind: SignalRow['kind'], evidenceId: string): SignalRow[] =>
  db
    .select()
    .from(revocationSignal)
    .where(
      and(
        eq(revocationSignal.kind, kind),
        eq(revocationSignal.evidenceId, evidenceId),
        isNull(revocationSignal.settledAt),
      ),
    )
    .all();

// ---- quarantine --------------------------------------------------------------------------------------------------

export type QuarantineRow = typeof revocationQuarantine.$inferSelect;

export const openQuarantine = (db: Db, issuerKey: string, scope: string): QuarantineRow | undefined =>
  db
    .select()
    .from(revocationQuarantine)
    .where(
      and(
        eq(revocationQuarantine.issuerKey, issuerKey),
        eq(revocationQuarantine.scope, scope),
        isNull(revocationQuarantine.endedAt),
      ),
    )
    .get();

export const openQuarantines = (db: Db): QuarantineRow[] =>
  db.select().from(revocationQuarantine).where(isNull(revocationQuarantine.endedAt)).all();

/** The newest quarantine that a list began. */
export const quarantineOf = (db: Db, evidenceId: string): QuarantineRow | undefined =>
  db
    .select()
    .from(revocationQuarantine)
    .where(eq(revocationQuarantine.evidenceId, evidenceId))
    .orderBy(desc(revocationQuarantine.since))
    .get();

export const addQuarantine = (db: Db, row: Omit<typeof revocationQuarantine.$inferInsert, 'id'>): void =>
  void db
    .insert(revocationQuarantine)
    .values({ id: newId(row.since), ...row })
    .onConflictDoNothing()
    .run();

export const setQuarantine = (db: Db, id: string, values: Partial<QuarantineRow>): void =>
  void db.update(revocationQuarantine).set(values).where(eq(revocationQuarantine.id, id)).run();

/** Every quarantine that an issuer's lines were ever under. */
export const quarantinesOf = (db: Db, issuerKey: string): (QuarantineRow & { order: number })[] =>
  db
    .select()
    .from(revocationQuarantine)
    .where(eq(revocationQuarantine.issuerKey, issuerKey))
    .all()
    .map((row) => ({
      ...row,
      order: connection(db)
        .prepare('select rowid from revocation_evidence where id = ?')
        .pluck()
        .get(row.evidenceId) as number,
    }));

// ---- the clock ---------------------------------------------------------------------------------------------------

type Reading = { host: string; tops: readonly string[]; at: number; offset: number; order: number };

/** Keeps a reading and forgets those before an instant. */
export function addReading(db: Db, { tops, host, at, offset }: Omit<Reading, 'order'>, forget: number): void {
  const witness = [...tops, host].join(' ');
  if (readJust(db, witness, at)) return;
  db.insert(clockReading)
    .values({ id: newId(at), host: witness, at, offset })
    .run();
  db.delete(clockReading).where(lt(clockReading.at, forget)).run();
}

/** A host that answers hundreds of questions tells its time once for all of them. */
const READING_LASTS = 30_000;
const readJust = (db: Db, witness: string, at: number): boolean =>
  prepared(db, 'select 1 from clock_reading where at > ? and at <= ? and host = ? limit 1').get(
    at - READING_LASTS,
    at,
    witness,
  ) !== undefined;

export const readings = (db: Db, since: number): Reading[] =>
  db
    .select({ witness: clockReading.host, at: clockReading.at, offset: clockReading.offset, order: sql<number>`rowid` })
    .from(clockReading)
    .where(gt(clockReading.at, since))
    .all()
    .map(({ witness, ...reading }) => {
      const [host, ...tops] = witness.split(' ').reverse();
      return { host: host!, tops, ...reading };
    });

/** Whether an object whose signature was verified carried a time in our future. */
export const refusedAhead = (db: Db, codes: readonly string[], since: number): boolean =>
  connection(db)
    .prepare('select 1 from revocation_refused where code in (select value from json_each(?)) and at > ? limit 1')
    .get(JSON.stringify(codes), since) !== undefined;
