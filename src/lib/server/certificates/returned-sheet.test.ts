import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import { importList } from '../../../bin/import/lists.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import * as auth from '../auth/index.ts';
import { DAY, HOUR, wibDate } from '../calendar.ts';
import * as compliance from '../compliance/index.ts';
import { stamps, touchedOnly } from './download-stamp.ts';
import { connection } from '../db/index.ts';
import * as certificates from './index.ts';

const SRI = '197811042005012007';
const BUDI = '198001012006041001';
type Rows = (string | null)[][];

/** Two people in their agencies, one of them with a certificate. */
async function office() {
  const world = makeWorld();
  const ctx = world.ctx();
  agencies.seed(ctx);
  const person = world.person('verifier', { name: 'Rina' });
  const other = world.person('verifier', { name: 'Joko' });
  const people = [
    'Nama;NIP;Jabatan;Perangkat Daerah;Surel;Status;TMT',
    `Sri Handayani;${SRI};Guru;Disdik;;;`,
    `Budi Santoso;${BUDI};Camat;Dinkes;;;`,
  ];
  await certificates.importPersonnel(ctx, { name: 'p.csv', bytes: Buffer.from(people.join('\n')) });
  const list = `Nama;Nomor Seri;Berlaku Sampai;NIP\nSri Handayani;0xab12;1/1/2028;${SRI}`;
  await certificates.importFile(ctx, { name: 'c.csv', bytes: Buffer.from(list) });
  const idOf = (q: string) => certificates.holders(ctx, { q }).rows[0]!.id;
  world.clock.advance(HOUR);
  return { world, ctx, person, other, sri: idOf('sri'), budi: idOf('budi') };
}
type Office = Awaited<ReturnType<typeof office>>;

async function edited(file: { bytes: Uint8Array }, change: (rows: Rows, at: (head: string) => number) => void) {
  const rows = (await readXlsx(file.bytes)).sheets[0]!.rows as Rows;
  change(rows, (head) => rows[0]!.indexOf(head));
  return writeXlsx({ sheets: [{ name: 'Data', rows }] });
}

async function send(at: Office, bytes: Uint8Array, kind?: 'personnel'): Promise<string> {
  const [run] = await certificates.requestImport(at.person, { files: [{ name: 'disunting.xlsx', bytes }], kind });
  await certificates.runImports(at.ctx);
  return run!.id;
}
async function accept(at: Office, id: string) {
  certificates.acceptSheet(at.person, id);
  await certificates.runImports(at.ctx);
  return certificates.importRun(at.person, id);
}
const rowOf = (rows: Rows, name: string) => rows.find((row) => row.includes(name))!;
const preview = (at: Office, id: string) => certificates.sheetPreview(at.person, id, { names: auth.names(at.ctx) })!;
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
/** Somebody else, the day after. */
const move = (at: Office, id: string, agency: string, title: string) => {
  at.world.clock.advance(DAY);
  certificates.moveHolder(at.other, id, { agency, title, from: wibDate(at.world.clock.at) });
};

