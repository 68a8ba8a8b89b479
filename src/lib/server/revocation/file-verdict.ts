// What a replay (file-replay.ts) means for the caller: status of each certificate, outcome, decision, facets, label.
import { HOUR } from '../calendar.ts';
import { labelOf } from '../certificates/label.ts';
import type { PathResult } from '../x509/index.ts';
import { revocationReasons, type CertificateLabel } from '#lib/terms.ts';
import type { State } from './decide.ts';
import type { FilesRequest, FilesVerdict, RevocationOutcome } from './from-files.ts';

/** What the objects said about one certificate of the path. */
export type Judged = {
  state: State;
  fresh: boolean;
  /** Something was supplied, or the certificate names where to ask. */
  named: boolean;
  /** noRevAvail is not there. */
  applicable: boolean;
  /** The signers of the lists it rests on, where they are no CA of the path, are themselves settled. */
  vouched: boolean;
};

/** OCSP without nextUpdate (certificate-status §1). */
export const OCSP_AGE = 24 * HOUR;

/** Within nextUpdate and the caller's maximum age; evidence past them can prove revoked, never good. */
export function isFresh(state: State, request: FilesRequest): boolean {
  if (state.thisUpdate === null) return false;
  const until =
    state.source === 'ocsp'
      ? (state.nextUpdate ?? state.thisUpdate + (request.maxAge ?? OCSP_AGE))
      : (state.nextUpdate ?? -Infinity);
  return request.at <= until && request.at <= state.thisUpdate + (request.maxAge ?? Infinity);
}

export const NEGATIVE = ['revoked', 'on_hold'];

export function statusOf({ state, fresh, named, applicable }: Judged): RevocationOutcome['status'] {
  if (NEGATIVE.includes(state.status)) return state.status;
  if (!applicable) return 'not_applicable';
  if (state.evidenceId === null) return named ? 'undetermined' : 'not_checkable';
  return fresh || state.status === 'unknown' ? state.status : 'undetermined';
}

export function shown(judged: Judged): RevocationOutcome {
  const { state } = judged;
  const status = statusOf(judged);
  const iso = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString().replace('.000Z', 'Z'));
  const dates = NEGATIVE.includes(status)
    ? { revokedAt: iso(state.revokedAt), invalidityDate: iso(state.invalidityAt) }
    : {};
  const reason = NEGATIVE.includes(status) && state.reason !== null ? revocationReasons[state.reason]?.rfc : undefined;
  const all = {
    status,
    reason,
    ...dates,
    source: state.source,
    thisUpdate: iso(state.thisUpdate),
    nextUpdate: iso(state.nextUpdate),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as RevocationOutcome;
}

export const SETTLED = ['good', 'released', 'not_applicable'];
export const outcomeOf = (judged: Judged[]): FilesVerdict['outcome'] => {
  const statuses = judged.map(statusOf);
  if (statuses.some((status) => NEGATIVE.includes(status))) return 'revoked';
  return statuses.every((status) => SETTLED.includes(status)) ? 'good' : 'undetermined';
};
/** Without a path nothing is settled, but a revocation that verified still counts. */
export const worst = (judged: Judged[]): FilesVerdict['outcome'] =>
  outcomeOf(judged) === 'revoked' ? 'revoked' : 'undetermined';

export function decisionOf(
  request: FilesRequest,
  path: PathResult,
  outcome: FilesVerdict['outcome'],
  judged: readonly Judged[],
): FilesVerdict['decision'] {
  if (!path.ok)
    return path.rule === 'incomplete' || path.rule === 'untrusted'
      ? outcome === 'revoked'
        ? 'rejected'
        : 'undetermined'
      : 'rejected';
  if (request.noRevocation) return 'accepted';
  if (outcome === 'revoked') return 'rejected';
  // The path of a CRL signer is validated like any other (RFC 5280 §6.3.3 f), and that includes its revocation.
  return outcome === 'good' && judged.every(({ vouched }) => vouched) ? 'accepted' : 'undetermined';
}

export function facetsOf(request: FilesRequest, path: PathResult, leaf: Judged): FilesVerdict['facets'] {
  const { notBefore, notAfter } = request.leaf;
  const { state } = leaf;
  const expired = request.at > notAfter.ms;
  const time = expired
    ? 'expired'
    : request.at < notBefore.ms
      ? 'not_yet_valid'
      : notAfter.ms === 253_402_300_799_000
        ? 'no_expiry'
        : 'in_validity';
  const withinNext = state.nextUpdate !== null && request.at <= state.nextUpdate;
  const aged = withinNext ? 'ageing' : 'stale';
  const freshness = state.thisUpdate === null ? 'never' : expired ? 'frozen' : leaf.fresh ? 'fresh' : aged;
  return { time, revocation: statusOf(leaf), freshness, chain: path.chain };
}

/** Whoever issued the leaf of a replay. */
const ISSUER = 'issuer';

/** A CA that is to be asked about and of which nothing fresh was heard. */
const isUnheard = (ca: Judged): boolean => ['undetermined', 'unknown'].includes(statusOf(ca));

export function labelFor(
  request: FilesRequest,
  facets: FilesVerdict['facets'],
  leaf: Judged,
  judged: Judged[],
): CertificateLabel {
  const caRevoked = judged.slice(1).some(({ state }) => NEGATIVE.includes(state.status));
  return labelOf(
    {
      fingerprint: request.leaf.fingerprint,
      notBefore: request.leaf.notBefore.ms,
      notAfter: request.leaf.notAfter.ms,
      chain: (caRevoked ? 'ca_revoked' : facets.chain) as Parameters<typeof labelOf>[0]['chain'],
      revocation: facets.revocation as Parameters<typeof labelOf>[0]['revocation'],
      confirmedAt: leaf.state.confirmedAt,
      nextUpdate: leaf.state.nextUpdate,
      freshUntil: leaf.fresh ? request.at : leaf.state.thisUpdate,
      authorityId: ISSUER,
      supersededById: null,
    },
    request.at,
    { expiringDays: 60, unheard: new Set(judged.slice(1).some(isUnheard) ? [ISSUER] : []) },
  );
}
