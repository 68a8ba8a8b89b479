import { describe, expect, test } from 'vitest';
import type { Cell } from 'hucre';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { officeCertificateSheet, officePersonnelSheet } from '#tests/support/office-sheets.ts';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { DAY, wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as certificates from './index.ts';

const SRI = '197811042005012007';
const BUDI = '198001012006041001';
const HEAD = 'Nama;NIP;Jabatan;Perangkat Daerah;Surel;Status;TMT';

function office(): { world: World; ctx: Context; person: Context } {
  const world = makeWorld();
  agencies.seed(world.ctx());
  return { world, ctx: world.ctx(), person: world.person('verifier') };
}

/** What the web does: upload, jobs read it, and it waits. */
async function previewed(
  at: { ctx: Context; person: Context },
  text: string | Uint8Array,
  kind?: 'personnel',
  name = 'daftar.csv',
): Promise<string> {
  const file = { name, bytes: typeof text === 'string' ? Buffer.from(text) : text };
  const [run] = await certificates.requestImport(at.person, { files: [file], kind });
  await certificates.runImports(at.ctx);
  return run!.id;
}
const personnel = (at: { ctx: Context; person: Context }, ...rows: string[]) =>
  previewed(at, [HEAD, ...rows].join('\n'), 'personnel');

async function accepted(at: { ctx: Context; person: Context }, id: string) {
  certificates.acceptSheet(at.person, id);
  await certificates.runImports(at.ctx);
  return certificates.importRun(at.person, id);
}

const everything = (world: World) =>
  ['holder', 'position', 'certificate', 'ownership', 'import_entry', 'problem'].map(
    (table) => world.db.$client.prepare(`select count(*) from ${table}`).pluck().get() as number,
  );
const verdicts = (at: { person: Context }, id: string) =>
  certificates.sheetPreview(at.person, id)!.rows.map((row) => [row.name, row.verdict]);

describe('the preview of a personnel list', () => {
  test('writes nothing, and the commit does what it showed', async () => {
    const at = office();
    const before = everything(at.world);
    const id = await personnel(
      at,
      `Sri Handayani;${SRI};Sekretaris;Disdik;sri@batam.example;Aktif;`,
      'Budi;;Camat;Dinkes;;;',
    );
    const run = certificates.importRun(at.person, id);
    expect(run.state).toBe('preview');
    expect(everything(at.world)).toEqual(before);
    expect(verdicts(at, id)).toEqual([
      ['Sri Handayani', 'added'],
      ['Budi', 'added'],
    ]);
    expect((await accepted(at, id)).totals).toMatchObject({ added: 2, rejected: 0 });
    const names = (key: string) => (key === audit.actorKey(at.person.actor) ? 'Rina' : 'Siaga');
    const done = audit.list(at.ctx, { target: ['import', id] }, names).find(({ action }) => action === 'import.done');
    expect(done!.sentence).toMatch(
      /^Siaga mengimpor IMP-\S+ atas persetujuan Rina: 2 baru, .*\(sidik daftar [0-9a-f]{8}…[0-9a-f]{4}\)$/,
    );
    expect(certificates.holders(at.ctx, { q: 'handayani' }).rows[0]).toMatchObject({ position: 'Sekretaris' });
    expect(
      audit
        .list(at.ctx, { target: ['import', id] }, (key) => key)
        .map((entry) => entry.action)
        .sort(),
    ).toEqual(['import.accepted', 'import.done', 'import.requested']);
  });

  test('shows new, completed, changed with from and to, the same, and who is no longer named; the last is never removed', async () => {
    const at = office();
    await accepted(
      at,
      await personnel(
        at,
        `Sri Handayani;${SRI};Sekretaris;Disdik;;Aktif;`,
        `Budi;${BUDI};Camat;Dinkes;b@batam.example;Aktif;`,
        'Tetap;199001012015041001;Staf;Disdik;;;',
        'Pergi;199101012015041002;Staf;Disdik;;;',
      ),
    );
    at.world.clock.advance(DAY);
    const id = await personnel(
      at,
      `Sri Handayani;${SRI};Sekretaris;Disdik;sri@batam.example;Aktif;`,
      `Budi;${BUDI};Kepala Dinas;Dinas Kesehatan;;Aktif;01/11/2026`,
      'Tetap;199001012015041001;Staf;Disdik;;;',
      'Baru;199201012015041003;Staf;Dinkes;;;',
    );
    const preview = certificates.sheetPreview(at.person, id)!;
    expect(preview.counts).toEqual({
      added: 1,
      completed: 1,
      changed: 1,
      same: 1,
      absent: 1,
      rejected: 0,
      contested: 0,
    });
    expect(preview.rows.find((row) => row.verdict === 'changed')?.changes).toEqual([
      { field: 'Jabatan', from: 'Camat', to: 'Kepala Dinas' },
    ]);
    expect(certificates.sheetPreview(at.person, id, { shown: 'absent' })!.rows.map((row) => row.name)).toEqual([
      'Pergi',
    ]);
    const run = await accepted(at, id);
    expect(run.totals).toMatchObject({ added: 1, completed: 2, duplicate: 1, rejected: 0 });
    expect(certificates.holders(at.ctx, { q: 'pergi' }).rows[0]).toMatchObject({ status: 'active' });
    expect(certificates.sheetRows(at.person, id, { shown: 'absent' })).toHaveLength(1);
    const again = await personnel(at, `Budi;${BUDI};Kepala Dinas;Dinkes;b@batam.example;;`);
    expect(certificates.sheetPreview(at.person, again)!.counts).toMatchObject({ same: 1, changed: 0, added: 0 });
  });

  test('whom a few pasted rows do not name is told only to who asks, before and after', async () => {
    const at = office();
    const staff = ['Ani', 'Budi', 'Cici', 'Dedi'].map((name, i) => `${name};19900101201504100${i};Staf;Disdik;;;`);
    await accepted(at, await personnel(at, ...staff));
    const half = await personnel(at, ...staff.slice(0, 2));
    expect(certificates.sheetPreview(at.person, half)).toMatchObject({ counts: { absent: 2 }, isExtract: false });
    const few = await personnel(at, staff[0]!);
    expect(certificates.sheetPreview(at.person, few)).toMatchObject({ counts: { absent: 3 }, isExtract: true });
    await accepted(at, few);
    await accepted(at, half);
    expect(certificates.sheetPreview(at.person, few)).toMatchObject({ counts: { absent: 3 }, isExtract: true });
    expect(certificates.sheetRows(at.person, few, { shown: 'absent' }).map((row) => row.name)).toEqual([
      'Budi',
      'Cici',
      'Dedi',
    ]);
    expect(certificates.sheetPreview(at.person, half)!.isExtract).toBe(false);
  });

  test('the ledger says of each row what the preview said, in the same words, and filters by them', async () => {
    const at = office();
    await accepted(at, await personnel(at, `Sri;${SRI};Sekretaris;Disdik;;;`, `Budi;${BUDI};Camat;Dinkes;;;`));
    at.world.clock.advance(DAY);
    const id = await personnel(
      at,
      `Sri;${SRI};Sekretaris;Disdik;sri@batam.example;;`,
      `Budi;${BUDI};Kepala Dinas;Dinkes;;;`,
      'Cici;199201012015041003;Staf;Dinkes;cici at batam;;',
      ';199901012015041001;Staf;Dinkes;;;',
    );
    const before = certificates.sheetPreview(at.person, id)!;
    const said = before.rows.map((row) => row.verdict);
    expect(said).toEqual(['completed', 'changed', 'added', 'rejected']);
    const noted = certificates.sheetRows(at.person, id, { shown: 'notes' }).map((row) => row.line);
    expect([before.noted, noted]).toEqual([1, [4]]);
    await accepted(at, id);
    const after = certificates.importRun(at.person, id);
    expect(after.entries.map((entry) => entry.result)).toEqual(said);
    expect(after.results).toMatchObject({ added: 1, completed: 1, changed: 1, same: 0, duplicate: 0, rejected: 1 });
    expect(after.noted).toBe(1);
    const shown = (result: 'completed' | 'changed' | 'notes') =>
      certificates.importLedger(at.person, id, result).map(({ name }) => name);
    expect([shown('completed'), shown('changed'), shown('notes')]).toEqual([
      ['Baris 2: Sri'],
      ['Baris 3: Budi'],
      ['Baris 4: Cici'],
    ]);
  });

  test('what the command line has in hand is written by it alone; jobs take it when its process is gone', async () => {
    const at = office();
    const list = (name: string) => ({
      name: `${name}.csv`,
      bytes: Buffer.from(`Nama;NIP;OPD\n${name};${SRI};Disdik`),
      kind: 'personnel' as const,
    });
    const seen = await certificates.lookAtSheet(at.ctx, list('Sri'));
    expect(seen.state).toBe('preview');
    expect(certificates.holders(at.ctx, {}).rows).toEqual([]);
    const writing = certificates.writeSheet(at.ctx, seen.id);
    expect(certificates.importsWaiting(at.ctx)).toBe(false);
    expect(await writing).toMatchObject({ state: 'done', totals: { added: 1 } });
    const cut = await certificates.lookAtSheet(at.ctx, list('Sri H'));
    at.world.db.$client.exec(
      `update import_run set state = 'running', held_until = ${at.ctx.now() + 1} where id = '${cut.id}';
       update import_sheet set accepted_by = 'system:cli', accepted_at = ${at.ctx.now()} where import_id = '${cut.id}'`,
    );
    expect(certificates.importsWaiting(at.ctx)).toBe(false);
    at.world.clock.advance(2 * 60_000);
    await certificates.runImports(at.ctx);
    expect(certificates.importRun(at.ctx, cut.id).state).toBe('done');
  });

  test('a damaged or unreadable value is named and left out, the row goes in; only who cannot be recognised is refused', async () => {
    const at = office();
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'Data',
          rows: [
            ['Nama', 'NIP', 'Jabatan', 'OPD', 'Email', 'Status'],
            ['Sri Handayani', Number(SRI), 'Sekretaris', 'Disdik', 'sri at batam', 'Aktif'],
            ['Budi', BUDI, 'Camat', 'Dinas Sihir', null, 'Entah'],
            ['Cepat', '1.98E+17', 'Staf', 'Dinkes', null, null],
            ['Bulat', '198001012006041000', 'Staf', 'Dinkes', null, null],
            ['Pagar', '#####', 'Staf', 'Dinkes', null, null],
            ['Pendek', '123', 'Staf', 'Dinkes', null, null],
            ['Tanpa Apa', null, 'Staf', 'Dinas Sihir', null, null],
            [null, '199001012015041001', 'Staf', 'Dinkes', null, null],
          ],
        },
      ],
    });
    const id = await previewed(at, bytes, 'personnel', 'p.xlsx');
    const rows = certificates.sheetPreview(at.person, id)!.rows;
    expect(rows.map((row) => [row.line, row.verdict])).toEqual([
      [2, 'added'],
      [3, 'added'],
      [4, 'added'],
      [5, 'added'],
      [6, 'added'],
      [7, 'added'],
      [8, 'rejected'],
      [9, 'rejected'],
    ]);
    const noted = rows.map((row) => row.notes.join(' '));
    expect(noted[0]).toMatch(
      /Kolom NIP: Angka ini sudah dibulatkan oleh Excel .*Kolom Surel: "sri at batam" bukan alamat surel/,
    );
    expect(noted[1]).toMatch(/"Dinas Sihir" tidak ada dalam daftar.*"Entah" belum dikenal/);
    for (const i of [2, 3]) expect(noted[i]).toContain('sudah dibulatkan oleh Excel');
    expect(noted[4]).toContain('#####');
    expect(noted[5]).toContain('18 angka; "123" berisi 3');
    const run = await accepted(at, id);
    expect(run.totals).toMatchObject({ added: 6, rejected: 2 });
    expect(run.entries[0]).toMatchObject({
      outcome: 'added',
      name: 'Baris 2: Sri Handayani',
      reason: expect.stringContaining('dibulatkan oleh Excel'),
    });
    expect(run.entries[6]).toMatchObject({
      outcome: 'rejected',
      name: 'Baris 8: Tanpa Apa',
      reason: expect.stringContaining('hanya dapat dikenali dari Perangkat Daerahnya'),
    });
    expect(certificates.holders(at.ctx, { q: 'handayani' }).rows[0]).toMatchObject({ nip: null, agencyCode: 'DISDIK' });
    // Twice is the same, although the numbers are gone.
    const twice = await previewed(at, bytes, 'personnel', 'p.xlsx');
    expect(certificates.sheetPreview(at.person, twice)!.counts).toMatchObject({ added: 0, same: 6, rejected: 2 });
  });

  test('one person twice in a sheet is taken once; who cannot be told from a namesake is not', async () => {
    const at = office();
    const id = await personnel(
      at,
      `Sri Handayani;${SRI};Sekretaris;Disdik;;;`,
      `Sri Handayani;${SRI};Sekretaris;Disdik;;;`,
      `Sri Handayani;${SRI};Plt. Kepala;Disdik;;;`,
      'Sri Handayani;;Staf;Disdik;;;',
    );
    const rows = certificates.sheetPreview(at.person, id)!.rows;
    expect(rows.map((row) => row.verdict)).toEqual(['added', 'same', 'rejected', 'rejected']);
    expect(rows[2]!.reason).toContain('Baris 2 sudah memuat');
    expect(rows[3]!.reason).toContain('tanpa NIP keduanya tidak dapat dibedakan');
    const run = await accepted(at, id);
    expect(run.totals).toMatchObject({ added: 1, duplicate: 1, rejected: 2 });
    expect(certificates.holders(at.ctx, {}).total).toBe(1);
  });

  test('a name of an agency that fits none is asked once, and remembered for every later sheet', async () => {
    const at = office();
    const id = await personnel(
      at,
      `Sri Handayani;${SRI};Guru;SMP Negeri 3 Batam;;;`,
      `Budi;${BUDI};Guru;smp negeri 3 batam;;;`,
      'Kadis;199001012015041001;Kepala;Pendidikan;;;',
      'Camat;199101012015041002;Camat;Kec Batu Ampar & Sekitarnya;;;',
    );
    const { unknown } = certificates.sheetPreview(at.person, id)!;
    expect(unknown.map(({ text, rows }) => [text, rows])).toEqual([
      ['Kec Batu Ampar & Sekitarnya', 1],
      ['SMP Negeri 3 Batam', 1],
      ['smp negeri 3 batam', 1],
    ]);
    expect(unknown[0]!.likely[0]).toMatchObject({ code: '21.71.02' });
    certificates.explainAgencies(at.person, id, { 'SMP Negeri 3 Batam': 'DISDIK' });
    await certificates.runImports(at.ctx);
    expect(certificates.sheetPreview(at.person, id)!.unknown).toHaveLength(1);
    await accepted(at, id);
    expect(certificates.holders(at.ctx, { agency: 'DISDIK' }).total).toBe(3);
    const later = await personnel(at, 'Guru;199201012015041003;Guru;SMP Negeri 3 Batam;;;');
    expect(certificates.sheetPreview(at.person, later)!.unknown).toEqual([]);
    expect(() => certificates.explainAgencies(at.person, later, { 'lain sama sekali': 'DISDIK' })).toThrow(
      'Pilih Perangkat Daerah',
    );
  });

  test('moves are dated by the list, leavers keep their certificates under the agency they had', async () => {
    const at = office();
    await accepted(
      at,
      await personnel(at, `Sri Handayani;${SRI};Sekretaris;Disdik;sri@batam.example;;`, `Budi;${BUDI};Camat;Dinkes;;;`),
    );
    const list =
      'Nama;Nomor Seri;Berlaku Sampai;NIP\n' + `Sri Handayani;1001;1/1/2028;${SRI}\nBudi;1002;1/1/2028;${BUDI}`;
    await accepted(at, await previewed(at, list));
    expect(
      certificates
        .list(at.ctx)
        .rows.map((row) => row.agencyCode)
        .sort(),
    ).toEqual(['DINKES', 'DISDIK']);
    at.world.clock.advance(DAY);
    const id = await personnel(
      at,
      `Sri Handayani;${SRI};Kepala;Diskominfo;;Aktif;2 November 2026`,
      `Budi;${BUDI};;Diskominfo;;Pensiun;1/11/2026`,
    );
    await accepted(at, id);
    const sri = certificates.holders(at.ctx, { q: 'handayani' }).rows[0]!;
    const budi = certificates.holders(at.ctx, { q: 'budi' }).rows[0]!;
    expect(certificates.holder(at.ctx, sri.id).positions.map((p) => [p.agencyCode, p.from])).toEqual([
      ['DISKOMINFO', expect.any(String)],
      ['DISDIK', expect.any(String)],
    ]);
    expect(certificates.holder(at.ctx, budi.id)).toMatchObject({ status: 'retired', statusSince: '2026-11-01' });
    expect(
      certificates
        .list(at.ctx)
        .rows.map((row) => row.agencyCode)
        .sort(),
    ).toEqual(['DINKES', 'DISKOMINFO']);
    const future = await personnel(at, `Sri Handayani;${SRI};;;;Pensiun;1 Januari 2028`);
    expect(certificates.sheetPreview(at.person, future)!.rows[0]).toMatchObject({
      verdict: 'same',
      notes: [expect.stringMatching(/ \d{4} belum tiba/)],
    });
  });
});

