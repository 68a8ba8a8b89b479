// How the signer of a CRL stands to the CA that issued a certificate (certificate-status §2 no. 3, RFC 5280 §6.3.3 f). Several
// keys may bear one CA name, and a CA may keep one list for each: absence from another key's list means nothing. Pure.
import { sameName, verifiesWith } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';

/**
 * `own`: the issuer's key; `other_name`: an indirect list's issuer, whom certificates name (§2 no. 9); `separate`: a
 * certificate that only signs lists, given by the issuer itself or by who certified an issuer that signs none; `linked`:
 * another key of the CA, one that the issuer certified, that certified the issuer, or that the CA above certified beside it;
 * `namesake`: the same name and no more, though it be under the same anchor.
 */
export type Tie = 'own' | 'other_name' | 'separate' | 'linked' | 'namesake';

/**
 * A CA certifies whom it likes under whatever name, also the public keys of others: who is above an issuer is an anchor, or
 * whom all the paths of its key lead through, so that no certificate of another CA adds anybody or takes anybody away.
 * @param own certificates of the issuer's key
 * @param paths all their paths to the anchors, the certificate of the issuer's key first
 */
export function tieOf(
  signer: CertificateView,
  own: readonly CertificateView[],
  paths: readonly (readonly CertificateView[])[],
): Tie {
  if (own.some((issuer) => sameKey(issuer, signer))) return 'own';
  const alike = own.filter(({ subject }) => sameName(subject, signer.subject));
  if (alike.length === 0) return 'other_name';
  const isAbove = (ca: CertificateView) =>
    paths.some((path) => sameKey(path.at(-1)!, ca)) ||
    (paths.length > 0 && paths.every((path) => path.some((one) => sameKey(one, ca))));
  const givers = paths
    .flatMap(([issuer, top]) => (issuer && top && sameName(issuer.subject, signer.subject) ? [{ issuer, top }] : []))
    .filter(({ top }) => certified(signer, top) && isAbove(top));
  const given = alike.some((issuer) => certified(signer, issuer));
  const unable = givers.length > 0 && givers.every(({ issuer }) => !mayList(issuer));
  if (onlySignsLists(signer) && (given || unable)) return 'separate';
  const gives = alike.some((issuer) => certified(issuer, signer)) && isAbove(signer);
  return given || gives || givers.length > 0 ? 'linked' : 'namesake';
}

const sameKey = (a: CertificateView, b: CertificateView): boolean => a.publicKey.spkiSha256 === b.publicKey.spkiSha256;

const mayList = ({ keyUsage }: CertificateView): boolean => keyUsage === null || keyUsage.includes('cRLSign');

const onlySignsLists = ({ keyUsage }: CertificateView): boolean =>
  keyUsage !== null && keyUsage.includes('cRLSign') && !keyUsage.includes('keyCertSign');

const certified = (below: CertificateView, above: CertificateView): boolean =>
  sameName(below.issuer, above.subject) && verifiesWith(below, above.publicKey.spki);

/** In a line of its own, a list of another key can revoke; its silence says nothing and its number holds up nobody. */
const OTHER_KEY = 'other-key ';
export const otherKeyScope = (scope: string, signer: CertificateView): string =>
  `${OTHER_KEY}${signer.publicKey.spkiSha256} ${scope}`;
export const onlyRevokes = (scope: string): boolean => scope.startsWith(OTHER_KEY);
