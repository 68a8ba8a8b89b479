// Alerts that follow from what lists say: about CA certificates, and of lists that may not be used.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { nothing } from '../x509/der-writer.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from '../revocation/index.ts';
import * as monitoring from './index.ts';

const CA = readCertificate(issuer.certificate).serial;
type Office = Awaited<ReturnType<typeof office>>;

let number = 100;
/** An hour later the root publishes these entries; the open alerts about its CA afterwards. */
async function published({ world, net, ctx, sweep }: Office, entries: ca.RevokedEntry[]) {
  world.clock.advance(HOUR);
  const times = { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + 180 * DAY };
  net.pages.set(urls.rootCrl, ca.makeCrl(root, { entries, number: ++number, ...times }));
  net.pages.set(urls.crl, list(world));
  await sweep();
  monitoring.review(ctx);
  return monitoring.list(ctx, { kind: 'authority_revoked' }).rows;
}
const held = entry(CA, { reason: 6 });
const shown = ({ world }: Office) =>
  certificates.authorities(world.person('administrator')).find(({ serial }) => serial === CA)!;

test('a CA on hold alerts as that, ends when it is released, and alerts anew at every later hold or revocation', async () => {
  const made = await office(['4a01']);
  expect(await published(made, [])).toEqual([]);
  const [first] = await published(made, [held]);
  expect(first).toMatchObject({ word: { word: 'Penerbit ditangguhkan' } });
  expect(first!.sentence).toContain('ditangguhkan induknya');
  expect(shown(made)).toMatchObject({ held: true });
  // Said once, however often the hold is published.
  expect(await published(made, [held])).toMatchObject([{ id: first!.id, renewedAt: first!.renewedAt }]);
  expect(await published(made, [])).toEqual([]);
  expect(shown(made)).toMatchObject({ held: false, revokedAt: null });
  const [second] = await published(made, [held]);
  expect(second!.id).not.toBe(first!.id);
  const [third] = await published(made, [entry(CA)]);
  expect(third!.id).toBe(second!.id);
  expect(third!.renewedAt).toBeGreaterThan(second!.renewedAt);
  expect(third).toMatchObject({ word: { word: 'Penerbit dicabut' } });
  expect(shown(made)).toMatchObject({ held: false });
  expect(await published(made, [entry(CA)])).toMatchObject([{ id: third!.id, renewedAt: third!.renewedAt }]);
});

test('a list that may not be used and names a certificate alerts at once, once for each, until somebody judged it', async () => {
  const made = await office(['4a01', '4a02']);
  const { world, ctx, net, sweep, idOf } = made;
  await sweep();
  const unknown = { extra: [{ oid: '1.2.3.4.5', critical: true, value: nothing() }] };
  const alerts = () => {
    monitoring.review(ctx);
    return monitoring.list(ctx, { kind: 'source_suspect' }).rows;
  };
  net.pages.set(urls.crl, list(world, [entry('4a01')], unknown));
  for (let hours = 0; hours < 3; hours++) {
    world.clock.advance(HOUR);
    await sweep();
    const rows = alerts();
    expect(rows).toMatchObject([{ certificateId: idOf('4a01'), urgency: 'immediate' }]);
    expect(rows[0]!.word.word).toMatch(/Mungkin dicabut/);
    expect(rows[0]!.sentence).toMatch(/Tahan pemakaiannya dan tanyakan ke penerbit/);
  }
  net.pages.set(urls.crl, list(world, [entry('4a01'), entry('4a02')], unknown));
  await sweep();
  expect(alerts()).toHaveLength(2);
  for (const { id } of revocation.signals(ctx))
    revocation.settleSignal(world.person('verifier'), id, 'Penerbit menjawab: tidak dicabut.', true);
  expect(alerts()).toEqual([]);
  world.clock.advance(HOUR);
  await sweep();
  expect(alerts()).toEqual([]);
});

test('a CA that vanishes from the list of its issuer, and a list that may not be used and names a CA, alert about that CA', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep, ctx } = made;
  const alertOf = (kind: 'early_removal' | 'source_suspect') => monitoring.list(ctx, { kind }).rows;
  await published(made, []);
  world.clock.advance(HOUR);
  const odd = { extra: [{ oid: '1.2.3.4', critical: true, value: nothing() }] };
  const times = { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + 180 * DAY };
  net.pages.set(urls.rootCrl, ca.makeCrl(root, { entries: [entry(CA)], number: ++number, ...times, ...odd }));
  await sweep();
  monitoring.review(ctx);
  expect(alertOf('source_suspect')).toMatchObject([
    { about: 'BSRE CA UJI G1', word: { word: 'Mungkin dicabut, perlu dicek manual' } },
  ]);
  expect(alertOf('source_suspect')[0]!.href).toMatch(/^\/sources\/signals\//);
  await published(made, [entry(CA)]);
  await published(made, []);
  expect(alertOf('early_removal')).toMatchObject([{ about: 'BSRE CA UJI G1' }]);
});
