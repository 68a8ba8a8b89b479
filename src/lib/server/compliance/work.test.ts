import { expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { HOUR } from '../calendar.ts';
import { dueCounts, dueGroup, dueToday, work } from './work.ts';

test.each([
  [NOW - 1, 'late'],
  [NOW + HOUR, 'today'],
  [Date.parse('2026-11-22T16:59:59.999Z'), 'today'],
  [Date.parse('2026-11-22T17:00:00Z'), 'week'],
  [Date.parse('2026-11-29T16:59:59.999Z'), 'week'],
  [Date.parse('2026-11-29T17:00:00Z'), 'later'],
  [null, 'none'],
] as const)('a task due at %s is "%s" on 22 November 2026, 14.05 WIB', (dueAt, group) => {
  expect(dueGroup(dueAt, NOW)).toBe(group);
});

test('work comes soonest first, without deadline last, and only what the person may do', () => {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const tasks = work(world.person('supervisor'));
  const deadlines = tasks.map((task) => task.dueAt ?? Infinity);
  expect(deadlines).toEqual([...deadlines].sort((a, b) => a - b));
  expect(tasks.map((task) => task.title)).toContain('Isi alamat Kepala BSSN');
  expect(work(world.person('leader')).map((task) => task.act)).not.toContain('contacts.edit');
  expect(new Set(tasks.map((task) => task.key)).size).toBe(tasks.length);
});

test('a task disappears when its cause does', () => {
  const world = makeWorld();
  const handler = world.person('handler');
  const titles = () => work(handler).map((task) => task.title);
  expect(titles()).toContain('Isi alamat Kepala BSrE');
  const address = {
    addressee: 'Kepala BSrE',
    address: 'di Jakarta',
    email: 'info@contoh.go.id',
    phone: '',
    outOfHours: '',
  };
  agencies.contacts.set(handler, 'bsre', address);
  expect(titles()).not.toContain('Isi alamat Kepala BSrE');
  expect(titles()).toContain('Periksa kebenaran alamat Kepala BSrE');
  expect(dueToday(work(handler), NOW).map((task) => task.title)).toContain('Periksa kebenaran alamat Kepala BSrE');
});

test('what is late and what is due today are counted apart, and together make the number at the bell', () => {
  const task = (dueAt: number | null) =>
    ({ key: 'k', kind: 'system', title: '', about: '', dueAt, href: '/', button: '', act: 'system.view' }) as never;
  const tasks = [task(NOW - 1), task(NOW - HOUR), task(NOW + HOUR), task(NOW + 90 * HOUR), task(null)];
  expect(dueCounts(tasks, NOW)).toEqual({ late: 2, today: 1 });
  expect(dueToday(tasks, NOW)).toHaveLength(3);
});
