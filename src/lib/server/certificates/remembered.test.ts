import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import { importList } from '../../../bin/import/lists.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import * as auth from '../auth/index.ts';
import type { Context } from '../context.ts';
import * as certificates from './index.ts';
import { fieldsOf } from './sheet.ts';
import { recall } from './sheet-memory.ts';

function office() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  // A clock that never stands still, as real ones.
  const ticking = (ctx: Context): Context => ({ ...ctx, now: () => (world.clock.advance(1), world.clock.at) });
  const person = ticking(world.person('verifier', { name: 'Rina' }));
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

const ODD = ['LAPORAN BULANAN;;', 'Siapa;Angka Panjang;Habisnya', 'Sri Contoh;77AB12;31/12/2027'];

test('a heading row nobody could recognise is chosen from the rows shown, and remembered with its columns', async () => {
  const { person, send, accept, preview, world } = office();
  const first = await send(ODD.join('\n'));
  expect(preview(first)).toMatchObject({ headingRow: null, lack: expect.stringContaining('Baris judul') });
  expect(preview(first).top).toEqual([
    { row: 1, cells: ['LAPORAN BULANAN'] },
    { row: 2, cells: ['Siapa', 'Angka Panjang', 'Habisnya'] },
    { row: 3, cells: ['Sri Contoh', '77AB12', '31/12/2027'] },
  ]);
  certificates.rereadSheet(person, first, { headingRow: 2 });
  await certificates.runImports(world.ctx());
  certificates.rereadSheet(person, first, { headingRow: 2, fields: ['name', 'serial', 'until'] });
  await certificates.runImports(world.ctx());
  expect(preview(first).counts.added).toBe(1);
  await accept(first);
  // What stood in the sheet is not kept beside the ledger.
  expect(preview(first).top).toEqual([]);

  // The next month: another title above, one row more.
  const next = await send(['LAPORAN', 'Bulan Mei', ...ODD.slice(1), 'Budi Contoh;77AB13;30/11/2027'].join('\n'));
  expect(preview(next)).toMatchObject({ headingRow: 3, lack: null, counts: { added: 1, same: 1 } });
  expect(preview(next).columns.map((column) => column.field)).toEqual(['name', 'serial', 'until']);
  // The command line reads it alike.
  const done = await certificates.importFile(world.ctx(), {
    name: 'juni.csv',
    bytes: Buffer.from([...ODD, 'Cici Contoh;77AB14;1/2/2028'].join('\n')),
  });
  expect(done.totals).toMatchObject({ added: 1, duplicate: 1, rejected: 0 });
});

const PORTAL = 'Pejabat;No. Sertifikat;S/d;Instansi';
const CHOSEN = ['name', 'serial', 'until', 'agency'] as const;
/** One list whose columns a person chose, taken in. */
async function taught(at: ReturnType<typeof office>, heads = PORTAL, fields: readonly unknown[] = CHOSEN) {
  const id = await at.send(`${heads}\nSri Contoh;77AB12;31/12/2027;Dinas Kesehatan`);
  certificates.rereadSheet(at.person, id, { headingRow: 1, fields: [...fields] as never });
  await certificates.runImports(at.world.ctx());
  await at.accept(id);
}
const fieldsIn = ({ columns }: { columns: readonly { field: unknown }[] }) => columns.map(({ field }) => field);

test.each([
  [
    'added',
    'Pejabat;No. Sertifikat;S/d;Instansi;Catatan',
    'Budi;77AB13;30/11/2027;Dinas Kesehatan;x',
    [...CHOSEN, null],
  ],
  ['removed', 'Pejabat;No. Sertifikat;S/d', 'Budi;77AB13;30/11/2027', ['name', 'serial', 'until']],
  [
    'moved',
    'S/d;Instansi;PEJABAT;No Sertifikat',
    '30/11/2027;Dinas Kesehatan;Budi;77AB13',
    ['until', 'agency', 'name', 'serial'],
  ],
])('what was chosen for headings holds when a column is %s', async (_, heads, row, fields) => {
  const at = office();
  await taught(at);
  const shown = at.preview(await at.send(`LAPORAN\n${heads}\n${row}`));
  expect(fieldsIn(shown)).toEqual(fields);
  expect(shown).toMatchObject({ headingRow: 2, lack: null, isRecalled: true, counts: { added: 1 } });
  expect(shown.remarks.join(' ')).toContain('seperti yang pernah dipilih: ');
  // A list of people has headings of its own.
  const people = at.preview(await at.send('Nama;NIP;Instansi\nSri;197811042005012007;Disdik', 'personnel'));
  expect(fieldsIn(people)).toEqual(['name', 'nip', 'agency']);
});

test("the last word on a heading counts, and a field chosen for two headings is the later one's", async () => {
  const at = office();
  await taught(at, 'Nama;Nomor;Habis;Instansi', ['name', 'serial', 'until', 'agency']);
  await taught(at, 'Nama;Kode;Habis;Nomor', ['name', 'serial', 'until', null]);
  await taught(at, 'Nama;Kode;Sisa;Instansi', ['name', 'serial', 'until', 'agency']);
  const both = at.preview(await at.send('Nama;Nomor;Kode;Sisa;Lain\nBudi;1;77AB13;30/11/2027;x'));
  expect(fieldsIn(both)).toEqual(['name', null, 'serial', 'until', null]);
  const earlier = at.preview(await at.send('Nama;Habis;Kode;Sisa\nBudi;30/11/2028;77AB13;30/11/2027'));
  expect(fieldsIn(earlier)).toEqual(['name', null, 'serial', 'until']);
});

