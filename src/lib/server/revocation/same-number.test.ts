// Two lists of one number and different bytes: one of them is not what the CA published (certificate-status §2 no. 5).
import { expect, test } from 'vitest';
import { entry, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

test('a list with the number of the one before releases nobody, revokes all the same, and one with a higher number releases', async () => {
  const made = await office(['4a01', '4a02']);
  const { world, ctx, net, sweep, state, add } = made;
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })]));
  const number = lastNumber();
  await sweep();
  const next = async (bytes: Buffer) => {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, bytes);
    await sweep();
  };
  world.clock.advance(HOUR);
  await next(list(world, [entry('4a02')], { number }));
  expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['on_hold', 'revoked']);
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toContain('same_number');
  // Again the same number, and the list itself again by 304: no nearer to the truth.
  await sweep();
  await next(list(world, [entry('4a02'), entry('7777')], { number }));
  expect(state('4a01').revocation).toBe('on_hold');
  // Somebody who was never spoken of is not left without an answer.
  await add('4a03');
  await sweep();
  expect(state('4a03').revocation).toBe('good');
  await next(list(world, [entry('4a02')]));
  expect(state('4a01').revocation).toBe('released');
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('another list of a number we hold is told also when it is older and refused, and whom it names', async () => {
  const { world, ctx, net, sweep, state, idOf } = await office(['4a01', '4a02']);
  const at = (hours: number) => ({ thisUpdate: world.clock.at - hours * HOUR });
  net.pages.set(urls.crl, list(world, [], at(2)));
  await sweep();
  const number = lastNumber();
  net.pages.set(urls.crl, list(world, [], at(1)));
  await sweep();
  const kinds = () => revocation.signals(ctx).map(({ kind }) => kind);
  // An old list as such is no alarm.
  net.pages.set(urls.crl, list(world, [entry('4a01')], { ...at(5), number: number - 1 }));
  await sweep();
  expect(kinds()).toEqual([]);
  for (const extra of [0, 1]) {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a01')], { ...at(5 + extra), number }));
    await sweep();
    expect(kinds()).toEqual(['same_number', 'hint']);
  }
  expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['good', 'good']);
  const [told, hint] = revocation.signals(ctx).map(({ id }) => revocation.signal(world.person('supervisor'), id));
  expect(told!.story.what).toContain('bernomor sama');
  expect(told!.evidence.map(({ href }) => href.split('/').slice(0, -1).join('/'))).toEqual([
    '/sources/refused',
    '/evidence',
  ]);
  expect(hint!.certificateId).toBe(idOf('4a01'));
  expect(hint!.story.what).toContain('bernomor sama');
});
