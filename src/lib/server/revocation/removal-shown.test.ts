// An early removal changes no status (certificate-status §3); the source and the list that lost it tell of it all the same.
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

test('what vanished before its time stands among the changes of its source and of the list that no longer has it', async () => {
  const { world, net, sweep, idOf } = await office(['4a01']);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, []));
  await sweep();
  const me = world.person('verifier');
  const { id } = revocation.sources(me).find(({ url }) => url === urls.crl)!;
  const { changes } = revocation.source(me, id);
  expect(changes.map(({ to, detail }) => detail['kind'] ?? to)).toEqual(['early_removal', 'revoked']);
  expect(revocation.evidence(me, changes[0]!.evidenceId).changes).toMatchObject([{ certificateId: idOf('4a01') }]);
});

test('who is listed again is said to be, and who is dropped again is not asked about twice', async () => {
  const { world, ctx, net, sweep, idOf } = await office(['4a01']);
  const me = world.person('verifier');
  const next = async (named: string[]) => {
    world.clock.advance(HOUR);
    net.pages.set(
      urls.crl,
      list(
        world,
        named.map((serial) => entry(serial)),
      ),
    );
    await sweep();
    await sweep();
    return revocation.signals(ctx).filter(({ kind }) => kind === 'early_removal');
  };
  await next(['4a01']);
  const [first] = await next([]);
  const told = () => revocation.signal(me, first!.id);
  expect(told().story.what).not.toContain('tercantum lagi');
  await next(['4a01']);
  expect(told().story.what).toMatch(/Sekarang tercantum lagi \(CRL .* nomor \d+\)/);
  expect(told().question).toContain('Sekarang tercantum lagi');
  expect(revocation.signalList(me, { state: 'open' }).rows[0]!.story.what).toContain('Sekarang tercantum lagi');
  expect((await next([])).map(({ id }) => id)).toEqual([first!.id]);
  expect(told().story.what).not.toContain('tercantum lagi');
  const dropped = revocation.signalList(me, { state: 'settled', certificateId: idOf('4a01') }).rows;
  expect(dropped.map(({ kind }) => kind)).toContain('early_removal');
  revocation.settleSignal(me, first!.id, 'Dijawab penerbit: keliru');
  await sweep();
  expect(revocation.signals(ctx)).toEqual([]);
  await next(['4a01']);
  expect(await next([])).toHaveLength(1);
});
