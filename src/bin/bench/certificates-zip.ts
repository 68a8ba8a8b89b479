// One ZIP with very many certificates, made once and kept in the system's temporary folder: a real issuing CA like
// BSrE's (RSA 2048) signs holders' certificates with public keys nobody can use. Signing is what takes the time.
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { zipStream, type ZipEntry } from '#lib/server/zip.ts';
import * as ca from '../demo/ca.ts';

/** Counted up when the certificates would look different. */
const EDITION = 2;
const NOT_BEFORE = Date.parse('2025-11-01T00:00:00Z');

export type Sample = { zip: string; root: Buffer; intermediate: Buffer };

/** @param say is told when they must be made first */
export async function certificatesZip(count: number, say: (line: string) => void): Promise<Sample> {
  const folder = path.join(tmpdir(), `siaga-bench-${count}-${EDITION}`);
  const at = (name: string) => path.join(folder, name);
  if (!existsSync(at('certificates.zip'))) {
    say(`${count} sertifikat dibuat sekali saja; kira-kira ${Math.ceil(count / 1500)} detik …`);
    mkdirSync(folder, { recursive: true });
    const root = ca.makeRoot({ notBefore: NOT_BEFORE - 1e11, notAfter: NOT_BEFORE + 9e11 });
    const issuer = ca.makeIntermediate(root, { notBefore: NOT_BEFORE - 1e11, notAfter: NOT_BEFORE + 8e11 });
    writeFileSync(at('root.cer'), root.certificate);
    writeFileSync(at('ca.cer'), issuer.certificate);
    const zip = Readable.fromWeb(zipStream(leaves(issuer, count)) as ReadableStream<Uint8Array>);
    await pipeline(zip, createWriteStream(at('part')));
    renameSync(at('part'), at('certificates.zip'));
  }
  return { zip: at('certificates.zip'), root: readFileSync(at('root.cer')), intermediate: readFileSync(at('ca.cer')) };
}

function* leaves(issuer: ca.Authority, count: number): Generator<ZipEntry[]> {
  const urls = ca.urlsAt('http://ca.example');
  for (let i = 0; i < count; i++) {
    const notBefore = NOT_BEFORE + (i % 300) * ca.DAY;
    const bytes = ca.makeLeaf(issuer, { commonName: `PEGAWAI KE ${i}`, notBefore, urls });
    yield [{ name: `sertifikat/${String(i).padStart(6, '0')}.cer`, bytes }];
  }
}
