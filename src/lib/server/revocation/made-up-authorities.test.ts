// Whoever may import can bring a thousand CA certificates in one small file: they cost a look each, not a look for each pair of
// them, and not again in each sweep.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { office } from '#tests/support/revocation-office.ts';
import { pem } from '#tests/support/pem.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const MANY = 150;

/** Signatures looked at while something is done. */
function signaturesIn(): () => number {
  const verify = vi.spyOn(crypto, 'verify');
  syncBuiltinESMExports();
  onTestFinished(() => {
    verify.mockRestore();
    syncBuiltinESMExports();
  });
  return () => verify.mock.calls.length;
}

test('a sweep does not grow slow by made-up CA certificates that name lists', async () => {
  const signatures = signaturesIn();
  const { ctx, world, sweep, state } = await office(['4a01']);
  const cost = async () => {
    world.clock.advance(HOUR);
    const before = signatures();
    await sweep();
    return signatures() - before;
  };
  await sweep();
  const usual = await cost();
  const stranger = ca.makeRoot({ ...life, key: ca.makeKey('p256'), subject: [[ca.OID.CN, 'AKAR ASING']] });
  const made = Array.from({ length: MANY }, (_, i) =>
    ca.makeIntermediate(stranger, {
      ...life,
      key: ca.makeKey('p256'),
      urls: ca.urlsAt(`http://asing${i}.test`),
      subject: [[ca.OID.CN, `CA ${i}`]],
    }),
  );
  const text = [stranger, ...made].map(({ certificate }) => pem(certificate)).join('');
  await certificates.importFile(ctx, { name: 'asing.pem', bytes: Buffer.from(text) });
  await certificates.runChains(ctx);
  expect(await cost()).toBeLessThan(usual + 4 * MANY);
  expect(await cost()).toBe(usual);
  expect(state('4a01').revocation).toBe('good');
});
