// The CA certificates the office knows, as the acceptance rules want them: who may have signed for an issuer key, whose
// path reaches an accepted anchor. Read once per sweep; rejected ones take part in nothing.
import { createHash } from 'node:crypto';
import { authority, certificateDer } from '../certificates/schema.ts';
import { eq, ne } from 'drizzle-orm';
import { connection, type Db } from '../db/index.ts';
import { chainPaths, nameKey, pathsFrom, readCertificate, sameName } from '../x509/index.ts';
import type { CertificateView, Name } from '../x509/types.ts';
import { signs } from './signed-by.ts';

export type KnownIssuer = {
  id: string;
  commonName: string;
  trust: string;
  revokedAt: number | null;
  /** What its revocation, or its release, rests on. */
  evidenceId: string | null;
  view: CertificateView;
};

/** More CA certificates of one name are not looked at: nobody has them, somebody may upload them. */
const MAX_NAMED = 32;

const readings = new WeakMap<object, { state: string; issuers: Issuers }>();

export class Issuers {
  readonly all: KnownIssuer[];
  private readonly anchors: CertificateView[];
  private readonly intermediates: CertificateView[];
  private readonly revoked: ReadonlySet<string>;
  private readonly reached = new Map<string, ReadonlySet<string>>();
  private readonly byText = new Map<string, readonly KnownIssuer[]>();
  private readonly byIssuer: ReadonlyMap<string, readonly KnownIssuer[]>;
  private readonly bySubject: ReadonlyMap<string, readonly KnownIssuer[]>;
  private readonly issued = new Map<string, readonly KnownIssuer[]>();
  private readonly above = new Map<string, readonly CertificateView[][]>();

  constructor(all: KnownIssuer[]) {
    this.all = all;
    this.byIssuer = Map.groupBy(all, ({ view }) => nameKey(view.issuer));
    this.bySubject = Map.groupBy(all, ({ view }) => nameKey(view.subject));
    this.anchors = all.filter((a) => a.trust === 'anchor').map((a) => a.view);
    this.intermediates = all.filter((a) => a.trust !== 'anchor').map((a) => a.view);
    this.revoked = new Set(all.filter((a) => a.revokedAt !== null).map((a) => a.view.fingerprint));
  }

  /** As they stand in this transaction; read once for as long as nothing about them changes. */
  static read(db: Db): Issuers {
    const client = connection(db);
    const state = client
      .prepare(
        `select coalesce(group_concat(id || trust || coalesce(revoked_at, '') || coalesce(revocation_evidence_id, '')), '') from authority`,
      )
      .pluck()
      .get() as string;
    const known = readings.get(client);
    if (known?.state === state) return known.issuers;
    const issuers = Issuers.readAnew(db);
    readings.set(client, { state, issuers });
    return issuers;
  }

