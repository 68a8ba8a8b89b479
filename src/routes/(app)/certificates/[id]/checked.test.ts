// "Periksa Sekarang" as the page does it: whoever loads it anew, with script or without, is told what came of it.
import { isRedirect } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import * as revocation from '#lib/server/revocation/index.ts';
import { OutboundError } from '#lib/server/outbound/index.ts';
import { office } from '#tests/support/revocation-office.ts';
import { actions, load } from './+page.server.ts';

type Page = { check: { isOpen: boolean; isGood: boolean; text: string } | null };

test('leads back to the page, which tells that it goes on and then why it failed', async () => {
  const { world, ctx, net, sweep, ids } = await office(['4a01']);
  await sweep();
  for (const url of net.pages.keys()) net.pages.set(url, new OutboundError('timeout', 'Server tidak menjawab.'));
  const supervisor = world.person('supervisor');
  const url = new URL(`http://siaga.test/certificates/${ids[0]}`);
  const event = { locals: { ctx: supervisor }, params: { id: ids[0] }, url, depends: () => {} };
  const page = () => (load(event as never) as unknown as Page).check;
  expect(page()).toBeNull();
  const request = new Request(url, { method: 'POST', body: new FormData() });
  const pressed = Promise.resolve(actions.check!({ ...event, request } as never)).catch((thrown: unknown) => thrown);
  await expect.poll(page).toMatchObject({ isOpen: true });
  await revocation.runRequests(ctx, { outbound: net.outbound });
  const answered = await pressed;
  expect(isRedirect(answered) && [answered.status, answered.location]).toEqual([303, url.pathname]);
  expect(page()).toMatchObject({
    isOpen: false,
    isGood: false,
    text: expect.stringContaining('Server tidak menjawab.'),
  });
});
