import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readCertificate, validatePath } from '#lib/server/x509/index.ts';
import * as ca from './ca.ts';
import { openCa, serveAuthority } from './ca-server.ts';

function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-ca-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test('a served authority publishes certificates and CRLs, answers 304, and remembers after a restart', async () => {
  const dir = folder();
  const clock = { at: Date.UTC(2026, 10, 22) };
  const served = await serveAuthority({ folder: dir, port: 0, clock: () => clock.at });
  const leaf = ca.makeLeaf(served.ca.ca, { notBefore: clock.at - ca.DAY, serial: '5abc', urls: served.ca.urls });
  const [root, issuing] = await Promise.all(
    ['/root.crt', '/ca.crt'].map(async (name) =>
      readCertificate(new Uint8Array(await (await fetch(served.url + name)).arrayBuffer())),
    ),
  );
  expect(validatePath(readCertificate(leaf), { anchors: [root!], intermediates: [issuing!], at: clock.at }).ok).toBe(
    true,
  );

  const first = await fetch(served.ca.urls.crl);
  const etag = first.headers.get('etag')!;
  const again = (headers: Record<string, string>) => fetch(served.ca.urls.crl, { headers });
  expect((await again({ 'if-none-match': etag })).status).toBe(304);
  expect((await again({ 'if-modified-since': first.headers.get('last-modified')! })).status).toBe(304);

  clock.at += 3_600_000;
  served.ca.revoke('5abc', { revokedAt: clock.at - 1000, reason: 1 });
  expect((await again({ 'if-none-match': etag })).status).toBe(200);
  await served.close();

  const restarted = openCa(dir);
  expect(restarted.ca.certificate.equals(served.ca.ca.certificate)).toBe(true);
  expect(restarted.revoked()).toMatchObject([{ serial: '5abc', reason: 1 }]);
});

test('openssl verifies what it signs: chain, CRL and OCSP of a revoked and of a good certificate', async () => {
  const dir = folder();
  const served = await serveAuthority({ folder: dir, port: 0 });
  onTestFinished(served.close);
  const now = Date.now();
  const pem = (name: string, der: Buffer) => {
    const file = path.join(dir, name);
    writeFileSync(
      file,
      `-----BEGIN CERTIFICATE-----\n${der
        .toString('base64')
        .match(/.{1,64}/g)!
        .join('\n')}\n-----END CERTIFICATE-----\n`,
    );
    return file;
  };
  const bad = pem(
    'bad.pem',
    ca.makeLeaf(served.ca.ca, { notBefore: now - ca.DAY, serial: '5abc', urls: served.ca.urls }),
  );
  const good = pem(
    'good.pem',
    ca.makeLeaf(served.ca.ca, { notBefore: now - ca.DAY, serial: '5abd', urls: served.ca.urls }),
  );
  const [root, issuing] = [pem('root.pem', served.ca.root.certificate), pem('ca.pem', served.ca.ca.certificate)];
  served.ca.revoke('5abc', { revokedAt: now - 60_000, reason: 1 });
  expect(
    execFileSync('openssl', ['verify', '-CAfile', root, '-untrusted', issuing, bad], { encoding: 'utf8' }),
  ).toContain('OK');

  // Asked without blocking: the responder lives in this process.
  const question = path.join(dir, 'q.der');
  execFileSync('openssl', ['ocsp', '-issuer', issuing, '-cert', bad, '-cert', good, '-reqout', question, '-no_nonce'], {
    stdio: 'pipe',
  });
  const response = await fetch(served.ca.urls.ocsp, { method: 'POST', body: new Uint8Array(readFileSync(question)) });
  const answer = path.join(dir, 'a.der');
  writeFileSync(answer, Buffer.from(await response.arrayBuffer()));
  const checked = execFileSync(
    'openssl',
    [
      'ocsp',
      '-issuer',
      issuing,
      '-cert',
      bad,
      '-cert',
      good,
      '-respin',
      answer,
      '-CAfile',
      root,
      '-verify_other',
      issuing,
      '-no_nonce',
    ],
    { encoding: 'utf8', stdio: 'pipe' },
  );
  expect(checked).toMatch(/bad\.pem: revoked[\s\S]*keyCompromise/);
  expect(checked).toMatch(/good\.pem: good/);
  expect(ca.readOcspRequest(readFileSync(question)).ids.map(({ serial }) => serial)).toEqual(['5abc', '5abd']);
});

test('the same seed gives the same serials and moduli', () => {
  const make = () => {
    const random = ca.randomFrom('kota');
    return [ca.randomSerial(random), ca.unusableSpki(random).toString('hex'), ca.randomSerial(random)];
  };
  expect(make()).toEqual(make());
  expect(new Set(make()).size).toBe(3);
});
