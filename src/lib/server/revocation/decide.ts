// The revocation facet of one certificate: the state machine (certificate-status §4), how CRL and OCSP combine (§6) and
// how long evidence counts as fresh (§1). Pure. Words come only from accepted objects (crl-acceptance.ts,
// ocsp-acceptance.ts), so no unverified input can make a certificate good or take it out of revoked.
import { isNeverIssued } from '#lib/status-words.ts';
import { HOUR } from '../calendar.ts';
import type { Revocation as RevocationStatus } from '../certificates/label.ts';

export type { RevocationStatus };

/** The facet as it stands on the certificate, with the evidence it rests on. */
export type State = {
  status: RevocationStatus;
  reason: number | null;
  revokedAt: number | null;
  invalidityAt: number | null;
  source: 'crl' | 'ocsp' | 'none';
  evidenceId: string | null;
  thisUpdate: number | null;
  nextUpdate: number | null;
  confirmedAt: number | null;
  freshUntil: number | null;
};

/** What one accepted source says now. */
export type Word = {
  source: 'crl' | 'ocsp';
  status: 'good' | 'revoked' | 'on_hold' | 'unknown' | 'undetermined';
  reason: number | null;
  revokedAt: number | null;
  invalidityAt: number | null;
  evidenceId: string;
  thisUpdate: number;
  nextUpdate: number | null;
  confirmedAt: number;
  /** OCSP only: since when the responder says so, as far as anybody heard; absent: since this answer. */
  saidSince?: number;
  /** CRL only: a list of this line named the certificate before and now does not, or its delta takes it away. */
  removed?: boolean;
  /** CRL only: since when the certificate was on hold by what a list of this line named before and does not name now. */
  heldBefore?: number;
  /** CRL only, undetermined: a list that told of a hold tells of it no more, but nobody knows whether it would tell all. */
  endsHold?: boolean;
  /** The source may not release (list shrunk, or its completeness is in doubt). */
  quarantined?: boolean;
  /** CRL only: another list had its number, so that one of them is not what the CA published (§2 no. 5); it may not release. */
  doubtful?: boolean;
};

/** One of two objects that speak against each other. */
export type Side = Pick<State, 'source' | 'evidenceId' | 'thisUpdate'>;

export type Event =
  | { kind: 'revoked' | 'held' | 'released' }
  | { kind: 'early_removal' }
  | { kind: 'conflict'; revoking: Side; good: Side; hold?: true }
  | { kind: 'reason_changed'; from: number | null; to: number | null }
  | { kind: 'date_changed'; from: number | null; to: number | null }
  /** `unknown`: the responder does not know what the list gives as good; a finding, where the others are notes. */
  | { kind: 'lag'; behind: 'crl' | 'ocsp'; unknown?: true };

export type FreshnessPolicy = {
  leafCrlHours: number;
  ocspHours: number;
  /** A CA's own CRL is fresh until its nextUpdate, however long that is (§1). */
  authority?: boolean;
};

/** Until when a word counts as fresh, UTC ms (§1). A CRL without nextUpdate is stale at once. */
export function freshUntil(
  word: Pick<Word, 'source' | 'thisUpdate' | 'nextUpdate' | 'confirmedAt'>,
  policy: FreshnessPolicy,
): number {
  if (word.source === 'ocsp') return word.nextUpdate ?? word.thisUpdate + policy.ocspHours * HOUR;
  if (word.nextUpdate === null) return word.thisUpdate;
  return policy.authority ? word.nextUpdate : Math.min(word.nextUpdate, word.confirmedAt + policy.leafCrlHours * HOUR);
}

export const NOTHING_KNOWN: State = {
  status: 'undetermined',
  reason: null,
  revokedAt: null,
  invalidityAt: null,
  source: 'none',
  evidenceId: null,
  thisUpdate: null,
  nextUpdate: null,
  confirmedAt: null,
  freshUntil: null,
};

export type Decision = { state: State; events: Event[] };

/**
 * The next state from the present one and all words that hold now.
 * @param words at most one of each source; order does not matter
 * @param notAfter end of the certificate: a list need not keep the entry of an expired one
 */
export function decide(
  present: State,
  words: readonly Word[],
  policy: FreshnessPolicy,
  notAfter: number | null = null,
): Decision {
  let state = present;
  const events: Event[] = [];
  // Older evidence first, so that what is newest has the last word where the state machine lets it.
  for (const word of [...words].sort((a, b) => a.thisUpdate - b.thisUpdate || rank(b) - rank(a))) {
    state = step(state, word, policy, events, notAfter);
  }
  if (state.status === 'revoked') state = combined(present, words, policy);
  return { state, events: events.concat(disagreements(words, policy), changes(present, state)) };
}

