import { generateKeyPairSync } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { zip } from '#tests/support/zip.ts';
import { keyRefused, keyReport } from '#lib/terms.ts';
import { AppError } from '../errors.ts';
import { demandNoKey } from './index.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const der = privateKey.export({ type: 'pkcs8', format: 'der' });
const sheet = (cell: string) => writeXlsx({ sheets: [{ name: 'Bukti', rows: [['Nama'], [cell]] }] });
const bytes = (content: string) => Buffer.from(content, 'latin1');

function ascii85(content: Buffer): string {
  const padded = Buffer.concat([content, Buffer.alloc((4 - (content.length % 4)) % 4)]);
  let text = '';
  for (let at = 0; at < padded.length; at += 4) {
    let value = padded.readUInt32BE(at);
    let group = '';
    for (let i = 0; i < 5; i++, value = Math.floor(value / 85)) group = String.fromCharCode(33 + (value % 85)) + group;
    text += group;
  }
  return `${text.slice(0, text.length - (padded.length - content.length))}~>`;
}

const refusal = async (name: string, content: Uint8Array) =>
  demandNoKey({ name, bytes: content }, 'evidence').then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      return { message: error.message, fields: error.fields, lead: error.lead };
    },
  );

describe('a file that somebody brings as evidence', () => {
  test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['kunci.pdf', () => bytes(pem)],
    ['surat.pdf', () => bytes(`%PDF-1.7\n1 0 obj\n(${pem})\nendobj\n%%EOF`)],
    ['kunci-di-sel.xlsx', () => sheet(pem)],
    ['base64-di-sel.xlsx', () => sheet(der.toString('base64'))],
    ['foto.png', () => der],
    ['surat.docx', () => zip([{ name: 'word/document.xml', bytes: bytes(`<w:t>${pem.replaceAll('\n', ' ')}</w:t>`) }])],
    ['kartu.p12', () => bytes('apa pun isinya')],
  ])('%s is refused for its private key, in the one sentence, and leads to the report form', async (name, content) => {
    expect(await refusal(name, await content())).toEqual({
      message: keyRefused.file,
      fields: { evidence: `Kirim ulang tanpa ${name}.` },
      lead: keyReport,
    });
  });

  const stream = (content: Buffer, dictionary = '/Filter/FlateDecode') =>
    Buffer.concat([
      bytes(`%PDF-1.7\n1 0 obj\n<<${dictionary}/Length ${content.length}>>\nstream\r\n`),
      content,
      bytes('\nendstream\nendobj\n%%EOF'),
    ]);
  const body = pem.replace(/-----.*\n?/g, '');
  const page = `BT /F1 9 Tf (-----BEGIN) 20 (PRIVATE KEY-----) Tj T* ${body
    .trim()
    .split('\n')
    .map((line) => `[(${line.slice(0, 20)}) -3 (${line.slice(20)})] TJ T*`)
    .join(' ')} ET`;
  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ['attached', () => stream(deflateSync(bytes(pem)))],
    ['attached as DER', () => stream(deflateSync(der))],
    ['attached as DER, not packed', () => stream(der, '')],
    ['attached, its last octets cut off', () => stream(deflateSync(bytes(pem)).subarray(0, -6))],
    ['shown on a page', () => stream(deflateSync(bytes(page)))],
    [
      'in hexadecimal over Flate',
      () => stream(bytes(`${deflateSync(bytes(pem)).toString('hex')}>`), '/Filter[/AHx/Fl]'),
    ],
    [
      'in ASCII85 over Flate',
      () => stream(bytes(ascii85(deflateSync(bytes(pem)))), '/Filter[/ASCII85Decode/FlateDecode]'),
    ],
    ['in a workbook that is attached', async () => stream(deflateSync(await sheet(pem)))],
    ['in a PDF in an archive', () => zip([{ name: 'surat.pdf', bytes: stream(deflateSync(bytes(pem))) }])],
  ])('a key in a packed stream of a PDF is found: %s', async (_, content) => {
    expect(await refusal('surat.pdf', await content())).toMatchObject({ message: keyRefused.file });
  });

  test('a PDF made to unpack without end does no harm, and is not taken as evidence', async () => {
    const bomb = deflateSync(Buffer.alloc(2 ** 26));
    expect((await refusal('bom.pdf', stream(bomb)))?.message).toMatch(/bom\.pdf tidak dapat diperiksa.*terlalu besar/);
    const many = Buffer.concat(Array.from({ length: 300 }, () => stream(bomb)));
    expect((await refusal('bom.pdf', many))?.message).toMatch(/tidak dapat diperiksa/);
  });

  test('pictures of a scan and pages that quote the mark of a key are taken', async () => {
    const quoted = deflateSync(bytes('BT (Berkas kunci diawali -----BEGIN PRIVATE KEY-----) Tj ET'));
    expect(await refusal('panduan.pdf', stream(quoted))).toBeNull();
    const scan = stream(deflateSync(Buffer.alloc(2 ** 26)), '/Subtype /Image/Filter/FlateDecode');
    expect(await refusal('pindaian.pdf', scan)).toBeNull();
  });

  const flagged = (archive: Buffer) => {
    const locked = Buffer.from(archive);
    for (const [signature, flags] of [
      ['PK\x01\x02', 8],
      ['PK\x03\x04', 6],
    ] as const) {
      const at = locked.indexOf(signature, 0, 'latin1') + flags;
      locked.writeUInt16LE(locked.readUInt16LE(at) | 1, at);
    }
    return locked;
  };
  test.each<[string, () => Buffer, RegExp]>([
    ['arsip.zip', () => flagged(zip([{ name: 'kunci.pem', bytes: bytes(pem) }])), /kunci\.pem: .*terkunci kata sandi/],
    [
      'arsip.zip',
      () => zip([{ name: 'a.zip', bytes: flagged(zip([{ name: 'b', bytes: der }])) }]),
      /a\.zip\/b: .*terkunci/,
    ],
    ['arsip.7z', () => Buffer.from('377abcaf271c0004aabbccdd', 'hex'), /Arsip 7z/],
    ['arsip.rar', () => bytes('Rar!\x1a\x07\x01\x00rest'), /Arsip RAR/],
    [
      'daftar.xlsx',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
      /Office ini terkunci/,
    ],
    ['surat.pdf', () => bytes('%PDF-1.7\ntrailer\n<</Encrypt 9 0 R/Root 1 0 R>>\n%%EOF'), /PDF ini dikunci/],
    ['arsip.zip', () => zip([{ name: 'a', bytes: der }]).subarray(0, 60), /rusak/],
  ])(
    '%s, into which nobody can look, is not taken, and the sentence says why and what to do',
    async (name, content, why) => {
      const said = await refusal(name, content());
      expect(said?.message).toMatch(why);
      expect(said).toMatchObject({
        message: expect.stringMatching(/tidak dapat diperiksa.*tidak ada yang disimpan/),
        fields: { evidence: expect.stringMatching(/kirim isinya tanpa kata sandi/) },
        lead: null,
      });
    },
  );

  test('a long member of an archive is looked through to its end', async () => {
    const long = (end: string | Buffer) => Buffer.concat([Buffer.alloc(34e6, 'baris catatan\n'), Buffer.from(end)]);
    expect(await refusal('log.zip', zip([{ name: 'log.txt', bytes: long('selesai') }]))).toBeNull();
    for (const end of [pem, Buffer.from(pem, 'utf16le')])
      expect(await refusal('log.zip', zip([{ name: 'log.txt', bytes: long(end) }]))).toMatchObject({
        message: keyRefused.file,
      });
    const disk = Buffer.concat([zip([{ name: 'a', bytes: der }]), Buffer.alloc(34e6)]);
    expect((await refusal('cakram.zip', zip([{ name: 'cakram.zip', bytes: disk }])))?.message).toMatch(
      /lebih besar dari 32 MB/,
    );
  });

  test('a picture, a PDF and a workbook without one are taken', async () => {
    expect(await refusal('surat.pdf', bytes('%PDF-1.7\n%%EOF'))).toBeNull();
    expect(await refusal('foto.jpg', Buffer.alloc(1000, 0xd8))).toBeNull();
    expect(await refusal('daftar.xlsx', await sheet('Kunci privat tidak pernah dikirim'))).toBeNull();
  });
});
