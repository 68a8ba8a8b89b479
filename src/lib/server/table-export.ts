// "Export what I see": one description of columns, all matching rows, as CSV or XLSX. In XLSX every text cell is typed as
// text. CSV is written for an Excel set to Indonesian: columns apart by `;`, text that it would run as a formula (OWASP: CSV
// injection) or round to a number kept as text. Our own import reads all of it back as it was (containers/sheet.ts).
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { writeXlsx, writeXlsxStream } from 'hucre/xlsx';
import { HOUR } from './calendar.ts';
import { asCsvText } from './containers/csv-text.ts';

export type Column<Row> = {
  head: string;
  /** Absent is null. With `kind: 'instant'` a number of UTC ms, shown in WIB. */
  value: (row: Row) => string | number | null | undefined;
  kind?: 'instant';
  /** Width in characters in XLSX. */
  width?: number;
};

export type ExportFormat = 'csv' | 'xlsx';
export type ExportFile = { name: string; mediaType: string; bytes: Uint8Array };

const CSV = 'text/csv; charset=utf-8';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What a route's `?format=` may ask for; anything else reads as CSV. */
export const formatOf = (text: string | null): ExportFormat => (text === 'xlsx' ? 'xlsx' : 'csv');

/** @param name file name without ending, e.g. 'sertifikat-2026-11-22' */
export async function asFile<Row>(
  name: string,
  format: ExportFormat,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): Promise<ExportFile> {
  if (format === 'xlsx') {
    return {
      name: `${name}.xlsx`,
      mediaType: XLSX,
      bytes: await xlsx(columns, rows),
    };
  }
  return { name: `${name}.csv`, mediaType: CSV, bytes: Buffer.from(csv(columns, rows), 'utf8') };
}

export type ExportStream = { name: string; mediaType: string; stream: ReadableStream<Uint8Array> };

/**
 * The same file written while it is sent, so that a hundred thousand rows need no more memory than one chunk; between
 * chunks the process answers others. @param chunks rows in pieces, read when the reader is ready for them
 */
export function asStream<Row>(
  name: string,
  format: ExportFormat,
  columns: readonly Column<Row>[],
  chunks: Iterable<readonly Row[]>,
): ExportStream {
  if (format === 'xlsx') {
    const cells = async function* () {
      for await (const rows of paced(chunks)) {
        for (const row of rows) yield Object.fromEntries(columns.map((c, i) => [`c${i}`, xlsxCell(c, row)]));
      }
    };
    const stream = writeXlsxStream(cells(), { name: 'Data', columns: xlsxColumns(columns), freezePane: { rows: 1 } });
    return { name: `${name}.xlsx`, mediaType: XLSX, stream };
  }
  const lines = async function* () {
    yield Buffer.from(stringify([columns.map(head)], { ...CSV_STYLE, bom: true }));
    for await (const rows of paced(chunks)) {
      const cells = rows.map((row) => columns.map((column) => csvCell(column, row)));
      yield Buffer.from(stringify(cells, CSV_STYLE));
    }
  };
  return {
    name: `${name}.csv`,
    mediaType: CSV,
    stream: Readable.toWeb(Readable.from(lines())) as ReadableStream<Uint8Array>,
  };
}

async function* paced<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    yield item;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const CSV_STYLE = { delimiter: ';', record_delimiter: 'windows' } as const;

/** RFC 4180 but for the delimiter, with a byte order mark, so that Excel reads it as UTF-8. */
export function csv<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): string {
  const lines: (string | number)[][] = [columns.map((column) => head(column))];
  for (const row of rows) lines.push(columns.map((column) => csvCell(column, row)));
  return stringify(lines, { ...CSV_STYLE, bom: true });
}

async function xlsx<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Promise<Uint8Array> {
  const data: Record<string, string | number | Date | null>[] = [];
  for (const row of rows) {
    data.push(Object.fromEntries(columns.map((column, i) => [`c${i}`, xlsxCell(column, row)])));
  }
  return writeXlsx({
    sheets: [
      {
        name: 'Data',
        columns: xlsxColumns(columns),
        data,
        freezePane: { rows: 1 },
      },
    ],
  });
}

const xlsxColumns = <Row>(columns: readonly Column<Row>[]) =>
  columns.map((column, i) => ({
    header: head(column),
    key: `c${i}`,
    width: column.width ?? 20,
    ...(column.kind === 'instant' ? { numFmt: 'yyyy-mm-dd hh:mm' } : {}),
  }));

const head = <Row>(column: Column<Row>) => (column.kind === 'instant' ? `${column.head} (WIB)` : column.head);

/** 2026-11-22 14:05, a wall clock in WIB that spreadsheets recognise. */
const wallClock = (instant: number) => new Date(instant + 7 * HOUR).toISOString().slice(0, 16).replace('T', ' ');

function csvCell<Row>(column: Column<Row>, row: Row): string | number {
  const value = column.value(row);
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return column.kind === 'instant' ? wallClock(value) : value;
  return asCsvText(value);
}

function xlsxCell<Row>(column: Column<Row>, row: Row): string | number | Date | null {
  const value = column.value(row);
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return column.kind === 'instant' ? new Date(value + 7 * HOUR) : value;
  // XML 1.0 cannot hold other control characters; 32.767 is what a cell may hold.
  return value
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .toWellFormed()
    .slice(0, 32_767);
}
