// What ends a hold and what does not (certificate-status §4), by the whole way: objects taken, lines kept, certificates crossed.
import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as revocation from './index.ts';
import { Issuers } from './issuers.ts';
import { answerRules, takeAnswer } from './taking-answer.ts';

const byHand = { sourceId: null, origin: 'uploaded', name: 'jawaban.ors' } as const;

type Office = Awaited<ReturnType<typeof office>>;

/** What the CA itself answers about 4a01. */
function said({ world }: Office, status: ca.OcspAnswer['status'], ago = 1000): Buffer {
  const thisUpdate = Math.floor(world.clock.at / 1000) * 1000 - ago;
  const answers = [{ id: ca.certId(issuer, '4a01'), status, thisUpdate, nextUpdate: thisUpdate + 8 * HOUR }];
  return ca.makeOcspResponse(issuer, { answers, producedAt: thisUpdate, certificates: [] });
}
const answer = (made: Office, ...what: [ca.OcspAnswer['status'], number?]) =>
  revocation.addEvidence(made.world.person('verifier'), { name: 'jawaban.ors', bytes: said(made, ...what) });

/** The CA's next list, an hour later. */
const next = ({ world, net, sweep }: Office, entries: ca.RevokedEntry[] = [], extra: Partial<ca.CrlRequest> = {}) => {
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, entries, extra));
  return sweep();
};

test('a certificate that its CA says it never issued is not made usable by the next list, which cannot name it', async () => {
  const made = await office(['4a01']);
  await made.sweep();
  await answer(made, { revokedAt: 0, reason: 6 });
  expect(made.state('4a01').revocation).toBe('on_hold');
  await next(made);
  expect(made.state('4a01').revocation).toBe('on_hold');
  expect(revocation.signals(made.ctx).map(({ kind }) => kind)).toEqual(['non_issued']);
  expect(revocation.rederive(made.ctx, made.ids[0]!)).toMatchObject({ equal: true });
  // The responder may not have heard of it yet: it is asked again, and is the one to correct itself.
  made.world.clock.advance(MINUTE);
  await made.sweep();
  expect(made.net.asked.filter((url) => url.startsWith(`${urls.ocsp}/`))).toHaveLength(1);
  await answer(made, 'good');
  expect(made.state('4a01').revocation).toBe('released');
});

test('that word counts beside a newer list also when its application was cut off', async () => {
  const made = await office(['4a01']);
  await made.sweep();
  const denied = said(made, { revokedAt: 0, reason: 6 }, 10 * MINUTE);
  const question = { certificateId: made.ids[0]!, nonce: null };
  takeAnswer(made.ctx, denied, question, byHand, answerRules(made.ctx, Issuers.read(made.ctx.db)));
  expect(made.state('4a01')).toMatchObject({ revocation: 'good', revocationSource: 'crl' });
  await made.sweep();
  expect(made.state('4a01')).toMatchObject({ revocation: 'on_hold', revocationSource: 'ocsp' });
});

