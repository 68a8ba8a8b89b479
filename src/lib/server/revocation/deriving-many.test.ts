// Deriving again in a large estate: certificates that no list can tell apart share what is decided about them, and what a
// signer said who is believed no more is taken back piece by piece.
import { afterEach, expect, test, vi } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import { Alike } from './alike.ts';
import { NOTHING_KNOWN } from './decide.ts';
import * as revocation from './index.ts';
import type { Held } from './subject.ts';
import { withdraw } from './withdrawing.ts';
import { Subjects } from './words-of.ts';

afterEach(() => void vi.restoreAllMocks());

const serialsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => (first + i).toString(16));

test('a list is judged once for all whom none names, and each that one names for itself', async () => {
  const serials = serialsFrom(0x5000, 40);
  const { world, ctx, net, sweep } = await office(serials);
  const lists = 12;
  for (let i = 0; i < lists; i++) {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, i < 6 ? [] : [entry('5001', { reason: i < 9 ? 6 : 1 }), entry('5002')]));
    await sweep();
  }
  const asked = vi.spyOn(Subjects.prototype, 'ask');
  expect(await revocation.rederiveAll(ctx)).toEqual({ derived: serials.length, differences: [] });
  // One for each list, two for each of the six that name two; what stood when they came was looked at once more.
  expect(asked.mock.calls.length).toBeLessThanOrEqual(lists + 2 * 6 + 1);
});

test('certificates that differ in a date that a list looks at are decided apart', () => {
  const at = (ms: number, expiredSince: number | null = null) =>
    ({ crl: { thisUpdate: { ms }, expiredSince }, crossing: { found: new Map([['77', []]]) } }) as unknown as Held;
  const alike = new Alike([at(1000), at(2000, 1500)]);
  expect([alike.names('77'), alike.names('78')]).toEqual([true, false]);
  const kind = { ca: false, issuer: null, points: null, unreadable: false };
  const dates = [0, 999, 1000, 1001, 1499, 1500, 1501, 2000, 2001];
  const before = { ...NOTHING_KNOWN };
  const states = new Map<string, Set<unknown>>();
  for (const notBefore of [null, ...dates])
    for (const notAfter of [null, ...dates]) {
      // Exactly what lists and decisions ask of dates (crl-word.ts, decide.ts).
      const begins = [1000, 2000].map((instant) => notBefore !== null && notBefore > instant);
      const ends = [1000, 2000, 1500].map((instant) => notAfter !== null && notAfter < instant);
      const key = JSON.stringify([begins, ends]);
      const state = alike.after(before, kind, { notBefore, notAfter }, () => ({ ...NOTHING_KNOWN }));
      states.set(key, (states.get(key) ?? new Set()).add(state));
    }
  const all = [...states.values()].flatMap((own) => [...own]);
  expect(new Set(all).size).toBe(all.length);
  // Another state before, another kind: decided apart too.
  const made = (from: typeof before, of: typeof kind) =>
    alike.after(from, of, { notBefore: null, notAfter: null }, () => ({ ...NOTHING_KNOWN }));
  expect(new Set([made(before, kind), made({ ...before }, kind), made(before, { ...kind })]).size).toBe(3);
  expect(made(before, kind)).toBe(made(before, kind));
});

test('what a rejected signer said is taken back in pieces: a death half-way leaves only the rest to do', async () => {
  const serials = serialsFrom(0x6000, 130);
  const signer = ca.makeIntermediate(issuer, {
    notBefore: NOW - 300 * DAY,
    notAfter: NOW + 1000 * DAY,
    key: ca.makeKey('p256'),
    extensions: { keyUsage: ['cRLSign'] },
  });
  const { world, ctx, net, sweep } = await office(serials);
  await certificates.importFile(ctx, { name: 'penanda.cer', bytes: signer.certificate });
  const times = { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + 30 * DAY };
  net.pages.set(urls.crl, ca.makeCrl(signer, { entries: [entry('6000')], number: 900, ...times }));
  await sweep();
  const { fingerprint } = readCertificate(signer.certificate);
  const { id } = certificates.authorities(ctx).find((one) => one.fingerprint === fingerprint)!;
  certificates.decideTrust(world.person('administrator'), id, { decision: 'reject', note: 'Kuncinya dicuri' });

  const states = () =>
    Object.fromEntries(
      connection(world.db).prepare('select revocation, count(*) from certificate group by 1').raw().all() as [
        string,
        number,
      ][],
    );
  const key = readCertificate(issuer.certificate).publicKey.spkiSha256;
  expect(states()).toMatchObject({ good: 129, revoked: 1 });
  const death = new Error('mati');
  const entries = () =>
    connection(world.db).prepare(`select count(*) from audit_entry where action = 'statuses.swept'`).pluck().get();
  const before = entries();
  // The entry is the last that a piece writes.
  const dying = () => {
    if (entries() !== before) throw death;
  };
  await expect(withdraw({ ...ctx, fence: dying }, key)).rejects.toBe(death);
  expect(states()).toMatchObject({ good: 29, undetermined: 100, revoked: 1 });
  expect(await withdraw(ctx, key)).toMatchObject({ changed: 29 });
  expect(states()).toMatchObject({ undetermined: 129, revoked: 1 });
  expect(await withdraw(ctx, key)).toMatchObject({ changed: 0 });
});
