// The revocation facet of one certificate, from verified evidence (only `revocation` writes it).
import { revocationWord, saidOf } from '#lib/status-words.ts';
import { sources } from '#lib/terms.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { conflict, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { readCertificate } from '../x509/index.ts';
import { startOf } from './facts.ts';
import type { Revocation } from './label.ts';
import { DISOWNED } from './schema.ts';
import * as store from './store.ts';
import { peersOf, refreshSuccessors } from './successors.ts';

export type StatusInput = {
  revocation: Revocation;
  reason?: number | null;
  revokedAt?: number | null;
  invalidityAt?: number | null;
  source: 'crl' | 'ocsp' | 'none';
  evidenceId: string | null;
  /** How many objects had been accepted when it was decided: what deriving it again begins with. */
  order?: number;
  thisUpdate?: number | null;
  nextUpdate?: number | null;
  confirmedAt?: number | null;
  freshUntil?: number | null;
};

/**
 * Writes the revocation facet from verified evidence (only `revocation` calls this). A change is appended as a
 * status_event; a mere confirmation moves the instants. @returns whether the belief changed
 * @throws AppError conflict when it would take a certificate out of `revoked` (certificate-status §4)
 */
export function recordStatus(ctx: Context, id: string, input: StatusInput): boolean {
  demand(ctx.actor, 'revocation.check');
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const row = store.byId(tx.db, id);
    if (!row) throw notFound('Sertifikat ini tidak ada.');
    if (row.revocation === 'revoked' && input.revocation !== 'revoked') {
      throw conflict('Status dicabut tidak dapat diubah lagi.');
    }
    const facts = {
      revocation: input.revocation,
      revocationReason: input.reason ?? null,
      revokedAt: input.revokedAt ?? null,
      invalidityAt: input.invalidityAt ?? null,
    };
    const changed = (Object.keys(facts) as (keyof typeof facts)[]).some((key) => facts[key] !== row[key]);
    const bad = input.revocation === 'revoked' || input.revocation === 'on_hold';
    store.update(tx.db, id, {
      ...facts,
      revocationSource: input.source,
      evidenceId: input.evidenceId,
      thisUpdate: input.thisUpdate ?? null,
      nextUpdate: input.nextUpdate ?? null,
      confirmedAt: input.confirmedAt ?? null,
      freshUntil: input.freshUntil ?? null,
      ...(bad ? { revocationSeenAt: (row.revocation === input.revocation ? row.revocationSeenAt : null) ?? now } : {}),
      ...(changed ? { updatedAt: now } : {}),
    });
    if (!changed) return false;
    appendStatus(tx, row, input, now);
    return true;
  });
}

/**
 * Takes back what lists said of a record before its file came, when by its file another CA issued it: identity is (issuer,
 * serial), so that it was said of another certificate (certificate-status §1). Its evidence begins anew.
 * @throws AppError conflict when no path to an anchor proves who issued it
 */
export function disownStatus(ctx: Context, id: string): void {
  demand(ctx.actor, 'revocation.check');
  transact(ctx, (tx) => {
    const row = store.byId(tx.db, id);
    const der = row?.fingerprint ? store.derOf(tx.db, row.fingerprint) : null;
    if (!row || !der || row.chain !== 'anchored') throw conflict('Penerbit sertifikat ini belum terbukti.');
    const nothing = { revocationReason: null, revokedAt: null, invalidityAt: null, revocationSeenAt: null };
    const noTimes = { thisUpdate: null, nextUpdate: null, confirmedAt: null, freshUntil: null };
    const revocation = startOf(readCertificate(der));
    const now = tx.now();
    const source = 'none' as const;
    store.update(tx.db, id, {
      revocation,
      ...nothing,
      revocationSource: source,
      evidenceId: null,
      ...noTimes,
      updatedAt: now,
    });
    appendStatus(tx, row, { revocation, source, evidenceId: null }, now, { why: DISOWNED });
  });
}

function appendStatus(
  tx: Context,
  row: store.CertificateRow,
  input: StatusInput,
  now: number,
  more: Record<string, string> = {},
): void {
  const wanted = {
    reason: input.reason,
    revokedAt: input.revokedAt,
    invalidityAt: input.invalidityAt,
    thisUpdate: input.thisUpdate,
    order: input.order,
  };
  const detail = Object.fromEntries(
    Object.entries(wanted).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
  );
  store.appendEvent(tx.db, {
    certificateId: row.id,
    at: now,
    facet: 'revocation',
    from: row.revocation,
    to: input.revocation,
    detail: { ...detail, ...more, source: input.source },
    evidenceId: input.evidenceId,
  });
  // A first "good" is told by the sweep's own entry; what takes a certificate out of use, or back, stands by itself.
  if (
    ![row.revocation, input.revocation].some((value) => ['revoked', 'on_hold', 'released', 'conflict'].includes(value))
  )
    return;
  audit.record(tx, {
    // A reason or a date that changed is no other status.
    action: row.revocation === input.revocation ? 'certificate.revised' : 'certificate.status',
    targets: [['certificate', row.id]],
    details: {
      from: revocationWord(saidOf(row)),
      to: revocationWord({ status: input.revocation, source: input.source, revokedAt: input.revokedAt }),
      source: sources[input.source],
    },
  });
  refreshSuccessors(tx.db, peersOf(row));
}
