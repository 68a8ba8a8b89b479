// Queries over the numbers that a key gave to the lists of a line.
import { prepared } from '../db/bulk.ts';
import type { Db } from '../db/index.ts';
import { evidenceById, type EvidenceRow } from './evidence-store.ts';

type Signed = { issuerKey: string; scope: string; deltaOf: string | null; key: string };

/** The last list of a line, complete or delta as this one, that a key signed. @param and what else it must be; @param by ... first by this */
function lastOfKey(db: Db, { deltaOf, ...rest }: Signed, and = '', by = ''): EvidenceRow | undefined {
  const id = prepared(
    db,
    `select e.id from revocation_evidence e join authority a on a.fingerprint = e.signer_fingerprint
      where e.issuer_key = @issuerKey and e.kind = 'crl' and e.scope = @scope
        and (e.delta_of is null) = @complete and a.key_sha256 = @key ${and} order by ${by} e.rowid desc limit 1`,
  )
    .pluck()
    .get({ ...rest, complete: deltaOf === null ? 1 : 0 }) as string | undefined;
  return id === undefined ? undefined : evidenceById(db, id);
}

/** Complete lists and deltas of a key are numbered together. */
const SINCE_ANEW = `e.rowid >= coalesce((select max(r.rowid) from revocation_evidence r
    join authority s on s.fingerprint = r.signer_fingerprint
   where r.issuer_key = @issuerKey and r.kind = 'crl' and r.scope = @scope and s.key_sha256 = @key
     and r.remarks like '%"renumbered"%'), 0)`;

export const lastSignedBy = (db: Db, { issuerKey, scope, deltaOf, key }: Signed): EvidenceRow | undefined =>
  lastOfKey(db, { issuerKey, scope, deltaOf, key });

/**
 * The list of a line with the greatest number that a key gave, of those since a person let the numbering begin anew. Numbers
 * are hexadecimal without leading zeros; a negative one is none (RFC 5280 §5.2.3).
 */
export const greatestNumbered = (db: Db, { issuerKey, scope, deltaOf, key }: Signed): EvidenceRow | undefined =>
  lastOfKey(
    db,
    { issuerKey, scope, deltaOf, key },
    `and e.crl_number not like '-%' and ${SINCE_ANEW}`,
    'length(e.crl_number) desc, e.crl_number desc,',
  );

/** Another list with the number of this one, accepted before in the same numbering of a line and signed by the same key: the last. */
export const twinOf = (db: Db, list: Signed & { number: string; sha256: string }): EvidenceRow | undefined =>
  lastOfKey(db, list, `and e.crl_number = @number and e.sha256 <> @sha256 and ${SINCE_ANEW}`);
