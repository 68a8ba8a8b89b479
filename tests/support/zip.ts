// ZIPs made by hand, so that a test can lie in them.
import { crc32, deflateRawSync } from 'node:zlib';

export type ZipFile = {
  name: string | Buffer;
  bytes: Buffer;
  /** The unpacked size that is announced. */
  claimed?: number;
  deflate?: boolean;
  /** Points at the bytes of the first file instead of having its own. */
  overlaps?: boolean;
};

const packed = new Map<Buffer, { body: Buffer; sum: number }>();
/** Deflated once, however often the same bytes are packed. */
function pack(bytes: Buffer): { body: Buffer; sum: number } {
  const known = packed.get(bytes) ?? { body: deflateRawSync(bytes, { level: 1 }), sum: crc32(bytes) };
  packed.set(bytes, known);
  return known;
}

export function zip(files: readonly ZipFile[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name: given, bytes, claimed = bytes.length, deflate = true, overlaps = false } of files) {
    const body = deflate ? pack(bytes).body : bytes;
    const name = Buffer.from(given as string);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(deflate ? 8 : 0, 4);
    fields.writeUInt32LE(pack(bytes).sum, 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(claimed, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, body]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(overlaps ? 0 : offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, name]));
    if (overlaps) continue;
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}
