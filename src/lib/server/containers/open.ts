// Files in, entries out, one after the other: an archive is walked member by member, so that a hundred thousand of them
// never stand in memory together. Runs in workers; small plain certificates are also opened directly.
import { createHash, hash } from 'node:crypto';
import { keyRefused } from '#lib/terms.ts';
import type { CertificateView } from '../x509/types.ts';
import { brokenPromise } from './announced.ts';
import { announcedMembers, freshBudget, isZip, members, type Budget, type Unopened } from './archive.ts';
import { readable } from './cms.ts';
import { extract, KeyFound, nothingIn, UNREADABLE, type Extracted } from './extract.ts';
import { cleanName } from './names.ts';
import { fileSource, memorySource, type Source } from './source.ts';
import { ContainerError, LimitError, LIMITS, type ContainerEntry, type InputFile, type FileOnDisk } from './types.ts';

/** An entry with what was read from it; `unit` says to which file or top member of an archive it belongs. */
export type Opened = Omit<ContainerEntry, 'ders'> & {
  unit: number;
  views: CertificateView[];
  /** CA certificates that came along in a signed PDF. */
  chain: CertificateView[];
  /** Bytes that look like a certificate and cannot be read. */
  bad: Buffer[];
};

export const sourceOf = (file: InputFile | FileOnDisk): Source =>
  'path' in file
    ? fileSource(file.path)
    : memorySource(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength));

/** An Office document inside an archive: many parts of which nobody but its program knows. */
type Document = { unit: number; name: string; bytes: Buffer };
/** A plain file's bytes, or one member's; `bytes` null: passed over. */
export type Part = { unit: number; name: string; within?: Document } & ({ bytes: Buffer | null } | Unopened);

/** How many units a file has: one for each member of an archive (folders count), else one. */
export async function unitsOf(source: Source): Promise<number> {
  if (!isArchive(source)) return 1;
  const announced = await announcedMembers(source).catch((error: unknown) => {
    if (error instanceof ContainerError) return 1;
    throw error;
  });
  return Math.max(1, Math.min(announced, LIMITS.members));
}

const isArchive = (source: Source): boolean => isZip(Buffer.from(source.read(0, 64)));

/** Every plain part of a file, archives inside archives opened. @throws ContainerError when the file ends badly */
export async function* partsOf(name: string, source: Source, from = 0): AsyncGenerator<Part> {
  if (!isArchive(source)) {
    if (source.size > LIMITS.fileBytes) throw new LimitError(`Berkas lebih besar dari ${LIMITS.fileBytes / 1e6} MB.`);
    if (from === 0) yield { unit: 0, name, bytes: source.read(0, source.size) };
    return;
  }
  if (source.size > LIMITS.archiveBytes)
    throw new LimitError(`Arsip lebih besar dari ${LIMITS.archiveBytes / 1e6} MB.`);
  const budget = freshBudget(source.size);
  for await (const member of members(source, budget, from)) {
    const part = { unit: member.index, name: `${name}/${member.name}` };
    if ('refused' in member) yield { ...part, refused: member.refused, pieces: member.pieces };
    else if (member.bytes && isZip(member.bytes)) yield* inside(part, member.bytes, budget, 1);
    else yield { ...part, bytes: member.bytes };
  }
}

async function* inside(
  outer: { unit: number; name: string },
  bytes: Buffer,
  budget: Budget,
  depth: number,
): AsyncGenerator<Part> {
  if (depth >= LIMITS.nesting) {
    yield { ...outer, refused: 'Arsip di dalam arsip terlalu dalam.' };
    return;
  }
  let some = false;
  const within = OFFICE.test(outer.name) ? { within: { ...outer, bytes } } : {};
  try {
    for await (const member of members(memorySource(bytes), budget)) {
      const part = { unit: outer.unit, name: `${outer.name}/${member.name}`, ...within };
      if ('bytes' in member && !member.bytes) continue;
      some = true;
      if ('refused' in member) yield { ...part, refused: member.refused, pieces: member.pieces };
      else if (isZip(member.bytes!)) yield* inside(part, member.bytes!, budget, depth + 1);
      else yield { ...part, bytes: member.bytes };
    }
  } catch (error) {
    if (!(error instanceof ContainerError) || error instanceof LimitError) throw error;
    some = true;
    yield { ...outer, refused: error.message };
  }
  if (!some) yield { ...outer, bytes };
}

const OFFICE = /\.(xlsx|xlsm|docx|pptx|ods|odt|odp)$/i;

/**
 * The entries of a file. An archive that breaks off ends with an entry that says so.
 * @param from units before this one are passed over
 * @throws KeyFound, LimitError
 */
