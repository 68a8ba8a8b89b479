// Takes an object into the record: judged by the rules, kept as evidence when accepted, kept as refused when not. Bytes
// come from the network or from a person's hand; the rules are the same.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { serialDecimal } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { algorithmRules } from './algorithms.ts';
import { isFrozen, presentOf } from './clock.ts';
import { cross, readCrl, type Crl, type Crossing } from './crl.ts';
import { acceptCrl, crlSigner, type CrlQuestion } from './crl-acceptance.ts';
import { onlyRevokes } from './crl-signers.ts';
import { combines, effectiveCount } from './delta.ts';
import { areFull } from './ended-lines.ts';
import { heldList, unlessLost } from './held-object.ts';
import { hint } from './hinting.ts';
import type { Issuers } from './issuers.ts';
import { guarding, isBelieved, linesFor, namesakesOf, signersFor } from './list-lines.ts';
import { reading } from './list-reading.ts';
import { bringBack, reportLost } from './lost.ts';
import type { Counts } from './mass-change.ts';
import { expectedCount, watchCount } from './quarantine.ts';
import type { RefusalCode } from './refusals.ts';
import type { RemarkCode } from './remarks.ts';
import { tellRenumbered, wentOn } from './renumbering.ts';
import { tellSplitView } from './split-view.ts';
import * as store from './store.ts';
import { takenOver } from './taking-over.ts';

export type Origin = {
  sourceId: string | null;
  origin: 'fetched' | 'uploaded';
  name: string;
  /** Key of who brought it, when that is not who acts. */
  by?: string | undefined;
};
export type Taken =
  /** `aside`: of another key of the issuer's name, which only revokes. */
  | { outcome: 'new' | 'same'; evidenceId: string; remarks: RemarkCode[]; aside?: boolean }
  /** `hints`: serials of ours that a list names which verifies but may not be used (hinting.ts). */
  | { outcome: 'refused'; code: RefusalCode; sha256: string; id: string; hints?: readonly string[] };

/** A CRL for the certificates of one issuer key. Nothing is crossed here (applying.ts). */
export async function takeList(
  ctx: Context,
  bytes: Buffer,
  issuerKey: string,
  from: Origin,
  issuers: Issuers,
): Promise<Taken> {
  const crl = reading(() => readCrl(bytes));
  if (!crl) return refuse(ctx, 'crl', bytes, 'unreadable', from);
  const question = {
    crl,
    signers: signersFor(ctx, crl, { issuerKey, issuers, byHand: from.origin === 'uploaded' }),
    anchored: issuers.anchoredBeside(issuerKey),
    now: presentOf(ctx).earliest,
    algorithms: algorithmRules(ctx),
  };
  const signer = crlSigner(question);
  if (typeof signer === 'string') {
    const namesakes = namesakesOf(ctx, crl, { issuerKey, issuers });
    if (typeof crlSigner({ ...question, signers: namesakes }) === 'string')
      return refuse(ctx, 'crl', bytes, signer, from);
  }
  // Only what somebody signed costs a walk. A long list takes its time to verify, to walk and to write: what else waits in
  // this process comes in between.
  await setImmediate();
  const crossing = reading(() => cross(crl, new Set(store.serialsOf(ctx.db, issuerKey))));
  if (!crossing) return refuse(ctx, 'crl', bytes, 'unreadable', from);
  if (typeof signer === 'string')
    return hinted(ctx, crl, refuse(ctx, 'crl', bytes, 'namesake', from), { ...from, issuerKey, issuers });
  const [first, ...others] = linesFor(ctx, crl, { signer, issuerKey, issuers });
  const into = (scope: string) =>
    continueWith(ctx, { crl, crossing, signer, issuerKey, scope, question }, from, issuers);
  const taken = await into(first!);
  if (taken.outcome !== 'refused') for (const scope of others) await into(scope);
  return taken;
}

type Continuation = {
  crl: Crl;
  crossing: Crossing;
  signer: CertificateView;
  issuerKey: string;
  scope: string;
  question: Pick<CrlQuestion, 'crl' | 'signers' | 'anchored' | 'now' | 'algorithms'>;
};