describe('a hold that only the responder tells of', () => {
  const since = NOW - HOUR;
  const lags = ({ world }: Office) =>
    connection(world.db).prepare("select count(*) from revocation_signal where kind = 'lag'").pluck().get();

  test('is not ended by lists that never named it, until one is issued when the answer is over', async () => {
    const made = await office(['4a01']);
    await made.sweep();
    await answer(made, { revokedAt: since, reason: 6 });
    for (let hours = 1; hours < 8; hours++) {
      await next(made);
      expect(made.state('4a01')).toMatchObject({ revocation: 'on_hold', revocationSource: 'ocsp' });
    }
    expect(lags(made)).toBe(1);
    // It is the responder's to end, so it is asked every hour.
    expect(made.net.asked.filter((url) => url.startsWith(`${urls.ocsp}/`)).length).toBeGreaterThan(2);
    await next(made);
    await next(made);
    expect(made.state('4a01')).toMatchObject({ revocation: 'released', revocationSource: 'crl' });
    expect(revocation.rederive(made.ctx, made.ids[0]!)).toMatchObject({ equal: true });
    expect((await revocation.rederiveAll(made.ctx)).differences).toEqual([]);
  });

  test('counts beside a list that is newer than the answer, also when its application was cut off', async () => {
    const made = await office(['4a01']);
    await made.sweep();
    const held = said(made, { revokedAt: since, reason: 6 }, 10 * MINUTE);
    const question = { certificateId: made.ids[0]!, nonce: null };
    takeAnswer(made.ctx, held, question, byHand, answerRules(made.ctx, Issuers.read(made.ctx.db)));
    expect(made.state('4a01').revocation).toBe('good');
    await made.sweep();
    expect(made.state('4a01')).toMatchObject({ revocation: 'on_hold', revocationSource: 'ocsp' });
  });

  test('that a list named too ends with the next list that does not, as any hold of a list', async () => {
    const made = await office(['4a01']);
    await next(made, [entry('4a01', { revokedAt: since, reason: 6 })]);
    await answer(made, { revokedAt: since, reason: 6 });
    expect(made.state('4a01')).toMatchObject({ revocation: 'on_hold', revocationSource: 'ocsp' });
    await next(made);
    expect(made.state('4a01').revocation).toBe('released');
    // Another hold, of which no list knows, is none of theirs.
    made.world.clock.advance(HOUR);
    await answer(made, { revokedAt: made.world.clock.at - MINUTE, reason: 6 });
    await next(made);
    expect(made.state('4a01').revocation).toBe('on_hold');
    expect((await revocation.rederiveAll(made.ctx)).differences).toEqual([]);
  });

  test('is a conflict once the list had its cycle, which says that it holds', async () => {
    const made = await office(['4a01']);
    await made.sweep();
    for (let hours = 0; hours <= 30; hours += 6) {
      await answer(made, { revokedAt: since, reason: 6 });
      made.world.clock.advance(5 * HOUR);
      await next(made);
    }
    const [conflict] = revocation.signals(made.ctx).filter(({ kind }) => kind === 'conflict');
    const { story } = revocation.signal(made.world.person('verifier'), conflict!.id);
    expect(story.what).toMatch(/mengatakan ditangguhkan dan sudah lewat satu siklus/);
    expect(story.why).toContain('Penangguhan berakhir oleh');
    expect(made.state('4a01').revocation).toBe('on_hold');
  });
});

test('an answer that revokes counts although we hold a good one that is newer; one that only holds does not', async () => {
  const made = await office(['4a01']);
  await made.sweep();
  await answer(made, 'good');
  expect(await answer(made, { revokedAt: NOW - HOUR, reason: 6 }, 2000)).toMatchObject({ accepted: false });
  expect(made.state('4a01').revocation).toBe('good');
  expect(await answer(made, { revokedAt: NOW - HOUR, reason: 1 }, 2000)).toMatchObject({ accepted: true });
  expect(made.state('4a01')).toMatchObject({ revocation: 'revoked', revocationReason: 1 });
  await next(made);
  expect(made.state('4a01').revocation).toBe('revoked');
  expect(revocation.rederive(made.ctx, made.ids[0]!)).toMatchObject({ equal: true });
});

test('a revocation that was accepted and not applied yet is not displaced by a good answer brought again', async () => {
  const made = await office(['4a01']);
  const { ctx } = made;
  await made.sweep();
  const question = { certificateId: made.ids[0]!, nonce: null };
  const take = (bytes: Buffer) => takeAnswer(ctx, bytes, question, byHand, answerRules(ctx, Issuers.read(ctx.db)));
  const good = said(made, 'good');
  expect(take(good)).toMatchObject({ outcome: 'new' });
  expect(take(said(made, { revokedAt: NOW - HOUR, reason: 1 }, 2000))).toMatchObject({ outcome: 'new' });
  expect(take(good)).toMatchObject({ outcome: 'same' });
  await next(made);
  expect(made.state('4a01').revocation).toBe('revoked');
});

