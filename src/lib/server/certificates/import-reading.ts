// What an import reads from its files, as plain values that may come from another thread: entries with the facts, the
// chain's verdict and the lint of each certificate. No database. Files are walked in order, an archive member by member;
// a *unit* is a file or a member of an archive, and the place to which a run has come is (unit, entry, certificate).
import { keyRefused } from '#lib/terms.ts';
import { entriesOf, sourceOf, unitsOf, type Opened } from '../containers/open.ts';
import { KeyFound } from '../containers/extract.ts';
import { ContainerError, type EntryKind, type FileOnDisk, type InputFile } from '../containers/types.ts';
import { readCertificate } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { judgeChain, Keyring, type ChainVerdict, type Trust } from './chain.ts';
import { factsOf, type Facts } from './facts.ts';
import { lint, type Noticed, type OfficeRules } from './lint.ts';

export type ImportedFile = InputFile | FileOnDisk;

/** A CA certificate the office knows, as it travels to another thread. */
export type RingEntry = { id: string; der: Uint8Array; trust: Trust; revokedAt: number | null };

/** A certificate as read and judged. */
export type ReadLeaf = {
  der: Uint8Array;
  facts: Facts;
  authority: boolean;
  verdict: ChainVerdict;
  problems: Noticed[];
};

/** An entry, or a part of one that holds many certificates. */
export type Piece = {
  unit: number;
  /** False: the entry began in an earlier batch. */
  begins: boolean;
  name: string;
  kind: EntryKind;
  sha256: string;
  reason: string | null;
  /** Index of the file it came from. */
  file: number;
  certificates: ReadLeaf[];
};

/** `units`: how many are through, or under way, once this batch is written. */
export type Batch = { pieces: Piece[]; units: number };

/** How far a run has come: entries of the unit under way, and certificates of the last of them. */
export type Progress = { unit: number; entries: number; certificates: number };

/** Certificates and entries of one batch. */
const BATCH = 500;

/** How many units the files have, as their directories announce. */
export async function countUnits(files: readonly ImportedFile[]): Promise<number> {
  let units = 0;
  for (const file of files) units += await withSource(file, unitsOf);
  return units;
}

type Judge = (view: CertificateView) => { verdict: ChainVerdict; problems: Noticed[] };

/** What certificates are judged by: the issuers known, the office's own rules (null: not linted here), the instant. */
export type Measure = { ring: readonly RingEntry[]; office: OfficeRules | null; now: number };

export function judgeOf({ ring, office, now }: Measure): Judge {
  const known = ring.map(({ der, ...rest }) => ({ ...rest, view: readCertificate(der) }));
  const keyring = new Keyring(known);
  const issuers = new Map(known.map(({ id, view }) => [id, view]));
  return (view) => {
    const verdict = judgeChain(view, keyring, now);
    const issuer = verdict.authorityId ? (issuers.get(verdict.authorityId) ?? null) : null;
    return { verdict, problems: office ? lint(view, issuer, office) : [] };
  };
}

/** Reads the files from where a run has come to, in batches. */
export async function* readFiles(files: readonly ImportedFile[], from: Progress, judge: Judge): AsyncGenerator<Batch> {
  const gathered = new Gathering();
  let base = 0;
  for (const [index, file] of files.entries()) {
    const units = await withSource(file, unitsOf);
    if (base + units > from.unit) {
      for await (const piece of piecesOf(file, { index, base, from, judge })) {
        gathered.add(piece);
        if (gathered.full) yield gathered.take();
      }
    }
    base += units;
    gathered.units = base;
  }
  yield gathered.take();
}

class Gathering {
  units = 0;
  private pieces: Piece[] = [];
  private weight = 0;

  add(piece: Piece): void {
    this.pieces.push(piece);
    this.weight += Math.max(1, piece.certificates.length);
    this.units = piece.unit;
  }
  get full(): boolean {
    return this.weight >= BATCH;
  }
  take(): Batch {
    const batch = { pieces: this.pieces, units: this.units };
    this.pieces = [];
    this.weight = 0;
    return batch;
  }
}

type Place = { index: number; base: number; from: Progress; judge: Judge };

async function* piecesOf(file: ImportedFile, { index, base, from, judge }: Place): AsyncGenerator<Piece> {
  let skipped = 0;
  for await (const entry of safely(file, Math.max(0, from.unit - base))) {
    const unit = base + entry.unit;
    let skip = 0;
    if (unit === from.unit && skipped < from.entries) {
      skipped += 1;
      if (skipped < from.entries) continue;
      // The last entry in the ledger may have been under way.
      skip = from.certificates;
      if (skip >= entry.views.length + entry.chain.length) continue;
    }
    const { name, kind, sha256, reason = null } = entry;
    const rest = [...entry.views, ...entry.chain].slice(skip);
    for (let at = 0; at === 0 || at < rest.length; at += BATCH) {
      const certificates = rest.slice(at, at + BATCH).map((view) => readLeaf(view, judge));
      yield { unit, begins: skip + at === 0, name, kind, sha256, reason, file: index, certificates };
    }
  }
}

const NO_VERDICT: ChainVerdict = { chain: 'incomplete', rule: null, authorityId: null };

const readLeaf = (view: CertificateView, judge: Judge): ReadLeaf => ({
  der: view.der,
  facts: factsOf(view),
  authority: view.ca,
  ...(view.ca ? { verdict: NO_VERDICT, problems: [] } : judge(view)),
});

/** Entries of a file; one that turns out to hold a private key, or to be over a limit, ends with an entry that says so. */
async function* safely(file: ImportedFile, from: number): AsyncGenerator<Opened> {
  const source = sourceOf(file);
  let unit = from;
  try {
    for await (const entry of entriesOf(file.name, source, from)) {
      unit = entry.unit;
      if ('kind' in entry) yield entry;
    }
  } catch (error) {
    const nothing = { unit, name: file.name, sha256: '', views: [], chain: [], bad: [] };
    if (error instanceof KeyFound) yield { ...nothing, kind: 'private_key', reason: keyRefused.file };
    else if (error instanceof ContainerError) yield { ...nothing, kind: 'unreadable', reason: error.message };
    else throw error;
  } finally {
    source.close();
  }
}

async function withSource<T>(
  file: ImportedFile,
  work: (source: ReturnType<typeof sourceOf>) => Promise<T>,
): Promise<T> {
  const source = sourceOf(file);
  try {
    return await work(source);
  } finally {
    source.close();
  }
}
