// A certificate that names several responders: the limit of a host counts where the question really goes (certificate-status §6).
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { answer, office, type Responder } from '#tests/support/revocation-office.ts';
import { MINUTE } from '../calendar.ts';
import { OutboundError } from '../outbound/index.ts';
import * as revocation from './index.ts';

const SILENT = 'http://diam.test/ocsp';
const SECOND = 'http://kedua.test/ocsp';
const OWN = 'http://sendiri.test/ocsp';
const at = (...ocspUrls: string[]) => ({ extensions: { crlUrls: null, ocspUrls } });

/** Twelve whose first responder has nothing to say, twelve that name the second one first. */
async function shared(first: (question: Parameters<Responder>[0]) => Buffer | OutboundError) {
  const made = await office([]);
  const serials = Array.from({ length: 24 }, (_, i) => (0x6000 + i).toString(16));
  for (const [i, serial] of serials.entries()) await made.add(serial, i % 2 ? at(SECOND, OWN) : at(SILENT, SECOND));
  const now = new Map<string, number>();
  const most = new Map<string, number>();
  const asked: string[] = [];
  const slow =
    (name: string, says: Responder): Responder =>
    async (question) => {
      asked.push(name);
      now.set(name, (now.get(name) ?? 0) + 1);
      most.set(name, Math.max(most.get(name) ?? 0, now.get(name)!));
      for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
      now.set(name, now.get(name)! - 1);
      return says(question);
    };
  made.net.responders.set(SILENT, slow('silent', first));
  made.net.responders.set(
    SECOND,
    slow('second', (question) => answer(question)),
  );
  const sweep = () => revocation.sweep(made.ctx, { outbound: made.net.outbound, force: true });
  return { ...made, serials, most, asked, sweep };
}

test('the second responder of a certificate is asked by two at once together with those that name it first', async () => {
  const { sweep, most, serials, state, asked } = await shared(() => ca.makeOcspError(6));
  await sweep();
  expect([most.get('silent'), most.get('second')]).toEqual([2, 2]);
  expect(asked).toHaveLength(36);
  for (const serial of serials) expect(state(serial).revocation).toBe('good');
});

test('while the first responder rests after failures the second is asked in its place, and nobody waits for the first', async () => {
  const { sweep, asked, world, most } = await shared(() => new OutboundError('timeout', 'Tidak dijawab.'));
  await sweep();
  asked.length = 0;
  world.clock.advance(25 * 60 * MINUTE);
  await sweep();
  expect(most.get('second')).toBe(2);
  expect(asked.filter((name) => name === 'second')).toHaveLength(24);
});
