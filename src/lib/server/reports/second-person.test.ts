import { expect, test } from 'vitest';
import { buildCity } from '#tests/support/report-city.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as reports from './index.ts';
import * as store from './store.ts';

test('whoever edited the text does not approve it, also when somebody else edited it afterwards', async () => {
  const world = makeWorld();
  buildCity(world, 40);
  const maker = world.person('supervisor');
  const editor = world.person(['supervisor', 'head']);
  const { id } = await reports.make(maker, 'inventory', { period: '2026' });
  for (const [who, summary] of [
    [editor, 'Ada {F-01} sertifikat.'],
    [maker, 'Ada {F-01} sertifikat yang tercatat.'],
  ] as const) {
    reports.edit(who, id, { narrative: { summary }, letterNumber: '' });
    await reports.buildRequested(world.ctx());
  }
  const { contentHash } = store.reportById(world.db, id)!;
  expect(reports.get(editor, id).barred).toMatch(/orang lain/);
  expect(() => reports.approve(editor, id, contentHash!, true)).toThrow(/orang kedua/);
  const head = world.person('head');
  expect(reports.get(head, id).barred).toBeNull();
  reports.approve(head, id, contentHash!, true);
});
