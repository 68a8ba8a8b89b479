// The rows of a sheet as they are judged: of one that was downloaded here, only what was touched since says anything.
import { dateTime, number } from '#lib/format.ts';
import type { Context } from '../context.ts';
import { contested, laterActs, type Choice } from './contested.ts';
import { stampKey, stamps, touchedOnly, type Cells } from './download-stamp.ts';
import { verdictOf, type Judged } from './import-plan.ts';
import type { SheetKind, SheetRow } from './sheet.ts';

type Returned = {
  rows: SheetRow[];
  /** Whether a row was left with what was touched alone. */
  isTouchedOnly: (index: number) => boolean;
  /** A judged row held against its download; `cells` are those of the record now, asked only for what changes. */
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
  const now = ctx.now();
  const found = rows.map(({ values }) => (values.id && values.stamp ? read(values.id, values.stamp, now) : null));
  const times = found.flatMap((stamp) => (stamp ? [stamp.at] : []));
  const later = laterActs(ctx, kind === 'personnel' ? 'holder' : 'certificate');
  const weigh: Returned['weigh'] = (judged, i, cells, choice) => {
    const { verdict, targetId, changes } = judged;
    if (!rows[i]!.values.id || !targetId || verdict === 'added' || !changes.length) return judged;
    const stamp = found[i];
    if (!stamp) return { ...judged, notes: [...judged.notes, UNSTAMPED] };
    const weighed = contested(kind, changes, stamp, cells, () => later(targetId, stamp.at), choice);
    return { ...judged, changes: weighed, verdict: verdictOf(weighed) };
  };
  return {
    rows: rows.map((row, i) => (found[i] ? touchedOnly(row, kind, found[i]) : row)),
    isTouchedOnly: (i) => found[i] !== null,
    weigh,
    remarks: [
      ...(times.length ? [downloaded(times)] : []),
      ...(times.length < named ? [without(named - times.length)] : []),
    ],
  };
}

function downloaded(times: readonly number[]): string {
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const when = first === last ? dateTime(first) : `antara ${dateTime(first)} dan ${dateTime(last)}`;
  return `Diunduh untuk disunting ${when}: hanya sel yang diubah sesudah itu yang dipakai, yang tidak disentuh tidak menimpa apa pun.`;
}

const without = (count: number): string =>
  `${number(count)} baris tidak membawa cap unduhan yang sah (kolomnya dihapus atau diubah, atau berkasnya dari Siaga lain): seluruh isinya dibandingkan dengan yang tercatat sekarang, dan yang diubah orang lain sesudah diunduh tidak dapat dikenali. Periksa tiap perubahannya, atau unduh lagi untuk disunting.`;
