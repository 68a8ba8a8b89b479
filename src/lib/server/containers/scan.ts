// The look through a file of any kind before anything of it is kept. Runs in the worker.
import { isZip } from './archive.ts';
import { closed, packed } from './closed.ts';
import { extract, KeyFound } from './extract.ts';
import { hasKeyText, REACH } from './key-text.ts';
import { isKeyStore } from './keys.ts';
import { partsOf, type Part } from './open.ts';
import { isPdf } from './pdf.ts';
import { pdfStreams } from './pdf-streams.ts';
import { openSheet } from './sheet.ts';
import { memorySource, type Source } from './source.ts';
import { ContainerError, LimitError, LIMITS } from './types.ts';

export type Scanned =
  /**
   * May be imported; an archive that is merely broken may too. `unseen`, for people: what in it nobody could look into.
   * An import lists that as unreadable; evidence is not taken with it.
   */
  | { verdict: 'clean'; unseen?: string }
  /** `place`: for people, where in a file of many parts. */
  | { verdict: 'private_key'; place?: string; isStore?: true }
  /** As a whole packed in another way than ZIP: nobody can look into any of it. `reason` says what to do. */
  | { verdict: 'closed'; reason: string }
  /** Over a limit, or made to do harm. */
  | { verdict: 'refused'; reason: string };

/** Looks through everything for a private key, and counts what an archive unpacks to. */
export async function scan(name: string, source: Source): Promise<Scanned> {
  let at = name;
  let unseen: string | null = null;
  const room = { bytes: LARGE_BYTES };
  const archive = packed(Buffer.from(source.read(0, 8)));
  if (archive) return { verdict: 'closed', reason: archive };
  try {
    for await (const part of partsOf(name, source)) {
      at = part.name;
      const why = await look(part, room, 0);
      const member = part.name.slice(name.length + 1);
      if (why) unseen ??= member ? `${member}: ${why}` : why;
    }
    return clean(unseen);
  } catch (error) {
    // In a folder of five hundred, or a list of two thousand, somebody has to find it.
    if (error instanceof KeyFound) return found(await placeOf(name, at.slice(name.length + 1), source), error.isStore);
    if (error instanceof LimitError) return { verdict: 'refused', reason: error.message };
    if (!(error instanceof ContainerError)) throw error;
    // A broken archive is kept as unreadable; what lies in it can only be looked at from outside.
    return holdsKeyText(source) ? found(null) : clean(error.message);
  }
}

const clean = (unseen: string | null): Scanned => ({ verdict: 'clean', ...(unseen ? { unseen } : {}) });

/** How much is unpacked of members that are too large to be opened. */
const LARGE_BYTES = 512 * 2 ** 20;
type Room = { bytes: number };

const TOO_DEEP = 'Arsip di dalam arsip terlalu dalam.';
const TOO_LARGE_IN_PDF = 'Sebagian isi PDF ini terlalu besar untuk diperiksa.';

/** @returns why it could not be looked into, for people; null when it was @throws KeyFound */
async function look(part: Part, room: Room, depth: number): Promise<string | null> {
  if ('refused' in part) return part.pieces ? lookThroughPieces(part.pieces(), part.refused, room) : part.refused;
  if (!part.bytes) return null;
  extract(part.name, part.bytes);
  return closed(part.bytes) ?? (isPdf(part.bytes) ? lookIntoPdf(part.name, part.bytes, room, depth) : null);
}

/** What `extract` cannot open by itself: archives that are attached to a PDF, office files among them. */
async function lookIntoPdf(name: string, bytes: Buffer, room: Room, depth: number): Promise<string | null> {
  let unseen: string | null = null;
  for (const stream of pdfStreams(bytes)) {
    if (!stream) return TOO_LARGE_IN_PDF;
    if (!isZip(stream)) continue;
    if (depth >= LIMITS.nesting) return TOO_DEEP;
    for await (const part of partsOf(name, memorySource(stream))) unseen ??= await look(part, room, depth + 1);
  }
  return unseen;
}

/** A long text is looked through as it comes; what would have to be opened as a whole cannot be. */
async function lookThroughPieces(pieces: AsyncGenerator<Buffer>, refused: string, room: Room): Promise<string | null> {
  let held: Buffer = Buffer.alloc(0);
  let begun = false;
  try {
    for await (const piece of pieces) {
      room.bytes -= piece.length;
      if (room.bytes < 0) return refused;
      held = Buffer.concat([held, piece]);
      if (!begun && (isZip(held) || isPdf(held) || closed(held))) return refused;
      if ((!begun && isKeyStore(held)) || hasKeyText(letters(held))) throw new KeyFound();
      begun = true;
      held = held.subarray(-OVERLAP);
    }
    return null;
  } catch (error) {
    if (error instanceof ContainerError && !(error instanceof LimitError)) return error.message;
    throw error;
  }
}

/** Of text in one octet or two, as it stands somewhere in a file. */
function letters(bytes: Buffer): string {
  if (!bytes.includes(0)) return bytes.toString('latin1');
  const some = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (const byte of bytes) if (byte !== 0) some[length++] = byte;
  return some.toString('latin1', 0, length);
}

const found = (place: string | null, isStore = false): Scanned => ({
  verdict: 'private_key',
  ...(place ? { place } : {}),
  ...(isStore ? { isStore } : {}),
});

/** Parts of an Office file mean nothing to who wrote it. */
const OFFICE = { xl: 'di dalam lembar', word: 'di dalam dokumen', ppt: 'di dalam salindia' } as const;

async function placeOf(name: string, member: string, source: Source): Promise<string | null> {
  if (!member) return /\.csv$/i.test(name) ? cellOf(source) : null;
  const [, outer, part] = /^(?:(.*)\/)?(xl|word|ppt)\/[^/]+/.exec(member) ?? [];
  if (!part) return `di dalam arsip: ${member.slice(0, 200)}`;
  const inside = OFFICE[part as keyof typeof OFFICE];
  if (outer) return `di dalam arsip: ${outer.slice(0, 200)}, ${inside}`;
  return (part === 'xl' && (await cellOf(source))) || inside;
}

/** The sheet and the row as a person counts; null when it stands in no cell, or the sheet cannot be read. */
async function cellOf(source: Source): Promise<string | null> {
  if (source.size > LIMITS.fileBytes) return null;
  const bytes = source.read(0, source.size);
  try {
    const first = await openSheet(bytes);
    for (const name of first.sheets.length ? first.sheets : [undefined]) {
      const { rows } = await openSheet(bytes, name);
      const row = rows.findIndex((cells, i) => cells.some((cell) => hasKeyText(cell) || opensKey(cell, rows, i)));
      if (row >= 0) return name === undefined ? `di baris ${row + 1}` : `di lembar "${name}", baris ${row + 1}`;
    }
    return null;
  } catch (error) {
    if (error instanceof ContainerError) return null;
    throw error;
  }
}

/** A key of which every line stands in a row of its own. */
const opensKey = (cell: string, rows: readonly string[][], at: number): boolean =>
  cell.includes('PRIVATE KEY') &&
  hasKeyText(
    rows
      .slice(at, at + 8)
      .flat()
      .join('\n'),
  );

/** In overlapping windows, so that no marker falls between two. */
function holdsKeyText(source: Source): boolean {
  for (let at = 0; at < source.size; at += STEP - OVERLAP) {
    if (hasKeyText(letters(source.read(at, STEP)))) return true;
  }
  return false;
}
const STEP = 1 << 20;
const OVERLAP = 2 * REACH;
