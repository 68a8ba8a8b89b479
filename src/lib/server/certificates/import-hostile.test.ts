// What somebody may send to do harm, or by mistake: refused in words, nothing kept that must not be, the process alive.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import { beforeAll, describe, expect, test } from 'vitest';
import { pem } from '#tests/support/pem.ts';
import { makeIntermediate, makeLeaf, makeRoot, type Authority } from '../../../bin/demo/ca.ts';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import { zip } from '#tests/support/zip.ts';
import { DAY } from '../calendar.ts';
import type { Context } from '../context.ts';
import { LIMITS } from '../containers/index.ts';
import * as files from '../files/index.ts';
import { receiveForm } from '../files/form.ts';
import * as certificates from './index.ts';

let root: Authority;
let ca: Authority;
beforeAll(() => {
  root = makeRoot({ notBefore: NOW - 3000 * DAY, notAfter: NOW + 3000 * DAY });
  ca = makeIntermediate(root, { notBefore: NOW - 1000 * DAY, notAfter: NOW + 2000 * DAY });
});
const leaf = (commonName: string) => makeLeaf(ca, { commonName, notBefore: NOW - 100 * DAY });

/** Sends files as the web does, runs the jobs, gives the one run. */
async function send(world: World, sent: { name: string; bytes: Uint8Array }[]) {
  const ctx = world.person('verifier');
  const uploads = [];
  for (const { name, bytes } of sent) uploads.push({ ...(await files.receive(ctx, [bytes] as never, 1e9)), name });
  const [run] = await certificates.requestImport(ctx, { files: uploads });
  await certificates.runImports(world.ctx());
  return certificates.importRun(world.ctx(), run!.id, { limit: 10_000 });
}

function kept(world: World): string[] {
  const folder = path.join(world.dir, 'files');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true }) as string[];
  return names.map((name) => path.join(folder, name)).filter((name) => statSync(name).isFile());
}

/** No trace of these bytes in files, database or what people are shown. */
function expectNoTrace(world: World, secret: Buffer, shown: unknown): void {
  const marks = [secret.subarray(0, 48), Buffer.from(secret.toString('base64').slice(0, 60))];
  const everything = [...kept(world).map((name) => readFileSync(name)), world.db.$client.serialize()];
  for (const mark of marks) {
    expect(everything.some((bytes) => bytes.includes(mark))).toBe(false);
    expect(JSON.stringify(shown).includes(mark.toString('latin1'))).toBe(false);
  }
  expect(everything.some((bytes) => bytes.includes('PRIVATE KEY'))).toBe(false);
}

