// OpenSSL as second opinion on answers: whoever signed an answer that we believe, OpenSSL believes too; and where only
// OpenSSL believes, the rule by which we do not is one that it does not check.
import { execFile } from 'node:child_process';
import { expect } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DerError, readCertificate } from '#lib/server/x509/index.ts';
import { readResponse } from '#lib/server/revocation/ocsp.ts';
import { acceptOcsp } from '#lib/server/revocation/ocsp-acceptance.ts';
import type { Endurance } from '../support/endurance.ts';
import { answer, hostile, issuer, leafOf, root, START, type Hostile, type Truth } from '../support/hostile-evidence.ts';

const leaf = leafOf('4a01');
const view = readCertificate(issuer.certificate);

function ours(bytes: Buffer): string {
  try {
    const verdict = acceptOcsp({
      response: readResponse(bytes),
      asked: { serial: '4a01', issuer: view },
      certificate: leaf,
      nonce: null,
      delegateListed: () => null,
      known: null,
      now: START,
      maxAgeHours: 24,
    });
    return verdict.accepted ? 'accepted' : verdict.code;
  } catch (error) {
    expect(error).toBeInstanceOf(DerError);
    return 'unreadable';
  }
}

/** Whether `openssl ocsp` verifies signer and authority, and finds our certificate inside. It looks at no times here. */
async function openssl(bytes: Buffer): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), 'siaga-ocsp-'));
  const pem = (name: string, der: Buffer) => {
    const file = path.join(folder, name);
    writeFileSync(
      file,
      `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    );
    return file;
  };
  try {
    writeFileSync(path.join(folder, 'r.der'), bytes);
    const args = ['ocsp', '-respin', path.join(folder, 'r.der'), '-CAfile', pem('root.pem', root.certificate)];
    const about = ['-issuer', pem('ca.pem', issuer.certificate), '-cert', pem('leaf.pem', leaf)];
    args.push('-verify_other', path.join(folder, 'ca.pem'), ...about);
    args.push('-attime', String(Math.floor(START / 1000)));
    const said = await new Promise<string>((done) =>
      execFile('openssl', args, (_, stdout, stderr) => done(`${stdout}${stderr}`)),
    );
    return said.includes('Response verify OK') && /leaf\.pem: (good|revoked|unknown)/.test(said);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rules of RFC 6960 and of certificate-status §5 that `openssl ocsp` leaves to its caller. */
const OURS_ALONE = [
  'unknown_critical_ocsp',
  'hash_mismatch',
  'expired',
  'from_future',
  'produced_in_future',
  'produced_disordered',
  // It asks whether the delegate is valid now, not when it answered.
  'delegate_expired',
  // It reads on over bytes that trail behind.
  'unreadable',
];

export const run: Endurance = {
  what: 'answers that we believe OpenSSL verifies, and what only OpenSSL believes we refuse by a rule of time or content',
  rounds: 3_000,
  round: async (random) => {
    const real = random.chance(0.3);
    let one: Hostile;
    if (real) {
      const truth = random.pick<Truth>(['good', 'on_hold', 'revoked']);
      one = {
        kind: 'ocsp',
        what: `the CA’s own: ${truth}`,
        bytes: answer('4a01', truth, START - random.below(600) * 1000),
      };
    } else
      do one = hostile(random, ['4a01'], START);
      while (one.kind !== 'ocsp');
    const [we, they] = [ours(one.bytes), await openssl(one.bytes)];
    if (real) expect(we, one.what).toBe('accepted');
    if (we === 'accepted') expect(they, one.what).toBe(true);
    else if (they) expect(OURS_ALONE, one.what).toContain(we);
  },
};
