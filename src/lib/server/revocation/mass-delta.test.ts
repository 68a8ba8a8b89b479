// A delta that takes many holds away at once, or that no longer names what the delta before it added, is a list that shrinks
// (certificate-status §3): what the line names with its delta is compared, not the complete list alone.
import { expect, test } from 'vitest';
import { entry, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import { ia5, retag, seq, tagged } from '../x509/der-writer.ts';
import { effectiveCount } from './delta.ts';
import { readCrl } from './crl.ts';
import * as revocation from './index.ts';

const DELTA = 'http://ca.test/delta.crl';
const freshest = { oid: '2.5.29.46', value: seq(seq(tagged(0, tagged(0, retag(0x86, ia5(DELTA)))))) };
const many = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${(i + 16).toString(16)}`);
const held = (serials: readonly string[], reason: 6 | 8 = 6) => serials.map((serial) => entry(serial, { reason }));

async function withBase(entries: ReturnType<typeof held>) {
  const made = await office(['4a01', '4a02']);
  const { world, net, sweep } = made;
  net.pages.set(urls.crl, list(world, entries, { extra: [freshest] }));
  const base = lastNumber();
  await sweep();
  const delta = (changes: ReturnType<typeof held>) => {
    world.clock.advance(HOUR);
    net.pages.set(DELTA, list(world, changes, { deltaOf: base }));
    return sweep();
  };
  const kinds = () => revocation.signals(world.ctx()).map(({ kind }) => kind);
  return { ...made, delta, kinds };
}

test('a delta that releases most holds at once releases nobody, until one is whole again', async () => {
  const strangers = many('7f', 29);
  const { state, delta, kinds, world } = await withBase(held([...strangers, '4a01']));
  expect(state('4a01').revocation).toBe('on_hold');
  await delta([...held([...strangers.slice(0, 20), '4a01'], 8), entry('4a02')]);
  expect(state('4a01').revocation).toBe('on_hold');
  expect(state('4a02').revocation).toBe('revoked');
  expect(kinds()).toEqual(['shrunk']);
  await delta([...held(['4a01'], 8), entry('4a02')]);
  expect(state('4a01').revocation).toBe('released');
  expect(kinds()).toEqual([]);
  expect((await revocation.rederiveAll(world.ctx())).differences).toEqual([]);
});

test('one hold that a delta releases among many is an ordinary thing', async () => {
  const { state, delta, kinds } = await withBase(held([...many('7f', 29), '4a01']));
  await delta(held(['4a01'], 8));
  expect(state('4a01').revocation).toBe('released');
  expect(kinds()).toEqual([]);
});

test('a delta that no longer names what the one before it added releases nobody', async () => {
  const { state, delta, kinds, net, world, sweep } = await withBase(held(many('7f', 5)));
  await delta(held([...many('6f', 40), '4a01']));
  expect(state('4a01').revocation).toBe('on_hold');
  await delta([]);
  expect(state('4a01').revocation).toBe('on_hold');
  expect(kinds()).toEqual(['shrunk']);
  // Nor does a small complete list after it.
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, held(many('7f', 5))));
  await sweep();
  expect(state('4a01').revocation).toBe('on_hold');
});

test('entries are counted once, whichever of the two names them', () => {
  const world = { clock: { at: Date.parse('2026-11-22T07:00:00Z') } } as Parameters<typeof list>[0];
  const base = readCrl(list(world, held(['01', '02', '03'])));
  const change = readCrl(list(world, [...held(['02'], 8), ...held(['03', '04']), ...held(['09'], 8)], { deltaOf: 1 }));
  expect(effectiveCount(base, null)).toBe(3);
  expect(effectiveCount(base, change)).toBe(3);
});
