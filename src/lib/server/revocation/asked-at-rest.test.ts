// Answers that are accepted and change nothing of what a certificate rests on: "unknown" beside a word that still stands, and
// whatever a wrong clock keeps from being applied. Asked again after the ordinary pause, never by every lane.
import { expect, test } from 'vitest';
import { answer, OCSP_ONLY, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { clockState } from './clock.ts';
import * as revocation from './index.ts';
import * as store from './store.ts';

const serials = Array.from({ length: 12 }, (_, i) => (0x5000 + i).toString(16));
/** Those about which the responder comes to say "unknown". */
const forgotten = serials.slice(0, 8);

/** Certificates without lists, answered about once as good five hours ago. */
async function answered() {
  const made = await office([], OCSP_ONLY);
  await made.addAll(serials);
  const { world, ctx, net } = made;
  const says = { forgets: false, behind: 0 };
  const asked: string[] = [];
  net.responders.set(urls.ocsp, (question) => {
    asked.push(question.serial);
    const status = says.forgets && forgotten.includes(question.serial) ? 'unknown' : 'good';
    return answer({ ...question, at: question.at - says.behind }, status);
  });
  await made.sweep();
  world.clock.advance(5 * HOUR);
  /** Whom a lane asks about, five minutes after the last. */
  const lane = async (questions?: number) => {
    world.clock.advance(5 * MINUTE);
    asked.length = 0;
    await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent', ...(questions && { questions }) });
    return [...asked].sort();
  };
  return { ...made, says, lane };
}

test('about whom a responder comes to say "unknown", it is asked again within the hour, not by every lane', async () => {
  const { says, lane, state } = await answered();
  says.forgets = true;
  expect(await lane()).toEqual(serials);
  expect(state(forgotten[0]!).revocation).toBe('good');
  for (let i = 0; i < 10; i++) expect(await lane()).toEqual([]);
  const later = [...(await lane()), ...(await lane())];
  expect(later.sort()).toEqual(forgotten);
});

test('they keep nobody else who is due from being asked', async () => {
  const { says, lane } = await answered();
  says.forgets = true;
  const both = [...(await lane(forgotten.length)), ...(await lane(forgotten.length))];
  expect(both.sort()).toEqual(serials);
});

test('an incident that begins meanwhile waits for no pause, and is asked by every lane', async () => {
  const { says, lane, ctx, state } = await answered();
  says.forgets = true;
  await lane();
  await lane();
  const { id } = state(forgotten[0]!);
  certificates.mark(ctx, id, 'open_incident', 'INS-2026-0001');
  expect(await lane()).toEqual([forgotten[0]]);
  expect(await lane()).toEqual([forgotten[0]]);
});

test('while our clock is wrong the answers that are kept are not asked for again by every lane', async () => {
  const { says, lane, ctx, world } = await answered();
  says.behind = 20 * MINUTE;
  const doubt = () => {
    for (const host of ['a.example', 'b.example', 'c.example'])
      store.addReading(world.db, { host, tops: [host], at: world.clock.at, offset: -says.behind }, 0);
  };
  doubt();
  expect(clockState(ctx).state).toBe('frozen');
  expect(await lane()).toEqual(serials);
  for (let i = 0; i < 5; i++) {
    doubt();
    expect(await lane()).toEqual([]);
  }
});
