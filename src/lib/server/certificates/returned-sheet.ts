// The rows of a sheet as they are judged: of one that was downloaded here, only what was touched since says anything.
import { dateTime, number } from '#lib/format.ts';
import type { Context } from '../context.ts';
import { contested, laterActs, type Choice } from './contested.ts';
import { stampedFields, stampKey, stamps, touchedOnly, type Cells, type Stamp } from './download-stamp.ts';
import { verdictOf, type Judged } from './import-plan.ts';
import { noteOn, quoted } from './person-row.ts';
import type { Field, SheetKind, SheetRow } from './sheet.ts';

type Returned = {
  rows: SheetRow[];
  /** Whether a row was left with what was touched alone. */
  isTouchedOnly: (index: number) => boolean;
  /** A judged row held against its download; `cells` are those of the record now. */
  weigh: (judged: Judged, index: number, cells: () => Cells, choice: Choice) => Judged;
  /** Sentences about the sheet. */
  remarks: string[];
};

/** Of a row that names a record and bears no stamp that holds: nobody knows what it said when it was downloaded. */
const UNSTAMPED = 'Tanpa cap unduhan yang sah: isi di Siaga mungkin lebih baru daripada isi berkas ini.';

export function returned(ctx: Context, kind: SheetKind, rows: readonly SheetRow[]): Returned {
  const named = rows.filter((row) => row.values.id).length;
  if (!named) return { rows: [...rows], isTouchedOnly: () => false, weigh: (judged) => judged, remarks: [] };
  const { read } = stamps(stampKey(ctx.dir), kind);
  const at = ctx.now();
  const found = rows.map(({ values }) => (values.id && values.stamp ? read(values.id, values.stamp, at) : null));
  const times = found.flatMap((stamp) => (stamp ? [stamp.at] : []));
  const later = laterActs(ctx, kind === 'personnel' ? 'holder' : 'certificate');
  const touched = rows.map((row, i) => (found[i] ? touchedOnly(row, kind, found[i]) : row));
  const weigh: Returned['weigh'] = (judged, i, cells, choice) => {
    const { verdict, targetId, changes } = judged;
    if (!rows[i]!.values.id || !targetId || verdict === 'added') return judged;
    const stamp = found[i];
    if (!stamp) return changes.length ? { ...judged, notes: [...judged.notes, UNSTAMPED] } : judged;
    const now = cells();
    const notes = [...judged.notes, ...left(kind, rows[i]!, touched[i]!, stamp, now)];
    if (!changes.length) return { ...judged, notes };
    const weighed = contested(kind, changes, stamp, now, () => later(targetId, stamp.at), choice);
    return { ...judged, notes, changes: weighed, verdict: verdictOf(weighed) };
  };
  return {
    rows: touched,
    isTouchedOnly: (i) => found[i] !== null,
    weigh,
    remarks: [
      ...(times.length ? [downloaded(times)] : []),
      ...(times.length < named ? [without(named - times.length)] : []),
    ],
  };
}

/** What nobody touched, or somebody set back, while it became something else in Siaga: no word of it is taken. */
function left(kind: SheetKind, row: SheetRow, touched: SheetRow, stamp: Stamp, now: Cells): string[] {
  const fields: readonly Field[] = stampedFields[kind];
  return fields
    .filter((field) => row.values[field] && touched.values[field] === undefined && !stamp.held(field, now[field]))
    .map((field) =>
      noteOn(
        field,
        `di Siaga kini ${now[field] ? quoted(now[field]) : 'kosong'}; sel ini sama dengan saat diunduh, jadi tidak dipakai. Unduh lagi untuk mengubahnya.`,
      ),
    );
}

function downloaded(times: readonly number[]): string {
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const when = first === last ? dateTime(first) : `antara ${dateTime(first)} dan ${dateTime(last)}`;
  return `Diunduh untuk disunting ${when}: hanya sel yang diubah sesudah itu yang dipakai, yang tidak disentuh tidak menimpa apa pun.`;
}

const without = (count: number): string =>
  `${number(count)} baris tidak membawa cap unduhan yang sah (kolomnya dihapus atau diubah, atau berkasnya dari Siaga lain): seluruh isinya dibandingkan dengan yang tercatat sekarang, dan yang diubah orang lain sesudah diunduh tidak dapat dikenali. Periksa tiap perubahannya, atau unduh lagi untuk disunting.`;
