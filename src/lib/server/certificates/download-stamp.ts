// The stamp in each row of a sheet that was downloaded for editing: what every cell held, and when. A sheet is edited for
// days; without it an untouched cell would take back what others changed in Siaga meanwhile. The stamp holds no values,
// only keyed hashes: whoever deletes or alters it makes it say nothing, and nobody can make one that lies.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Field, SheetKind, SheetRow } from './sheet.ts';

/** The cells a stamp covers, in its order. */
export const stampedFields = {
  personnel: ['name', 'titleBefore', 'titleAfter', 'nip', 'position', 'agency', 'email', 'status', 'since'],
  certificate_sheet: ['name', 'serial', 'until', 'nip', 'agency', 'portal'],
} as const satisfies Record<SheetKind, readonly Field[]>;

/** The cells of a record as they are downloaded. */
export type Cells = Partial<Record<Field, string | null>>;
export type Stamp = {
  /** When the sheet was downloaded, UTC ms. */
  at: number;
  /** Whether a cell held this text then. */
  held: (field: Field, text: string | null | undefined) => boolean;
};

/**
 * Cells that say more only beside another: a new agency takes the position in its row along, a new status its day, and,
 * because who is on duty again serves somewhere, agency and position too.
 */
const ALONG: Partial<Record<Field, readonly Field[]>> = {
  agency: ['position'],
  status: ['since', 'agency', 'position'],
};
const CELL = 8;
const SEAL = 22;
/** Bytes of the key. */
const KEY = 32;

/** As a spreadsheet gives it back: spaces are one, what XML cannot hold is gone. */
const plain = (text: string | null | undefined): string =>
  (text ?? '')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** The stamps of one kind of sheet under one key. */
export function stamps(key: Buffer, kind: SheetKind) {
  const mac = (parts: readonly string[], length: number): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([kind, ...parts]))
      .digest('base64url')
      .slice(0, length);
  const cell = (id: string, field: Field, text: string | null | undefined) => mac([id, field, plain(text)], CELL);
  const fields: readonly Field[] = stampedFields[kind];
  return {
    make: (id: string, at: number, cells: Cells): string => {
      const body = `S1.${at.toString(36)}.${fields.map((field) => cell(id, field, cells[field])).join('')}`;
      return `${body}.${mac([id, body], SEAL)}`;
    },
    /** Null for one that is not ours, not of this record, altered, or of the future. */
    read: (id: string, text: string, now: number): Stamp | null => {
      const found = /^(S1\.([0-9a-z]{1,11})\.([\w-]*))\.([\w-]*)$/.exec(text);
      if (!found || found[3]!.length !== fields.length * CELL) return null;
      const seal = Buffer.from(mac([id, found[1]!], SEAL));
      const said = Buffer.from(found[4]!);
      if (seal.length !== said.length || !timingSafeEqual(seal, said)) return null;
      const at = Number.parseInt(found[2]!, 36);
      if (at > now) return null;
      const held = (field: Field, value: string | null | undefined): boolean => {
        const place = fields.indexOf(field) * CELL;
        return place >= 0 && found[3]!.slice(place, place + CELL) === cell(id, field, value);
      };
      return { at, held };
    },
  };
}

/** The row without the cells that nobody touched since the download: they say nothing. */
export function touchedOnly(row: SheetRow, kind: SheetKind, stamp: Stamp): SheetRow {
  const covered: readonly Field[] = stampedFields[kind];
  const said = Object.entries(row.values) as [Field, string][];
  const touched = new Set(said.flatMap(([field, text]) => (stamp.held(field, text) ? [] : [field])));
  for (const field of [...touched]) for (const one of ALONG[field] ?? []) touched.add(one);
  const values = Object.fromEntries(said.filter(([field]) => !covered.includes(field) || touched.has(field)));
  return { ...row, values };
}

const keys = new Map<string, Buffer>();

/** The key of this installation, made once; another installation, or one restored without it, knows no stamp of before. */
export function stampKey(dir: string): Buffer {
  const known = keys.get(dir);
  if (known) return known;
  const file = path.join(dir, 'download-stamp.key');
  mkdirSync(dir, { recursive: true });
  if (!existsSync(file)) make(file, linkSync);
  // What a power cut left: under a known key anybody could make a stamp.
  else if (statSync(file).size !== KEY) make(file, renameSync);
  const key = readFileSync(file);
  keys.set(dir, key);
  return key;
}

/** Web and jobs may both be first: whoever links it wins, and nobody reads half of it. */
function make(file: string, place: typeof linkSync): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(KEY), { mode: 0o600, flush: true });
  try {
    place(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