describe('archives', () => {
  const zeros = Buffer.alloc(30 * 2 ** 20);
  const bombs: [string, () => Buffer][] = [
    ['that unpack to gigabytes', () => zip(Array.from({ length: 40 }, (_, i) => ({ name: `${i}`, bytes: zeros })))],
    [
      'whose members lie over each other',
      () =>
        zip([
          { name: '0', bytes: Buffer.from(leaf('A')), deflate: false },
          ...Array.from({ length: 50 }, (_, i) => ({
            name: `${i + 1}`,
            bytes: leaf('A'),
            deflate: false,
            overlaps: true,
          })),
        ]),
    ],
    ['whose members hold more than they say', () => zip([{ name: 'a', bytes: zeros, claimed: 100 }])],
    [
      'of bombs',
      () => {
        const inner = zip(Array.from({ length: 10 }, (_, i) => ({ name: `${i}`, bytes: zeros })));
        return zip(Array.from({ length: 10 }, (_, i) => ({ name: `${i}.zip`, bytes: inner })));
      },
    ],
  ];
  test.each(bombs)('%s are refused before anything is kept', async (_, make) => {
    const world = makeWorld();
    const run = await send(world, [{ name: 'bom.zip', bytes: make() }]);
    expect(run).toMatchObject({ state: 'done', totals: { rejected: 1, added: 0 } });
    expect(run.entries[0]).toMatchObject({ sha256: null, reason: expect.stringContaining('arsip ditolak') });
    expect(kept(world)).toEqual([]);
  });

  test('names that climb out, hide or never end are only labels, shown cleaned', async () => {
    const names = [
      '../../etc/passwd.cer',
      '/etc/shadow.cer',
      'C:\\Windows\\a.cer',
      'a\u0000b.cer',
      'surat\u202ereC.exe.cer',
      `${'x'.repeat(4000)}.cer`,
      '....//a.cer',
    ];
    const world = makeWorld();
    const archive = zip(names.map((name, i) => ({ name, bytes: leaf(`ORANG ${i}`) })));
    const run = await send(world, [{ name: '../../surat\u202e.zip', bytes: archive }]);
    expect(run.totals.added).toBe(names.length);
    for (const { name } of run.entries) {
      expect(name).not.toMatch(/(^|\/)\.\.?(\/|$)|[\u0000-\u001f\u202a-\u202e\\]|^\//);
      expect(name.length).toBeLessThan(450);
    }
    expect(run.name).toBe('surat.zip');
  });

  test('an archive that is refused for a key says in which member the key lies', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const members = [
      { name: 'a.cer', bytes: leaf('ANI') },
      { name: 'cadangan/kunci.pem', bytes: key },
    ];
    const run = await send(makeWorld(), [{ name: 'semua.zip', bytes: zip(members) }]);
    expect(run.refusedKeys).toBe(1);
    expect(run.entries[0]).toMatchObject({ name: 'semua.zip', outcome: 'rejected' });
    expect(run.entries[0]!.reason).toContain('Letaknya di dalam arsip: cadangan/kunci.pem.');
  });

  test('a sheet that is refused for a key says in which sheet and row, wherever a person can look', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const workbook = (rows: string[][]) =>
      writeXlsx({
        sheets: [
          { name: 'Petunjuk', rows: [['Isi lembar kedua']] },
          { name: 'Data', rows },
        ],
      });
    const rows = [
      ['Nama', 'Seri'],
      ['Ani', '01'],
      ['Budi', key],
    ];
    const place = async (name: string, bytes: Uint8Array) =>
      (await send(makeWorld(), [{ name, bytes: Buffer.from(bytes) }])).entries[0]!.reason!.split('laporkan. ')[1];
    expect(await place('daftar.xlsx', await workbook(rows))).toBe('Letaknya di lembar "Data", baris 3.');
    expect(await place('daftar.csv', Buffer.from(`Nama,Seri\nAni,01\nBudi,"${key}"\n`))).toBe('Letaknya di baris 3.');
    const inside = zip([{ name: 'kirim/daftar.xlsx', bytes: Buffer.from(await workbook(rows)) }]);
    expect(await place('semua.zip', inside)).toBe(
      'Letaknya di dalam arsip: kirim/daftar.xlsx, di dalam lembar. Keluarkan berkas itu dari arsipnya, lalu impor arsipnya lagi.',
    );
    const drawing = zip([{ name: 'xl/drawings/drawing1.xml', bytes: Buffer.from(`<a:t>${key}</a:t>`) }]);
    expect(await place('daftar.xlsx', drawing)).toBe('Letaknya di dalam lembar.');
  });

  test('archives in archives in archives are not followed', async () => {
    const deep = [1, 2, 3, 4].reduce<Buffer>(
      (bytes, n) => zip([{ name: `${n}.zip`, bytes }]),
      Buffer.from(leaf('DALAM')),
    );
    const run = await send(makeWorld(), [{ name: 'dalam.zip', bytes: deep }]);
    expect(run).toMatchObject({ state: 'done', totals: { added: 0, unreadable: 0, rejected: 1 } });
    expect(run.entries[0]).toMatchObject({ sha256: null, reason: expect.stringContaining('terlalu dalam') });
  });
});

describe('a private key is refused with nothing kept, wherever it lies', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  const text = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const places: [string, string, () => Buffer][] = [
    ['as PEM', 'kunci.pem', () => text],
    ['as DER', 'kunci.bin', () => der],
    [
      'in an archive, last',
      'a.zip',
      () =>
        zip([
          { name: 'a.cer', bytes: leaf('A') },
          { name: 'k.txt', bytes: text },
        ]),
    ],
    ['in an archive in an archive', 'b.zip', () => zip([{ name: 'i.zip', bytes: zip([{ name: 'k', bytes: der }]) }])],
    ['in a broken archive', 'c.zip', () => zip([{ name: 'k', bytes: text, deflate: false }]).subarray(0, -30)],
    ['in a sheet', 'daftar.csv', () => Buffer.from(`Nama,Kunci\nBudi,"${text.toString()}"\n`)],
    ['in a PDF', 'surat.pdf', () => Buffer.concat([Buffer.from('%PDF-1.7\n'), text, Buffer.from('%%EOF')])],
    ['as a keystore by name', 'kunci.p12', () => Buffer.concat([Buffer.from('0000'), der])],
  ];
  test.each(places)('%s', async (_, name, make) => {
    const world = makeWorld();
    const run = await send(world, [{ name, bytes: make() }]);
    expect(run).toMatchObject({ state: 'done', refusedKeys: 1, totals: { rejected: 1, added: 0 } });
    expect(kept(world)).toEqual([]);
    expectNoTrace(world, der, run);
  });
});

