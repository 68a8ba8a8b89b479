// Whoever presses "Periksa sekarang" again and again at a host that is down: it is asked each time, and rests no longer for it.
import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { OCSP_ONLY, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import { OutboundError } from '../outbound/index.ts';
import { afterFailure, breakerOf } from './circuit.ts';
import * as revocation from './index.ts';
import * as store from './store.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const well = {
  id: 'a',
  failures: 0,
  failedSince: null as number | null,
  attemptedAt: null as number | null,
  dueAt: NOW,
};

/** A source after failures at these instants. */
const failing = (instants: readonly number[], source = well) =>
  instants.reduce((row, at) => ({ ...row, attemptedAt: at, ...afterFailure(row, null, at) }), source);

describe('the pause of a source', () => {
  test('grows with its turns: 5, 10, 20 … minutes, six hours at most', () => {
    let row = failing([NOW]);
    const pauses: number[] = [];
    for (let n = 0; n < 12; n++) {
      pauses.push((row.dueAt - row.attemptedAt!) / MINUTE);
      row = failing([row.dueAt], row);
    }
    for (const [n, pause] of pauses.entries()) {
      const least = Math.min(360, 5 * 2 ** n);
      expect(pause).toBeGreaterThanOrEqual(least);
      expect(pause).toBeLessThanOrEqual(least * 1.2);
    }
    expect(row.failures).toBe(13);
  });

  test('is not lengthened by questions in between, be they many', () => {
    const patient = failing([NOW]);
    const impatient = failing([0, 0.5, 1, 2, 3, 3.5, 4, 4].map((minutes) => NOW + minutes * MINUTE));
    expect(impatient).toMatchObject({ failures: 1, dueAt: patient.dueAt });
    // Neither is a long one, that of an outage of a day.
    let row = failing([NOW]);
    while (row.attemptedAt! < NOW + 24 * HOUR) row = failing([row.dueAt], row);
    const pressed = failing(
      [1, 2, 3, 4, 5].map((hours) => row.attemptedAt! + hours * HOUR),
      row,
    );
    expect(pressed).toMatchObject({ failures: row.failures, dueAt: row.dueAt });
  });

  test('begins small where nobody asked since the first failure: Siaga itself was off meanwhile', () => {
    const row = failing([NOW, NOW + 60 * HOUR]);
    expect(row.failures).toBe(2);
    expect(row.dueAt).toBeLessThanOrEqual(NOW + 60 * HOUR + 12 * MINUTE);
  });

  test('is as long as the server itself wishes', () => {
    expect(afterFailure(well, 7200, NOW).dueAt).toBe(NOW + 2 * HOUR);
  });

  test('ends although our clock was set back', () => {
    const row = failing([NOW, NOW - 9 * HOUR]);
    expect(row.dueAt).toBeGreaterThan(NOW - 9 * HOUR);
    expect(row.dueAt).toBeLessThanOrEqual(NOW - 9 * HOUR + 12 * MINUTE);
  });
});

test('a circuit is not opened by one who presses a button thrice', () => {
  const row = {
    ...failing([NOW, NOW + MINUTE, NOW + 2 * MINUTE]),
    url: 'http://ca.test/a.crl',
    failureCode: 'connect',
  };
  expect(breakerOf([row], NOW + 3 * MINUTE)).toBe('closed');
});

test('however a person asks a dead host, its next turn stays where it was', async () => {
  const { world, ids, net, sweep, ctx } = await office(['4a01']);
  await sweep();
  for (const url of net.pages.keys()) net.pages.set(url, new OutboundError('connect', 'Server menolak.'));
  await sweep();
  const list = () => revocation.sources(ctx).find(({ url }) => url === urls.crl)!;
  const { dueAt, id } = list();
  for (let i = 0; i < 3; i++) {
    world.clock.advance(MINUTE);
    await revocation.checkNow(ctx, ids[0]!, net);
    await revocation.sweep(ctx, { outbound: net.outbound, sources: [id] });
    await sweep();
    // "Periksa Semua Sekarang": all are due at once, and asked by the jobs.
    revocation.requestSweep(world.person('supervisor'));
    expect(await sweep(false)).toMatchObject({
      failed: revocation.sources(ctx).filter(({ kind }) => kind === 'crl').length,
    });
  }
  expect(list()).toMatchObject({ failures: 1, dueAt, attemptedAt: world.clock.at });
});

test('a person who asks about a certificate that its responder does not know does not put off the next question', async () => {
  const { world, ids, net, ctx } = await office(['4a01'], OCSP_ONLY);
  net.responders.set(urls.ocsp, () => ca.makeOcspError(6));
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'all' });
  const before = store.unansweredAbout(world.db, ids[0]!);
  expect(before).toMatchObject({ refusals: 1 });
  for (let i = 0; i < 4; i++) {
    world.clock.advance(MINUTE);
    await revocation.checkNow(ctx, ids[0]!, net);
  }
  expect(store.unansweredAbout(world.db, ids[0]!)).toEqual(before);
});
