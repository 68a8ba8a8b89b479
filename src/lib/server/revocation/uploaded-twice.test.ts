// Bytes that are carried here again while jobs judge them: whoever comes second is answered too.
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { office } from '#tests/support/revocation-office.ts';
import * as revocation from './index.ts';

test('a file that is brought again while the first one is judged, beside one that takes long at the door, is judged too', async () => {
  const { world, ctx, net } = await office([]);
  const [first, second] = [world.person('verifier'), world.person('verifier')];
  const file = { name: 'a.crl', bytes: Buffer.from('bukan apa-apa') };
  const long = { name: 'lama.crl', bytes: randomBytes(20_000_000) };
  const ids = await revocation.requestEvidence(first, [file]);
  let isIn = false;
  const again = revocation.requestEvidence(second, [file, long, long]).finally(() => (isIn = true));
  // The small one has gone through the door; the long ones are looked at still.
  await setTimeout(100);
  await revocation.runRequests(ctx, { outbound: net.outbound });
  expect(isIn).toBe(false);
  const [later] = await again;
  await revocation.runRequests(ctx, { outbound: net.outbound });
  const text = async (id: string) => (await revocation.awaited(ctx, id, 0)).text;
  expect(await text(later!)).toBe(await text(ids[0]!));
  expect(await text(later!)).not.toContain('tidak ditemukan');
});
