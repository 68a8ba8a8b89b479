// The CRL half of a judgement from files: which lists are about a certificate, whose they are, and what of a line holds.
import { chainPaths, DerError, LENIENT, pathsFrom, sameName, STRICT } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { cross, lineScope, type Crl, type Crossing } from './crl.ts';
import { acceptCrl, SKEW, type Known } from './crl-acceptance.ts';
import { tieOf } from './crl-signers.ts';
import { wordOf } from './crl-word.ts';
import { combine, combines, effectiveCount, type Crossed } from './delta.ts';
import type { Objects } from './file-objects.ts';
import type { FilesRequest } from './from-files.ts';
import { massChange, type Counts } from './mass-change.ts';
import type { RefusalCode } from './refusals.ts';
import type { RemarkCode } from './remarks.ts';
import { subjectOfView, type Held } from './subject.ts';

/** A certificate, the one above it in the path, and the anchor of the path. */
export type Link = { certificate: CertificateView; issuer: CertificateView; top: CertificateView };

/** The lists of one CRL signer's key and scope that hold now. */
type Line = {
  complete: Crossed;
  delta: Crossed | null;
  quarantined: boolean;
  doubtful: boolean;
  signer: CertificateView;
};

/** How the certificates of a CRL signer's own path stand: one is revoked, all are settled, or nobody can say. */
export type Standing = 'negative' | 'settled' | 'open';

/** `hints`: an unusable list names the certificate all the same (certificate-status §2 no. 6). */
export type TakenList = { remarks: RemarkCode[] } | { refusal: RefusalCode; hints?: boolean };

/** All lists about one certificate, taken one after the other. */
export class FileLines {
  private readonly lines = new Map<string, Line>();
  private readonly known = new Map<string, Known>();
  private readonly link: Link;
  private readonly request: FilesRequest;
  private readonly objects: Objects;
  private readonly standing: (path: CertificateView[]) => Standing;
  /** CRL signers, other than the issuer itself, whose own status nothing settles. */
  private readonly open = new Set<string>();
  /** Above the issuer. */
  private paths: CertificateView[][] | undefined;

  constructor(link: Link, request: FilesRequest, objects: Objects, standing: (path: CertificateView[]) => Standing) {
    this.link = link;
    this.request = request;
    this.objects = objects;
    this.standing = standing;
  }

  /** Whether a list may be about the certificate: of its issuer, or of a cRLIssuer that it names. */
  concerns(crl: Crl): boolean {
    const { certificate } = this.link;
    return sameName(crl.issuer, certificate.issuer) || isNamedBy(certificate, crl);
  }

  /** Whether a delta that is still to come continues a complete list that holds now: they speak as one. */
  continuedBy(delta: Crl): boolean {
    return [...this.lines.values()].some((line) => combines(line.complete.crl, delta));
  }

  take(crl: Crl): TakenList {
    const { request, link } = this;
    try {
      const crossing = cross(crl, new Set([link.certificate.serial]));
      const scope = lineScope(crl, !sameName(crl.issuer, link.certificate.issuer));
      const kind = crl.deltaOf === null ? 'complete' : 'delta';
      const keyOf = (signer: CertificateView) => `${signer.publicKey.spkiSha256} ${scope}`;
      const base = crl.deltaOf === null ? null : this.baseOf(crl);
      const verdict = acceptCrl({
        crl,
        crossing,
        signers: [link.issuer, ...this.objects.pool.filter((ca) => this.mayList(ca, crl))],
        anchored: (ca, at) => this.anchored(ca, at),
        known: (signer) => this.known.get(`${kind} ${keyOf(signer)}`) ?? null,
        complete: base?.complete.crl ?? null,
        counts: base
          ? combines(base.complete.crl, crl)
            ? countsOf(base, crl)
            : null
          : this.takenOver(crl, crossing, scope),
        now: request.at,
        skew: request.skew ?? SKEW,
        algorithms: request.allowWeak ? LENIENT : STRICT,
      });
      if (!verdict.accepted)
        return { refusal: verdict.code, hints: verdict.code === 'unknown_critical' && this.isListed(crl, crossing) };
      const { signer, remarks } = verdict;
      const key = keyOf(signer);
      if (base && this.lines.get(key) !== base) return { refusal: 'delta_unfit' };
      const { number, sha256 } = crl;
      const last = this.known.get(`${kind} ${key}`);
      this.known.set(`${kind} ${key}`, {
        sha256,
        thisUpdate: crl.thisUpdate.ms,
        entryCount: crossing.count,
        // None is taken that has a lower number than one before it.
        numbered: number === null ? (last?.numbered ?? null) : { number, sha256 },
      });
      if (base) {
        base.delta = { crl, crossing };
        base.quarantined ||= remarks.includes('shrunk');
        base.doubtful ||= remarks.includes('same_number');
      }
      if (!base) this.continue(key, { crl, crossing }, signer, remarks);
      return { remarks };
    } catch (error) {
      if (error instanceof DerError) return { refusal: 'unreadable' };
      throw error;
    }
  }

