// A world of hundreds of certificates over which everything passes that changes a state (complete lists, deltas, holds and
// their release, OCSP answers, a list that shrinks), by chance and from seeds: at every moment, also between accepting an
// object and applying it, all that is recorded can be derived again from the evidence.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { random as seeded } from '../../../bin/demo/random.ts';
import { entry, issuer, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import { applyOne } from './applying.ts';
import * as revocation from './index.ts';
import { Issuers } from './issuers.ts';
import { takeList } from './taking.ts';
import { answerRules, takeAnswer } from './taking-answer.ts';

const KEY = readCertificate(issuer.certificate).publicKey.spkiSha256;
const BY_HAND = { sourceId: null, origin: 'uploaded' as const, name: 'uji' };

async function world(seed: number, size: number, steps: number) {
  const random = seeded(seed);
  const serials = Array.from({ length: size }, (_, i) => `4a${(0x1000 + i).toString(16)}`);
  const made = await office(serials);
  const { world: w, ctx, net, idOf } = made;
  const reasons = new Map<string, number>();
  const strangers = Array.from({ length: 40 }, (_, i) => entry(`77${(i + 16).toString(16)}`));
  const listed = () => [...reasons].map(([serial, reason]) => entry(serial, { reason: reason as ca.ReasonCode }));
  let base = lastNumber();
  let atBase = new Map(reasons);
  let derived = 0;
  const story: string[] = [];
  const same = async (what: string) => {
    story.push(what);
    const again = await revocation.rederiveAll(ctx);
    derived = again.derived;
    expect(again.differences, `seed ${seed}: ${story.join(', ')}`).toEqual([]);
  };
  /** The CA revokes and holds some, releases some that it held, and changes its mind about reasons. */
  const change = () => {
    for (const [serial, reason] of [...reasons]) if (reason === 6 && random.chance(0.2)) reasons.delete(serial);
    for (let i = random.below(6); i >= 0; i--)
      reasons.set(random.pick(serials), random.chance(0.5) ? 6 : random.pick([0, 1, 4, 5]));
  };
  const answer = (serial: string) => {
    const reason = reasons.get(serial);
    const status =
      reason === undefined ? ('good' as const) : { revokedAt: w.clock.at - DAY, reason: reason as ca.ReasonCode };
    const at = w.clock.at - random.below(90) * MINUTE;
    const bytes = ca.makeOcspResponse(issuer, {
      answers: [{ id: ca.certId(issuer, serial), status, thisUpdate: at }],
      producedAt: at,
    });
    return takeAnswer(
      ctx,
      bytes,
      { certificateId: idOf(serial), nonce: null },
      BY_HAND,
      answerRules(ctx, Issuers.read(ctx.db)),
    );
  };
  const acts: Record<string, () => Promise<unknown>> = {
    list: () => {
      net.pages.set(urls.crl, list(w, [...strangers, ...listed()]));
      [base, atBase] = [lastNumber(), new Map(reasons)];
      return made.sweep();
    },
    'small list': () => {
      net.pages.set(urls.crl, list(w, listed().slice(0, 3)));
      [base, atBase] = [lastNumber(), new Map([...reasons].slice(0, 3))];
      return made.sweep();
    },
    delta: async () => {
      const gone = [...atBase.keys()].filter((serial) => !reasons.has(serial));
      const changes = [...listed(), ...gone.map((serial) => entry(serial, { reason: 8 }))];
      const bytes = list(w, changes, { deltaOf: base });
      await takeList(ctx, bytes, KEY, BY_HAND, Issuers.read(ctx.db));
      await same('a delta that waits');
      return made.sweep();
    },
    answers: async () => {
      const asked = [...new Set(Array.from({ length: 1 + random.below(8) }, () => random.pick(serials)))];
      for (const serial of asked) answer(serial);
      await same(`answers that wait (${asked.join(' ')})`);
      for (const serial of asked) applyOne(ctx, idOf(serial));
    },
    'nothing new': () => made.sweep(),
  };
  await made.sweep();
  for (let step = 0; step < steps; step++) {
    w.clock.advance(HOUR + random.below(5) * HOUR);
    change();
    const act = random.pick([
      'list',
      'list',
      'delta',
      'delta',
      'answers',
      'answers',
      'answers',
      'nothing new',
      'small list',
    ]);
    await acts[act]!();
    await same(act);
  }
  return { ...made, derived: () => derived };
}

test('every state of hundreds of certificates follows from its evidence', { timeout: 240_000 }, async () => {
  const { world: w, derived } = await world(1, 200, 24);
  expect(derived()).toBe(200);
  const kinds = connection(w.db)
    .prepare(`select distinct "to" from status_event where facet = 'revocation' order by 1`)
    .pluck()
    .all();
  expect(kinds).toEqual(['good', 'on_hold', 'released', 'revoked']);
});

test.each([8, 16])('seed %i: small worlds too', { timeout: 120_000 }, async (seed) => {
  await world(seed, 12, 30);
});