/** Among equally old words the one that revokes speaks last. */
const rank = (word: Word): number => (word.status === 'revoked' ? 0 : word.status === 'on_hold' ? 1 : 2);

/** One transition of §4. `revoked` is terminal; only strictly newer, complete evidence releases a hold. */
function step(state: State, word: Word, policy: FreshnessPolicy, events: Event[], notAfter: number | null): State {
  switch (word.status) {
    case 'revoked':
      // A delta that takes a revocation away changes nothing, but somebody must ask why (§3).
      if (word.removed && !(notAfter !== null && notAfter < word.thisUpdate)) events.push({ kind: 'early_removal' });
      return adopted('revoked', word, policy);
    case 'on_hold':
      return state.status === 'revoked' || isPast(word, state) ? state : adopted('on_hold', word, policy);
    case 'good':
      return good(state, word, policy, events, notAfter);
    default:
      // "unknown" and "undetermined" are weaker than anything verified before; that ages by itself.
      if (word.endsHold && state.status === 'on_hold' && state.source === 'crl' && endsHold(word, state))
        return adopted('undetermined', word, policy);
      return settled(state) ? state : adopted(word.status, word, policy);
  }
}

/** The newest word that holds is the one that a release must outdate; a release as old as a hold is none. */
function isPast(hold: Word, state: State): boolean {
  if (state.status !== 'on_hold' && state.status !== 'released') return false;
  if (isNeverIssued(state) && hold.source === 'crl') return true;
  if (isNeverIssued(hold) && state.source === 'crl') return false;
  return hold.thisUpdate < (state.thisUpdate ?? 0);
}

const settled = (state: State): boolean =>
  state.evidenceId !== null && ['good', 'released', 'revoked', 'on_hold'].includes(state.status);

function good(state: State, word: Word, policy: FreshnessPolicy, events: Event[], notAfter: number | null): State {
  if (state.status === 'revoked') {
    const expired = notAfter !== null && notAfter < word.thisUpdate;
    if (word.removed && !expired) events.push({ kind: 'early_removal' });
    if (word.source === 'ocsp' && newer(word, state)) events.push(conflict(state, word));
    return state;
  }
  if (state.status === 'on_hold') return endsHold(word, state) ? adopted('released', word, policy) : state;
  return adopted(state.status === 'released' ? 'released' : 'good', word, policy, state);
}

const newer = (word: Word, state: Pick<State, 'thisUpdate'>): boolean =>
  state.thisUpdate === null || word.thisUpdate > state.thisUpdate;

type Hold = Pick<State, 'source' | 'status' | 'revokedAt' | 'thisUpdate' | 'freshUntil'>;

/**
 * Whether a good word releases (§4): strictly newer than the hold, and from a source that is whole. A hold that only the
 * responder told of is no list's to end while its answer counts: a list that never named it may merely lag (§6, "good |
 * revoked", read strictly for holds too). It ends by a newer answer, by a list that named this very hold and does so no
 * more, or by one that was issued when the answer was over; by that instant, never by the clock of whoever looks, so that
 * the same evidence always yields the same state.
 */
function endsHold(word: Word, hold: Hold): boolean {
  if (!newer(word, hold) || word.quarantined || word.doubtful) return false;
  if (word.source === 'ocsp' || hold.source === 'crl') return true;
  // No list can name what was not issued, so none proves anything by not naming it.
  if (isNeverIssued(hold)) return false;
  const named = word.heldBefore !== undefined && (hold.revokedAt ?? 0) <= word.heldBefore;
  return named || word.thisUpdate > (hold.freshUntil ?? 0);
}

/**
 * What all that revokes says together (§6, first row): the most specific reason, the earliest dates, the freshest
 * confirmation. A source that spoke before and is silent now still counts; one that corrects itself is followed.
 */
function combined(present: State, words: readonly Word[], policy: FreshnessPolicy): State {
  const said = words.filter((word) => word.status === 'revoked');
  if (said.length === 0) return present;
  const silent = !said.some((word) => word.source === present.source);
  // The same word again is no correction: applied twice, it must not take away what another source said before it.
  const again = said.every((word) => word.evidenceId === present.evidenceId);
  const states = [
    ...(present.status === 'revoked' && (silent || again) ? [present] : []),
    ...said.map((word) => adopted('revoked', word, policy)),
  ];
  const [first] = states.sort(
    (a, b) =>
      specificity(b) - specificity(a) || (b.thisUpdate ?? 0) - (a.thisUpdate ?? 0) || (a.source === 'crl' ? -1 : 1),
  );
  const known = (field: 'revokedAt' | 'invalidityAt' | 'confirmedAt' | 'freshUntil') =>
    states.flatMap((state) => state[field] ?? []);
  const [revoked, invalid] = [known('revokedAt'), known('invalidityAt')];
  return {
    ...first!,
    revokedAt: revoked.length ? Math.min(...revoked) : null,
    invalidityAt: invalid.length ? Math.min(...invalid) : null,
    confirmedAt: Math.max(...known('confirmedAt')),
    freshUntil: Math.max(...known('freshUntil')),
  };
}

