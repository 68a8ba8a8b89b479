// The sweep's decision from files alone (cli.md `status`): a certificate, anchors, candidates, CRLs and OCSP responses
// in, a decision with its reasons out. Pure: no database, no clock, no network. The same rules as the sweep decide.
import { HOUR } from '../calendar.ts';
import { labelOf } from '../certificates/label.ts';
import { chainPaths, DerError, sameName, validatePath, type PathResult } from '../x509/index.ts';
import { PATH_RULES } from '../x509/path-rules.ts';
import type { CertificateView } from '../x509/types.ts';
import { revocationReasons, type CertificateLabel } from '#lib/terms.ts';
import { cross, readCrl, type Crl } from './crl.ts';
import { acceptCrl, SKEW, type Known } from './crl-acceptance.ts';
import { decide, NOTHING_KNOWN, type RevocationStatus, type State, type Word } from './decide.ts';
import { readResponse, type OcspResponse } from './ocsp.ts';
import { acceptOcsp } from './ocsp-acceptance.ts';
import { refusals, silences, type RefusalCode } from './reasons.ts';
import { subjectOfView, wordOfLists, type Held } from './subject.ts';

/** OCSP without nextUpdate (certificate-status §1). */
const OCSP_AGE = 24 * HOUR;
const NO_REV_AVAIL = '2.5.29.56';

export type FilesRequest = {
  /** The certificate to judge. */
  leaf: CertificateView;
  anchors: CertificateView[];
  intermediates?: CertificateView[];
  crls?: Buffer[];
  ocsps?: Buffer[];
  /** UTC ms. */
  at: number;
  /** Evidence older than this, counted from thisUpdate, proves nothing good; ms. */
  maxAge?: number | null;
  skew?: number;
  allowWeak?: boolean;
  noRevocation?: boolean;
  policies?: string[];
  explicitPolicy?: boolean;
  inhibitMapping?: boolean;
  inhibitAnyPolicy?: boolean;
};

export type RevocationOutcome = {
  status: RevocationStatus;
  reason?: string;
  revokedAt?: string;
  invalidityDate?: string;
  source: 'crl' | 'ocsp' | 'none';
  thisUpdate?: string;
  nextUpdate?: string;
};
export type Explained = { code: string; text: string; clause?: string };
export type FilesVerdict = {
  decision: 'accepted' | 'rejected' | 'undetermined';
  outcome: 'good' | 'revoked' | 'undetermined';
  label: CertificateLabel;
  facets: { time: string; revocation: string; freshness: string; chain: string };
  revocation: RevocationOutcome;
  path: { fingerprint: string; subject: string; revocation: RevocationOutcome }[];
  policies: string[];
  explanations: Explained[];
};

/** Judges a certificate. The best anchored path wins; without one the longest partial path is shown. */
export function judgeFiles(request: FilesRequest): FilesVerdict {
  const bundle = readObjects(request);
  const options = { ...request, intermediates: request.intermediates ?? [] };
  const paths = chainPaths(request.leaf, options);
  const candidates = paths.length ? paths.slice(0, 8) : [validatePath(request.leaf, options)];
  const verdicts = candidates.map((path) => judgePath(request, path, bundle));
  const order = { accepted: 0, undetermined: 1, rejected: 2 };
  return verdicts.reduce((best, verdict) => (order[verdict.decision] < order[best.decision] ? verdict : best));
}

type Bundle = {
  crls: Crl[];
  ocsps: OcspResponse[];
  explanations: Explained[];
  pool: CertificateView[];
  /** CRL signers being judged, so that two that vouch for each other end. */
  asking: Set<string>;
};

function readObjects(request: FilesRequest): Bundle {
  const explanations: Explained[] = [];
  const read = <T>(what: string, bytes: Buffer, reader: (bytes: Buffer) => T): T[] => {
    try {
      return [reader(bytes)];
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      explanations.push({
        code: `${what}_unreadable`,
        text: refusals.unreadable.text,
        clause: refusals.unreadable.clause,
      });
      return [];
    }
  };
  return {
    crls: (request.crls ?? []).flatMap((bytes) => read('crl', bytes, readCrl)),
    ocsps: (request.ocsps ?? []).flatMap((bytes) => read('ocsp', bytes, readResponse)),
    explanations,
    pool: [...request.anchors, ...(request.intermediates ?? [])],
    asking: new Set(),
  };
}

