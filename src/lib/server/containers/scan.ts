// The look through a file of any kind before anything of it is kept. Runs in the worker.
import { extract, KeyFound } from './extract.ts';
import { hasKeyText } from './key-text.ts';
import { partsOf } from './open.ts';
import { openSheet } from './sheet.ts';
import type { Source } from './source.ts';
import { ContainerError, LimitError, LIMITS } from './types.ts';

export type Scanned =
  /** May be kept and imported; an archive that is merely broken may too. */
  | { verdict: 'clean' }
  /** `place`: for people, where in a file of many parts. */
  | { verdict: 'private_key'; place?: string }
  /** Over a limit, or made to do harm. */
  | { verdict: 'refused'; reason: string };

/** Looks through everything for a private key, and counts what an archive unpacks to. */
export async function scan(name: string, source: Source): Promise<Scanned> {
  let at = name;
  try {
    for await (const part of partsOf(name, source)) {
      at = part.name;
      if ('bytes' in part && part.bytes) extract(part.name, part.bytes);
    }
    return { verdict: 'clean' };
  } catch (error) {
    // In a folder of five hundred, or a list of two thousand, somebody has to find it.
    if (error instanceof KeyFound) return found(await placeOf(name, at.slice(name.length + 1), source));
    if (error instanceof LimitError) return { verdict: 'refused', reason: error.message };
    if (!(error instanceof ContainerError)) throw error;
    // A broken archive is kept as unreadable; what lies in it can only be looked at from outside.
    return holdsKeyText(source) ? found(null) : { verdict: 'clean' };
  }
}

const found = (place: string | null): Scanned => ({ verdict: 'private_key', ...(place ? { place } : {}) });

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
      const row = rows.findIndex((cells) => cells.some(hasKeyText));
      if (row >= 0) return name === undefined ? `di baris ${row + 1}` : `di lembar "${name}", baris ${row + 1}`;
    }
    return null;
  } catch (error) {
    if (error instanceof ContainerError) return null;
    throw error;
  }
}

/** In overlapping windows, so that no marker falls between two. */
function holdsKeyText(source: Source): boolean {
  for (let at = 0; at < source.size; at += STEP - OVERLAP) {
    if (hasKeyText(source.read(at, STEP).toString('latin1'))) return true;
  }
  return false;
}
const STEP = 1 << 20;
const OVERLAP = 1024;
