import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { date } from '#lib/format.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as auth from '../auth/index.ts';
import { DAY } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as files from '../files/index.ts';
import * as certificates from './index.ts';

/** Sends a list and lets the jobs read it, as the web does. */
async function previewed(text: string, kind?: 'personnel') {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const person = world.person('verifier');
  const files = [{ name: 'daftar.csv', bytes: Buffer.from(text) }];
  const [run] = await certificates.requestImport(person, { files, kind });
  await certificates.runImports(world.ctx());
  return certificates.sheetPreview(person, run!.id)!;
}

test('a person is shown as understood: NIP without spaces, the agency by its full name, a damaged NIP not at all', async () => {
  const { rows } = await previewed(
    [
      'Nama;NIP;Perangkat Daerah',
      'Sri Handayani;19781104 200501 2 007;DISDIK',
      'Budi;1.98E+17;Dinas Kesehatan Kota Batam',
      'Cici;198001012006041002;Dinas Antah Berantah',
    ].join('\n'),
    'personnel',
  );
  expect(rows.map((row) => row.about)).toEqual([
    '197811042005012007, Dinas Pendidikan',
    'Dinas Kesehatan',
    '198001012006041002, Dinas Antah Berantah',
  ]);
});

test('a NIP that begins with no day of the calendar enters with a note, and the number of an identity card is nowhere repeated', async () => {
  const nik = '2171011304720001';
  const { rows, columns, top } = await previewed(
    [
      'Nama;NIP;Perangkat Daerah;Email',
      'Sri;197213042005011001;DISDIK;',
      `Budi;${nik};DISDIK;${nik}`,
      `Cici;NIK ${nik} lama 7;DISDIK;`,
      `;${nik};;`,
    ].join('\n'),
    'personnel',
  );
  expect(rows[0]).toMatchObject({ verdict: 'added', about: '197213042005011001, Dinas Pendidikan' });
  expect(rows[0]!.notes).toEqual([expect.stringContaining('1972-13-04 tidak ada dalam kalender')]);
  expect(rows.map((row) => row.verdict)).toEqual(['added', 'added', 'added', 'rejected']);
  expect(rows[1]!.notes.join(' ')).toContain('mungkin NIK');
  expect(JSON.stringify([rows, columns, top])).not.toContain(nik);
});

test('the line with the total below a list is passed over, whoever is named like one is not', async () => {
  const { rows, remarks } = await previewed(
    [
      'Nama;NIP;Perangkat Daerah',
      'Sri;197811042005012007;DISDIK',
      'JUMLAH;;',
      'Sub Total : 1;;',
      'Total Wijaya;198001012006041002;DISDIK',
      'Jumlahan Sari;;DISDIK',
    ].join('\n'),
    'personnel',
  );
  expect(rows.map((row) => row.name)).toEqual(['Sri', 'Total Wijaya', 'Jumlahan Sari']);
  expect(remarks.join()).toContain('2 baris');
});

test('the signature below a list is passed over with its lines named, and nothing is said to be mended', async () => {
  const { rows, counts, remarks } = await previewed(
    [
      'Nama;NIP;Perangkat Daerah',
      'Sri;197811042005012007;DISDIK',
      ';;Batam, 5 Januari 2026',
      'Mengetahui, Kepala Dinas;;',
      ';;',
      'Drs. Wahyu Hidayat, M.Si.;;',
      ';NIP. 19680304 199303 1 008;',
    ].join('\n'),
    'personnel',
  );
  expect([rows.length, counts.rejected]).toEqual([1, 0]);
  expect(remarks.join(' ')).toContain('4 baris tanda tangan di bawah daftar dilewati (baris 3–4, 6–7): bukan data');
});

