// The CA certificates the office knows, as the acceptance rules want them: who may have signed for an issuer key, whose
// path reaches an accepted anchor. Read once per sweep; rejected ones take part in nothing.
import { authority, certificateDer } from '../certificates/schema.ts';
import { eq, ne } from 'drizzle-orm';
import type { Db } from '../db/index.ts';
import { readCertificate, sameName, validatePath, verifiesWith } from '../x509/index.ts';
import type { CertificateView, Name } from '../x509/types.ts';

export type KnownIssuer = {
  id: string;
  commonName: string;
  trust: string;
  revokedAt: number | null;
  view: CertificateView;
};

export class Issuers {
  readonly all: KnownIssuer[];
  private readonly anchors: CertificateView[];
  private readonly intermediates: CertificateView[];
  private readonly reached = new Map<string, boolean>();

  constructor(all: KnownIssuer[]) {
    this.all = all;
    this.anchors = all.filter((a) => a.trust === 'anchor').map((a) => a.view);
    this.intermediates = all.filter((a) => a.trust !== 'anchor').map((a) => a.view);
  }

  static read(db: Db): Issuers {
    const rows = db
      .select({
        id: authority.id,
        commonName: authority.commonName,
        trust: authority.trust,
        revokedAt: authority.revokedAt,
        der: certificateDer.der,
      })
      .from(authority)
      .innerJoin(certificateDer, eq(certificateDer.fingerprint, authority.fingerprint))
      .where(ne(authority.trust, 'rejected'))
      .all();
    return new Issuers(rows.map(({ der, ...row }) => ({ ...row, view: readCertificate(der) })));
  }

  /** CA certificates of one key. */
  ofKey(key: string): KnownIssuer[] {
    return this.all.filter((a) => a.view.publicKey.spkiSha256 === key);
  }

  /** CA certificates that bear the name, every key generation (§2 no. 3). */
  named(name: Name): CertificateView[] {
    return this.all.filter((a) => sameName(a.view.subject, name)).map((a) => a.view);
  }

  /** CA certificates that this key issued, by verified signature, other than self-signed ones. */
  issuedBy(key: string): KnownIssuer[] {
    const [issuer] = this.ofKey(key);
    if (!issuer) return [];
    return this.all.filter(
      (a) =>
        a.view.publicKey.spkiSha256 !== key &&
        sameName(a.view.issuer, issuer.view.subject) &&
        verifiesWith(a.view, issuer.view.publicKey.spki),
    );
  }

  /** Ids of a CA certificate and of all CA certificates below it. */
  below(top: KnownIssuer, seen = new Set<string>()): string[] {
    if (seen.has(top.id)) return [];
    seen.add(top.id);
    const next = this.issuedBy(top.view.publicKey.spkiSha256);
    return [top.id, ...next.flatMap((ca) => this.below(ca, seen))];
  }

  /** Whether a CA certificate's own path reaches an accepted anchor at an instant (RFC 5280 §6.3.3 f). */
  readonly anchored = (ca: CertificateView, at: number): boolean => {
    const key = `${ca.fingerprint} ${at}`;
    const known = this.reached.get(key);
    if (known !== undefined) return known;
    const ok =
      validatePath(ca, { anchors: this.anchors, intermediates: this.intermediates, at }).ok && !this.revoked(ca);
    this.reached.set(key, ok);
    return ok;
  };

  private revoked(ca: CertificateView): boolean {
    return this.all.some((a) => a.view.fingerprint === ca.fingerprint && a.revokedAt !== null);
  }
}
