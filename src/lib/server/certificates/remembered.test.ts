import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import * as auth from '../auth/index.ts';
import * as certificates from './index.ts';

function office() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const person = world.person('verifier', { name: 'Rina' });
  const send = async (text: string, kind?: 'personnel') => {
    const files = [{ name: 'daftar.csv', bytes: Buffer.from(text) }];
    const [run] = await certificates.requestImport(person, { files, kind });
    await certificates.runImports(world.ctx());
    return run!.id;
  };
  const accept = async (id: string) => {
    certificates.acceptSheet(person, id);
    await certificates.runImports(world.ctx());
  };
  const preview = (id: string) => certificates.sheetPreview(person, id)!;
  return { world, person, send, accept, preview };
}

test('what a list calls an agency is shown with who explained it in which import, and forgotten it is asked again', async () => {
  const { world, person, send, preview } = office();
  const list = 'Nama;NIP;Perangkat Daerah\nSri;197811042005012007;Sekolah Harapan';
  const id = await send(list, 'personnel');
  certificates.explainAgencies(person, id, { 'Sekolah Harapan': 'DISDIK' });
  await certificates.runImports(world.ctx());
  expect(preview(id).unknown).toEqual([]);
  const disdik = agencies.get(person, 'DISDIK');
  const [alias] = agencies.aliases(person, disdik.id);
  expect(alias).toMatchObject({ text: 'Sekolah Harapan', origin: ['import', id] });
  expect(auth.names(person)(alias!.by)).toBe('Rina');
  expect(agencies.aliases(person, agencies.get(person, 'DINKES').id)).toEqual([]);

  const forget = (input: { key: string; why: string }, ctx = person) => agencies.forget(ctx, 'DISDIK', input);
  expect(() => forget({ key: alias!.key, why: 'Keliru' }, world.person('auditor'))).toThrow('hak');
  expect(() => forget({ key: alias!.key, why: ' ' })).toThrow('alasannya');
  expect(() => agencies.forget(person, 'DINKES', { key: alias!.key, why: 'Keliru' })).toThrow('tidak diingat');
  forget({ key: alias!.key, why: 'Keliru' });
  expect(() => forget({ key: alias!.key, why: 'Keliru' })).toThrow('tidak diingat');
  expect(agencies.aliases(person, disdik.id)).toEqual([]);
  const [told] = audit.list(person, { target: ['agency', disdik.id] }, auth.names(person));
  expect(told).toMatchObject({
    sentence: 'Rina melupakan sebutan "Sekolah Harapan" untuk Perangkat Daerah DISDIK, karena Keliru',
    reason: 'Keliru',
  });
  expect(preview(await send(list, 'personnel')).unknown).toMatchObject([{ text: 'Sekolah Harapan' }]);
});
