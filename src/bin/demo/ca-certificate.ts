// Signs certificates of any shape: every field and extension of a request can be changed or left out, so that the
// same code makes the sample city's certificates and the odd ones of the tests.
import * as der from '#lib/server/x509/der-writer.ts';
import type { KeyUsage } from '#lib/server/x509/types.ts';
import { algorithm, keyIdOf, randomSerial, signatureFor, signWith, type Key, type SignatureKind } from './ca-keys.ts';

export const OID = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  title: '2.5.4.12',
  description: '2.5.4.13',
  givenName: '2.5.4.42',
  E: '1.2.840.113549.1.9.1',
  adobeSigning: '1.2.840.113583.1.1.5',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const;

/** Attributes in encoding order, as BSrE writes them or in any other. */
export type Dn = [oid: string, value: string][];

/** The encoded Name: country and serialNumber printable, e-mail IA5, the rest UTF-8 (RFC 5280 §4.1.2.4). */
export function name(dn: Dn): Buffer {
  return der.seq(
    ...dn.map(([type, value]) => {
      const encode = type === OID.C || type === OID.serialNumber ? der.printable : type === OID.E ? der.ia5 : der.utf8;
      return der.set(der.seq(der.oid(type), encode(value)));
    }),
  );
}

/** Who signs: a certificate with its key. */
export type Authority = { certificate: Buffer; name: Buffer; key: Key; keyId: Buffer };
export const authority = (certificate: Buffer, subject: Dn, key: Key): Authority => ({
  certificate,
  name: name(subject),
  key,
  keyId: keyIdOf(key.spki),
});

export type RawExtension = { oid: string; critical?: boolean; value: Buffer };

/** Absent or null: not written. `extra` is appended as given. */
export type Extensions = {
  basicConstraints?: { ca: boolean; pathLen?: number; critical?: boolean } | null;
  keyUsage?: KeyUsage[] | null;
  eku?: string[] | null;
  ekuCritical?: boolean;
  policies?: string[] | null;
  cps?: string | null;
  /** One distribution point for each. */
  crlUrls?: string[] | null;
  ocspUrls?: string[] | null;
  caIssuers?: string[] | null;
  emails?: string[] | null;
  dnsNames?: string[] | null;
  /** Subject and authority key identifiers are written unless false. */
  ski?: boolean;
  aki?: boolean;
  ocspNoCheck?: boolean;
  extra?: RawExtension[];
};

export type CertificateRequest = {
  subject: Dn;
  /** The holder's public key: a real key's `spki`, or `unusableSpki()`. */
  spki: Buffer;
  notBefore: number;
  notAfter: number;
  /** Hex; default random. */
  serial?: string;
  version?: 1 | 3;
  signature?: SignatureKind;
  extensions?: Extensions;
};

/** Signs a certificate (DER). The issuer's name, key and key identifier come from `issuer`. */
export function issue(issuer: Omit<Authority, 'certificate'>, request: CertificateRequest): Buffer {
  const kind = request.signature ?? signatureFor(issuer.key);
  const extensions = request.version === 1 ? [] : encode(request.extensions ?? {}, keyIdOf(request.spki), issuer.keyId);
  const tbs = der.seq(
    ...(request.version === 1 ? [] : [der.tagged(0, der.integer(2))]),
    der.integer(request.serial ?? randomSerial()),
    algorithm(kind),
    issuer.name,
    der.seq(der.time(request.notBefore), der.time(request.notAfter)),
    name(request.subject),
    request.spki,
    ...(extensions.length ? [der.tagged(3, der.seq(...extensions.map(extension)))] : []),
  );
  return der.seq(tbs, algorithm(kind), der.bits(signWith(kind, tbs, issuer.key)));
}

export const extension = ({ oid, critical, value }: RawExtension): Buffer =>
  der.seq(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));

export const uriName = (url: string): Buffer => der.primitive(6, Buffer.from(url, 'latin1'));

const KEY_USAGE: KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

function encode(wanted: Extensions, subjectKeyId: Buffer, issuerKeyId: Buffer): RawExtension[] {
  const critical = (oid: string, value: Buffer) => ({ oid, critical: true, value });
  const plain = (oid: string, value: Buffer) => ({ oid, value });
  const { basicConstraints: constraints, policies, cps, crlUrls, eku, keyUsage } = wanted;
  const names = alternativeNames(wanted);
  const access = informationAccess(wanted);
  return [
    constraints && { oid: '2.5.29.19', critical: constraints.critical ?? true, value: basicConstraints(constraints) },
    wanted.aki !== false && plain('2.5.29.35', der.seq(der.primitive(0, issuerKeyId))),
    access.length > 0 && plain('1.3.6.1.5.5.7.1.1', der.seq(...access)),
    policies && plain('2.5.29.32', der.seq(...policies.map((oid) => policy(oid, cps)))),
    names.length > 0 && plain('2.5.29.17', der.seq(...names)),
    eku && { oid: '2.5.29.37', critical: wanted.ekuCritical, value: der.seq(...eku.map(der.oid)) },
    crlUrls && plain('2.5.29.31', der.seq(...crlUrls.map(distributionPoint))),
    wanted.ski !== false && plain('2.5.29.14', der.octets(subjectKeyId)),
    keyUsage && critical('2.5.29.15', der.namedBits(keyUsage.map((use) => KEY_USAGE.indexOf(use)))),
    wanted.ocspNoCheck && plain(OID.ocspNoCheck, der.nothing()),
    ...(wanted.extra ?? []),
  ].filter((one) => !!one);
}

const basicConstraints = ({ ca, pathLen }: { ca: boolean; pathLen?: number }): Buffer =>
  der.seq(...(ca ? [der.boolean(true)] : []), ...(pathLen === undefined ? [] : [der.integer(pathLen)]));

const policy = (oid: string, cps?: string | null): Buffer =>
  der.seq(der.oid(oid), ...(cps ? [der.seq(der.seq(der.oid('1.3.6.1.5.5.7.2.1'), der.ia5(cps)))] : []));

const distributionPoint = (url: string): Buffer => der.seq(der.tagged(0, der.tagged(0, uriName(url))));

const informationAccess = ({ caIssuers, ocspUrls }: Extensions): Buffer[] => [
  ...(caIssuers ?? []).map((url) => der.seq(der.oid('1.3.6.1.5.5.7.48.2'), uriName(url))),
  ...(ocspUrls ?? []).map((url) => der.seq(der.oid('1.3.6.1.5.5.7.48.1'), uriName(url))),
];

const alternativeNames = ({ emails, dnsNames }: Extensions): Buffer[] => [
  ...(emails ?? []).map((email) => der.primitive(1, Buffer.from(email, 'latin1'))),
  ...(dnsNames ?? []).map((host) => der.primitive(2, Buffer.from(host, 'latin1'))),
];
