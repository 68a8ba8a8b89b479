// Whether who signed an OCSP answer that we hold is believed today (certificate-status §5 no. 4 and 5): the CA itself, whose
// own standing is the chain's matter; a delegate that it certified and did not revoke; a responder that the office set and did
// not take back. An answer is judged by its signer's authority when it comes; this is asked of it afterwards, for ever.
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { readCertificate, signedBy } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { delegateListedNow } from './delegate-lists.ts';
import { unlessLost } from './held-object.ts';
import type { Issuers } from './issuers.ts';
import { readResponse } from './ocsp.ts';
import { noCheck, readQuietly } from './ocsp-responder.ts';
import * as store from './store.ts';

/** Its record in the inventory says revoked or on hold, or a person rejected it. */
export const isDisowned = (ctx: Context, fingerprint: string): boolean => store.isDisowned(ctx.db, fingerprint);

type Signed = Pick<store.EvidenceRow, 'signerFingerprint' | 'producedAt' | 'thisUpdate'>;

/** The signers of the answers of one issuer; what is found out about one is remembered. */
export class AnswerSigners {
  private readonly ctx: Context;
  private readonly issuerKey: string;
  private readonly issuers: Issuers;
  private readonly always = new Map<string, boolean>();

  constructor(ctx: Context, issuerKey: string, issuers: Issuers) {
    this.ctx = ctx;
    this.issuerKey = issuerKey;
    this.issuers = issuers;
  }

  isBelieved({ signerFingerprint: signer, producedAt, thisUpdate }: Signed): boolean {
    if (this.isAlwaysBelieved(signer)) return true;
    // What the office set for a time counts for what was said in it.
    const day = wibDate(producedAt ?? thisUpdate);
    return !isDisowned(this.ctx, signer) && this.entriesOf(signer).some(({ until }) => until >= day);
  }

  /** Whatever day its answers are of. */
  isAlwaysBelieved(signer: string): boolean {
    const known = this.always.get(signer) ?? this.holdsAlways(signer);
    this.always.set(signer, known);
    return known;
  }

  private holdsAlways(signer: string): boolean {
    if (store.keyOfAuthority(this.ctx.db, signer) === this.issuerKey) return true;
    if (isDisowned(this.ctx, signer)) return false;
    return this.entriesOf(signer).some(({ until }) => until === '') || this.isCertified(signer);
  }

  /** What the office set about a responder for this CA. */
  private entriesOf(signer: string) {
    const own = this.issuers.ofKey(this.issuerKey);
    return settings
      .get(this.ctx, 'ocspResponders')
      .filter(({ issuer, responder }) => responder === signer && own.some(({ view }) => view.fingerprint === issuer));
  }

  /** A delegate that the CA certified, and that its current lists do not name. */
  private isCertified(signer: string): boolean {
    const delegate = this.certificateOf(signer);
    if (!delegate || !this.issuers.ofKey(this.issuerKey).some(({ view }) => signedBy(delegate, view))) return false;
    return noCheck(delegate) || !this.isListed(delegate);
  }

  private isListed(delegate: CertificateView): boolean {
    const { ctx, issuerKey, issuers } = this;
    return delegateListedNow(ctx, delegate, { issuerKey, issuers, now: ctx.now() }) === true;
  }

  /** A delegate comes along with what it signs. */
  private certificateOf(signer: string): CertificateView | null {
    const der = store.derOf(this.ctx.db, signer);
    if (der) return readCertificate(der);
    const newest = store.newestSignedBy(this.ctx.db, this.issuerKey, signer);
    const response = newest ? unlessLost(() => readResponse(files.read(this.ctx, newest))) : null;
    return response?.basic?.certificates.map(readQuietly).find((view) => view?.fingerprint === signer) ?? null;
  }
}
