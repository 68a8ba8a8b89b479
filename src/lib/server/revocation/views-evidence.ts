// One accepted or refused object as its page shows it: decoded from its bytes, the rules it passed or failed, what of
// ours it names, what rests on it. Reading only.
import { serialDecimal } from '#lib/format.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import { AppError, notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import { DerError, readCertificate, validatePath, verifySignature } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { isCarried } from './confirmed-by.ts';
import { cross, readCrl, type Crossing } from './crl.ts';
import { answerRules, listRules, type Rule, type Signer } from './evidence-rules.ts';
import { heldObject } from './held-object.ts';
import { Issuers } from './issuers.ts';
import { readResponse, type OcspResponse } from './ocsp.ts';
import { adviceFor } from './refusal-advice.ts';
import { refusalWords, remarks } from './reasons.ts';
import type { ThinnedEntry } from './schema.ts';
import * as store from './store.ts';
import { answerFacts, extensionsOf, listFacts, scopeText, type ExtensionFact, type Fact } from './views-decode.ts';
import { waitingNow } from './waiting.ts';
import { changesByEvidence, countResting, refusedById, trendOf, type ChangeRow } from './views-store.ts';

/** A page does not hash or walk more than this; what a larger list holds was written down when it was crossed. */
const LIVE_BYTES = 8 * 1024 * 1024;
const SHOWN = 200;

export type EvidenceView = ReturnType<typeof evidence>;

/** An accepted object, decoded from its stored bytes. @throws AppError not_found */
export function evidence(ctx: Context, id: string) {
  demand(ctx.actor, 'certificates.view');
  const row = store.evidenceById(ctx.db, id);
  if (!row) throw notFound('Bukti ini tidak ada.');
  // An answer is about one certificate: who may not see that one does not see the answer either.
  if (row.certificateId !== null) certificates.get(ctx, row.certificateId);
  const line = row.kind === 'crl' ? store.lineOf(ctx.db, row.issuerKey, row.scope) : undefined;
  const answer = row.certificateId ? store.answerOf(ctx.db, row.certificateId) : undefined;
  const delta = row.deltaOf !== null;
  const latest = row.kind === 'ocsp' ? answer?.evidenceId : delta ? line?.deltaEvidenceId : line?.evidenceId;
  const latestAt = row.kind === 'ocsp' ? answer?.confirmedAt : delta ? line?.deltaConfirmedAt : line?.confirmedAt;
  const newest = latest && latest !== id ? store.evidenceById(ctx.db, latest) : undefined;
  // What waits for our clock has replaced nothing yet.
  const isWaiting = waitingNow(ctx);
  const inForce = newest && isWaiting(newest) ? line?.appliedEvidenceId : latest;
  const current = inForce === id;
  const confirmedAt = (latest === id ? latestAt : null) ?? row.acceptedAt;
  const seen = scope(ctx.actor);
  const visible = (agencyId: string | null) => seen === 'all' || (agencyId !== null && seen.includes(agencyId));
  return {
    ...row,
    number: row.crlNumber === null ? null : serialDecimal(row.crlNumber),
    /** BaseCRLNumber of a delta, as people quote it, and the complete list of the line that has it. */
    base: row.deltaOf === null ? null : serialDecimal(row.deltaOf),
    baseId: row.deltaOf === null ? null : (line?.evidenceId ?? null),
    thinned: store.thinnedOf(ctx.db, row.id)?.at ?? null,
    current,
    newer: current ? null : (inForce ?? null),
    confirmedAt,
    waiting: isWaiting(row),
    /** By a file, not by its source. */
    carried: isCarried(ctx, row, confirmedAt),
    before: row.kind === 'crl' ? (before(ctx, row)?.id ?? null) : null,
    remarks: row.remarks.map((code) => ({ code, ...remarks[code] })),
    source: row.sourceId ? (store.sourceById(ctx.db, row.sourceId) ?? null) : null,
    resting: seen === 'all' ? countResting(ctx.db, id) : null,
    changes: changesByEvidence(ctx.db, id, SHOWN)
      .filter((change) => visible(change.agencyId))
      .map(changeOf),
    certificate: row.certificateId ? (store.nameOf(ctx.db, row.certificateId) ?? null) : null,
    ...decoded(ctx, row, visible),
  };
}

export type Change = Omit<ChangeRow, 'detail'> & { detail: Record<string, string | number> };
export const changeOf = (row: ChangeRow): Change => ({
  ...row,
  detail: JSON.parse(row.detail) as Record<string, string | number>,
});

