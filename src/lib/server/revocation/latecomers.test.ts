// Who comes after the lists were crossed is judged by the lists that are held, although their servers only confirm them.
import { expect, test } from 'vitest';
import { dataOnly, entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import * as revocation from './index.ts';

/** An office whose list, held and good for two months, names a certificate that it does not have yet. */
async function namingOne() {
  const made = await office(['4a01']);
  const { world, net } = made;
  net.pages.set(urls.crl, list(world, [entry('4a77')], { nextUpdate: world.clock.at + 60 * DAY }));
  return made;
}

test('a record without its file', async () => {
  const { world, sweep, state } = await namingOne();
  await sweep();
  world.clock.advance(HOUR);
  dataOnly(world, '4a77');
  await sweep();
  expect(state('4a77').revocation).toBe('revoked');
});

test('a certificate about which its issuer announces nothing but a revocation', async () => {
  const { ctx, world, add, sweep, state } = await namingOne();
  await sweep();
  world.clock.advance(HOUR);
  await add('4a77', { extensions: { extra: [{ oid: '2.5.29.56', value: Buffer.from([5, 0]) }] } });
  await certificates.runChains(ctx);
  expect(state('4a77').revocation).toBe('not_applicable');
  await sweep();
  expect(state('4a77').revocation).toBe('revoked');
});

test('a certificate, good before, whose chain is judged again only after the list that revokes it was crossed', async () => {
  const { ctx, world, net, sweep, state } = await office(['4a01']);
  await sweep();
  const root = certificates.authorities(ctx).find((one) => one.selfSigned)!;
  const decide = (decision: 'accept' | 'reject') =>
    certificates.decideTrust(world.person('administrator'), root.id, {
      decision,
      fingerprint: root.fingerprint,
      note: 'Dibandingkan dengan situs resmi',
    });
  world.clock.advance(HOUR);
  decide('reject');
  await certificates.runChains(ctx);
  await sweep();
  const revoking = list(world, [entry('4a01')], { nextUpdate: world.clock.at + 60 * DAY });
  net.pages.set(urls.crl, revoking);
  world.clock.advance(HOUR);
  decide('accept');
  await revocation.addEvidence(ctx, { name: 'baru.crl', bytes: revoking });
  await sweep();
  world.clock.advance(HOUR);
  await certificates.runChains(ctx);
  expect([state('4a01').chain, state('4a01').revocation]).toEqual(['anchored', 'good']);
  await sweep();
  expect(state('4a01').revocation).toBe('revoked');
});

test('a certificate that comes after a sweep for which our clock ran three weeks ahead', async () => {
  const { ctx, world, net, add, sweep, state } = await namingOne();
  world.clock.advance(21 * DAY);
  net.skew.set('ca.test', -21 * DAY);
  await sweep();
  expect(state('4a01').revocation).toBe('good');
  world.clock.advance(-21 * DAY + HOUR);
  net.skew.clear();
  await sweep();
  await add('4a77');
  await certificates.runChains(ctx);
  world.clock.advance(HOUR);
  await sweep();
  expect(state('4a77').revocation).toBe('revoked');
});

test('one that came while our clock ran three weeks ahead makes no sweep cross all of them again', async () => {
  const { ctx, world, net, add, sweep, state } = await namingOne();
  await sweep();
  world.clock.advance(21 * DAY);
  await add('4a78');
  await certificates.runChains(ctx);
  world.clock.advance(-21 * DAY + HOUR);
  net.skew.clear();
  await sweep();
  expect(state('4a78').revocation).toBe('good');
  for (let hours = 0; hours < 3; hours++) {
    world.clock.advance(HOUR);
    expect(await sweep()).toMatchObject({ same: 2, checked: 0 });
  }
});

test('while nobody new comes nothing is crossed again', async () => {
  const { ctx, world, add, sweep } = await namingOne();
  dataOnly(world, '4a78');
  await add('4a79', { extensions: { extra: [{ oid: '2.5.29.56', value: Buffer.from([5, 0]) }] } });
  await certificates.runChains(ctx);
  world.clock.advance(HOUR);
  await sweep();
  for (let hours = 0; hours < 3; hours++) {
    world.clock.advance(HOUR);
    expect(await sweep()).toMatchObject({ same: 2, checked: 0 });
  }
});
