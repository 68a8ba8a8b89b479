// Lists that verify and may not be used (RFC 5280 §5.2): whom they name, people are told to check by hand.
import { expect, test } from 'vitest';
import { entry, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

const unknown = { extra: [{ oid: '1.2.3.4', critical: true, value: Buffer.from([5, 0]) }] };
type Office = Awaited<ReturnType<typeof office>>;
const hints = ({ ctx }: Office) => revocation.signals(ctx).filter(({ kind }) => kind === 'hint');

test('an address that serves an unusable list with a certificate of ours leaves its status and raises one hint', async () => {
  const made = await office(['4a01', '4a02']);
  const { world, net, sweep, state, idOf, ctx } = made;
  await sweep();
  for (let hours = 0; hours < 3; hours++) {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a01'), entry('7777')], unknown));
    expect(await sweep()).toMatchObject({ refused: 1 });
  }
  expect(state('4a01').revocation).toBe('good');
  expect(hints(made)).toMatchObject([{ certificateId: idOf('4a01') }]);
  const hinted = (serial: string) => revocation.explain(ctx, idOf(serial)).hinted;
  expect([hinted('4a01'), hinted('4a02')]).toEqual([true, false]);
  expect(revocation.tasks(ctx).map(({ title }) => title)).toContain('Cek dengan tangan: mungkin dicabut');
  const shown = revocation.signal(world.person('verifier'), hints(made)[0]!.id);
  expect(shown.story.what).toMatch(/^Mungkin dicabut/);
  expect(shown.evidence.map(({ href }) => href)).toEqual([
    expect.stringMatching(/^\/sources\/refused\//),
    expect.stringMatching(/^\/evidence\//),
  ]);
  expect(shown.question).toContain(shown.evidence[0]!.sha256);
  // Judged by a person: the same words raise nothing again, a new reason does.
  revocation.settleSignal(world.person('verifier'), hints(made)[0]!.id, 'Penerbit menjawab: tidak dicabut.', true);
  world.clock.advance(HOUR);
  await sweep();
  expect(hints(made)).toEqual([]);
  expect(hinted('4a01')).toBe(false);
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 4 })], unknown));
  await sweep();
  expect(hints(made)).toHaveLength(1);
});

test('a file carried by hand says whom it names, also when an entry of somebody else has the extension', async () => {
  const made = await office(['4a01']);
  const { ctx, world, sweep, state } = made;
  await sweep();
  const bytes = list(world, [entry('4a01'), entry('7777', unknown)]);
  const carried = await revocation.addEvidence(ctx, { name: 'tangan.crl', bytes });
  expect(carried).toMatchObject({ accepted: false });
  expect(carried.text).toMatch(/mungkin dicabut.*4A:01/i);
  expect(state('4a01').revocation).toBe('good');
  expect(hints(made)).toHaveLength(1);
});

test('no hint comes from a forged list, nor about who is revoked already, nor from a list of attribute certificates', async () => {
  const made = await office(['4a01', '4a02']);
  const { ctx, world, net, sweep } = made;
  net.pages.set(urls.crl, list(world, [entry('4a02')]));
  await sweep();
  const add = (bytes: Buffer) => revocation.addEvidence(ctx, { name: 'x.crl', bytes });
  const forged = list(world, [entry('4a01')], unknown);
  forged[forged.length - 1]! ^= 1;
  await add(forged);
  await add(list(world, [entry('4a02')], unknown));
  await add(list(world, [entry('4a01')], { ...unknown, scope: { onlyAttribute: true } }));
  await add(list(world, [], unknown));
  expect(hints(made)).toEqual([]);
});

test('a delta whose base is not held revokes nobody, and is a hint about whom it names', async () => {
  const made = await office(['4a01', '4a02']);
  const { world, net, sweep, state, idOf } = made;
  await sweep();
  const number = lastNumber();
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a01')], { number: number + 20, deltaOf: number + 10 }));
  expect(await sweep()).toMatchObject({ refused: 1 });
  expect(state('4a01').revocation).toBe('good');
  expect(hints(made)).toMatchObject([{ certificateId: idOf('4a01') }]);
  const { story } = revocation.signal(world.person('verifier'), hints(made)[0]!.id);
  expect(story.what).toContain('bertanda tangan sah, tetapi tidak dapat dipakai');
  expect(story.why).toContain('delta');
  expect(story.clause).toContain('RFC 5280');
});

test.each([
  ['of another distribution point', { url: 'http://ca.test/lain.crl' }],
  ['of CA certificates only', { onlyCa: true }],
])('a sound list of the CA %s that names a certificate of ours changes nothing and is a hint', async (_, scope) => {
  const made = await office(['4a01', '4a02']);
  const { ctx, world, sweep, state, idOf } = made;
  await sweep();
  world.clock.advance(HOUR);
  const add = (entries: Parameters<typeof entry>[0][]) =>
    revocation.addEvidence(ctx, {
      name: 'lain.crl',
      bytes: list(
        world,
        entries.map((serial) => entry(serial)),
        { scope },
      ),
    });
  const carried = await add(['4a01', '7777']);
  expect(carried).toMatchObject({ accepted: true, changed: 0 });
  expect(carried.text).toMatch(/mungkin dicabut.*4A:01/i);
  expect(state('4a01').revocation).toBe('good');
  expect(hints(made)).toMatchObject([{ certificateId: idOf('4a01'), evidenceId: carried.evidenceIds[0] }]);
  const { story, evidence } = revocation.signal(world.person('verifier'), hints(made)[0]!.id);
  expect(story.what).toContain('cakupan');
  expect(evidence[0]!.href).toBe(`/evidence/${carried.evidenceIds[0]}`);
  // Every crossing walks it again, and the next one says the same.
  await sweep();
  world.clock.advance(HOUR);
  await add(['4a01', '7777']);
  expect(hints(made)).toHaveLength(1);
});

test('who is named inside a scope too is revoked, and no hint is given', async () => {
  const made = await office(['4a01']);
  const { ctx, world, sweep, state } = made;
  await sweep();
  world.clock.advance(HOUR);
  for (const scope of [{}, { onlyCa: true }]) {
    const extra = Object.keys(scope).length ? { scope } : {};
    await revocation.addEvidence(ctx, { name: 'a.crl', bytes: list(world, [entry('4a01')], extra) });
  }
  expect(state('4a01').revocation).toBe('revoked');
  expect(hints(made)).toEqual([]);
});
