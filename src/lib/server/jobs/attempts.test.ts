import { describe, expect, test } from 'vitest';
import { makeWorld, type World } from '#tests/support/world.ts';
import { attempt, type Context } from '../context.ts';
import { attempts, forgive } from './attempts.ts';

const job = (world: World): Context => ({ ...world.ctx(), attempt: attempts(world.ctx()) });
const count = (world: World) => world.db.$client.prepare('select count(*) from job_attempt').pluck().get();
/** What a killed process leaves behind. */
const died = (world: World, row: string, begun: number, place = 0) =>
  world.db.$client
    .prepare('insert or replace into job_attempt (row, place, begun, at) values (?, ?, ?, ?)')
    .run(row, place, begun, world.clock.at);
const tried = (world: World, row: string, place = 0) =>
  attempt(job(world))(
    { row, place },
    async () => 'done',
    () => 'given up',
  );

describe('an attempt', () => {
  test('stands while it is under way, and is forgotten when it ends, well or with an error', async () => {
    const world = makeWorld();
    const seen = await attempt(job(world))(
      { row: 'a' },
      async () => count(world),
      () => null,
    );
    expect(seen).toBe(1);
    const failing = attempt(job(world))(
      { row: 'a' },
      () => Promise.reject(new Error('no')),
      () => null,
    );
    await expect(failing).rejects.toThrow('no');
    expect(count(world)).toBe(0);
  });

  test('after three deaths the row is given up, once; a row of the same name afterwards begins anew', async () => {
    const world = makeWorld();
    died(world, 'a', 2);
    expect(await tried(world, 'a')).toBe('done');
    died(world, 'a', 3);
    expect(await tried(world, 'a')).toBe('given up');
    expect(await tried(world, 'a')).toBe('done');
  });

  test('a death further on is another one: what moves is not given up', async () => {
    const world = makeWorld();
    died(world, 'a', 3, 500);
    expect(await tried(world, 'a', 501)).toBe('done');
    died(world, 'a', 3, 501);
    expect(await tried(world, 'a', 501)).toBe('given up');
  });

  test('last attempts take turns, so that one row does not end another that was merely beside it', async () => {
    const world = makeWorld();
    const ctx = job(world);
    died(world, 'a', 2);
    died(world, 'b', 2);
    let release = () => {};
    const hanging = new Promise<void>((done) => (release = done));
    const begun: string[] = [];
    const last = (row: string, work: Promise<void>) =>
      attempt(ctx)(
        { row },
        async () => void (begun.push(row), await work),
        () => {},
      );
    const both = [last('a', hanging), last('b', Promise.resolve())];
    await tried(world, 'fresh');
    expect(begun).toEqual(['a']);
    const left = world.db.$client.prepare("select begun from job_attempt where row = 'b'").pluck().get();
    expect(left).toBe(2);
    release();
    await Promise.all(both);
    expect(begun).toEqual(['a', 'b']);
  });

  test('an orderly stop is no death, however often it comes; what killed the process before still counts', async () => {
    const world = makeWorld();
    died(world, 'killer', 1);
    world.clock.advance(1000);
    for (let restart = 0; restart < 5; restart++) {
      const began = world.clock.at;
      const hanging = ['long', 'killer'].map((row) =>
        attempt(job(world))(
          { row },
          () => new Promise(() => {}),
          () => 'given up',
        ),
      );
      expect(await Promise.race([...hanging, Promise.resolve('under way')])).toBe('under way');
      await new Promise(setImmediate);
      forgive(world.ctx(), began);
      world.clock.advance(1000);
    }
    const left = world.db.$client.prepare('select row, begun from job_attempt').all();
    expect(left).toEqual([{ row: 'killer', begun: 1 }]);
    expect(await tried(world, 'long')).toBe('done');
  });

  test('what an attempt calls is part of it; outside jobs nothing is counted', async () => {
    const world = makeWorld();
    died(world, 'outer', 2);
    died(world, 'inner', 2);
    const nested = attempt(job(world))(
      { row: 'outer' },
      (own) =>
        attempt(own)(
          { row: 'inner' },
          async () => 'both',
          () => 'inner given up',
        ),
      () => 'outer given up',
    );
    expect(await nested).toBe('both');
    const free = await attempt(world.ctx())(
      { row: 'inner' },
      async () => count(world),
      () => null,
    );
    expect(free).toBe(1);
  });
});
