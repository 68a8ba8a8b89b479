// Takes an object into the record: judged by the rules, kept as evidence when accepted, kept as refused when not. Bytes
// come from the network or from a person's hand; the rules are the same.
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { DerError } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { confirmLine } from './applying.ts';
import { cross, readCrl, type Crl } from './crl.ts';
import { acceptCrl } from './crl-acceptance.ts';
import type { Issuers } from './issuers.ts';
import { isAbout, readResponse, type OcspResponse } from './ocsp.ts';
import { acceptOcsp } from './ocsp-acceptance.ts';
import type { RefusalCode, RemarkCode } from './reasons.ts';
import * as store from './store.ts';

export type Origin = { sourceId: string | null; origin: 'fetched' | 'uploaded'; name: string };
export type Taken =
  | { outcome: 'new' | 'same'; evidenceId: string; remarks: RemarkCode[] }
  | { outcome: 'refused'; code: RefusalCode; sha256: string };

/** A CRL for the certificates of one issuer key. Nothing is crossed here (applying.ts). */
export function takeList(ctx: Context, bytes: Buffer, issuerKey: string, from: Origin, issuers: Issuers): Taken {
  const now = ctx.now();
  const read = readList(bytes, new Set(store.serialsOf(ctx.db, issuerKey)));
  if (!read) return refuse(ctx, 'crl', bytes, 'unreadable', from);
  const { crl, crossing } = read;
  const scope = scopeOf(crl);
  const line = store.lineOf(ctx.db, issuerKey, scope);
  const held = line ? store.evidenceById(ctx.db, line.evidenceId)! : null;
  const known = held && {
    sha256: held.sha256,
    number: held.crlNumber,
    thisUpdate: held.thisUpdate,
    entryCount: held.entryCount ?? 0,
  };
  const signers = signersFor(issuers, issuerKey, crl, from);
  const verdict = acceptCrl({ crl, crossing, signers, anchored: issuers.anchored, known, now });
  if (!verdict.accepted) return refuse(ctx, 'crl', bytes, verdict.code, from);
  if (line && held?.sha256 === crl.sha256) {
    transact(ctx, (tx) => confirmLine(tx, line, now));
    return { outcome: 'same', evidenceId: held.id, remarks: held.remarks };
  }
  const stored = files.put(ctx, crl.der);
  return transact(ctx, (tx) => {
    files.register(tx, stored, 'application/pkix-crl');
    const evidenceId = store.addEvidence(tx.db, {
      kind: 'crl',
      sourceId: from.sourceId,
      origin: from.origin,
      issuerKey,
      issuerName: issuers.ofKey(issuerKey)[0]?.commonName ?? crl.issuer.text,
      scope,
      sha256: crl.sha256,
      size: crl.der.length,
      thisUpdate: crl.thisUpdate.ms,
      nextUpdate: crl.nextUpdate?.ms ?? null,
      crlNumber: crl.number,
      entryCount: crossing.count,
      signerFingerprint: verdict.signer.fingerprint,
      remarks: verdict.remarks,
      acceptedAt: now,
      acceptedBy: audit.actorKey(ctx.actor),
    });
    store.continueLine(tx.db, { issuerKey, scope, evidenceId, confirmedAt: now });
    for (const kind of ['same_number', 'shrunk'] as const) {
      if (verdict.remarks.includes(kind))
        store.addSignal(tx.db, { kind, sourceId: from.sourceId, evidenceId, detail: '{}', at: now });
    }
    audit.record(tx, {
      action: 'evidence.accepted',
      targets: [['evidence', evidenceId], ...(from.sourceId ? [['source', from.sourceId] as const] : [])],
      details: {
        kind: 'CRL',
        issuer: issuers.ofKey(issuerKey)[0]?.commonName ?? crl.issuer.text,
        number: crl.number === null ? '—' : String(BigInt(`0x${crl.number.replace('-', '')}`)),
        entries: crossing.count,
        sha256: crl.sha256,
      },
    });
    return { outcome: 'new', evidenceId, remarks: verdict.remarks };
  });
}