/** The list as the next of one line. */
async function continueWith(ctx: Context, list: Continuation, from: Origin, issuers: Issuers): Promise<Taken> {
  const { crl, crossing, issuerKey, scope, question } = list;
  const line = store.lineOf(ctx.db, issuerKey, scope);
  if (!line && areFull(ctx, issuerKey, crl.der.length)) {
    const refused = refuse(ctx, 'crl', crl.der, 'too_many_scopes', from);
    return hinted(ctx, crl, refused, { ...from, issuerKey, issuers });
  }
  const object = (id: string | null | undefined) => (id ? store.evidenceById(ctx.db, id)! : null);
  // What a signer left who is believed no more is no list to compare with, nor one that a delta continues.
  const believed = (row: store.EvidenceRow | null) => (row && isBelieved(ctx, row, issuers) ? row : null);
  const last = { complete: object(line?.evidenceId), delta: object(line?.deltaEvidenceId) };
  const [complete, delta] = [believed(last.complete), believed(last.delta)];
  const read = (row: store.EvidenceRow): Crl | null => {
    const crl = unlessLost(() => heldList(ctx, row, new Set()).crl);
    if (!crl) reportLost(ctx, [{ scope, complete: row, delta: null }]);
    return crl;
  };
  const [head, held] = crl.deltaOf === null ? [last.complete, complete] : [last.delta, delta];
  const again = held !== null && held.sha256 === crl.sha256;
  const base = crl.deltaOf !== null && complete ? read(complete) : null;
  const within = again ? null : countsOf({ crl, count: crossing.count }, complete, delta, read);
  const next = { crl, count: within?.after ?? crossing.count, base, issuerKey, scope };
  const counts = again ? null : (takenOver(ctx, next, issuers, read) ?? within);
  const verdict = acceptCrl({
    ...question,
    crossing,
    known: (signer) => guarding(ctx, head, { signer, scope, issuers }),
    counts: counts && { ...counts, before: expectedCount(ctx, issuerKey, scope, counts.before) },
    mass: settings.get(ctx, 'massChange'),
    complete: base,
  });
  if (!verdict.accepted) {
    const refused = refuse(ctx, 'crl', crl.der, verdict.code, from);
    const about = { ...from, issuerKey, issuers, scope, refusedId: refused.id };
    if (verdict.code === 'number_lower')
      tellRenumbered(ctx, { ...about, crl, crossing, key: list.signer.publicKey.spkiSha256 });
    const tells =
      verdict.code === 'older_than_known'
        ? tellSplitView(ctx, crl, { ...about, signer: list.signer })
        : // It is taken as soon as our clock has come to it.
          verdict.code !== 'from_future';
    return tells ? hinted(ctx, crl, refused, about) : refused;
  }
  const aside = onlyRevokes(scope);
  if (again) {
    bringBack(ctx, held, crl.der);
    transact(ctx, (tx) => confirmList(tx, held.id));
    return { outcome: 'same', evidenceId: held.id, remarks: held.remarks, aside };
  }
  await setImmediate();
  const stored = files.put(ctx, crl.der);
  await setImmediate();
  const taken = transact(ctx, (tx) => {
    const now = store.lineOf(tx.db, issuerKey, scope);
    if (now?.evidenceId !== line?.evidenceId || now?.deltaEvidenceId !== line?.deltaEvidenceId) return null;
    files.register(tx, stored, 'application/pkix-crl');
    const { signer } = verdict;
    const remarks: RemarkCode[] = [
      ...verdict.remarks,
      ...(aside ? (['other_key'] as const) : []),
      ...(crl.scope?.indirect && store.hasServers(tx.db, issuerKey) ? (['indirect_tls'] as const) : []),
    ];
    const accepted = { crl, count: crossing.count, signer: signer.fingerprint, remarks };
    const evidenceId = keepList(tx, accepted, { issuerKey, scope }, from, issuers);
    const at = tx.now();
    if (crl.deltaOf === null) {
      const continued = delta && read(delta);
      const keepsDelta = continued !== null && combines(crl, continued);
      store.continueLine(tx.db, { issuerKey, scope, evidenceId, confirmedAt: at }, keepsDelta);
    } else store.setLine(tx.db, { issuerKey, scope }, { deltaEvidenceId: evidenceId, deltaConfirmedAt: at });
    wentOn(tx, { issuerKey, scope });
    if (counts) watchCount(tx, { issuerKey, scope, evidenceId, sourceId: from.sourceId, ...counts });
    if (!isFrozen(tx)) store.confirmEvidence(tx.db, evidenceId, at);
    if (remarks.includes('same_number'))
      store.addSignal(tx.db, {
        kind: 'same_number',
        sourceId: from.sourceId,
        evidenceId,
        detail: '{}',
        at,
      });
    return { outcome: 'new' as const, evidenceId, remarks, aside };
  });
  // Another process continued the line meanwhile: judged anew against what it brought.
  return taken ?? continueWith(ctx, list, from, issuers);
}

