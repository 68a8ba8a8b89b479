import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as certificates from './index.ts';

function office() {
  const world = makeWorld();
  const ctx = world.ctx();
  const add = world.db.$client.prepare(
    `insert into certificate (id, serial, issuer, subject, common_name, use, revocation, source, added_at, updated_at)
      values (:id, :id, '', '', '', 'signature', :revocation, 'sheet', 1, 1)`,
  );
  const state = world.db.$client.prepare('select revocation from certificate order by id').pluck();
  const events = world.db.$client.prepare('select "from", "to" from status_event order by rowid').raw();
  return { ctx, add, states: () => state.all(), events: () => events.all() };
}

const said = (id: string, revocation: 'good' | 'revoked' | 'unknown') => ({
  id,
  revocation,
  source: 'crl' as const,
  evidenceId: 'list',
  order: 1,
  thisUpdate: 1,
  nextUpdate: 2,
  confirmedAt: 1,
  freshUntil: 2,
});

test('changes that are alike are written together, each with its event; who keeps its belief has none', () => {
  const { ctx, add, states, events } = office();
  for (const id of ['a', 'b', 'c']) add.run({ id, revocation: id === 'c' ? 'good' : 'undetermined' });
  certificates.recordStatuses(ctx, [said('a', 'good'), said('b', 'unknown'), said('c', 'good')]);
  expect(states()).toEqual(['good', 'unknown', 'good']);
  expect(events()).toEqual([
    ['undetermined', 'good'],
    ['undetermined', 'unknown'],
  ]);
});

test('a list that says two things of one certificate does not take it out of revoked', () => {
  const { ctx, add, states } = office();
  add.run({ id: 'a', revocation: 'good' });
  const twice = () => certificates.recordStatuses(ctx, [said('a', 'revoked'), said('a', 'good')]);
  expect(twice).toThrow('tidak dapat diubah lagi');
  expect(states()).toEqual(['revoked']);
});

test('who is revoked stays so, alone or among others', () => {
  const { ctx, add, states } = office();
  add.run({ id: 'a', revocation: 'revoked' });
  add.run({ id: 'b', revocation: 'undetermined' });
  expect(() => certificates.recordStatuses(ctx, [said('b', 'good'), said('a', 'good')])).toThrow();
  expect(states()[0]).toBe('revoked');
});