test('a guess that a person turned off stays off; taking it up again forgets that', async () => {
  const at = office();
  const heads = 'Nama;Nomor Seri;Berlaku Sampai;Status';
  const send = async (more: string, fields?: (string | null)[]) => {
    const id = await at.send(`${heads}${more}\nBudi;77AB13;30/11/2027;Dicabut${';'.repeat(more ? 1 : 0)}`);
    if (fields) certificates.rereadSheet(at.person, id, { headingRow: 1, fields: fields as never });
    await certificates.runImports(at.world.ctx());
    return id;
  };
  await at.accept(await send('', ['name', 'serial', 'until', null]));
  const next = await send(';Catatan');
  expect(fieldsIn(at.preview(next))).toEqual(['name', 'serial', 'until', null, null]);
  const off = [{ index: 3, heading: 'Status', as: 'Status menurut portal BSrE' }];
  expect(at.preview(next)).toMatchObject({ turnedOff: off, isRecalled: true, counts: { completed: 0 } });
  certificates.takeColumn(at.person, next, 3);
  expect(() => certificates.takeColumn(at.person, next, 3)).toThrow('tidak menunggu');
  await certificates.runImports(at.world.ctx());
  expect(at.preview(next)).toMatchObject({ turnedOff: [], isRecalled: false, counts: { completed: 1 } });
  expect(() => certificates.takeColumn(at.person, next, 0)).toThrow('sudah tidak diabaikan');
  certificates.cancelSheet(at.person, next);
  await at.accept(await send(';Catatan', ['name', 'serial', 'until', 'portal', null]));
  expect(fieldsIn(at.preview(await send(';Ket')))).toEqual(['name', 'serial', 'until', 'portal', null]);
});

test('a field that another heading was given says nothing of the heading it was taken from', async () => {
  const at = office();
  await taught(at, 'Nama;Seri;Berlaku Sampai;Pejabat', [null, 'serial', 'until', 'name']);
  const other = at.preview(await at.send('Nama;Nomor Seri;Berlaku Sampai\nBudi;77AB13;30/11/2027'));
  expect(fieldsIn(other)).toEqual(['name', 'serial', 'until']);
  expect(other.isRecalled).toBe(false);
});

test('what was chosen is forgotten where it is seen, by whom may import, with a trace', async () => {
  const at = office();
  await taught(at);
  const list = `${PORTAL};Catatan\nBudi;77AB13;30/11/2027;Dinas Kesehatan;x`;
  const id = await at.send(list);
  expect(at.preview(id).remembers).toEqual({ headings: ['Pejabat', 'No. Sertifikat'], isWhole: false });
  expect(() => certificates.forgetColumns(at.world.person('auditor'), id)).toThrow('hak');
  certificates.forgetColumns(at.person, id);
  await certificates.runImports(at.world.ctx());
  expect(at.preview(id)).toMatchObject({ isRecalled: false, lack: expect.stringContaining('Nama') });
  expect(() => certificates.forgetColumns(at.person, id)).toThrow('Tidak ada yang diingat');
  expect(at.preview(await at.send(list)).lack).not.toBeNull();
  const [told] = audit.list(at.person, { target: ['import', id] }, auth.names(at.person));
  expect(told?.sentence).toMatch(/^Rina melupakan pilihan kolom yang diingat, pada pratinjau impor IMP-/);
});

test('a list of certificates sent as a personnel list is said to be one, and read as one on the word of a person', async () => {
  const { person, send, preview, world } = office();
  const list = 'Nama;Nomor Seri;Berlaku Sampai;Perangkat Daerah\nSri Contoh;77AB12;31/12/2027;Dinas Kesehatan';
  const id = await send(list, 'personnel');
  expect(preview(id).better).toEqual({
    kind: 'certificate_sheet',
    said: 'Judul kolomnya menunjukkan daftar sertifikat, sedangkan berkas ini dikirim sebagai daftar pegawai.',
  });
  certificates.rereadSheet(person, id, { kind: 'certificate_sheet' });
  await certificates.runImports(world.ctx());
  expect(preview(id)).toMatchObject({ better: null, counts: { added: 1 } });
  expect(preview(id).rows[0]!.about).toBe('Seri 77AB12, sampai 31 Desember 2027');
  // Where nobody can be asked, nothing is written.
  const file = { name: 'daftar.csv', bytes: Buffer.from(list) };
  const run = await certificates.importPersonnel(world.ctx(), file);
  expect(run.state).toBe('failed');
  expect(certificates.importRun(person, run.id).message).toContain('menunjukkan daftar sertifikat');
  const by = { consent: 'write', json: true } as const;
  const list2 = await importList(world.ctx(), { ...file, personnel: true, agencyId: null, overwrite: false }, by);
  expect(list2.state).toBe('failed');
  expect(certificates.holders(person, {}).total).toBe(0);
});

test.each<[string, string]>([
  ['a list of people with the end of their contracts', 'Nama;NIP;Jabatan;TMT;Perangkat Daerah;Berakhir'],
  ['a plain list of people', 'Nama;NIP;Perangkat Daerah;Status'],
])('%s stays what it was sent as', async (_, head) => {
  const { send, preview } = office();
  const id = await send(`${head}\nSri;197811042005012007;;;Disdik;1/1/2027`, 'personnel');
  expect(preview(id).better).toBeNull();
});

test('what is remembered is found among many columns; the same heading twice tells of neither', () => {
  const memory = new Map([['pejabat', { field: 'name', at: 1 } as const]]);
  const cells = Array.from({ length: 500 }, (_, i) => `Kolom ${i}`);
  const compared = (heads: string[]) => recall(heads, fieldsOf(heads, 'personnel'), 'personnel', memory);
  expect(compared([...cells, 'Pejabat']).at(-1)).toBe('name');
  expect(compared(['Pejabat', ...cells, 'Pejabat']).filter(Boolean)).toEqual([]);
});