type Judged = { state: State; fresh: boolean; named: boolean; applicable: boolean };

function judgePath(request: FilesRequest, path: PathResult, bundle: Bundle): FilesVerdict {
  const explanations = [...bundle.explanations];
  if (path.rule)
    explanations.push({ code: path.rule, text: PATH_RULES[path.rule].text, clause: PATH_RULES[path.rule].clause });
  const anchored = path.ok || request.anchors.some((anchor) => anchor.fingerprint === path.path.at(-1)?.fingerprint);
  const below = anchored ? path.path.slice(0, -1) : path.path;
  const judged = below.map((certificate, i) => {
    const issuer = path.path[i + 1];
    return judgeOne({ certificate, issuer, top: path.path.at(-1)! }, request, bundle, explanations);
  });
  const leaf = judged[0] ?? {
    state: { ...NOTHING_KNOWN, status: 'not_applicable' as const },
    fresh: true,
    named: false,
    applicable: false,
  };
  explanations.push(...strangers(bundle, path.path));
  const outcome = anchored ? outcomeOf(judged) : worst(judged);
  const facets = facetsOf(request, path, leaf);
  const anchorRow = anchored && path.path.length ? [pathRow(path.path.at(-1)!, notApplicable)] : [];
  return {
    decision: decisionOf(request, path, outcome),
    outcome,
    label: labelFor(request, facets, leaf, judged),
    facets,
    revocation: below.length ? shown(leaf) : notApplicable,
    path: [...below.map((certificate, i) => pathRow(certificate, shown(judged[i]!))), ...anchorRow],
    policies: path.policies,
    explanations: unique(explanations),
  };
}

/** Lists whose issuer is no CA of the path. */
const strangers = (bundle: Bundle, path: CertificateView[]): Explained[] =>
  bundle.crls
    .filter((crl) => !path.some((certificate) => sameName(certificate.subject, crl.issuer)))
    .map(() => ({
      code: 'issuer_unknown',
      text: refusals.issuer_unknown.text,
      clause: refusals.issuer_unknown.clause,
    }));

const notApplicable: RevocationOutcome = { status: 'not_applicable', source: 'none' };
const pathRow = (certificate: CertificateView, revocation: RevocationOutcome) => ({
  fingerprint: certificate.fingerprint,
  subject: certificate.subject.text,
  revocation,
});
const unique = (list: Explained[]): Explained[] => [...new Map(list.map((e) => [`${e.code} ${e.text}`, e])).values()];

type Link = { certificate: CertificateView; issuer: CertificateView | undefined; top: CertificateView };

