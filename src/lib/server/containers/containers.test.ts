import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pem } from '#tests/support/pem.ts';
import { zip } from '#tests/support/zip.ts';
import * as ca from '../../../bin/demo/ca.ts';
import * as write from '../x509/der-writer.ts';
import { ContainerError, openContainer, readSheet, scanFile } from './index.ts';
import { runTask } from './pool.ts';

const FROM = Date.UTC(2026, 0, 1);
const root = ca.makeRoot({ key: ca.makeKey('p256'), notBefore: FROM, notAfter: FROM + 9e11 });
const key = ca.makeKey('p256');
const leaf = ca.makeLeaf(root, { notBefore: FROM, spki: key.spki });
const second = ca.makeLeaf(root, { notBefore: FROM, commonName: 'ANI UJI', spki: key.spki });
const open = (bytes: Uint8Array | string, name = 'berkas') =>
  openContainer({ name, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes });
const kinds = async (bytes: Uint8Array | string, name?: string) =>
  (await open(bytes, name)).map(({ kind, ders }) => [kind, ders?.length ?? 0]);

function openssl(args: string[], files: Record<string, string | Buffer>, out: string): Buffer {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-openssl-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(dir, name), content);
  execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  return execFileSync('cat', [path.join(dir, out)]);
}

describe('certificates', () => {
  test('DER, PEM, several PEM with text around, bare base64 and UTF-16 from Notepad are opened', async () => {
    expect(await open(leaf)).toEqual([
      { name: 'berkas', kind: 'certificate', ders: [leaf], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(await kinds(pem(leaf))).toEqual([['certificate', 1]]);
    expect(await kinds(`subject=Budi\r\n${pem(leaf).replaceAll('\n', '\r\n')}\nteks\n${pem(second)}selesai`)).toEqual([
      ['certificate', 2],
    ]);
    expect(await kinds(leaf.toString('base64'))).toEqual([['certificate', 1]]);
    expect(await kinds(Buffer.from(`\ufeff${pem(leaf)}`, 'utf16le'))).toEqual([['certificate', 1]]);
  });

  test('PKCS#7 made by openssl is opened, DER and PEM', async () => {
    const files = { 'a.pem': pem(leaf) + pem(second) };
    const args = ['crl2pkcs7', '-nocrl', '-certfile', 'a.pem', '-out', 'a.p7b'];
    expect(await kinds(openssl([...args, '-outform', 'DER'], files, 'a.p7b'))).toEqual([['certificate', 2]]);
    expect(await kinds(openssl(args, files, 'a.p7b'))).toEqual([['certificate', 2]]);
  });

  test('the signer of a PDF is found, not the other certificates that lie beside', async () => {
    const files = {
      'data.txt': 'isi',
      'leaf.pem': pem(leaf),
      'root.pem': pem(root.certificate),
      'leaf.key': key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    };
    const cms = openssl(
      [
        'cms',
        '-sign',
        '-in',
        'data.txt',
        '-signer',
        'leaf.pem',
        '-inkey',
        'leaf.key',
        '-certfile',
        'root.pem',
        '-outform',
        'DER',
        '-out',
        'x',
      ],
      files,
      'x',
    );
    const contents = Buffer.concat([cms, Buffer.alloc(500)]).toString('hex');
    const pdf = `%PDF-1.7\n1 0 obj <</Type/Sig /ByteRange [0 1 2 3] /Contents <${contents}>>>\nendobj\n%%EOF`;
    expect(await open(pdf, 'surat.pdf')).toMatchObject([{ kind: 'certificate', ders: [leaf] }]);
  });

  test('what is odd keeps its bytes, what is something else is nothing', async () => {
    const broken = Buffer.from(leaf);
    // The serial is no INTEGER any more.
    broken[13] = 0x05;
    expect(await kinds(pem(broken))).toEqual([['unreadable', 1]]);
    expect(await kinds(pem(leaf) + pem(broken) + pem(second))).toEqual([
      ['certificate', 2],
      ['unreadable', 1],
    ]);
    expect(await kinds('-----BEGIN CERTIFICATE-----\nMIIB')).toEqual([['unreadable', 0]]);
    expect(await kinds(ca.makeCrl(root, { entries: [], number: 1, thisUpdate: FROM, nextUpdate: null }))).toEqual([
      ['nothing', 0],
    ]);
    expect(await kinds('')).toEqual([['nothing', 0]]);
    expect(await kinds('Yth. Bapak/Ibu')).toEqual([['nothing', 0]]);
  });
});

describe('a private key anywhere refuses the whole file', () => {
  const secret = key.privateKey;
  const forms: [string, () => Buffer | string][] = [
    ['PKCS#8 PEM', () => secret.export({ type: 'pkcs8', format: 'pem' }) as string],
    ['PKCS#8 DER', () => secret.export({ type: 'pkcs8', format: 'der' }) as Buffer],
    ['SEC 1 PEM', () => secret.export({ type: 'sec1', format: 'pem' }) as string],
    ['SEC 1 DER', () => secret.export({ type: 'sec1', format: 'der' }) as Buffer],
    ['PKCS#1 DER', () => ca.makeKey('rsa1024').privateKey.export({ type: 'pkcs1', format: 'der' }) as Buffer],
    [
      'encrypted PKCS#8 PEM',
      () => secret.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string,
    ],
    [
      'encrypted PKCS#8 DER',
      () => secret.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' }) as Buffer,
    ],
    ['Ed25519 PKCS#8 DER', () => ca.makeKey('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }) as Buffer],
    [
      'base64 of PKCS#8',
      () => (ca.makeKey('rsa1024').privateKey.export({ type: 'pkcs8', format: 'der' }) as Buffer).toString('base64'),
    ],
    ['after a certificate', () => pem(leaf) + (secret.export({ type: 'pkcs8', format: 'pem' }) as string)],
    ['under a certificate label', () => pem(secret.export({ type: 'pkcs8', format: 'der' }) as Buffer)],
    [
      'PKCS#12',
      () =>
        openssl(
          ['pkcs12', '-export', '-in', 'a.pem', '-inkey', 'a.key', '-passout', 'pass:x', '-out', 'x'],
          { 'a.pem': pem(leaf), 'a.key': secret.export({ type: 'pkcs8', format: 'pem' }) as string },
          'x',
        ),
    ],
    ['a Java keystore', () => Buffer.from('feedfeed0000000200000001', 'hex')],
    [
      'a member of an archive',
      () =>
        zip([
          { name: 'a.cer', bytes: leaf },
          { name: 'rahasia/kunci.txt', bytes: Buffer.from(secret.export({ type: 'pkcs8', format: 'pem' }) as string) },
        ]),
    ],
  ];
  test.each(forms)('%s', async (_, make) => {
    const entries = await open(make());
    expect(entries).toMatchObject([{ name: 'berkas', kind: 'private_key' }]);
    expect(entries[0]!.ders).toBeUndefined();
  });
});

describe('archives', () => {
  test('with a list in it says of the list that it is imported on its own', async () => {
    const sheet = Buffer.from(await writeXlsx({ sheets: [{ name: 'Satu', rows: [['Nama'], ['Ani']] }] }));
    const archive = zip([
      { name: 'daftar.csv', bytes: Buffer.from('Nama;Nomor Seri\nAni;77AA') },
      { name: 'daftar.xlsx', bytes: sheet },
      { name: 'baca.txt', bytes: Buffer.from('Nama;Nomor Seri') },
    ]);
    const entries = await openContainer({ name: 'x.zip', bytes: archive });
    const list = expect.stringContaining('Daftar diimpor tersendiri');
    // A workbook is one entry, not one for each of its parts.
    expect(entries).toMatchObject([
      { name: 'x.zip/daftar.csv', kind: 'nothing', reason: list },
      {
        name: 'x.zip/daftar.xlsx',
        kind: 'nothing',
        reason: list,
        sha256: createHash('sha256').update(sheet).digest('hex'),
      },
      { name: 'x.zip/baca.txt', kind: 'nothing', reason: expect.stringContaining('Tidak ada sertifikat') },
    ]);
  });

  test('a certificate in a document is found all the same', async () => {
    const document = zip([
      { name: '[Content_Types].xml', bytes: Buffer.from('<Types/>') },
      { name: 'word/lampiran.cer', bytes: Buffer.from(pem(second)) },
    ]);
    const entries = await openContainer({ name: 'x.zip', bytes: zip([{ name: 'surat.docx', bytes: document }]) });
    expect(entries).toMatchObject([{ name: 'x.zip/surat.docx/word/lampiran.cer', kind: 'certificate' }]);
  });

  test.each([
    ['7z', '377abcaf271c0004'],
    ['RAR', '526172211a070100'],
    ['GZIP', '1f8b080000000000'],
  ])('%s is refused by itself, and named inside a ZIP', async (format, magic) => {
    const bytes = Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(300, 7)]);
    const reason = expect.stringMatching(new RegExp(`^Arsip ${format} tidak dapat dibuka.*kirim isinya`));
    expect(await scanFile({ name: 'a.bin', bytes })).toEqual({ verdict: 'closed', reason });
    const entries = await openContainer({ name: 'x.zip', bytes: zip([{ name: 'a.bin', bytes }]) });
    expect(entries).toMatchObject([{ name: 'x.zip/a.bin', kind: 'unreadable', reason }]);
  });

  test('members are listed one by one, archives inside too', async () => {
    const inner = zip([{ name: 'b.pem', bytes: Buffer.from(pem(second)) }]);
    const entries = await open(
      zip([
        { name: 'a.cer', bytes: leaf },
        { name: 'map/', bytes: Buffer.alloc(0), deflate: false },
        { name: 'baca.txt', bytes: Buffer.from('halo') },
        { name: 'dalam.zip', bytes: inner },
      ]),
      'x.zip',
    );
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['x.zip/a.cer', 'certificate'],
      ['x.zip/baca.txt', 'nothing'],
      ['x.zip/dalam.zip/b.pem', 'certificate'],
    ]);
  });
  test.each([
    ['a truncated archive', zip([{ name: 'a.cer', bytes: leaf }]).subarray(0, -30)],
    ['archives nested too deep', [1, 2, 3].reduce((bytes, n) => zip([{ name: `${n}.zip`, bytes }]), leaf)],
  ])('%s are unreadable', async (_, bytes) =>
    expect(await open(bytes)).toMatchObject([{ kind: 'unreadable', reason: expect.any(String) }]),
  );

  test('a bomb is stopped by what comes out, not by what it claims', async () => {
    const zeros = Buffer.alloc(40 * 2 ** 20);
    expect(await kinds(zip([{ name: 'a', bytes: zeros }]))).toEqual([['unreadable', 0]]);
    expect(await kinds(zip([{ name: 'a', bytes: zeros, claimed: 100 }]))).toEqual([['unreadable', 0]]);
    const twenty = Buffer.alloc(30 * 2 ** 20);
    const many = zip(Array.from({ length: 20 }, (_, i) => ({ name: `${i}`, bytes: twenty })));
    expect(await open(many)).toMatchObject([{ kind: 'unreadable', reason: expect.stringContaining('terlalu besar') }]);
  });

  test('a bomb is refused by what it announces before any of it is unpacked, and by what comes out beyond that', async () => {
    const refusal = async (bytes: Buffer) => {
      const found = await scanFile({ name: 'bom.zip', bytes });
      return found.verdict === 'refused' ? found.reason : found.verdict;
    };
    // What is not there at all cannot have been unpacked.
    const announced = zip([{ name: 'ca.crl', bytes: leaf, claimed: 3 * 2 ** 30 }]);
    expect(await refusal(announced)).toContain('terlalu besar setelah dibuka');
    const zeros = Buffer.alloc(40 * 2 ** 20);
    const four = Array.from({ length: 4 }, (_, i) => ({ name: `${i}.crl`, bytes: zeros }));
    expect(await refusal(zip(four))).toContain('terlalu besar setelah dibuka');
    expect(await refusal(zip([{ name: 'ca.crl', bytes: zeros, claimed: 34 * 2 ** 20 }]))).toContain(
      'daripada yang tertulis',
    );
    // A long list that is as large as it says is none.
    expect(await scanFile({ name: 'panjang.zip', bytes: zip([{ name: 'ca.crl', bytes: zeros }]) })).toMatchObject({
      verdict: 'clean',
    });
  });
});

describe('the worker', () => {
  test('is terminated at its deadline, and the next task gets a fresh one', async () => {
    const slow = zip(Array.from({ length: 3000 }, (_, i) => ({ name: `${i}.pem`, bytes: Buffer.from(pem(leaf)) })));
    await expect(runTask({ task: 'open', name: 'x', bytes: slow }, 1)).rejects.toThrow(ContainerError);
    expect(await openContainer({ name: 'x', bytes: slow }, 1)).toMatchObject([{ kind: 'unreadable' }]);
    expect(await kinds(zip([{ name: 'a.cer', bytes: leaf }]))).toEqual([['certificate', 1]]);
  });
  test('serves many at once and leaves the caller its bytes', async () => {
    const bytes = zip([{ name: 'a.cer', bytes: leaf }]);
    const all = await Promise.all(Array.from({ length: 20 }, () => kinds(bytes)));
    expect(all.flat().every(([kind]) => kind === 'certificate')).toBe(true);
    expect(bytes.length).toBeGreaterThan(0);
  });
  test('deeply nested CMS ends as unreadable', async () => {
    const bomb = Buffer.concat([
      Buffer.from('308006092a864886f70d010702a080', 'hex'),
      Buffer.from('3080'.repeat(100_000), 'hex'),
    ]);
    expect(await kinds(bomb)).toEqual([['unreadable', 0]]);
  });
});

/** The head of a document of before 2007, with one stream in its directory. */
const oldBook = (stream: string) =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), Buffer.from(stream, 'utf16le')]);

