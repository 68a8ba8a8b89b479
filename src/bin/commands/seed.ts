// siaga seed agencies: enters the shipped register (or another sheet of the same shape). Twice gives the same.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as agencies from '#lib/server/agencies/index.ts';
import { databaseFile } from '#lib/server/db/index.ts';
import { createContext, emit, fromCaller, openContext, parse, UsageError, type Command } from '../cli.ts';

export const command: Command = {
  help: `Mengisi daftar awal.

  siaga seed agencies [BERKAS.csv] [--data FOLDER] [--json]

  Tanpa berkas: 110 Perangkat Daerah dan 10 unit di bawah Setda. Yang sudah ada tidak diubah. Basis data dibuat bila belum ada.`,
  run: (args) => {
    const { values, positionals } = parse(args, { data: { type: 'string' }, json: { type: 'boolean' } });
    const [what, file] = positionals;
    if (what !== 'agencies' || positionals.length > 2) throw new UsageError('Pakai: siaga seed agencies [BERKAS.csv]');
    const dir = fromCaller(values.data ?? process.env.SIAGA_DATA ?? path.join(import.meta.dirname, '../../../data'));
    const ctx = existsSync(databaseFile(dir)) ? openContext(dir) : createContext(dir);
    const result = file ? agencies.seed(ctx, read(fromCaller(file))) : agencies.seed(ctx);
    if (values.json) emit(result);
    else process.stdout.write(`${result.added} ditambahkan, ${result.known} sudah ada\n`);
    return 0;
  },
};

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`Berkas ${file} tidak dapat dibaca.`);
  }
}
