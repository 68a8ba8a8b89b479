// What lies packed in a PDF comes out, also where the file was cut.
import { generateKeyPairSync } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { pdfStreams } from './pdf-streams.ts';

const pdf = (content: Buffer) =>
  Buffer.concat([
    Buffer.from(`%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode/Length ${content.length}>>\nstream\r\n`),
    content,
    Buffer.from('\nendstream\nendobj\n%%EOF'),
  ]);

test('a stream that was cut off gives what is left of it, however its last bits fall', () => {
  for (let i = 0; i < 60; i++) {
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (let cut = 1; cut <= 8; cut++) {
      const found = [...pdfStreams(pdf(deflateSync(Buffer.from(key)).subarray(0, -cut)))];
      expect(found.map(String)[0], `${cut} octets cut off`).toContain('-----BEGIN');
    }
  }
});
