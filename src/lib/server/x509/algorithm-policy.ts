// Which algorithms and key sizes still prove something. `weak` is refused unless somebody says otherwise
// (`--allow-weak`: SHA-1, RSA-1024); `forbidden` always is: forgeries are within anybody's reach.
import { certificateParts } from './certificate.ts';
import { whole } from './der.ts';
import { algorithmOid, pssParameters, RSASSA_PSS, SCHEMES } from './signature.ts';
import type { CertificateView, PublicKey } from './types.ts';

export type AlgorithmVerdict = 'ok' | 'weak' | 'forbidden';

/**
 * The verdict on a signature algorithm together with the key that made the signature.
 * @param algorithm AlgorithmIdentifier in DER or its OID; RSASSA-PSS by OID alone counts as SHA-1, its default.
 * Sources: CA/B BR §6.1.5, §7.1.3.2; BSSN and NIST SP 800-131A agree on SHA-1 and RSA below 2048.
 */
export function algorithmPolicy(algorithm: Buffer | string, key: PublicKey): AlgorithmVerdict {
  return worst(hashVerdict(algorithm), keyVerdict(key));
}

/** The verdict on the key alone (a holder's key signs documents, not certificates). */
export function keyVerdict({ algorithm, bits, explicit }: PublicKey): AlgorithmVerdict {
  switch (algorithm) {
    case 'RSA':
    case 'RSA-PSS':
    case 'DSA':
      // A DSA key that inherits its parameters has no size of its own (PKITS 4.1.5).
      if (bits === null || bits < 1024) return 'forbidden';
      return bits < 2048 ? 'weak' : 'ok';
    case 'EC':
      if (bits === null || explicit) return 'forbidden';
      return bits < 224 ? 'forbidden' : bits < 256 ? 'weak' : 'ok';
    case 'Ed25519':
    case 'Ed448':
      return 'ok';
    default:
      return 'forbidden';
  }
}

function hashVerdict(algorithm: Buffer | string): AlgorithmVerdict {
  const hash = hashOf(algorithm);
  if (hash === undefined || hash === 'md5') return 'forbidden';
  return hash === 'sha1' ? 'weak' : 'ok';
}

/** The digest of a signature algorithm; null when it has none of its own (EdDSA), undefined when nobody knows it. */
function hashOf(algorithm: Buffer | string): string | null | undefined {
  try {
    const type = typeof algorithm === 'string' ? algorithm : algorithmOid(algorithm);
    if (type !== RSASSA_PSS) return SCHEMES[type]?.hash;
    return typeof algorithm === 'string' ? 'sha1' : pssParameters(algorithm).hash;
  } catch {
    return undefined;
  }
}

/** What an office still believes of CRLs and OCSP answers (setting `evidenceAlgorithms`). Unknown algorithms never. */
export type AlgorithmRules = { md5: boolean; sha1: boolean; rsaBits: number };
export const STRICT: AlgorithmRules = { md5: false, sha1: false, rsaBits: 2048 };
/** `--allow-weak`: what is weak, not what is forbidden. */
export const LENIENT: AlgorithmRules = { md5: false, sha1: true, rsaBits: 1024 };

/** Whether these rules accept a signature algorithm together with the key that made the signature. */
export function algorithmAllowed(algorithm: Buffer | string, key: PublicKey, rules: AlgorithmRules): boolean {
  const hash = hashOf(algorithm);
  if (hash === undefined || (hash === 'md5' && !rules.md5) || (hash === 'sha1' && !rules.sha1)) return false;
  if (key.algorithm === 'RSA' || key.algorithm === 'RSA-PSS' || key.algorithm === 'DSA')
    return key.bits !== null && key.bits >= rules.rsaBits;
  const verdict = keyVerdict(key);
  return verdict === 'ok' || (verdict === 'weak' && rules.rsaBits < 2048);
}

const worst = (a: AlgorithmVerdict, b: AlgorithmVerdict): AlgorithmVerdict =>
  a === 'forbidden' || b === 'forbidden' ? 'forbidden' : a === 'weak' || b === 'weak' ? 'weak' : 'ok';

/** The verdict on how a certificate was signed by this issuer. */
export const signatureVerdict = (certificate: CertificateView, issuer: CertificateView): AlgorithmVerdict =>
  algorithmPolicy(whole(certificateParts(certificate.der).algorithm), issuer.publicKey);
