// What pages, explanations and tasks show of sources and evidence. Reading only.
import { dateTime, number, relative, serial as serialText } from '#lib/format.ts';
import { revocationReasons } from '#lib/terms.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand, scope } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { wordOfAnswer } from './applying.ts';
import { cross, readCrl } from './crl.ts';
import { freshUntil } from './decide.ts';
import { Issuers } from './issuers.ts';
import { readResponse } from './ocsp.ts';
import { refusals, remarks, type RefusalCode } from './reasons.ts';
import * as store from './store.ts';

/** An end-point alert needs two failures in a row (certificate-status §10). */
export const FAILING_AFTER = 2;

export type SourceView = store.SourceRow & {
  /** The CA certificate of the issuer key, for the list of what depends on the source. */
  authorityId: string | null;
  certificates: number;
  agencies: number;
  thisUpdate: number | null;
  nextUpdate: number | null;
  size: number | null;
  entryCount: number | null;
  crlNumber: string | null;
  remarks: store.EvidenceRow['remarks'];
  state: 'ok' | 'failing' | 'stale' | 'never' | 'retired';
};

/**
 * Sources as they stand, for callers that asked for permission. @param states only these: what depends on a source is
 * counted over all certificates, and work has nothing to say about those in order
 */
export function sourceViews(ctx: Context, states?: readonly SourceView['state'][]): SourceView[] {
  const now = ctx.now();
  const standing = store
    .sources(ctx.db)
    .map((row) => {
      const held = row.evidenceId ? store.evidenceById(ctx.db, row.evidenceId) : undefined;
      const crl = row.kind === 'crl' ? held : undefined;
      return { row, crl, state: stateOf(row, crl, now) };
    })
    .filter(({ state }) => !states || states.includes(state));
  if (!standing.length) return [];
  const counts = store.dependants(ctx.db);
  const issuers = Issuers.read(ctx.db);
  const below = throughAuthorities(ctx, issuers);
  const order = { failing: 0, stale: 1, never: 2, ok: 3, retired: 4 };
  return standing
    .map(({ row, crl, state }) => {
      const key = `${row.kind} ${row.issuerKey} ${row.url}`;
      const count = counts.get(key) ?? below.get(key) ?? { certificates: 0, agencies: 0 };
      return {
        ...row,
        ...count,
        authorityId: counts.has(key) ? (issuers.ofKey(row.issuerKey)[0]?.id ?? null) : null,
        thisUpdate: crl?.thisUpdate ?? null,
        nextUpdate: crl?.nextUpdate ?? null,
        size: crl?.size ?? null,
        entryCount: crl?.entryCount ?? null,
        crlNumber: crl?.crlNumber ?? null,
        remarks: crl?.remarks ?? [],
        state,
      };
    })
    .sort((a, b) => order[a.state] - order[b.state] || b.certificates - a.certificates);
}

/** Lists about CA certificates: everything below those CAs depends on them. */
function throughAuthorities(ctx: Context, issuers: Issuers): Map<string, { certificates: number; agencies: number }> {
  const found = new Map<string, { certificates: number; agencies: number }>();
  for (const above of issuers.all) {
    const key = above.view.publicKey.spkiSha256;
    for (const ca of issuers.issuedBy(key)) {
      for (const url of ca.view.crlUrls) found.set(`crl ${key} ${url}`, store.standingUnder(ctx.db, issuers.below(ca)));
    }
  }
  return found;
}

function stateOf(row: store.SourceRow, held: store.EvidenceRow | undefined, now: number): SourceView['state'] {
  if (row.retiredAt !== null) return 'retired';
  if (row.failures >= FAILING_AFTER) return 'failing';
  if (row.kind === 'ocsp') return row.confirmedAt === null ? 'never' : 'ok';
  if (!held) return row.failures > 0 ? 'failing' : 'never';
  return held.nextUpdate === null || held.nextUpdate < now ? 'stale' : 'ok';
}

/** What is wrong with a source in a sentence, or null. */
export function sourceProblem(view: SourceView, now: number): string | null {
  if (view.state === 'failing') return `gagal ${number(view.failures)} kali berturut-turut. ${view.failureText ?? ''}`;
  if (view.state === 'stale')
    return `CRL terakhir lewat masa pakainya ${view.nextUpdate === null ? '' : relative(view.nextUpdate, now)}.`;
  return null;
}

export function sources(ctx: Context): SourceView[] {
  demand(ctx.actor, 'revocation.view');
  return sourceViews(ctx);
}

