// What the commands of `siaga` share: arguments, output, the database. A command is a file in commands/.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError } from '#lib/server/errors.ts';
import type { Context } from '#lib/server/context.ts';
import { BUSY, databaseFile, isBusy, migrate, openDatabase } from '#lib/server/db/index.ts';

/** 0 done whatever the verdict; 1 could not be examined or was refused; 2 wrong usage; 3 database or service missing. */
export type ExitCode = 0 | 1 | 2 | 3;
export type Command = {
  /** First line: what it does; then the usage text for --help. */
  help: string;
  run: (args: string[]) => Promise<ExitCode> | ExitCode;
};

export class UsageError extends Error {}
export class ServiceError extends Error {}

/** One JSON object a line on stdout. */
export const emit = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
/** Everything else goes to stderr. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** parseArgs whose complaints are usage errors. */
export function parse<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T) {
  try {
    return parseArgs({
      args,
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError(complaint(error as Error & { code?: string }));
  }
}

function complaint({ code, message }: Error & { code?: string }): string {
  const option = /'(-[^'\s]*)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `Pilihan tidak dikenal: ${option}.`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return `Nilai pilihan ${option} kurang atau salah.`;
  return message;
}

/** Paths are relative to the folder in which npm was called. */
export const fromCaller = (name: string): string => path.resolve(process.env.INIT_CWD ?? process.cwd(), name);

/** Opens the database of a data folder for a command; the actor is system:cli. */
export function openContext(data: string | undefined): Context {
  const dir = fromCaller(data ?? process.env.SIAGA_DATA ?? path.join(import.meta.dirname, '../../data'));
  if (!existsSync(databaseFile(dir)))
    throw new ServiceError(`Tidak ada basis data di ${dir}. Jalankan npm start atau npm run demo dulu.`);
  const db = openDatabase(databaseFile(dir));
  // Nobody waits before a screen: beside busy jobs a long command goes on instead of ending half-way.
  db.$client.pragma('busy_timeout = 60000');
  return { db, dir, now: Date.now, actor: { kind: 'system', name: 'cli' } };
}

/** A new, migrated database in a folder (for `seed` and `restore`). */
export function createContext(dir: string): Context {
  const db = openDatabase(databaseFile(dir));
  migrate(db);
  return { db, dir, now: Date.now, actor: { kind: 'system', name: 'cli' } };
}

/** The file is no database, or cannot be opened, or another process holds it. */
const isDatabaseMissing = (error: unknown): boolean =>
  error instanceof Error &&
  /^SQLITE_(NOTADB|CANTOPEN|CORRUPT|BUSY|READONLY|IOERR)/.test(String('code' in error && error.code));

/** What a failure says to a person. */
export const sentenceOf = (error: unknown): string =>
  isBusy(error)
    ? BUSY
    : isDatabaseMissing(error)
      ? `Basis data tidak dapat dibuka: ${(error as Error).message}.`
      : error instanceof Error
        ? error.message
        : String(error);

export function exitCodeOf(error: unknown): ExitCode {
  if (isDatabaseMissing(error)) return 3;
  if (error instanceof UsageError) return 2;
  if (error instanceof ServiceError) return 3;
  if (error instanceof AppError) return error.code === 'unavailable' ? 3 : 1;
  return 1;
}