/** Compromises of a key tell most, "unspecified" nothing (RFC 5280 §5.3.1). */
const specificity = ({ reason }: State): number =>
  reason === null || reason === 0 ? 0 : [1, 2, 10].includes(reason) ? 2 : 1;

/** The state that a word makes; of two good words the one that stays fresh longer is the evidence. */
function adopted(status: RevocationStatus, word: Word, policy: FreshnessPolicy, before?: State): State {
  const until = freshUntil(word, policy);
  const other = before?.status === status && before.source !== word.source && before.source !== 'none';
  if (other && (before.freshUntil ?? 0) > until) return before;
  const dated = status === 'revoked' || status === 'on_hold';
  return {
    status,
    reason: dated ? word.reason : null,
    revokedAt: dated ? word.revokedAt : null,
    invalidityAt: dated ? word.invalidityAt : null,
    source: word.source,
    evidenceId: word.evidenceId,
    thisUpdate: word.thisUpdate,
    nextUpdate: word.nextUpdate,
    confirmedAt: word.confirmedAt,
    freshUntil: until,
  };
}

/** Where the two sources differ although both are verified (§6): who lags behind, and for how long it may. */
function disagreements(words: readonly Word[], policy: FreshnessPolicy): Event[] {
  const crl = words.find((word) => word.source === 'crl');
  const ocsp = words.find((word) => word.source === 'ocsp');
  if (!crl || !ocsp || isNeverIssued(ocsp)) return [];
  const newer = ocsp.thisUpdate > crl.thisUpdate;
  if (crl.status === 'good' && negative(ocsp)) {
    const hold = { ...ocsp, freshUntil: freshUntil(ocsp, policy) };
    // The hold is over, and the responder has not said so yet.
    if (ocsp.status === 'on_hold' && endsHold(crl, hold)) return [{ kind: 'lag', behind: 'ocsp' }];
    const cycle = (crl.nextUpdate ?? crl.thisUpdate + policy.leafCrlHours * HOUR) - crl.thisUpdate;
    // The list had its time since the responder said so; a revocation date may be long before that (§6).
    const since = Math.max(ocsp.revokedAt ?? 0, ocsp.saidSince ?? ocsp.thisUpdate);
    if (crl.thisUpdate - since <= cycle) return [{ kind: 'lag', behind: 'crl' }];
    return [{ ...conflict(ocsp, crl), ...(ocsp.status === 'on_hold' ? { hold: true } : {}) }];
  }
  if (negative(crl) && ocsp.status === 'good' && !newer) return [{ kind: 'lag', behind: 'ocsp' }];
  // A release that only the responder knows waits for the next list.
  if (crl.status === 'on_hold' && ocsp.status === 'good') return [{ kind: 'lag', behind: 'crl' }];
  if (crl.status === 'good' && ocsp.status === 'unknown') return [{ kind: 'lag', behind: 'ocsp', unknown: true }];
  return [];
}
const conflict = (revoking: Side, good: Side): Extract<Event, { kind: 'conflict' }> => {
  const side = ({ source, evidenceId, thisUpdate }: Side): Side => ({ source, evidenceId, thisUpdate });
  return { kind: 'conflict', revoking: side(revoking), good: side(good) };
};
const negative = ({ status }: Pick<Word, 'status'>): boolean => status === 'revoked' || status === 'on_hold';

/** What changed between two states (§3). */
function changes(from: State, to: State): Event[] {
  const events: Event[] = [];
  if (to.status === 'revoked' && from.status !== 'revoked') events.push({ kind: 'revoked' });
  if (to.status === 'on_hold' && from.status !== 'on_hold') events.push({ kind: 'held' });
  if (to.status === 'released' && from.status === 'on_hold') events.push({ kind: 'released' });
  if (to.status === 'revoked' && from.status === 'revoked') {
    if (from.reason !== to.reason) events.push({ kind: 'reason_changed', from: from.reason, to: to.reason });
    if (from.revokedAt !== to.revokedAt || from.invalidityAt !== to.invalidityAt) {
      events.push({ kind: 'date_changed', from: from.revokedAt, to: to.revokedAt });
    }
  }
  return events;
}