describe('a sheet of people that comes back after others worked on', () => {
  test('changes nothing by a row that nobody touched, whatever moved in Siaga meanwhile', async () => {
    const at = await office();
    const file = await certificates.editablePeople(at.person, {});
    move(at, at.sri, 'DISHUB', 'Kepala Seksi');
    const id = await send(at, await edited(file, () => {}), 'personnel');
    expect(preview(at, id).counts).toMatchObject({ same: 2, changed: 0, contested: 0 });
    expect(preview(at, id).remarks.join(' ')).toContain('yang tidak disentuh tidak menimpa apa pun');
    await accept(at, id);
    expect(certificates.holders(at.ctx, { q: 'sri' }).rows[0]).toMatchObject({ agencyCode: 'DISHUB' });
  });

  test('takes the cell that was touched, and leaves the one beside it that somebody else changed', async () => {
    const at = await office();
    const file = await certificates.editablePeople(at.person, {});
    move(at, at.sri, 'DISHUB', 'Kepala Seksi');
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('Surel')] = 'sri@batam.example';
    });
    const id = await send(at, bytes, 'personnel');
    expect(preview(at, id).rows.find((row) => row.name === 'Sri Handayani')!.changes).toEqual([
      { field: 'Surel', from: '', to: 'sri@batam.example' },
    ]);
    await accept(at, id);
    expect(certificates.holders(at.ctx, { q: 'sri' }).rows[0]).toMatchObject({
      agencyCode: 'DISHUB',
      position: 'Kepala Seksi',
      email: 'sri@batam.example',
    });
  });

  test('shows what both changed as contested, with who and when; it is not taken, and all adds up', async () => {
    const at = await office();
    const file = await certificates.editablePeople(at.person, {});
    move(at, at.sri, 'DISHUB', 'Kepala Seksi');
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('Perangkat Daerah')] = 'Dinas Kesehatan';
      rowOf(rows, 'Budi Santoso')[col('Jabatan')] = 'Sekretaris';
      rows.push(['tidak-dikenal', 'Hantu']);
    });
    const id = await send(at, bytes, 'personnel');
    const seen = preview(at, id);
    expect(seen.counts).toMatchObject({ contested: 1, changed: 1, same: 0, rejected: 1 });
    const { changes } = seen.rows.find((row) => row.verdict === 'contested')!;
    expect(changes[0]).toEqual({
      field: 'Perangkat Daerah',
      from: 'Dinas Perhubungan',
      to: 'Dinas Kesehatan',
      conflict: { said: expect.stringMatching(/^diubah di Siaga sesudah diunduh \(oleh Joko pada 23 /), taken: false },
    });
    expect(certificates.sheetPreview(at.person, id, { shown: 'contested' })!.rows).toHaveLength(1);
    const run = await accept(at, id);
    expect(run.totals).toMatchObject({ completed: 1, rejected: 2 });
    expect(run.results).toMatchObject({ contested: 1, changed: 1, rejected: 1 });
    expect(sum(run.results)).toBe(3);
    for (const shown of ['contested', 'changed', 'rejected'] as const)
      expect(certificates.importRun(at.person, id, { shown }).entries.map((one) => one.result)).toEqual([shown]);
    const [entry] = certificates.importRun(at.person, id, { shown: 'contested', names: auth.names(at.ctx) }).entries;
    expect(entry).toMatchObject({ result: 'contested', reason: expect.stringContaining('isi berkas tidak dipakai') });
    expect(entry!.shown[0]!.conflict!.said).toContain('oleh Joko');
    expect(certificates.holders(at.ctx, { q: 'sri' }).rows[0]).toMatchObject({ agencyCode: 'DISHUB' });
    const trail = audit.list(at.ctx, { target: ['import', id] }, auth.names(at.ctx)).map((one) => one.sentence);
    expect(trail.join(' ')).toContain('1 dilengkapi atau berubah, 0 sama atau sudah ada, 0 tanpa sertifikat');
    expect(trail.join(' ')).toContain('1 ditolak, 1 diubah juga di Siaga (sidik');
    expect(trail.join(' ')).toContain('1 baris tidak menimpa dan 0 baris menimpa perubahan di Siaga');
  });

  test('takes what is contested only where a person chose so, says it in ledger and trail, and voids like the rest', async () => {
    const at = await office();
    const file = await certificates.editablePeople(at.person, {});
    move(at, at.sri, 'DISHUB', 'Kepala Seksi');
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('Perangkat Daerah')] = 'Dinas Kesehatan';
    });
    const id = await send(at, bytes, 'personnel');
    const { seq } = preview(at, id).rows.find((row) => row.verdict === 'contested')!;
    expect(() => certificates.chooseContested(at.world.person('auditor'), id, { take: true, seq })).toThrow('hak');
    certificates.chooseContested(at.person, id, { take: true, seq });
    expect(preview(at, id).counts).toMatchObject({ contested: 0, changed: 1 });
    certificates.chooseContested(at.person, id, { take: false, seq: null });
    expect(preview(at, id).counts).toMatchObject({ contested: 1, changed: 0 });
    expect(() => certificates.chooseContested(at.person, id, { take: false, seq })).toThrow('sudah diputuskan');
    certificates.chooseContested(at.person, id, { take: true, seq: null });
    const run = await accept(at, id);
    expect(run.results).toMatchObject({ contested: 0, changed: 1 });
    expect(run.entries.find((one) => one.result === 'changed')!.shown[0]!.conflict).toMatchObject({ taken: true });
    expect(certificates.holders(at.ctx, { q: 'sri' }).rows[0]).toMatchObject({ agencyName: 'Dinas Kesehatan' });
    const trail = audit.list(at.ctx, { target: ['import', id] }, auth.names(at.ctx)).map((one) => one.sentence);
    expect(trail.join(' ')).toContain('Rina memilih isi berkas untuk 1 baris');
    expect(trail.join(' ')).toContain('0 baris tidak menimpa dan 1 baris menimpa perubahan di Siaga');
    certificates.voidImport(at.person, id, { why: 'Keliru' }, () => []);
    expect(certificates.holders(at.ctx, { q: 'sri' }).rows[0]).toMatchObject({ agencyCode: 'DISHUB' });
  });

  test('a decision that comes just after another is refused, and a row that is none chooses nothing', async () => {
    const at = await office();
    const file = await certificates.editablePeople(at.person, {});
    move(at, at.sri, 'DISHUB', 'Kepala Seksi');
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('Perangkat Daerah')] = 'Dinas Kesehatan';
    });
    const id = await send(at, bytes, 'personnel');
    expect(() => certificates.chooseContested(at.person, id, { take: true, seq: Number('semua') })).toThrow('baris');
    expect(preview(at, id).counts).toMatchObject({ contested: 1 });
    // Somebody else was there between the page and its transaction.
    let first = true;
    const late = {
      ...at.person,
      fence: () => {
        if (!first) return;
        first = false;
        certificates.acceptSheet(at.other, id);
      },
    };
    const decisions = [
      () => certificates.acceptSheet(late, id),
      () => certificates.cancelSheet(late, id),
      () => certificates.chooseContested(late, id, { take: true, seq: null }),
    ];
    for (const decide of decisions) {
      first = true;
      expect(decide).toThrow('sudah tidak menunggu');
    }
  });

  test('a choice holds no longer when somebody changes it once more before the rows are written', async () => {
    const at = await office();
    const file = await certificates.editablePeople(at.person, {});
    move(at, at.sri, 'DISHUB', 'Kepala Seksi');
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('Perangkat Daerah')] = 'Dinas Kesehatan';
    });
    const id = await send(at, bytes, 'personnel');
    certificates.chooseContested(at.person, id, { take: true, seq: null });
    certificates.acceptSheet(at.person, id);
    move(at, at.sri, 'DISKOMINFO', 'Kepala Bidang');
    await certificates.runImports(at.ctx);
    const run = certificates.importRun(at.person, id);
    expect(run.results).toMatchObject({ contested: 1, changed: 0 });
    expect(run.entries.find((one) => one.result === 'contested')!.reason).toContain('Berubah sejak pratinjau');
    expect(certificates.holders(at.ctx, { q: 'sri' }).rows[0]).toMatchObject({ agencyCode: 'DISKOMINFO' });
  });

  test('a cell set back to what was downloaded does not take back what was imported, and says so', async () => {
    const at = await office();
    const file = await certificates.editablePeople(at.person, {});
    const agency = (to: string) =>
      edited(file, (rows, col) => {
        rowOf(rows, 'Sri Handayani')[col('Perangkat Daerah')] = to;
      });
    await accept(at, await send(at, await agency('Dinas Kesehatan'), 'personnel'));
    const id = await send(at, await agency('Dinas Pendidikan'), 'personnel');
    expect(preview(at, id)).toMatchObject({ counts: { same: 2, changed: 0, contested: 0 }, noted: 1 });
    expect(preview(at, id).rows.find((row) => row.name === 'Sri Handayani')!.notes).toEqual([
      'Kolom Perangkat Daerah: di Siaga kini "Dinas Kesehatan"; sel ini sama dengan saat diunduh, jadi tidak dipakai. Unduh lagi untuk mengubahnya.',
    ]);
    expect((await accept(at, id)).entries.map((one) => one.reason)).toContainEqual(
      expect.stringContaining('di Siaga kini'),
    );
  });

  test('both writing the same is no contest, and an import that was faster is named by who accepted it', async () => {
    const at = await office();
    const file = await certificates.editablePeople(at.person, {});
    at.world.clock.advance(DAY);
    const change = (to: string) =>
      edited(file, (rows, col) => {
        rowOf(rows, 'Sri Handayani')[col('Surel')] = to;
      });
    await accept(at, await send(at, await change('sri@batam.example'), 'personnel'));
    const same = await send(at, await change('sri@batam.example'), 'personnel');
    expect(preview(at, same).counts).toMatchObject({ same: 2, contested: 0 });
    const late = await send(at, await change('s.handayani@batam.example'), 'personnel');
    const { changes } = preview(at, late).rows.find((row) => row.verdict === 'contested')!;
    expect(changes[0]!.conflict!.said).toContain('oleh Rina');
  });

  test.each<[string, (stamp: string | null) => string | null]>([
    ['deleted', () => null],
    ['altered', (stamp) => stamp!.replace(/^S1\.\w+/, 'S1.zzzz')],
    ['cut', (stamp) => stamp!.slice(0, -1)],
    ['made up', () => `S1.${(1).toString(36)}.${'A'.repeat(72)}.${'A'.repeat(22)}`],
    ['something else', () => '=1+1'],
  ])(
    'with its stamp %s is compared without it, and says so at the sheet and at every row it changes',
    async (_, harm) => {
      const at = await office();
      const file = await certificates.editablePeople(at.person, {});
      move(at, at.sri, 'DISHUB', 'Kepala Seksi');
      const bytes = await edited(file, (rows, col) => {
        const sri = rowOf(rows, 'Sri Handayani');
        sri[col('Cap unduhan')] = harm(sri[col('Cap unduhan')]!);
      });
      const id = await send(at, bytes, 'personnel');
      expect(preview(at, id).remarks.join(' ')).toContain('1 baris tidak membawa cap unduhan yang sah');
      const sri = preview(at, id).rows.find((row) => row.name === 'Sri Handayani')!;
      expect(sri).toMatchObject({ verdict: 'changed', notes: [expect.stringContaining('Tanpa cap unduhan yang sah')] });
    },
  );

  test("a stamp of another row or of another office's Siaga is none", async () => {
    const at = await office();
    const elsewhere = await office();
    const file = await certificates.editablePeople(at.person, {});
    const theirs = (await readXlsx((await certificates.editablePeople(elsewhere.person, {})).bytes)).sheets[0]!.rows;
    const bytes = await edited(file, (rows, col) => {
      const stamp = col('Cap unduhan');
      rowOf(rows, 'Sri Handayani')[stamp] = rowOf(rows, 'Budi Santoso')[stamp]!;
      rowOf(rows, 'Budi Santoso')[stamp] = String(rowOf(theirs as Rows, 'Budi Santoso')[stamp]);
    });
    const id = await send(at, bytes, 'personnel');
    expect(preview(at, id).remarks.join(' ')).toContain('2 baris tidak membawa cap unduhan yang sah');
  });

  test('who is on duty again serves where the row says, from the day it came back, not from the day of leaving', async () => {
    const at = await office();
    const left = `Nama;NIP;Jabatan;Perangkat Daerah;Status;TMT\nSri Handayani;${SRI};Guru;Disdik;Pensiun;1/1/2025`;
    await certificates.importPersonnel(at.ctx, { name: 'p.csv', bytes: Buffer.from(left) });
    at.world.clock.advance(DAY);
    const file = await certificates.editablePeople(at.person, {});
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('Status')] = 'Aktif';
    });
    const id = await send(at, bytes, 'personnel');
    const { changes } = preview(at, id).rows.find((row) => row.verdict === 'changed')!;
    expect(changes.map(({ field, to }) => [field, to])).toEqual([
      ['Status', 'Aktif'],
      ['Perangkat Daerah', 'Dinas Pendidikan'],
      ['Jabatan', 'Guru'],
    ]);
    await accept(at, id);
    expect(certificates.holders(at.ctx, { q: 'sri' }).rows[0]).toMatchObject({
      status: 'active',
      agencyCode: 'DISDIK',
    });
    const serves = connection(at.world.db).prepare('select "from" from position where holder_id = ? and "to" is null');
    expect(serves.pluck().all(at.sri)).toEqual([wibDate(at.world.clock.at)]);
  });

  test('a new agency takes the position of its row along, a new status its day', () => {
    const { make, read } = stamps(Buffer.alloc(32, 7), 'personnel');
    const cells = { name: 'Sri', agency: 'Disdik', position: 'Guru', status: 'Pensiun', since: '2026-01-01' };
    const stamp = read('x', make('x', 5, cells), 9)!;
    const row = (values: object) => ({ line: 2, values: { id: 'x', ...cells, ...values }, damage: {} });
    expect(touchedOnly(row({}), 'personnel', stamp).values).toEqual({ id: 'x' });
    expect(touchedOnly(row({ agency: 'Dinkes', name: ' Sri\u00a0' }), 'personnel', stamp).values).toEqual({
      id: 'x',
      agency: 'Dinkes',
      position: 'Guru',
    });
    expect(touchedOnly(row({ status: 'Aktif' }), 'personnel', stamp).values).toMatchObject({
      since: '2026-01-01',
      agency: 'Disdik',
      position: 'Guru',
    });
    expect(read('x', make('x', 10, cells), 9)).toBeNull();
  });
});

