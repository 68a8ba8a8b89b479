// Which issuers the office trusts. Nothing is trusted because it came in a file: an administrator compares the SHA-256
// with an official source, types it, and it must be equal (RFC 5280 §6.1.1 (d): a trust anchor is a local decision).
// Every decision and its chains' change stand in the trail.
import * as audit from '../audit/index.ts';
import { cleanName, openContainer } from '../containers/index.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, invalid, keySent, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { CertificateError, DerError, PATH_RULES, readCertificate, signedBy, unfitToSign } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import { requestChains } from './chain-runs.ts';
import type { KnownAuthority, Trust } from './chain.ts';
import { keyWords } from './describe.ts';
import * as doubts from './doubts.ts';
import { attribute } from './facts.ts';
import { tellEach } from './browsing.ts';
import { issuerTraits } from './traits.ts';
import { issuerStatuses, type IssuerStatus } from './issuer-status.ts';
import { trustInput, type TrustInput } from './input.ts';
import { keyringOf } from './keyring.ts';
import { knownIssuer, knownIssuers } from './known-issuers/index.ts';
import { ruleOf } from './lint.ts';
import * as issuers from './authority-store.ts';
import { trustWarnings, warningWords, type Warning } from './trust-warnings.ts';

export type Authority = issuers.AuthorityRow & {
  certificates: number;
  /** Certificates under it by label; of a large estate as counted last. */
  labels: [label: CertificateLabel, count: number][];
  /** The CA certificate whose key verifies this one; null: none, or itself. */
  issuerId: string | null;
  key: string;
  /** Why every certificate below it stays invalid, whoever trusts it (RFC 5280 §4.2.1.3, §4.2.1.9); null: it may issue. */
  unfit: { text: string; clause: string } | null;
  /** What a person is warned of before trusting it; `unfit` among it. */
  warnings: Warning[];
  /** Where the fingerprint can be compared, for those that Siaga brings along. */
  known: { about: string; compare: string } | null;
  /** `revokedAt` is that of a hold, which newer evidence may end. */
  held: boolean;
  /** How fresh the evidence about it is; null: rejected, nobody asks. */
  status: IssuerStatus | null;
};

/** CA certificates that are on hold, not revoked. */
export function heldAuthorities(ctx: Context): ReadonlySet<string> {
  demand(ctx.actor, 'certificates.view');
  return issuers.held(ctx.db);
}

/** CA certificates whose hold newer evidence ended. */
export function releasedAuthorities(ctx: Context): ReadonlySet<string> {
  demand(ctx.actor, 'certificates.view');
  return issuers.released(ctx.db);
}

/** CA certificates the office knows, with how many certificates stand under each. */
export function authorities(ctx: Context): Authority[] {
  demand(ctx.actor, 'trust.view');
  const counts = countsByIssuer(ctx);
  const ring = keyringOf(ctx);
  const held = issuers.held(ctx.db);
  const statuses = issuerStatuses(ctx);
  const now = ctx.now();
  return issuers.all(ctx.db).map((row) => {
    const labels = [...(counts.get(row.id) ?? [])].sort((a, b) => b[1] - a[1]);
    const view = ring.byId(row.id)?.view;
    const above = view ? ring.issuersOf(view).find((issuer) => issuer.id !== row.id) : undefined;
    const known = knownIssuer(row.fingerprint);
    const unfit = view ? unfitToSign(view) : null;
    return {
      ...row,
      certificates: labels.reduce((sum, [, n]) => sum + n, 0),
      labels,
      issuerId: row.selfSigned ? null : (above?.id ?? null),
      key: view ? keyWords(view) : '',
      unfit: unfit && PATH_RULES[unfit],
      warnings: view ? trustWarnings(view, row.revokedAt, now) : [],
      known: known ? { about: known.about, compare: known.compare } : null,
      held: held.has(row.id),
      status: statuses.get(row.id) ?? null,
    };
  });
}

function countsByIssuer(ctx: Context): Map<string, Map<CertificateLabel, number>> {
  const found = new Map<string, Map<CertificateLabel, number>>();
  tellEach(ctx, {}, ({ issuerId, label }) => {
    let labels = found.get(issuerId);
    if (!labels) found.set(issuerId, (labels = new Map<CertificateLabel, number>()));
    labels.set(label, (labels.get(label) ?? 0) + 1);
  });
  return found;
}

