// How the signer of a CRL stands to the CA that issued a certificate (certificate-status §2 no. 3, RFC 5280 §6.3.3 f). Several
// keys may bear one CA name, and a CA may keep one list for each: absence from another key's list means nothing. Pure.
import { sameName, verifiesWith } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';

/**
 * `own`: the issuer's key; `other_name`: an indirect list's issuer, whom certificates name (§2 no. 9); `separate`: a
 * certificate that only signs lists, given by the issuer itself or by who certified an issuer that signs none; `linked`:
 * two keys of which one certified the other (self-issued, RFC 5280 §6.1), or a signer of lists alone beside an issuer that
 * could sign its own, and so may be another generation's; `namesake`: the same name and no more.
 */
export type Tie = 'own' | 'other_name' | 'separate' | 'linked' | 'namesake';

/**
 * @param own certificates of the issuer's key
 * @param known CA certificates among which those above are looked for
 */
export function tieOf(
  signer: CertificateView,
  own: readonly CertificateView[],
  known: readonly CertificateView[],
): Tie {
  if (own.some(({ publicKey }) => publicKey.spkiSha256 === signer.publicKey.spkiSha256)) return 'own';
  const alike = own.filter(({ subject }) => sameName(subject, signer.subject));
  if (alike.length === 0) return 'other_name';
  const given = alike.some((issuer) => certified(signer, issuer));
  const asideOnly = onlySignsLists(signer);
  const beside =
    asideOnly && alike.some((issuer) => known.some((top) => certified(signer, top) && certified(issuer, top)));
  const unable = alike.every(({ keyUsage }) => keyUsage !== null && !keyUsage.includes('cRLSign'));
  if (asideOnly && (given || (unable && beside))) return 'separate';
  return given || beside || alike.some((issuer) => certified(issuer, signer)) ? 'linked' : 'namesake';
}

const onlySignsLists = ({ keyUsage }: CertificateView): boolean =>
  keyUsage !== null && keyUsage.includes('cRLSign') && !keyUsage.includes('keyCertSign');

const certified = (below: CertificateView, above: CertificateView): boolean =>
  sameName(below.issuer, above.subject) && verifiesWith(below, above.publicKey.spki);

/** In a line of its own, a list of another key can revoke; its silence says nothing and its number holds up nobody. */
const OTHER_KEY = 'other-key ';
export const otherKeyScope = (scope: string, signer: CertificateView): string =>
  `${OTHER_KEY}${signer.publicKey.spkiSha256} ${scope}`;
export const onlyRevokes = (scope: string): boolean => scope.startsWith(OTHER_KEY);
