// `siaga import`: a list is shown before it is written, and nothing is written by accident.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import { exitCodeOf } from '../cli.ts';
import * as ca from '../demo/ca.ts';
import { command } from './import.ts';

const top = mkdtempSync(path.join(tmpdir(), 'siaga-import-'));
afterAll(() => rmSync(top, { recursive: true }));
let dir: string;
let ctx: Context;
let count = 0;

beforeEach(() => {
  dir = path.join(top, String((count += 1)));
  mkdirSync(path.join(dir, 'data'), { recursive: true });
  const db = openDatabase(databaseFile(path.join(dir, 'data')));
  migrate(db);
  ctx = { db, dir: path.join(dir, 'data'), now: Date.now, actor: { kind: 'system', name: 'cli' } };
  agencies.seed(ctx);
  return () => void db.$client.close();
});

const put = (name: string, text: string) => writeFileSync(path.join(dir, name), text);

/** In this process, at whose terminal nobody sits. */
async function run(...args: string[]) {
  let out = '';
  let err = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
  vi.stubEnv('INIT_CWD', dir);
  const code = await (async () => command.run([...args, '--data', 'data']))()
    .catch((error: Error) => ((err = error.message), exitCodeOf(error)))
    .finally(() => {
      stdout.mockRestore();
      stderr.mockRestore();
    });
  return {
    code,
    out,
    err,
    lines: () =>
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
const people = () => certificates.holders(ctx, {}).rows.map(({ name, position }) => [name, position]);
const HEAD = 'Nama;NIP;Jabatan;Perangkat Daerah;Surel\n';
const SRI = 'Sri Handayani;197811042005012007';
const BUDI = 'Budi;198001012006041001';

test('a list is written where nobody sits who could be asked, and only shown when that is asked for', async () => {
  put('pegawai.csv', `${HEAD}${SRI};Sekretaris;Disdik;\n`);
  mkdirSync(path.join(dir, 'map'));
  put('map/a.cer', 'bukan');
  put('map/daftar.csv', 'Nama;Nomor Seri\nANI;77AA');
  for (const args of [
    ['pegawai.csv', '--yes', '--dry-run'],
    ['map/a.cer', '--dry-run'],
  ]) {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('--dry-run');
  }
  expect(certificates.imports(ctx).total).toBe(0);
  await run('pegawai.csv', '--personnel', '--dry-run');
  expect(people()).toEqual([]);
  expect((await run('pegawai.csv', '--personnel')).out).toMatch(/^added +Baris 2: Sri Handayani \(Baru\)$/m);
  expect(people()).toEqual([['Sri Handayani', 'Sekretaris']]);
});

test('what is only shown next to certificate files is the list; the files are named with the way to look into them', async () => {
  mkdirSync(path.join(dir, 'map'));
  put('map/a.cer', 'bukan');
  put('map/b.cer', 'bukan');
  put('daftar.csv', 'Nama;Nomor Seri\nANI;77AA');
  const { code, out, err } = await run('map', 'daftar.csv', '--dry-run');
  expect(out).toContain('Baru 1,');
  expect(err).toContain('2 berkas');
  expect(err).toContain('siaga inspect');
  expect(code).toBe(0);
  expect(certificates.list(ctx).rows).toEqual([]);
});

test('the difference of a list is shown in the words of the web and nothing is written; then it is written', async () => {
  put('awal.csv', `${HEAD}${SRI};Sekretaris;Disdik;\n${BUDI};Camat;Dinkes;\nPergi;199101012015041002;Staf;Disdik;\n`);
  const first = await run('awal.csv', '--personnel', '--yes', '--json');
  expect([first.code, first.lines().at(-1)]).toMatchObject([0, { totals: { entries: 3, added: 3 } }]);
  put(
    'baru.csv',
    `${HEAD}${SRI};Sekretaris;Disdik;sri@batam.example\n${BUDI};Kepala Dinas;Dinkes;\nCici;1.98E+17;Staf;Dinkes;\nDedi;199201012015041003;Staf;Dinas Sihir;\n`,
  );
  const before = people();
  const shown = await run('baru.csv', '--personnel', '--dry-run', '--json');
  expect(shown.code).toBe(0);
  expect(shown.lines().map(({ row, verdict }) => [row, verdict])).toEqual([
    ['Sri Handayani', 'completed'],
    ['Budi', 'changed'],
    ['Cici', 'added'],
    ['Dedi', 'added'],
    ['Pergi', 'absent'],
    [undefined, undefined],
  ]);
  expect(shown.lines()[1]).toMatchObject({
    line: 3,
    changes: [{ field: 'Jabatan', from: 'Camat', to: 'Kepala Dinas' }],
  });
  expect(shown.lines()[5]).toMatchObject({
    preview: { kind: 'personnel', added: 2, completed: 1, changed: 1, same: 0, absent: 1, rejected: 0, notes: 2 },
  });
  expect(shown.err).toContain('tidak ada yang ditulis');
  const words = (await run('baru.csv', '--personnel', '--dry-run')).out;
  expect(words).toContain('Baru 2, Dilengkapi 1, Berubah 1');
  expect(words).toContain('Tidak ada lagi di berkas 1');
  expect(words).toContain('Dinas Sihir (1 baris)');
  expect(people()).toEqual(before);
  const written = await run('baru.csv', '--personnel', '--yes', '--json');
  expect(written.lines()[0]).toMatchObject({ outcome: 'completed' });
  expect(written.lines()[1]).toMatchObject({ outcome: 'completed', verdict: 'changed' });
  expect(written.lines().at(-1)).toMatchObject({ totals: { entries: 4, added: 2, completed: 2 } });
  const again = (await run('baru.csv', '--personnel', '--yes')).out;
  expect(again).toMatch(/^duplicate +Baris 2: Sri Handayani \(Sama\)$/m);
  expect(again).toContain('4 entri: added 0, completed 0, duplicate 4,');
  expect(Object.fromEntries(people())).toMatchObject({ Budi: 'Kepala Dinas', Cici: 'Staf', Pergi: 'Staf' });
});

test('a list of a few tells in one line that others are on record; each run is named', async () => {
  put(
    'awal.csv',
    `${HEAD}${SRI};Sekretaris;Disdik;\nAda;199001012015041001;Staf;Disdik;\nPergi;199101012015041002;Staf;Disdik;\n`,
  );
  const all = await run('awal.csv', '--personnel', '--yes', '--json');
  const numbers = certificates.imports(ctx).rows.map((one) => one.number);
  expect(all.lines().at(-1)).toMatchObject({ imports: numbers });
  put('sedikit.csv', `${HEAD}${SRI};Sekretaris;Dinas Kominfo;\nAda;199001012015041001;Staf;Disdik;x@batam.example\n`);
  put('satu.csv', `${HEAD}${SRI};Camat;Disdik;\n`);
  const few = (await run('satu.csv', '--personnel', '--dry-run')).out;
  expect(few).toContain('2 lainnya yang tercatat terlihat dengan --json');
  expect(few).not.toContain('Tidak ada lagi di berkas');
  const said = await run('satu.csv', '--personnel', '--dry-run', '--json');
  expect(said.lines().at(-1)).toMatchObject({ preview: { absent: 2, extract: true } });
  expect(said.lines().filter(({ verdict }) => verdict === 'absent')).toHaveLength(2);
  expect((await run('sedikit.csv', '--personnel', '--dry-run')).out).toContain(
    'Dinas Kominfo (1 baris; mungkin Dinas Komunikasi dan Informatika)',
  );
  const written = (await run('satu.csv', '--personnel', '--yes')).out;
  expect(written).toMatch(new RegExp(`; dicatat sebagai ${certificates.imports(ctx).rows[0]!.number}\n$`));
});

test('a list that cannot be read is one entry with its reason, counted in the totals, and holds nothing up', async () => {
  put('kosong.csv', 'Lima;Enam\n1;2\n');
  const { code, out } = await run('kosong.csv', '--yes');
  expect([code, out]).toEqual([1, expect.stringContaining('Baris judul tidak ditemukan')]);
  expect(out).toMatch(/^rejected +kosong\.csv \(Ditolak\): Baris judul tidak ditemukan/m);
  expect(out).toMatch(/^1 entri: .*rejected 1;/m);
  expect(out).not.toContain('di bawah');
  expect(certificates.imports(ctx).rows.map(({ state }) => state)).toEqual(['voided']);
});

test('a row that is the same but holds what could not be read is shown, and such rows are counted', async () => {
  put('awal.csv', `Nama;NIP;Jabatan;Perangkat Daerah;Status;TMT\n${SRI};Guru;Disdik;;\n${BUDI};Camat;Dinkes;;\n`);
  await run('awal.csv', '--personnel', '--yes');
  put(
    'lagi.csv',
    `Nama;NIP;Jabatan;Perangkat Daerah;Status;TMT\n${SRI};Guru;Disdik;;32/13/2026\n${BUDI};Camat;Dinkes;;\n`,
  );
  const { out } = await run('lagi.csv', '--personnel', '--dry-run');
  expect(out).toMatch(/Sama +baris 2: Sri Handayani \(.*32\/13\/2026.*\)/);
  expect(out).not.toContain('baris 3');
  expect(out).toContain('Sama 2, Ditolak 0, Tidak ada lagi di berkas 0; dengan catatan 1.');
});

test('a private key is refused with the way to the report form, in a list too, and nothing of it is printed', async () => {
  const key = ca.makeKey('p256').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  put('kunci.pem', key);
  put('daftar.csv', `Nama;Nomor Seri;Catatan\nANI;77AA;"${key}"\n`);
  for (const args of [['kunci.pem'], ['daftar.csv', '--yes'], ['daftar.csv', '--dry-run']]) {
    for (const how of [[], ['--json']]) {
      const { code, out, err } = await run(...args, ...how);
      expect([args, code]).toEqual([args, 1]);
      expect(out).toContain('Anggap kunci itu sudah bocor');
      expect(out).toContain('/lapor');
      expect(out + err).not.toContain(key.split('\n')[1]);
    }
  }
});
