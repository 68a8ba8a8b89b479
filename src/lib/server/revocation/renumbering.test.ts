// A CA that begins to number its lists anew can be followed, by a person's decision, and nothing that was proved is lost by it
// (certificate-status §2 no. 5).
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as monitoring from '../monitoring/index.ts';
import { can } from '../permission.ts';
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

test('that a person kept it refused takes the decision from nobody: when the issuer confirms it, it is accepted', async () => {
  const { open, next, world, person, ctx, states } = await restored();
  const [{ id }] = open() as [ReturnType<typeof open>[0]];
  revocation.settleSignal(world.person('verifier'), id, 'Belum dijawab penerbit');
  await next(6, [entry('4a03')]);
  expect(open()).toEqual([]);
  const settled = revocation.signal(person, id);
  expect(settled).toMatchObject({
    settledWhy: 'Belum dijawab penerbit',
    renumbering: { number: '6', undecided: true },
  });
  expect(revocation.source(person, settled.sourceId!).renumbered).toMatchObject({ id });
  revocation.acceptRenumbering(person, id, { reason: WHY, shown: settled.renumbering!.shown });
  expect(revocation.signal(person, id).renumbering!.undecided).toBe(false);
  await next(7, [entry('4a03')]);
  expect(states()).toEqual(['revoked', 'on_hold', 'revoked', 'good']);
  expect(revocation.source(person, settled.sourceId!).renumbered).toBeNull();
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('two lists of one number and a numbering that begins anew are told side by side; neither ends the other', async () => {
  for (const clashFirst of [true, false]) {
    const { open, next, person, world, net, sweep } = await restored();
    const at = (hours: number) => ({ thisUpdate: world.clock.at - hours * HOUR });
    await next(901, [entry('4a01'), hold]);
    await next(902, [entry('4a01'), hold]);
    const clash = async () => {
      net.pages.set(urls.crl, list(world, [], { number: 902, ...at(9) }));
      await sweep();
    };
    if (clashFirst) await clash();
    await next(6, []);
    if (!clashFirst) await clash();
    const about = () => open().map(({ id }) => revocation.signal(person, id).story.what);
    expect(about().sort()).toEqual([
      expect.stringContaining('Dua CRL bernomor sama'),
      expect.stringContaining('lebih rendah'),
    ]);
    const twin = open().find(({ detail }) => !detail.includes('renumbered'))!;
    expect(revocation.signal(person, twin.id).evidence).toHaveLength(2);
    await next(903, [entry('4a01'), hold]);
    expect(open().map(({ id }) => id)).toEqual([twin.id]);
    revocation.settleSignal(world.person('verifier'), twin.id, 'Dijawab penerbit');
    await next(6, []);
    expect(open()).toHaveLength(1);
    expect(revocation.signal(person, twin.id).settledWhy).toBe('Dijawab penerbit');
  }
});

test('another list with the number that was left is a clash also after the numbering began anew', async () => {
  const { accept, next, open, states } = await restored([]);
  accept();
  expect(await next(900, [])).toMatchObject({ refused: 0 });
  expect(open().map(({ evidenceId }) => evidenceId)).toHaveLength(1);
  expect(states()).toEqual(['revoked', 'on_hold', 'good', 'good']);
});

test('a CA that falls back further after the decision is asked about again; an old list is not', async () => {
  const { accept, next, open, states, world, net, sweep } = await restored();
  accept();
  const old = list(world, [], { number: 2, thisUpdate: world.clock.at - HOUR / 2 - HOUR / 2 });
  net.pages.set(urls.crl, old);
  await sweep();
  expect(open()).toEqual([]);
  await next(3, [entry('4a03')]);
  expect(open()).toHaveLength(1);
  accept();
  expect(await next(4, [entry('4a03')])).toMatchObject({ refused: 0 });
  expect(states()[2]).toBe('revoked');
});

test('a delta that begins anew takes away only whom it names for that', async () => {
  const { next, open, person, world, accept, states, ctx } = await restored();
  await next(901, [entry('4a01'), hold]);
  const carry = (number: number, entries: Parameters<typeof list>[1]) => {
    world.clock.advance(HOUR);
    const bytes = list(world, entries, { number, deltaOf: 901 });
    return revocation.addEvidence(world.person('verifier'), { name: 'delta.crl', bytes });
  };
  expect(await carry(910, [entry('4a04', { reason: 6 })])).toMatchObject({ accepted: true });
  expect(await carry(905, [entry('4a02', { reason: 8 }), entry('4a03')])).toMatchObject({ accepted: false });
  expect(open()).toHaveLength(1);
  const { renumbering, story, issuerName } = revocation.signal(person, open()[0]!.id);
  expect(renumbering).toMatchObject({
    isDelta: true,
    revoked: { count: 0 },
    held: { count: 1, names: [{ serial: '4a02' }] },
    come: { count: 1, names: [{ serial: '4a03' }] },
    entries: { before: null, after: 2 },
  });
  expect(story.what).toContain('CRL delta bernomor');
  expect(issuerName).not.toBeNull();
  monitoring.review(ctx);
  expect(
    monitoring.list(person, { kind: 'source_suspect' }).rows.some(({ signalId }) => signalId === open()[0]!.id),
  ).toBe(true);
  accept();
  expect(states()).toEqual(['revoked', 'on_hold', 'good', 'on_hold']);
});

test('who is named already is not said to come, also when the certificate has ended since', async () => {
  const { open, next, person, world } = await restored();
  connection(world.db)
    .prepare("update certificate set not_after = ? where serial = '4a01'")
    .run(world.clock.at - HOUR);
  await next(6, [entry('4a01'), hold, entry('4a03')]);
  expect(revocation.signal(person, open()[0]!.id).renumbering).toMatchObject({
    revoked: { count: 0 },
    held: { count: 0 },
    come: { count: 1, names: [{ serial: '4a03' }] },
  });
});

test('only whoever may decide is asked to', async () => {
  const { world, person } = await restored();
  const asked = (ctx: typeof person) =>
    revocation.tasks(ctx).filter(({ title, act }) => title === 'Putuskan: nomor CRL mundur' && can(ctx.actor, act!));
  expect(
    [asked(person), asked(world.person('administrator')), asked(world.person('verifier'))].map((rows) => rows.length),
  ).toEqual([1, 1, 0]);
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
