// A host is never asked by more than two at once, whoever asks (certificate-status §6).
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { outbound, type Outbound } from '../outbound/index.ts';
import { inTurn, perHost } from './per-host.ts';

/** Work that takes a while, with how many were at a host at once. */
function watched() {
  const now = new Map<string, number>();
  const most = new Map<string, number>();
  const done: string[] = [];
  const work = async (item: string) => {
    const host = item.split('/')[0]!;
    now.set(host, (now.get(host) ?? 0) + 1);
    most.set(host, Math.max(most.get(host) ?? 0, now.get(host)!));
    await setTimeout(2);
    now.set(host, now.get(host)! - 1);
    done.push(item);
  };
  return { most, done, work, run: (items: string[]) => perHost(items, (item) => item.split('/')[0]!, work) };
}
const items = (host: string, mark: string) => [1, 2, 3, 4, 5].map((n) => `${host}/${mark}${n}`);

test('two sweeps and a check that go on at once ask a host by two together, and everything is asked', async () => {
  const { most, done, run } = watched();
  await Promise.all([run([...items('a', 'x'), ...items('b', 'x')]), run(items('a', 'y')), run(items('a', 'z'))]);
  expect([most.get('a'), most.get('b')]).toEqual([2, 2]);
  expect(done.toSorted()).toEqual(
    [...items('a', 'x'), ...items('a', 'y'), ...items('a', 'z'), ...items('b', 'x')].sort(),
  );
});

test('whoever asks outside of a sweep waits for the host too, and is asked when it is free', async () => {
  const { most, done, run, work } = watched();
  const single = inTurn({
    ...outbound,
    fetchBounded: (async (url: string) => work(url.slice('http://'.length))) as unknown as Outbound['fetchBounded'],
  });
  const checks = ['1', '2', '3'].map((n) => single.fetchBounded(`http://a/w${n}`));
  await Promise.all([run(items('a', 'x')), run(items('a', 'y')), ...checks]);
  expect([most.get('a'), done.length]).toEqual([2, 13]);
});

test('work that fails lets its host go', async () => {
  const { run, done } = watched();
  const failing = perHost(
    ['c/1', 'c/2', 'c/3'],
    () => 'c',
    () => Promise.reject(new Error('putus')),
  );
  await expect(failing).rejects.toThrow('putus');
  await run(items('c', 'x'));
  expect(done).toHaveLength(5);
});

test('a long sweep at one host lets a person’s check and another lane in between', async () => {
  let done = 0;
  const after: number[] = [];
  const step = async () => {
    await setTimeout(2);
    done += 1;
  };
  const sweep = perHost([...items('d', 'x'), ...Array.from({ length: 60 }, () => 'd/y')], () => 'd', step);
  const told = () => Promise.resolve(void after.push(done)) as never;
  const check = inTurn({ ...outbound, fetchBounded: told }).fetchBounded('http://d/z');
  await Promise.all([sweep, check, perHost(['d/u'], () => 'd', told)]);
  expect(after).toHaveLength(2);
  for (const count of after) expect(count).toBeLessThan(15);
});

test('a work that goes on to another host counts there, and no more where it began; no two wait for each other', async () => {
  const { most, done, work } = watched();
  const fetch = {
    ...outbound,
    fetchBounded: (async (url: string) => work(url.slice(7))) as unknown as Outbound['fetchBounded'],
  };
  const both = (first: string, second: string) => (item: string, counted: (outbound: Outbound) => Outbound) =>
    counted(fetch)
      .fetchBounded(`http://${first}/${item}`)
      .then(() => counted(fetch).fetchBounded(`http://${second}/${item}`))
      .then(() => undefined);
  const names = Array.from({ length: 12 }, (_, i) => String(i));
  await Promise.all([
    perHost(names, () => 'e', both('e', 'f')),
    perHost(names, () => 'f', both('f', 'e')),
    perHost(names, () => 'g', both('g', 'e')),
  ]);
  expect([most.get('e'), most.get('f'), most.get('g'), done.length]).toEqual([2, 2, 2, 72]);
});
