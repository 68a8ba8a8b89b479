// An address that begins to serve a list of another scope: what its certificates rest on stays in sight.
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

test('a source that serves a list made for another address says so and keeps showing what its certificates rest on', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01', '4a02']);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  const { evidenceId } = state('4a02');
  const shown = () => revocation.source(ctx, revocation.sources(ctx).find(({ url }) => url === urls.crl)!.id);
  expect(shown().strayed).toBeNull();
  world.clock.advance(HOUR);
  const elsewhere = 'http://ca.test/other.crl';
  net.pages.set(urls.crl, list(world, [], { scope: { url: elsewhere }, nextUpdate: world.clock.at + 9 * DAY }));
  await sweep();
  expect(state('4a02').evidenceId).toBe(evidenceId);
  const source = shown();
  expect(source).toMatchObject({ evidenceId, strayed: { madeFor: [elsewhere] }, state: 'ok' });
  const strayed = source.strayed!.evidenceId;
  expect(source.evidence.map(({ id }) => id)).toEqual(expect.arrayContaining([evidenceId, strayed]));
  expect(source.changes.map(({ to }) => to)).toEqual(['revoked']);
  expect(revocation.evidence(ctx, strayed).covers).toContain(elsewhere);
  expect(revocation.evidence(ctx, evidenceId!).covers).toBeNull();
  // It does not stay in order by what proves nothing.
  world.clock.advance(2 * DAY);
  await sweep();
  expect(shown().state).toBe('stale');
  // The CA mends it.
  net.pages.set(urls.crl, list(world, [entry('4a01')], { scope: { url: urls.crl } }));
  await sweep();
  expect(shown()).toMatchObject({ strayed: null, state: 'ok' });
});
