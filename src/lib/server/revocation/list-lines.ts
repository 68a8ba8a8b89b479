// Which line of an issuer an accepted list continues: that of the issuer itself, or, signed by another key of its name that
// nobody linked to it, a line of its own that can only revoke (certificate-status §2 no. 3 and 5).
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { sameName } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { lineScope, type Crl } from './crl.ts';
import { otherKeyScope, tieOf } from './crl-signers.ts';
import type { Issuers } from './issuers.ts';
import * as store from './store.ts';

/** Whether a signer's lists say for the certificates of an issuer key that they are good, by the settings of the instant. */
export function speaksFully(ctx: Context, signer: CertificateView, issuerKey: string, issuers: Issuers): boolean {
  const own = issuers.ofKey(issuerKey).map(({ view }) => view);
  const tie = tieOf(
    signer,
    own,
    issuers.all.map(({ view }) => view),
  );
  if (tie === 'own' || tie === 'other_name' || tie === 'separate') return true;
  const today = wibDate(ctx.now());
  return settings
    .get(ctx, 'crlSigners')
    .some(
      (one) =>
        one.signer === signer.fingerprint &&
        own.some(({ fingerprint }) => fingerprint === one.issuer) &&
        (one.until === '' || one.until >= today),
    );
}

/**
 * The lines that a list continues, the one that counts first. A key that was allowed to speak for its elders goes on with
 * what it said before alone, lest a hold stay there for ever.
 */
export function linesFor(
  ctx: Context,
  crl: Crl,
  { signer, issuerKey, issuers }: { signer: CertificateView; issuerKey: string; issuers: Issuers },
): string[] {
  const scope = lineScope(crl, issuers.ofKey(issuerKey)[0]?.view.subject ?? crl.issuer);
  const alone = otherKeyScope(scope, signer);
  if (!speaksFully(ctx, signer, issuerKey, issuers)) return [alone];
  return store.lineOf(ctx.db, issuerKey, alone) ? [scope, alone] : [scope];
}

/** What a new list must not fall behind: an object of the line whose signer had the right to continue it (§2 no. 5). */
export function guarding(ctx: Context, held: store.EvidenceRow | null, issuers: Issuers): store.EvidenceRow | null {
  const signer = held && issuers.all.find(({ view }) => view.fingerprint === held.signerFingerprint)?.view;
  if (!signer) return held;
  const then: Context = { ...ctx, now: () => held.acceptedAt };
  const alone = held.scope.startsWith(otherKeyScope('', signer));
  return alone || speaksFully(then, signer, held.issuerKey, issuers) ? held : null;
}

/**
 * Who may have signed for an issuer key: every certificate of the list's name when it came from the address that
 * certificates name; of what was carried by hand, and is kept beside the lists of other keys, only who speaks fully.
 */
export function signersFor(
  ctx: Context,
  crl: Crl,
  { issuerKey, issuers, byHand }: { issuerKey: string; issuers: Issuers; byHand: boolean },
): CertificateView[] {
  const own = issuers.ofKey(issuerKey).map(({ view }) => view);
  const named = issuers.named(crl.issuer);
  // Another CA speaks for this one; whether a certificate names it (cRLIssuer) is asked of each (§2 no. 9).
  if (!own.some((view) => sameName(view.subject, crl.issuer))) return crl.scope?.indirect ? named : own;
  return byHand ? named.filter((view) => speaksFully(ctx, view, issuerKey, issuers)) : named;
}