/** One source with the evidence it gave and what was refused. @throws AppError not_found */
export function source(ctx: Context, id: string) {
  demand(ctx.actor, 'revocation.view');
  const view = sourceViews(ctx).find((row) => row.id === id);
  if (!view) throw notFound('Sumber pencabutan ini tidak ada.');
  return {
    ...view,
    problem: sourceProblem(view, ctx.now()),
    evidence: store.evidenceOfSource(ctx.db, id, 50),
    refused: store.refusedOfSource(ctx.db, id, 10).map((row) => ({
      id: row.id,
      at: row.at,
      sha256: row.sha256,
      size: row.size,
      code: row.code,
      ...refusals[row.code as RefusalCode],
    })),
  };
}

export type EvidenceView = ReturnType<typeof evidence>;

/** An accepted object, decoded from its stored bytes. @throws AppError not_found */
export function evidence(ctx: Context, id: string) {
  demand(ctx.actor, 'certificates.view');
  const row = store.evidenceById(ctx.db, id);
  if (!row) throw notFound('Bukti ini tidak ada.');
  // An answer is about one certificate: who may not see that one does not see the answer either.
  if (row.certificateId !== null) certificates.get(ctx, row.certificateId);
  const resting = store.restingOn(ctx.db, id, 200);
  const seen = scope(ctx.actor);
  const line = store.lineOf(ctx.db, row.issuerKey, row.scope);
  return {
    ...row,
    current: row.kind === 'ocsp' ? null : line?.evidenceId === id,
    confirmedAt: row.kind === 'crl' && line?.evidenceId === id ? line.confirmedAt : row.acceptedAt,
    remarks: row.remarks.map((code) => ({ code, ...remarks[code] })),
    source: row.sourceId ? (store.sourceById(ctx.db, row.sourceId) ?? null) : null,
    signer: signerOf(ctx, row.signerFingerprint),
    resting: resting.count,
    revoked: resting.revoked.filter((c) => seen === 'all' || (c.agencyId !== null && seen.includes(c.agencyId))),
    certificate: row.certificateId ? (store.nameOf(ctx.db, row.certificateId) ?? null) : null,
    decoded: decoded(ctx, row),
  };
}

function signerOf(ctx: Context, fingerprint: string): { id: string; commonName: string } | null {
  return store.authorityNamed(ctx.db, fingerprint) ?? null;
}

/** Label and value pairs as the object itself says them. */
function decoded(ctx: Context, row: store.EvidenceRow): { label: string; value: string }[] {
  const bytes = files.read(ctx, row.sha256);
  return row.kind === 'crl' ? decodedList(bytes) : decodedAnswer(bytes, row, ctx);
}

function decodedList(bytes: Buffer) {
  const crl = readCrl(bytes);
  const only = [
    crl.scope?.onlyUser && 'sertifikat pengguna',
    crl.scope?.onlyCa && 'sertifikat CA',
    crl.scope?.indirect && 'tidak langsung',
  ];
  return [
    { label: 'Penerbit di dalam CRL', value: crl.issuer.text },
    { label: 'Versi', value: `v${crl.version}` },
    { label: 'Algoritma tanda tangan (OID)', value: crl.algorithm.oid },
    {
      label: 'Nomor CRL',
      value: crl.number === null ? 'tidak ada' : `${BigInt(`0x${crl.number.replace('-', '')}`)} (0x${crl.number})`,
    },
    { label: 'thisUpdate', value: `${dateTime(crl.thisUpdate.ms)} (${crl.thisUpdate.text})` },
    {
      label: 'nextUpdate',
      value: crl.nextUpdate ? `${dateTime(crl.nextUpdate.ms)} (${crl.nextUpdate.text})` : 'tidak ada',
    },
    { label: 'Jumlah entri', value: number(cross(crl, new Set()).count) },
    {
      label: 'Cakupan (IDP)',
      value: crl.scope ? only.filter(Boolean).join(', ') || 'dinyatakan di dalam CRL' : 'seluruh sertifikat penerbit',
    },
    { label: 'Pengenal kunci penerbit (AKI)', value: crl.keyId ? serialText(crl.keyId) : 'tidak ada' },
    { label: 'Ekstensi (OID)', value: crl.extensions.join(', ') || 'tidak ada' },
  ];
}

const answers = {
  good: 'tidak dicabut (good)',
  revoked: 'dicabut (revoked)',
  unknown: 'tidak dikenal (unknown)',
} as const;

