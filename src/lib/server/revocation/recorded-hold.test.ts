// A hold of a record without its file ends like any other, by a newer sound list of the line that told of it (certificate-status
// §4), and leaves nothing known: never "good", for nobody knows which lists would tell (§1).
import { expect, test } from 'vitest';
import type * as ca from '../../../bin/demo/ca.ts';
import { dataOnly, entry, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

const HELD = '4a02';

async function holding(extra: Partial<ca.CrlRequest> = {}) {
  const made = await office(['4a01']);
  const { world, net, sweep, state } = made;
  dataOnly(world, HELD);
  const hour = async (entries: ca.RevokedEntry[], more: Partial<ca.CrlRequest> = {}) => {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, entries, { ...extra, ...more }));
    await sweep();
    return state(HELD).revocation;
  };
  expect(await hour([entry(HELD, { reason: 6 })])).toBe('on_hold');
  return { ...made, hour };
}

for (const [which, scope] of [
  ['the issuer', undefined],
  ['one address', { url: urls.crl }],
] as const) {
  test(`the hold is over when the next list of ${which} does not tell of it, and the record is not good by that`, async () => {
    const { ctx, state, hour } = await holding(scope && { scope });
    expect(await hour([])).toBe('undetermined');
    expect(state(HELD).label).toBe('data_only');
    expect(await hour([])).toBe('undetermined');
    expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
    expect(await hour([entry(HELD)])).toBe('revoked');
    expect(await hour([])).toBe('revoked');
    expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
  });
}

test('a list whose number another list had, or that lost most of its entries, ends no hold', async () => {
  const same = await holding();
  expect(await same.hour([], { number: lastNumber() })).toBe('on_hold');
  expect(await same.hour([])).toBe('undetermined');
  const many = Array.from({ length: 40 }, (_, i) => entry((0x6000 + i).toString(16)));
  const shrunk = await holding();
  await shrunk.hour([...many, entry(HELD, { reason: 6 })]);
  expect(await shrunk.hour([])).toBe('on_hold');
});