test('a PKCS#12 is refused as a container that may hold a key, not as a key nobody has seen', async () => {
  const world = makeWorld();
  // version 3, authSafe of type data (RFC 7292 §4): what lies in it is locked.
  const store = Buffer.from('30180201033013' + '06092a864886f70d010701' + 'a006040430000000', 'hex');
  const run = await send(world, [{ name: 'sertifikat.bin', bytes: store }]);
  expect(run).toMatchObject({ state: 'done', refusedKeys: 1, totals: { rejected: 1, added: 0 } });
  expect(run.entries[0]!.reason).toMatch(
    /^Berkas ini wadah kunci \(PKCS#12.*Bila ada kunci privat.*ekspor sebagai \.cer/,
  );
  expect(kept(world)).toEqual([]);
});

describe('broken and odd files', () => {
  test('DER a hundred levels deep, PDFs that refer to themselves and cut-off files are entries, never accidents', async () => {
    const nested = Array.from({ length: 100 }).reduce<Buffer>((inner) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(inner.length);
      return Buffer.concat([Buffer.from([0x30, 0x82]), length, inner]);
    }, Buffer.alloc(200));
    const loops = [
      '%PDF-1.7\nstartxref\n9\n%%EOF',
      '%PDF-1.7\n1 0 obj <</Type/XRef/Prev 9/Size 2>>stream\nendstream\nendobj\nstartxref\n9\n%%EOF',
      '%PDF-1.7\n1 0 obj <</Type/ObjStm/Extends 1 0 R/N 1/First 0>>stream\n1 0\nendstream\nendobj\n%%EOF',
      `%PDF-1.7\n${'/Contents <'.repeat(20_000)}\n%%EOF`,
    ].map((pdf) => Buffer.from(pdf));
    const whole = [
      leaf('POTONG'),
      Buffer.from(pem(leaf('POTONG DUA'))),
      zip([{ name: 'a.cer', bytes: leaf('POTONG TIGA') }]),
    ];
    const cut = whole.flatMap((bytes) => [1, 2, 4, 20, 100, 300, bytes.length - 30].map((at) => bytes.subarray(0, at)));
    const sent = [nested, ...loops, ...cut].map((bytes, i) => ({ name: `${i}.bin`, bytes }));
    const run = await send(makeWorld(), sent);
    expect(run.state).toBe('done');
    expect(run.entries).toHaveLength(sent.length);
    const { added, completed, duplicate, no_certificate, unreadable, rejected } = run.totals;
    expect(added + completed + duplicate + no_certificate + unreadable + rejected).toBe(sent.length);
    expect(added).toBe(0);
  });

  test('a workbook that unpacks to 200 MB fails in words', async () => {
    const sheet = Buffer.alloc(25 * 2 ** 20, '<row><c><v>1</v></c></row>');
    const parts = ['[Content_Types].xml', ...Array.from({ length: 8 }, (_, i) => `xl/worksheets/sheet${i}.xml`)];
    const bytes = zip(parts.map((name) => ({ name, bytes: sheet })));
    expect(bytes.length).toBeLessThan(4 * 2 ** 20);
    const run = await send(makeWorld(), [{ name: 'besar.xlsx', bytes }]);
    expect(run.state === 'failed' ? run.message : run.entries[0]?.reason).toMatch(/terlalu besar|tidak dapat dibaca/);
    expect(run.totals.added).toBe(0);
  });

  test('a workbook larger than any sheet may be is refused, and nothing of it is kept', async () => {
    const world = makeWorld();
    const media = { name: 'xl/media/image1.png', bytes: Buffer.alloc(65e6), deflate: false };
    const bytes = zip([{ name: '[Content_Types].xml', bytes: Buffer.from('<Types/>') }, media]);
    expect(bytes.length).toBeGreaterThan(LIMITS.fileBytes);
    const run = await send(world, [{ name: 'foto.xlsx', bytes }]);
    expect(run.entries).toMatchObject([{ outcome: 'rejected', sha256: null }]);
    expect(run.entries[0]!.reason).toMatch(/lebih besar dari 64 MB.*Tidak ada yang disimpan/);
    expect(kept(world)).toEqual([]);
  });
});

