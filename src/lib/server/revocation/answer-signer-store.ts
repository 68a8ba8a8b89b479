// Queries about who signed the OCSP answers that hold.
import { prepared } from '../db/bulk.ts';
import type { Db } from '../db/index.ts';
import type { EvidenceRow } from './evidence-store.ts';

/** The bytes of the newest kept answer that a signer gave for an issuer. */
export const newestSignedBy = (db: Db, issuerKey: string, signer: string): string | undefined =>
  prepared(
    db,
    `select e.sha256 from revocation_evidence e
      where e.issuer_key = ? and e.kind = 'ocsp' and e.signer_fingerprint = ?
        and not exists (select 1 from revocation_thinned t where t.evidence_id = e.id) order by e.rowid desc limit 1`,
  )
    .pluck()
    .get(issuerKey, signer) as string | undefined;

const BY_OTHERS = `e.kind = 'ocsp' and e.issuer_key = @issuerKey
  and not exists (select 1 from authority s where s.fingerprint = e.signer_fingerprint and s.key_sha256 = @issuerKey)`;

/** Signers, other than the issuer's own key, of answers that hold, or that a status rests on, among an issuer's certificates. */
export const answerSigners = (db: Db, issuerKey: string): string[] =>
  prepared(
    db,
    `select e.signer_fingerprint from authority a join certificate c on c.authority_id = a.id
            join revocation_answer r on r.certificate_id = c.id join revocation_evidence e on e.id = r.evidence_id
      where a.key_sha256 = @issuerKey and ${BY_OTHERS}
     union
     select e.signer_fingerprint from authority a join certificate c on c.authority_id = a.id
            join revocation_evidence e on e.id = c.evidence_id
      where a.key_sha256 = @issuerKey and c.revocation_source = 'ocsp' and ${BY_OTHERS}`,
  )
    .pluck()
    .all({ issuerKey }) as string[];

type Signed = Pick<EvidenceRow, 'id' | 'sha256' | 'producedAt' | 'thisUpdate' | 'signerFingerprint'>;
const SIGNED = `e.id, e.sha256, e.produced_at as producedAt, e.this_update as thisUpdate, e.signer_fingerprint as signerFingerprint`;

/** Answers of a signer that hold about certificates of an issuer and take nothing from anybody. */
export const mildAnswersOf = (db: Db, issuerKey: string, signer: string): (Signed & { certificateId: string })[] =>
  prepared(
    db,
    `select ${SIGNED}, r.certificate_id as certificateId from authority a join certificate c on c.authority_id = a.id
            join revocation_answer r on r.certificate_id = c.id join revocation_evidence e on e.id = r.evidence_id
      where a.key_sha256 = ? and e.signer_fingerprint = ? and r.status in ('good', 'unknown')`,
  ).all(issuerKey, signer) as (Signed & { certificateId: string })[];

/** Certificates of an issuer whose status rests on an answer of a signer that took nothing from them. */
export const restingOnAnswers = (db: Db, issuerKey: string, signer: string): (Signed & { certificateId: string })[] =>
  prepared(
    db,
    `select ${SIGNED}, c.id as certificateId from authority a join certificate c on c.authority_id = a.id
            join revocation_evidence e on e.id = c.evidence_id
      where a.key_sha256 = ? and e.signer_fingerprint = ? and c.revocation_source = 'ocsp'
        and c.revocation in ('good', 'released', 'unknown')`,
  ).all(issuerKey, signer) as (Signed & { certificateId: string })[];

export const dropAnswer = (db: Db, certificateId: string, evidenceId: string): void =>
  void prepared(db, 'delete from revocation_answer where certificate_id = ? and evidence_id = ?').run(
    certificateId,
    evidenceId,
  );

/** Whether a certificate is revoked or on hold by its own record, or is of a CA that a person rejected. */
export const isDisowned = (db: Db, fingerprint: string): boolean =>
  prepared(
    db,
    `select 1 from certificate where fingerprint = @fingerprint and revocation in ('revoked', 'on_hold')
     union all select 1 from authority where fingerprint = @fingerprint and trust = 'rejected'`,
  ).get({ fingerprint }) !== undefined;
