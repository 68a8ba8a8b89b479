// X.509 as this application reads it (RFC 5280): certificates, names, signatures, algorithm policy, paths.
// A leaf: pure functions over bytes, no database, no clock, no network, usable by every room and in the browser's
// absence. Invariants: nothing throws but DerError/CertificateError; no input is believed because it parses;
// work is bounded (depth, counts, signature checks). CRLs and OCSP live in `revocation`, on top of der.ts.
export {
  algorithmAllowed,
  algorithmPolicy,
  keyVerdict,
  LENIENT,
  signatureVerdict,
  STRICT,
  type AlgorithmRules,
  type AlgorithmVerdict,
} from './algorithm-policy.ts';
export { CertificateError, certificateParts, EXTENSION, extensionOf, readCertificate } from './certificate.ts';
export { DerError } from './der.ts';
export { attributeOf, nameKey, nameText, readName, sameName } from './name.ts';
export {
  chainPaths,
  judgeFound,
  pathsFrom,
  validatePath,
  type ChainFacet,
  type PathOptions,
  type PathResult,
  type PathRule,
} from './path-validation.ts';
export { ODDITIES } from './oddities.ts';
export { PATH_RULES, RECOGNISED_EXTENSIONS, unfitToSign } from './path-rules.ts';
export { signedBy, verifiesWith, verifySignature } from './signature.ts';
export type * from './types.ts';
