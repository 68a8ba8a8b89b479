import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const busy = (ms: number) => () => {
  for (const until = performance.now() + ms; performance.now() < until;);
};

test('a transaction that took long takes fewer rows next time, a short one more, within bounds', () => {
  const pace = new Pace();
  const first = pace.rows;
  pace.take(busy(100));
  expect(pace.rows).toBe(first / 2);
  for (let i = 0; i < 8; i++) pace.take(busy(85));
  expect(pace.rows).toBe(50);
  for (let i = 0; i < 8; i++) pace.take(() => {});
  expect(pace.rows).toBe(1000);
});

test('rows that fail count as taken, and the error goes on', () => {
  expect(() =>
    new Pace().take(() => {
      throw new Error('full');
    }),
  ).toThrow('full');
});

test('others have time for two looks after each 80 ms of work, however it is parted', async () => {
  const pace = new Pace();
  const rest = async () => {
    const began = performance.now();
    await pace.rest();
    return performance.now() - began;
  };
  pace.take(busy(90));
  expect(await rest()).toBeGreaterThanOrEqual(4);
  pace.take(() => {});
  await pace.rest();
  pace.take(busy(45));
  pace.take(busy(45));
  expect(await rest()).toBeGreaterThanOrEqual(4);
});