describe('how a sheet is read', () => {
  test('a person chooses sheet, heading row and columns; the columns are remembered for these headings', async () => {
    const at = office();
    const rows = [
      ['Laporan', null, null],
      ['Siapa', 'Kode', 'Dinasnya'],
      ['Sri Handayani', SRI, 'Disdik'],
    ];
    const bytes = await writeXlsx({
      sheets: [
        { name: 'Isi', rows: [['x']] },
        { name: 'Kedua', rows },
      ],
    });
    const id = await previewed(at, bytes, 'personnel', 'p.xlsx');
    expect(certificates.sheetPreview(at.person, id)).toMatchObject({
      sheets: ['Isi', 'Kedua'],
      sheet: 'Isi',
      headingRow: null,
    });
    expect(() => certificates.acceptSheet(at.person, id)).toThrow('memerlukan');
    certificates.rereadSheet(at.person, id, { sheet: 'Kedua', headingRow: 2 });
    await certificates.runImports(at.ctx);
    expect(certificates.sheetPreview(at.person, id)!.columns.map((c) => [c.heading, c.field, c.example])).toEqual([
      ['Siapa', null, 'Sri Handayani'],
      ['Kode', 'nip', SRI],
      ['Dinasnya', null, 'Disdik'],
    ]);
    expect(() => certificates.rereadSheet(at.person, id, { fields: ['name', 'name', null] })).toThrow('dua kolom');
    expect(() => certificates.rereadSheet(at.person, id, { sheet: 'Ketiga' })).toThrow('tidak ada dalam berkas');
    certificates.rereadSheet(at.person, id, { sheet: 'Kedua', headingRow: 2, fields: ['name', 'nip', 'agency'] });
    await certificates.runImports(at.ctx);
    expect((await accepted(at, id)).totals).toMatchObject({ added: 1 });
    const next = await previewed(at, 'Siapa;Kode;Dinasnya\nBudi;;Dinkes', 'personnel');
    certificates.rereadSheet(at.person, next, { headingRow: 1 });
    await certificates.runImports(at.ctx);
    expect(certificates.sheetPreview(at.person, next)!.counts.added).toBe(1);
  });

  test('a personnel list dropped among the certificates is read as what it is, and says so', async () => {
    const at = office();
    const id = await previewed(at, `${HEAD}\nSri Handayani;${SRI};Sekretaris;Disdik;;;`);
    expect(certificates.importRun(at.person, id)).toMatchObject({ kind: 'personnel', state: 'preview' });
    expect(certificates.sheetPreview(at.person, id)!.remarks[0]).toContain('daftar pegawai');
  });

  test('cells pasted from Excel are a list, a PEM is not', async () => {
    const at = office();
    const file = certificates.pastedFile(
      `Nama\tNIP\tOPD\nSri Handayani\t${SRI}\tDisdik\n"Budi\nSantoso"\t${BUDI}\tDinkes`,
    )!;
    expect(file.name).toBe('tempelan.csv');
    const id = await previewed(at, file.bytes, 'personnel', file.name);
    expect(verdicts(at, id)).toEqual([
      ['Sri Handayani', 'added'],
      ['Budi Santoso', 'added'],
    ]);
    expect(certificates.pastedFile('-----BEGIN CERTIFICATE-----\nMIIB\tx\n-----END CERTIFICATE-----')?.name).toBe(
      'tempelan.pem',
    );
    expect(certificates.pastedFile('  ')).toBeNull();
  });

  test.each([
    ['UTF-16 with tabs', Buffer.from('\ufeffNama\tNIP\tOPD\nSri Ünal\t\tDisdik', 'utf16le')],
    ['Windows-1252 with semicolons', Buffer.from('Nama;NIP;OPD\nSri Ünal;;Disdik', 'latin1')],
    ['UTF-8 with mark and commas', Buffer.from('\ufeffNama,NIP,OPD\n"Sri Ünal",,Disdik')],
  ])('%s reads the same', async (_, bytes) => {
    const at = office();
    const id = await previewed(at, bytes, 'personnel');
    expect(verdicts(at, id)).toEqual([['Sri Ünal', 'added']]);
  });

  test('a formula of a text file has no value; what only looks like one enters as text and leaves as text', async () => {
    const at = office();
    const raw = await personnel(at, `Sri Handayani;${SRI};=1+1;Disdik;;;`, `=HYPERLINK("http://x");${BUDI};;Disdik;;;`);
    const [sri, budi] = certificates.sheetPreview(at.person, raw)!.rows;
    expect(sri).toMatchObject({ verdict: 'added', enters: [], notes: [expect.stringContaining('rumus tanpa hasil')] });
    expect(budi).toMatchObject({ verdict: 'rejected', reason: 'Nama tidak ada atau tidak dapat dibaca.' });
    certificates.cancelSheet(at.person, raw);
    await accepted(at, await personnel(at, `Sri Handayani;="${SRI}";'=1+1;Disdik;;;`));
    const held = certificates.holders(at.ctx, { q: 'handayani' }).rows[0];
    expect(held).toMatchObject({ nip: SRI, position: '=1+1' });
    const file = await certificates.editablePeople(at.person, {});
    const reread = await previewed(at, file.bytes, 'personnel', file.name);
    expect(certificates.sheetPreview(at.person, reread)!.counts).toMatchObject({ same: 1, changed: 0 });
  });

  const result = (value: string, formula: string): Partial<Cell> => ({ value, formula, formulaResult: value });
  const workbook = (rows: readonly (string | Partial<Cell>)[][]) =>
    writeXlsx({
      sheets: [
        {
          name: 'Pegawai',
          rows: rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : null))),
          cells: new Map(
            rows.flatMap((row, r) =>
              row.flatMap((cell, c) => (typeof cell === 'string' ? [] : [[`${r},${c}`, cell] as const])),
            ),
          ),
        },
      ],
    });

  test('results of formulas enter, are named at their rows where they are few, and for the column', async () => {
    const at = office();
    const bytes = await workbook([
      HEAD.split(';').slice(0, 4),
      [result('Sri Handayani', 'B9&C9'), SRI, 'Sekretaris', 'Disdik'],
      ['Budi', BUDI, result('Camat', "VLOOKUP(B3,'[1]Data Induk'!A:C,3,0)"), 'Dinkes'],
    ]);
    const id = await previewed(at, bytes, 'personnel', 'daftar.xlsx');
    const sheet = certificates.sheetPreview(at.person, id)!;
    expect(sheet.rows.map(({ name, notes }) => [name, ...notes])).toEqual([
      ['Sri Handayani', 'Kolom Nama: hasil rumus Excel; periksa bahwa nilainya benar.'],
      ['Budi', 'Kolom Jabatan: hasil rumus dari buku kerja lain; periksa bahwa nilainya masih benar.'],
    ]);
    const remarks = sheet.remarks.join(' ');
    expect(remarks).toContain('Kolom Nama: 1 sel berisi rumus Excel (baris 2).');
    expect(remarks).toContain(
      'Kolom Jabatan: 1 sel berisi rumus yang mengambil nilainya dari buku kerja lain (baris 3)',
    );
    const run = await accepted(at, id);
    expect(run.message).toContain('Kolom Nama: 1 sel berisi rumus Excel');
    expect(run.entries[0]!.reason).toContain('hasil rumus Excel');
  });

  test('a whole column of formulas is told once, and buries no note that asks for something', async () => {
    const at = office();
    const people = Array.from({ length: 30 }, (_, i) => [
      `Orang Ke ${'ABCDEFGHIJKLMNOPQRSTUVWXYZABCD'[i]}${i}`,
      `19900101201504${1001 + i}`,
      result('Staf', `IF(A${i + 2}="","","Staf")`),
      i === 4 ? 'Entah di Mana' : 'Disdik',
    ]);
    const bytes = await workbook([HEAD.split(';').slice(0, 4), ...people]);
    const sheet = certificates.sheetPreview(at.person, await previewed(at, bytes, 'personnel', 'daftar.xlsx'))!;
    expect(sheet.counts.added).toBe(30);
    expect(sheet.noted).toBe(1);
    expect(sheet.remarks.join(' ')).toContain('Kolom Jabatan: 30 sel berisi rumus Excel (baris 2–31).');
  });
});

