// Sheets that people send: where the heading row is, which column is which, and the rows below. Pure. What is proposed
// here a person may change in the preview; columns nobody recognises are named and left alone.
import { createHash } from 'node:crypto';
import type { Sheet, SheetFormula } from '../containers/index.ts';
import { isOwnExport } from './own-export.ts';
import { signatureLines, type Line } from './sheet-signature.ts';
import { toldBy } from './sheet-contents.ts';

export type SheetKind = 'personnel' | 'certificate_sheet';

/** What people call the columns. */
export const fieldWords = {
  id: 'ID Siaga',
  name: 'Nama',
  titleBefore: 'Gelar depan',
  titleAfter: 'Gelar belakang',
  nip: 'NIP',
  position: 'Jabatan',
  agency: 'Perangkat Daerah',
  email: 'Surel',
  status: 'Status',
  since: 'Sejak (TMT)',
  serial: 'Nomor seri',
  issuer: 'Penerbit',
  from: 'Berlaku sejak',
  until: 'Berlaku sampai',
  use: 'Penggunaan',
  fingerprint: 'Sidik jari SHA-256',
  portal: 'Status menurut portal BSrE',
  stamp: 'Cap unduhan',
} as const;
export type Field = keyof typeof fieldWords;

/** The columns each kind of list may have, in the order a person chooses from. */
export const kindFields: Record<SheetKind, readonly Field[]> = {
  personnel: [
    'name',
    'titleBefore',
    'titleAfter',
    'nip',
    'position',
    'agency',
    'email',
    'status',
    'since',
    'id',
    'stamp',
  ],
  certificate_sheet: [
    'name',
    'serial',
    'from',
    'until',
    'issuer',
    'use',
    'nip',
    'email',
    'agency',
    'fingerprint',
    'portal',
    'id',
    'stamp',
  ],
};

/** One column: its heading, what it is read as, and its first value as an example. */
export type SheetColumn = {
  heading: string;
  field: Field | null;
  example: string;
  /** What it would be read as if nobody had chosen; unknown of lists from before release 0.6.0. */
  proposed?: Field | null;
};
/** What a person chose in the preview; `headingRow` counts from 1. */
export type SheetChoice = {
  sheet?: string;
  headingRow?: number;
  fields?: (Field | null)[];
  /** Not chosen, but chosen from: the first rows of the sheet as they stand in it, until the preview is decided. */
  top?: TopRow[];
};
export type TopRow = { row: number; cells: string[] };
/** A raw value before and after; agencies and holders by id, instants in UTC ms. '' is absent. */
export type Change = { field: Field | 'holder'; from: string; to: string; conflict?: Conflict };
/**
 * Somebody else changed it after the sheet was downloaded; '' and null: nobody knows who and when. `beside`: not itself but
 * what changes with it.
 */
export type Conflict = { by: string; at: number | null; taken: boolean; beside?: Field };

