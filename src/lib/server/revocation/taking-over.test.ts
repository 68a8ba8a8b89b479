// A mass release past the quarantine (certificate-status §3): the CA goes on under another scope, and its old line ends.
import { expect, test } from 'vitest';
import type * as ca from '../../../bin/demo/ca.ts';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as revocation from './index.ts';

const serials = Array.from({ length: 30 }, (_, i) => (0x4a10 + i).toString(16));
const scope = { url: urls.crl };
const held = (some: readonly string[]) => some.map((serial) => entry(serial, { reason: 6 }));

/** Thirty on hold by a list of everything, which ends after a day; the lists after it speak for a distribution point. */
async function moved() {
  const made = await office(serials);
  const { world, ctx, net, sweep } = made;
  net.pages.set(urls.crl, list(world, held(serials)));
  await sweep();
  const publish = async (hours: number, entries: ca.RevokedEntry[]) => {
    for (let hour = 0; hour < hours; hour++) {
      world.clock.advance(HOUR);
      net.pages.set(urls.crl, list(world, entries, { scope }));
      await sweep();
    }
  };
  const statuses = () =>
    connection(world.db).prepare('select distinct revocation from certificate order by 1').pluck().all();
  const kinds = () => revocation.signals(ctx).map(({ kind }) => kind);
  return { ...made, publish, statuses, kinds };
}

test('holds do not end because the list after the old one has another scope and names nobody', async () => {
  const { ctx, publish, statuses, kinds } = await moved();
  await publish(30, []);
  expect(statuses()).toEqual(['on_hold']);
  expect(kinds()).toEqual(['shrunk']);
  const source = revocation.sources(ctx).find(({ url }) => url === urls.crl)!;
  expect(revocation.source(ctx, source.id).quarantine).toMatchObject({ fromCount: 30, toCount: 0 });
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('a person lets it, once; what is released stays released by the lists that follow', async () => {
  const { world, ctx, publish, statuses, kinds } = await moved();
  await publish(30, []);
  const evidenceId = connection(world.db).prepare('select evidence_id from revocation_quarantine').pluck().get();
  revocation.decideQuarantine(world.person('supervisor'), evidenceId as string, {
    decision: 'release',
    reason: 'Penerbit membersihkan daftarnya.',
  });
  await publish(1, []);
  expect(statuses()).toEqual(['released']);
  await publish(3, []);
  expect(statuses()).toEqual(['released']);
  expect(kinds()).toEqual([]);
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('lists of another scope that name nearly the same release whom they do not name', async () => {
  const { ctx, publish, state, kinds } = await moved();
  await publish(30, held(serials.slice(1)));
  expect([state(serials[0]!).revocation, state(serials[1]!).revocation]).toEqual(['released', 'on_hold']);
  expect(kinds()).toEqual([]);
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('a short list of certificates that the ended line had nothing to say about is no alarm', async () => {
  const { world, net, sweep, statuses, kinds, add } = await moved();
  const other = 'http://ca.test/bagian-baru.crl';
  await add('4b01', { extensions: { crlUrls: [other] } });
  for (let hour = 0; hour < 30; hour++) {
    world.clock.advance(HOUR);
    net.pages.set(other, list(world, [], { scope: { url: other } }));
    await sweep();
  }
  expect(statuses()).toEqual(['good', 'on_hold']);
  expect(kinds()).toEqual([]);
});