describe('a form that arrives', () => {
  const limits = { fileBytes: 1000, files: 3, textBytes: 100 };
  const form = (
    parts: [name: string, file: string | null, content: string][],
    headers: Record<string, string> = {},
  ) => {
    const body = parts.map(
      ([name, file, content]) =>
        `--grenze\r\ncontent-disposition: form-data; name="${name}"${file === null ? '' : `; filename="${file}"`}\r\n\r\n${content}\r\n`,
    );
    return new Request('http://siaga.example', {
      method: 'POST',
      body: `${body.join('')}--grenze--\r\n`,
      headers: { 'content-type': 'multipart/form-data; boundary=grenze', ...headers },
    });
  };
  const left = (world: World) => kept(world).length;

  test('gives its texts and its files, hashed, and skips a file field that was left empty', async () => {
    const world = makeWorld();
    const got = await receiveForm(
      world.ctx(),
      form([
        ['agency', null, 'DISDIK'],
        ['files', 'a.cer', 'isi'],
        ['files', '', ''],
      ]),
      limits,
    );
    expect(got.values.get('agency')).toBe('DISDIK');
    expect(got.files).toMatchObject([
      { field: 'files', name: 'a.cer', size: 3, sha256: createHash('sha256').update('isi').digest('hex') },
    ]);
    got.files.forEach(files.discard);
    expect(left(world)).toBe(0);
  });

  test('is read to its end also when refused at once: a browser shows no answer before it sent everything', async () => {
    const head = '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n';
    let sent = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(sent++ ? new Uint8Array(65_536) : Buffer.from(head));
        if (sent === 300) controller.close();
      },
      cancel: () => void (cancelled = true),
    });
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body,
      duplex: 'half',
    };
    const world = makeWorld();
    const request = new Request('http://siaga.example/', init);
    await expect(receiveForm(world.ctx(), request, limits)).rejects.toThrow(/terlalu besar/);
    expect([sent, cancelled, left(world)]).toEqual([300, false, 0]);
  });

  const refused: [string, () => Request, RegExp][] = [
    ['a file over the limit', () => form([['files', 'a', 'x'.repeat(2000)]]), /terlalu besar/],
    [
      'too many files',
      () => form(Array.from({ length: 4 }, (_, i) => ['files', `${i}`, 'x'] as const).map((p) => [...p])),
      /Paling banyak 3/,
    ],
    ['a text that never ends', () => form([['pasted', null, 'x'.repeat(200)]]), /terlalu panjang/],
    ['more than the disk holds', () => form([], { 'content-length': '9000000000000000' }), /hampir penuh/],
    ['no form at all', () => form([], { 'content-type': 'text/plain' }), /tidak terbaca/],
    [
      'a form that breaks off',
      () =>
        new Request('http://siaga.example', {
          method: 'POST',
          body: '--grenze\r\ncontent-disposition: form-data; name="files"; filename="a"\r\n\r\nsetengah',
          headers: { 'content-type': 'multipart/form-data; boundary=grenze' },
        }),
      /terputus/,
    ],
  ];
  test.each(refused)('%s is refused and leaves nothing', async (_, make, words) => {
    const world = makeWorld();
    await expect(receiveForm(world.ctx(), make(), limits)).rejects.toThrow(words);
    expect(left(world)).toBe(0);
  });
});

describe('a run that is cut off', () => {
  test('goes on exactly where its ledger ends: nothing doubled, nothing lost, the same totals', async () => {
    const world = makeWorld();
    const many = Array.from({ length: 1300 }, (_, i) => leaf(`ORANG ${i}`));
    const sent = [
      { name: 'arsip.zip', bytes: zip(many.slice(0, 600).map((bytes, i) => ({ name: `${i}.cer`, bytes }))) },
      { name: 'semua.pem', bytes: Buffer.from(many.map((der) => pem(der)).join('')) },
    ];
    const ctx = world.person('verifier');
    const [run] = await certificates.requestImport(ctx, { files: sent });
    for (const allowed of [2, 3, 2]) {
      let transactions = 0;
      const dying: Context = {
        ...world.ctx(),
        fence: () => {
          if (++transactions > allowed) throw new Error('killed');
        },
      };
      await expect(certificates.runImports(dying)).rejects.toThrow('killed');
    }
    await certificates.runImports(world.ctx());
    const done = certificates.importRun(world.ctx(), run!.id, { limit: 2000 });
    expect(done.state).toBe('done');
    expect(done.totals).toMatchObject({ added: 601, duplicate: 0, certificatesNew: 1300, certificatesKnown: 600 });
    expect(done.entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 601 }, (_, i) => i + 1));
    expect(world.db.$client.prepare('select count(*) from certificate').pluck().get()).toBe(1300);
  });
});