export async function* entriesOf(name: string, source: Source, from = 0): AsyncGenerator<Opened | { unit: number }> {
  let unit = from - 1;
  let some = from > 0;
  let document: Document | undefined;
  /** The document whose parts told nothing so far. */
  let silent: Document | undefined;
  try {
    for await (const part of partsOf(name, source, from)) {
      unit = part.unit;
      if (part.within !== document) {
        if (silent) yield asOne(silent);
        document = silent = part.within;
      }
      if ('refused' in part) yield { ...blank(unit, part.name), kind: 'unreadable', sha256: '', reason: part.refused };
      else if (part.bytes) {
        for (const entry of classified(unit, part.name, part.bytes)) {
          // What the parts of a document are called says nothing to who wrote it.
          if (document && entry.kind === 'nothing') continue;
          silent = undefined;
          yield entry;
        }
      } else {
        yield { unit };
        continue;
      }
      some = true;
    }
    if (silent) yield asOne(silent);
    if (!some) yield { ...blank(0, name), kind: 'nothing', sha256: digest(source), reason: 'Arsip ini kosong.' };
  } catch (error) {
    if (!(error instanceof ContainerError) || error instanceof LimitError) throw error;
    yield { ...blank(unit + 1, name), kind: 'unreadable', sha256: digest(source), reason: error.message };
  }
}

const asOne = ({ unit, name, bytes }: Document): Opened => ({
  ...blank(unit, name),
  kind: 'nothing',
  sha256: sha256(bytes),
  reason: nothingIn(name),
});

const blank = (unit: number, name: string) => ({ unit, name, views: [], chain: [], bad: [] });

/** A file that is no archive, at once. @throws KeyFound */
export const openPlain = (name: string, bytes: Buffer): ContainerEntry[] =>
  [...classified(0, cleanName(name), bytes)].map(handedOut);

/** An entry as it leaves: with DER instead of what was read from it. */
export function handedOut({ views, bad, name, kind, sha256, reason }: Opened): ContainerEntry {
  const ders = kind === 'certificate' ? views.map((view) => view.der) : bad;
  return { name, kind, ...(ders.length ? { ders } : {}), sha256, ...(reason === undefined ? {} : { reason }) };
}

/** One entry for what can be read; one for each that cannot, so that its bytes and fingerprint are kept. */
function* classified(unit: number, name: string, bytes: Buffer): Generator<Opened> {
  const extracted = extract(name, bytes);
  const views: CertificateView[] = [];
  const bad: Buffer[] = [];
  for (const der of extracted.ders) {
    const view = readable(der);
    if (view) views.push(view);
    else bad.push(der);
  }
  const own = () => (views.length === 1 && bytes.equals(views[0]!.der) ? views[0]!.fingerprint : sha256(bytes));
  if (views.length) {
    const chain = (extracted.chain ?? []).flatMap((der) => readable(der) ?? []);
    yield { unit, name, kind: 'certificate', sha256: own(), views, chain, bad: [] };
    for (const [i, der] of bad.entries()) yield unreadable(unit, `${name}#${i + 1}`, der);
    if (extracted.broken) yield unread(unit, `${name}#${bad.length + 1}`, bytes, extracted.reason);
  } else if (bad.length > 1) for (const [i, der] of bad.entries()) yield unreadable(unit, `${name}#${i + 1}`, der);
  else yield single(unit, name, bytes, bad, extracted);
}

const unreadable = (unit: number, name: string, der: Buffer): Opened => ({
  ...blank(unit, name),
  kind: 'unreadable',
  bad: [der],
  sha256: sha256(der),
  reason: UNREADABLE,
});

const unread = (unit: number, name: string, bytes: Buffer, reason: string): Opened => ({
  ...blank(unit, name),
  kind: 'unreadable',
  sha256: sha256(bytes),
  reason,
});

function single(unit: number, name: string, bytes: Buffer, bad: Buffer[], extracted: Extracted): Opened {
  if (bad.length && !extracted.doubtful) return { ...unread(unit, name, bytes, UNREADABLE), bad };
  const wrong = extracted.broken ? extracted.reason : brokenPromise(name, bytes, extracted.is);
  if (wrong) return unread(unit, name, bytes, wrong);
  return { ...blank(unit, name), sha256: sha256(bytes), kind: 'nothing', reason: extracted.reason };
}

/** Opens a file and everything in it. A private key anywhere refuses the whole file. */
export async function openAll(given: string, bytes: Buffer): Promise<ContainerEntry[]> {
  const name = cleanName(given);
  const entries: ContainerEntry[] = [];
  try {
    for await (const entry of entriesOf(name, memorySource(bytes))) if ('kind' in entry) entries.push(handedOut(entry));
    return entries;
  } catch (error) {
    if (error instanceof KeyFound)
      return [{ name, kind: 'private_key', sha256: sha256(bytes), reason: keyRefused.file }];
    if (error instanceof LimitError)
      return [{ name, kind: 'unreadable', sha256: sha256(bytes), reason: error.message }];
    throw error;
  }
}

const sha256 = (bytes: Buffer): string => hash('sha256', bytes, 'hex');

function digest(source: Source): string {
  const sum = createHash('sha256');
  for (let at = 0; at < source.size; at += 1 << 20) sum.update(source.read(at, 1 << 20));
  return sum.digest('hex');
}
