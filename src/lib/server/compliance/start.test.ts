import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as certificates from '../certificates/index.ts';
import * as settings from '../settings/index.ts';
import { isOpen, steps } from './start.ts';
import { voidImport } from './void.ts';

const address = { addressee: 'Kepala', address: 'di Jakarta', email: 'info@contoh.go.id', phone: '', outOfHours: '' };
const origin = { source: 'SK contoh' };

test('a new office has seven open steps, and only the administrator is led through them', () => {
  const world = makeWorld();
  const administrator = world.person('administrator');
  expect(steps(administrator).map((step) => step.done)).toEqual(Array(7).fill(false));
  expect(isOpen(administrator)).toBe(true);
  expect(isOpen(world.person('supervisor'))).toBe(false);
});

test('each step is done when its rows are there, and says its result', () => {
  const world = makeWorld();
  const administrator = world.person('administrator');
  const office = settings.get(administrator, 'office');
  settings.set(administrator, 'office', { ...office, name: 'Dinas Kominfo', address: 'Jalan Contoh 1' }, origin);
  expect(steps(administrator)[0]).toMatchObject({
    done: false,
    result: 'Belum diisi: penanda tangan.',
    href: '/system/settings/signatory',
  });
  settings.set(
    administrator,
    'signatory',
    { ...settings.get(administrator, 'signatory'), name: 'Kepala Contoh' },
    origin,
  );
  for (const role of ['head', 'supervisor', 'handler'] as const) world.person(role);
  agencies.contacts.set(administrator, 'bssn', address);
  agencies.contacts.set(administrator, 'bsre', address);
  settings.set(administrator, 'mail', { enabled: true, from: 'siaga@contoh.go.id', replyTo: '' }, origin);
  const now = steps(administrator);
  expect(now.map((step) => step.done)).toEqual([true, true, false, false, false, true, true]);
  expect(now[1]!.result).toBe('1 Kepala Dinas, 1 Pengawas, 1 Penangan Insiden.');
});

test('a step opens again when its result goes away', () => {
  const world = makeWorld();
  const administrator = world.person('administrator');
  settings.set(administrator, 'mail', { enabled: true, from: 'siaga@contoh.go.id', replyTo: '' }, origin);
  expect(steps(administrator)[6]!.done).toBe(true);
  settings.set(administrator, 'mail', { enabled: false, from: 'siaga@contoh.go.id', replyTo: '' }, origin);
  expect(steps(administrator)[6]!.done).toBe(false);
});

test('what was taken back counts for nothing: its step is open again', async () => {
  const world = makeWorld();
  const system = world.ctx();
  agencies.seed(system);
  const sheet = (name: string, ...lines: string[]) => ({ name, bytes: Buffer.from(lines.join('\n')) });
  const staff = sheet('pegawai.csv', 'Nama;Jabatan;OPD', 'Sri Handayani;Sekretaris;Disdik', 'Budi Santoso;;Dinkes');
  const list = sheet('daftar.csv', 'Nama;Nomor Seri;Berlaku Sampai', 'Orang Asing;0xab;1/1/2028');
  const runs = [await certificates.importPersonnel(system, staff), await certificates.importFile(system, list)];
  const outcome = () =>
    steps(world.person('administrator'))
      .slice(3, 5)
      .map(({ done, result }) => ({ done, result }));
  expect(outcome()).toEqual([
    { done: true, result: '2 orang tercatat, 2 jabatan.' },
    { done: true, result: '1 sertifikat, 1 belum punya pemilik.' },
  ]);
  for (const { id } of runs) voidImport(world.person('supervisor'), id, { why: 'Berkas yang salah' });
  expect(outcome().map(({ done }) => done)).toEqual([false, false]);
});

test('who may not see settings may not see the steps', () => {
  const world = makeWorld();
  expect(() => steps(world.person('officer'))).toThrow('tidak memiliki hak');
});
