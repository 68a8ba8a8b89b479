// A CA that begins to number its lists anew can be followed, by a person's decision, and nothing that was proved is lost by it
// (certificate-status §2 no. 5).
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import * as monitoring from '../monitoring/index.ts';
import * as revocation from './index.ts';

const WHY = 'Dijawab BSrE: dipulihkan dari cadangan';
const hold = entry('4a02', { reason: 6 });

/** The line stands at 900: one is revoked, one on hold; then numbers begin at 5. */
async function restored(entries = [entry('4a03')]) {
  const made = await office(['4a01', '4a02', '4a03', '4a04']);
  const { world, ctx, net, sweep, state } = made;
  const next = async (number: number | null, named: typeof entries, extra: Parameters<typeof list>[2] = {}) => {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, named, { number, ...extra }));
    return sweep();
  };
  await next(900, [entry('4a01'), hold]);
  const refused = await next(5, entries);
  const open = () => revocation.signals(ctx).filter(({ kind }) => kind === 'same_number');
  const person = world.person('supervisor');
  const accept = () => {
    const [signal] = open();
    const { renumbering } = revocation.signal(person, signal!.id);
    revocation.acceptRenumbering(person, signal!.id, { reason: WHY, shown: renumbering!.shown });
  };
  const states = () => ['4a01', '4a02', '4a03', '4a04'].map((serial) => state(serial).revocation);
  return { ...made, next, refused, open, person, accept, states };
}

test('a newer list with a lower number is refused, told once with what it would change, and changes nothing', async () => {
  const { refused, open, next, states, person, ctx } = await restored();
  expect(refused).toMatchObject({ refused: 1, changed: 0 });
  expect(states()).toEqual(['revoked', 'on_hold', 'good', 'good']);
  await next(6, [entry('4a03')]);
  expect(open()).toHaveLength(1);
  const { renumbering, story, question, evidence } = revocation.signal(person, open()[0]!.id);
  expect(renumbering).toMatchObject({
    revoked: { count: 1, names: [{ serial: '4a01' }] },
    held: { count: 1, names: [{ serial: '4a02' }] },
    come: { count: 1, names: [{ serial: '4a03' }] },
    entries: { before: 2, after: 1 },
  });
  expect(story.what).toMatch(/bernomor 6,.* bernomor 900,/);
  expect(question).toContain('penomoran CRL memang dimulai lagi');
  expect(question).toMatch(/berpegang pada CRL yang terakhir kami terima\.$/);
  expect(evidence.map(({ role }) => role).sort()).toEqual(['Yang dipegang', 'Yang menimbulkan']);
  expect(revocation.tasks(person).map(({ title }) => title)).toContain('Putuskan: nomor CRL mundur');
  const hint = revocation.signals(ctx).find(({ kind }) => kind === 'hint')!;
  expect(revocation.signal(person, hint.id).story.what).toContain('bernomor lebih rendah');
  monitoring.review(ctx);
  const [alert] = monitoring
    .list(person, { kind: 'source_suspect' })
    .rows.filter(({ signalId }) => signalId === open()[0]!.id);
  expect(alert!.sentence).toContain('nomor yang lebih rendah');
});