/** Headings as offices write them, most telling first; compared in lower case without punctuation. */
const headings: Record<Field, RegExp> = {
  id: /^id siaga$/,
  stamp: /^cap unduhan$/,
  nip: /^((nip|nomor induk pegawai)( (baru|pegawai|pemilik|lama baru|asn|pns|nrp|nik|nipppk|nip))?|(nomor|no|nrp|nik) nip)$/,
  serial:
    /^((no|nomor|nomer)? ?(seri|serial)( number)?( sertifikat| certificate)?( desimal| hex)?|serial ?number|sn|serial no)$/,
  fingerprint: /^((sidik jari|fingerprint|sha ?256|thumbprint)( sha ?256)?)$/,
  issuer: /^(penerbit|issuer|ca|diterbitkan oleh|nama penerbit)$/,
  since:
    /^((tmt|sejak|terhitung mulai tanggal)( (mutasi|pensiun|jabatan|status|pindah|berhenti|dan))*|(tanggal|tgl|per tanggal) (mutasi|pensiun|status|pindah|berhenti)( (mutasi|pensiun|status|pindah|berhenti|dan))*|sejak tmt)$/,
  from: /^((masa )?(berlaku|valid|aktif)? ?(sejak|mulai|dari|from|not before)( tanggal)?|mulai berlaku|(tanggal |tgl )?(mulai|aktif|penerbitan|terbit|diterbitkan)( sertifikat)?|issued( on| date)?|issue date|valid ?from|notbefore)$/,
  until:
    /^((masa )?(berlaku|valid|aktif)? ?(sampai|sd|s d|hingga|until|to|not after)( dengan)?( tanggal)?|(tanggal |tgl )?(kadaluarsa|kedaluwarsa|kadaluwarsa|kadaluarsanya|kadaluwarsanya|berakhir|habis|akhir)( berlaku| masa berlaku| sertifikat)?|expired?( date| on)?|expiry( date)?|masa berlaku|valid ?to|valid until|notafter|habis masa berlaku)$/,
  use: /^(penggunaan|jenis|jenis sertifikat|kegunaan|use|tipe|tipe sertifikat|profil)$/,
  email: /^(e ?mail|surel|(alamat )?(e ?mail|surel)( (ke)?dinas(an)?| resmi| pegawai| kantor| aktif)?|email address)$/,
  titleBefore: /^gelar (depan|di depan)$/,
  titleAfter: /^gelar (belakang|di belakang)$/,
  agency:
    /^((nama )?(pd|opd|perangkat daerah|instansi|unit|unit kerja|unit organisasi|satuan kerja|satker|skpd|organisasi|agency|dinas)( (opd|pd|skpd|induk|asal|kerja|unit kerja|perangkat daerah))?|tempat tugas|tempat bertugas|lokasi kerja|nama unit organisasi)$/,
  position: /^(jabatan|nama jabatan|position|jabatan (terakhir|sekarang|saat ini|definitif)|uraian jabatan)$/,
  status: /^((status|keadaan|kedudukan)( pegawai| kepegawaian| asn| pns| hukum)?)$/,
  portal:
    /^((status|keterangan status)( (sertifikat|sertifikat elektronik|se|tte|akun|pengguna|user|bsre|portal|portal bsre|sertifikat bsre|menurut portal bsre|menurut portal))?|menurut portal( bsre)?|(certificate|user|account|cert) status)$/,
  name: /^(nama|nama lengkap|nama (pegawai|pemilik|pemegang|tanpa gelar|asn|pns|sertifikat|(pemilik|pemegang) sertifikat|pengguna)|nama (dan|gelar|dengan|beserta) gelar|(pemilik|pemegang)( sertifikat)?|name|common name|cn|nama nip|nama lengkap (dan|dengan) gelar)$/,
};

/** Whether a column dates what became of somebody (TMT Status, Tanggal Pensiun) and not when the post began. */
export const datesStatus = (heading: string): boolean => {
  const words = headingWords(heading);
  return /\b(status|pensiun|pindah|berhenti)\b/.test(words) && !/\b(jabatan|mutasi)\b/.test(words);
};

/** "N I P." → "nip"; "Unit Kerja (OPD)" → "unit kerja opd". */
export const headingWords = (text: string): string => {
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
  return /^(\w )+\w$/.test(plain) ? plain.replaceAll(' ', '') : plain;
};

const outsideBrackets = (text: string): string => text.replace(/\(.*?\)/g, ' ');

/** The fields of a row of headings, each field once, only those of the kind; Siaga's own export says nothing of the portal. */
export function fieldsOf(cells: readonly string[], kind: SheetKind): (Field | null)[] {
  const taken = new Set<Field>(isOwnExport(cells) ? ['portal'] : []);
  const names = (Object.keys(headings) as Field[]).filter((name) => kindFields[kind].includes(name));
  const fields = cells.map((cell) => {
    const spellings = [headingWords(cell), headingWords(outsideBrackets(cell))].filter(Boolean);
    const field = names.find((name) => !taken.has(name) && spellings.some((text) => headings[name].test(text)));
    if (field) taken.add(field);
    return field ?? null;
  });
  // A bare "Tanggal" says whose date it is only by where it stands.
  const day = fields.indexOf('status') + 1;
  if (day && names.includes('since') && !taken.has('since') && /^(tanggal|tgl)$/.test(headingWords(cells[day] ?? '')))
    fields[day] = 'since';
  return fields;
}

