// What an accepted answer said when it came, for whoever takes the steps of that day again.
import type { Context } from '../context.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { algorithmRules } from './algorithms.ts';
import type { Issuers } from './issuers.ts';
import { readResponse } from './ocsp.ts';
import { acceptOcsp, saidOf } from './ocsp-acceptance.ts';
import { configuredResponders } from './responders.ts';
import * as store from './store.ts';

/** Judged again as of the instant it came, or from what was kept of it. */
export function answerIn(ctx: Context, row: store.EvidenceRow, issuers: Issuers): store.AnswerRow | null {
  const shared = { certificateId: row.certificateId!, confirmedAt: row.acceptedAt, evidenceId: row.id };
  const thinned = store.thinnedOf(ctx.db, row.id)?.found[0];
  if (thinned) {
    const { status, reason, revokedAt, invalidityAt } = thinned;
    const { thisUpdate, nextUpdate } = row;
    return { ...shared, status: status ?? 'unknown', reason, revokedAt, invalidityAt, thisUpdate, nextUpdate };
  }
  const checked = store.checkedById(ctx.db, row.certificateId!);
  const issuer = issuers.standingFor(checked?.authorityId, row.acceptedAt);
  if (!checked || !issuer) return null;
  // By the settings that were in force when it came.
  const then: Context = { ...ctx, now: () => row.acceptedAt };
  const verdict = acceptOcsp({
    response: readResponse(files.read(ctx, row.sha256)),
    asked: { serial: checked.serial, issuer: issuer.view },
    certificate: checked.fingerprint ? store.derOf(ctx.db, checked.fingerprint) : null,
    nonce: null,
    // It was asked when the answer came; the lists of that day are not asked about its signer again.
    delegateListed: () => false,
    known: null,
    now: row.acceptedAt,
    maxAgeHours: settings.get(then, 'freshness').ocspHours,
    configured: configuredResponders(then, issuer.view),
    algorithms: algorithmRules(then),
  });
  if (!verdict.accepted) return null;
  return { ...shared, ...saidOf(verdict.answer) };
}
