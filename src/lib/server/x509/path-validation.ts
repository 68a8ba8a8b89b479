// Finds and validates certification paths: from a leaf upwards through candidates to an anchor, by name and verified
// signature (never by name alone), each found path under RFC 5280 §6.1 (path-rules.ts). Several keys under one name,
// cross-certificates and loops are ordinary here; the best path wins. Work is bounded: steps, signature checks, paths.
import { checkPath, PATH_RULES, type PathInputs, type PathRule } from './path-rules.ts';
import { nameKey, sameName } from './name.ts';
import { verifiesWith } from './signature.ts';
import type { CertificateView } from './types.ts';

export type { PathRule } from './path-rules.ts';

export type PathOptions = PathInputs & Bounds;

/** What a search may use. */
export type Bounds = {
  /** Certificates the office accepted; trust ends there. */
  anchors: CertificateView[];
  /** Candidates: CA certificates that came along. They prove nothing by being here. */
  intermediates?: CertificateView[];
  /** Whether the issuer's key verifies the child's signature, when the caller remembers answers. */
  signs?: (child: CertificateView, issuer: CertificateView) => boolean;
};

/** `chain` facet of certificate-status §1, apart from the leaf's own validity (its time facet) and from revocation. */
export type ChainFacet =
  'anchored' | 'incomplete' | 'untrusted' | 'bad_signature' | 'ca_expired' | 'ca_not_yet_valid' | 'invalid_path';

export type PathResult = {
  ok: boolean;
  chain: ChainFacet;
  /** Leaf first, anchor last; the longest verified part when no anchor is reached. */
  path: CertificateView[];
  /** What fails, and a sentence for people with the clause. Absent when ok. */
  rule?: PathRule;
  explanation?: string;
  clause?: string;
  /** The certificate at which it fails. */
  at?: CertificateView;
  /** Policies under which the path is valid (user-constrained policy set). */
  policies: string[];
};

const MAX_LENGTH = 20;
const MAX_SIGNATURES = 300;
const MAX_PATHS = 64;
const MAX_STEPS = 4000;

/** Validates a certificate: the first path that holds, else the one that gets furthest, with the rule that fails. */
export function validatePath(leaf: CertificateView, options: PathOptions): PathResult {
  let best: PathResult | null = null;
  const search = new Search(leaf, options);
  for (const path of search.anchored()) {
    const result = judgeFound(path, options);
    if (result.ok) return result;
    if (!best || rank(result) > rank(best)) best = result;
  }
  return best ?? search.unanchored();
}

/** Every anchored path within the bounds, valid or not, best first: for a caller that also asks about revocation. */
export function chainPaths(leaf: CertificateView, options: PathOptions): PathResult[] {
  const results = [...new Search(leaf, options).anchored()].map((path) => judgeFound(path, options));
  return results.sort((a, b) => rank(b) - rank(a));
}

/**
 * The paths above a CA certificate, shortest first, for a caller that judges thousands of leaves below it: what
 * `validatePath` finds for a leaf of which this is the only possible issuer.
 */
export const pathsFrom = (ca: CertificateView, options: Bounds): CertificateView[][] => [
  ...new Search(ca, options).anchored(),
];

/** Judges a path whose signatures are verified. @param path leaf first, anchor last */
export function judgeFound(path: CertificateView[], options: PathInputs): PathResult {
  const { broken, index, policies } = checkPath(path, options);
  if (!broken) return { ok: true, chain: 'anchored', path, policies };
  return { ...failure(broken, path), at: path[index] };
}

function failure(rule: PathRule, path: CertificateView[]): PathResult {
  const { text, clause } = PATH_RULES[rule];
  return { ok: false, chain: facetOf(rule), path, rule, explanation: text, clause, policies: [] };
}

function facetOf(rule: PathRule): ChainFacet {
  switch (rule) {
    case 'expired':
    case 'not_yet_valid':
      return 'anchored';
    case 'incomplete':
    case 'untrusted':
    case 'bad_signature':
    case 'ca_expired':
    case 'ca_not_yet_valid':
      return rule;
    default:
      return 'invalid_path';
  }
}

/** Of several failing paths the one with the mildest failure is told. */
function rank({ ok, chain, path }: PathResult): number {
  const mildness = {
    anchored: 4,
    ca_expired: 3,
    ca_not_yet_valid: 3,
    invalid_path: 2,
    untrusted: 1,
    incomplete: 1,
    bad_signature: 0,
  };
  return (ok ? 1000 : 0) + mildness[chain] * 100 - path.length;
}

/**
 * Search upwards, shortest paths first (iterative deepening). Only names that lead to an anchor are followed, and steps
 * and signature checks are counted, so that a mesh of cross-certificates ends in bounded time.
 */
class Search {
  private readonly candidates = new Map<string, CertificateView[]>();
  private readonly anchors: Set<string>;
  /** Names from which some anchor can be reached, by names alone. */
  private readonly leading = new Set<string>();
  private readonly verified = new Map<string, boolean>();
  private readonly leaf: CertificateView;
  private readonly verify: (child: CertificateView, issuer: CertificateView) => boolean;
  private signatures = 0;
  private steps = 0;