test('accepted by a person, the new numbering is followed: it revokes, un-revokes nobody, releases nobody by itself', async () => {
  const { accept, next, states, open, ctx, state } = await restored();
  accept();
  expect(states()).toEqual(['revoked', 'on_hold', 'good', 'good']);
  expect(await next(7, [entry('4a03')])).toMatchObject({ refused: 0 });
  expect(states()).toEqual(['revoked', 'on_hold', 'revoked', 'good']);
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toEqual(['early_removal']);
  // The next list of the new numbering is a list as any other.
  await next(8, [entry('4a03')]);
  expect(state('4a02').revocation).toBe('released');
  expect(await next(7, [])).toMatchObject({ refused: 1 });
  expect(open()).toHaveLength(1);
  expect(states()).toEqual(['revoked', 'released', 'revoked', 'good']);
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('the decision stands in the trail with a sentence, asks the address at once, and is not made twice', async () => {
  const { accept, open, person, ctx, net, state } = await restored();
  const [{ id }] = open() as [ReturnType<typeof open>[0]];
  const { renumbering } = revocation.signal(person, id);
  accept();
  const rows = audit.list(person, { limit: 20 }, (key) => key);
  const entryOf = rows.find(({ action }) => action === 'source.renumbered');
  expect(entryOf!.sentence).toMatch(/menerima penomoran CRL .* mulai lagi dari 5 \(sebelumnya 900\)/);
  expect(entryOf!.reason).toBe(WHY);
  expect(() => revocation.acceptRenumbering(person, id, { reason: WHY, shown: renumbering!.shown })).toThrow(
    'sudah diputuskan',
  );
  await revocation.runRequests(ctx, { outbound: net.outbound });
  expect(state('4a03').revocation).toBe('revoked');
});

test('only whoever answers for it decides, with a reason, about the list that was shown', async () => {
  const { open, world, next, person, ctx } = await restored();
  const { id } = open()[0]!;
  const { shown } = revocation.signal(person, id).renumbering!;
  for (const role of ['verifier', 'handler', 'auditor', 'officer', 'leader'] as const)
    expect(() => revocation.acceptRenumbering(world.person(role), id, { reason: WHY, shown })).toThrow('hak');
  expect(() => revocation.acceptRenumbering(ctx, id, { reason: WHY, shown })).toThrow('hak');
  expect(() => revocation.acceptRenumbering(person, id, { reason: 'ya', shown })).toThrow('sepuluh huruf');
  expect(() => revocation.acceptRenumbering(person, 'x', { reason: WHY, shown })).toThrow('tidak ada');
  await next(6, []);
  expect(() => revocation.acceptRenumbering(person, id, { reason: WHY, shown })).toThrow('Tinjau lagi');
});

test('what the person was shown is the floor: below it nothing is taken, and an older list never', async () => {
  const { accept, next, states } = await restored();
  accept();
  expect(await next(4, [])).toMatchObject({ refused: 1 });
  const before = { thisUpdate: Date.UTC(2025, 0, 1), nextUpdate: Date.UTC(2035, 0, 1) };
  expect(await next(50, [], before)).toMatchObject({ refused: 1 });
  expect(states()).toEqual(['revoked', 'on_hold', 'good', 'good']);
});

test('a CA that goes on with its old numbers ends the question; a decision that was made then is void', async () => {
  const made = await restored();
  await made.next(901, [entry('4a01'), hold]);
  expect(made.open()).toEqual([]);
  await made.next(5, [entry('4a01'), hold]);
  made.accept();
  await made.next(902, [entry('4a01'), hold]);
  expect(await made.next(6, [])).toMatchObject({ refused: 1 });
  expect(made.open()).toHaveLength(1);
});

test('a person who judged that the numbering does not begin anew is not asked again about the same head', async () => {
  const { open, next, world } = await restored();
  revocation.settleSignal(world.person('verifier'), open()[0]!.id, 'Server cadangan penerbit, sedang dibetulkan');
  await next(6, []);
  expect(open()).toEqual([]);
});

test('a numbering may begin anew again, and deltas are numbered with it', async () => {
  const { accept, next, states, world, net, sweep } = await restored();
  accept();
  await next(7, [entry('4a03')]);
  await next(3, [entry('4a03')]);
  accept();
  await next(3, [entry('4a03')]);
  const delta = async (number: number) => {
    world.clock.advance(HOUR);
    const bytes = list(world, [entry('4a04')], { number, deltaOf: 3 });
    await revocation.addEvidence(world.person('verifier'), { name: 'delta.crl', bytes });
    net.pages.delete(urls.crl);
    await sweep();
  };
  await delta(4);
  await delta(5);
  expect(states()).toEqual(['revoked', 'on_hold', 'revoked', 'revoked']);
});
