// What a file says it is, by its name or its first bytes, and is not: never passed over as "no certificate here".
import { expect, test } from 'vitest';
import { pem } from '#tests/support/pem.ts';
import { zip } from '#tests/support/zip.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { openContainer } from './index.ts';

const FROM = Date.UTC(2026, 0, 1);
const root = ca.makeRoot({ key: ca.makeKey('p256'), notBefore: FROM, notAfter: FROM + 9e11 });
const leaf = ca.makeLeaf(root, { notBefore: FROM });
const crl = ca.makeCrl(root, { entries: [], number: 1, thisUpdate: FROM, nextUpdate: null });

/** Neither text nor anything known, the same in every run. */
const noise = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 167 + (i >> 3) * 31 + 200) & 0xff));
const wholePdf = (() => {
  const head = '%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n';
  return `${head}xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n${head.length}\n%%EOF\n`;
})();

const opened = async (name: string, bytes: Buffer | string) =>
  (await openContainer({ name, bytes: Buffer.from(bytes) })).map(({ kind, reason }) => [kind, reason]);

test.each<[string, string, Buffer | string, RegExp]>([
  ['noise called .cer', 'a.cer', noise, /Namanya berakhiran \.cer, tetapi isinya bukan sertifikat/],
  ['noise called .p7b', 'a.P7B', noise, /Namanya berakhiran \.p7b, tetapi isinya bukan PKCS#7/],
  ['noise called .zip', 'a.zip', noise, /Namanya berakhiran \.zip, tetapi isinya bukan arsip ZIP/],
  ['noise called .pdf', 'a.pdf', noise, /Namanya berakhiran \.pdf, tetapi isinya bukan PDF/],
  ['a page of a portal saved as .crt', 'a.crt', '<html>Masuk dahulu</html>', /Namanya berakhiran \.crt/],
  ['an empty certificate', 'a.cer', '', /kosong/],
  ['the beginning of an archive', 'tanpa-nama', Buffer.from('PK\x03\x04rusak', 'latin1'), /Arsip ZIP rusak/],
  ['an archive of rubbish', 'x', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), noise]), /Arsip ZIP rusak/],
  ['a cut-off PKCS#7 in PEM', 'x', '-----BEGIN PKCS7-----\nMIIBBgYJKoZIhvcNAQcC', /PKCS7.*rusak atau terpotong/],
  ['PEM cut off in its first line', 'x', '-----BEGIN CERTIFIC', /rusak atau terpotong/],
  ['a PDF without a table of contents', 'x', '%PDF-1.7\nstartxref\n999999\n%%EOF', /PDF ini rusak/],
  ['a PDF cut in half', 'x', wholePdf.slice(0, 40), /PDF ini rusak/],
  [
    'a PDF whose signature is damaged',
    'x',
    wholePdf.replace('/Catalog', `/Sig/Contents <3082040006092a864886f70d010702${'ab'.repeat(300)}>`),
    /tanda tangan/,
  ],
])('%s is unreadable, with a sentence', async (_, name, bytes, sentence) => {
  expect(await opened(name, bytes)).toEqual([['unreadable', expect.stringMatching(sentence)]]);
});

test.each<[string, string, Buffer | string]>([
  ['a letter', 'baca.txt', 'Yth. Bapak/Ibu'],
  ['a text that begins with a nought', 'telepon.txt', '0812 adalah awal nomor kami.\n'],
  ['a picture', 'foto.jpg', Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), noise])],
  ['noise that says nothing', 'data.bin', noise],
  ['a whole PDF that nobody signed', 'surat.pdf', wholePdf],
  ['a PDF with room for a signature', 'x', wholePdf.replace('%%EOF', `%/Contents <${'00'.repeat(300)}>\n%%EOF`)],
  ['a revocation list', 'daftar.crl', crl],
  ['a revocation list in PEM, which may hold anything', 'daftar.pem', pem(crl, 'X509 CRL')],
  ['what a Mac writes beside every file of an archive', '__MACOSX/._a.cer', Buffer.from('0005160700020000', 'hex')],
  ['an archive of nothing', 'kosong.zip', zip([])],
])('%s holds no certificate, honestly', async (_, name, bytes) => {
  expect(await opened(name, bytes)).toEqual([['nothing', expect.any(String)]]);
});

test('a block that breaks off beside whole ones is not passed over', async () => {
  const text = `${pem(leaf, 'CERTIFICATE')}-----BEGIN CERTIFICATE-----\nMIIB`;
  expect(await opened('dua.pem', text)).toEqual([
    ['certificate', undefined],
    ['unreadable', expect.stringMatching(/1 blok PEM/)],
  ]);
});