export type Heading = { row: number; cells: string[]; fields: (Field | null)[] };
/** Says which fields a row of headings names. */
export type ReadFields = (cells: readonly string[]) => (Field | null)[];

/** Rows from the top among which a heading is looked for. */
export const SEARCHED = 30;
const known = (fields: readonly (Field | null)[]): number => fields.filter(Boolean).length;

/**
 * Finds the heading row among the first thirty: the one with most recognised columns, at least two. Titles of two rows
 * ("Masa Berlaku" above "Mulai" and "Sampai") count together. @returns rows from 0, or null
 */
export function findHeading(
  rows: readonly string[][],
  kind: SheetKind,
  read: ReadFields = (cells) => fieldsOf(cells, kind),
): Heading | null {
  let best: Heading | null = null;
  for (let row = 0; row < Math.min(rows.length, SEARCHED); row++) {
    const found = headingAt(rows, row, read);
    if (known(found.fields) > Math.max(best ? known(best.fields) : 0, 1)) best = found;
  }
  return best && withContents(rows, best, kind);
}

/** The heading at a row that a person or `findHeading` points at, with the row above or below when that adds columns. */
export function headingAt(rows: readonly string[][], row: number, read: ReadFields): Heading {
  const readings = [{ row, cells: trimEnd(rows[row] ?? []) }, joined(rows, row), joined(rows, row - 1)];
  return readings
    .map((reading) => ({ ...reading, fields: read(reading.cells) }))
    .reduce((best, next) => (known(best.fields) && known(next.fields) > known(best.fields) ? next : best));
}

/** A heading with the columns that only their cells explain; each field once. */
export function withContents(rows: readonly string[][], found: Heading, kind: SheetKind): Heading {
  const fields = [...found.fields];
  const below = rows.slice(found.row + 1, found.row + 401);
  fields.forEach((field, i) => {
    if (field) return;
    const told = toldBy(
      found.cells[i] ?? '',
      below.map((row) => row[i] ?? ''),
    );
    if (told && kindFields[kind].includes(told) && !fields.includes(told)) fields[i] = told;
  });
  return { ...found, fields };
}

/** Two rows as one heading: what stands below wins. */
function joined(rows: readonly string[][], upper: number): Pick<Heading, 'row' | 'cells'> {
  const above = rows[upper] ?? [];
  const below = rows[upper + 1] ?? [];
  const width = Math.max(trimEnd(above).length, trimEnd(below).length);
  const cells = Array.from({ length: width }, (_, i) => (below[i]?.trim() ? below[i] : (above[i] ?? '')));
  return { row: upper + 1, cells };
}

const trimEnd = (cells: readonly string[]): string[] => {
  let end = cells.length;
  while (end && !cells[end - 1]!.trim()) end -= 1;
  return cells.slice(0, end);
};

/** Why the columns are not enough to read the list, or null. */
export function missing(fields: readonly (Field | null)[], kind: SheetKind): string | null {
  const has = (field: Field) => fields.includes(field);
  if (has('id')) return null;
  if (kind === 'personnel') {
    return has('name') && (has('agency') || has('nip'))
      ? null
      : 'Daftar pegawai memerlukan paling sedikit kolom Nama dan Perangkat Daerah (atau NIP).';
  }
  return has('name') && (has('serial') || has('until') || has('fingerprint'))
    ? null
    : 'Daftar sertifikat memerlukan kolom Nama dan Nomor Seri atau Berlaku Sampai.';
}

/** Which kind of list the headings speak of when they clearly speak of one; a list of certificates names what ends. */
export function kindOf(cells: readonly string[]): SheetKind | null {
  const certificates = fieldsOf(cells, 'certificate_sheet');
  if (certificates.some((field) => field === 'serial' || field === 'until' || field === 'fingerprint')) {
    return 'certificate_sheet';
  }
  return missing(fieldsOf(cells, 'personnel'), 'personnel') === null ? 'personnel' : null;
}

/** Fields that release 0.3.0 did not know: a layout remembered then could not choose them. */
const NEWER: readonly Field[] = ['portal', 'stamp'];

