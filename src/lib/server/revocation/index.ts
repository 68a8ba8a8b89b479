// Whether our certificates are revoked, by verified evidence only. Lists and OCSP answers are fetched (or carried by
// hand), judged by certificate-status §2 and §5, kept as evidence, crossed with our serials; the state machine of §4 and
// the table of §6 decide. Invariants: no unverified input can make a certificate good or take it out of revoked; a
// failure changes no state, it ages; a source is asked only when a certificate under an accepted anchor names it; every
// step is derived from rows, so that a killed sweep is completed by the next. RFC 5280 §5–6.3, RFC 6960, RFC 9654.
// What it does not do: it raises no alert to people (monitoring does) and trusts no issuer (certificates does).
import { bytes, number } from '#lib/format.ts';
import type { Context } from '../context.ts';
import { notFound, unavailable } from '../errors.ts';
import { demand } from '../permission.ts';
import { heldObject } from './held-object.ts';
import { forecast, type DiskForecast } from './thinning.ts';
import * as store from './store.ts';

export { freshUntil } from './decide.ts';
export { certificatesNaming, pausedUntil, refusedByHand, search, source, sources } from './views.ts';
export type { Found, SourceView, Trend } from './views.ts';
export { evidence } from './views-evidence.ts';
export type { Change, EvidenceView } from './views-evidence.ts';
export type { Named } from './views-object.ts';
export { downloadRefused, refused } from './views-refused.ts';
export type { RefusedView } from './views-refused.ts';
export type { Episode } from './episodes.ts';
export { incidentStory, type IncidentStory } from './incident-story.ts';
export { evidenceName } from './evidence-name.ts';
export { explain, type Explanation } from './views-explain.ts';
export { signal, signalList, SIGNAL_KINDS, type SignalKind } from './views-signals.ts';
export { judgeFiles, type FilesRequest, type FilesVerdict } from './from-files.ts';
export { FAILING_AFTER } from './views.ts';
export { decideHost, issuerHosts, type IssuerHost } from './issuer-hosts.ts';
export { fetchIssuers, issuersDue } from './issuer-fetching.ts';
export { addEvidence, addEvidenceFile, type Carried } from './carrying.ts';
export { checkNow, type CheckResult } from './checking.ts';
export { clock, type Clock } from './clock.ts';
export { decideQuarantine } from './quarantine.ts';
export {
  awaited,
  carryNow,
  checkOf,
  EVIDENCE_TOO_LARGE,
  LARGEST_EVIDENCE,
  requestCheck,
  requestEvidence,
  requestSource,
  requestsWaiting,
  runRequests,
  uploads,
  type Requested,
} from './requests.ts';
export { evidenceAt, knownAt, type EvidenceThen, type KnownAt } from './known-at.ts';
export {
  reachability,
  reachWaiting,
  requestReachability,
  testReach,
  type Reachability,
  type ReachabilityRow,
} from './reaching.ts';
export { rederive, rederiveAll, type Difference } from './rederiving.ts';
export { acceptRenumbering } from './renumbering.ts';
export { authoritiesIn, objectOf, renumberedIn } from './signal-words.ts';
export { outcomeOf, settleSignal, settleSignals, signals, tasks } from './signals.ts';
export { findSources } from './sources.ts';
export { nameOfEvidence, waitingRevocations, type WaitingRevocations } from './taking-out.ts';
export { thinEvidence, type DiskForecast, type Thinned } from './thinning.ts';
export { inWords, requestSweep, sweep, sweepDue, type SweepOptions, type SweepResult } from './sweeping.ts';

/** The bytes of an accepted object, for a person. @throws AppError not_found */
export function download(ctx: Context, evidenceId: string): { name: string; mediaType: string; bytes: Buffer } {
  demand(ctx.actor, 'revocation.view');
  const row = store.evidenceById(ctx.db, evidenceId);
  if (!row) throw notFound('Bukti ini tidak ada.');
  const held = heldObject(ctx, row);
  if (!held.bytes)
    throw unavailable(
      'Berkas aslinya sudah diringkas: yang disimpan sidik SHA-256, kepala, dan entri milik kita (lihat halaman bukti ini).',
    );
  const extension = row.kind === 'crl' ? 'crl' : 'ors';
  const mediaType = row.kind === 'crl' ? 'application/pkix-crl' : 'application/ocsp-response';
  return {
    name: `${row.issuerName}-${row.sha256.slice(0, 12)}.${extension}`,
    mediaType,
    bytes: held.bytes,
  };
}

/** What evidence weighs and how long the disk lasts, for the health page. */
export function diskForecast(ctx: Context): DiskForecast & { text: string } {
  demand(ctx.actor, 'revocation.view');
  const sum = forecast(ctx);
  const grows = sum.perDay > 0 ? `bertambah sekitar ${bytes(sum.perDay)} sehari` : 'tidak bertambah';
  const lasts =
    sum.daysLeft !== null && sum.daysLeft < 3650 ? `; ruang disk cukup untuk ${number(sum.daysLeft)} hari` : '';
  return {
    ...sum,
    text: `Bukti pencabutan ${bytes(sum.evidenceBytes)} dari ${number(sum.evidenceCount)} objek, ${grows}${lasts}.`,
  };
}