describe('sheets', async () => {
  const book = () =>
    writeXlsx({
      sheets: [
        {
          name: 'Pegawai',
          rows: [
            ['Nama', 'NIP', 'Seri', 'Berakhir'],
            ['Budi', 198503152010011005, '6,32E+47', new Date(Date.UTC(2026, 2, 1))],
            ['Ani', '198503152010011006', '00ab', 1.5],
            [null, 15, '#####', '#REF!'],
          ],
        },
        { name: 'Lain', rows: [['x']] },
      ],
    });

  test('XLSX: damage by Excel is named and its cell left empty', async () => {
    const { sheets, rows, problems } = await readSheet({ name: 'a.xlsx', bytes: await book() });
    expect(sheets).toEqual(['Pegawai', 'Lain']);
    expect(rows).toEqual([
      ['Nama', 'NIP', 'Seri', 'Berakhir'],
      ['Budi', '', '', '2026-03-01'],
      ['Ani', '198503152010011006', '00ab', '1.5'],
      ['', '15', '', ''],
    ]);
    expect(problems.map(({ row, col }) => [row, col])).toEqual([
      [2, 2],
      [2, 3],
      [4, 3],
      [4, 4],
    ]);
  });
  test('XLSX: a sheet by name', async () => {
    expect((await readSheet({ name: 'a.xlsx', bytes: await book(), sheet: 'Lain' })).rows).toEqual([['x']]);
    await expect(readSheet({ name: 'a.xlsx', bytes: await book(), sheet: 'Tidak ada' })).rejects.toThrow('tidak ada');
  });
  test.each([
    ['semicolons and a byte order mark', Buffer.from('\ufeffNama;NIP\r\n"Budi; S.Kom";198503152010011005\r\n')],
    ['commas', Buffer.from('Nama,NIP\n"Budi; S.Kom",198503152010011005\n')],
    ['tabs in UTF-16', Buffer.from('\ufeffNama\tNIP\nBudi; S.Kom\t198503152010011005\n', 'utf16le')],
  ])('CSV with %s', async (_, bytes) => {
    expect((await readSheet({ name: 'a.csv', bytes })).rows).toEqual([
      ['Nama', 'NIP'],
      ['Budi; S.Kom', '198503152010011005'],
    ]);
  });
  test('a list with too many rows is refused for that, not as damaged', async () => {
    const bytes = Buffer.from('Nama;NIP\n' + 'Ani;1\n'.repeat(200_001));
    await expect(readSheet({ name: 'a.csv', bytes })).rejects.toThrow('lebih dari 200.000 baris');
  });

  test('CSV of old Excel in Windows-1252, with a serial in scientific notation', async () => {
    const { rows, problems } = await readSheet({
      name: 'a.csv',
      bytes: Buffer.from('Nama;Seri\nRen\xe9;6.32E+47\n', 'latin1'),
    });
    expect(rows[1]).toEqual(['René', '']);
    expect(problems).toMatchObject([{ row: 2, col: 2, text: expect.stringContaining('6.32E+47') }]);
  });
  test.each([
    ['nothing', Buffer.alloc(0), /kosong/],
    ['an old .xls', oldBook('Workbook'), /Excel lama \(\.xls\).*simpan sebagai \.xlsx/],
    ['a workbook under a password', oldBook('EncryptedPackage'), /terkunci kata sandi.*hapus kata sandinya/],
    ['an archive that is no workbook', zip([{ name: 'a.cer', bytes: leaf }]), /bukan buku kerja Excel/],
    ['bytes', Buffer.from([0, 1, 2, 3, 4, 5]), /bukan lembar Excel/],
    [
      'a workbook with one part that unpacks to too much',
      zip([{ name: 'xl/workbook.xml', bytes: Buffer.alloc(40 * 2 ** 20) }]),
      /terlalu besar.*simpan sebagai \.csv/,
    ],
    [
      'a workbook that lies about what it unpacks to',
      zip([{ name: 'xl/workbook.xml', bytes: Buffer.alloc(40 * 2 ** 20), claimed: 100 }]),
      /terlalu besar/,
    ],
    ['a workbook that was cut off', (await book()).subarray(0, -40), /Excel ini rusak/],
  ])('%s is refused with a sentence that names this one cause', async (_, bytes, says) => {
    const refused = await readSheet({ name: 'x', bytes }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ContainerError);
    expect((refused as Error).message).toMatch(says);
  });

  test('an old or locked workbook among certificates is unreadable, and is told how to come again', async () => {
    for (const [stream, says] of [
      ['Workbook', 'simpan sebagai .xlsx'],
      ['EncryptedPackage', 'hapus kata sandinya'],
    ] as const) {
      expect(await open(oldBook(stream), 'daftar.xls')).toMatchObject([
        { kind: 'unreadable', reason: expect.stringContaining(says) },
      ]);
    }
    expect(await open(oldBook('WordDocument'), 'surat.doc')).toMatchObject([{ kind: 'nothing' }]);
  });
});

test('a made-up structure around a serial is no key', async () => {
  expect(await kinds(write.seq(write.integer(7), write.integer(8)))).toEqual([['nothing', 0]]);
});
