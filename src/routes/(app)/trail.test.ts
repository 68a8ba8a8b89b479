// The trail on the page of a record that a list made.
import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { trailOf } from './trail.ts';

async function imported(text: string, kind?: 'personnel') {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const person = world.person('verifier');
  const send = async (rows: string, as?: 'personnel') => {
    const files = [{ name: 'daftar.csv', bytes: Buffer.from(rows) }];
    const [run] = await certificates.requestImport(person, { files, kind: as });
    await certificates.runImports(world.ctx());
    certificates.acceptSheet(person, run!.id);
    await certificates.runImports(world.ctx());
    return certificates.importRun(person, run!.id);
  };
  return { world, person, send, run: await send(text, kind) };
}

test('a certificate that came from a list names the import that made it, and each that said more of it, with a link', async () => {
  const { world, person, send, run } = await imported('Nama;Nomor Seri;OPD\nANI;77AA;DISDIK');
  const id = run.entries[0]!.certificateId!;
  expect(trailOf(person, 'certificate', id)).toMatchObject([
    { sentence: expect.stringContaining(run.number), link: { text: run.number, href: `/imports/${run.id}` } },
  ]);
  const second = await send('Nama;Nomor Seri;Status\nANI;77AA;REVOKE');
  const links = trailOf(person, 'certificate', id).map(({ link }) => link?.text);
  expect(links.sort()).toEqual([run.number, second.number].sort());
  // Who may not open imports reads the same, without a link that leads nowhere.
  const of = (code: string) => world.person('officer', { agencyId: agencies.get(world.ctx(), code).id });
  expect(trailOf(of('DISDIK'), 'certificate', id).map(({ link }) => link)).toEqual([null, null]);
  expect(() => trailOf(of('DINKES'), 'certificate', id)).toThrow('tidak ada');
});

test('a person of a personnel list names that import', async () => {
  const { person, run } = await imported('Nama;NIP;PD\nSri;197811042005012007;DISDIK', 'personnel');
  expect(trailOf(person, 'holder', run.entries[0]!.holderId!)).toMatchObject([{ link: { text: run.number } }]);
});
