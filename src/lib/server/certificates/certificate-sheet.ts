// A list of certificates (XLSX, CSV) as portals and offices keep it: each row becomes a record "data saja" until its
// file comes. A row about a certificate that is already there adds nothing; if it says something else, that is a
// mismatch to show, never an overwrite.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import type { NewEntry } from './import-store.ts';
import { nameKey, splitName } from './names.ts';
import type { Matcher } from './owners.ts';
import {
  cell,
  columnWords,
  readEmail,
  readHeadings,
  readInstant,
  readNip,
  readSerials,
  readUse,
  type Mapping,
} from './sheet.ts';
import { markOnce } from './marks.ts';
import { estateRules } from './lint.ts';
import * as people from './holder-store.ts';
import * as store from './store.ts';

type Row = store.SheetFacts & {
  serials: string[];
  fingerprint: string | null;
  nip: string | null;
  email: string | null;
  agencyId: string | null;
};

export function certificateRows(
  ctx: Context,
  rows: readonly string[][],
  match: Matcher,
  run: { id: string; agencyId: string | null },
) {
  const headings = readHeadings(rows, ['name', 'until']) ?? readHeadings(rows, ['name', 'serial']);
  if (!headings) {
    throw invalid(
      'Baris judul tidak ditemukan. Daftar sertifikat memerlukan kolom Nama dan Nomor Seri atau Berlaku Sampai.',
    );
  }
  const find = agencies.find(ctx);
  const lines = rows
    .map((row, i) => ({ row, line: i + 1 }))
    .slice(headings.row + 1)
    .filter(({ row }) => row.some((text) => text.trim()));
  return {
    total: lines.length,
    columns: columnWords(headings.mapping),
    write: (tx: Context, index: number): NewEntry => {
      const { row, line } = lines[index]!;
      const entry = {
        seq: index + 1,
        name: `Baris ${line}: ${cell(row, headings.mapping, 'name').slice(0, 160)}`,
        sha256: null,
      };
      const read = readRow(row, headings.mapping, find);
      if (typeof read === 'string') {
        return {
          ...entry,
          outcome: 'rejected',
          reason: read,
          certificatesNew: 0,
          certificatesKnown: 0,
          certificateId: null,
        };
      }
      const known = knownRecord(tx, read, match);
      if (known) {
        const reason = compare(tx, known, read);
        return {
          ...entry,
          outcome: 'duplicate',
          reason,
          certificatesNew: 0,
          certificatesKnown: 1,
          certificateId: known.id,
        };
      }
      const id = insert(tx, read, match, run);
      return { ...entry, outcome: 'added', reason: null, certificatesNew: 1, certificatesKnown: 0, certificateId: id };
    },
  };
}

/** @returns the row's facts, or why it is refused */
function readRow(
  row: readonly string[],
  mapping: Mapping,
  find: (text: string) => agencies.Agency | null,
): Row | string {
  const get = (field: Parameters<typeof cell>[2]) => cell(row, mapping, field);
  const { name } = splitName(get('name'));
  if (!nameKey(name) || name.length > 160) return 'Nama kosong atau terlalu panjang.';
  const serials = readSerials(get('serial'));
  if (get('serial') && !serials.length) return 'Nomor seri tidak dapat dibaca.';
  const notBefore = readInstant(get('from'), 'start');
  const notAfter = readInstant(get('until'), 'end');
  if (get('from') && notBefore === null) return `Tanggal "${get('from').slice(0, 30)}" tidak dapat dibaca.`;
  if (get('until') && notAfter === null) return `Tanggal "${get('until').slice(0, 30)}" tidak dapat dibaca.`;
  if (notBefore !== null && notAfter !== null && notBefore > notAfter) return 'Awal masa berlaku sesudah akhirnya.';
  const use = readUse(get('use'));
  if (!use) return `Penggunaan "${get('use').slice(0, 40)}" tidak dikenal.`;
  if (!serials.length && notAfter === null) return 'Nomor seri atau akhir masa berlaku harus ada.';
  const nip = readNip(get('nip'));
  if (nip === null) return 'NIP harus 18 angka.';
  const agency = get('agency') ? find(get('agency')) : null;
  if (get('agency') && !agency) return `Perangkat Daerah "${get('agency').slice(0, 80)}" tidak ada dalam daftar.`;
  const hex = get('fingerprint').replace(/[\s:]/g, '').toLowerCase();
  return {
    commonName: name,
    serial: serials[0] ?? null,
    serials,
    issuer: get('issuer').slice(0, 300),
    notBefore,
    notAfter,
    use,
    nip: nip || null,
    email: readEmail(get('email')) || null,
    agencyId: agency?.id ?? null,
    fingerprint: /^[0-9a-f]{64}$/.test(hex) ? hex : null,
  };
}

