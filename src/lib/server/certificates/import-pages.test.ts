import { expect, test } from 'vitest';
import { makeWorld, type World } from '#tests/support/world.ts';
import { insertEntries, insertRun, type NewEntry } from './import-store.ts';
import * as certificates from './index.ts';

function ledgerOf(world: World, size: number): string {
  const { db } = world;
  const id = insertRun(db, {
    ...{ number: 'IMP-2026-0001', kind: 'certificate_sheet', name: 'daftar.csv', state: 'done' },
    ...{ total: size, done: size, requestedBy: 'system:cli', requestedAt: world.clock.at, finishedAt: world.clock.at },
  });
  const entry = (seq: number): NewEntry => ({
    ...{ seq, name: `Baris ${seq}`, outcome: seq % 3 ? 'added' : 'rejected', reason: null, sha256: null },
    ...{ certificatesNew: 0, certificatesKnown: 0, certificateId: null },
  });
  insertEntries(
    db,
    id,
    Array.from({ length: size }, (_, i) => entry(i + 1)),
    world.clock.at,
  );
  return id;
}

test.each([0, 1, 1000, 2000, 2001])('a ledger of %i rows leaves whole, in order, in pages', (size) => {
  const world = makeWorld();
  const id = ledgerOf(world, size);
  const { count, pages } = certificates.importPages(world.person('auditor'), id);
  const all = [...pages];
  expect(count).toBe(size);
  expect(all.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: size }, (_, i) => i + 1));
  expect(Math.max(0, ...all.map((page) => page.length))).toBeLessThanOrEqual(1000);
  const refused = certificates.importPages(world.person('auditor'), id, 'rejected');
  expect([refused.count, [...refused.pages].flat().length]).toEqual([Math.floor(size / 3), Math.floor(size / 3)]);
});

test('who may not see imports is refused before the first row, and what is not there is said to be missing', () => {
  const world = makeWorld();
  const id = ledgerOf(world, 1);
  const officer = world.person('officer');
  expect(() => certificates.importPages(officer, id)).toThrow('hak');
  expect(() => certificates.previewPages(officer, id)).toThrow('hak');
  expect(() => certificates.importPages(world.ctx(), 'x')).toThrow('tidak ada');
  expect(() => certificates.previewPages(world.ctx(), 'x')).toThrow('tidak ada');
});
