// "Periksa sekarang" at hosts that accept and then say nothing, as behind a firewall that swallows: nobody waits for one after
// the other, and what came of it is told.
import { expect, test, vi } from 'vitest';
import { answer, entry, list, office, urls } from '#tests/support/revocation-office.ts';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { OutboundError } from '../outbound/index.ts';
import * as revocation from './index.ts';

const late = () => new OutboundError('timeout', 'Server tidak menjawab dalam 5 detik.');

/** An office whose responder holds its answer until it is let go. */
async function silent() {
  const made = await office(['4a01']);
  await made.sweep();
  made.world.clock.advance(HOUR);
  const { promise, reject } = Promise.withResolvers<never>();
  made.net.responders.set(urls.ocsp, () => promise);
  made.net.asked.length = 0;
  return { ...made, giveUp: () => reject(late()) };
}

test('the list is asked beside a responder that is silent, and both reasons are told, in the trail too', async () => {
  const { ctx, world, net, ids, giveUp } = await silent();
  net.pages.set(urls.crl, new OutboundError('connect', 'Sambungan ditolak.'));
  const verifier = world.person('verifier');
  const id = revocation.requestCheck(verifier, ids[0]!);
  const running = revocation.runRequests(ctx, { outbound: net.outbound });
  await vi.waitFor(() => expect(net.asked).toContain(urls.crl), 4000);
  giveUp();
  await running;
  const { state, text } = await revocation.awaited(verifier, id, 0);
  expect(state).toBe('failed');
  expect(text).toContain('OCSP: Server tidak menjawab dalam 5 detik. CRL: Sambungan ditolak.');
  const told = audit.list(ctx, { limit: 5 }, (key) => key).map((row) => row.sentence);
  expect(told.join(' ')).toContain(
    'tidak berhasil (OCSP: Server tidak menjawab dalam 5 detik. CRL: Sambungan ditolak)',
  );
});

test('a reason that both share is said once', async () => {
  const { ctx, net, ids, giveUp } = await silent();
  net.pages.set(urls.crl, late());
  const running = revocation.checkNow(ctx, ids[0]!, { outbound: net.outbound });
  await vi.waitFor(() => expect(net.asked).toContain(urls.crl), 4000);
  giveUp();
  expect((await running).text).toContain('OCSP dan CRL: Server tidak menjawab dalam 5 detik.');
});

test('what the list says counts, although the responder never answers', async () => {
  const { ctx, world, net, ids, state, giveUp } = await silent();
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  const running = revocation.checkNow(ctx, ids[0]!, { outbound: net.outbound });
  await vi.waitFor(() => expect(net.asked).toContain(urls.crl), 4000);
  giveUp();
  expect(await running).toMatchObject({ outcome: 'changed' });
  expect(state('4a01').revocation).toBe('revoked');
});

test('of a responder that answers at once no list is asked', async () => {
  const { ctx, net, ids } = await silent();
  net.responders.set(urls.ocsp, (question) => answer(question));
  expect(await revocation.checkNow(ctx, ids[0]!, { outbound: net.outbound })).toMatchObject({ outcome: 'confirmed' });
  expect(net.asked).not.toContain(urls.crl);
});