function readList(bytes: Buffer, wanted: ReadonlySet<string>) {
  try {
    const crl = readCrl(bytes);
    return { crl, crossing: cross(crl, wanted) };
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** Whether the bytes are a CRL at all, to its last entry. */
export const isReadable = (bytes: Buffer): boolean => readList(bytes, new Set()) !== null;

/** Lists with the same scope follow one another; a list without IDP speaks for all of the issuer. */
const scopeOf = (crl: Crl): string => (crl.scope ? createHash('sha256').update(crl.scope.der).digest('hex') : 'all');

/**
 * Who may have signed for this issuer key (§2 no. 3): the key itself; for a list fetched from the address that the
 * certificates name also another key generation of the same name. A list carried by hand must be of the key itself,
 * because a CA may keep one list per key, and absence from the wrong one means nothing.
 */
function signersFor(issuers: Issuers, issuerKey: string, crl: Crl, from: Origin) {
  const own = issuers.ofKey(issuerKey).map((a) => a.view);
  if (from.origin === 'uploaded') return own;
  const named = issuers.named(crl.issuer);
  return own.some((view) => named.includes(view)) ? named : own;
}

/** The issuer keys of ours that a list carried by hand may be about: those of its issuer's name. */
export function keysOf(ctx: Context, bytes: Buffer, issuers: Issuers): string[] {
  const read = readList(bytes, new Set());
  if (!read) return [];
  const keys = new Set(issuers.named(read.crl.issuer).map((view) => view.publicKey.spkiSha256));
  const fits = (view: CertificateView) => read.crl.keyId === null || view.ski === null || view.ski === read.crl.keyId;
  const exact = [...keys].filter((key) => issuers.ofKey(key).some((a) => fits(a.view)));
  return exact.length ? exact : [...keys];
}

export type AnswerQuestion = { certificateId: string; nonce: Buffer | null };

/** An OCSP response about one certificate. */
export function takeAnswer(
  ctx: Context,
  bytes: Buffer,
  question: AnswerQuestion,
  from: Origin,
  issuers: Issuers,
): Taken {
  const now = ctx.now();
  const row = store.checkedById(ctx.db, question.certificateId);
  const issuer = issuers.all.find((a) => a.id === row?.authorityId);
  const response = readAnswer(bytes);
  if (!row || !issuer) return refuse(ctx, 'ocsp', bytes, 'issuer_unknown', from);
  if (!response) return refuse(ctx, 'ocsp', bytes, 'unreadable', from);
  if (!issuers.anchored(issuer.view, now)) return refuse(ctx, 'ocsp', bytes, 'issuer_untrusted', from);
  const issuerKey = issuer.view.publicKey.spkiSha256;
  const held = store.answerOf(ctx.db, row.id);
  const verdict = acceptOcsp({
    response,
    asked: { serial: row.serial, issuer: issuer.view },
    certificate: row.fingerprint ? store.derOf(ctx.db, row.fingerprint) : null,
    nonce: question.nonce,
    delegateListed: (serial) => listedBy(ctx, issuerKey, serial, now),
    known: held?.thisUpdate ?? null,
    now,
    maxAgeHours: settings.get(ctx, 'freshness').ocspHours,
  });
  if (!verdict.accepted) return refuse(ctx, 'ocsp', bytes, verdict.code, from);
  const { answer, signer, remarks } = verdict;
  const stored = files.put(ctx, response.der);
  return transact(ctx, (tx) => {
    const again = store.evidenceOf(tx.db, response.sha256, issuerKey, row.id);
    files.register(tx, stored, 'application/ocsp-response');
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
        acceptedBy: audit.actorKey(ctx.actor),
      });
    const { status, reason, revokedAt, thisUpdate, nextUpdate } = answer;
    store.putAnswer(tx.db, {
      certificateId: row.id,
      status,
      reason,
      revokedAt,
      thisUpdate,
      nextUpdate,
      confirmedAt: now,
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

/** Whether the issuer's current complete list names a serial; null when there is none that is current. */
function listedBy(ctx: Context, issuerKey: string, serial: string, now: number): boolean | null {
  const line = store.lineOf(ctx.db, issuerKey, 'all');
  const evidence = line && store.evidenceById(ctx.db, line.evidenceId);
  if (!evidence || evidence.nextUpdate === null || evidence.nextUpdate < now) return null;
  return cross(readCrl(files.read(ctx, evidence.sha256)), new Set([serial])).found.has(serial);
}

/** Keeps a refused object with the rule it failed. */
export function refuse(ctx: Context, kind: 'crl' | 'ocsp', bytes: Buffer, code: RefusalCode, from: Origin): Taken {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  transact(ctx, (tx) =>
    store.addRefused(tx.db, {
      kind,
      sourceId: from.sourceId,
      at: tx.now(),
      by: audit.actorKey(ctx.actor),
      code,
      sha256,
      name: from.name,
      bytes,
    }),
  );
  return { outcome: 'refused', code, sha256 };
}
