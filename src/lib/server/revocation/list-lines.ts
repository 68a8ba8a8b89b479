// Which line of an issuer an accepted list continues: that of the issuer itself, or, signed by another key of its name that
// nobody linked to it, a line of its own that can only revoke (certificate-status §2 no. 3 and 5).
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { readCertificate, sameName } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { lineScope, type Crl } from './crl.ts';
import type { Known } from './crl-acceptance.ts';
import { onlyRevokes, otherKeyScope, tieOf, type Tie } from './crl-signers.ts';
import type { Issuers } from './issuers.ts';
import { begunAnew } from './renumbering.ts';
import * as store from './store.ts';

/** How a signer stands to an issuer key, by the CA certificates that we know. */
const tied = (signer: CertificateView, issuerKey: string, issuers: Issuers): Tie =>
  tieOf(
    signer,
    issuers.known(issuerKey).map(({ view }) => view),
    issuers.pathsOf(issuerKey),
  );

/** Whether the office set a signer for certificates of an issuer key. @param day ... and the entry has not ended by then */
const isSet = (ctx: Context, signer: CertificateView, issuerKey: string, issuers: Issuers, day?: string): boolean =>
  settings
    .get(ctx, 'crlSigners')
    .some(
      (one) =>
        one.signer === signer.fingerprint &&
        issuers.ofKey(issuerKey).some(({ view }) => view.fingerprint === one.issuer) &&
        (one.until === '' || day === undefined || one.until >= day),
    );

/** Whether a signer's lists say for the certificates of an issuer key that they are good, by the settings of the instant. */
export function speaksFully(ctx: Context, signer: CertificateView, issuerKey: string, issuers: Issuers): boolean {
  const tie = tied(signer, issuerKey, issuers);
  if (tie === 'own' || tie === 'other_name' || tie === 'separate') return true;
  return isSet(ctx, signer, issuerKey, issuers, wibDate(ctx.now()));
}

/** Whether a signer's lists say anything about them: who bears the issuer's name and no more does not (§2 no. 3). */
const speaks = (ctx: Context, signer: CertificateView, issuerKey: string, issuers: Issuers): boolean =>
  tied(signer, issuerKey, issuers) !== 'namesake' || speaksFully(ctx, signer, issuerKey, issuers);

/**
 * The lines that a list continues, the one that counts first. A key that was allowed to speak for its elders goes on with
 * what it said before alone, lest a hold stay there for ever.
 */
export function linesFor(
  ctx: Context,
  crl: Crl,
  { signer, issuerKey, issuers }: { signer: CertificateView; issuerKey: string; issuers: Issuers },
): string[] {
  const scope = scopeOf(ctx, crl, issuerKey, issuers);
  const alone = otherKeyScope(scope, signer);
  if (!speaksFully(ctx, signer, issuerKey, issuers)) return [alone];
  return store.lineOf(ctx.db, issuerKey, alone) ? [scope, alone] : [scope];
}

/**
 * Lists of different names are different lines, also of one key. The name that the key had first has the line that goes by
 * no name, whose list tells which that was.
 */
function scopeOf(ctx: Context, crl: Crl, issuerKey: string, issuers: Issuers): string {
  const isOwn = issuers.known(issuerKey).some(({ view }) => sameName(view.subject, crl.issuer));
  const plain = lineScope(crl, false);
  const line = isOwn ? store.lineOf(ctx.db, issuerKey, plain) : undefined;
  const by = line && store.evidenceById(ctx.db, line.evidenceId)?.signerFingerprint;
  const signer = by && store.derOf(ctx.db, by);
  const isTheirs = signer && !sameName(readCertificate(signer).subject, crl.issuer);
  return isOwn && !isTheirs ? plain : lineScope(crl, true);
}

type Signed = Pick<store.EvidenceRow, 'signerFingerprint' | 'issuerKey' | 'thisUpdate' | 'scope'>;

/** CA certificates of the key that signed a list we hold, those that are rejected left out. */
const signersOf = (ctx: Context, held: Signed, issuers: Issuers): CertificateView[] => {
  const key = held.signerFingerprint && store.keyOfAuthority(ctx.db, held.signerFingerprint);
  return key ? issuers.ofKey(key).map(({ view }) => view) : [];
};

/**
 * Those that still lead to an anchor past nobody who is revoked, and are more than namesakes; their dates are judged as of
 * the list, like when it came, and what the office set for a time counts for what was said in it.
 */
