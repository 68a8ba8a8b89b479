// Writes a ZIP while it is sent: entries are stored as they are (PKWARE APPNOTE 6.3.10), so that a hundred thousand small
// files need no more memory than their directory. More than 65.535 entries take the ZIP64 end record (§4.3.14).
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

export type ZipEntry = { name: string; bytes: Uint8Array };

const UTF8_NAMES = 0x0800;
/** 1 January 1980, the earliest the format knows: the files' own dates are not the archive's business. */
const DOS_DATE = 0x21;

/** @param chunks entries in pieces; between pieces the process answers others */
export function zipStream(chunks: Iterable<readonly ZipEntry[]>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(pieces(chunks))) as ReadableStream<Uint8Array>;
}

async function* pieces(chunks: Iterable<readonly ZipEntry[]>): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entries of chunks) {
    const parts: Buffer[] = [];
    for (const { name, bytes } of entries) {
      const path = Buffer.from(name, 'utf8');
      const facts = factsOf(path, bytes);
      const local = Buffer.concat([u32(0x04034b50), u16(20), facts, path, bytes]);
      directory.push(
        Buffer.concat([u32(0x02014b50), u16(20), u16(20), facts, u16(0), u16(0), u16(0), u32(0), u32(offset), path]),
      );
      parts.push(local);
      offset += local.length;
    }
    yield Buffer.concat(parts);
    await new Promise((resolve) => setImmediate(resolve));
  }
  yield Buffer.concat([...directory, ending(directory, offset)]);
}

/** What local and central header share: flags, method, time, date, CRC, sizes, lengths of name and extra. */
const factsOf = (path: Buffer, bytes: Uint8Array): Buffer =>
  Buffer.concat([
    u16(UTF8_NAMES),
    u16(0),
    u16(0),
    u16(DOS_DATE),
    u32(crc32(bytes)),
    u32(bytes.length),
    u32(bytes.length),
    u16(path.length),
    u16(0),
  ]);

function ending(directory: readonly Buffer[], offset: number): Buffer {
  const count = directory.length;
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  const many = count > 0xfffe;
  const wide = many
    ? [
        u32(0x06064b50),
        u64(44),
        u16(45),
        u16(45),
        u32(0),
        u32(0),
        u64(count),
        u64(count),
        u64(size),
        u64(offset),
      ].concat([u32(0x07064b50), u32(0), u64(offset + size), u32(1)])
    : [];
  const shown = u16(many ? 0xffff : count);
  return Buffer.concat([...wide, u32(0x06054b50), u16(0), u16(0), shown, shown, u32(size), u32(offset), u16(0)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