test.each([
  ['hex', '77AB12', '77AB13'],
  ['hex with colons', '77:AB:12', '77:AB:13'],
  ['decimal', String(0x77ab12), String(0x77ab13)],
])('serials of one preview have the form in which its list writes them: %s', async (_, gone, kept) => {
  const at = office();
  const head = 'Nama;Nomor Seri;Berlaku Sampai';
  await accepted(at, await previewed(at, `${head}\nSri;${gone};1/1/2028\nBudi;${kept};1/1/2028`));
  const id = await previewed(at, `${head}\nBudi;${kept};1/1/2028`);
  expect(certificates.sheetRows(at.person, id).map(({ about }) => about)).toEqual([
    `Seri ${kept}, sampai 1 Januari 2028`,
  ]);
  const absent = certificates.sheetRows(at.person, id, { shown: 'absent' });
  expect(absent.map(({ about }) => about)).toEqual([`Seri ${gone}`]);
});

describe('committing a preview', () => {
  test('can be dropped before, is done once, and says what changed in between', async () => {
    const at = office();
    const first = await personnel(at, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    const second = await personnel(at, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    const third = await personnel(at, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    certificates.cancelSheet(at.person, third);
    expect(certificates.importRun(at.person, third)).toMatchObject({ state: 'voided', entries: [] });
    await accepted(at, first);
    expect(() => certificates.acceptSheet(at.person, first)).toThrow('tidak menunggu');
    const run = await accepted(at, second);
    expect(run.entries[0]).toMatchObject({
      outcome: 'duplicate',
      reason: expect.stringContaining('Berubah sejak pratinjau'),
    });
    expect(() => certificates.acceptSheet(at.world.person('auditor'), first)).toThrow('hak');
  });

  test('killed after any chunk, the next run goes on where the ledger ends', async () => {
    const at = office();
    const rows = Array.from(
      { length: 620 },
      (_, i) => `Orang Ke ${i};19900101201504${String(1001 + i).padStart(4, '0')};Staf;Disdik;;;`,
    );
    const id = await personnel(at, ...rows);
    expect(certificates.sheetPreview(at.person, id)!.counts.added).toBe(620);
    certificates.acceptSheet(at.person, id);
    for (let left = 1; left <= 2; left++) {
      let chunks = 0;
      const fence = () => {
        // Each chunk asks the fence first; start and layout take two.
        if (++chunks > 3) throw new Error('killed');
      };
      await expect(certificates.runImports({ ...at.ctx, fence })).rejects.toThrow('killed');
    }
    await certificates.runImports(at.ctx);
    const run = certificates.importRun(at.person, id);
    expect(run).toMatchObject({ state: 'done', totals: { added: 620, duplicate: 0, rejected: 0 } });
    expect(certificates.holders(at.ctx, {}).total).toBe(620);
  });

  test('a preview killed half-way is read anew', async () => {
    const at = office();
    const text = [HEAD, ...Array.from({ length: 600 }, (_, i) => `Orang ${i};;Staf;Disdik;;;`)].join('\n');
    await certificates.requestImport(at.person, {
      files: [{ name: 'p.csv', bytes: Buffer.from(text) }],
      kind: 'personnel',
    });
    let chunks = 0;
    const fence = () => {
      if (++chunks > 2) throw new Error('killed');
    };
    await expect(certificates.runImports({ ...at.ctx, fence })).rejects.toThrow('killed');
    await certificates.runImports(at.ctx);
    const run = certificates.imports(at.person).rows[0]!;
    expect(certificates.sheetPreview(at.person, run.id)!.counts.added).toBe(600);
  });
});

describe('a list of certificates', () => {
  test('completes and changes what rests on lists, and shows what earlier lists of the same source named', async () => {
    const at = office();
    const head = 'Nama;Nomor Seri;Berlaku Sejak;Berlaku Sampai;Instansi';
    const first = await previewed(
      at,
      `${head}\nSri;0xab;;1/1/2028;Pemerintah Kota Batam\nBudi;0xcd;;;Dinkes\nTanpa Seri;;;1/1/2027;`,
    );
    expect(certificates.sheetPreview(at.person, first)!.unknown).toEqual([]);
    await accepted(at, first);
    const second = await previewed(
      at,
      `${head}\nSri;0xab;1/1/2026;2/1/2028;\nTanpa Seri;;;1/1/2027;\nBaru;632000000000000000000000;;;`,
    );
    const preview = certificates.sheetPreview(at.person, second)!;
    expect(preview.counts).toMatchObject({ changed: 1, contested: 0, same: 1, absent: 1, rejected: 1 });
    expect(preview.rows[0]!.changes.map((change) => change.field)).toEqual(['Berlaku sejak', 'Berlaku sampai']);
    await accepted(at, second);
    expect(certificates.list(at.ctx).rows).toHaveLength(3);
  });
});

describe('the e-mail of a list of certificates', () => {
  const head = 'Nama;Nomor Seri;Berlaku Sampai;NIP;Surel';

  test('names the owner; one that is not what is on record of the owner is noted, and says where it is changed', async () => {
    const at = office();
    await accepted(at, await personnel(at, `Sri;${SRI};;Disdik;sri@batam.go.id;;`, `Budi;${BUDI};;Disdik;;;`));
    const rows = (sri: string) => `${head}\nSri;0xab;1/1/2028;${SRI};${sri}\nBudi;0xcd;1/1/2028;${BUDI};`;
    await accepted(at, await previewed(at, rows('Sri@batam.go.id')));
    const again = certificates.sheetPreview(at.person, await previewed(at, rows('Sri@batam.go.id')))!;
    expect([again.counts.same, again.noted]).toEqual([2, 0]);
    const changed = certificates.sheetPreview(at.person, await previewed(at, rows('sri.baru@batam.go.id')))!;
    expect([changed.counts.same, changed.noted]).toEqual([2, 1]);
    expect(changed.rows[0]!.notes.join()).toMatch(/Kolom Surel: sri\.baru@.*berbeda.*sri@batam.*daftar pegawai/);
  });

  test('completes a record without an owner; of whom nobody has it, the list is told once that it is not kept', async () => {
    const at = office();
    await accepted(at, await personnel(at, `Sri;${SRI};;Disdik;sri@batam.go.id;;`));
    await accepted(at, await previewed(at, `${head}\nSri;0xab;1/1/2028;;lama@batam.go.id`));
    expect(certificates.list(at.ctx).rows[0]!.holderId).toBeNull();
    const id = await previewed(at, `${head}\nSri;0xab;1/1/2028;;sri@batam.go.id\nAni;0xef;1/1/2028;;ani@batam.go.id`);
    const preview = certificates.sheetPreview(at.person, id)!;
    expect(preview.rows[0]!.changes.map(({ field }) => field)).toEqual(['Pemilik', 'Perangkat Daerah']);
    expect(preview.remarks.join(' ')).toContain('1 baris menyebut surel yang tidak tercatat');
    await accepted(at, id);
    expect(certificates.list(at.ctx, { q: 'Sri' }).rows[0]).toMatchObject({ nip: SRI });
  });
});

describe('a list that tells the serials another one left out', () => {
  const head = 'Nama;Nomor Seri;Berlaku Sampai';
  const serials = (at: { ctx: Context }) => certificates.list(at.ctx, { sort: 'serial' }).rows.map((row) => row.serial);

  test('completes the records by name, use and last day, and enters none twice', async () => {
    const at = office();
    await accepted(at, await previewed(at, `${head}\nSri;;1/1/2028\nBudi;;1/1/2027`));
    const id = await previewed(at, `${head}\nSri;0xab;1/1/2028\nBudi;0xcd;1/1/2029`);
    expect(certificates.sheetPreview(at.person, id)!.counts).toMatchObject({ completed: 1, added: 1 });
    expect((await accepted(at, id)).totals).toMatchObject({ completed: 1, added: 1 });
    expect(serials(at)).toEqual(['ab', 'cd', null]);
  });

  test('two serials for one such record: the first is it, the other is another certificate, as the preview says', async () => {
    const at = office();
    await accepted(at, await previewed(at, `${head}\nSri;;1/1/2028`));
    const id = await previewed(at, `${head}\nSri;0xab;1/1/2028\nSri;0xcd;1/1/2028`);
    expect(certificates.sheetPreview(at.person, id)!.counts).toMatchObject({ completed: 1, added: 1 });
    const done = await accepted(at, id);
    expect(done.totals).toMatchObject({ completed: 1, added: 1 });
    expect(done.entries.map((entry) => entry.reason)).toEqual([null, null]);
    expect(serials(at)).toEqual(['ab', 'cd']);
  });
});

describe('a NIP that comes with another name', () => {
  test('is a doubt for a person to decide, and changes nothing until then', async () => {
    const at = office();
    await accepted(
      at,
      await personnel(at, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`, `Siti Aminah;${BUDI};Camat;Dinkes;;;`),
    );
    const id = await personnel(
      at,
      `Bambang Wijaya;${SRI};Lurah;Dinkes;;;`,
      `Hj. St. Aminah, S.Pd.;${BUDI};Camat;Dinkes;;;`,
    );
    const { rows } = certificates.sheetPreview(at.person, id)!;
    expect(rows[0]).toMatchObject({
      verdict: 'rejected',
      changes: [],
      reason: expect.stringContaining('milik Sri Handayani'),
    });
    expect(rows[1]).toMatchObject({ verdict: expect.stringMatching(/completed|changed/) });
    await accepted(at, id);
    const sri = certificates.holders(at.ctx, { q: 'handayani' }).rows[0]!;
    expect(sri).toMatchObject({ name: 'Sri Handayani', agencyCode: 'DISDIK' });
    // The same person under a new name: somebody says so on the holder's page, and the list is right from then on.
    certificates.editHolder(at.person, sri.id, { name: 'Bambang Wijaya', nip: SRI } as never);
    const again = await personnel(at, `Bambang Wijaya;${SRI};Lurah;Dinkes;;;`);
    expect(certificates.sheetPreview(at.person, again)!.counts).toMatchObject({ changed: 1, rejected: 0 });
    const before = await personnel(at, `Sri Handayani;${SRI};Lurah;Dinkes;;;`);
    expect(certificates.sheetPreview(at.person, before)!.counts).toMatchObject({ rejected: 0 });
  });
});

test('the same title in capitals is no change; out of capitals it is one, once', async () => {
  const at = office();
  const bring = async (name: string) => {
    const id = await previewed(at, `Nama;NIP;OPD\n"${name}";${SRI};Disdik`, 'personnel');
    const { counts } = certificates.sheetPreview(at.person, id)!;
    await accepted(at, id);
    return counts;
  };
  expect(await bring('DR. SRI HANDAYANI, S.KOM., M.SI.')).toMatchObject({ added: 1 });
  expect(await bring('Dr. Sri Handayani, S.Kom., M.Si.')).toMatchObject({ changed: 1 });
  expect(await bring('DR. SRI HANDAYANI, S.KOM., M.SI')).toMatchObject({ changed: 0, same: 1 });
  expect(await bring('Dr. Sri Handayani, S.Kom., M.Kom.')).toMatchObject({ changed: 1 });
});

describe('a sheet that was downloaded for editing', () => {
  const edited = async (file: { bytes: Uint8Array }, change: (rows: (string | null)[][]) => void) => {
    const book = await readXlsx(file.bytes);
    const rows = book.sheets[0]!.rows as (string | null)[][];
    change(rows);
    return writeXlsx({ sheets: [{ name: 'Data', rows }] });
  };

  test('of people comes back by id: what was changed is shown and applied, the rest is the same', async () => {
    const at = office();
    await accepted(
      at,
      await personnel(at, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`, `Budi;${BUDI};Camat;Dinkes;;;`),
    );
    const file = await certificates.editablePeople(at.person, {});
    const bytes = await edited(file, (rows) => {
      const column = (head: string) => rows[0]!.indexOf(head);
      const budi = rows.find((row) => row.includes('Budi'))!;
      budi[column('Nama')] = 'Budi Santoso';
      budi[column('Surel')] = 'budi@batam.example';
      budi[column('Status')] = 'Mutasi';
      budi[column('Sejak (TMT)')] = '1/11/2026';
      rows.push(['bukan-id-kami', 'Hantu', '', '', '', '', '', '', '', '']);
    });
    const id = await previewed(at, bytes, 'personnel', file.name);
    const preview = certificates.sheetPreview(at.person, id)!;
    expect(preview.counts).toEqual({
      added: 0,
      completed: 0,
      changed: 1,
      contested: 0,
      same: 1,
      absent: 0,
      rejected: 1,
    });
    expect(preview.rows.find((row) => row.verdict === 'changed')!.changes.map((change) => change.field)).toEqual([
      'Nama',
      'Surel',
      'Status',
      'Sejak (TMT)',
    ]);
    await accepted(at, id);
    const budi = certificates.holders(at.ctx, { q: 'budi' }).rows[0]!;
    expect(certificates.holder(at.ctx, budi.id)).toMatchObject({
      name: 'Budi Santoso',
      status: 'moved',
      statusSince: '2026-11-01',
    });
  });

  test('the day of a status is never that of the post, and is told once', async () => {
    const at = office();
    const rows = [`Sri;${SRI};Staf;Disdik;Aktif;7/5/2026`, `Budi;${BUDI};Camat;Dinkes;Tugas Belajar;7/5/2026`];
    const file = Buffer.from(['Nama;NIP;Jabatan;OPD;Status;TMT Status', ...rows].join('\n'));
    const id = await previewed(at, file, 'personnel', 'p.csv');
    const { remarks, noted } = certificates.sheetPreview(at.person, id)!;
    expect(remarks.join(' ')).toContain('1 baris bertanggal status tanpa menyebut orangnya berhenti');
    expect(noted).toBe(1);
    await accepted(at, id);
    for (const { id: holder } of certificates.holders(at.ctx, {}).rows)
      expect(certificates.holder(at.ctx, holder).positions).toMatchObject([{ from: wibDate(NOW) }]);
  });

  test('of certificates changes owner and agency, never what a certificate says itself', async () => {
    const at = office();
    await accepted(
      at,
      await personnel(at, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`, `Budi;${BUDI};Camat;Dinkes;;;`),
    );
    await accepted(at, await previewed(at, `Nama;Nomor Seri;Berlaku Sampai;NIP\nSri Handayani;0xab12;1/1/2028;${SRI}`));
    const file = await certificates.editableCertificates(at.person, {});
    const bytes = await edited(file, (rows) => {
      rows[1]![rows[0]!.indexOf('NIP Pemilik')] = BUDI;
      rows[1]![rows[0]!.indexOf('Nomor seri')] = '99';
      rows[1]![rows[0]!.indexOf('Perangkat Daerah')] = 'Diskominfo';
    });
    const id = await previewed(at, bytes, undefined, file.name);
    const row = certificates.sheetPreview(at.person, id)!.rows[0]!;
    expect(row.changes).toEqual([
      { field: 'Pemilik', from: 'Sri Handayani', to: 'Budi' },
      { field: 'Perangkat Daerah', from: 'Dinas Pendidikan', to: 'Dinas Komunikasi dan Informatika' },
    ]);
    expect(row.notes).toEqual([
      expect.stringContaining('Kolom Nomor seri: nomor seri adalah jati diri'),
      expect.stringContaining('sertifikat atas nama Sri Handayani akan menjadi milik Budi, nama yang sama sekali lain'),
    ]);
    await accepted(at, id);
    expect(certificates.list(at.ctx).rows[0]).toMatchObject({ name: 'Budi', agencyCode: 'DISKOMINFO', serial: 'ab12' });
  });

  test('of certificates takes a new row by its name, and is the same when nothing was touched', async () => {
    const at = office();
    await accepted(
      at,
      await previewed(
        at,
        'Nama;Nomor Seri;Berlaku Sampai\nDr. Sri Handayani, M.Pd.;0xab12;1/1/2028\nwww.batam.example;77;',
      ),
    );
    const file = await certificates.editableCertificates(at.person, {});
    const untouched = await edited(file, () => {});
    const same = certificates.sheetPreview(at.person, await previewed(at, untouched, undefined, file.name))!;
    expect(same.counts).toMatchObject({ same: 2, changed: 0, completed: 0, added: 0, rejected: 0 });
    expect(same.rows.flatMap((row) => row.notes)).toEqual([]);
    const bytes = await edited(file, (rows) => {
      const column = (head: string) => rows[0]!.indexOf(head);
      const fresh: (string | null)[] = rows[0]!.map(() => null);
      fresh[column('Nama sertifikat')] = 'BUDI SANTOSO';
      fresh[column('Berlaku sampai')] = '31/12/2027';
      rows.push(fresh);
      const sri = rows.find((row) => row.some((cell) => cell?.includes('Sri')))!;
      sri[column('Nama sertifikat')] = 'Sri Handayani Putri';
    });
    const id = await previewed(at, bytes, undefined, file.name);
    const preview = certificates.sheetPreview(at.person, id)!;
    expect(preview.counts).toMatchObject({ added: 1, changed: 1, same: 1, rejected: 0 });
    await accepted(at, id);
    expect(certificates.list(at.ctx, { q: 'budi santoso' }).rows).toHaveLength(1);
    expect(certificates.list(at.ctx, { q: 'handayani putri' }).rows).toHaveLength(1);
  });
});

describe("a real office's sheets", () => {
  test('2,000 people and their certificates come in; what is damaged is named, and twice is the same', async () => {
    const at = office();
    const sheet = await officePersonnelSheet();
    const id = await previewed(at, sheet.bytes, 'personnel', sheet.name);
    const preview = certificates.sheetPreview(at.person, id)!;
    expect(preview).toMatchObject({ sheet: 'DATA PEGAWAI NOV 2026', headingRow: 4 });
    expect(preview.columns.filter((c) => c.field === null).map((c) => c.heading)).toEqual([
      'No.',
      'Gol./Ruang',
      'Ket.',
    ]);
    // The sum line below is nobody.
    expect(preview.counts.added + preview.counts.rejected).toBe(sheet.damage.rows);
    expect(preview.counts.rejected).toBeLessThan(5);
    expect(preview.unknown).toHaveLength(4);
    certificates.explainAgencies(
      at.person,
      id,
      Object.fromEntries(preview.unknown.map(({ text }) => [text, 'DISDIK'])),
    );
    await certificates.runImports(at.ctx);
    const run = await accepted(at, id);
    const noted = certificates.importLedger(at.person, id).filter((entry) => entry.reason?.includes('dibulatkan'));
    expect(noted).toHaveLength(sheet.damage.nips);
    expect(run.totals.added).toBeGreaterThan(1990);
    const twice = await previewed(at, sheet.bytes, 'personnel', sheet.name);
    expect(certificates.sheetPreview(at.person, twice)!.counts).toMatchObject({
      added: 0,
      completed: 0,
      changed: 0,
      absent: 0,
    });

    const list = await officeCertificateSheet({ people: sheet.people });
    const certs = await previewed(at, list.bytes, undefined, list.name);
    expect(certificates.sheetPreview(at.person, certs)!.counts).toMatchObject({ added: list.damage.rows });
    expect((await accepted(at, certs)).totals).toMatchObject({ added: list.damage.rows, rejected: 0 });
    const serials = certificates.importLedger(at.person, certs).filter((entry) => entry.reason?.includes('Nomor seri'));
    expect(serials).toHaveLength(list.damage.serials);
    const again = await previewed(at, list.bytes, undefined, list.name);
    expect(certificates.sheetPreview(at.person, again)!.counts).toMatchObject({ added: 0, absent: 0 });
  }, 60_000);
});
