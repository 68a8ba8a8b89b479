import { generateKeyPairSync } from 'node:crypto';
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

  test('a picture, a PDF and a workbook without one are taken', async () => {
    expect(await refusal('surat.pdf', bytes('%PDF-1.7\n%%EOF'))).toBeNull();
    expect(await refusal('foto.jpg', Buffer.alloc(1000, 0xd8))).toBeNull();
    expect(await refusal('daftar.xlsx', await sheet('Kunci privat tidak pernah dikirim'))).toBeNull();
  });
});