  private static readAnew(db: Db): Issuers {
    const rows = db
      .select({
        id: authority.id,
        commonName: authority.commonName,
        trust: authority.trust,
        revokedAt: authority.revokedAt,
        evidenceId: authority.revocationEvidenceId,
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

  /**
   * Those of them that stand under an anchor, by which the CA is known: anybody may certify a public key of others, under any
   * name. All of them while none does, because then nobody speaks for them either.
   */
  known(key: string): KnownIssuer[] {
    const all = this.ofKey(key);
    const under = all.filter(({ view }) => this.pathsAbove(view).length > 0);
    return under.length > 0 ? under : all;
  }

  /** What people call the CA of a key; one key may bear several names. */
  readonly nameOf = (key: string): string => this.known(key)[0]?.commonName ?? '';

  /** Every path of a key's certificates to an anchor by verified signatures, whatever the dates; each certificate first. */
  readonly pathsOf = (key: string): CertificateView[][] =>
    this.ofKey(key).flatMap(({ view }) => [...this.pathsAbove(view)]);

  /**
   * Which certificate of a CA is believed at an instant: this one, or, when its own path no longer reaches an anchor, another
   * of the same name and key (a renewal): it is one and the same CA (RFC 6960 §4.1.1 names it by these two).
   */
  standingFor(id: string | null | undefined, at: number): KnownIssuer | undefined {
    const own = this.all.find((a) => a.id === id);
    if (!own || this.anchored(own.view, at)) return own;
    const { subject, publicKey } = own.view;
    const alike = this.ofKey(publicKey.spkiSha256).filter(({ view }) => sameName(view.subject, subject));
    return alike.find(({ view }) => this.anchored(view, at)) ?? own;
  }

  /**
   * The CAs under an anchor that a name on a sheet may mean: by the whole DN, else by the CN; one certificate for each name and
   * key, because each counts its serials for itself.
   */
  meant(text: string): readonly KnownIssuer[] {
    const named = (by: (one: KnownIssuer) => boolean): KnownIssuer[] =>
      this.all.filter((one) => by(one) && this.pathsAbove(one.view).length > 0);
    const isSame = (a: KnownIssuer, b: KnownIssuer): boolean =>
      a.view.publicKey.spkiSha256 === b.view.publicKey.spkiSha256 && sameName(a.view.subject, b.view.subject);
    return remembered(this.byText, text, () => {
      const whole = named(({ view }) => view.subject.text === text);
      const all = whole.length > 0 ? whole : named(({ commonName }) => commonName === text);
      return all.filter((one, at) => all.findIndex((other) => isSame(one, other)) === at);
    });
  }

  /** CA certificates that bear the name, every key generation (§2 no. 3). */
  named(name: Name): CertificateView[] {
    return this.all.filter((a) => sameName(a.view.subject, name)).map((a) => a.view);
  }

  /** CA certificates that this key issued under any of its names, by verified signature, other than self-signed ones. */
  issuedBy(key: string): readonly KnownIssuer[] {
    return remembered(this.issued, key, () => {
      const own = this.ofKey(key);
      const names = new Set(own.map(({ view }) => nameKey(view.subject)));
      const children = [...names].flatMap((name) => this.byIssuer.get(name) ?? []);
      return children.filter(({ view }) => view.publicKey.spkiSha256 !== key && signs(view, own[0]!.view));
    });
  }

  /** Who issued a CA certificate, the one under an anchor first; null: itself, or nobody we know. */
  issuerOf = ({ view }: KnownIssuer): KnownIssuer | null => {
    const named = (this.bySubject.get(nameKey(view.issuer)) ?? []).filter(
      (above) => above.view.publicKey.spkiSha256 !== view.publicKey.spkiSha256,
    );
    const fitting = named.filter(({ view: { ski } }) => view.aki === null || ski === null || ski === view.aki);
    const above = (fitting.length > 0 ? fitting : named).slice(0, MAX_NAMED).filter((one) => signs(view, one.view));
    return above.find((one) => this.pathsAbove(one.view).length > 0) ?? above[0] ?? null;
  };

  /** Ids of a CA certificate and of all CA certificates below it. */
  below(top: KnownIssuer, seen = new Set<string>()): string[] {
    if (seen.has(top.id)) return [];
    seen.add(top.id);
    const next = this.issuedBy(top.view.publicKey.spkiSha256);
    return [top.id, ...next.flatMap((ca) => this.below(ca, seen))];
  }

  /** Whether a CA certificate's own path reaches an accepted anchor at an instant, past nobody who is revoked. */
  readonly anchored = (ca: CertificateView, at: number): boolean => this.anchorsOf(ca, at).size > 0;

  /**
   * The same, and the anchor is one that the CA of this key stands under: "the complete CRL issuer [must have] the same
   * trust anchor as the one used to validate the target certificate" (RFC 5280 §6.3.3 f).
   */
  anchoredBeside(issuerKey: string): (ca: CertificateView, at: number) => boolean {
    const own = this.ofKey(issuerKey);
    return (ca, at) => {
      const anchors = this.anchorsOf(ca, at);
      if (ca.publicKey.spkiSha256 === issuerKey) return anchors.size > 0;
      return own.some(({ view }) => [...this.anchorsAbove(view)].some((key) => anchors.has(key)));
    };
  }

  /**
   * Who vouches for a CA: the organisations that an anchor certified and that it stands under, or the anchor's own. An
   * organisation is one, however many keys and CA names it was given; names further down anybody may invent.
   */
  vouchersOf = (key: string): string[] =>
    [...new Set(this.pathsOf(key).map((path) => organisationOf(path[Math.max(0, path.length - 2)]!)))].sort();

  /** Keys of the anchors at which a path that holds at an instant ends. */
  private anchorsOf(ca: CertificateView, at: number): ReadonlySet<string> {
    return remembered(this.reached, `${ca.fingerprint} ${at}`, () =>
      endsOf(
        chainPaths(ca, { anchors: this.anchors, intermediates: this.intermediates, signs, at })
          .filter(({ ok, path }) => ok && !path.some(({ fingerprint }) => this.revoked.has(fingerprint)))
          .map(({ path }) => path),
      ),
    );
  }

  /** Keys of the anchors that a CA certificate stands under by verified signatures, whatever its dates. */
  private readonly anchorsAbove = (ca: CertificateView): ReadonlySet<string> => endsOf(this.pathsAbove(ca));

  private pathsAbove(ca: CertificateView): readonly CertificateView[][] {
    return remembered(this.above, ca.fingerprint, () =>
      pathsFrom(ca, { anchors: this.anchors, intermediates: this.intermediates, signs }),
    );
  }
}

/** organizationName of a CA, without regard to case and space, else its whole name; as a word without spaces. */
function organisationOf({ subject }: CertificateView): string {
  const named = subject.rdns.flat().filter(({ oid }) => oid === ORGANIZATION);
  const words = named.map(({ value }) => value.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean).join(' '));
  const name = words.some(Boolean) ? words.sort().join('\n') : subject.der;
  return createHash('sha256').update(name).digest('hex');
}
const ORGANIZATION = '2.5.4.10';

const endsOf = (paths: readonly CertificateView[][]): ReadonlySet<string> =>
  new Set(paths.map((path) => path.at(-1)!.publicKey.spkiSha256));

const MAX_REMEMBERED = 5000;

function remembered<T>(memory: Map<string, T>, key: string, find: () => T): T {
  const known = memory.get(key) ?? find();
  if (memory.size >= MAX_REMEMBERED) memory.clear();
  memory.set(key, known);
  return known;
}
