// Takes OCSP responses into the record: judged by the rules, kept as evidence when accepted, kept as refused when not.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { DerError, type AlgorithmRules } from '../x509/index.ts';
import { algorithmRules } from './algorithms.ts';
import { presentOf, readClock, type Present } from './clock.ts';
import { SIGNED } from './clock-watch.ts';
import type { Issuers } from './issuers.ts';
import { readResponse, type OcspResponse } from './ocsp.ts';
import { acceptOcsp, saidOf } from './ocsp-acceptance.ts';
import { isAbout } from './ocsp-certid.ts';
import { delegateListed } from './ocsp-delegate.ts';
import { configuredResponders } from './responders.ts';
import { currentLists } from './standing.ts';
import * as store from './store.ts';
import { refuse, type Origin, type Taken } from './taking.ts';

export type AnswerQuestion = { certificateId: string; nonce: Buffer | null };

/** By what answers are judged: read once for all that are taken together. */
export type AnswerRules = {
  issuers: Issuers;
  now: number;
  present: Present;
  maxAgeHours: number;
  algorithms: AlgorithmRules;
};

export const answerRules = (ctx: Context, issuers: Issuers): AnswerRules => ({
  issuers,
  now: ctx.now(),
  present: presentOf(ctx),
  maxAgeHours: settings.get(ctx, 'freshness').ocspHours,
  algorithms: algorithmRules(ctx),
});

/** An OCSP response about one certificate. */
export function takeAnswer(
  ctx: Context,
  bytes: Buffer,
  question: AnswerQuestion,
  from: Origin,
  { issuers, now, present, maxAgeHours, algorithms }: AnswerRules,
): Taken {
  const { earliest, latest } = present;
  const row = store.checkedById(ctx.db, question.certificateId);
  const issuer = issuers.standingFor(row?.authorityId, earliest);
  const response = readAnswer(bytes);
  if (!row || !issuer) return refuse(ctx, 'ocsp', bytes, 'issuer_unknown', from);
  if (!response) return refuse(ctx, 'ocsp', bytes, 'unreadable', from);
  if (![earliest, latest].every((at) => issuers.anchored(issuer.view, at)))
    return refuse(ctx, 'ocsp', bytes, 'issuer_untrusted', from);
  const issuerKey = issuer.view.publicKey.spkiSha256;
  const held = store.answerOf(ctx.db, row.id);
  const verdict = acceptOcsp({
    response,
    asked: { serial: row.serial, issuer: issuer.view },
    certificate: row.fingerprint ? store.derOf(ctx.db, row.fingerprint) : null,
    nonce: question.nonce,
    configured: configuredResponders(ctx, issuer.view),
    delegateListed: (delegate) => delegateListed(currentLists(ctx, issuerKey, issuers), delegate, latest),
    known: held ?? null,
    now: earliest,
    latest,
    maxAgeHours,
    algorithms,
  });
  readClock(ctx, `${SIGNED}${issuerKey}`, verdict.liveAt, issuers.topsOf(issuerKey));
  if (!verdict.accepted) return refuse(ctx, 'ocsp', bytes, verdict.code, from);
  const { answer, signer, remarks } = verdict;
  return transact(ctx, (tx) => {
    const again = store.evidenceOf(tx.db, response.sha256, issuerKey, row.id);
    files.keepSmall(tx, response.der, 'application/ocsp-response');
    const evidenceId =
      again?.id ??
      store.addEvidence(tx.db, {
        kind: 'ocsp',
        sourceId: from.sourceId,
        origin: from.origin,
        issuerKey,
        issuerName: issuer.commonName,
        scope: 'ocsp',
        certificateId: row.id,
        sha256: response.sha256,
        size: response.der.length,
        thisUpdate: answer.thisUpdate,
        nextUpdate: answer.nextUpdate,
        producedAt: answer.producedAt,
        signerFingerprint: signer.fingerprint,
        remarks,
        acceptedAt: now,
        acceptedBy: from.by ?? audit.actorKey(ctx.actor),
      });
    // While the clocks disagree nothing is confirmed.
    if (earliest === latest) store.confirmEvidence(tx.db, evidenceId, now);
    const { status, thisUpdate } = answer;
    // A revocation that still waits to be applied is final: nothing displaces it.
    const waits = held?.status === 'revoked' && status !== 'revoked' && row.state.status !== 'revoked';
    if (!waits)
      store.putAnswer(tx.db, {
        ...saidOf(answer),
        certificateId: row.id,
        confirmedAt: store.confirmationAt(tx.db, evidenceId, now) ?? thisUpdate,
        evidenceId,
      });
    if (status === 'non_issued') {
      store.addSignal(tx.db, {
        kind: 'non_issued',
        certificateId: row.id,
        sourceId: from.sourceId,
        evidenceId,
        detail: '{}',
        at: now,
      });
    }
    return { outcome: again ? 'same' : 'new', evidenceId, remarks };
  });
}

function readAnswer(bytes: Buffer): OcspResponse | null {
  try {
    return readResponse(bytes);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** Certificates of ours that a response carried by hand speaks about. */
export function subjectsOf(ctx: Context, bytes: Buffer, issuers: Issuers): string[] | null {
  const response = readAnswer(bytes);
  if (!response) return null;
  const singles = response.basic?.singles ?? [];
  return singles.flatMap((single) => {
    const issuer = issuers.all.find((a) => isAbout(single.certId, { serial: single.certId.serial, issuer: a.view }));
    return issuer ? store.idsOf(ctx.db, issuer.view.publicKey.spkiSha256, single.certId.serial) : [];
  });
}
