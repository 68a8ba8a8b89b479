// Responders that work and have nothing to say about some certificates (RFC 5019 §2.2.3): asked later, and never instead of others.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { answer, OCSP_ONLY, office, urls, type Question } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as revocation from './index.ts';

const serials = ['4a01', '4a02', '4a03'];

/** A responder that knows only some serials, and the serials that it was asked about. */
async function forgetful(known: readonly string[]) {
  const made = await office(serials, OCSP_ONLY);
  const asked: string[] = [];
  made.net.responders.set(urls.ocsp, (question) => {
    asked.push(question.serial);
    return known.includes(question.serial) ? answer(question) : ca.makeOcspError(6);
  });
  const sweep = () => revocation.sweep(made.ctx, { outbound: made.net.outbound, lane: 'all', questions: 2 });
  return { ...made, asked, sweep };
}

test('they do not keep the others from being asked, and are asked again after pauses that grow', async () => {
  const { world, sweep, asked, state } = await forgetful(['4a03']);
  for (let i = 0; i < 4; i++) {
    await sweep();
    world.clock.advance(MINUTE);
  }
  expect(state('4a03').revocation).toBe('good');
  expect([...asked].sort()).toEqual(serials);
  // Never "revoked", never "unknown" by that.
  expect(state('4a01').label).toBe('never_checked');
  asked.length = 0;
  for (let i = 0; i < 24 * 12; i++) {
    world.clock.advance(5 * MINUTE);
    await sweep();
  }
  const times = asked.filter((serial) => serial === '4a01').length;
  expect(times).toBeGreaterThan(3);
  expect(times).toBeLessThan(14);
});

test('a person may ask all the same, and an answer ends the pause', async () => {
  const known = [...serials.slice(1)];
  const { world, ctx, net, sweep, asked, state } = await forgetful(known);
  await sweep();
  known.push('4a01');
  await sweep();
  expect(asked.filter((serial) => serial === '4a01')).toHaveLength(1);
  await revocation.checkNow(ctx, state('4a01').id, net);
  expect(state('4a01').revocation).toBe('good');
  world.clock.advance(DAY + HOUR);
  asked.length = 0;
  await sweep();
  await sweep();
  expect(asked).toContain('4a01');
});

/** A responder whose answers about some serials are useless; the last serial is revoked. */
async function spoiled(poison: (question: Question) => Buffer) {
  const [a, b, ...others] = ['4a01', '4a02', '4a03', '4a04', '4a05', '4a06'];
  const made = await office([a!, b!, ...others], OCSP_ONLY);
  const { world, ctx, net, state } = made;
  net.responders.set(urls.ocsp, (question) => {
    const { serial, at } = question;
    if ([a, b].includes(serial)) return poison(question);
    return answer(question, serial === others.at(-1) ? { revokedAt: at - HOUR } : 'good', {
      nextUpdate: at + 2 * HOUR,
    });
  });
  for (let i = 0; i < 12; i++) {
    await revocation.sweep(ctx, net);
    world.clock.advance(5 * MINUTE);
  }
  expect(others.map((serial) => state(serial).revocation)).toEqual(['good', 'good', 'good', 'revoked']);
  return { ...made, source: revocation.sources(ctx).find(({ kind }) => kind === 'ocsp')! };
}

test('two certificates with answers past their time do not silence their responder', async () => {
  const { source } = await spoiled((question) => {
    const at = question.at - 9 * DAY;
    return answer({ ...question, at }, 'good', { nextUpdate: at + DAY });
  });
  expect(source.failures).toBe(0);
});

test('answers with a bad signature make their responder rest, and afterwards the others are asked first', async () => {
  await spoiled((question) => {
    const bytes = answer(question);
    bytes[bytes.length - 3]! ^= 1;
    return bytes;
  });
});
