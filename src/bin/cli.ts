// What the commands of `siaga` share: arguments, output, the database. A command is a file in commands/.
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { isKeyPasted } from '#lib/server/containers/index.ts';
import { AppError } from '#lib/server/errors.ts';
import type { Context } from '#lib/server/context.ts';
import { BUSY, databaseFile, isBusy, migrate, openDatabase, wrongRelease } from '#lib/server/db/index.ts';
import { keyRefused } from '#lib/terms.ts';

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
export const note = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
/** A name in a certificate may hold what steers a terminal, or turns the direction of writing. */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

/** A reason with the way to the report form, when it is a private key. */
export const withReportForm = (reason: string): string =>
  Object.values(keyRefused).some((said) => reason.startsWith(said))
    ? `${reason} Formulirnya: halaman /lapor di Siaga.`
    : reason;

/** What is said of a file with a private key. */
export const KEY_REFUSED = withReportForm(keyRefused.file);

/** parseArgs whose complaints are usage errors; none of them repeats a private key. */
export function parse<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T) {
  if (args.some(isKeyPasted)) throw new UsageError(keyRefused.field);
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

/** Why a file could not be read, in words of the command line (codes) and of people. */
export const UNREAD = {
  not_found: 'berkas tidak ada; periksa nama dan foldernya',
  directory: 'ini folder, bukan berkas; sebut berkas di dalamnya',
  not_a_file: 'bukan berkas biasa; salin isinya ke sebuah berkas dulu',
  too_large: 'berkas terlalu besar',
  not_readable: 'berkas tidak dapat dibaca; periksa izinnya',
} as const;
export type Unread = keyof typeof UNREAD;

/** A regular file of at most `most` bytes, or why not. Devices and pipes are refused: they may never end. */
export function readInput(name: string, most: number): Buffer | Unread {
  let handle: number;
  try {
    handle = openSync(fromCaller(name), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not_found' : 'not_readable';
  }
  try {
    const stat = fstatSync(handle);
    if (stat.isDirectory()) return 'directory';
    if (!stat.isFile()) return 'not_a_file';
    return stat.size > most ? 'too_large' : readFileSync(handle);
  } catch {
    return 'not_readable';
  } finally {
    closeSync(handle);
  }
}

/**
 * An instant as people and programs write it: ISO 8601, a date alone or with a time; without a zone it is UTC.
 * @returns UTC milliseconds, null when it is no instant
 */
export function instantOf(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (!match || (match[3] && !match[2])) return null;
  // Date.parse takes 30 February for 2 March.
  const day = new Date(`${match[1]}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== match[1]) return null;
  const at = Date.parse(`${match[1]}${match[2] ?? 'T00:00'}${match[3] ?? 'Z'}`);
  return Number.isNaN(at) ? null : at;
}

/** An instant of an option. @throws UsageError */
export function instant(option: string, text: string): number {
  const at = instantOf(text);
  if (at === null) throw new UsageError(`${option} harus waktu ISO 8601, mis. 2026-11-22T07:00:00Z.`);
  return at;
}

/** Opens the database of a data folder for a command; the actor is system:cli. */
export function openContext(data: string | undefined): Context {
  const dir = fromCaller(data ?? process.env.SIAGA_DATA ?? path.join(import.meta.dirname, '../../data'));
  if (!existsSync(databaseFile(dir)))
    throw new ServiceError(`Tidak ada basis data di ${dir}. Jalankan npm start atau npm run demo dulu.`);
  const db = openDatabase(databaseFile(dir));
  const wrong = wrongRelease(db);
  if (wrong) throw new ServiceError(wrong);
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

/** Why a database does not open, and what to do: by the first word of SQLite's code. */
const UNOPENED: Readonly<Record<string, string>> = {
  NOTADB:
    'siaga.db di folder data bukan basis data Siaga. Periksa --data, atau pulihkan cadangan: siaga restore BERKAS.',
  CORRUPT: 'Basis data rusak. Jangan dipakai lagi; pulihkan cadangan: siaga restore BERKAS.',
  CANTOPEN: 'Basis data tidak dapat dibuka. Periksa --data dan izin folder data.',
  READONLY: 'Basis data tidak dapat ditulis. Periksa izin folder data dan berkas siaga.db.',
  IOERR: 'Cakram gagal dibaca atau ditulis. Periksa cakram dan sisa ruangnya, lalu ulangi.',
  BUSY,
};
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? /^SQLITE_([A-Z]+)/.exec(String(error.code))?.[1] : undefined;

/** The file is no database, or cannot be opened, or another process holds it. */
const isDatabaseMissing = (error: unknown): boolean => (codeOf(error) ?? '') in UNOPENED;

/** What a failure says to a person. */
export const sentenceOf = (error: unknown): string =>
  isBusy(error)
    ? BUSY
    : isDatabaseMissing(error)
      ? UNOPENED[codeOf(error)!]!
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
