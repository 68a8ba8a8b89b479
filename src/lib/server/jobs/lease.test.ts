import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as audit from '../audit/index.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { transact } from '../context.ts';
import { acquire, fence, LEASE, release, renew } from './lease.ts';
import { inWords, nextDue } from './schedule.ts';

describe('a lease', () => {
  test('keeps a second process out until it ends, and a killed one is followed after its time', () => {
    const world = makeWorld();
    const first = acquire(world.ctx(), 'sweep', 'a:1');
    expect(first).not.toBeNull();
    expect(acquire(world.ctx(), 'sweep', 'b:2')).toBeNull();
    world.clock.advance(LEASE + 1);
    expect(acquire(world.ctx(), 'sweep', 'b:2')?.token).toBe(first!.token + 1);
  });

  test('that was overtaken can neither renew nor write: its transaction rolls back whole', () => {
    const world = makeWorld();
    const ctx = world.ctx();
    const slow = acquire(ctx, 'sweep', 'a:1')!;
    world.clock.advance(LEASE + 1);
    acquire(ctx, 'sweep', 'b:2');
    expect(renew(ctx, slow)).toBe(false);
    const fenced = { ...ctx, fence: fence(slow) };
    expect(() =>
      transact(fenced, (tx) => audit.record(tx, { action: 'agencies.seeded', targets: [], details: { count: 1 } })),
    ).toThrow('diambil alih');
    expect(audit.head(ctx).size).toBe(0);
  });

  test('that was released is free at once', () => {
    const world = makeWorld();
    const ctx = world.ctx();
    release(ctx, acquire(ctx, 'mail', 'a:1')!);
    expect(acquire(ctx, 'mail', 'b:2')).not.toBeNull();
  });
});

describe('what is due', () => {
  const at = (text: string) => Date.parse(text);

  test('comes from the last start, so a missed tick is still due', () => {
    const now = at('2026-11-22T10:00:00+07:00');
    expect(nextDue({ every: HOUR }, null, now)).toBe(now);
    expect(nextDue({ every: HOUR }, now - 5 * HOUR, now)).toBe(now - 4 * HOUR);
  });

  test('once a day means once a WIB day, also across midnight UTC', () => {
    const schedule = { dailyAt: '01:30' };
    const ranAt = at('2026-11-22T01:30:05+07:00');
    expect(nextDue(schedule, ranAt, ranAt)).toBe(at('2026-11-23T01:30:00+07:00'));
    expect(nextDue(schedule, at('2026-11-22T00:10:00+07:00'), ranAt)).toBe(at('2026-11-22T01:30:00+07:00'));
    expect(nextDue(schedule, ranAt - 3 * DAY, ranAt)).toBeLessThan(ranAt);
  });

  test('reads in words', () => {
    expect([inWords({ every: HOUR }), inWords({ every: 5 * MINUTE }), inWords({ dailyAt: '07:30' })]).toEqual([
      'setiap jam',
      'setiap 5 menit',
      'setiap hari pukul 07.30 WIB',
    ]);
  });
});
