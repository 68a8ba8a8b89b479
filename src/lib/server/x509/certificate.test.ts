import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import * as peculiar from '@peculiar/x509';
import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import * as write from './der-writer.ts';
import { CertificateError, readCertificate } from './certificate.ts';
import { ipText } from './general-name.ts';
import { nameText, readName, sameName } from './name.ts';
import { readTlv } from './der.ts';

const FROM = Date.UTC(2026, 0, 15, 3, 47, 41);
const root = ca.makeRoot({ notBefore: FROM - 8 * 365 * ca.DAY, notAfter: FROM + 12 * 365 * ca.DAY });
const urls = ca.urlsAt('http://127.0.0.1:9');
const issuing = ca.makeIntermediate(root, { notBefore: FROM - 365 * ca.DAY, notAfter: FROM + 9 * 365 * ca.DAY, urls });
const nameOf = (dn: ca.Dn) => {
  const bytes = ca.name(dn);
  return readName(readTlv(bytes, 0, bytes.length));
};

describe('a certificate shaped like those of BSrE', () => {
  const der = ca.makeLeaf(issuing, { commonName: 'SITI UJI', notBefore: FROM, serial: '6d23a5b861c67fa8', urls });
  const view = readCertificate(der);

  test('is read in full', () => {
    expect(view).toMatchObject({
      version: 3,
      serial: '6d23a5b861c67fa8',
      ca: false,
      pathLen: null,
      san: null,
      keyUsage: ['digitalSignature', 'nonRepudiation'],
      eku: ['1.2.840.113583.1.1.5'],
      policies: ['2.16.360.1.1.1.3.11.2.0.1'],
      crlUrls: [urls.crl],
      ocspUrls: [urls.ocsp],
      caIssuers: [urls.caIssuers],
      signatureAlgorithmOid: '1.2.840.113549.1.1.11',
      innerAlgorithmOid: '1.2.840.113549.1.1.11',
      oddities: [],
    });
    expect(view.subject.text).toBe('C=ID,O=Pemerintah Kota Batam,CN=SITI UJI');
    expect(view.issuer.text).toBe('CN=BSRE CA UJI G1,O=UJI — TIDAK UNTUK PRODUKSI,C=ID');
    expect(view.notBefore).toEqual({ ms: FROM, text: '260115034741Z' });
    expect(view.notAfter.ms - view.notBefore.ms).toBe(730 * 86_400_000 - 1000);
    expect(view.publicKey).toMatchObject({ algorithm: 'RSA', bits: 2048, curve: null });
    expect(view.aki).toBe(issuing.keyId.toString('hex'));
    expect(view.extensions.map(({ critical }) => critical)).toContain(true);
  });

  test('is read the same by node:crypto', () => {
    const other = new X509Certificate(der);
    expect(view.fingerprint).toBe(other.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(view.serial).toBe(other.serialNumber.toLowerCase());
    expect(view.notAfter.ms).toBe(other.validToDate.getTime());
    expect(view.publicKey.spki.equals(other.publicKey.export({ type: 'spki', format: 'der' }))).toBe(true);
  });

  test('is read the same by @peculiar/x509', () => {
    const other = new peculiar.X509Certificate(new Uint8Array(der));
    expect(view.serial).toBe(other.serialNumber.replace(/^0+/, ''));
    expect(view.notBefore.ms).toBe(other.notBefore.getTime());
    expect(view.extensions.map(({ oid }) => oid)).toEqual(other.extensions.map(({ type }) => type));
    expect(view.eku).toEqual(other.getExtension(peculiar.ExtendedKeyUsageExtension)?.usages);
    expect(view.ski).toBe(other.getExtension(peculiar.SubjectKeyIdentifierExtension)?.keyId);
  });

  test('is read the same by openssl', () => {
    const text = execFileSync('openssl', ['x509', '-inform', 'DER', '-noout', '-text', '-nameopt', 'RFC2253,utf8'], {
      input: der,
      encoding: 'utf8',
    });
    expect(text).toContain(`Subject: ${view.subject.text}`);
    expect(text).toContain('Digital Signature, Non Repudiation');
    expect(text).toContain(`URI:${urls.crl}`);
    expect(text).toContain('Policy: 2.16.360.1.1.1.3.11.2.0.1');
  });
});

describe('other keys', () => {
  test.each([
    ['p256', 'EC', 256, 'secp256r1'],
    ['p384', 'EC', 384, 'secp384r1'],
    ['p521', 'EC', 521, 'secp521r1'],
    ['ed25519', 'Ed25519', 256, null],
    ['ed448', 'Ed448', 456, null],
    ['rsa1024', 'RSA', 1024, null],
  ] as const)('%s', (kind, algorithm, bits, curve) => {
    const view = readCertificate(ca.makeLeaf(issuing, { notBefore: FROM, spki: ca.makeKey(kind).spki }));
    expect(view.publicKey).toMatchObject({ algorithm, bits, curve });
  });
});

describe('odd certificates are read and what is odd is named', () => {
  const rules = (request: Parameters<typeof ca.makeLeaf>[1]) =>
    readCertificate(ca.makeLeaf(issuing, request)).oddities.map(({ rule }) => rule);
  test.each([
    ['a negative serial', { serial: '-4316693ed' }, 'negative_serial'],
    ['serial zero', { serial: '0' }, 'zero_serial'],
    ['a serial of 21 octets', { serial: '7f'.repeat(21) }, 'long_serial'],
    ['an end before the beginning', { notAfter: FROM - 1000 }, 'validity_reversed'],
    [
      'a broken extension',
      { extensions: { extra: [{ oid: '2.5.29.15', value: Buffer.from([1, 2, 3]) }], keyUsage: null } },
      'unreadable_extension',
    ],
    [
      'an extension twice',
      { extensions: { extra: [{ oid: '2.5.29.19', value: write.seq() }] } },
      'duplicate_extension',
    ],
    [
      'a key of unknown kind',
      { spki: write.seq(write.seq(write.oid('1.2.3.4')), write.bits(Buffer.from([1]))) },
      'unreadable_key',
    ],
  ] as const)('%s', (_, request, rule) => expect(rules({ notBefore: FROM, ...(request as object) })).toEqual([rule]));
});

describe('what is no certificate', () => {
  const der = ca.makeLeaf(issuing, { notBefore: FROM });

  test('every truncation is refused with CertificateError', () => {
    for (let length = 0; length < der.length; length += 7)
      expect(() => readCertificate(der.subarray(0, length))).toThrow(CertificateError);
  });
  test('trailing bytes are refused', () => {
    expect(() => readCertificate(Buffer.concat([der, Buffer.from([0])]))).toThrow('trailing bytes');
  });
  test('a CRL is refused', () => {
    expect(() =>
      readCertificate(ca.makeCrl(issuing, { entries: [], number: 1, thisUpdate: FROM, nextUpdate: null })),
    ).toThrow(CertificateError);
  });
  test('no single changed byte makes it throw anything else', () => {
    for (let i = 0; i < der.length; i++) {
      for (const change of [1, 0x80, 0xff]) {
        const mutant = Buffer.from(der);
        mutant[i]! ^= change;
        try {
          readCertificate(mutant);
        } catch (error) {
          expect(error).toBeInstanceOf(CertificateError);
        }
      }
    }
    expect(der.length).toBeGreaterThan(500);
  });
});

describe('names', () => {
  test('are RFC 4514 text in reverse order, with its escapes', () => {
    expect(
      nameOf([
        [ca.OID.C, 'ID'],
        [ca.OID.O, 'A, B+C "D" <e>; \\'],
        [ca.OID.CN, ' #tepi '],
      ]).text,
    ).toBe('CN=\\ #tepi\\ ,O=A\\, B\\+C \\"D\\" \\<e\\>\\; \\\\,C=ID');
    expect(nameText([[{ oid: ca.OID.CN, value: '#Budi' }]])).toBe('CN=\\#Budi');
    expect(nameText([[{ oid: ca.OID.description, value: 'abc_Tanda Tangan' }]])).toBe('2.5.4.13=abc_Tanda Tangan');
  });
  test('chain without regard to case, spaces and string type, never to order or values', () => {
    const one = nameOf([
      [ca.OID.C, 'ID'],
      [ca.OID.CN, 'BSRE  CA'],
    ]);
    expect(
      sameName(
        one,
        nameOf([
          [ca.OID.C, 'id'],
          [ca.OID.CN, ' Bsre CA'],
        ]),
      ),
    ).toBe(true);
    expect(
      sameName(
        one,
        nameOf([
          [ca.OID.CN, 'BSRE CA'],
          [ca.OID.C, 'ID'],
        ]),
      ),
    ).toBe(false);
    expect(
      sameName(
        one,
        nameOf([
          [ca.OID.C, 'ID'],
          [ca.OID.O, 'BSRE CA'],
        ]),
      ),
    ).toBe(false);
  });
  test.each([
    ['7f000001', '127.0.0.1'],
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['fe800000000000010000000000000000', 'fe80:0:0:1::'],
    ['0a000000ff000000', '10.0.0.0/8'],
    ['0a00', '#0a00'],
  ])('address %s is %s', (octets, text) => expect(ipText(Buffer.from(octets, 'hex'))).toBe(text));
});
