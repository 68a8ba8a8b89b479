// The chain facet of one certificate against the CA certificates the office knows (certificate-status §1). Pure: the
// keyring and the instant come in. An issuer is found by name and key identifier *and* verified signature, never by
// name alone; only accepted anchors make a chain `anchored`. `x509.validatePath` (RFC 5280 §6.1) decides, this file
// says in which way an undecided or refused chain falls short.
import {
  judgeFound,
  nameKey,
  PATH_RULES,
  pathsFrom,
  sameName,
  validatePath,
  verifiesWith,
  type PathResult,
  type PathRule,
} from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Chain } from './label.ts';

export type Trust = 'proposed' | 'anchor' | 'candidate' | 'rejected';
export type KnownAuthority = { id: string; view: CertificateView; trust: Trust; revokedAt: number | null };
export type ChainVerdict = {
  chain: Chain;
  /** Which rule fails, for `invalid_path`. */
  rule: string | null;
  /** The issuer whose key verifies this certificate. */
  authorityId: string | null;
};

/** More CA certificates under one name and key identifier are not looked at: nobody has them, somebody may upload them. */
const MAX_NAMED = 32;
const MAX_REMEMBERED = 5000;

/** Where the path above a CA ends, and every CA certificate that verified signatures reach from it. */
type Reach = { end: 'anchor' | 'root' | 'missing'; path: KnownAuthority[]; above: KnownAuthority[] };

/** CA certificates by subject; rejected ones take part in no path. */
export class Keyring {
  private readonly bySubject = new Map<string, KnownAuthority[]>();
  private readonly refused: KnownAuthority[] = [];
  private readonly byFingerprint = new Map<string, KnownAuthority>();
  private readonly ids = new Map<string, KnownAuthority>();
  private readonly reach = new Map<string, Reach>();
  private readonly endsRefused = new Map<string, boolean>();
  private readonly paths = new Map<string, CertificateView[][] | null>();
  private readonly signatures = new Map<string, boolean>();
  /** The leaf at hand; it is asked about twice or three times, then never again. */
  private leaf: CertificateView | null = null;
  private readonly leafSignatures = new Map<string, boolean>();

  constructor(known: readonly KnownAuthority[]) {
    for (const authority of known) {
      this.ids.set(authority.id, authority);
      if (authority.trust === 'rejected') {
        this.refused.push(authority);
        continue;
      }
      const subject = nameKey(authority.view.subject);
      this.bySubject.set(subject, [...(this.bySubject.get(subject) ?? []), authority]);
      this.byFingerprint.set(authority.view.fingerprint, authority);
    }
  }

  /** Candidates for a certificate's issuer by name; the named key and anchors first. */
  named(child: CertificateView): readonly KnownAuthority[] {
    const named = (this.bySubject.get(nameKey(child.issuer)) ?? []).filter((a) => keyMatches(child, a.view));
    if (named.length < 2) return named;
    const score = (a: KnownAuthority) =>
      (child.aki !== null && child.aki === a.view.ski ? 2 : 0) + (a.trust === 'anchor' ? 1 : 0);
    return [...named].sort((a, b) => score(b) - score(a)).slice(0, MAX_NAMED);
  }

  find(fingerprint: string): KnownAuthority | undefined {
    return this.byFingerprint.get(fingerprint);
  }

  /** Any CA certificate, a rejected one too. */
  byId(id: string): KnownAuthority | undefined {
    return this.ids.get(id);
  }

  /** Whether the issuer's key verifies the child; remembered, for CA certificates because thousands of leaves share them. */
  readonly signs = (child: CertificateView, issuer: CertificateView): boolean => {
    if (!child.ca && child !== this.leaf) {
      this.leaf = child;
      this.leafSignatures.clear();
    }
    const known = child.ca ? this.signatures : this.leafSignatures;
    const key = issuer.publicKey.spkiSha256;
    const pair = child.ca ? `${child.fingerprint}/${key}` : key;
    const before = known.get(pair);
    if (before !== undefined) return before;
    const answer = verifiesWith(child, issuer.publicKey.spki);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(pair, answer);
    return answer;
  };

