import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as audit from '../audit/index.ts';
import * as agencies from './index.ts';
import { finder, readRegister } from './register.ts';

describe('the register of agencies', () => {
  test('the shipped list gives 110 agencies and 10 units below Setda, and twice gives the same', () => {
    const world = makeWorld();
    const ctx = world.ctx();
    expect(agencies.seed(ctx)).toEqual({ added: 120, known: 0 });
    expect(agencies.seed(ctx)).toEqual({ added: 0, known: 120 });
    const all = agencies.list(ctx);
    expect(all.filter((a) => a.level === 'agency')).toHaveLength(110);
    expect(agencies.tree(ctx).find((a) => a.code === 'SETDA')?.children).toHaveLength(10);
    expect(audit.head(ctx).size).toBe(1);
  });

  test('descendants are the agency itself and everything below it', () => {
    const ctx = makeWorld().ctx();
    agencies.seed(ctx);
    const setda = agencies.get(ctx, 'SETDA');
    expect(agencies.descendants(ctx, setda.id)).toHaveLength(11);
    expect(agencies.descendants(ctx, 'nothing')).toEqual([]);
  });

  test('a new name closes the old one, and the past keeps its name', () => {
    const world = makeWorld();
    const ctx = world.ctx();
    agencies.seed(ctx);
    const before = agencies.get(ctx, 'DISDIK');
    const input = {
      name: 'Dinas Pendidikan dan Kebudayaan',
      shortName: 'Disdikbud',
      from: '2026-07-01',
      source: 'Perda 3/2026',
    };
    agencies.rename(world.person('administrator'), 'DISDIK', input);
    expect(agencies.get(ctx, 'DISDIK').name).toBe('Dinas Pendidikan dan Kebudayaan');
    expect(agencies.get(ctx, 'DISDIK').names).toMatchObject([
      { name: 'Dinas Pendidikan dan Kebudayaan', from: '2026-07-01', to: null },
      { name: before.name, to: '2026-06-30' },
    ]);
    expect(() => agencies.rename(ctx, 'DISDIK', { ...input, from: '2026-06-01' })).toThrow('setelah nama sekarang');
    expect(() => agencies.rename(ctx, 'DISDIK', { ...input, from: '2027-01-01' })).toThrow('paling lambat hari ini');
    expect(() => agencies.rename(ctx, 'DISDIK', { ...input, name: ' ' })).toThrow('periksa isian');
    expect(() => agencies.rename(world.person('leader'), 'DISDIK', input)).toThrow('tidak memiliki hak');
    expect(() => agencies.get(ctx, 'X')).toThrow('tidak ada dalam daftar');
  });

  test('a name tells where it was explained, however much was explained since and forgotten again', () => {
    const world = makeWorld();
    const ctx = world.ctx();
    agencies.seed(ctx);
    const disdik = agencies.get(ctx, 'DISDIK');
    agencies.explain(ctx, { 'SMP Negeri 3': 'DISDIK' }, ['import', 'pertama']);
    for (let i = 0; i < 120; i++) {
      world.clock.advance(1000);
      agencies.explain(ctx, { 'SD Negeri 1': 'DISDIK' }, ['import', `kemudian ${i}`]);
    }
    const key = agencies.aliases(ctx, disdik.id).find(({ text }) => text === 'SD Negeri 1')!.key;
    agencies.forget(ctx, 'DISDIK', { key, why: 'Bukan sekolah ini' });
    expect(agencies.aliases(ctx, disdik.id)).toMatchObject([{ text: 'SMP Negeri 3', origin: ['import', 'pertama'] }]);
  });

  test('an agency is found as people write it, and two that read the same are not guessed between', () => {
    const ctx = makeWorld().ctx();
    agencies.seed(ctx);
    const find = agencies.find(ctx);
    expect(find('dinas  PENDIDIKAN kota batam')?.code).toBe('DISDIK');
    expect(find('disdik')?.code).toBe('DISDIK');
    expect(find('Dinas Sihir')).toBeNull();
    const spelled = {
      Pendidikan: 'DISDIK',
      'DINAS PERUMAHAN RAKYAT, PERMUKIMAN & PERTAMANAN': 'DISPERKIMTAN',
      'Dis. Kesehatan': 'DINKES',
      'Kec Batu Ampar': '21.71.02',
      'batu ampar': '21.71.02',
      'Kel. Batu Besar Kota Batam': '21.71.04.1002',
      SatpolPP: 'SATPOLPP',
      'Bag. Umum Setda': undefined,
      'Bag Umum': 'SETDA-UMUM',
      'Sekretariat Daerah': 'SETDA',
      'Pemerintah Kota Batam': undefined,
    };
    expect(Object.fromEntries(Object.keys(spelled).map((text) => [text, find(text)?.code]))).toEqual(spelled);
    expect(['Pemerintah Kota Batam', 'Pemko Batam', 'Disdik'].map(agencies.namesNone)).toEqual([true, true, false]);
    agencies.explain(ctx, { 'SMP Negeri 3': 'DISDIK' });
    expect(agencies.find(ctx)('smp negeri 3 kota batam')?.code).toBe('DISDIK');
    const meant: Record<string, string | undefined> = {
      'UPT Samsat Dinas Kesehatan': 'DINKES',
      'Dinas Kominfo': 'DISKOMINFO',
      'DINAS KOMINFO KOTA BATAM': 'DISKOMINFO',
      'Bidang Aptika Kominfo': 'DISKOMINFO',
      Dinsos: 'DINSOSPM',
      'Dinas Perkim': 'DISPERKIMTAN',
      'UPTD SMP Negeri 8': 'DISDIK',
      'Dinas Komunikasi': 'DISKOMINFO',
      'Dinas Umum Batu Ampar': '21.71.02',
      XYZ: undefined,
    };
    expect(Object.fromEntries(Object.keys(meant).map((text) => [text, agencies.suggest(ctx, text)[0]?.code]))).toEqual(
      meant,
    );
    // Proposed, never taken: two may be meant.
    expect(find('Dinas Kominfo')).toBeNull();
    const twin = (id: string) => ({
      ...agencies.get(ctx, 'DISDIK'),
      id,
      code: id,
      name: 'Kelurahan Sama',
      shortName: id,
    });
    expect(finder([twin('a'), twin('b')])('Kel. Sama')).toBeNull();
  });

  test('a sheet that is no register is refused with the row that is wrong, and nothing is stored', () => {
    const ctx = makeWorld().ctx();
    const head = 'code,name,short_name,kind,parent,level\n';
    expect(() => agencies.seed(ctx, `${head}A,Nama,N,SIHIR,,agency`)).toThrow('jenis "SIHIR"');
    expect(() => agencies.seed(ctx, `${head}A,Nama,N,RSUD,B,agency`)).toThrow('induk B');
    expect(() => readRegister(`${head}A,N,N,RSUD,B,agency\nB,N,N,RSUD,A,agency`)).toThrow('melingkar');
    expect(() => agencies.seed(ctx, `${head}A,N,N,RSUD,,agency\nA,N,N,RSUD,,agency`)).toThrow('lebih dari sekali');
    expect(agencies.list(ctx)).toEqual([]);
  });
});

test('is offered by name, as people look for an agency, not by code', () => {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const names = agencies.choices(world.ctx()).map((agency) => agency.name);
  expect(names).toHaveLength(agencies.list(world.ctx()).length);
  expect(names).toEqual([...names].sort(new Intl.Collator('id').compare));
  expect(names.indexOf('Dinas Kesehatan')).toBeLessThan(names.indexOf('Dinas Pendidikan'));
});
