// From a certificate as read (x509) to the facts a record holds. Pure.
import type { uses } from '#lib/terms.ts';
import { EXTENSION } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';

export type Use = keyof typeof uses;

const EKU_SERVER = '1.3.6.1.5.5.7.3.1';
const EKU_CLIENT = '1.3.6.1.5.5.7.3.2';
const EKU_EMAIL = '1.3.6.1.5.5.7.3.4';
const EKU_TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const EKU_OCSP = '1.3.6.1.5.5.7.3.9';
const EKU_DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
const EKU_ADOBE_SIGNING = '1.2.840.113583.1.1.5';
const NO_REV_AVAIL = '2.5.29.56';
const OID = { commonName: '2.5.4.3', organization: '2.5.4.10', email: '1.2.840.113549.1.9.1' } as const;

/** What Siaga records of a leaf certificate's own content. */
export type Facts = {
  fingerprint: string;
  issuer: string;
  serial: string;
  subject: string;
  commonName: string;
  organization: string;
  emails: string[];
  notBefore: number;
  notAfter: number;
  notAfterText: string;
  keySha256: string;
  keyAlgorithm: string;
  keyBits: number | null;
  signatureAlgorithm: string;
  use: Use;
  san: string[];
  keyUsage: string[] | null;
  eku: string[] | null;
  policies: string[] | null;
  crlUrls: string[];
  ocspUrls: string[];
  caIssuers: string[];
  /** The revocation facet a certificate starts with, before any evidence (certificate-status §1). */
  revocation: 'undetermined' | 'not_checkable' | 'not_applicable';
};

export function factsOf(view: CertificateView): Facts {
  const san = view.san ?? [];
  return {
    fingerprint: view.fingerprint,
    issuer: view.issuer.text,
    serial: view.serial,
    subject: view.subject.text,
    commonName: attribute(view, OID.commonName) || san.find((name) => name.kind === 'dns')?.value || view.subject.text,
    organization: attribute(view, OID.organization),
    emails: [...san.filter((name) => name.kind === 'email').map((name) => name.value), attribute(view, OID.email)]
      .filter(Boolean)
      .map((email) => email.toLowerCase()),
    notBefore: view.notBefore.ms,
    notAfter: view.notAfter.ms,
    notAfterText: view.notAfter.text,
    keySha256: view.publicKey.spkiSha256,
    keyAlgorithm: view.publicKey.algorithm,
    keyBits: view.publicKey.bits,
    signatureAlgorithm: view.signatureAlgorithmOid,
    use: useOf(view),
    san: san.map((name) => `${name.kind}:${name.value}`),
    keyUsage: view.keyUsage,
    eku: view.eku,
    policies: view.policies,
    crlUrls: view.crlUrls,
    ocspUrls: view.ocspUrls,
    caIssuers: view.caIssuers,
    revocation: startOf(view),
  };
}

/** RFC 9608 noRevAvail: nothing to check. No pointer at all: nothing that could be checked. */
export function startOf(view: CertificateView): Facts['revocation'] {
  if (view.extensions.some((extension) => extension.oid === NO_REV_AVAIL)) return 'not_applicable';
  // What cannot be read may name a list all the same.
  const isNamed = view.oddities.some(({ oid }) => oid === EXTENSION.crlDistributionPoints);
  return isNamed || view.crlDistributionPoints.length || view.ocspUrls.length ? 'undetermined' : 'not_checkable';
}

/** First value of an attribute in the subject, outermost RDN last (the most specific CN wins). */
export function attribute(view: CertificateView, oid: string): string {
  let found = '';
  for (const rdn of view.subject.rdns) for (const part of rdn) if (part.oid === oid) found = part.value;
  return found.trim();
}

/**
 * Which kind of Pasal 9 huruf a–e a certificate serves. EKU speaks first; without one, key usage.
 * BSrE's signers carry Adobe's EKU only, with digitalSignature and nonRepudiation.
 */
export function useOf(view: Pick<CertificateView, 'eku' | 'keyUsage'>): Use {
  const eku = view.eku ?? [];
  const usage = view.keyUsage ?? [];
  if (eku.includes(EKU_TIME_STAMPING) || eku.includes(EKU_OCSP)) return 'other';
  if (eku.includes(EKU_SERVER)) return 'tls_server';
  if (eku.includes(EKU_ADOBE_SIGNING) || eku.includes(EKU_DOCUMENT_SIGNING)) return 'signature';
  if (usage.includes('nonRepudiation')) return 'signature';
  if (eku.includes(EKU_EMAIL)) return 'email';
  if (eku.includes(EKU_CLIENT)) return 'tls_client';
  if (usage.includes('keyEncipherment') || usage.includes('dataEncipherment')) return 'document';
  return usage.includes('digitalSignature') ? 'signature' : 'other';
}
