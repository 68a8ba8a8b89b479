// Differential test: `openssl verify -crl_check_all -extended_crl -use_deltas` as second opinion on generated hierarchies.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { judgeFiles, type FilesVerdict } from '../../src/lib/server/revocation/from-files.ts';
import { readCertificate } from '../../src/lib/server/x509/index.ts';
import { AT, hierarchy, type Hierarchy, type Trait } from '../support/crl-hierarchy.ts';
import type { Endurance } from '../support/endurance.ts';

export const run: Endurance = {
  what: 'openssl verify dan Siaga sepakat tentang setiap rantai, kecuali pada kelas yang beralasan',
  rounds: 5000,
  round(random) {
    const made = hierarchy(random);
    const ours = judge(made);
    const theirs = openssl(made);
    const wrong = argued(made.traits, ours, theirs) ? null : disagreement(ours, theirs);
    const told = ours.explanations.map(({ code }) => code).join(', ');
    expect(wrong, `OpenSSL: ${theirs.said}; kita: ${told}\n${made.drawn.join('\n')}`).toBeNull();
  },
};

const judge = (made: Hierarchy): FilesVerdict =>
  judgeFiles({
    leaf: readCertificate(made.leaf),
    anchors: [readCertificate(made.anchor)],
    intermediates: made.others.map((der) => readCertificate(der)),
    crls: made.crls,
    at: AT,
  });

type Second = { ok: boolean; revoked: boolean; said: string };

function openssl(made: Hierarchy): Second {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-verify-'));
  try {
    const file = (name: string, type: string, ders: Buffer[]) => {
      const at = path.join(dir, name);
      writeFileSync(at, ders.map((der) => pem(type, der)).join(''));
      return at;
    };
    const args = ['-crl_check_all', '-extended_crl', '-use_deltas', '-attime', String(AT / 1000)];
    args.push('-CAfile', file('anchor', 'CERTIFICATE', [made.anchor]), '-no-CApath', '-no-CAstore');
    if (made.others.length) args.push('-untrusted', file('others', 'CERTIFICATE', made.others));
    if (made.crls.length) args.push('-CRLfile', file('crls', 'X509 CRL', made.crls));
    execFileSync('openssl', ['verify', ...args, file('leaf', 'CERTIFICATE', [made.leaf])], { stdio: 'pipe' });
    return { ok: true, revoked: false, said: 'OK' };
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? error);
    // It asks about the anchor too; the lists here speak of what is below it.
    const errors = [...said.matchAll(/(\[CRL path\] )?error (\d+) at (\d+) depth/g)]
      .filter(([, aside, , depth]) => aside || Number(depth) < made.depth)
      .map(([, , code]) => code);
    if (errors.length === 0 && !said.includes(' at ')) throw error;
    // It goes on after an error, and reads a list that it has just refused: "revoked" counts when nothing else is wrong.
    return { ok: errors.length === 0, revoked: errors.length > 0 && errors.every((code) => code === '23'), said };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const pem = (type: string, der: Buffer): string =>
  `-----BEGIN ${type}-----\n${der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END ${type}-----\n`;

function disagreement(ours: FilesVerdict, theirs: Second): string | null {
  if ((ours.decision === 'accepted') !== theirs.ok) return `kita ${ours.decision}`;
  return theirs.revoked && ours.outcome !== 'revoked' ? `kita ${ours.outcome}` : null;
}

/** Where the two may differ, in which direction, and why. */
const CLASSES: { trait: Trait; may: (ours: FilesVerdict, theirs: Second) => boolean }[] = [
  // "the constructed CRL has the thisUpdate and nextUpdate times … of the delta CRL" (RFC 5280 §5.2.4): OpenSSL takes those
  // of the complete list.
  { trait: 'delta_expired', may: (ours, theirs) => ours.outcome === 'undetermined' && theirs.ok },
  { trait: 'complete_expired', may: (ours, theirs) => ours.decision === 'accepted' && !theirs.ok && !theirs.revoked },
  // removeFromCRL is legal for holds only (§5.3.1): a revocation is not taken back (certificate-status §3).
  { trait: 'delta_unholds_revoked', may: (ours, theirs) => ours.outcome === 'revoked' && !theirs.revoked },
  // A forged delta stops OpenSSL; to us it is as if it were not there, so that nobody can block a list with one.
  { trait: 'delta_forged', may: (_, theirs) => !theirs.ok && !theirs.revoked },
  // OpenSSL has no memory: it looks at the newest list alone, we have seen the one before (§3 early removal).
  { trait: 'listed_before', may: (ours) => ours.outcome === 'revoked' },
  // … and when the newest is past its time, it goes back to the one before.
  { trait: 'listed_before', may: (ours, theirs) => ours.outcome === 'undetermined' && theirs.revoked },
  // A list from before the certificate cannot have it, nor can one from before its own CA be believed (§2 no. 15 and 4).
  { trait: 'issued_after', may: (ours) => ours.outcome !== 'good' },
  // "If a key usage extension is present in the CRL issuer's certificate, verify that the cRLSign bit is set" (RFC 5280
  // §6.3.3 f): OpenSSL 3.0 looks before it has read the extensions of a signer that is no certificate of the path.
  { trait: 'no_crl_sign', may: (ours) => ours.outcome === 'undetermined' },
];
const argued = (traits: ReadonlySet<Trait>, ours: FilesVerdict, theirs: Second): boolean =>
  CLASSES.some(({ trait, may }) => traits.has(trait) && may(ours, theirs));