  /** Whether a CA that a person rejected signed the child: its issuer is known, and not wanted. */
  refuses(child: CertificateView): boolean {
    return this.refused.some(
      ({ view }) => sameName(view.subject, child.issuer) && keyMatches(child, view) && this.signs(child, view),
    );
  }

  /** Whether what stands above a CA ends at a rejected one; remembered for each CA. */
  refusedAbove(authority: KnownAuthority): boolean {
    let known = this.endsRefused.get(authority.id);
    if (known === undefined) {
      known = this.reachOf(authority).above.some((one) => this.refuses(one.view));
      this.endsRefused.set(authority.id, known);
    }
    return known;
  }

  issuersOf(child: CertificateView): KnownAuthority[] {
    return this.named(child).filter((a) => this.signs(child, a.view));
  }

  /** Remembered for each CA. */
  reachOf(authority: KnownAuthority): Reach {
    const known = this.reach.get(authority.id);
    if (known) return known;
    const found = climb(this, authority);
    this.reach.set(authority.id, found);
    return found;
  }

  /**
   * The paths from a CA to an anchor, shortest first, remembered: everything above a leaf is the same for thousands. Null
   * when another CA certificate of its name is within reach, so that a leaf may have other paths.
   */
  pathsFrom(authority: KnownAuthority): CertificateView[][] | null {
    let paths = this.paths.get(authority.id);
    if (paths === undefined) {
      const { above } = this.reachOf(authority);
      const alone = above.every((one) => one === authority || !sameName(one.view.subject, authority.view.subject));
      paths = alone ? pathsFrom(authority.view, { ...within(above), signs: this.signs }) : null;
      this.paths.set(authority.id, paths);
    }
    return paths;
  }
}

const within = (above: readonly KnownAuthority[]) => ({
  anchors: above.filter((a) => a.trust === 'anchor').map((a) => a.view),
  intermediates: above.filter((a) => a.trust !== 'anchor').map((a) => a.view),
});

/** Follows verified signatures upwards, each CA certificate once, so that meshes and loops end; the shortest way wins. */
function climb(ring: Keyring, from: KnownAuthority): Reach {
  const seen = new Set([from]);
  const queue: KnownAuthority[][] = [[from]];
  let anchored: KnownAuthority[] | null = null;
  let rooted: KnownAuthority[] | null = null;
  let longest = queue[0]!;
  for (let path = queue.shift(); path; path = queue.shift()) {
    const top = path.at(-1)!;
    longest = path;
    if (top.trust === 'anchor') anchored ??= path;
    if (sameName(top.view.subject, top.view.issuer) && ring.signs(top.view, top.view)) rooted ??= path;
    for (const parent of ring.issuersOf(top.view)) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      queue.push([...path, parent]);
    }
  }
  const above = [...seen];
  if (anchored) return { end: 'anchor', path: anchored, above };
  return rooted ? { end: 'root', path: rooted, above } : { end: 'missing', path: longest, above };
}

function keyMatches(child: CertificateView, issuer: CertificateView): boolean {
  return !child.aki || !issuer.ski || child.aki === issuer.ski;
}

/**
 * @param now instant of judgement, UTC ms; outside the leaf's own validity its nearest end is taken, so that an expired
 *   leaf keeps the chain it had (its label says expired anyway)
 */