/** A layout as remembered, with what is proposed for columns that could not be read when it was. */
export const remembered = (
  layout: { fields: readonly (Field | null)[]; offered: readonly Field[] | null },
  proposed: readonly (Field | null)[],
): (Field | null)[] =>
  proposed.map((field, i) => {
    const chosen = layout.fields[i] ?? null;
    const isNew = field !== null && (layout.offered ? !layout.offered.includes(field) : NEWER.includes(field));
    return chosen ?? (isNew ? field : null);
  });

/** What lists of one source share: their kind and headings. */
export const layoutOf = (cells: readonly string[], kind: SheetKind): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, ...trimEnd(cells).map(headingWords)]))
    .digest('hex');

/** A row as values by field; what Excel damaged is empty and named. */
export type SheetRow = {
  line: number;
  values: Partial<Record<Field, string>>;
  damage: Partial<Record<Field, string>>;
  /** Values that are results of formulas. */
  formulas?: Partial<Record<Field, SheetFormula['formula']>>;
};

/** What tells one row from another; a row with none of these holds no data (titles, groups, sums, signatures). */
const TELLING: readonly Field[] = ['id', 'name', 'nip', 'serial', 'fingerprint'];

/**
 * The rows below the heading. Left out: empty lines, the row of column numbers, headings that a print layout repeats,
 * and rows without anything that tells whom they are about, which `skipped` counts; `signature` names the lines of who
 * signed below.
 */
export function rowsBelow(
  sheet: Pick<Sheet, 'rows' | 'problems'> & Partial<Pick<Sheet, 'formulas'>>,
  found: Heading,
): { rows: SheetRow[]; skipped: number; signature: number[] } {
  const damage = new Map(sheet.problems.map((problem) => [`${problem.row}:${problem.col}`, problem.text]));
  const results = new Map(sheet.formulas?.map(({ row, col, formula }) => [`${row}:${col}`, formula]));
  const columns = found.fields.flatMap((field, column) => (field ? [{ field, column }] : []));
  const lines: Line[] = [];
  for (let i = found.row + 1; i < sheet.rows.length; i++) {
    const cells = sheet.rows[i]!;
    const row: SheetRow = { line: i + 1, values: {}, damage: {} };
    for (const { field, column } of columns) {
      const text = (cells[column] ?? '').replace(/\s+/g, ' ').trim();
      if (text) row.values[field] = text;
      const harm = damage.get(`${i + 1}:${column + 1}`);
      if (harm) row.damage[field] = harm;
      const formula = results.get(`${i + 1}:${column + 1}`);
      if (formula) (row.formulas ??= {})[field] = formula;
    }
    const filled = cells.map((text) => text.replace(/\s+/g, ' ').trim()).filter(Boolean);
    if (!filled.length && !Object.keys(row.damage).length) continue;
    if (!isNumbering(filled) && !isRepeated(cells, found)) lines.push({ filled, row });
  }
  const signed = signatureLines(lines);
  const others = lines.filter((_, i) => !signed.has(i)).map(({ row }) => row);
  const rows = others.filter((row) => TELLING.some((field) => row.values[field] ?? row.damage[field]) && !isSum(row));
  return { rows, skipped: others.length - rows.length, signature: [...signed].map((i) => lines[i]!.row.line) };
}

/** "JUMLAH" in the column of names, below the list or a page of it; the sum itself may stand in any column. */
const isSum = ({ values, damage }: SheetRow): boolean =>
  /^(sub\s*|grand\s*)?(jumlah|total)\b/i.test(values.name ?? '') &&
  !TELLING.some((field) => field !== 'name' && (isSaid(values[field]) || damage[field]));
const isSaid = (text: string | undefined): boolean => text !== undefined && !/^[\d.,\s]{1,9}$/.test(text);

/** "(1) (2) (3)" or "1 2 3" below the headings. */
const isNumbering = (filled: readonly string[]): boolean =>
  filled.length > 2 && filled.every((text, i) => text.replace(/[().\s]/g, '') === String(i + 1));

const isRepeated = (cells: readonly string[], found: Heading): boolean =>
  found.fields.every((field, i) => !field || headingWords(cells[i] ?? '') === headingWords(found.cells[i] ?? ''));
