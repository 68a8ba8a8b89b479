// Which line of an issuer an accepted list continues: that of the issuer itself, or, signed by another key of its name that
// nobody linked to it, a line of its own that can only revoke (certificate-status §2 no. 3 and 5).
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { sameName } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { lineScope, type Crl } from './crl.ts';
import type { Known } from './crl-acceptance.ts';
import { onlyRevokes, otherKeyScope, tieOf } from './crl-signers.ts';
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

type Signed = Pick<store.EvidenceRow, 'signerFingerprint' | 'issuerKey' | 'thisUpdate' | 'scope'>;

/** CA certificates of the key that signed a list we hold, those that are rejected left out. */
const signersOf = (ctx: Context, held: Signed, issuers: Issuers): CertificateView[] => {
  const key = held.signerFingerprint && store.keyOfAuthority(ctx.db, held.signerFingerprint);
  return key ? issuers.ofKey(key).map(({ view }) => view) : [];
};

/** Those that still lead to an anchor past nobody who is revoked; their dates are judged as of the list, like when it came. */
const trusted = (ctx: Context, held: Signed, issuers: Issuers): CertificateView[] =>
  signersOf(ctx, held, issuers).filter((view) => issuers.anchoredBeside(held.issuerKey)(view, held.thisUpdate));

/**
 * Whether the silence of a list we hold still means good: nobody rejected or revoked its signer since. The issuer's own key
 * is not asked here, because with it the certificates themselves lose their path: that is the chain's matter.
 */
export const isBelieved = (ctx: Context, held: Signed, issuers: Issuers): boolean =>
  signersOf(ctx, held, issuers).some((view) => view.publicKey.spkiSha256 === held.issuerKey) ||
  trusted(ctx, held, issuers).length > 0;

/** Whether a list that the server still publishes is confirmed by that: its signer could sign it anew today. */
export const mayConfirm = (ctx: Context, held: Signed, issuers: Issuers): boolean =>
  trusted(ctx, held, issuers).some(
    (view) => onlyRevokes(held.scope) || speaksFully(ctx, view, held.issuerKey, issuers),
  );

/**
 * What a new list must not fall behind (§2 no. 5): in time the last object of the line, if its signer could continue it
 * today; in number only the last of its own key, for each key counts for itself.
 */
export function guarding(
  ctx: Context,
  held: store.EvidenceRow | null,
  { signer, scope, issuers }: { signer: CertificateView; scope: string; issuers: Issuers },
): Known | null {
  if (!held) return null;
  const key = signer.publicKey.spkiSha256;
  const isOwn = (row: store.EvidenceRow) => store.keyOfAuthority(ctx.db, row.signerFingerprint ?? '') === key;
  if (isOwn(held)) return knownOf(held);
  const last = store.lastSignedBy(ctx.db, { ...held, scope, key });
  if (!mayConfirm(ctx, held, issuers)) return last ? knownOf(last) : null;
  return { ...knownOf(held), number: last?.crlNumber ?? null };
}

const knownOf = ({ sha256, crlNumber, thisUpdate, entryCount }: store.EvidenceRow): Known => ({
  sha256,
  number: crlNumber,
  thisUpdate,
  entryCount: entryCount ?? 0,
});

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
