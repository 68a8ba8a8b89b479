// A responder that answers, properly signed, and never anything usable; and one that fails while an incident waits for it.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { answer, OCSP_ONLY, office, urls, type Question, type Responder } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import * as monitoring from '../monitoring/index.ts';
import { OutboundError } from '../outbound/index.ts';
import { backOff, isAskedAgain } from './circuit.ts';
import { readClock } from './clock.ts';
import * as revocation from './index.ts';

const SERIALS = ['4a01', '4a02', '4a03'];

/** Signed so long ago that it is over. */
const old: Responder = (question) => fresh({ ...question, at: question.at - 9 * DAY });
const fresh = (question: Question): Buffer => answer(question, 'good', { nextUpdate: question.at + 6 * HOUR });

async function asking(says: Responder) {
  const made = await office(SERIALS, OCSP_ONLY);
  const { world, ctx, net } = made;
  const responder = { says };
  const asked: { serial: string; at: number }[] = [];
  net.responders.set(urls.ocsp, (question) => {
    asked.push({ serial: question.serial, at: world.clock.at });
    return responder.says(question);
  });
  /** Sweeps for so long, and the alerts about the responder that stand afterwards. */
  const go = async (time: number, every = 20 * MINUTE) => {
    for (let at = 0; at < time; at += every) {
      await revocation.sweep(ctx, { outbound: net.outbound, lane: 'all' });
      monitoring.review(ctx);
      world.clock.advance(every);
    }
    return monitoring.list(ctx).rows.filter(({ kind, url }) => kind === 'source_failing' && url === urls.ocsp);
  };
  const source = () => revocation.sources(ctx).find(({ kind }) => kind === 'ocsp')!;
  return { ...made, responder, asked, go, source };
}

test('a responder whose every answer is past its time is told of once, with what depends on it, until it mends', async () => {
  const made = await asking(old);
  const rows = await made.go(2 * HOUR);
  expect(rows).toHaveLength(1);
  expect(rows[0]!.sentence).toContain('3 sertifikat');
  expect(made.source()).toMatchObject({ state: 'failing', failureCode: 'expired' });
  expect(made.source().failureText).toContain('lewat masa pakai');
  expect((await made.go(DAY)).map(({ id }) => id)).toEqual([rows[0]!.id]);
  made.responder.says = fresh;
  expect(await made.go(8 * HOUR)).toEqual([]);
  expect(made.source()).toMatchObject({ failures: 0 });
  for (const serial of SERIALS) expect(made.state(serial).revocation).toBe('good');
});

test('one that was well before is told of some hours after its last usable answer', async () => {
  const made = await asking(fresh);
  expect(await made.go(HOUR)).toEqual([]);
  made.responder.says = old;
  expect(await made.go(3 * HOUR)).toEqual([]);
  expect(await made.go(10 * HOUR)).toHaveLength(1);
  for (const serial of SERIALS) expect(made.state(serial).revocation).toBe('good');
});

test('one that has a usable answer for some of its certificates does not fail', async () => {
  const made = await asking((question) => (question.serial === '4a01' ? fresh(question) : old(question)));
  expect(await made.go(DAY)).toEqual([]);
});

test('while our clock runs ahead an answer past its time is not held against its responder', async () => {
  const made = await asking(old);
  for (let i = 0; i < 20; i++) {
    for (const host of ['satu.test', 'dua.test'])
      readClock(made.ctx, host, made.world.clock.at - 9 * DAY + HOUR, [host]);
    expect(await made.go(5 * MINUTE, 5 * MINUTE)).toEqual([]);
  }
  expect(made.source().failures).toBe(0);
});

test('about a certificate of an open incident a failing responder is asked at least every quarter of an hour', async () => {
  const down: Responder = () => new OutboundError('connect', 'Server tidak dapat dijangkau.');
  const made = await asking(down);
  certificates.mark(made.ctx, made.idOf('4a02'), 'open_incident', 'INS-2026-0001');
  await made.go(DAY);
  made.asked.length = 0;
  await made.go(3 * HOUR, 5 * MINUTE);
  const hurried = made.asked.filter(({ serial }) => serial === '4a02');
  expect(hurried.length).toBeGreaterThanOrEqual(11);
  expect(hurried.length).toBeLessThan(3 * 12);
  // The others have their turn all the same, and only once in six hours.
  expect(made.asked.length - hurried.length).toBeLessThanOrEqual(1);
});

test('what it has nothing usable to say about such a certificate is asked again as soon', async () => {
  const made = await asking((question) => (question.serial === '4a02' ? ca.makeOcspError(6) : fresh(question)));
  await made.go(DAY);
  certificates.mark(made.ctx, made.idOf('4a02'), 'open_incident', 'INS-2026-0001');
  made.asked.length = 0;
  await made.go(20 * MINUTE, 5 * MINUTE);
  expect(made.asked.filter(({ serial }) => serial === '4a02').length).toBeGreaterThanOrEqual(1);
  made.asked.length = 0;
  await made.go(3 * HOUR, 5 * MINUTE);
  const again = made.asked.filter(({ serial }) => serial === '4a02').length;
  expect(again).toBeGreaterThanOrEqual(9);
  expect(again).toBeLessThan(20);
});

test('the pause of a question in vain is cut to a quarter of an hour after it was asked', () => {
  const asked = Date.parse('2026-11-22T07:00:00Z');
  for (const refusals of [1, 2, 5, 20]) {
    const dueAt = asked + backOff('a', refusals, null);
    expect(isAskedAgain('a', refusals, dueAt, asked + 4 * MINUTE)).toBe(false);
    expect(isAskedAgain('a', refusals, dueAt, asked + 15 * MINUTE)).toBe(true);
  }
  // The responder itself asked for more.
  expect(isAskedAgain('a', 1, asked + backOff('a', 1, 7200), asked + 20 * MINUTE)).toBe(false);
});
