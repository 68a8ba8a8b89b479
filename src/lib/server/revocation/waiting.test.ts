// Evidence that came while our clock is doubted changes nothing, and nobody is told meanwhile that all is well.
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import * as revocation from './index.ts';

const OTHER = 'http://lain.test/root.crl';

/** Two hosts agree that our clock is ten minutes ahead; then a list comes that names the first and releases the third. */
async function doubted() {
  const made = await office(['4a01', '4a02', '4a03'], { extensions: { crlUrls: [urls.crl, OTHER] } });
  const { world, net, sweep, ctx } = made;
  const publish = (bytes: Buffer) => [urls.crl, OTHER].forEach((url) => net.pages.set(url, bytes));
  publish(list(world, [entry('4a03', { reason: 6 })]));
  await sweep();
  for (const host of ['ca.test', 'lain.test']) net.skew.set(host, -10 * MINUTE);
  world.clock.advance(HOUR);
  await sweep();
  world.clock.advance(HOUR);
  publish(list(world, [entry('4a01')], { thisUpdate: world.clock.at - 30 * MINUTE }));
  await sweep();
  expect(revocation.clock(ctx).state).toBe('frozen');
  return made;
}

test('the certificate says that kept evidence revokes it, and what to do; others say nothing of it', async () => {
  const made = await doubted();
  const { world, ctx, net, sweep, state, idOf } = made;
  expect(state('4a01').revocation).toBe('good');
  const { waiting } = revocation.explain(ctx, idOf('4a01'));
  expect(waiting).toMatchObject({ status: 'revoked' });
  expect(waiting!.text).toMatch(/menunggu jam server: menurut CRL .* nomor \d+, .* dicabut sejak .*keyCompromise/);
  expect(waiting!.todo).toContain('Jangan dipakai');
  expect(revocation.explain(ctx, idOf('4a02')).waiting).toBeNull();
  expect(revocation.explain(ctx, idOf('4a03')).waiting).toMatchObject({ status: 'released', todo: null });
  // Asking anew says it too.
  const asked = await revocation.checkNow(ctx, idOf('4a01'), { outbound: net.outbound });
  expect(asked.outcome).toBe('frozen');
  expect(asked.text).toContain('sertifikat ini dicabut');
  // Put right, it is a revocation and nothing waits.
  world.clock.advance(5 * MINUTE);
  net.skew.clear();
  await sweep();
  await sweep();
  expect(state('4a01').revocation).toBe('revoked');
  expect(revocation.explain(ctx, idOf('4a01')).waiting).toBeNull();
});

test('what will be taken out of use is known for all at once, as far as somebody sees, and over with the freeze', async () => {
  const made = await doubted();
  const { world, ctx, net, sweep, idOf } = made;
  const told = revocation.waitingRevocations(ctx);
  expect(told.certificates).toEqual([
    {
      id: idOf('4a01'),
      agencyId: null,
      status: 'revoked',
      evidenceId: revocation.explain(ctx, idOf('4a01')).waiting!.evidenceId,
    },
  ]);
  expect(told.text).toMatch(/^1 sertifikat disebut dicabut .*menunggu jam server.*jangan dipakai\.$/);
  const officer = world.person('officer');
  expect(revocation.waitingRevocations(officer)).toMatchObject({ certificates: [], text: null });
  // A longer list comes, and a certificate that it names: known at once.
  world.clock.advance(HOUR);
  const more = [entry('4a01'), entry('4a02', { reason: 6 }), entry('4a04')];
  const bytes = list(world, more, { thisUpdate: world.clock.at - 30 * MINUTE });
  for (const url of [urls.crl, OTHER]) net.pages.set(url, bytes);
  await sweep();
  const states = () =>
    revocation
      .waitingRevocations(ctx)
      .certificates.map(({ id, status }) => `${status} ${id}`)
      .sort();
  expect(states()).toEqual([`on_hold ${idOf('4a02')}`, `revoked ${idOf('4a01')}`].sort());
  await made.add('4a04');
  expect(states()).toContain(`revoked ${idOf('4a04')}`);
  // Put right.
  world.clock.advance(5 * MINUTE);
  net.skew.clear();
  await sweep();
  await sweep();
  expect(revocation.waitingRevocations(ctx)).toEqual({ certificates: [], unread: [], text: null });
});

test('what waits is not called the list in force, neither by its source nor by its own page', async () => {
  const { ctx, idOf } = await doubted();
  const { evidenceId } = revocation.explain(ctx, idOf('4a01')).waiting!;
  expect(revocation.evidence(ctx, evidenceId).waiting).toBe(true);
  const source = revocation.sources(ctx).find(({ url }) => url === urls.crl)!;
  const shown = revocation.source(ctx, source.id).evidence;
  expect(shown.map(({ id, waiting }) => [id === evidenceId, waiting])).toEqual(
    shown.map(({ id }) => [id === evidenceId, id === evidenceId]),
  );
  expect(shown.length).toBeGreaterThan(1);
});

test('what is not proved until now is said as of its evidence: in doubt of our clock, and when evidence grew old', async () => {
  const { ctx, idOf, state } = await doubted();
  const proved = (serial: string) => revocation.explain(ctx, idOf(serial)).provedUntil;
  expect(proved('4a02')).toBe(state('4a02').confirmedAt);
  const { world, ctx: other, ids, sweep } = await office(['4a02']);
  expect(revocation.explain(other, ids[0]!).provedUntil).toBeNull();
  await sweep();
  expect(revocation.explain(other, ids[0]!).provedUntil).toBeNull();
  const at = world.clock.at;
  world.clock.advance(72 * HOUR);
  expect(revocation.explain(other, ids[0]!).provedUntil).toBe(at);
});