/** The list of the same line before this one. */
function before(ctx: Context, row: store.EvidenceRow): store.EvidenceRow | null {
  const points = trendOf(ctx.db, row, SHOWN);
  const at = points.findIndex((point) => point.id === row.id);
  return at > 0 ? (store.evidenceById(ctx.db, points[at - 1]!.id) ?? null) : null;
}

/** A serial of ours that the object names. */
export type Named = {
  id: string | null;
  commonName: string;
  serial: string;
  revokedAt: number;
  reason: number | null;
  invalidityAt: number | null;
};

type Decoded = {
  /** Why the bytes cannot be shown, when they cannot. */
  missing: string | null;
  facts: Fact[];
  /** What a list covers, when that is not every certificate of its issuer. */
  covers: string | null;
  extensions: ExtensionFact[];
  rules: Rule[];
  signer: { name: string; fingerprint: string; authorityId: string | null; path: readonly string[] } | null;
  /** Null: too many entries to look for ours again; what they changed is in `changes`. */
  named: Named[] | null;
  /** What an answer says about its certificate; also when only that is left of it. */
  said: { status: NonNullable<ThinnedEntry['status']>; revokedAt: number | null; reason: number | null } | null;
};

const NOTHING: Omit<Decoded, 'missing'> = {
  facts: [],
  covers: null,
  extensions: [],
  rules: [],
  signer: null,
  named: null,
  said: null,
};

function decoded(ctx: Context, row: store.EvidenceRow, visible: (agencyId: string | null) => boolean): Decoded {
  const issuers = Issuers.read(ctx.db);
  try {
    if (row.kind === 'ocsp') return answer(ctx, row, issuers);
    return list(ctx, row, issuers, visible);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...NOTHING, missing: error.message };
  }
}

function list(
  ctx: Context,
  row: store.EvidenceRow,
  issuers: Issuers,
  visible: (agencyId: string | null) => boolean,
): Decoded {
  const large = row.size > LIVE_BYTES;
  const wanted = new Set(large ? [] : store.serialsOf(ctx.db, row.issuerKey));
  const { bytes, crl: read, crossing } = heldObject(ctx, row, wanted);
  const crl = read!;
  const certificate = signerOf(ctx, row.signerFingerprint, []);
  const verify = (spki: Buffer) => verifySignature(crl.tbs, crl.algorithm.der, crl.signature, spki);
  const signer = certificate && signerWords(certificate, issuers, row.acceptedAt, bytes && !large ? verify : null);
  const extensions = extensionsOf(crl);
  const earlier = before(ctx, row);
  const { entryCount, acceptedAt, remarks } = row;
  return {
    missing: null,
    facts: listFacts(crl, row),
    covers: crl.scope && scopeText(crl),
    extensions,
    rules: listRules({
      crl,
      extensions,
      entryCount: entryCount ?? 0,
      before: earlier && {
        number: earlier.crlNumber,
        thisUpdate: earlier.thisUpdate,
        entryCount: earlier.entryCount ?? 0,
      },
      acceptedAt,
      remarks,
      signer,
    }),
    signer: signer && shownSigner(signer, issuers),
    named: large && bytes ? null : namedIn(ctx, row, crossing!, visible),
    said: null,
  };
}

function answer(ctx: Context, row: store.EvidenceRow, issuers: Issuers): Decoded {
  const { bytes } = heldObject(ctx, row);
  const basic = bytes && readResponse(bytes).basic;
  if (!basic) {
    const kept = store.thinnedOf(ctx.db, row.id)?.found[0];
    return { ...NOTHING, missing: null, said: kept?.status ? { ...kept, status: kept.status } : null };
  }
  const own = row.certificateId
    ? [store.checkedById(ctx.db, row.certificateId)?.serial]
    : issuers.issuedBy(row.issuerKey).map(({ view }) => view.serial);
  const about = basic.singles
    .filter((s) => own.includes(s.certId.serial))
    .sort((a, b) => b.thisUpdate - a.thisUpdate)[0];
  const certificate = signerOf(ctx, row.signerFingerprint, basic.certificates);
  const verify = (spki: Buffer) => verifySignature(basic.tbs, basic.algorithm.der, basic.signature, spki);
  const signer = certificate && signerWords(certificate, issuers, row.acceptedAt, verify);
  return {
    missing: null,
    facts: answerFacts(basic, about),
    covers: null,
    extensions: [],
    rules: answerRules({
      basic,
      about,
      size: bytes.length,
      byIssuer: certificate?.publicKey.spkiSha256 === row.issuerKey,
      issuerName: row.issuerName,
      acceptedAt: row.acceptedAt,
      remarks: row.remarks,
      signer,
    }),
    signer: signer && shownSigner(signer, issuers),
    named: null,
    said: about ?? null,
  };
}

