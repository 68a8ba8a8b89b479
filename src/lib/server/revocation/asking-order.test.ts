// Who is asked about first when a sweep may not ask about all: whoever hurries, by turns with whoever does not, and nobody whose
// responders all rest (certificate-status §6).
import { afterEach, expect, test, vi } from 'vitest';
import { answer, issuer, office, type Responder } from '#tests/support/revocation-office.ts';
import { MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { readCertificate } from '../x509/index.ts';
import { ASKING_LASTS, byTurns } from './asking-due.ts';
import { askable } from './asking.ts';
import * as revocation from './index.ts';

afterEach(() => void vi.restoreAllMocks());

const WELL = 'http://sehat.test/ocsp';
const AWAY = 'http://jauh.test/ocsp';
const LATE = 'http://baru.test/ocsp';
const at = (...ocspUrls: string[]) => ({ extensions: { crlUrls: null, ocspUrls } });

/** Records about whom the responders are asked, in order. */
function listening({ net }: Awaited<ReturnType<typeof office>>, ...addresses: string[]): string[] {
  const asked: string[] = [];
  const says: Responder = (question) => {
    asked.push(question.serial);
    return answer(question);
  };
  for (const address of addresses) net.responders.set(address, says);
  return asked;
}
const hurry = ({ ctx, idOf }: Awaited<ReturnType<typeof office>>, ...serials: string[]) =>
  serials.forEach((serial) => certificates.mark(ctx, idOf(serial), 'open_incident', 'INS-2026-0001'));

test('who hurries and who does not come by turns, who hurries first, nobody twice, and the longer of both to its end', () => {
  expect(byTurns(['a', 'b', 'c'], ['x', 'a'])).toEqual(['a', 'x', 'b', 'c']);
  expect(byTurns(['a'], ['x', 'y', 'z'])).toEqual(['a', 'x', 'y', 'z']);
  expect(byTurns([], [])).toEqual([]);
});

test('a sweep that asks about four of six asks about two that hurry and two that do not', async () => {
  const made = await office(['4a01', '4a02', '4a03', '4a04', '4a05', '4a06'], at(WELL));
  const asked = listening(made, WELL);
  hurry(made, '4a04', '4a05', '4a06');
  const lanes = { perHost: 1, all: 1 };
  await revocation.sweep(made.ctx, { outbound: made.net.outbound, questions: 4, lanes });
  expect(asked).toEqual(['4a04', '4a01', '4a05', '4a02']);
});

test('of whom hurries those come first of whose responders one does not fail, and nobody whose responders all rest', async () => {
  const made = await office(['4a02'], at(AWAY));
  const { ctx, world, sweep } = made;
  // Three failures in a row: it rests for twenty minutes, for an incident a quarter of an hour.
  for (const pause of [7, 13, 13]) {
    await sweep();
    world.clock.advance(pause * MINUTE);
  }
  await made.add('4a03', at(LATE));
  await sweep();
  world.clock.advance(3 * MINUTE);
  const own = readCertificate(issuer.certificate).publicKey.spkiSha256;
  const row = (id: string, urls: string[], issuerKey = own) => ({
    ...{ id, issuerKey, refusals: null, dueAt: null },
    ocspUrls: JSON.stringify(urls),
  });
  const rows = [
    row('rests', [LATE]),
    row('fails', [AWAY]),
    row('rests by half', [LATE, AWAY]),
    row('well', [WELL]),
    row('well by half', [AWAY, WELL]),
    row('of another issuer', [LATE], 'ff'),
    row('rests too', [LATE]),
  ];
  expect(askable(ctx, rows).map(({ id }) => id)).toEqual([
    'well',
    'well by half',
    'of another issuer',
    'fails',
    'rests by half',
  ]);
});

test('where there is time for one batch only, many that hurry while their responder rests take no place in it', async () => {
  const made = await office(['4a01', '4a02', '4a03', '4a04'], at(AWAY));
  const { world, ctx, net } = made;
  await made.add('4a05', at(WELL));
  const asked = listening(made, WELL);
  const sweep = () => revocation.sweep(ctx, { outbound: net.outbound, questions: 4 });
  await sweep();
  hurry(made, '4a01', '4a02', '4a03', '4a04', '4a05');
  world.clock.advance(7 * MINUTE);
  await sweep();
  // It was answered about, and is due again only because it hurries.
  expect(asked.splice(0)).toEqual(['4a05', '4a05']);
  world.clock.advance(6 * MINUTE);
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += ASKING_LASTS + 1));
  await sweep();
  expect(asked).toEqual(['4a05']);
});

test('about whom a responder that began to fail is not asked leaves the place to somebody else', async () => {
  const made = await office(['4a01', '4a02', '4a03', '4a04', '4a05'], at(AWAY));
  await made.add('4a06', at(WELL));
  const asked = listening(made, WELL);
  await revocation.sweep(made.ctx, { outbound: made.net.outbound, questions: 3, lanes: { perHost: 1, all: 1 } });
  expect(asked).toEqual(['4a06']);
});

test('while one lane is busy with those who do not hurry, another asks about an incident that begins', async () => {
  const made = await office(['4a01'], at(WELL));
  const { world, ctx, net } = made;
  const asked = listening(made, WELL);
  await made.sweep();
  await made.add('4a02', at(LATE));
  world.clock.advance(6 * MINUTE);
  asked.length = 0;
  const meanwhile: string[] = [];
  net.responders.set(LATE, async (question) => {
    hurry(made, '4a01');
    await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
    meanwhile.push(...asked);
    return answer(question);
  });
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'all' });
  expect(meanwhile).toEqual(['4a01']);
});

test('one that hurries and whose question ends in a fault of ours is asked about once a sweep', async () => {
  const made = await office(['4a01'], at(WELL));
  let times = 0;
  made.net.responders.set(WELL, () => {
    times += 1;
    throw new TypeError('galat uji');
  });
  hurry(made, '4a01');
  await expect(made.sweep()).rejects.toThrow('galat uji');
  expect(times).toBe(1);
});
