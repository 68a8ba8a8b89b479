// The chain facet of one certificate against the CA certificates the office knows (certificate-status §1). Pure: the
// keyring and the instant come in. An issuer is found by name and key identifier *and* verified signature, never by
// name alone; only accepted anchors make a chain `anchored`. `x509.validatePath` (RFC 5280 §6.1) decides, this file
// says in which way an undecided or refused chain falls short.
import { signedBy, validatePath } from '../x509/index.ts';
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

const key = (der: Uint8Array): string => Buffer.from(der).toString('latin1');

/** CA certificates by subject; rejected ones take part in nothing. */
export class Keyring {
  readonly anchors: CertificateView[];
  readonly intermediates: CertificateView[];
  private readonly bySubject = new Map<string, KnownAuthority[]>();
  private readonly byFingerprint = new Map<string, KnownAuthority>();
  private readonly reach = new Map<string, Reach>();

  constructor(known: readonly KnownAuthority[]) {
    const usable = known.filter((authority) => authority.trust !== 'rejected');
    this.anchors = usable.filter((a) => a.trust === 'anchor').map((a) => a.view);
    this.intermediates = usable.filter((a) => a.trust !== 'anchor').map((a) => a.view);
    for (const authority of usable) {
      const subject = key(authority.view.subject.der);
      this.bySubject.set(subject, [...(this.bySubject.get(subject) ?? []), authority]);
      this.byFingerprint.set(authority.view.fingerprint, authority);
    }
  }

  named(issuer: CertificateView['issuer']): readonly KnownAuthority[] {
    return this.bySubject.get(key(issuer.der)) ?? [];
  }

  find(fingerprint: string): KnownAuthority | undefined {
    return this.byFingerprint.get(fingerprint);
  }

  /** Where the path above a CA ends; remembered, because thousands of leaves share it. */
  reachOf(authority: KnownAuthority): Reach {
    const known = this.reach.get(authority.id);
    if (known) return known;
    const found = climb(this, authority);
    this.reach.set(authority.id, found);
    return found;
  }
}

type Reach = { end: 'anchor' | 'root' | 'missing'; path: KnownAuthority[] };

/** Follows verified signatures upwards; prefers a way that ends at an anchor. Cross-certificates and loops end. */
function climb(ring: Keyring, from: KnownAuthority): Reach {
  let best: Reach = { end: 'missing', path: [from] };
  const walk = (path: KnownAuthority[]): boolean => {
    const top = path.at(-1)!;
    if (top.trust === 'anchor') {
      best = { end: 'anchor', path };
      return true;
    }
    const parents = verifiedIssuers(ring, top.view).filter((parent) => !path.includes(parent));
    const selfSigned = top.view.subject.der.equals(top.view.issuer.der) && signedBy(top.view, top.view);
    if (selfSigned && best.end !== 'anchor') best = { end: 'root', path };
    if (path.length >= 8) return false;
    return parents.some((parent) => walk([...path, parent]));
  };
  walk([from]);
  return best;
}

function keyMatches(child: CertificateView, issuer: CertificateView): boolean {
  return !child.aki || !issuer.ski || child.aki === issuer.ski;
}

function verifiedIssuers(ring: Keyring, child: CertificateView): KnownAuthority[] {
  return ring.named(child.issuer).filter((a) => keyMatches(child, a.view) && signedBy(child, a.view));
}

/**
 * @param now instant of judgement, UTC ms; outside the leaf's own validity its nearest end is taken, so that an expired
 *   leaf keeps the chain it had (its label says expired anyway)
 */
export function judgeChain(leaf: CertificateView, ring: Keyring, now: number): ChainVerdict {
  const at = Math.max(leaf.notBefore.ms, Math.min(now, leaf.notAfter.ms));
  const named = ring.named(leaf.issuer).filter((authority) => keyMatches(leaf, authority.view));
  const issuers = named.filter((authority) => signedBy(leaf, authority.view));
  const issuer = issuers.find((a) => ring.reachOf(a).end === 'anchor') ?? issuers[0];
  if (!issuer) {
    // Only a trusted issuer's key can say "not mine": a candidate of the same name proves nothing against a certificate.
    const denied = named.some((authority) => ring.reachOf(authority).end === 'anchor');
    return { chain: denied ? 'bad_signature' : 'incomplete', rule: null, authorityId: null };
  }
  const reach = ring.reachOf(issuer);
  if (reach.end !== 'anchor') {
    return { chain: reach.end === 'root' ? 'untrusted' : 'incomplete', rule: null, authorityId: issuer.id };
  }
  return { ...judgePath(leaf, ring, reach.path, at), authorityId: issuer.id };
}

function judgePath(
  leaf: CertificateView,
  ring: Keyring,
  climbed: KnownAuthority[],
  at: number,
): Omit<ChainVerdict, 'authorityId'> {
  const result = validatePath(leaf, { anchors: ring.anchors, intermediates: ring.intermediates, at });
  const path = result.ok ? result.path.flatMap((view) => ring.find(view.fingerprint) ?? []) : climbed;
  if (path.some((authority) => authority.revokedAt !== null)) return { chain: 'ca_revoked', rule: null };
  if (result.ok) return { chain: 'anchored', rule: null };
  // `anchored` but not ok: the leaf's own dates are reversed, which no instant can satisfy.
  return { chain: result.chain === 'anchored' ? 'invalid_path' : result.chain, rule: result.rule ?? null };
}

/** The CA certificates above a leaf, nearest first, as far as signatures reach; for the page's chain. */
export function pathAbove(leaf: CertificateView, ring: Keyring): KnownAuthority[] {
  const issuers = verifiedIssuers(ring, leaf);
  const issuer = issuers.find((a) => ring.reachOf(a).end === 'anchor') ?? issuers[0];
  return issuer ? ring.reachOf(issuer).path : [];
}
