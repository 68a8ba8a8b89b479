// A backup as one file: a tar with siaga.db and files/ab/cd/<sha256>[.gz]. Unpacking takes nothing else out of it, whatever
// the file claims to hold.
import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { invalid } from '../errors.ts';

const NAME = /^(siaga\.db|files\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}(\.gz)?)$/;

/** Place of a content-addressed file below a root. */
export const placeIn = (root: string, sha256: string) =>
  path.join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

/** Names of all files of a store: their addresses, of packed ones with `.gz`. */
export function* storedFiles(root: string): Generator<string> {
  if (!existsSync(root)) return;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /^[0-9a-f]{64}(\.gz)?$/.test(entry.name)) yield entry.name;
  }
}

export async function pack(database: string, files: string, out: string): Promise<void> {
  const archive = tar.pack();
  const written = pipeline(archive, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
  const add = (name: string, source: string) =>
    pipeline(createReadStream(source), archive.entry({ name, size: statSync(source).size }));
  await add('siaga.db', database);
  for (const sha256 of storedFiles(files)) {
    await add(`files/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`, placeIn(files, sha256));
  }
  archive.finalize();
  await written;
}

/** @throws AppError invalid when the file is not such an archive */
export async function unpack(file: string, folder: string): Promise<void> {
  const archive = tar.extract();
  const read = pipeline(createReadStream(file), archive);
  read.catch(() => {});
  try {
    for await (const entry of archive) {
      if (!NAME.test(entry.header.name)) throw new Error(entry.header.name);
      const target = path.join(folder, entry.header.name);
      mkdirSync(path.dirname(target), { recursive: true });
      await pipeline(entry, createWriteStream(target, { mode: 0o600 }));
    }
    await read;
  } catch {
    throw invalid('Berkas ini bukan cadangan Siaga, atau rusak.');
  }
}