/** The signer's certificate: a CA of ours, or a delegate that came with the answer. */
function signerOf(ctx: Context, fingerprint: string, delegates: readonly Buffer[]): CertificateView | null {
  const der = certificates.der(ctx, fingerprint);
  if (der) return readCertificate(der);
  for (const candidate of delegates) {
    try {
      const view = readCertificate(candidate);
      if (view.fingerprint === fingerprint) return view;
    } catch {
      // A certificate that came along and cannot be read signed nothing.
    }
  }
  return null;
}

function signerWords(
  certificate: CertificateView,
  issuers: Issuers,
  at: number,
  verify: ((spki: Buffer) => boolean) | null,
): Signer {
  const of = (trust: 'anchor' | 'other') =>
    issuers.all.filter((ca) => (ca.trust === 'anchor') === (trust === 'anchor')).map((ca) => ca.view);
  const { ok, path } = validatePath(certificate, { anchors: of('anchor'), intermediates: of('other'), at });
  return {
    name: nameOf(certificate, issuers),
    certificate,
    path: ok ? path.map((view) => nameOf(view, issuers)) : [],
    verified: verify && verify(certificate.publicKey.spki),
  };
}

const nameOf = (view: CertificateView, issuers: Issuers): string =>
  issuers.all.find((ca) => ca.view.fingerprint === view.fingerprint)?.commonName ?? ownName(view);

/** Its common name; a delegate is no CA of ours and has no record. */
const ownName = (view: CertificateView): string =>
  view.subject.rdns.flat().find(({ oid }) => oid === '2.5.4.3')?.value ?? view.subject.text;

const shownSigner = ({ name, certificate, path }: Signer, issuers: Issuers) => ({
  name,
  fingerprint: certificate.fingerprint,
  authorityId: issuers.all.find((ca) => ca.view.fingerprint === certificate.fingerprint)?.id ?? null,
  path,
});

/** Serials of ours in a list, certificates first, then CA certificates. */
function namedIn(
  ctx: Context,
  row: store.EvidenceRow,
  { found }: Crossing,
  visible: (agencyId: string | null) => boolean,
): Named[] {
  return [...found.values()].flatMap((entries) => {
    const entry = [...entries].sort((a, b) => a.revokedAt - b.revokedAt)[0]!;
    const { serial, revokedAt, reason, invalidityAt } = entry;
    return store.idsOf(ctx.db, row.issuerKey, serial).flatMap((id): Named[] => {
      const named = store.nameOf(ctx.db, id);
      return named && visible(named.agencyId)
        ? [{ id, commonName: named.commonName, serial, revokedAt, reason, invalidityAt }]
        : [];
    });
  });
}

// ---- refused objects ---------------------------------------------------------------------------------------------

export type RefusedView = ReturnType<typeof refused>;

/** A refused object: the rule it failed in words, what to do, and what of it can be read. @throws AppError not_found */
export function refused(ctx: Context, id: string) {
  demand(ctx.actor, 'revocation.view');
  const row = refusedById(ctx.db, id);
  if (!row) throw notFound('Objek yang ditolak ini tidak ada.');
  const { bytes, ...facts } = row;
  const whole = bytes !== null && bytes.length === row.size;
  return {
    ...facts,
    ...refusalWords(row.kind, row.code),
    advice: adviceFor(row.code, row.sourceId !== null),
    source: row.sourceId ? (store.sourceById(ctx.db, row.sourceId) ?? null) : null,
    kept: bytes !== null,
    whole,
    decoded: whole ? readable(row.kind, bytes, row.size) : null,
  };
}

/** What can be read of an object nobody believes: shown, never used. */
function readable(kind: 'crl' | 'ocsp', bytes: Buffer, size: number): Fact[] | null {
  try {
    if (kind === 'crl') {
      const crl = readCrl(bytes);
      return listFacts(crl, { entryCount: cross(crl, new Set()).count, size });
    }
    const response: OcspResponse = readResponse(bytes);
    return response.basic ? answerFacts(response.basic, response.basic.singles[0]) : null;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** The bytes of a refused object, while they are kept. @throws AppError not_found */
export function downloadRefused(ctx: Context, id: string): { name: string; mediaType: string; bytes: Buffer } {
  demand(ctx.actor, 'revocation.view');
  const row = refusedById(ctx.db, id);
  if (!row?.bytes) throw notFound('Isi objek ini tidak disimpan lagi; yang tersisa sidiknya.');
  return { name: `ditolak-${row.sha256.slice(0, 12)}.bin`, mediaType: 'application/octet-stream', bytes: row.bytes };
}
