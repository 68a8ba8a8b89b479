// What a sheet would do, row by row: judged for the preview without writing, judged again and written at the commit.
// The preview and the commit are the same code, so they can only differ when the records changed in between.
import * as agencies from '../agencies/index.ts';
import type { Context } from '../context.ts';
import { isTaken, type Choice } from './contested.ts';
import type { NewEntry } from './import-store.ts';
import type { FindAgency } from './person-row.ts';
import type { Change, SheetRow } from './sheet.ts';
import type { UnknownWord } from './sheet-words.ts';

export type Verdict = 'added' | 'completed' | 'changed' | 'contested' | 'same' | 'rejected';
export type Judged = {
  verdict: Verdict;
  name: string;
  /** Beside the name: NIP and agency, or serial and end. */
  about: string;
  /** Why it is refused. */
  reason: string | null;
  /** Values that were left out, and other things to know. */
  notes: string[];
  /** Of a new record: what it is entered with besides what stands in `about`. */
  changes: Change[];
  unknownAgency: string | null;
  /** Words of columns with a fixed vocabulary that nobody has explained. */
  unknownWords: UnknownWord[];
  /** The record it is about, when known. */
  targetId: string | null;
};
export type Absent = { targetId: string; name: string; about: string };

/** Of a record that was archived with its import. */
export const TAKEN_UP = 'Pernah masuk lewat impor yang dibatalkan; catatannya yang diarsipkan dipakai lagi.';

export type Plan = {
  rows: readonly SheetRow[];
  /** Reads only. */
  judge: (ctx: Context, index: number, choice: Choice) => Judged;
  /** Judges again on the state that holds now, and writes. */
  write: (tx: Context, index: number, choice: Choice) => { judged: Judged; entry: Written };
  /** Records that a list of this kind should name and this one does not; never removed, only shown. */
  absent: (ctx: Context, seen: ReadonlySet<string>) => Absent[];
  /** Sentences about the sheet as a whole. */
  remarks: string[];
};
export type Written = Pick<NewEntry, 'certificateId' | 'holderId' | 'certificatesNew' | 'certificatesKnown'>;

export const NOTHING: Written = { certificateId: null, holderId: null, certificatesNew: 0, certificatesKnown: 0 };

const outcomes = {
  added: 'added',
  completed: 'completed',
  changed: 'completed',
  contested: 'rejected',
  same: 'duplicate',
  rejected: 'rejected',
} as const satisfies Record<Verdict, NewEntry['outcome']>;

/** The ledger row of a row of the sheet. @param foreseen what the preview said, when a person looked at one */
export function entryOf(
  index: number,
  line: number,
  done: { judged: Judged; entry: Written },
  foreseen?: string,
): NewEntry {
  const { judged, entry } = done;
  const moved = foreseen && foreseen !== judged.verdict ? ['Berubah sejak pratinjau.'] : [];
  const kept = judged.verdict === 'contested' ? [KEPT] : [];
  const said = [judged.reason, ...kept, ...moved, ...judged.notes].filter(Boolean).join(' ');
  return {
    seq: index + 1,
    name: `Baris ${line}: ${judged.name}`.slice(0, 300),
    outcome: judged.verdict === 'contested' && judged.changes.some(isTaken) ? 'completed' : outcomes[judged.verdict],
    reason: said || null,
    sha256: null,
    ...entry,
    // What is new has nothing before it that could be put back.
    changes: judged.verdict !== 'added' && judged.changes.length ? judged.changes : null,
  };
}

const KEPT = 'Diubah di Siaga sesudah diunduh; isi berkas tidak dipakai.';

/**
 * Whether a list names less than half of those it could: some rows pasted, a letter about a few people. Whom it does not
 * name is then no news. @param rows of the list @param absent on record, and not among them
 */
export const isExtract = (rows: number, absent: number): boolean => absent > rows;

/** Agencies by what sheets call them. */
export function findAgency(ctx: Context): FindAgency {
  const find = agencies.find(ctx);
  return (text) => find(text) ?? (agencies.namesNone(text) ? '' : null);
}

/** From nothing to something completes; from something to something else changes; what somebody was faster with waits. */
export const verdictOf = (changes: readonly Change[]): Verdict =>
  !changes.every(isTaken)
    ? 'contested'
    : changes.length === 0
      ? 'same'
      : changes.some((change) => change.from !== '')
        ? 'changed'
        : 'completed';

/**
 * Rows that say again what an earlier row said: the same content is nothing new, another content is not chosen between.
 * @param keys of each row, null for a refused one @returns sentence by index
 */
export function repeats(
  keys: readonly (string | null)[],
  rows: readonly SheetRow[],
  same: (a: number, b: number) => boolean,
): Map<number, string> {
  const first = new Map<string, number>();
  const found = new Map<number, string>();
  keys.forEach((key, i) => {
    if (key === null) return;
    const before = first.get(key);
    if (before === undefined) first.set(key, i);
    else {
      const line = rows[before]!.line;
      found.set(
        i,
        same(before, i)
          ? `Sama dengan baris ${line}; cukup sekali.`
          : `Baris ${line} sudah memuat yang sama dengan isi lain; baris ini tidak dipakai. Perbaiki salah satunya bila keliru.`,
      );
    }
  });
  return found;
}