describe('a sheet of certificates that comes back after others worked on', () => {
  const owner = (at: Office) => certificates.list(at.ctx).rows[0]!;

  test('leaves an owner that somebody else named since, and contests the one it names itself', async () => {
    const at = await office();
    const file = await certificates.editableCertificates(at.person, {});
    at.world.clock.advance(DAY);
    certificates.assignHolder(at.other, owner(at).id, { holderId: at.budi, why: 'Serah terima' });
    const untouched = await send(at, await edited(file, () => {}));
    expect(preview(at, untouched).counts).toMatchObject({ same: 1, changed: 0, contested: 0 });
    expect(preview(at, untouched).rows[0]!.about).toContain('sampai 1 Januari 2028');
    const bytes = await edited(file, (rows, col) => {
      rows[1]![col('Perangkat Daerah')] = 'Diskominfo';
    });
    const id = await send(at, bytes);
    expect(preview(at, id).rows[0]).toMatchObject({ verdict: 'contested' });
    expect(preview(at, id).rows[0]!.changes[0]!.conflict!.said).toContain('oleh Joko');
    expect((await accept(at, id)).results).toMatchObject({ contested: 1 });
    expect(owner(at)).toMatchObject({ holderId: at.budi });
  });

  test('says what was changed in Siaga, when it is not the owner but the agency that changes with them', async () => {
    const at = await office();
    const file = await certificates.editableCertificates(at.person, {});
    at.world.clock.advance(DAY);
    certificates.transfer(at.other, owner(at).id, { agency: 'DISHUB', why: 'Unit lain' });
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('NIP Pemilik')] = BUDI;
    });
    const id = await send(at, bytes);
    const [change] = preview(at, id).rows[0]!.changes;
    expect(change).toMatchObject({ field: 'Pemilik', conflict: { taken: false } });
    expect(change!.conflict!.said).toMatch(
      /^Perangkat Daerah-nya diubah di Siaga sesudah diunduh .*keduanya berganti bersama$/,
    );
  });

  test('says that an owner takes the certificate along to their agency, and a void brings both back', async () => {
    const at = await office();
    const file = await certificates.editableCertificates(at.person, {});
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('NIP Pemilik')] = BUDI;
    });
    const id = await send(at, bytes);
    expect(preview(at, id).rows[0]!.changes).toEqual([
      { field: 'Pemilik', from: 'Sri Handayani', to: 'Budi Santoso' },
      { field: 'Perangkat Daerah', from: 'Dinas Pendidikan', to: 'Dinas Kesehatan' },
    ]);
    expect(preview(at, id).rows[0]!.notes.join(' ')).toContain('Pastikan kolom NIP tidak bergeser');
    await accept(at, id);
    expect(owner(at)).toMatchObject({ holderId: at.budi, agencyCode: 'DINKES' });
    expect(compliance.voidImport(at.person, id, { why: 'Kolomnya bergeser' })).toMatchObject({ changes: 2 });
    expect(owner(at)).toMatchObject({ holderId: at.sri, agencyCode: 'DISDIK' });
  });

  test('a certificate that somebody moved to another agency after the sheet is not taken from there by a void', async () => {
    const at = await office();
    const file = await certificates.editableCertificates(at.person, {});
    const bytes = await edited(file, (rows, col) => {
      rowOf(rows, 'Sri Handayani')[col('NIP Pemilik')] = BUDI;
    });
    const { id } = await accept(at, await send(at, bytes));
    certificates.transfer(at.other, owner(at).id, { agency: 'DISHUB', why: 'Unit lain' });
    expect(() => compliance.voidImport(at.person, id, { why: 'Kolomnya bergeser' })).toThrow('diubah lagi sesudahnya');
    expect(owner(at)).toMatchObject({ holderId: at.budi, agencyCode: 'DISHUB' });
  });

  test('written at once, by a job or a script that asks nobody, leaves what is contested and tells it', async () => {
    const at = await office();
    const file = await certificates.editableCertificates(at.person, {});
    at.world.clock.advance(DAY);
    certificates.assignHolder(at.other, owner(at).id, { holderId: at.budi, why: 'Serah terima' });
    const bytes = await edited(file, (rows, col) => {
      rows[1]![col('Perangkat Daerah')] = 'Diskominfo';
    });
    const left = await certificates.importFile(at.ctx, { name: 'disunting.xlsx', bytes });
    expect(certificates.importLedger(at.ctx, left.id)[0]).toMatchObject({ result: 'contested', outcome: 'rejected' });
    expect(owner(at).agencyCode).not.toBe('DISKOMINFO');
  });

  test('on the command line is taken only with --overwrite', async () => {
    const at = await office();
    const file = await certificates.editableCertificates(at.person, {});
    at.world.clock.advance(DAY);
    certificates.assignHolder(at.other, owner(at).id, { holderId: at.budi, why: 'Serah terima' });
    const bytes = await edited(file, (rows, col) => {
      rows[1]![col('NIP Pemilik')] = SRI;
      rows[1]![col('Perangkat Daerah')] = 'Diskominfo';
    });
    const list = { name: 'disunting.xlsx', bytes, personnel: false, agencyId: null };
    const by = { consent: 'write', json: false } as const;
    const kept = await importList(at.ctx, { ...list, overwrite: false }, by);
    expect(certificates.importRun(at.ctx, kept.id).results).toMatchObject({ contested: 1, changed: 0 });
    const taken = await importList(at.ctx, { ...list, overwrite: true }, by);
    expect(certificates.importRun(at.ctx, taken.id).results).toMatchObject({ contested: 0, changed: 1 });
    expect(owner(at).agencyCode).toBe('DISKOMINFO');
  });
});

