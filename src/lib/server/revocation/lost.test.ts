// Evidence whose file is lost or changed on our own disk: nothing else stops, people are told, the bytes are asked for again.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as revocation from './index.ts';
import { storyOf } from './signal-words.ts';
import { Issuers } from './issuers.ts';
import { takeList } from './taking.ts';

type Office = Awaited<ReturnType<typeof office>>;

/** Where the bytes of the newest list of an address lie. */
function fileOf({ world }: Office, url: string): string {
  const sha = connection(world.db)
    .prepare(
      `select e.sha256 from revocation_source s join revocation_evidence e on e.id = s.evidence_id
        where s.kind = 'crl' and s.url = ?`,
    )
    .pluck()
    .get(url) as string;
  return join(world.dir, 'files', sha.slice(0, 2), sha.slice(2, 4), sha);
}

/** The same process with nothing remembered from before, as after a restart. */
async function restarted(): Promise<typeof revocation> {
  vi.resetModules();
  return import('./index.ts');
}

test('after a restart the lost list of one issuer is asked for as a whole, and lies there again', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep } = made;
  await sweep();
  const file = fileOf(made, urls.rootCrl);
  rmSync(file);
  world.clock.advance(MINUTE);
  const again = await restarted();
  expect(again.findSources(ctx)).toBe(0);
  expect(again.signals(ctx)).toMatchObject([{ kind: 'underived', certificateId: null }]);
  expect(again.sources(ctx).find(({ url }) => url === urls.rootCrl)).toMatchObject({
    failures: 1,
    failureCode: 'lost',
  });
  net.asked.length = 0;
  await again.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  expect(net.asked).toEqual([urls.rootCrl]);
  expect(existsSync(file)).toBe(true);
  expect(again.signals(ctx)).toEqual([]);
  expect(again.sources(ctx).find(({ url }) => url === urls.rootCrl)).toMatchObject({ failures: 0 });
});

test('a list that changed on the disk and whose server sends nonsense stops no other issuer', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  await sweep();
  writeFileSync(fileOf(made, urls.rootCrl), 'lain');
  net.pages.set(urls.rootCrl, Buffer.from('bukan CRL'));
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  world.clock.advance(HOUR);
  const again = await restarted();
  await again.sweep(ctx, { outbound: net.outbound, lane: 'all' });
  expect(state('4a01').revocation).toBe('revoked');
  expect(again.signals(ctx)).toMatchObject([{ kind: 'underived' }]);
  expect(storyOf(again.signals(ctx)[0]!).what).toContain('hilang atau berubah');
});

test('a list that is lost before it was crossed keeps the one after it from nothing', async () => {
  const made = await office(['4a01', '4a02']);
  const { world, ctx, net, sweep, state } = made;
  await sweep();
  const { issuerKey } = revocation.sources(ctx).find(({ url }) => url === urls.crl)!;
  for (const serial of ['4a01', '4a02']) {
    world.clock.advance(MINUTE);
    const from = { sourceId: null, origin: 'uploaded' as const, name: 'x' };
    const taken = await takeList(ctx, list(world, [entry(serial)]), issuerKey, from, Issuers.read(ctx.db));
    if (serial === '4a02' || taken.outcome === 'refused') continue;
    const sha = connection(world.db)
      .prepare('select sha256 from revocation_evidence where id = ?')
      .pluck()
      .get(taken.evidenceId) as string;
    rmSync(join(world.dir, 'files', sha.slice(0, 2), sha.slice(2, 4), sha));
  }
  net.pages.clear();
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  expect(state('4a02').revocation).toBe('revoked');
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toContain('underived');
});