type RefusedList = Extract<Taken, { outcome: 'refused' }>;

/** A list that verifies and may not be used; whom it names is told to people all the same. */
const hinted = (
  ctx: Context,
  crl: Crl,
  refused: RefusedList,
  about: Origin & { issuerKey: string; issuers: Issuers },
) => ({
  ...refused,
  hints: hint(ctx, crl, { ...about, refusedId: refused.id, code: refused.code }),
});

/** What the line named before, and what it names with the new object; null: the first of its line. */
function countsOf(
  { crl, count }: { crl: Crl; count: number },
  complete: store.EvidenceRow | null,
  delta: store.EvidenceRow | null,
  read: (row: store.EvidenceRow) => Crl | null,
): Counts | null {
  if (!complete) return null;
  const base = crl.deltaOf !== null || delta ? read(complete) : null;
  const [was, change] = [delta && read(delta), crl.deltaOf === null ? null : crl];
  const before = base && was ? effectiveCount(base, was) : (complete.entryCount ?? 0);
  if (base && change) return { before, after: effectiveCount(base, change) };
  return { before, after: was && combines(crl, was) ? effectiveCount(crl, was) : count };
}

type Accepted = { crl: Crl; count: number; signer: string; remarks: RemarkCode[] };

/** Writes the evidence and its entry in the trail. */
function keepList(
  tx: Context,
  { crl, count, signer, remarks }: Accepted,
  line: { issuerKey: string; scope: string },
  from: Origin,
  issuers: Issuers,
): string {
  const issuerName = issuers.nameOf(line.issuerKey) || crl.issuer.text;
  const evidenceId = store.addEvidence(tx.db, {
    kind: 'crl',
    sourceId: from.sourceId,
    origin: from.origin,
    ...line,
    issuerName,
    sha256: crl.sha256,
    size: crl.der.length,
    thisUpdate: crl.thisUpdate.ms,
    nextUpdate: crl.nextUpdate?.ms ?? null,
    crlNumber: crl.number,
    deltaOf: crl.deltaOf,
    entryCount: count,
    signerFingerprint: signer,
    remarks,
    acceptedAt: tx.now(),
    acceptedBy: from.by ?? audit.actorKey(tx.actor),
  });
  audit.record(tx, {
    action: 'evidence.accepted',
    targets: [['evidence', evidenceId], ...(from.sourceId ? [['source', from.sourceId] as const] : [])],
    details: {
      kind: crl.deltaOf === null ? 'CRL' : 'CRL delta',
      issuer: issuerName,
      number: serialDecimal(crl.number),
      entries: count,
      sha256: crl.sha256,
    },
  });
  return evidenceId;
}

/**
 * The same list again (304, or the same bytes): instants move, nothing is crossed. What rests on it follows in chunks
 * (applying.ts). While our own clock is frozen nothing is confirmed: evidence ages rather than looks fresh.
 */
export function confirmList(tx: Context, evidenceId: string): void {
  const now = tx.now();
  const evidence = store.evidenceById(tx.db, evidenceId)!;
  const line = store.lineOf(tx.db, evidence.issuerKey, evidence.scope);
  if (isFrozen(tx)) return;
  store.confirmEvidence(tx.db, evidenceId, now);
  if (line?.evidenceId === evidenceId) store.setLine(tx.db, line, { confirmedAt: now });
  if (line?.deltaEvidenceId === evidenceId) store.setLine(tx.db, line, { deltaConfirmedAt: now });
}

/** Keeps a refused object with the rule it failed. */
export function refuse(
  ctx: Context,
  kind: 'crl' | 'ocsp',
  bytes: Buffer,
  code: RefusalCode,
  from: Origin,
): Extract<Taken, { outcome: 'refused' }> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const id = transact(ctx, (tx) =>
    store.addRefused(tx.db, {
      kind,
      sourceId: from.sourceId,
      at: tx.now(),
      by: from.by ?? audit.actorKey(ctx.actor),
      code,
      sha256,
      name: from.name,
      bytes,
    }),
  );
  return { outcome: 'refused', code, sha256, id };
}
