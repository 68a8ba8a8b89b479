import { expect, test } from 'vitest';
import { certificateRow } from '#tests/support/holdings.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as certificates from '../certificates/index.ts';
import { mayOpen, type Role } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { isEmpty, isOpen, steps } from './start.ts';
import { voidImport } from './void.ts';

const address = { addressee: 'Kepala', address: 'di Jakarta', email: 'info@contoh.go.id', phone: '', outOfHours: '' };
const origin = { source: 'SK contoh' };

const everyone = ['supervisor', 'handler', 'verifier', 'leader', 'head', 'auditor', 'administrator'] as const;

test('a new office has seven open steps, and everyone of the office sees them', () => {
  for (const role of everyone) {
    const person = makeWorld().person(role);
    expect(
      steps(person).map((step) => step.done),
      role,
    ).toEqual(Array(7).fill(false));
    expect(isOpen(person), role).toBe(true);
  }
  const world = makeWorld();
  expect(isEmpty(world.person('supervisor'))).toBe(true);
});

test('each role is given the steps that are its own, and told who does the others', () => {
  const world = makeWorld();
  const administrator = world.person('administrator', { name: 'Rina Contoh' });
  const of = (role: Role) => steps(world.person(role, { name: `Seorang ${role}` })).map(({ may }) => (may ? 1 : 0));
  expect(of('supervisor')).toEqual([0, 0, 0, 1, 1, 1, 0]);
  expect(of('verifier')).toEqual([0, 0, 0, 1, 1, 0, 0]);
  expect(of('handler')).toEqual([0, 0, 0, 0, 0, 1, 0]);
  expect(of('leader')).toEqual(Array(7).fill(0));
  expect(steps(administrator).every(({ may, open }) => may && open)).toBe(true);
  const seen = steps(world.person('auditor'));
  expect(seen[2]!.by).toBe('Rina Contoh (Administrator)');
  expect(seen[5]!.by).toBe(
    'Rina Contoh (Administrator), Seorang handler (Penangan Insiden), atau Seorang supervisor (Pengawas)',
  );
  world.person('verifier');
  expect(steps(administrator)[3]!.by, 'of many, the roles').toBe('Pengawas, Verifikator, atau Administrator');
});

test('nobody is shown a way to a page that is closed to them', () => {
  const world = makeWorld();
  certificateRow(world, 'TANPA PEMILIK');
  for (const role of everyone) {
    const person = world.person(role);
    const all = steps(person);
    for (const { href } of all.flatMap((step) => step.links)) expect(mayOpen(person.actor, href), href).toBe(true);
    for (const step of all) expect(step.open, step.label).toBe(mayOpen(person.actor, step.href));
    // Whoever does the work of a step finds it behind an open door.
    for (const step of all.filter(({ may }) => may)) expect(step.open, `${role}: ${step.label}`).toBe(true);
  }
  expect(steps(world.person('verifier'))[4]!.links).toContainEqual({ label: 'Cocokkan pemilik', href: '/matching' });
  expect(steps(world.person('leader'))[4]!.links).toEqual([]);
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
  expect(isOpen(administrator), 'three steps are left').toBe(true);
  expect(isEmpty(administrator)).toBe(true);
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

test('an officer of an agency sees no figures of the whole city', () => {
  const world = makeWorld();
  expect(() => steps(world.person('officer'))).toThrow('tidak memiliki hak');
});