/** Rules that fire on nearly all certificates of an issuer ("Ciri penerbit"), in words. */
export function traits(ctx: Context) {
  demand(ctx.actor, 'trust.view');
  return issuerTraits(ctx.db).map((trait) => ({ ...trait, ...ruleOf(trait.rule) }));
}

/** @throws AppError not_found */
export function authority(ctx: Context, id: string): Authority {
  const found = authorities(ctx).find((row) => row.id === id);
  if (!found) throw notFound('Penerbit ini tidak ada dalam daftar.');
  return found;
}

export const commonNameOf = (view: CertificateView): string => attribute(view, '2.5.4.3') || view.subject.text;
const isSelfSigned = (view: CertificateView): boolean =>
  view.subject.der.equals(view.issuer.der) && signedBy(view, view);

/**
 * Keeps a CA certificate met in a file or by AIA: a self-signed one is proposed for a decision, others are candidates
 * that may serve inside a path. Never more than that. Call inside a transaction. @returns its id, and whether it is new
 */
export function keepAuthority(ctx: Context, view: CertificateView, origin: string): { id: string; fresh: boolean } {
  const known = issuers.byFingerprint(ctx.db, view.fingerprint);
  if (known) return { id: known.id, fresh: false };
  const selfSigned = isSelfSigned(view);
  const trust: Trust = selfSigned ? 'proposed' : 'candidate';
  const name = commonNameOf(view);
  const id = issuers.insert(ctx.db, view, { commonName: name, trust, origin, selfSigned, now: ctx.now() });
  if (selfSigned) followRoot(ctx);
  requestChains(ctx, 'open');
  return { id, fresh: true };
}

const absent = (ctx: Context) => knownIssuers.filter((known) => !issuers.byFingerprint(ctx.db, known.sha256));

/** Whether a public issuer that Siaga brings along has not been put before the administrator. */
export const offersWaiting = (ctx: Context): boolean => absent(ctx).length > 0;

/** Puts the public issuers that Siaga brings along before the administrator, once. Nothing is trusted by it. @returns how many */
export function offerKnownIssuers(ctx: Context): number {
  demand(ctx.actor, 'certificates.import');
  return transact(ctx, (tx) => {
    const offered = absent(tx);
    for (const known of offered) {
      const { id } = keepAuthority(tx, readCertificate(known.der), 'Dibawa Siaga: sertifikat publik');
      audit.record(tx, { action: 'authority.proposed', targets: [['authority', id]], details: { name: known.name } });
    }
    return offered.length;
  });
}

/** Intermediates that were proposed while their root was missing follow it now; nobody has to decide them one by one. */
function followRoot(ctx: Context): void {
  const waiting = issuers.all(ctx.db).filter((row) => row.trust === 'proposed' && !row.selfSigned);
  if (waiting.length === 0) return;
  const ring = keyringOf(ctx);
  for (const row of waiting) {
    const self = ring.find(row.fingerprint);
    if (self && ring.reachOf(self).end !== 'missing') issuers.set(ctx.db, row.id, { trust: 'candidate' });
  }
}

/** Puts a CA certificate (DER) before the administrator. @throws AppError invalid when it is not a CA certificate */
export function proposeAuthority(
  ctx: Context,
  input: { der: Uint8Array; origin: string },
): { id: string; fingerprint: string } {
  demand(ctx.actor, 'certificates.import');
  const view = caOf(input.der);
  return transact(ctx, (tx) => {
    const { id } = keepAuthority(tx, view, input.origin);
    const row = issuers.byId(tx.db, id)!;
    // An intermediate follows its root; without one it must be decided by itself.
    if (row.trust === 'candidate' && !reachesRoot(tx, view)) {
      issuers.set(tx.db, id, { trust: 'proposed', origin: input.origin });
      audit.record(tx, {
        action: 'authority.proposed',
        targets: [['authority', id]],
        details: { name: row.commonName },
      });
    }
    return { id, fingerprint: view.fingerprint };
  });
}

