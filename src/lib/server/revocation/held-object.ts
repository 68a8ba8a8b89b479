// A stored object as the rules want it: read from its bytes, or, once those were thinned out (certificate-status §12), from
// its header and the entries that were ours.
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import * as files from '../files/index.ts';
import { seq } from '../x509/der-writer.ts';
import { children, single, TAG } from '../x509/der.ts';
import { cross, readCrl, type Crl, type Crossing, type Entry } from './crl.ts';
import type { ThinnedEntry } from './schema.ts';
import * as store from './store.ts';

export type Crossed = { crl: Crl; crossing: Crossing };

/** An accepted list, crossed with the serials that are wanted. */
export function heldList(ctx: Context, row: store.EvidenceRow, wanted: ReadonlySet<string>): Crossed {
  const thinned = store.thinnedOf(ctx.db, row.id);
  if (!thinned) {
    const crl = readCrl(files.read(ctx, row.sha256));
    return { crl, crossing: cross(crl, wanted) };
  }
  return fromKept(row, thinned, wanted);
}

/** A list's header and the entries that were ours. */
export type Kept = { header: Buffer; found: readonly ThinnedEntry[] };

/** What of a list is held in memory while others are read: never its bytes, so that of many one is there at a time. */
export function keptOf(ctx: Context, row: store.EvidenceRow, wanted: ReadonlySet<string>): Kept {
  const { crl, crossing } = heldList(ctx, row, wanted);
  return { header: headerOf(crl), found: keptEntries(crossing.found) };
}

/** What a list says that is no longer read to its end. */
export function fromKept(
  row: store.EvidenceRow,
  { header, found: entries }: Kept,
  wanted: ReadonlySet<string>,
): Crossed {
  const crl = { ...readCrl(header), sha256: row.sha256 };
  const found = new Map<string, Entry[]>();
  for (const kept of entries) {
    if (!wanted.has(kept.serial)) continue;
    found.set(kept.serial, [...(found.get(kept.serial) ?? []), entryOf(kept)]);
  }
  return { crl, crossing: { count: row.entryCount ?? 0, found, unknownCritical: false, namesIssuer: false } };
}

/** What is read from kept bytes; null: they are lost, or changed on our own disk. */
export function unlessLost<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

const entryOf = ({ serial, revokedAt, reason, invalidityAt, issuer }: ThinnedEntry): Entry => ({
  serial,
  revokedAt: revokedAt!,
  reason,
  invalidityAt,
  issuer: issuer === null ? null : Buffer.from(issuer, 'hex'),
});

/** What is kept of a list's entries. */
export const keptEntries = (found: ReadonlyMap<string, readonly Entry[]>): ThinnedEntry[] =>
  [...found.values()].flat().map(({ issuer, ...entry }) => ({ ...entry, issuer: issuer?.toString('hex') ?? null }));

/** The bytes and, of a list, its reading; `bytes` is null when they were thinned out. */
export function heldObject(
  ctx: Context,
  row: store.EvidenceRow,
  wanted: ReadonlySet<string> = new Set(),
): { bytes: Buffer | null } & Partial<Crossed> {
  const bytes = store.thinnedOf(ctx.db, row.id) ? null : files.read(ctx, row.sha256);
  return row.kind === 'crl' ? { bytes, ...heldList(ctx, row, wanted) } : { bytes };
}

/**
 * A list without its entries: the same CertificateList with revokedCertificates left out (RFC 5280 §5.1). Everything that
 * the list says about itself can still be read; its signature no longer fits, and is not asked again.
 */
export function headerOf(crl: Crl): Buffer {
  const outer = children(single(crl.der, TAG.sequence), 3);
  const tbs = outer[0]!;
  const inside = children(tbs, 16).filter((part) => !crl.entries || part.content !== crl.entries.from);
  const whole = (part: (typeof outer)[number]) => part.bytes.subarray(part.start, part.end);
  return seq(seq(...inside.map(whole)), ...outer.slice(1).map(whole));
}
