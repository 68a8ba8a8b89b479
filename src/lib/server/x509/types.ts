// What the readers of this folder produce: plain values, no behaviour. Field names are RFC 5280's.

/** Milliseconds UTC and the text that stood in the DER. */
export type Instant = { ms: number; text: string };

/** One AttributeTypeAndValue, in encoding order. `value` is the decoded text. */
export type Attribute = { oid: string; value: string };

/** A distinguished name: the raw bytes compare, the rest is for people. */
export type Name = {
  der: Buffer;
  /** RDNs in encoding order; a multi-valued RDN has several attributes. */
  rdns: Attribute[][];
  /** RFC 4514 text (reverse of encoding order). */
  text: string;
};

/** kind: URI, DNS, email, IP, directory name (RFC 4514 text), other. */
export type GeneralName = { kind: 'uri' | 'dns' | 'email' | 'ip' | 'directory' | 'other'; value: string };

export type Extension = { oid: string; critical: boolean; value: Buffer };

export type DistributionPoint = {
  /** fullName; empty when the point has none. */
  fullNames: GeneralName[];
  /** nameRelativeToCRLIssuer, resolved by the reader that knows the issuer. */
  relativeName: Attribute[] | null;
  /** ReasonFlags as bit positions (RFC 5280 §4.2.1.13), or null: all reasons. */
  reasons: number[] | null;
  crlIssuer: Name[] | null;
  /** Raw DER, so that IDP and CDP names can be compared byte for byte. */
  der: Buffer;
};

export type PublicKey = {
  oid: string;
  /** 'RSA' | 'RSA-PSS' | 'EC' | 'Ed25519' | 'Ed448' | 'DSA' | the OID. */
  algorithm: string;
  bits: number | null;
  curve: string | null;
  /** EC parameters spelt out instead of a named curve. */
  explicit?: boolean;
  /** SHA-256 of the SubjectPublicKeyInfo, hex: "the same key". */
  spkiSha256: string;
  spki: Buffer;
};

export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

export type CertificateView = {
  der: Buffer;
  /** SHA-256 of the DER, hex. */
  fingerprint: string;
  version: number;
  /** Lower-case hex without leading zeros, '-' in front when negative. */
  serial: string;
  subject: Name;
  issuer: Name;
  notBefore: Instant;
  notAfter: Instant;
  publicKey: PublicKey;
  /** Outer signatureAlgorithm and the one inside the TBS; they must be equal. */
  signatureAlgorithmOid: string;
  innerAlgorithmOid: string;
  /** subjectAltName, or null when absent. */
  san: GeneralName[] | null;
  keyUsage: KeyUsage[] | null;
  eku: string[] | null;
  /** basicConstraints.cA; absent means false. */
  ca: boolean;
  pathLen: number | null;
  policies: string[] | null;
  /** Key identifiers, hex. */
  ski: string | null;
  aki: string | null;
  crlDistributionPoints: DistributionPoint[];
  /** http(s) addresses of the points above, in order. */
  crlUrls: string[];
  ocspUrls: string[];
  caIssuers: string[];
  /** The same with every form of name; only addresses can be fetched. */
  caIssuerNames: GeneralName[];
  extensions: Extension[];
  /** What is odd but was read: lint names it, path validation refuses those that matter. Empty in good certificates. */
  oddities: Oddity[];
};

/** `oid`: the extension it is about. */
export type Oddity = { rule: OddityRule; oid?: string };
export type OddityRule =
  | 'version'
  | 'extensions_without_v3'
  | 'negative_serial'
  | 'zero_serial'
  | 'long_serial'
  | 'padded_serial'
  | 'algorithm_mismatch'
  | 'time_form'
  | 'validity_reversed'
  | 'empty_issuer'
  | 'odd_string'
  | 'unreadable_key'
  | 'duplicate_extension'
  | 'unreadable_extension';
