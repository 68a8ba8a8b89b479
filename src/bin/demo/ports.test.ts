import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { choosePorts, portsOf, taken } from './ports.ts';

/** Somebody else's process on a port. */
async function occupied(port = 0): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  return (server.address() as net.AddressInfo).port;
}

test('a port in the way is named before anything is seeded, with free ones to type instead', async () => {
  const busy = await occupied();
  for (const offset of [0, 1, 2, 3]) {
    await expect(choosePorts(null, busy - offset)).rejects.toThrow(
      new RegExp(`^Port ${busy} sedang dipakai .* npm run demo -- --fresh --port \\d+\\.$`),
    );
  }
});

test('without a port of one’s own the next free ones are taken', async () => {
  const found = await choosePorts(null, null);
  await occupied(found.ports.mail);
  const next = await choosePorts(null, null);
  expect(next.base).toBeGreaterThan(found.base);
  expect(next.ports).toEqual(portsOf(next.base));
  expect(await taken(next.ports)).toBeNull();
});

test('a city that is seeded keeps its ports: only a new one can go elsewhere, and only the web’s may be another', async () => {
  const { base } = await choosePorts(null, null);
  expect(await choosePorts(base, base + 7)).toEqual({ base, ports: portsOf(base, base + 7) });
  await expect(choosePorts(base, base + 1)).rejects.toThrow(`Port ${base + 1}`);
  await occupied(base + 1);
  await expect(choosePorts(base, null)).rejects.toThrow(/--fresh --port/);
  const web = await occupied();
  await expect(choosePorts(base + 20, web)).rejects.toThrow(/demo -- --port/);
});