function reachesRoot(ctx: Context, view: CertificateView): boolean {
  const ring = keyringOf(ctx);
  const self = ring.find(view.fingerprint);
  return !!self && ring.reachOf(self).end !== 'missing';
}

/** CA certificates inside uploaded files, each proposed. @throws AppError invalid when there is none */
export async function proposeFiles(
  ctx: Context,
  uploads: readonly { name: string; bytes: Uint8Array }[],
): Promise<{ id: string; fingerprint: string }[]> {
  demand(ctx.actor, 'certificates.import');
  const found: { der: Buffer; origin: string }[] = [];
  for (const upload of uploads) {
    const entries = await openContainer(upload);
    if (entries.some((entry) => entry.kind === 'private_key'))
      throw keySent('file', { files: `Kirim ulang tanpa ${cleanName(upload.name)}.` });
    for (const entry of entries) {
      // An `unreadable` entry carries bytes that only look like a certificate.
      const ders = (entry.kind === 'certificate' ? (entry.ders ?? []) : []).filter(isAuthority);
      found.push(...ders.map((der) => ({ der, origin: `Unggahan ${entry.name}` })));
    }
  }
  // Roots first, so that an intermediate of the same upload finds its own.
  const isRoot = ({ der }: { der: Buffer }) => isSelfSigned(readCertificate(der));
  const proposed = [...found.filter(isRoot), ...found.filter((one) => !isRoot(one))].map((one) =>
    proposeAuthority(ctx, one),
  );
  if (!proposed.length) {
    throw invalid('Tidak ada sertifikat penerbit (CA) di dalam berkas ini.', {
      files: 'Pilih berkas sertifikat penerbit.',
    });
  }
  return proposed;
}

/** Whether a DER is a certificate that may issue others, or names itself as issuer. */
export function isAuthority(der: Uint8Array): boolean {
  try {
    const view = readCertificate(der);
    return view.ca || view.subject.der.equals(view.issuer.der);
  } catch (error) {
    if (error instanceof CertificateError || error instanceof DerError) return false;
    throw error;
  }
}

function caOf(der: Uint8Array): CertificateView {
  try {
    const view = readCertificate(der);
    if (!view.ca && !view.subject.der.equals(view.issuer.der)) {
      throw invalid('Berkas ini bukan sertifikat penerbit (CA); impor lewat Sertifikat › Impor.');
    }
    return view;
  } catch (error) {
    if (error instanceof CertificateError || error instanceof DerError)
      throw invalid(`Sertifikat tidak dapat dibaca: ${error.message}.`);
    throw error;
  }
}

/**
 * Accepts or rejects an issuer. Accepting needs the SHA-256 typed from an official source, equal to the certificate's.
 * What speaks against it must be accepted too, and stands in the trail. The decision commits at once and the chains follow by
 * jobs; what a rejection may take away is in doubt with it.
 * @throws AppError invalid, conflict
 */
export function decideTrust(ctx: Context, id: string, input: TrustInput): void {
  demand(ctx.actor, 'trust.decide');
  const now = ctx.now();
  const decision = accept(trustInput, input, 'Keputusan belum disimpan; periksa isian yang ditandai.');
  const row = issuers.byId(ctx.db, id);
  if (!row) throw notFound('Penerbit ini tidak ada dalam daftar.');
  const trust: Trust = decision.decision === 'accept' ? 'anchor' : 'rejected';
  if (decision.decision === 'accept' && decision.fingerprint !== row.fingerprint) {
    throw invalid('Sidik jari tidak sama. Jangan dipercaya; periksa dari mana berkas ini berasal.', {
      fingerprint: 'Tidak sama dengan sidik jari sertifikat ini.',
    });
  }
  if (row.trust === trust) throw conflict('Keputusan yang sama sudah tercatat.');
  transact(ctx, (tx) => {
    // As it stands now: it may have been revoked since the page was shown.
    const known = keyringOf(tx).byId(id)!;
    const warnings = trust === 'anchor' ? trustWarnings(known.view, known.revokedAt, now) : [];
    const grave = warnings.filter((warning) => warning.grave);
    if (decision.decision === 'accept' && grave.length && !decision.despite) {
      throw invalid(`Belum dipercaya. ${grave.map(({ text }) => text).join(' ')}`, {
        despite:
          'Baca peringatannya; centang bila tetap dipercaya, atau minta sertifikat CA yang benar dari penerbitnya.',
      });
    }
    if (trust === 'rejected') doubts.raise(tx.db, hangingOn(tx, id), 'untrusted', now);
    issuers.set(tx.db, id, {
      trust,
      decidedBy: audit.actorKey(ctx.actor),
      decidedAt: now,
      decisionNote: decision.note,
    });
    requestChains(tx, 'all');
    audit.record(tx, {
      action: trust === 'anchor' ? 'authority.accepted' : 'authority.rejected',
      targets: [['authority', id]],
      details: {
        name: row.commonName,
        fingerprint: row.fingerprint,
        ...(warnings.length ? { warnings: warningWords(warnings) } : {}),
      },
      reason: decision.note,
    });
  });
}

