// What is brought in place of a certificate is told by its name, so that whoever brought it knows where to go.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pem } from '#tests/support/pem.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { openContainer } from './index.ts';

const FROM = Date.UTC(2026, 0, 1);
const root = ca.makeRoot({ key: ca.makeKey('p256'), notBefore: FROM, notAfter: FROM + 9e11 });
const crl = ca.makeCrl(root, { entries: [], number: 1, thisUpdate: FROM, nextUpdate: null });
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const dir = mkdtempSync(path.join(tmpdir(), 'siaga-other-'));
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
const made = (name: string) => readFileSync(path.join(dir, name));

beforeAll(() => {
  const subject = ['-nodes', '-keyout', 'k', '-subj', '/CN=Contoh'];
  openssl('req', '-newkey', 'rsa:2048', ...subject, '-outform', 'DER', '-out', 'csr');
  openssl('req', '-x509', '-newkey', 'rsa:2048', ...subject, '-out', 'c.pem');
  openssl('ocsp', '-issuer', 'c.pem', '-cert', 'c.pem', '-reqout', 'q', '-no_nonce');
  const responder = ['-index', 'index', '-CA', 'c.pem', '-rsigner', 'c.pem', '-rkey', 'k'];
  execFileSync('sh', ['-c', ': > index'], { cwd: dir });
  openssl('ocsp', ...responder, '-reqin', 'q', '-respout', 'r', '-noverify');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const opened = async (name: string, bytes: Buffer | string) =>
  (await openContainer({ name, bytes: Buffer.from(bytes) })).map(({ kind, reason }) => [kind, reason]);

const CRL = 'Ini daftar pencabutan (CRL), bukan sertifikat. Unggah di Sumber Pencabutan.';

describe('saved as .cer or .p7b, by mistake', () => {
  test.each<[string, () => Buffer | string, string | RegExp]>([
    ['a revocation list', () => crl, CRL],
    ['a revocation list in PEM', () => pem(crl, 'X509 CRL'), CRL],
    ['a revocation list in bare base64', () => crl.toString('base64').replace(/.{64}/g, '$&\n'), CRL],
    ['an answer of OCSP', () => made('r'), /^Ini jawaban OCSP.*Sumber Pencabutan/],
    ['an answer of OCSP that says it is busy', () => Buffer.from('30030a0103', 'hex'), /^Ini jawaban OCSP/],
    ['a request', () => made('csr'), /^Ini permintaan sertifikat \(CSR\)/],
    ['a request in PEM', () => pem(made('csr'), 'CERTIFICATE REQUEST'), /^Ini permintaan sertifikat \(CSR\)/],
    ['a public key', () => publicKey.export({ type: 'spki', format: 'der' }), /^Ini kunci publik saja/],
    ['a public key of PKCS#1', () => publicKey.export({ type: 'pkcs1', format: 'der' }), /^Ini kunci publik saja/],
    ['a public key in PEM', () => publicKey.export({ type: 'spki', format: 'pem' }), /^Ini kunci publik saja/],
  ])('%s is named, as holding no certificate', async (_, bytes, sentence) => {
    for (const name of ['a.cer', 'a.p7b'])
      expect(await opened(name, bytes())).toEqual([
        ['nothing', typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)],
      ]);
  });

  test('a PKCS#7 that carries a revocation list only is named too', async () => {
    writeList();
    expect(await opened('a.p7b', made('list.p7b'))).toEqual([['nothing', CRL]]);
  });
});

test('what is cut off, or only begins like one of these, is still unreadable', async () => {
  for (const bytes of [crl.subarray(0, crl.length - 40), Buffer.concat([Buffer.from('3082', 'hex'), crl])])
    expect(await opened('a.cer', bytes)).toMatchObject([['unreadable', expect.any(String)]]);
});

test('a file with a certificate beside them is that certificate', async () => {
  const text = pem(root.certificate, 'CERTIFICATE') + pem(crl, 'X509 CRL');
  expect(await opened('a.pem', text)).toMatchObject([['certificate', undefined]]);
});

function writeList(): void {
  execFileSync('sh', ['-c', 'cat > list.pem'], { cwd: dir, input: pem(crl, 'X509 CRL') });
  openssl('crl2pkcs7', '-in', 'list.pem', '-outform', 'DER', '-out', 'list.p7b');
}
