// A CA that goes on under ever new scopes (certificate-status §2 no. 5 and 7): what its ended lines named counts for ever, nobody
// reads them again for that, and there is an end to how many go on at once.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type * as ca from '../../../bin/demo/ca.ts';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR } from '../calendar.ts';
import { endedList, MOST_LINES } from './ended-lines.ts';
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

test('of lists that are over, and of those that a derivation walks through, no bytes stay in memory', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01', '4a02']);
  const others = Array.from({ length: 2000 }, (_, i) => entry((0x70000 + i).toString(16)));
  net.pages.set(urls.crl, list(world, [...others, entry('4a02')]));
  await sweep();
  const row = store.evidenceById(ctx.db, state('4a01').evidenceId!)!;
  const wanted = new Set(['4a01', '4a02']);
  // The first reading is held like every later one.
  for (const _ of [1, 2]) {
    const { crl, crossing } = endedList(ctx, row, wanted);
    expect(crl.der.length).toBeLessThan(row.size / 10);
    expect([crl.sha256, crossing.count, [...crossing.found.keys()]]).toEqual([row.sha256, 2001, ['4a02']]);
  }
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

/** An office whose CA has so many lines that go on already. */
async function filled(count: number) {
  const made = await office(['4a01']);
  const { world, ctx, sweep, state } = made;
  await sweep();
  const { id: _, ...whole } = store.evidenceById(ctx.db, state('4a01').evidenceId!)!;
  const { issuerKey } = whole;
  const confirmedAt = world.clock.at;
  while (store.linesOf(ctx.db, issuerKey).length < count) {
    const scope = `bulan-${store.linesOf(ctx.db, issuerKey).length}`;
    const evidenceId = store.addEvidence(ctx.db, { ...whole, scope });
    store.continueLine(ctx.db, { issuerKey, scope, evidenceId, confirmedAt }, false);
  }
  const lines = () => store.linesOf(ctx.db, issuerKey).length;
  const serve = (url: string, scope: string, entries: ca.RevokedEntry[] = []) => {
    world.clock.advance(HOUR);
    made.net.pages.set(url, list(world, entries, { scope: { url: scope } }));
    return sweep();
  };
  return { ...made, lines, serve };
}

test('more scopes than any CA needs are refused, and whom they name is told to people', async () => {
  // One more for the address that a certificate names.
  const { ctx, lines, serve, state } = await filled(MOST_LINES + 1);
  await serve(urls.crl, urls.crl, [entry('4a01')]);
  expect(lines()).toBe(MOST_LINES + 1);
  expect(revocation.sources(ctx).find(({ url }) => url === urls.crl)).toMatchObject({
    failureCode: 'too_many_scopes',
    refusing: true,
  });
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toEqual(['hint']);
  expect(state('4a01').revocation).toBe('good');
});

test('a CA that divides its list among many addresses has room for each that a certificate names, and for no more', async () => {
  const { ctx, lines, serve, state, add } = await filled(MOST_LINES);
  const shard = (n: number) => `http://ca.test/${n}.crl`;
  for (const [n, serial] of ['5a00', '5a01'].entries()) {
    await add(serial, { extensions: { crlUrls: [shard(n)], ocspUrls: null } });
    await serve(shard(n), shard(n), n === 1 ? [entry('5a01')] : []);
  }
  expect([state('5a00').revocation, state('5a01').revocation]).toEqual(['good', 'revoked']);
  expect(lines()).toBe(MOST_LINES + 2);
  await serve(shard(0), 'http://ca.test/lain.crl');
  await serve(shard(0), 'http://ca.test/lain-lagi.crl');
  expect(lines()).toBe(MOST_LINES + 3);
  expect(revocation.sources(ctx).find(({ url }) => url === shard(0))?.failureCode).toBe('too_many_scopes');
});
