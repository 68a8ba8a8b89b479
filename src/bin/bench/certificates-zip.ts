// One ZIP with very many certificates, made once and kept in the system's temporary folder: a real issuing CA like
// BSrE's (RSA 2048) signs holders' certificates with public keys nobody can use. Signing is what takes the time.
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import * as ca from '../demo/ca.ts';

/** Counted up when the certificates would look different. */
const EDITION = 1;
const NOT_BEFORE = Date.parse('2025-11-01T00:00:00Z');

export type Sample = { zip: string; root: Buffer; intermediate: Buffer };

/** @param say is told when they must be made first */
export function certificatesZip(count: number, say: (line: string) => void): Sample {
  const folder = path.join(tmpdir(), `siaga-bench-${count}-${EDITION}`);
  const at = (name: string) => path.join(folder, name);
  if (!existsSync(at('certificates.zip'))) {
    say(`${count} sertifikat dibuat sekali saja; kira-kira ${Math.ceil(count / 1500)} detik …`);
    mkdirSync(folder, { recursive: true });
    const root = ca.makeRoot({ notBefore: NOT_BEFORE - 1e11, notAfter: NOT_BEFORE + 9e11 });
    const issuer = ca.makeIntermediate(root, { notBefore: NOT_BEFORE - 1e11, notAfter: NOT_BEFORE + 8e11 });
    writeFileSync(at('root.cer'), root.certificate);
    writeFileSync(at('ca.cer'), issuer.certificate);
    writeZip(at('certificates.zip'), leaves(issuer, count));
  }
  return { zip: at('certificates.zip'), root: readFileSync(at('root.cer')), intermediate: readFileSync(at('ca.cer')) };
}

function* leaves(issuer: ca.Authority, count: number): Generator<{ name: string; bytes: Buffer }> {
  const urls = ca.urlsAt('http://ca.example');
  for (let i = 0; i < count; i++) {
    const notBefore = NOT_BEFORE + (i % 300) * ca.DAY;
    const bytes = ca.makeLeaf(issuer, { commonName: `PEGAWAI KE ${i}`, notBefore, urls });
    yield { name: `sertifikat/${String(i).padStart(6, '0')}.cer`, bytes };
  }
}

/** A ZIP as any tool writes it (APPNOTE 4.3), ZIP64 when there are many members. */
function writeZip(file: string, members: Iterable<{ name: string; bytes: Buffer }>): void {
  const handle = openSync(`${file}.part`, 'w');
  const directory: Buffer[] = [];
  let offset = 0;
  const write = (bytes: Buffer) => void (offset += writeSync(handle, bytes));
  for (const member of members) {
    const name = Buffer.from(member.name);
    const body = deflateRawSync(member.bytes, { level: 6 });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(member.bytes), 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(member.bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, name]));
    write(Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, body]));
  }
  const start = offset;
  for (const entry of directory) write(entry);
  write(endOf(directory.length, start, offset - start));
  closeSync(handle);
  renameSync(`${file}.part`, file);
}

function endOf(count: number, start: number, size: number): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  for (const at of [8, 10]) end.writeUInt16LE(Math.min(count, 0xffff), at);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(start, 16);
  if (count < 0xffff) return end;
  const large = Buffer.alloc(76);
  large.write('PK\x06\x06', 'latin1');
  large.writeBigUInt64LE(44n, 4);
  for (const at of [12, 14]) large.writeUInt16LE(45, at);
  for (const at of [24, 32]) large.writeBigUInt64LE(BigInt(count), at);
  large.writeBigUInt64LE(BigInt(size), 40);
  large.writeBigUInt64LE(BigInt(start), 48);
  large.write('PK\x06\x07', 56, 'latin1');
  large.writeBigUInt64LE(BigInt(start + size), 64);
  large.writeUInt32LE(1, 72);
  return Buffer.concat([large, end]);
}
