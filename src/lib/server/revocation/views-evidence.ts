// An accepted object as its page shows it: what it is, what it changed of ours and what rests on it, what its bytes say.
// Reading only.
import { serialDecimal } from '#lib/format.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import { isCarried } from './confirmed-by.ts';
import { decoded } from './views-object.ts';
import { remarks } from './remarks.ts';
import * as store from './store.ts';
import { changesByEvidence, countResting, trendOf, type ChangeRow } from './views-store.ts';
import { waitingNow } from './waiting.ts';

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
  const earlier = row.kind === 'crl' ? before(ctx, row) : null;
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
    before: earlier?.id ?? null,
    remarks: row.remarks.map((code) => ({ code, ...remarks[code] })),
    source: row.sourceId ? (store.sourceById(ctx.db, row.sourceId) ?? null) : null,
    resting: seen === 'all' ? countResting(ctx.db, id) : null,
    changes: changesByEvidence(ctx.db, id, SHOWN)
      .filter((change) => visible(change.agencyId))
      .map(changeOf),
    certificate: row.certificateId ? (store.nameOf(ctx.db, row.certificateId) ?? null) : null,
    ...decoded(ctx, row, { earlier, visible }),
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
