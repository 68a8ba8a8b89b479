// The pure engine: hostile objects beside any real evidence, in any order, are as if they were not there; and what the
// CA itself revoked stays revoked, whatever it says later.
import { expect } from 'vitest';
import { DAY, HOUR } from '#lib/server/calendar.ts';
import { judgeFiles, type FilesRequest } from '#lib/server/revocation/from-files.ts';
import { readCertificate } from '#lib/server/x509/index.ts';
import { answer, hostile, issuer, leafOf, list, root, START, type Truth } from '../support/hostile-evidence.ts';
import type { Endurance } from '../support/endurance.ts';
import type { Random } from '../../src/bin/demo/random.ts';

const SERIALS = ['4a01', '4a02'];
const leaf = readCertificate(leafOf('4a01'));
const [anchor, intermediate] = [readCertificate(root.certificate), readCertificate(issuer.certificate)];

/** Something the CA really said about our certificate, and when. */
type Genuine = { kind: 'crl' | 'ocsp'; bytes: Buffer; truth: Truth; at: number };

function genuine(random: Random, number: number, now: number): Genuine {
  const truth = random.pick<Truth>(['good', 'good', 'good', 'on_hold', 'revoked']);
  const at = now - random.below(40) * HOUR;
  if (random.chance(0.5)) return { kind: 'ocsp', bytes: answer('4a01', truth, at), truth, at };
  // Numbers grow with time, as a CA's do.
  const ordered = 1 + Math.floor((at - START + 100 * DAY) / HOUR) * 100 + number;
  return { kind: 'crl', bytes: list(new Map([['4a01', truth]]), at, ordered), truth, at };
}

export const run: Endurance = {
  what: 'hostile objects beside real evidence change nothing, and revoked stays revoked',
  rounds: 100_000,
  round: (random) => {
    const now = START + random.below(30) * DAY;
    const real = Array.from({ length: random.below(5) }, (_, i) => genuine(random, i, now));
    const bad = Array.from({ length: 1 + random.below(6) }, () => hostile(random, SERIALS, now));
    const judge = (objects: readonly { kind: string; bytes: Buffer }[]) => {
      const request: FilesRequest = { leaf, anchors: [anchor], intermediates: [intermediate], at: now };
      // Noise comes under either name.
      const of = (kind: string) =>
        objects.filter((one) => one.kind === kind || one.kind === 'noise').map(({ bytes }) => bytes);
      const { explanations: _, ...verdict } = judgeFiles({ ...request, crls: of('crl'), ocsps: of('ocsp') });
      return verdict;
    };
    const alone = judge(real);
    expect(judge(shuffled(random, [...real, ...bad])), bad.map(({ what }) => what).join('; ')).toEqual(alone);
    const status = alone.path[0]!.revocation.status;
    if (real.some(({ truth }) => truth === 'revoked')) expect(status).toBe('revoked');
    if (!real.some(({ truth }) => truth === 'good')) expect(['good', 'released']).not.toContain(status);
  },
};

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const left = [...items];
  return Array.from(items, () => left.splice(random.below(left.length), 1)[0]!);
}
