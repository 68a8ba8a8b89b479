import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import * as ca from '../demo/ca.ts';
import { KEY_REFUSED, UsageError } from '../cli.ts';
import { command } from './inspect.ts';

const root = ca.makeRoot({ key: ca.makeKey('p256'), notBefore: 0, notAfter: Date.UTC(2049, 0) });
const leaf = ca.makeLeaf(root, {
  notBefore: Date.UTC(2026, 0),
  serial: 'ab01',
  urls: ca.urlsAt('http://ca.contoh.id'),
});

/** Writes the files into a folder that INIT_CWD names, runs inspect on them, and returns what it printed. */
async function inspect(files: Record<string, Buffer | string>, names = Object.keys(files), how = ['--json']) {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-inspect-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(dir, name), content);
  vi.stubEnv('INIT_CWD', dir);
  const printed: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const noted: string[] = [];
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => noted.push(String(text).trim()) > 0);
  const code = await command.run([...how, ...names]);
  out.mockRestore();
  err.mockRestore();
  return {
    code,
    noted,
    objects: printed
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
beforeEach(() => vi.unstubAllEnvs());

test('one object for each file, with everything the certificate says', async () => {
  const { code, objects } = await inspect({ 'a.cer': leaf, 'b.crt': root.certificate });
  expect(code).toBe(0);
  expect(objects.map(({ file, outcome }) => [file, outcome])).toEqual([
    ['a.cer', 'ok'],
    ['b.crt', 'ok'],
  ]);
  expect(objects[0]!.certificates).toMatchObject([
    {
      version: 3,
      serial: 'ab01',
      subject: 'C=ID,O=Pemerintah Kota Batam,CN=BUDI UJI',
      subjectRdns: [
        [{ oid: '2.5.4.3', value: 'BUDI UJI' }],
        [{ oid: '2.5.4.10', value: 'Pemerintah Kota Batam' }],
        [{ oid: '2.5.4.6', value: 'ID' }],
      ],
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-12-31T23:59:59Z',
      publicKey: { algorithm: 'RSA', bits: 2048 },
      crlUrls: ['http://ca.contoh.id/ca.crl'],
      uses: ['signature'],
      ca: false,
    },
  ]);
  expect(objects[1]!.certificates).toMatchObject([
    { publicKey: { algorithm: 'EC', curve: 'secp256r1' }, uses: ['certificate_signing', 'crl_signing'], problems: [] },
  ]);
});

test('a private key rejects the file and nothing of it is printed', async () => {
  const key = ca.makeKey('p256').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const pem = `-----BEGIN CERTIFICATE-----\n${leaf.toString('base64')}\n-----END CERTIFICATE-----\n${key}`;
  const { code, objects } = await inspect({ 'rahasia.pem': pem });
  expect(code).toBe(1);
  expect(objects).toEqual([{ file: 'rahasia.pem', outcome: 'rejected', reason: 'private_key', certificates: [] }]);
});

test('a person reads that the key counts as exposed and where to report it, and why a file was not read', async () => {
  const key = ca.makeKey('p256').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const { noted } = await inspect({ 'rahasia.pem': key }, ['rahasia.pem', 'tiada.cer'], []);
  expect(noted).toEqual([
    `rahasia.pem: rejected: ${KEY_REFUSED}`,
    'tiada.cer: unreadable: berkas tidak ada; periksa nama dan foldernya',
  ]);
  await expect(async () => command.run([key])).rejects.toThrow(/kunci privat/);
});

test('what holds no certificate is examined, what cannot be read is said', async () => {
  const { code, objects } = await inspect({ 'surat.txt': 'halo', 'rusak.cer': leaf.subarray(0, 300) }, [
    'surat.txt',
    'rusak.cer',
    'tiada.cer',
  ]);
  expect(code).toBe(1);
  expect(objects.map(({ outcome }) => outcome)).toEqual(['no_certificate', 'unreadable', 'unreadable']);
  expect(objects[2]!.reason).toBe('not_found');
});

test('odd certificates are ok and their problems are named', async () => {
  const odd = ca.makeLeaf(root, {
    notBefore: Date.UTC(2026, 0),
    serial: '-1',
    extensions: { extra: [{ oid: '2.5.29.54', critical: true, value: Buffer.from([1]) }] },
  });
  const { code, objects } = await inspect({ 'a.cer': odd });
  expect(code).toBe(0);
  expect(objects).toMatchObject([
    {
      outcome: 'ok',
      certificates: [
        {
          serial: '-1',
          problems: expect.arrayContaining([expect.objectContaining({ rule: 'negative_serial', severity: 'warning' })]),
        },
      ],
    },
  ]);
});

test('no file is wrong usage', () => expect(command.run([])).rejects.toThrow(UsageError));
