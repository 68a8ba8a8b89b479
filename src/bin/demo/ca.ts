// A small real certificate authority for the demo and the tests: real signatures over certificates shaped like BSrE's
// (O = the whole city, key usage, Adobe EKU, policy, CDP and AIA, 730 days less a second). Its DN says
// UJI — TIDAK UNTUK PRODUKSI. The parts: ca-keys (keys, random), ca-certificate (any certificate), ca-status (CRL and
// OCSP), ca-server (the same authority on a loopback port, with its keys and revocations kept in a folder).
import {
  authority,
  issue,
  name,
  OID,
  type Authority,
  type CertificateRequest,
  type Dn,
  type Extensions,
} from './ca-certificate.ts';
import { keyIdOf, makeKey, unusableSpki, type Key } from './ca-keys.ts';

export * from './ca-certificate.ts';
export * from './ca-keys.ts';
export * from './ca-status.ts';

export const DAY = 86_400_000;
/** 730 days less one second, both ends inclusive, as every BSrE sample. */
export const LEAF_LIFETIME = 730 * DAY - 1000;
export const TEST_ORGANIZATION = 'UJI — TIDAK UNTUK PRODUKSI';
export const SIGNER_POLICY = '2.16.360.1.1.1.3.11.2.0.1';
export const CPS_URL = 'https://bsre.go.id/policy';

type Made = { key?: Key; subject?: Dn; notBefore: number; notAfter: number; serial?: string; extensions?: Extensions };

/** A self-signed root, shaped like Root CA Indonesia DS G1. */
export function makeRoot(wanted: Made): Authority {
  const key = wanted.key ?? makeKey();
  const subject = wanted.subject ?? [
    [OID.CN, 'Root CA Uji G1'],
    [OID.O, TEST_ORGANIZATION],
    [OID.C, 'ID'],
  ];
  const self = { name: name(subject), key, keyId: keyIdOf(key.spki) };
  return authority(
    issue(self, { ...caRequest(wanted, subject, key), extensions: { ...CA_EXTENSIONS, ...wanted.extensions } }),
    subject,
    key,
  );
}

/** An issuing CA, shaped like BSRE CA DS G1; `urls.root` gives the CDP of the root's CRL. */
export function makeIntermediate(issuer: Authority, wanted: Made & { urls?: Urls }): Authority {
  const key = wanted.key ?? makeKey();
  const subject = wanted.subject ?? [
    [OID.C, 'ID'],
    [OID.O, TEST_ORGANIZATION],
    [OID.CN, 'BSRE CA UJI G1'],
  ];
  const extensions = { ...CA_EXTENSIONS, crlUrls: wanted.urls ? [wanted.urls.rootCrl] : null, ...wanted.extensions };
  return authority(issue(issuer, { ...caRequest(wanted, subject, key), extensions }), subject, key);
}

/** An OCSP delegate issued directly by the CA: EKU OCSPSigning, no-check. */
export function makeResponder(issuer: Authority, wanted: Made): Authority {
  const key = wanted.key ?? makeKey();
  const subject = wanted.subject ?? [
    [OID.CN, 'BSRE CA UJI G1 - Validation Authority'],
    [OID.O, TEST_ORGANIZATION],
    [OID.C, 'ID'],
  ];
  const extensions: Extensions = {
    basicConstraints: { ca: false },
    keyUsage: ['digitalSignature'],
    eku: [OID.ocspSigning],
    ocspNoCheck: true,
    ...wanted.extensions,
  };
  return authority(issue(issuer, { ...caRequest(wanted, subject, key), extensions }), subject, key);
}

const CA_EXTENSIONS: Extensions = {
  basicConstraints: { ca: true },
  keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
};

const caRequest = ({ notBefore, notAfter, serial }: Made, subject: Dn, key: Key): CertificateRequest => ({
  subject,
  spki: key.spki,
  notBefore,
  notAfter,
  serial,
});

/** Where an authority publishes. */
export type Urls = { rootCrl: string; crl: string; ocsp: string; caIssuers: string };
export const urlsAt = (base: string): Urls => ({
  rootCrl: `${base}/root.crl`,
  crl: `${base}/ca.crl`,
  ocsp: `${base}/ocsp`,
  caIssuers: `${base}/ca.crt`,
});

/** What holder, TLS and e-mail certificates carry, given where their CA publishes. Spread and change at will. */
export const profiles = {
  signer: (urls?: Urls): Extensions => ({
    basicConstraints: { ca: false },
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    eku: [OID.adobeSigning],
    policies: [SIGNER_POLICY],
    cps: CPS_URL,
    ...published(urls),
  }),
  server: (dnsNames: string[], urls?: Urls): Extensions => ({
    basicConstraints: { ca: false },
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    eku: [OID.serverAuth],
    dnsNames,
    ...published(urls),
  }),
  email: (emails: string[], urls?: Urls): Extensions => ({
    basicConstraints: { ca: false },
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    eku: [OID.emailProtection],
    emails,
    ...published(urls),
  }),
};
const published = (urls?: Urls): Extensions =>
  urls ? { crlUrls: [urls.crl], ocspUrls: [urls.ocsp], caIssuers: [urls.caIssuers] } : {};

/** The DN of a BSrE holder: description, CN in capitals, O = the whole city, C. */
export const holderDn = (commonName: string, organization = 'Pemerintah Kota Batam', description = ''): Dn => [
  ...(description ? ([[OID.description, `${description}_Tanda Tangan Elektronik`]] as Dn) : []),
  [OID.CN, commonName],
  [OID.O, organization],
  [OID.C, 'ID'],
];

/** A holder's signing certificate (DER). `notAfter` and the key have BSrE's defaults; anything can be given. */
export function makeLeaf(
  issuer: Authority,
  wanted: Partial<CertificateRequest> & Pick<CertificateRequest, 'notBefore'> & { commonName?: string; urls?: Urls },
): Buffer {
  const { commonName = 'BUDI UJI', urls, ...request } = wanted;
  return issue(issuer, {
    subject: holderDn(commonName),
    spki: request.spki ?? unusableSpki(),
    notAfter: request.notBefore + LEAF_LIFETIME,
    ...request,
    extensions: { ...profiles.signer(urls), ...request.extensions },
  });
}
