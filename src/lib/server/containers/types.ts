// What comes out of a file that somebody brought.
import type { Formula } from './formulas.ts';

/** `private_key`: a key lies somewhere in the file; the whole file is refused and nothing of it is handed out. */
export type EntryKind = 'certificate' | 'private_key' | 'nothing' | 'unreadable';

/** One file, or one member of an archive (`archive.zip/folder/name.cer`). */
export type ContainerEntry = {
  name: string;
  kind: EntryKind;
  /** certificate: each in DER, in file order, readable. unreadable: the bytes that look like one, to be kept. */
  ders?: Buffer[];
  /** Of the entry's own bytes. */
  sha256: string;
  /** For people, in Indonesian: why nothing came out. */
  reason?: string;
};

export type InputFile = { name: string; bytes: Uint8Array };

/** `row` and `col` count from 1, as a person does. The damaged cell itself is empty in `rows`. */
export type SheetProblem = { row: number; col: number; text: string };
/** A cell with a value that Excel worked out. */
export type SheetFormula = { row: number; col: number; formula: Formula };
export type Sheet = { sheets: string[]; rows: string[][]; problems: SheetProblem[]; formulas: SheetFormula[] };

/** A file that lies on disk and is read piece by piece. */
export type FileOnDisk = { name: string; path: string };

/** A file that cannot be opened at all; the message is for people. */
export class ContainerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ContainerError';
  }
}

/** A file that is over a limit or made to do harm: it is not even kept. */
export class LimitError extends ContainerError {}

/** Limits of one file, archives included (what they hold counts unpacked). */
export const LIMITS = {
  /** A file that must be held in memory as a whole. */
  fileBytes: 64_000_000,
  /** An archive, which is read from disk member by member. */
  archiveBytes: 512_000_000,
  unpackedBytes: 2048 * 2 ** 20,
  memberBytes: 32 * 2 ** 20,
  /** What any archive may unpack to, however small it is. */
  unpackedFloor: 128 * 2 ** 20,
  /** Beyond that: DEFLATE reaches 1032, certificates, PDFs and their texts stay far below this. */
  ratio: 100,
  members: 200_000,
  /** Archive in archive in archive is nobody's honest work. */
  nesting: 2,
  certificates: 200_000,
  nameCharacters: 200,
  pdfSignatures: 200,
  sheetRows: 200_000,
  sheetColumns: 200,
  cellCharacters: 32_767,
} as const;
