// A chart as plain data: what a page's load function returns and what a PDF definition holds. The same data give the
// Chart.js configuration (configuration.ts) and the table beside the chart, so both always show the same numbers.
import { ABSENT, number } from '#lib/format.ts';

/** Role of a series; the theme turns it into a token colour (browser) or a fill pattern (print). */
export type Fill = 'main' | 'second' | 'third' | 'fourth';

/** One series; a null value is "unknown" and leaves a gap, it is never drawn as zero. */
export type Series = { label: string; values: (number | null)[]; fill: Fill };

export type Chart = {
  kind: 'bars' | 'lines';
  /** Bars upwards for time, sideways for names. */
  direction: 'up' | 'side';
  stacked: boolean;
  labels: string[];
  series: Series[];
  /** What the numbers count: "sertifikat", "%", "nilai 0–100". */
  unit: string;
  /** Head of the table's first column: "Bulan", "Kelompok". */
  category: string;
  /** Digits after the comma. */
  digits: number;
  /** Upper end of the value axis when it is fixed (100 for shares and scores). */
  max: number | null;
  /** Values below it are drawn in the series' third fill with `belowWord` written beside. */
  threshold: { below: number; word: string } | null;
};

/** A chart with the usual settings; pass what differs. */
export const chart = (given: Pick<Chart, 'labels' | 'series' | 'unit' | 'category'> & Partial<Chart>): Chart => ({
  kind: 'bars',
  direction: 'up',
  stacked: false,
  digits: 0,
  max: null,
  threshold: null,
  ...given,
});

/** The chart's numbers as a table, formatted; the last column is the sum where parts are stacked into a whole. */
export function tableOf(c: Chart): { head: string[]; rows: string[][] } {
  const sums = c.stacked && c.series.length > 1 && c.max === null;
  const cell = (value: number | null) => (value === null ? ABSENT : number(value, c.digits));
  return {
    head: [c.category, ...c.series.map((s) => s.label), ...(sums ? ['Jumlah'] : [])],
    rows: c.labels.map((label, i) => {
      const values = c.series.map((s) => s.values[i] ?? null);
      const known = values.filter((value) => value !== null);
      return [
        label,
        ...values.map(cell),
        ...(sums ? [cell(known.length ? known.reduce((a, b) => a + b, 0) : null)] : []),
      ];
    }),
  };
}

/** Whether there is anything to draw. */
export const isEmpty = (c: Chart): boolean =>
  !c.series.some((s) => s.values.some((value) => value !== null && value !== 0));

/** One sentence for people who do not see the picture. */
export function describe(c: Chart): string {
  const first = c.series[0];
  if (!first || isEmpty(c)) return 'Belum ada data.';
  const totals = c.labels.map((_, i) => c.series.reduce((sum, s) => sum + (s.values[i] ?? 0), 0));
  const top = totals.indexOf(Math.max(...totals));
  return `${c.labels.length} ${c.category.toLowerCase()}; tertinggi ${c.labels[top]} dengan ${number(totals[top], c.digits)} ${c.unit}.`;
}
