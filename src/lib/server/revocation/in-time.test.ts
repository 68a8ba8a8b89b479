// Nothing that the CA published waits longer than the lane it is in (certificate-status §6).
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, lastNumber, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import { ia5, retag, seq, tagged } from '../x509/der-writer.ts';
import * as revocation from './index.ts';

const DELTA = 'http://ca.test/delta.crl';
const freshest = { oid: '2.5.29.46', value: seq(seq(tagged(0, tagged(0, retag(0x86, ia5(DELTA)))))) };

/** A complete list that says where its deltas are. */
async function withDeltas() {
  const made = await office(['4a01', '4a02']);
  const { world, net, sweep } = made;
  net.pages.set(urls.crl, list(world, [], { extra: [freshest], nextUpdate: world.clock.at + 30 * DAY }));
  const base = lastNumber();
  await sweep();
  return { ...made, base };
}

test.each(['delta', null])(
  'of an open incident the deltas too are asked every five minutes (first: %s)',
  async (first) => {
    const { world, ctx, net, sweep, state, idOf, base } = await withDeltas();
    if (first) net.pages.set(DELTA, list(world, [], { deltaOf: base }));
    await sweep();
    certificates.mark(ctx, idOf('4a01'), 'open_incident', 'INS-2026-0001');
    world.clock.advance(MINUTE);
    net.pages.set(DELTA, list(world, [entry('4a01')], { deltaOf: base }));
    for (let five = 0; five < 3; five++) {
      world.clock.advance(5 * MINUTE);
      await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
    }
    expect(state('4a01').revocation).toBe('revoked');
  },
);

test('a complete list that its delta still continues is crossed itself', async () => {
  const { world, ctx, net, sweep, state, base } = await withDeltas();
  world.clock.advance(HOUR);
  net.pages.set(DELTA, list(world, [], { deltaOf: base, number: base + 2000 }));
  await sweep();
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a01')], { extra: [freshest] }));
  expect(await sweep()).toMatchObject({ revoked: 1 });
  expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['revoked', 'good']);
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
  // Once is enough.
  world.clock.advance(HOUR);
  expect(await sweep()).toMatchObject({ checked: 0 });
});

test('lists of a CA whose hold ends are asked at once, however long they were refused', async () => {
  const { world, ctx, net, state } = await office(['4a01']);
  const held = entry(readCertificate(issuer.certificate).serial, { reason: 6 });
  let number = 10;
  const above = (entries: ca.RevokedEntry[]) =>
    net.pages.set(
      urls.rootCrl,
      ca.makeCrl(root, {
        entries,
        number: ++number,
        thisUpdate: world.clock.at - MINUTE,
        nextUpdate: world.clock.at + 180 * DAY,
      }),
    );
  const minutes = async (count: number) => {
    for (let passed = 0; passed < count; passed += 5) {
      world.clock.advance(5 * MINUTE);
      const lane = revocation.sweepDue(ctx, 'all') ? 'all' : 'urgent';
      await revocation.sweep(ctx, { outbound: net.outbound, lane });
      await certificates.runChains(ctx);
    }
  };
  await minutes(5);
  above([held]);
  const due = connection(world.db).prepare('select due_at from revocation_source where url = ?').pluck();
  const pause = () => (due.get(urls.crl) as number) - world.clock.at;
  for (let hour = 0; hour < 24 && pause() < 2 * HOUR; hour++) {
    net.pages.set(urls.crl, list(world));
    await minutes(60);
  }
  expect(state('4a01').label).toBe('ca_revoked');
  expect(pause()).toBeGreaterThan(2 * HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  above([]);
  await minutes(70);
  expect(state('4a01')).toMatchObject({ chain: 'anchored', revocation: 'revoked' });
});