/** As things stand before a decision about the CA. */
function hangingOn(ctx: Context, id: string): KnownAuthority[] {
  const ring = keyringOf(ctx);
  const known = issuers.all(ctx.db).map((row) => ring.byId(row.id)!);
  return doubts.hangingOn(ring, id, known);
}

/**
 * Verified evidence says that a CA certificate is revoked, or on hold: paths through it become `ca_revoked`. A hold may go
 * on with newer evidence, or become a revocation; whether it may be taken back is the caller's to know.
 */
export function recordAuthorityRevocation(
  ctx: Context,
  id: string,
  fact: { status?: 'revoked' | 'on_hold'; revokedAt: number; evidenceId: string | null },
): void {
  demand(ctx.actor, 'revocation.check');
  const row = issuers.byId(ctx.db, id);
  if (!row) throw notFound('Penerbit ini tidak ada dalam daftar.');
  const { status = 'revoked', revokedAt, evidenceId } = fact;
  const first = row.revokedAt === null;
  if (!first && row.revocationEvidenceId === evidenceId) return;
  transact(ctx, (tx) => {
    if (first) breakPaths(tx, id);
    issuers.set(tx.db, id, { revokedAt, revocationEvidenceId: evidenceId });
    if (!first && status === 'on_hold') return;
    const action = status === 'on_hold' ? 'authority.held' : 'authority.revoked';
    audit.record(tx, { action, targets: [['authority', id]], details: { name: row.commonName } });
  });
}

function breakPaths(tx: Context, id: string): void {
  const ring = keyringOf(tx);
  const hanging = hangingOn(tx, id);
  doubts.raise(tx.db, hanging, 'untrusted', tx.now());
  const through = hanging.filter((one) => ring.reachOf(one).path.some((above) => above.id === id));
  doubts.raise(tx.db, through, 'ca_revoked', tx.now());
  requestChains(tx, 'all');
}

/** Verified, newer evidence ends the hold of a CA certificate: what hangs on it is judged again. */
export function recordAuthorityRelease(ctx: Context, id: string, fact: { evidenceId: string }): void {
  demand(ctx.actor, 'revocation.check');
  const row = issuers.byId(ctx.db, id);
  if (!row) throw notFound('Penerbit ini tidak ada dalam daftar.');
  if (row.revokedAt === null) return;
  transact(ctx, (tx) => {
    issuers.set(tx.db, id, { revokedAt: null, revocationEvidenceId: fact.evidenceId });
    requestChains(tx, 'all');
    audit.record(tx, { action: 'authority.released', targets: [['authority', id]], details: { name: row.commonName } });
  });
}

/**
 * What says that a CA certificate is not revoked, or null: nothing that is believed says so any more. It makes nobody good and
 * breaks no path; it tells how fresh that is (issuer-status.ts), so that it leaves no entry in the trail.
 */
export function recordAuthorityEvidence(ctx: Context, id: string, evidenceId: string | null): void {
  demand(ctx.actor, 'revocation.check');
  const row = issuers.byId(ctx.db, id);
  if (!row) throw notFound('Penerbit ini tidak ada dalam daftar.');
  if (row.revokedAt === null && row.revocationEvidenceId !== evidenceId)
    issuers.set(ctx.db, id, { revocationEvidenceId: evidenceId });
}