const trusted = (ctx: Context, held: Signed, issuers: Issuers): CertificateView[] =>
  signersOf(ctx, held, issuers).filter(
    (view) =>
      issuers.anchoredBeside(held.issuerKey)(view, held.thisUpdate) &&
      (tied(view, held.issuerKey, issuers) !== 'namesake' || isSet(ctx, view, held.issuerKey, issuers)),
  );

/**
 * Whether the silence of a list we hold still means good: nobody rejected or revoked its signer since. The issuer's own key
 * is not asked here, because with it the certificates themselves lose their path: that is the chain's matter.
 */
export const isBelieved = (ctx: Context, held: Signed, issuers: Issuers): boolean =>
  signersOf(ctx, held, issuers).some((view) => view.publicKey.spkiSha256 === held.issuerKey) ||
  trusted(ctx, held, issuers).length > 0;

/**
 * Whether what a list names counts at all: not of who proves to be a mere namesake of the issuer, whose lists releases before
 * 0.5 let revoke. Whom it revoked then stays so until people looked: deriving again tells them (rederiving.ts).
 */
export function hasSay(ctx: Context, held: Signed, issuers: Issuers): boolean {
  if (issuers.pathsOf(held.issuerKey).length === 0) return true;
  const signers = signersOf(ctx, held, issuers);
  return signers.length === 0 || signers.some((view) => speaks(ctx, view, held.issuerKey, issuers));
}

/** Whether a list that the server still publishes is confirmed by that: its signer could sign it anew today. */
export const mayConfirm = (ctx: Context, held: Signed, issuers: Issuers): boolean =>
  trusted(ctx, held, issuers).some(
    (view) =>
      (onlyRevokes(held.scope) && speaks(ctx, view, held.issuerKey, issuers)) ||
      speaksFully(ctx, view, held.issuerKey, issuers),
  );

/**
 * What a new list must not fall behind (§2 no. 5): in time the last object of the line, if its signer could continue it
 * today; in number the greatest that its own key gave since its numbering began (renumbering.ts), for each key counts for itself.
 */
export function guarding(
  ctx: Context,
  held: store.EvidenceRow | null,
  { signer, scope, issuers }: { signer: CertificateView; scope: string; issuers: Issuers },
): Known | null {
  if (!held) return null;
  const key = signer.publicKey.spkiSha256;
  const line = { ...held, scope, key };
  const isOwn = store.keyOfAuthority(ctx.db, held.signerFingerprint) === key;
  const last = isOwn || mayConfirm(ctx, held, issuers) ? held : store.lastSignedBy(ctx.db, line);
  if (!last) return null;
  const { sha256, thisUpdate, entryCount } = last;
  const greatest = store.greatestNumbered(ctx.db, line);
  const anew = greatest ? begunAnew(ctx, greatest) : null;
  const numbered = greatest ? { number: greatest.crlNumber!, sha256: greatest.sha256 } : null;
  return {
    sha256,
    thisUpdate,
    entryCount: entryCount ?? 0,
    numbered: anew ?? numbered,
    abandoned: anew && numbered,
  };
}

type Asked = { issuerKey: string; issuers: Issuers };

/**
 * Who may have signed for an issuer key: every other key of its CA too, when the list came from the address that
 * certificates name; of what was carried by hand, and is kept beside the lists of other keys, only who speaks fully.
 */
export function signersFor(
  ctx: Context,
  crl: Crl,
  { issuerKey, issuers, byHand }: Asked & { byHand: boolean },
): CertificateView[] {
  const own = issuers.known(issuerKey).map(({ view }) => view);
  const named = issuers.named(crl.issuer);
  // Another CA speaks for this one; whether a certificate names it (cRLIssuer) is asked of each (§2 no. 9).
  if (!own.some((view) => sameName(view.subject, crl.issuer))) return crl.scope?.indirect ? named : own;
  const may = byHand ? speaksFully : speaks;
  return named.filter((view) => may(ctx, view, issuerKey, issuers));
}

/** Who bears the name of the list and of the issuer, and has no say: what such a list names is a hint at most. */
export const namesakesOf = (ctx: Context, crl: Crl, { issuerKey, issuers }: Asked): CertificateView[] =>
  issuers.named(crl.issuer).filter((view) => !speaks(ctx, view, issuerKey, issuers));