describe('a list of certificates that names records by id', () => {
  const standing = (at: Office) =>
    certificates.list(at.ctx, {}).rows.map(({ holderId, agencyCode }) => [holderId, agencyCode]);
  const listOf = (at: Office) => {
    const { id } = certificates.list(at.ctx, {}).rows[0]!;
    return Buffer.from(`ID Siaga;NIP;Perangkat Daerah\n${id};${BUDI};Dinkes`);
  };
  const sent = async (at: Office, actor: Office['person']) => {
    const [run] = await certificates.requestImport(actor, { files: [{ name: 'd.csv', bytes: listOf(at) }] });
    await certificates.runImports(at.ctx);
    return run!.id;
  };

  test('is let in by nobody who may not change owners, and says to them who may; a verifier accepts the same preview', async () => {
    const at = await office();
    const administrator = at.world.person('administrator');
    const before = standing(at);
    const id = await sent(at, administrator);
    expect(certificates.sheetPreview(administrator, id)).toMatchObject({
      counts: { changed: 1 },
      reserved: expect.stringContaining('Hanya Pengawas atau Verifikator'),
    });
    expect(() => certificates.acceptSheet(administrator, id)).toThrow(/Hanya Pengawas atau Verifikator/);
    await certificates.runImports(at.ctx);
    expect(standing(at)).toEqual(before);
    expect(preview(at, id).reserved).toBeNull();
    await accept(at, id);
    expect(standing(at)).toEqual([[at.budi, 'DINKES']]);
  });

  test('is not taken from them at once either, where nobody looks at a preview', async () => {
    const at = await office();
    const before = standing(at);
    const done = await certificates.importFile(at.world.person('administrator'), { name: 'd.csv', bytes: listOf(at) });
    expect(done).toMatchObject({ state: 'failed', totals: { completed: 0 } });
    expect(standing(at)).toEqual(before);
  });
});