test('a new certificate is shown with its owner, agency and word of the portal before anything is written', async () => {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const person = world.person('verifier');
  const send = async (text: string, kind?: 'personnel') => {
    const [run] = await certificates.requestImport(person, {
      files: [{ name: 'd.csv', bytes: Buffer.from(text) }],
      kind,
    });
    await certificates.runImports(world.ctx());
    return run!.id;
  };
  const people = await send(
    'Nama;NIP;Perangkat Daerah;Jabatan\nSri Handayani;197811042005012007;DISDIK;Guru',
    'personnel',
  );
  expect(certificates.sheetPreview(person, people)!.rows[0]!.enters).toEqual(['Jabatan: Guru']);
  certificates.acceptSheet(person, people);
  await certificates.runImports(world.ctx());
  const id = await send(
    [
      'Nama;Nomor Seri;NIP;OPD;Status;Jenis Sertifikat',
      'SRI HANDAYANI;77AA;197811042005012007;;ISSUE;',
      'Budi;77AB;198001012006041002;Dinas Kesehatan;REVOKE;',
      'Cici;77AC;;;;',
      'portal.batam.example;77AD;;;;SSL',
    ].join('\n'),
  );
  const holders = () => certificates.holders(person, {}).rows.length;
  const before = holders();
  const enters = () => certificates.sheetPreview(person, id)!.rows.map((row) => row.enters);
  expect(enters()).toEqual([
    ['Pemilik: Sri Handayani', 'Dinas Pendidikan', 'Portal BSrE: Aktif'],
    ['Tanpa pemilik', 'Dinas Kesehatan', 'Portal BSrE: Dicabut'],
    ['Tanpa pemilik', 'Tanpa Perangkat Daerah'],
    ['Pemilik: portal.batam.example', 'Tanpa Perangkat Daerah'],
  ]);
  expect(holders()).toBe(before);
  certificates.acceptSheet(person, id);
  await certificates.runImports(world.ctx());
  const entered = certificates
    .importRun(person, id)
    .entries.map(({ certificateId }) => certificates.get(person, certificateId!));
  expect(entered.map((one) => [one.holder?.name ?? null, one.agency?.name ?? null])).toEqual([
    ['Sri Handayani', 'Dinas Pendidikan'],
    [null, 'Dinas Kesehatan'],
    [null, null],
    ['portal.batam.example', null],
  ]);
});

test('a certificate is shown with the end that was understood, and without what could not be read', async () => {
  const { rows } = await previewed(
    ['Nama;Nomor Seri;Berlaku Sampai', 'ANI;77AA;03-04-2027', 'BUDI;6.32E+47;2027-08-18', 'CICI;77AB;31 Febuari'].join(
      '\n',
    ),
  );
  expect(rows.map((row) => row.about)).toEqual([
    'Seri 77AA, sampai 3 April 2027',
    'sampai 18 Agustus 2027',
    'Seri 77AB',
  ]);
});

test('an auditor reads the ledger and what waits, and decides nothing', async () => {
  const world = makeWorld();
  const [run] = await certificates.requestImport(world.person('verifier'), {
    files: [{ name: 'daftar.csv', bytes: Buffer.from('Nama;Nomor Seri\nANI;77AA') }],
  });
  await certificates.runImports(world.ctx());
  const auditor = world.person('auditor');
  expect(certificates.imports(auditor).rows).toHaveLength(1);
  expect(certificates.sheetPreview(auditor, run!.id)!.counts.added).toBe(1);
  expect(() => certificates.acceptSheet(auditor, run!.id)).toThrow('hak');
  expect(() => certificates.cancelSheet(auditor, run!.id)).toThrow('hak');
  certificates.acceptSheet(world.person('verifier'), run!.id);
  await certificates.runImports(world.ctx());
  expect(certificates.importRun(auditor, run!.id).totals.added).toBe(1);
  expect(certificates.importLedger(auditor, run!.id)).toHaveLength(1);
  expect(() => certificates.imports(world.person('officer'))).toThrow('hak');
});

test('one row of cells pasted without its headings is told which it lacks, not called a file without certificates', async () => {
  const text = 'ANI\t197811042005012007\t77FF01\t31/12/2027';
  expect(certificates.pastedFile(text)!.name).toBe('tempelan.csv');
  const { lack } = await previewed(text);
  expect(lack).toContain('memerlukan kolom Nama');
});