describe('lists that cover all reasons only together (onlySomeReasons)', () => {
  const addresses = { compromise: 'http://ca.test/1.crl', hold: 'http://ca.test/2.crl' };
  const parts = { compromise: [1, 2, 3, 4, 5], hold: [6, 7, 8] };
  type Name = keyof typeof parts;
  const held = () => office(['4a01'], { extensions: { crlUrls: Object.values(addresses) } });
  /** The one about compromises is good for half as long as the other. */
  const publish = ({ world, net }: Office, name: Name) => {
    const nextUpdate = world.clock.at + (name === 'compromise' ? 12 : 24) * HOUR;
    net.pages.set(addresses[name], list(world, [], { scope: { reasons: parts[name] }, nextUpdate }));
  };

  test('release only when each of them is newer than the hold', async () => {
    const made = await held();
    publish(made, 'compromise');
    publish(made, 'hold');
    await made.sweep();
    expect(made.state('4a01').revocation).toBe('good');
    made.world.clock.advance(HOUR);
    await answer(made, { revokedAt: made.world.clock.at - HOUR, reason: 6 });
    // Eight hours later the answer is over.
    made.world.clock.advance(9 * HOUR);
    publish(made, 'compromise');
    await made.sweep();
    expect(made.state('4a01').revocation).toBe('on_hold');
    publish(made, 'hold');
    await made.sweep();
    expect(made.state('4a01').revocation).toBe('released');
    expect(revocation.rederive(made.ctx, made.ids[0]!)).toMatchObject({ equal: true });
  });

  test('are together as lately confirmed as the one that was confirmed longest ago', async () => {
    const made = await held();
    publish(made, 'compromise');
    publish(made, 'hold');
    await made.sweep();
    const first = made.state('4a01').confirmedAt;
    expect(first).not.toBeNull();
    const silent = made.net.pages.get(addresses.hold)!;
    made.net.pages.delete(addresses.hold);
    for (let hour = 0; hour < 6; hour++) {
      made.world.clock.advance(HOUR);
      // Confirmed again and again, or published anew.
      if (hour === 3) publish(made, 'compromise');
      await made.sweep();
      expect(made.state('4a01').confirmedAt).toBe(first);
    }
    made.net.pages.set(addresses.hold, silent);
    await made.sweep();
    expect(made.state('4a01').confirmedAt).toBe(made.world.clock.at);
  });
});

describe('a hold of a list that its CA no longer continues', () => {
  const scope = { url: urls.crl };
  const held = async () => {
    const made = await office(['4a01']);
    made.net.pages.set(urls.crl, list(made.world, [entry('4a01', { reason: 6 })]));
    await made.sweep();
    expect(made.state('4a01').revocation).toBe('on_hold');
    return made;
  };

  test('ends by a list of all that the CA issued after that one’s end; never before', async () => {
    const made = await held();
    await next(made, [], { scope });
    expect(made.state('4a01').revocation).toBe('on_hold');
    made.world.clock.advance(DAY);
    await next(made, [], { scope });
    expect(made.state('4a01').revocation).toBe('released');
    expect(revocation.rederive(made.ctx, made.ids[0]!)).toMatchObject({ equal: true });
    await next(made, [], { scope });
    expect(made.state('4a01').revocation).toBe('released');
  });

  test('goes on while the newer list names it too, knows only some reasons, or is not about it', async () => {
    for (const [entries, other] of [
      [[entry('4a01', { reason: 6 })], scope],
      [[], { ...scope, reasons: [1, 2, 3] }],
      [[], { ...scope, onlyCa: true }],
      [[], { url: 'http://ca.test/other.crl' }],
    ] as const) {
      const made = await held();
      made.world.clock.advance(2 * DAY);
      await next(made, [...entries], {
        scope: { ...other, reasons: 'reasons' in other ? [...other.reasons] : undefined },
      });
      expect(made.state('4a01').revocation).toBe('on_hold');
    }
  });

  test('a revocation does not end so', async () => {
    const made = await office(['4a01']);
    made.net.pages.set(urls.crl, list(made.world, [entry('4a01')]));
    await made.sweep();
    made.world.clock.advance(2 * DAY);
    await next(made, [], { scope });
    expect(made.state('4a01').revocation).toBe('revoked');
  });
});
