// An estate whose certificates only OCSP can speak about: a sweep goes on asking until nothing is due, its time is over or
// something else waits for it, so that all come round before their answers are over (certificate-status §6).
import { afterEach, expect, test, vi } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { answer, OCSP_ONLY, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import type { Outbound } from '../outbound/index.ts';
import { ASKING_LASTS } from './asking-due.ts';
import * as revocation from './index.ts';

afterEach(() => void vi.restoreAllMocks());

const MANY = 230;
const serials = Array.from({ length: MANY }, (_, i) => (0x5000 + i).toString(16));

/** @param usable whether its responder knows them */
async function responding(usable: boolean) {
  const made = await office([], OCSP_ONLY);
  await made.addAll(serials);
  const asked: string[] = [];
  let [busy, most] = [0, 0];
  made.net.responders.set(urls.ocsp, async (question) => {
    most = Math.max(most, ++busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
    asked.push(question.serial);
    return usable ? answer(question) : ca.makeOcspError(6);
  });
  return { ...made, outbound: made.net.outbound, asked, most: () => most };
}

test('one sweep asks about all who are due, each once, two at a time at one host', async () => {
  const { ctx, world, outbound, asked, state, most } = await responding(true);
  expect(await revocation.sweep(ctx, { outbound, force: true })).toMatchObject({ questions: MANY });
  expect([...asked].sort()).toEqual(serials);
  expect(most()).toBe(2);
  expect(state(serials.at(-1)!).revocation).toBe('good');
  world.clock.advance(MINUTE);
  expect(await revocation.sweep(ctx, { outbound })).toMatchObject({ questions: 0 });
});

test('about whom the responder has nothing to say nobody asks again in the same sweep', async () => {
  const { ctx, outbound, asked } = await responding(false);
  await revocation.sweep(ctx, { outbound, force: true });
  expect([...asked].sort()).toEqual(serials);
});

test('two lanes at once ask about each once, and one of them alone asks the host', async () => {
  const { ctx, outbound, asked, most } = await responding(true);
  await revocation.sweep(ctx, { outbound, force: true, questions: 1 });
  await Promise.all([revocation.sweep(ctx, { outbound }), revocation.sweep(ctx, { outbound, lane: 'urgent' })]);
  expect([...asked].sort()).toEqual(serials);
  expect(most()).toBe(2);
});

test('it ends after a batch when its time is over, and the next sweep goes on', async () => {
  const { ctx, outbound, asked } = await responding(true);
  let at = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (at += ASKING_LASTS + 1));
  const first = await revocation.sweep(ctx, { outbound, force: true });
  expect(first.questions).toBe(200);
  vi.restoreAllMocks();
  expect(await revocation.sweep(ctx, { outbound })).toMatchObject({ questions: MANY - 200 });
  expect(new Set(asked).size).toBe(MANY);
});

test('it ends after a batch when a list is due', async () => {
  const { ctx, outbound, world } = await responding(true);
  const slow: Outbound = {
    ...outbound,
    fetchBounded: async (url, options) => {
      // The first question takes so long that the hour of the root's list is over.
      if (url.startsWith(urls.ocsp) && world.clock.at < began + HOUR) world.clock.advance(HOUR + MINUTE);
      return outbound.fetchBounded(url, options);
    },
  };
  const began = world.clock.at;
  const first = await revocation.sweep(ctx, { outbound: slow, force: true });
  expect(first.questions).toBe(200);
});