  constructor(leaf: CertificateView, { anchors, intermediates = [], signs }: Bounds) {
    this.leaf = leaf;
    this.verify = signs ?? ((child, issuer) => verifiesWith(child, issuer.publicKey.spki));
    this.anchors = new Set(anchors.map(({ fingerprint }) => fingerprint));
    const seen = new Set<string>();
    for (const certificate of [...anchors, ...intermediates]) {
      if (seen.has(certificate.fingerprint)) continue;
      seen.add(certificate.fingerprint);
      const key = nameKey(certificate.subject);
      this.candidates.set(key, [...(this.candidates.get(key) ?? []), certificate]);
    }
    for (const anchor of anchors) this.leading.add(nameKey(anchor.subject));
    const all = [...this.candidates.values()].flat();
    for (let size = -1; size !== this.leading.size;) {
      size = this.leading.size;
      for (const one of all) if (this.leading.has(nameKey(one.issuer))) this.leading.add(nameKey(one.subject));
    }
  }

  *anchored(): Generator<CertificateView[]> {
    let found = 0;
    for (let length = 1; length <= MAX_LENGTH; length++) {
      const before = this.steps;
      for (const path of this.climb([this.leaf], length)) {
        yield path;
        if (++found >= MAX_PATHS) return;
      }
      // No path is as long as that, so none is longer; or the bound is reached.
      if (this.steps === before || this.steps >= MAX_STEPS) return;
    }
  }

  /** What to say when no path reached an anchor. */
  unanchored(): PathResult {
    if (this.steps >= MAX_STEPS) return { ...failure('too_complex', [this.leaf]), at: this.leaf };
    const { path, denied } = this.longest();
    const top = path.at(-1)!;
    if (path.length === 1 && denied) return { ...failure('bad_signature', path), at: this.leaf };
    const selfSigned = sameName(top.issuer, top.subject) && this.signs(top, top);
    return { ...failure(selfSigned ? 'untrusted' : 'incomplete', path), at: top };
  }

  /** Anchored paths of exactly this length. Counts a step for each certificate on the last place. */
  private *climb(path: CertificateView[], length: number): Generator<CertificateView[]> {
    const top = path.at(-1)!;
    if (path.length === length) {
      this.steps++;
      if (this.anchors.has(top.fingerprint)) yield path;
      return;
    }
    if (this.steps >= MAX_STEPS || !this.leading.has(nameKey(top.issuer))) return;
    for (const issuer of this.issuersOf(top)) {
      if (path.some((one) => sameEntity(one, issuer))) continue;
      if (this.signs(top, issuer)) yield* this.climb([...path, issuer], length);
      if (this.steps >= MAX_STEPS) return;
    }
  }

  /** The longest verified part, each certificate visited once; and whether a candidate's key did not fit the leaf. */
  private longest(): { path: CertificateView[]; denied: boolean } {
    const seen = new Set([this.leaf.fingerprint]);
    let level = [[this.leaf]];
    let longest = level[0]!;
    let denied = false;
    while (level.length > 0 && longest.length < MAX_LENGTH) {
      longest = level[0]!;
      const next: CertificateView[][] = [];
      for (const path of level) {
        for (const issuer of this.issuersOf(path.at(-1)!)) {
          if (seen.has(issuer.fingerprint) || path.some((one) => sameEntity(one, issuer))) continue;
          if (this.signs(path.at(-1)!, issuer)) {
            seen.add(issuer.fingerprint);
            next.push([...path, issuer]);
          } else if (path.length === 1) denied = true;
        }
      }
      level = next;
    }
    return { path: longest, denied };
  }

  /** Candidates by name; key identifiers and anchors first, but nobody is left out because of a hint (§4.2.1.1). */
  private issuersOf(child: CertificateView): CertificateView[] {
    const score = (issuer: CertificateView) =>
      (child.aki !== null && child.aki === issuer.ski ? 2 : 0) + (this.anchors.has(issuer.fingerprint) ? 1 : 0);
    return [...(this.candidates.get(nameKey(child.issuer)) ?? [])].sort((a, b) => score(b) - score(a));
  }

  private signs(child: CertificateView, issuer: CertificateView): boolean {
    const pair = `${child.fingerprint}/${issuer.publicKey.spkiSha256}`;
    const known = this.verified.get(pair);
    if (known !== undefined) return known;
    if (++this.signatures > MAX_SIGNATURES) return false;
    const answer = this.verify(child, issuer);
    this.verified.set(pair, answer);
    return answer;
  }
}

/** The same name with the same key: going there again is a loop. */
const sameEntity = (a: CertificateView, b: CertificateView): boolean =>
  a.fingerprint === b.fingerprint ||
  (a.publicKey.spkiSha256 === b.publicKey.spkiSha256 && sameName(a.subject, b.subject));
