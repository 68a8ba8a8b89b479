// Queries over lines of lists, and what they named of ours.
import { and, eq } from 'drizzle-orm';
import { prepared } from '../db/bulk.ts';
import type { Db } from '../db/index.ts';
import { evidenceById, type EvidenceRow } from './evidence-store.ts';
import { revocationLine, revocationListing } from './schema.ts';

export type LineRow = typeof revocationLine.$inferSelect;
export type ListingRow = typeof revocationListing.$inferSelect;

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

/** What the lists of a line said last about a serial that they named. */
export const listingOf = (
  db: Db,
  { issuerKey, scope }: Pick<LineRow, 'issuerKey' | 'scope'>,
  serial: string,
): ListingRow | undefined => listingsOfSerial(db, issuerKey, serial).find((row) => row.scope === scope);

export type NamedRow = { serial: string; status: 'revoked' | 'on_hold'; ended: 0 | 1 };

/** What the last list of a line names of ours; a list need not go on naming who has ended. */
export const namedByLine = (db: Db, issuerKey: string, scope: string, now: number): NamedRow[] =>
  prepared(
    db,
    `select l.serial, l.status,
            exists (select 1 from certificate c join authority a on a.id = c.authority_id
                     where c.serial = l.serial and a.key_sha256 = l.issuer_key and c.not_after < @now) as ended
       from revocation_listing l
      where l.issuer_key = @issuerKey and l.scope = @scope and l.removed_evidence_id is null order by l.serial`,
  ).all({ issuerKey, scope, now }) as NamedRow[];

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
