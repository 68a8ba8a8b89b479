// What was accepted and not yet applied when a process was killed, or while the clock was wrong: nothing of it is lost.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';
import { Issuers } from './issuers.ts';
import { takeList } from './taking.ts';
import { answerRules, takeAnswer } from './taking-answer.ts';

type Office = Awaited<ReturnType<typeof office>>;
const issuerKey = readCertificate(issuer.certificate).publicKey.spkiSha256;
const from = { sourceId: null, origin: 'fetched' as const, name: urls.crl };

/** Accepts a list as a sweep does that is killed before it crosses anything. */
async function accept({ world, ctx }: Office, entries: ca.RevokedEntry[]): Promise<void> {
  world.clock.advance(MINUTE);
  expect(await takeList(ctx, list(world, entries), issuerKey, from, Issuers.read(ctx.db))).toMatchObject({
    outcome: 'new',
  });
}

/** Completes what was left, while no source answers. */
const complete = ({ ctx, net }: Office) => {
  net.pages.clear();
  return revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
};

test('a revocation in the first list of a line counts although the second no longer names it', async () => {
  const made = await office(['4a01', '4a02']);
  await accept(made, [entry('4a01')]);
  await accept(made, []);
  await complete(made);
  expect(made.state('4a01').revocation).toBe('revoked');
  expect(made.state('4a02').revocation).toBe('good');
  expect(revocation.signals(made.ctx).map((s) => s.kind)).toEqual(['early_removal']);
});

test('what a shrunken list revoked counts although the whole list that ended its quarantine came before any crossing', async () => {
  const many = Array.from({ length: 30 }, (_, i) => entry(`7f${(i + 16).toString(16)}`));
  const made = await office(['4a01', '4a02']);
  made.net.pages.set(urls.crl, list(made.world, many));
  await made.sweep();
  await accept(made, [entry('4a02')]);
  await accept(made, many);
  await complete(made);
  expect(made.state('4a02').revocation).toBe('revoked');
  expect(made.state('4a01').revocation).toBe('good');
});

test('an answer that was accepted and not applied is applied by the next sweep, whoever answers then', async () => {
  for (const status of [
    { revokedAt: 0, reason: 6 },
    { revokedAt: 1, reason: 6 },
    { revokedAt: 1, reason: 1 },
  ] as const) {
    const made = await office(['4a01'], { extensions: { crlUrls: null } });
    const { world, ctx, state } = made;
    const answer = (said: ca.OcspAnswer['status']) =>
      ca.makeOcspResponse(issuer, {
        answers: [{ id: ca.certId(issuer, '4a01'), status: said, thisUpdate: world.clock.at - 1000 }],
        producedAt: world.clock.at - 1000,
        certificates: [],
      });
    await revocation.addEvidence(ctx, { name: 'a.ors', bytes: answer('good') });
    expect(state('4a01').revocation).toBe('good');
    world.clock.advance(MINUTE);
    const question = { certificateId: state('4a01').id, nonce: null };
    takeAnswer(ctx, answer(status), question, from, answerRules(ctx, Issuers.read(ctx.db)));
    await complete(made);
    expect(state('4a01').revocation).toBe(status.reason === 1 ? 'revoked' : 'on_hold');
    world.clock.advance(HOUR);
    expect(await complete(made)).toMatchObject({ checked: 0 });
  }
});
