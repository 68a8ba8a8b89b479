// A CA that goes on under ever new scopes (certificate-status §2 no. 5 and 7): what its ended lines named counts for ever, nobody
// reads them again for that, and there is an end to how many go on at once.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR } from '../calendar.ts';
import { MOST_LINES } from './ended-lines.ts';
import * as revocation from './index.ts';
import * as store from './store.ts';

test('a line that is over is read once, names whom it named for ever, and is read again about who came since', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state, add } = made;
  net.pages.set(urls.crl, list(world, [entry('4a77'), entry('4a78')]));
  await sweep();
  const old = store.evidenceById(ctx.db, state('4a01').evidenceId!)!;
  world.clock.advance(5 * DAY);
  // The CA goes on in a line that says nothing of these; the old one stands as it was.
  const go = async () => {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [], { scope: { url: urls.crl } }));
    await sweep();
  };
  await go();
  expect(state('4a01').label).toBe('valid');
  await add('4a77');
  await go();
  expect(state('4a77').revocation, 'who came since is looked for in it').toBe('revoked');
  const bytes = join(world.dir, 'files', old.sha256.slice(0, 2), old.sha256.slice(2, 4), old.sha256);
  rmSync(bytes);
  await go();
  expect(state('4a01').label, 'nobody needed to read it').toBe('valid');
  expect(revocation.signals(ctx)).toEqual([]);
});

test('more scopes than any CA needs are refused, and whom they name is told to people', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  await sweep();
  const { id: _, ...whole } = store.evidenceById(ctx.db, state('4a01').evidenceId!)!;
  const confirmedAt = world.clock.at;
  for (let n = 1; n < MOST_LINES; n++) {
    const scope = `bulan-${n}`;
    const evidenceId = store.addEvidence(ctx.db, { ...whole, scope });
    store.continueLine(ctx.db, { issuerKey: whole.issuerKey, scope, evidenceId, confirmedAt }, false);
  }
  expect(store.lines(ctx.db).length).toBeGreaterThanOrEqual(MOST_LINES);
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a01')], { scope: { url: urls.crl } }));
  const before = store.lines(ctx.db).length;
  await sweep();
  expect(store.lines(ctx.db)).toHaveLength(before);
  expect(revocation.sources(ctx).find(({ url }) => url === urls.crl)).toMatchObject({
    failureCode: 'too_many_scopes',
    refusing: true,
  });
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toEqual(['hint']);
  expect(state('4a01').revocation).toBe('good');
});
