// Takes OCSP responses into the record: judged by the rules, kept as evidence when accepted, kept as refused when not.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { DerError, type AlgorithmRules } from '../x509/index.ts';
import { algorithmRules } from './algorithms.ts';
import { isDisowned } from './answer-signers.ts';
import { presentOf, readClock, type Present } from './clock.ts';
import { SIGNED } from './clock-watch.ts';
import { goesOn } from './contradictions.ts';
import type { Issuers, KnownIssuer } from './issuers.ts';
import { delegateListedNow } from './delegate-lists.ts';
import { readResponse, type OcspResponse } from './ocsp.ts';
import { acceptOcsp, saidOf, type AcceptedOcsp, type OcspQuestion, type RefusedOcsp } from './ocsp-acceptance.ts';
import { isAbout } from './ocsp-certid.ts';
import { configuredResponders } from './responders.ts';
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
  rules: AnswerRules,
): Taken {
  const { issuers, now } = rules;
  const { earliest, latest } = rules.present;
  const row = store.checkedById(ctx.db, question.certificateId);
  const issuer = issuers.standingFor(row?.authorityId, earliest);
  const response = readAnswer(bytes);
  if (!row || !issuer) return refuse(ctx, 'ocsp', bytes, 'issuer_unknown', from);
  if (!response) return refuse(ctx, 'ocsp', bytes, 'unreadable', from);
  if (![earliest, latest].every((at) => issuers.anchored(issuer.view, at)))
    return refuse(ctx, 'ocsp', bytes, 'issuer_untrusted', from);
  const held = store.answerOf(ctx.db, row.id);
  const certificate = row.fingerprint ? store.derOf(ctx.db, row.fingerprint) : null;
  const { nonce } = question;
  const verdict = judgeAnswer(
    ctx,
    { response, serial: row.serial, certificate, nonce, known: held ?? null },
    issuer,
    rules,
  );
  if (!verdict.accepted) return refuse(ctx, 'ocsp', bytes, verdict.code, from);
  const { answer, remarks } = verdict;
  return transact(ctx, (tx) => {
    const about = { above: issuer, certificateId: row.id };
    const { evidenceId, isNew } = keepAnswer(tx, { response, ...verdict }, about, from, rules);
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
    // Each answer is an object of its own: what the last one said is no news.
    if (status === 'non_issued' && !goesOn(store.episodesOf(tx.db, [row.id]).get(row.id) ?? [], 'non_issued')) {
      store.addSignal(tx.db, {
        kind: 'non_issued',
        certificateId: row.id,
        sourceId: from.sourceId,
        evidenceId,
        detail: '{}',
        at: now,
      });
    }
    return { outcome: isNew ? 'new' : 'same', evidenceId, remarks };
  });
}

type Judging = Pick<OcspQuestion, 'response' | 'certificate' | 'nonce' | 'known'> & { serial: string };

/** Whether an answer is believed about a certificate of a CA; the time that it signs is a reading of its clock. */
export function judgeAnswer(
  ctx: Context,
  { serial, ...question }: Judging,
  { view: issuer }: KnownIssuer,
  { issuers, present: { earliest, latest }, maxAgeHours, algorithms }: AnswerRules,
): AcceptedOcsp | RefusedOcsp {
  const issuerKey = issuer.publicKey.spkiSha256;
  const verdict = acceptOcsp({
    ...question,
    asked: { serial, issuer },
    configured: configuredResponders(ctx, issuer),
    delegateListed: (delegate) => delegateListedNow(ctx, delegate, { issuerKey, issuers, now: latest }),
    now: earliest,
    latest,
    maxAgeHours,
    algorithms,
  });
  readClock(ctx, `${SIGNED}${issuerKey}`, verdict.liveAt, issuers.vouchersOf(issuerKey));
  const isOthers = verdict.accepted && verdict.signer.fingerprint !== issuer.fingerprint;
  if (!isOthers || !isDisowned(ctx, verdict.signer.fingerprint)) return verdict;
  return { accepted: false, code: 'delegate_revoked', remarks: [], liveAt: null };
}

/** Keeps an answer as evidence, confirmed now: about a certificate of ours, or about one that a CA above gave to another CA. */
export function keepAnswer(
  tx: Context,
  { response, answer, signer, remarks }: Omit<AcceptedOcsp, 'accepted' | 'liveAt'> & { response: OcspResponse },
  { above, certificateId }: { above: KnownIssuer; certificateId: string | null },
  from: Origin,
  { now, present: { earliest, latest } }: AnswerRules,
): { evidenceId: string; isNew: boolean } {
  const issuerKey = above.view.publicKey.spkiSha256;
  const again = store.evidenceOf(tx.db, response.sha256, issuerKey, certificateId);
  files.keepSmall(tx, response.der, 'application/ocsp-response');
  const evidenceId =
    again?.id ??
    store.addEvidence(tx.db, {
      kind: 'ocsp',
      sourceId: from.sourceId,
      origin: from.origin,
      issuerKey,
      issuerName: above.commonName,
      scope: 'ocsp',
      certificateId,
      sha256: response.sha256,
      size: response.der.length,
      thisUpdate: answer.thisUpdate,
      nextUpdate: answer.nextUpdate,
      producedAt: answer.producedAt,
      signerFingerprint: signer.fingerprint,
      remarks,
      acceptedAt: now,
      acceptedBy: from.by ?? audit.actorKey(tx.actor),
    });
  // While the clocks disagree nothing is confirmed.
  if (earliest === latest) store.confirmEvidence(tx.db, evidenceId, now);
  return { evidenceId, isNew: !again };
}

/** null: no OCSP response. */
export function readAnswer(bytes: Buffer): OcspResponse | null {
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
