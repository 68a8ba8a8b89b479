// Date headers are not signed: whoever answers in the name of two hosts may stop us (clock-watch.ts), and no more. They make
// no object count that our own clock refuses (certificate-status §2 no. 4, §5 no. 6, §8).
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import { readClock } from './clock.ts';
import * as revocation from './index.ts';

/** Two hosts say that it is so much later than our clock says. */
const forge = ({ world, ctx }: Awaited<ReturnType<typeof office>>, offset: number) => {
  for (const host of ['satu.test', 'dua.test']) readClock(ctx, host, world.clock.at + offset, [host]);
  expect(revocation.clock(ctx).state).toBe(offset === 0 ? 'ok' : 'frozen');
};

test('an answer that expired long ago is refused, also while two hosts say that it is long ago', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep, state, ctx, idOf } = made;
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })]));
  await sweep();
  world.clock.advance(HOUR);
  const made_at = world.clock.at;
  const bytes = ca.makeOcspResponse(issuer, {
    answers: [{ id: ca.certId(issuer, '4a01'), status: 'good', thisUpdate: made_at - 1000, nextUpdate: made_at + DAY }],
    producedAt: made_at - 1000,
    certificates: [],
  });
  world.clock.advance(300 * DAY);
  forge(made, -300 * DAY);
  const carried = await revocation.addEvidence(world.person('verifier'), { name: 'lama.ors', bytes });
  expect(carried).toMatchObject({ accepted: false });
  world.clock.advance(MINUTE);
  forge(made, 0);
  await sweep();
  await revocation.checkNow(ctx, idOf('4a01'), { outbound: net.outbound });
  expect(state('4a01').revocation).toBe('on_hold');
});

test('a list of our future is refused, also while two hosts say that its day has come', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep, state } = made;
  await sweep();
  const next = list(world, [], { thisUpdate: world.clock.at + 20 * DAY, nextUpdate: world.clock.at + 30 * DAY });
  world.clock.advance(HOUR);
  forge(made, 21 * DAY);
  const carried = await revocation.addEvidence(world.person('verifier'), { name: 'nanti.crl', bytes: next });
  expect(carried).toMatchObject({ accepted: false });
  // What the CA says today is not held up by it.
  world.clock.advance(MINUTE);
  forge(made, 0);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  expect(state('4a01').revocation).toBe('revoked');
  expect(
    connection(world.db).prepare("select count(*) from revocation_evidence where kind = 'crl'").pluck().get(),
  ).toBe(3);
});