function decodedAnswer(bytes: Buffer, row: store.EvidenceRow, ctx: Context) {
  const basic = readResponse(bytes).basic!;
  const own = row.certificateId ? store.checkedById(ctx.db, row.certificateId)?.serial : undefined;
  const about = basic.singles.filter((s) => s.certId.serial === own).sort((a, b) => b.thisUpdate - a.thisUpdate)[0];
  const facts = [
    { label: 'Dibuat responder (producedAt)', value: dateTime(basic.producedAt) },
    { label: 'Algoritma tanda tangan (OID)', value: basic.algorithm.oid },
    {
      label: 'Pengenal responder',
      value: 'name' in basic.responder ? 'nama (byName)' : `sidik kunci ${basic.responder.keyHash.toString('hex')}`,
    },
    {
      label: 'Nonce',
      value: basic.nonce
        ? `${number(basic.nonce.length)} oktet, cocok dengan yang dikirim bila ditanya langsung`
        : 'tidak ada',
    },
    { label: 'Jumlah jawaban', value: number(basic.singles.length) },
  ];
  if (!about) return facts;
  const reason =
    about.reason === null ? 'tidak disebut' : `${about.reason} ${revocationReasons[about.reason]?.rfc ?? ''}`;
  return [
    { label: 'Nomor seri', value: serialText(about.certId.serial) },
    { label: 'Jawaban', value: answers[about.status] },
    ...(about.status === 'revoked'
      ? [
          { label: 'Dicabut pada', value: dateTime(about.revokedAt) },
          { label: 'Alasan', value: reason },
        ]
      : []),
    { label: 'thisUpdate', value: dateTime(about.thisUpdate) },
    { label: 'nextUpdate', value: about.nextUpdate === null ? 'tidak ada' : dateTime(about.nextUpdate) },
    ...facts,
  ];
}

export type Explanation = {
  sentence: string;
  /** What it rests on: source, its time, when it was checked; null when there is no verified evidence yet. */
  evidence: { id: string; text: string; href: string } | null;
  /** When it is asked next, UTC ms; null when nothing is asked. */
  nextCheckAt: number | null;
  sources: { id: string; kind: 'crl' | 'ocsp'; url: string; state: SourceView['state']; href: string }[];
  /** The OCSP answer held besides, when the list is the evidence, or the other way round. */
  also: string | null;
  signals: { id: string; kind: store.SignalRow['kind']; at: number; settledAt: number | null }[];
};

/** Why a certificate has the revocation status it has: one sentence, its evidence, what is asked next. */
export function explain(ctx: Context, certificateId: string): Explanation {
  const row = certificates.get(ctx, certificateId);
  const held = row.evidenceId ? store.evidenceById(ctx.db, row.evidenceId) : undefined;
  const checked = store.checkedById(ctx.db, certificateId);
  const named = checked?.issuerKey
    ? store.sourcesOfIssuer(ctx.db, checked.issuerKey).filter((s) => s.retiredAt === null)
    : [];
  const own = named.filter((s) => (s.kind === 'crl' ? row.crlUrls : row.ocspUrls).includes(s.url));
  const lists = own.filter((s) => s.kind === 'crl');
  return {
    sentence: row.status.sentence,
    evidence: held ? { id: held.id, text: evidenceText(held, row.confirmedAt), href: `/evidence/${held.id}` } : null,
    nextCheckAt: lists.length ? Math.min(...lists.map((s) => s.dueAt)) : null,
    sources: own.map((s) => ({
      id: s.id,
      kind: s.kind,
      url: s.url,
      state: stateOf(s, s.evidenceId ? store.evidenceById(ctx.db, s.evidenceId) : undefined, ctx.now()),
      href: `/sources/${s.id}`,
    })),
    also: alsoSaid(ctx, certificateId, held),
    signals: store.signalsOf(ctx.db, certificateId).map(({ id, kind, at, settledAt }) => ({ id, kind, at, settledAt })),
  };
}

function evidenceText(held: store.EvidenceRow, confirmedAt: number | null): string {
  const what =
    held.kind === 'crl'
      ? `CRL ${held.issuerName}${held.crlNumber === null ? '' : ` nomor ${BigInt(`0x${held.crlNumber.replace('-', '')}`)}`}`
      : `Jawaban OCSP ${held.issuerName}`;
  const carried = held.origin === 'uploaded' ? ', diunggah petugas' : '';
  return `${what}, terbit ${dateTime(held.thisUpdate)}${carried}; diperiksa ${dateTime(confirmedAt ?? held.acceptedAt)}.`;
}

function alsoSaid(ctx: Context, certificateId: string, held: store.EvidenceRow | undefined): string | null {
  const answer = store.answerOf(ctx.db, certificateId);
  if (!answer || held?.kind === 'ocsp') return null;
  const word =
    answer.status === 'non_issued'
      ? 'tidak pernah diterbitkan'
      : answers[answer.status === 'on_hold' ? 'revoked' : answer.status];
  const until = freshUntil(wordOfAnswer(answer), settings.get(ctx, 'freshness'));
  return `OCSP pada ${dateTime(answer.thisUpdate)}: ${word}${until < ctx.now() ? ' (sudah lewat masa pakainya)' : ''}.`;
}