test('what is pasted and is neither a certificate nor cells is refused at once and leaves no import behind', () => {
  for (const text of ['halo, dunia', 'halo apa kabar', 'baris satu\nbaris dua']) {
    const refused = (() => {
      try {
        return certificates.pastedFile(text);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toMatchObject({
      code: 'invalid',
      fields: { pasted: expect.stringContaining('bukan sertifikat dan bukan sel dari Excel') },
    });
  }
});

test('base64 without its armour is taken, and a private key of any form goes on to be refused as one', () => {
  const bare = `MII${'abcD1234'.repeat(20)}`;
  expect(certificates.pastedFile(bare)!.name).toBe('tempelan.pem');
  const putty = 'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\nAAAA';
  expect(certificates.pastedFile(putty)!.name).toBe('tempelan.pem');
});

test('who enters as a leaver held the last position until the day of leaving, and another title later is named, not lost', async () => {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const person = world.person('verifier');
  const list = async (position: string) => {
    const bytes = Buffer.from(
      `Nama;NIP;Jabatan;Perangkat Daerah;Status;TMT\nSri;197811042005012007;${position};DISDIK;Pensiun;1/3/2025`,
    );
    const [run] = await certificates.requestImport(person, { files: [{ name: 'a.csv', bytes }], kind: 'personnel' });
    await certificates.runImports(world.ctx());
    return run!.id;
  };
  certificates.acceptSheet(person, await list('Sekretaris'));
  await certificates.runImports(world.ctx());
  const position = world.db.$client.prepare('select "from", "to", title from position').all();
  expect(position).toEqual([{ from: '2025-03-01', to: '2025-03-01', title: 'Sekretaris' }]);
  const { rows } = certificates.sheetPreview(person, await list('Kepala Bidang'))!;
  expect(rows[0]).toMatchObject({ verdict: 'same', notes: [expect.stringContaining('(Sekretaris) dibiarkan')] });
});

test('a sheet that cannot be read is one entry of the ledger, kept with its hash, and says what to do', async () => {
  const world = makeWorld();
  const person = world.person('verifier');
  const bytes = Buffer.from('PK\u0003\u0004 bukan buku kerja');
  const [run] = await certificates.requestImport(person, { files: [{ name: 'pegawai.xlsx', bytes }] });
  await certificates.runImports(world.ctx());
  const seen = certificates.importRun(person, run!.id);
  expect(seen).toMatchObject({ state: 'failed', totals: { unreadable: 1, added: 0 } });
  expect(seen.entries).toEqual([
    expect.objectContaining({
      name: 'pegawai.xlsx',
      outcome: 'unreadable',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      reason: expect.stringContaining('simpan sebagai .xlsx, lalu kirim ulang'),
    }),
  ]);
});

test('what was cancelled at the preview is removed, unless another import holds the same file', async () => {
  const world = makeWorld();
  const person = world.person('verifier');
  const bytes = Buffer.from('Nama;Nomor Seri\nANI;77AA');
  const send = async () => {
    const [run] = await certificates.requestImport(person, { files: [{ name: 'daftar.csv', bytes }] });
    await certificates.runImports(world.ctx());
    return run!.id;
  };
  const [first, second] = [await send(), await send()];
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  certificates.cancelSheet(person, first);
  expect(files.read(world.ctx(), sha256)).toEqual(bytes);
  certificates.cancelSheet(person, second);
  expect(() => files.read(world.ctx(), sha256)).toThrow('tidak ditemukan');
  expect(certificates.importRun(person, second)).toMatchObject({ state: 'voided', entries: [] });
  // The same file may come again.
  certificates.acceptSheet(person, await send());
  await certificates.runImports(world.ctx());
  expect(files.read(world.ctx(), sha256)).toEqual(bytes);
});

test('imports are found by who sent them, when, what they are and what lay in them', async () => {
  const world = makeWorld();
  const [rina, okta] = ['Rina Sari', 'Okta'].map((name) => world.person('verifier', { name }));
  const send = async (ctx: Context, files: [string, string][], kind?: 'personnel') => {
    const uploads = files.map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
    return (await certificates.requestImport(ctx, { files: uploads, kind }))[0]!.id;
  };
  const two = await send(rina!, [
    ['sri.cer', 'x'],
    ['budi.cer', 'y'],
  ]);
  world.clock.advance(3 * DAY);
  const staff = await send(okta!, [['a.csv', 'Nama;OPD\nFulan Bin Fulan;Disdik']], 'personnel');
  await certificates.runImports(world.ctx());
  const names = auth.names(rina!);
  const ids = (q: string) => certificates.imports(rina!, { q, names }).rows.map((run) => run.id);
  const day = date(world.clock.at);
  expect([
    ids('rina'),
    ids('sri.cer'),
    ids('BUDI rina'),
    ids('fulan'),
    ids('pegawai okta'),
    ids(day),
    ids('fulan rina'),
  ]).toEqual([[two], [two], [two], [staff], [staff], [staff], []]);
  expect(certificates.imports(rina!, { q: 'sri', names })).toMatchObject({ total: 1, byKind: { certificates: 1 } });
});

test('a search looks into newer imports first, says where it stopped, and goes on from there', async () => {
  const world = makeWorld();
  const ctx = world.person('verifier');
  const send = async (name: string) => {
    world.clock.advance(1000);
    const [run] = await certificates.requestImport(ctx, {
      files: ['x', 'y'].map((n) => ({ name: `${name}-${n}.txt`, bytes: Buffer.from(n) })),
    });
    return run!;
  };
  const runs = [await send('lama'), await send('tengah'), await send('baru')];
  await certificates.runImports(world.ctx());
  const [old, middle, fresh] = runs.map(({ id }) => id);
  const look = (q: string, from?: string, walkMs = -1) => {
    const { rows, unseen } = certificates.imports(ctx, { q, from, walkMs });
    return [rows.map(({ id }) => id), unseen?.id ?? null];
  };
  expect(look('lama-y')).toEqual([[], middle]);
  expect(look('lama-y', middle)).toEqual([[], old]);
  expect(look('lama-y', old)).toEqual([[old], null]);
  expect(look('lama-y', undefined, Infinity)).toEqual([[old], null]);
  expect(look('baru-x')).toEqual([[fresh], middle]);
  // What stands on an import itself is found at once, however old it is.
  expect(look(runs[0]!.number)).toEqual([[old], middle]);
});

test('the list of imports is searched by number and name, narrowed by kind and state, and counts each choice', async () => {
  const world = makeWorld();
  const ctx = world.person('verifier');
  const send = async (name: string, text: string, kind?: 'personnel') =>
    (await certificates.requestImport(ctx, { files: [{ name, bytes: Buffer.from(text) }], kind }))[0]!;
  const staff = await send('Pegawai 2026.csv', 'Nama;OPD\nAni;', 'personnel');
  const list = await send('Daftar TTE.csv', 'Nama;Nomor Seri;Berlaku Sampai\nAni;0xab;1/1/2028');
  const files = await send('surat.txt', 'bukan sertifikat');
  await certificates.runImports(world.ctx());
  const ids = (filter: Parameters<typeof certificates.imports>[1]) =>
    certificates.imports(ctx, filter).rows.map((run) => run.id);
  expect(ids({})).toEqual([files.id, list.id, staff.id]);
  expect(ids({ q: 'tte daftar' })).toEqual([list.id]);
  expect(ids({ q: staff.number.toLowerCase() })).toEqual([staff.id]);
  expect(ids({ q: '100%_' })).toEqual([]);
  expect(ids({ kind: 'certificates' })).toEqual([files.id]);
  expect(ids({ state: 'preview' })).toEqual([list.id, staff.id]);
  const { total, byKind, byState } = certificates.imports(ctx, { kind: 'personnel', state: 'preview' });
  expect([total, byKind, byState]).toEqual([1, { personnel: 1, certificate_sheet: 1 }, { preview: 1 }]);
});