  /** A list of another scope that would end the certificate's hold because its line has ended (taking-over.ts). */
  private takenOver(crl: Crl, crossing: Crossing, scope: string): Counts | null {
    const subject = subjectOfView(this.link.certificate);
    if (crl.deltaOf !== null || wordOf(crl, crossing.found.get(subject.serial) ?? [], subject).status !== 'good')
      return null;
    const others = [...this.lines].flatMap(([key, line]) =>
      !key.endsWith(` ${scope}`) && sameName(line.complete.crl.issuer, crl.issuer) ? [line] : [],
    );
    const ended = others.filter(({ complete, delta }) => {
      const { thisUpdate, nextUpdate } = (delta ?? complete).crl;
      return Math.max(thisUpdate.ms, nextUpdate?.ms ?? 0) < crl.thisUpdate.ms;
    });
    const sizeOf = ({ complete, delta }: Line): number => effectiveCount(complete.crl, delta?.crl ?? null);
    const held = ended.filter(({ complete, delta }) => {
      const { crl: last, crossing: found } = delta ? combine(complete, delta) : complete;
      return wordOf(last, found.found.get(subject.serial) ?? [], subject).status === 'on_hold';
    });
    if (held.length === 0) return null;
    const before = Math.max(...held.map(sizeOf));
    const after = others
      .filter((line) => !ended.includes(line))
      .reduce((sum, line) => sum + sizeOf(line), crossing.count);
    return massChange(before, after) ? { before, after } : null;
  }

  private isListed(crl: Crl, { found }: Crossing): boolean {
    const { certificate } = this.link;
    const { status } = wordOf(crl, found.get(certificate.serial) ?? [], subjectOfView(certificate));
    return status === 'revoked' || status === 'on_hold';
  }

  private baseOf(delta: Crl): Line | null {
    const lines = [...this.lines.values()];
    return (
      lines.find((line) => combines(line.complete.crl, delta)) ??
      lines.find(({ complete }) => sameName(complete.crl.issuer, delta.issuer)) ??
      null
    );
  }

  /** A newer complete list; a delta that reaches further than it still holds. */
  private continue(key: string, complete: Crossed, signer: CertificateView, remarks: readonly RemarkCode[]): void {
    const delta = this.lines.get(key)?.delta ?? null;
    const kept = delta && combines(complete.crl, delta.crl) ? delta : null;
    const [quarantined, doubtful] = [remarks.includes('shrunk'), remarks.includes('same_number')];
    this.lines.set(key, { complete, delta: kept, quarantined, doubtful, signer });
  }

  /** What holds now, deltas worked in. */
  get held(): Held[] {
    return [...this.lines].map(([key, { complete, delta, quarantined, doubtful }]) => {
      const effective = delta ? combine(complete, delta) : { ...complete, earlyRemoved: [] };
      return {
        crl: effective.crl,
        crossing: effective.crossing,
        delta: delta?.crl ?? null,
        earlyRemoved: effective.earlyRemoved,
        evidenceId: (delta ?? complete).crl.sha256,
        scope: key,
        confirmedAt: effective.crl.thisUpdate.ms,
        quarantined,
        doubtful,
      };
    });
  }

  /** Keys that certify each other are one CA's (PKITS 4.5); a key that bears no more than the name has no say. */
  private mayList(signer: CertificateView, crl: Crl): boolean {
    const { issuer } = this.link;
    if (signer.fingerprint === issuer.fingerprint || !sameName(signer.subject, crl.issuer)) return false;
    this.paths ??= pathsFrom(issuer, { anchors: this.request.anchors, intermediates: this.objects.pool });
    return tieOf(signer, [issuer], this.paths) !== 'namesake';
  }

  /** Whether the list that was believed, or any when they only make sense together, rests on a settled signer. */
  vouched(evidenceId: string | null): boolean {
    const lines = [...this.lines.values()];
    const [line] = lines.filter(({ complete, delta }) => (delta ?? complete).crl.sha256 === evidenceId);
    if (!line) return true;
    return (line.complete.crl.scope?.reasons ? lines : [line]).every(
      ({ signer }) => !this.open.has(signer.fingerprint),
    );
  }

  /** A signer's own path must end at the same anchor (RFC 5280 §6.3.3 f), and nobody on it may be revoked. */
  private anchored(ca: CertificateView, at: number): boolean {
    const { issuer, top } = this.link;
    if (ca.fingerprint === issuer.fingerprint) return true;
    const { anchors, allowWeak } = this.request;
    const standings = chainPaths(ca, { anchors, intermediates: this.objects.pool, allowWeak, at })
      .filter(({ ok, path }) => ok && path.at(-1)!.fingerprint === top.fingerprint)
      .map(({ path }) => this.standing(path));
    if (standings.includes('settled')) this.open.delete(ca.fingerprint);
    else this.open.add(ca.fingerprint);
    return standings.some((standing) => standing !== 'negative');
  }
}

const countsOf = ({ complete, delta }: Line, change: Crl): Counts => ({
  before: effectiveCount(complete.crl, delta?.crl ?? null),
  after: effectiveCount(complete.crl, change),
});

/** Whether a distribution point of the certificate names the list's issuer as cRLIssuer. */
export const isNamedBy = (certificate: CertificateView, crl: Crl): boolean =>
  certificate.crlDistributionPoints.some(({ crlIssuer }) => crlIssuer?.some((name) => sameName(name, crl.issuer)));
