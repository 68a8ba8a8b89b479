// A server that goes back to an older list, or never leaves it, is a trouble of the server: what we hold stays what counts.
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

test('an address that serves an older list than the one held is in trouble, and shows the dates of what counts', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  const older = list(world);
  net.pages.set(urls.crl, older);
  await sweep();
  world.clock.advance(HOUR);
  const newer = list(world, [entry('4a01')]);
  const { evidenceIds } = await revocation.addEvidence(world.person('verifier'), { name: 'baru.crl', bytes: newer });
  expect(state('4a01').revocation).toBe('revoked');
  const source = () => revocation.sources(ctx).find(({ url }) => url === urls.crl)!;
  const { confirmedAt } = source();
  const counts = { evidenceId: evidenceIds[0], thisUpdate: world.clock.at - 60_000 };
  for (const failures of [1, 2]) {
    world.clock.advance(HOUR);
    expect(await sweep()).toMatchObject({ refused: 1 });
    expect(source()).toMatchObject({ failures, failureCode: 'older_than_known', confirmedAt, ...counts });
  }
  expect(source().state).toBe('failing');
  net.pages.set(urls.crl, newer);
  world.clock.advance(HOUR);
  await sweep();
  expect(source()).toMatchObject({ failures: 0, state: 'ok', ...counts });
});
