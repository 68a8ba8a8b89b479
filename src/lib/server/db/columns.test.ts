import { expect, test } from 'vitest';
import { makeWorld } from '../../../../tests/support/world.ts';

test('a word that is no word of its column is refused, whoever writes it', () => {
  const add = makeWorld().db.$client.prepare(
    "insert into agency (id, code, kind, level, valid_from) values (?, ?, ?, 'agency', '2026-01-01')",
  );
  expect(() => add.run('a', 'A', 'DINAS_DAERAH')).not.toThrow();
  expect(() => add.run('b', 'B', 'DINAS')).toThrow(/CHECK constraint failed: agency_kind_known/);
});

test('an end before its beginning is refused, an open end is not', () => {
  const add = makeWorld().db.$client.prepare(
    "insert into agency (id, code, kind, level, valid_from, valid_to) values (?, ?, 'RSUD', 'agency', '2026-01-02', ?)",
  );
  expect(() => add.run('c', 'C', '2026-01-01')).toThrow(/CHECK constraint failed: agency_valid_to_order/);
  expect(() => add.run('d', 'D', '2026-01-02')).not.toThrow();
  expect(() => add.run('e', 'E', null)).not.toThrow();
});
