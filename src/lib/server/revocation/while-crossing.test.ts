// What happens while a crossing rests between two transactions: nobody is overlooked by it, and no decision is undone.
import { expect, onTestFinished, test, vi } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { Pace } from '../db/pace.ts';
import { readCertificate } from '../x509/index.ts';
import { applyIssuer, spread } from './applying.ts';
import * as revocation from './index.ts';
import { Issuers } from './issuers.ts';
import { takeList } from './taking.ts';

const issuerKey = readCertificate(issuer.certificate).publicKey.spkiSha256;

/** Who rests next between two transactions rests until this is called. */
function longRest(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  const rest = vi.spyOn(Pace.prototype, 'rest').mockImplementationOnce(() => promise);
  onTestFinished(() => rest.mockRestore());
  return resolve;
}

test('a certificate that is anchored meanwhile is crossed by the next sweep', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01', '4a02']);
  const db = connection(world.db);
  db.prepare("update certificate set chain = 'incomplete' where serial = '4a02'").run();
  net.pages.set(urls.crl, list(world, [entry('4a02')], { nextUpdate: NOW + 60 * DAY }));
  await sweep();
  world.clock.advance(HOUR);
  db.prepare('update revocation_line set applied_at = null').run();
  const crossing = applyIssuer(ctx, issuerKey);
  world.clock.advance(20);
  db.prepare("update certificate set chain = 'anchored', chain_checked_at = ? where serial = '4a02'").run(
    world.clock.at,
  );
  world.clock.advance(5 * MINUTE);
  await crossing;
  expect(state('4a02').revocation).toBe('undetermined');
  world.clock.advance(HOUR);
  await sweep();
  expect(state('4a02').revocation).toBe('revoked');
});

test('a certificate that is imported meanwhile is not good by its absence from a list that was walked before', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  const life = { notBefore: NOW - DAY, notAfter: NOW + 900 * DAY };
  const again = ca.makeIntermediate(root, { key: issuer.key, ...life, urls });
  await certificates.importFile(ctx, { name: 'ca2.cer', bytes: again.certificate });
  net.pages.set(urls.crl, list(world, [entry('4a02')], { nextUpdate: NOW + 60 * DAY }));
  await sweep();
  world.clock.advance(HOUR);
  connection(world.db).prepare('update revocation_line set applied_at = null').run();
  const crossing = applyIssuer(ctx, issuerKey);
  const bytes = ca.makeLeaf(issuer, { notBefore: NOW - 100 * DAY, serial: '4a02', commonName: 'ORANG 4a02', urls });
  await certificates.importFile(ctx, { name: '4a02.cer', bytes });
  // The crossing has the CA's other certificate still before it.
  connection(world.db)
    .prepare(
      `update certificate set authority_id = (select id from authority where key_sha256 = ? order by rowid desc limit 1)
        where serial = '4a02'`,
    )
    .run(issuerKey);
  await crossing;
  expect(state('4a02').revocation).not.toBe('good');
  world.clock.advance(HOUR);
  await sweep();
  expect(state('4a02').revocation).toBe('revoked');
});

test('what another lane crosses meanwhile is not written back to older evidence', async () => {
  // The CA has two certificates, so that its certificates are crossed in two transactions with a rest between them.
  const { world, ctx, net, sweep, state, add } = await office(['4a01', '4a02']);
  const life = { notBefore: NOW - DAY, notAfter: NOW + 900 * DAY };
  const again = ca.makeIntermediate(root, { key: issuer.key, ...life, urls });
  await certificates.importFile(ctx, { name: 'ca2.cer', bytes: again.certificate });
  await add('4a03');
  connection(world.db)
    .prepare(
      `update certificate set authority_id = (select id from authority where key_sha256 = ? order by rowid desc limit 1)
        where serial <> '4a01'`,
    )
    .run(issuerKey);
  await sweep();
  world.clock.advance(HOUR);
  const take = async (bytes: Buffer) => {
    const from = { sourceId: null, origin: 'uploaded' as const, name: 'uji' };
    const taken = await takeList(ctx, bytes, issuerKey, from, Issuers.read(ctx.db));
    return (taken as { evidenceId: string }).evidenceId;
  };
  await take(list(world, [], { thisUpdate: world.clock.at - 30 * MINUTE }));
  const resume = longRest();
  const slow = applyIssuer(ctx, issuerKey);
  const newest = await take(list(world, [entry('4a03', { reason: 6 })], { thisUpdate: world.clock.at - MINUTE }));
  await applyIssuer(ctx, issuerKey);
  resume();
  await slow;
  for (const serial of ['4a01', '4a02', '4a03']) expect([serial, state(serial).evidenceId]).toEqual([serial, newest]);
  expect(state('4a03').revocation).toBe('on_hold');
  net.pages.clear();
  await sweep();
  for (const serial of ['4a01', '4a02', '4a03']) expect([serial, state(serial).evidenceId]).toEqual([serial, newest]);
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('what was not crossed yet with the newest list has no part in its confirmation', async () => {
  const { world, ctx, sweep, state } = await office(
    Array.from({ length: 300 }, (_, i) => `4a${(i + 4096).toString(16)}`),
  );
  await sweep();
  const [before, first] = [state('4a1000').evidenceId, world.clock.at];
  world.clock.advance(HOUR);
  const bytes = list(world, []);
  const from = { sourceId: null, origin: 'uploaded' as const, name: 'uji' };
  const take = () => takeList(ctx, bytes, issuerKey, from, Issuers.read(ctx.db));
  const newest = (await take()) as { evidenceId: string };
  // 300 certificates are crossed in two transactions, with a rest between them.
  const resume = longRest();
  const slow = applyIssuer(ctx, issuerKey);
  world.clock.advance(HOUR);
  await take();
  await spread(ctx, issuerKey);
  const states = () => Array.from({ length: 300 }, (_, i) => state(`4a${(i + 4096).toString(16)}`));
  const groups = Map.groupBy(states(), (row) => `${row.evidenceId} ${row.confirmedAt}`);
  expect([...groups.keys()].sort()).toEqual([`${before} ${first}`, `${newest.evidenceId} ${world.clock.at}`].sort());
  resume();
  await slow;
  expect(new Set(states().map((row) => `${row.evidenceId} ${row.confirmedAt}`))).toEqual(
    new Set([`${newest.evidenceId} ${world.clock.at}`]),
  );
});

test('a quarantine that a person ends meanwhile is crossed again', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  const others = Array.from({ length: 30 }, (_, i) => entry(`77${(i + 16).toString(16)}`, { reason: 6 }));
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 }), ...others]));
  await sweep();
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, []));
  await sweep();
  expect(state('4a01').revocation).toBe('on_hold');
  const evidenceId = connection(world.db).prepare('select evidence_id from revocation_quarantine').pluck().get();
  const crossing = applyIssuer(ctx, issuerKey);
  world.clock.advance(MINUTE);
  revocation.decideQuarantine(world.person('verifier'), evidenceId as string, {
    decision: 'release',
    reason: 'penerbit membenarkan lewat surat',
  });
  await crossing;
  await sweep(false);
  expect(state('4a01').revocation).toBe('released');
});