/** Replays all objects about one certificate in order of thisUpdate through the state machine (cli.md). */
function judgeOne(link: Link, request: FilesRequest, bundle: Bundle, explanations: Explained[]): Judged {
  const { certificate, issuer } = link;
  const named =
    certificate.crlUrls.length + certificate.ocspUrls.length > 0 || certificate.crlDistributionPoints.length > 0;
  const applicable = !certificate.extensions.some((extension) => extension.oid === NO_REV_AVAIL);
  let state = NOTHING_KNOWN;
  if (!issuer) return { state, fresh: false, named, applicable };
  const tell = (code: RefusalCode) =>
    explanations.push({ code, text: refusals[code].text, clause: refusals[code].clause });
  const current = new Map<string, Held>();
  const known = new Map<string, Known>();
  const listedIn = new Set<string>();
  const policy = { leafCrlHours: Number.MAX_SAFE_INTEGER / HOUR, ocspHours: 24, authority: true };
  const items = [
    ...bundle.crls.map((crl) => ({ crl, at: crl.thisUpdate.ms })),
    ...bundle.ocsps.map((ocsp) => ({ ocsp, at: ocspTime(ocsp) })),
  ];
  let answer: Word | null = null;
  for (const item of items.sort((a, b) => a.at - b.at)) {
    if ('crl' in item) {
      const taken = takeCrl(item.crl, link, request, bundle, known);
      if (typeof taken === 'string') {
        // A list of another CA of the path is simply not about this certificate; `strangers` names those of none.
        if (taken !== 'scope_mismatch') tell(taken);
        continue;
      }
      current.set(taken.scope, taken);
    } else {
      const taken = takeOcsp(item.ocsp, { certificate, issuer }, request, answer?.thisUpdate ?? null, current);
      if (typeof taken === 'string') {
        tell(taken);
        continue;
      }
      answer = taken;
    }
    const subject = subjectOfView(certificate);
    const said = wordOfLists([...current.values()], subject, (held) => listedIn.has(held.scope));
    if (said.silence) explanations.push({ code: said.silence, ...silences[said.silence] });
    for (const held of said.namedBy) listedIn.add(held.scope);
    const words = [said.word, answer].filter((word): word is Word => word !== null);
    const decision = decide(state, words, policy, certificate.notAfter.ms);
    for (const event of decision.events) explain(event.kind, explanations);
    state = decision.state;
  }
  return {
    state,
    fresh: isFresh(state, request),
    named: named || (request.crls?.length ?? 0) + (request.ocsps?.length ?? 0) > 0,
    applicable,
  };
}

const ocspTime = (response: OcspResponse): number =>
  Math.max(0, ...(response.basic?.singles.map((single) => single.thisUpdate) ?? []));

function takeCrl(
  crl: Crl,
  { certificate, issuer, top }: Link,
  request: FilesRequest,
  bundle: Bundle,
  known: Map<string, Known>,
): Held | RefusalCode {
  if (!sameName(crl.issuer, issuer!.subject)) return 'scope_mismatch';
  const scope = crl.scope ? crl.scope.der.toString('hex') : 'all';
  const options = { anchors: request.anchors, intermediates: bundle.pool, allowWeak: request.allowWeak };
  try {
    const crossing = cross(crl, new Set([certificate.serial]));
    const verdict = acceptCrl({
      crl,
      crossing,
      signers: [issuer!, ...bundle.pool.filter((ca) => ca.fingerprint !== issuer!.fingerprint)],
      // A signer's own path must end at the same anchor (RFC 5280 §6.3.3 f).
      anchored: (ca, at) =>
        ca.fingerprint === issuer!.fingerprint ||
        chainPaths(ca, { ...options, at }).some(
          (path) =>
            path.ok && path.path.at(-1)!.fingerprint === top.fingerprint && unrevoked(path.path, request, bundle),
        ),
      known: known.get(scope) ?? null,
      now: request.at,
      skew: request.skew ?? SKEW,
      allowWeak: request.allowWeak,
    });
    if (!verdict.accepted) return verdict.code;
    known.set(scope, {
      sha256: crl.sha256,
      number: crl.number,
      thisUpdate: crl.thisUpdate.ms,
      entryCount: crossing.count,
    });
    const quarantined = verdict.remarks.includes('shrunk');
    return { crl, crossing, evidenceId: crl.sha256, scope, confirmedAt: crl.thisUpdate.ms, quarantined };
  } catch (error) {
    if (error instanceof DerError) return 'unreadable';
    throw error;
  }
}

/** A separate CRL signer may itself be revoked. What would need its own list to settle does not count against it. */
function unrevoked(path: CertificateView[], request: FilesRequest, bundle: Bundle): boolean {
  const top = path.at(-1)!;
  return path.slice(0, -1).every((certificate, i) => {
    if (bundle.asking.has(certificate.fingerprint)) return true;
    bundle.asking.add(certificate.fingerprint);
    const judged = judgeOne({ certificate, issuer: path[i + 1], top }, request, bundle, []);
    bundle.asking.delete(certificate.fingerprint);
    return !NEGATIVE.includes(judged.state.status);
  });
}

type Pair = { certificate: CertificateView; issuer: CertificateView };