export function judgeChain(leaf: CertificateView, ring: Keyring, now: number): ChainVerdict {
  const at = Math.max(leaf.notBefore.ms, Math.min(now, leaf.notAfter.ms));
  const named = ring.named(leaf);
  const issuers = named.filter((authority) => ring.signs(leaf, authority.view));
  const issuer = issuers.find((a) => ring.reachOf(a).end === 'anchor') ?? issuers[0];
  if (!issuer) {
    // Only a trusted issuer's key can say "not mine": a candidate of the same name proves nothing against a certificate.
    const denied = named.some((authority) => ring.reachOf(authority).end === 'anchor');
    const chain = denied ? 'bad_signature' : ring.refuses(leaf) ? 'untrusted' : 'incomplete';
    return { chain, rule: null, authorityId: null };
  }
  const reach = ring.reachOf(issuer);
  if (reach.end !== 'anchor') {
    const known = reach.end === 'root' || ring.refusedAbove(issuer);
    return { chain: known ? 'untrusted' : 'incomplete', rule: null, authorityId: issuer.id };
  }
  return { ...judgePath(leaf, ring, issuers, at), authorityId: issuer.id };
}

/** RFC 5280 §6.1 over what the leaf's issuers reach. */
function judgePath(
  leaf: CertificateView,
  ring: Keyring,
  issuers: KnownAuthority[],
  at: number,
): Omit<ChainVerdict, 'authorityId'> {
  const result = ownPath(leaf, ring, issuers, at) ?? pathOf(leaf, ring, issuers, at);
  const path = result.path.flatMap((view) => ring.find(view.fingerprint) ?? []);
  if (path.some((authority) => authority.revokedAt !== null)) return { chain: 'ca_revoked', rule: null };
  if (result.ok) return { chain: 'anchored', rule: null };
  // `anchored` but not ok: the leaf's own dates are reversed, which no instant can satisfy.
  return { chain: result.chain === 'anchored' ? 'invalid_path' : result.chain, rule: result.rule ?? null };
}

/** What `pathOf` finds for a leaf with one possible issuer and a path that holds, without the search; null: search. */
function ownPath(
  leaf: CertificateView,
  ring: Keyring,
  issuers: readonly KnownAuthority[],
  at: number,
): PathResult | null {
  const paths = issuers.length === 1 ? ring.pathsFrom(issuers[0]!) : null;
  for (const path of paths ?? []) {
    if (path.some((one) => one.publicKey.spkiSha256 === leaf.publicKey.spkiSha256)) return null;
    const result = judgeFound([leaf, ...path], { at });
    if (result.ok) return result;
  }
  return null;
}

function pathOf(leaf: CertificateView, ring: Keyring, issuers: readonly KnownAuthority[], at: number): PathResult {
  const above = [...new Set(issuers.flatMap((issuer) => ring.reachOf(issuer).above))];
  return validatePath(leaf, { ...within(above), at, signs: ring.signs });
}

export type PathLink = { authority: KnownAuthority; fails: boolean };
export type PathAbove = {
  /** CA certificates above the leaf, nearest first, as far as signatures reach. */
  links: PathLink[];
  /** Which rule fails, with its sentence and clause; null when the path holds or does not reach an anchor. */
  failure: { rule: PathRule; text: string; clause: string; atLeaf: boolean } | null;
};

/** The chain as a page draws it: what stands above, and where which rule fails. */
export function pathAbove(leaf: CertificateView, ring: Keyring, now: number): PathAbove {
  const issuers = ring.issuersOf(leaf);
  const issuer = issuers.find((a) => ring.reachOf(a).end === 'anchor') ?? issuers[0];
  if (!issuer) return { links: [], failure: null };
  const reach = ring.reachOf(issuer);
  if (reach.end !== 'anchor')
    return { links: reach.path.map((authority) => ({ authority, fails: false })), failure: null };
  const at = Math.max(leaf.notBefore.ms, Math.min(now, leaf.notAfter.ms));
  const result = pathOf(leaf, ring, issuers, at);
  const links = result.path.slice(1).flatMap((view) => {
    const authority = ring.find(view.fingerprint);
    return authority ? [{ authority, fails: result.at?.fingerprint === view.fingerprint }] : [];
  });
  if (result.ok || !result.rule) return { links, failure: null };
  const { text, clause } = PATH_RULES[result.rule];
  const atLeaf = result.at?.fingerprint === leaf.fingerprint;
  return { links, failure: { rule: result.rule, text, clause, atLeaf } };
}