/** Identity in order: fingerprint; issuer + serial; holder + use + validity (architecture, record identity). */
function knownRecord(tx: Context, row: Row, match: Matcher): store.CertificateRow | null {
  const byPrint = row.fingerprint ? store.byFingerprint(tx.db, row.fingerprint) : undefined;
  if (byPrint) return store.byId(tx.db, byPrint.id) ?? null;
  const bySerial = store.bySerial(tx.db, row.serials).filter((known) => sameIssuer(known.issuer, row.issuer));
  if (bySerial.length) return bySerial[0]!;
  if (row.serials.length) return null;
  const holderId = holderOf(tx, row, match);
  if (!holderId) return null;
  return (
    store.byHolder(tx.db, holderId).find((known) => known.use === row.use && sameDay(known.notAfter, row.notAfter)) ??
    null
  );
}

/** Sheets name issuers loosely: nothing said, the DN, or its CN. */
export const sameIssuer = (known: string, said: string): boolean => {
  const a = known.toLowerCase();
  const b = said.toLowerCase().trim();
  return a === '' || b === '' || a === b || a.includes(b) || b.includes(a);
};

export const sameDay = (a: number | null, b: number | null): boolean =>
  (a === null ? null : wibDate(a)) === (b === null ? null : wibDate(b));

function holderOf(tx: Context, row: Row, match: Matcher): string | null {
  if (row.nip) {
    const known = people.byNip(tx.db, row.nip);
    if (known) return known.id;
  }
  return match.holderOf({ commonName: row.commonName, emails: row.email ? [row.email] : [], use: row.use });
}

function insert(tx: Context, row: Row, match: Matcher, run: { id: string; agencyId: string | null }): string {
  const now = tx.now();
  const { commonName, serial, issuer, notBefore, notAfter, use } = row;
  const id = store.insertDataOnly(
    tx.db,
    { commonName, serial, issuer, notBefore, notAfter, use },
    { source: 'sheet', importId: run.id, now },
  );
  const holderId = holderOf(tx, row, match);
  const agencyId = row.agencyId ?? (holderId && match.agencyOf(holderId)) ?? run.agencyId;
  if (holderId || agencyId) {
    const act = {
      from: Math.min(notBefore ?? now, now),
      why: 'Menurut daftar sertifikat',
      by: audit.actorKey(tx.actor),
      now,
    };
    store.setOwner(tx.db, id, { holderId, agencyId }, act);
  }
  return id;
}

/** What the sheet says against what we hold. @returns a sentence for the ledger when they differ */
export function compare(tx: Context, known: store.CertificateRow, row: Pick<Row, 'notAfter'>): string | null {
  if (row.notAfter === null || known.notAfter === null || sameDay(known.notAfter, row.notAfter)) return null;
  noteContradiction(tx, known.id);
  return 'Akhir masa berlaku berbeda dengan yang tercatat; dicatat sebagai ketidaksesuaian data.';
}

export function noteContradiction(tx: Context, certificateId: string): void {
  const rule = 'sheet_contradiction';
  if (store.problems(tx.db, certificateId).some((problem) => problem.rule === rule)) return;
  const detail = 'Akhir masa berlaku pada daftar berbeda dengan pada berkas sertifikat.';
  store.insertProblem(tx.db, certificateId, { rule, severity: estateRules[rule].severity, detail }, tx.now());
  markOnce(tx, certificateId, 'mismatch', 'sheet');
}