function takeOcsp(
  response: OcspResponse,
  { certificate, issuer }: Pair,
  request: FilesRequest,
  known: number | null,
  lists: ReadonlyMap<string, Held>,
): Word | RefusalCode {
  const verdict = acceptOcsp({
    response,
    asked: { serial: certificate.serial, issuer },
    certificate: certificate.der,
    nonce: null,
    delegateListed: (serial) => {
      const held = lists.get('all');
      return held ? cross(held.crl, new Set([serial])).found.has(serial) : null;
    },
    known,
    now: request.at,
    maxAgeHours: (request.maxAge ?? OCSP_AGE) / HOUR,
    skew: request.skew ?? SKEW,
    allowWeak: request.allowWeak,
  });
  if (!verdict.accepted) return verdict.code;
  const { status, reason, revokedAt, thisUpdate, nextUpdate } = verdict.answer;
  return {
    source: 'ocsp',
    status: status === 'non_issued' ? 'on_hold' : status,
    reason,
    revokedAt,
    invalidityAt: null,
    evidenceId: response.sha256,
    thisUpdate,
    nextUpdate,
    confirmedAt: thisUpdate,
  };
}

const spoken: Partial<Record<string, Explained>> = {
  early_removal: {
    code: 'early_removal',
    text: 'Hilang dari CRL sebelum kedaluwarsa; tetap dianggap dicabut.',
    clause: 'RFC 5280 §3.3',
  },
  conflict: {
    code: 'conflict',
    text: 'CRL dan OCSP bertentangan; yang mencabut yang berlaku.',
    clause: 'certificate-status §6',
  },
};

function explain(kind: string, explanations: Explained[]): void {
  const text = spoken[kind];
  if (text) explanations.push(text);
}

/** Within nextUpdate and the caller's maximum age; evidence past them can prove revoked, never good. */
function isFresh(state: State, request: FilesRequest): boolean {
  if (state.thisUpdate === null) return false;
  const until =
    state.source === 'ocsp'
      ? (state.nextUpdate ?? state.thisUpdate + (request.maxAge ?? OCSP_AGE))
      : (state.nextUpdate ?? -Infinity);
  return request.at <= until && request.at <= state.thisUpdate + (request.maxAge ?? Infinity);
}

const NEGATIVE = ['revoked', 'on_hold'];

function statusOf({ state, fresh, named, applicable }: Judged): RevocationOutcome['status'] {
  if (NEGATIVE.includes(state.status)) return state.status;
  if (!applicable) return 'not_applicable';
  if (state.evidenceId === null) return named ? 'undetermined' : 'not_checkable';
  return fresh || state.status === 'unknown' ? state.status : 'undetermined';
}

function shown(judged: Judged): RevocationOutcome {
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

const SETTLED = ['good', 'released', 'not_applicable'];
const outcomeOf = (judged: Judged[]): FilesVerdict['outcome'] => {
  const statuses = judged.map(statusOf);
  if (statuses.some((status) => NEGATIVE.includes(status))) return 'revoked';
  return statuses.every((status) => SETTLED.includes(status)) ? 'good' : 'undetermined';
};
/** Without a path nothing is settled, but a revocation that verified still counts. */
const worst = (judged: Judged[]): FilesVerdict['outcome'] =>
  outcomeOf(judged) === 'revoked' ? 'revoked' : 'undetermined';

function decisionOf(
  request: FilesRequest,
  path: PathResult,
  outcome: FilesVerdict['outcome'],
): FilesVerdict['decision'] {
  if (!path.ok)
    return path.rule === 'incomplete' || path.rule === 'untrusted'
      ? outcome === 'revoked'
        ? 'rejected'
        : 'undetermined'
      : 'rejected';
  if (request.noRevocation) return 'accepted';
  return outcome === 'good' ? 'accepted' : outcome === 'revoked' ? 'rejected' : 'undetermined';
}

function facetsOf(request: FilesRequest, path: PathResult, leaf: Judged): FilesVerdict['facets'] {
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

function labelFor(
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
      supersededById: null,
    },
    request.at,
    { expiringDays: 60 },
  );
}
