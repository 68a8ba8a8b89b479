// The charts of Siaga, each a pure function from counted rows to chart data. Used by pages and by the PDFs alike.
// No pies; bars sorted; time on the x-axis; units named; unknown stays a gap.
import { agencyKinds } from '#lib/terms.ts';
import { chart, type Chart } from './chart.ts';

export { chart, describe, isEmpty, tableOf, type Chart, type Fill, type Series } from './chart.ts';

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

/** Certificates that end in each of the coming months, by whether a successor is already there. */
export const expiryByMonth = (rows: { month: string; without: number; with: number }[]): Chart =>
  chart({
    labels: rows.map((r) => r.month),
    series: [
      { label: 'Tanpa pengganti', values: rows.map((r) => r.without), fill: 'main' },
      { label: 'Sudah ada pengganti', values: rows.map((r) => r.with), fill: 'third' },
    ],
    stacked: true,
    unit: 'sertifikat',
    category: 'Bulan',
  });

/** State at the end of each month; null where no day of the month was recorded. */
export const statusTrend = (
  rows: { month: string; valid: number | null; expiring: number | null; expired: number | null }[],
): Chart =>
  chart({
    labels: rows.map((r) => r.month),
    series: [
      { label: 'Berlaku', values: rows.map((r) => r.valid), fill: 'main' },
      { label: 'Akan kedaluwarsa', values: rows.map((r) => r.expiring), fill: 'second' },
      { label: 'Kedaluwarsa', values: rows.map((r) => r.expired), fill: 'third' },
    ],
    stacked: true,
    unit: 'sertifikat',
    category: 'Bulan',
  });

type Kind = keyof typeof agencyKinds;
type KindRow = { kind: Kind | string; usable: number; expiring: number; expired: number; other: number };
const kindWord = (kind: string): string => agencyKinds[kind as Kind] ?? kind;

/** Shares of states within each group of agencies, largest group first. */
export const statusByAgencyKind = (rows: KindRow[]): Chart => {
  const sorted = rows
    .map((r) => ({ ...r, total: r.usable + r.expiring + r.expired + r.other }))
    .filter((r) => r.total > 0)
    .sort((a, b) => b.total - a.total);
  const share = (pick: (r: KindRow) => number) => sorted.map((r) => (100 * pick(r)) / r.total);
  return chart({
    labels: sorted.map((r) => kindWord(r.kind)),
    series: [
      { label: 'Berlaku', values: share((r) => r.usable), fill: 'main' },
      { label: 'Akan kedaluwarsa', values: share((r) => r.expiring), fill: 'second' },
      { label: 'Kedaluwarsa', values: share((r) => r.expired), fill: 'third' },
      { label: 'Dicabut dan lainnya', values: share((r) => r.other), fill: 'fourth' },
    ],
    direction: 'side',
    stacked: true,
    unit: '%',
    category: 'Kelompok',
    digits: 1,
    max: 100,
  });
};

const sideways = (rows: { name: string; count: number }[], unit: string, category: string, label: string): Chart => {
  const sorted = [...rows].sort((a, b) => b.count - a.count);
  return chart({
    labels: sorted.map((r) => r.name),
    series: [{ label, values: sorted.map((r) => r.count), fill: 'main' }],
    direction: 'side',
    unit,
    category,
  });
};

export const certificatesByIssuer = (rows: { issuer: string; count: number }[]): Chart => {
  const sorted = [...rows].sort((a, b) => b.count - a.count);
  const rest = sum(sorted.slice(7).map((r) => r.count));
  const shown = sorted.slice(0, 7).map((r) => ({ name: r.issuer, count: r.count }));
  return sideways(
    [...shown, ...(rest ? [{ name: 'Penerbit lain', count: rest }] : [])],
    'sertifikat',
    'Penerbit',
    'Sertifikat',
  );
};

export const incidentsByType = (rows: { name: string; count: number }[]): Chart =>
  sideways(rows, 'insiden', 'Jenis', 'Insiden');

/** Obligations met in time, late, and still open, by kind. */
export const obligationsOnTime = (rows: { name: string; inTime: number; late: number; open: number }[]): Chart =>
  chart({
    labels: rows.map((r) => r.name),
    series: [
      { label: 'Tepat waktu', values: rows.map((r) => r.inTime), fill: 'main' },
      { label: 'Terlambat', values: rows.map((r) => r.late), fill: 'second' },
      { label: 'Masih terbuka', values: rows.map((r) => r.open), fill: 'third' },
    ],
    direction: 'side',
    stacked: true,
    unit: 'kewajiban',
    category: 'Kewajiban',
  });

/** Mean score of each group, best first; below the threshold it says so in words. */
export const scoresByGroup = (rows: { name: string; score: number }[], threshold = 70): Chart => {
  const sorted = [...rows].sort((a, b) => b.score - a.score);
  return chart({
    labels: sorted.map((r) => r.name),
    series: [{ label: 'Nilai', values: sorted.map((r) => r.score), fill: 'main' }],
    direction: 'side',
    unit: 'nilai 0–100',
    category: 'Kelompok',
    digits: 1,
    max: 100,
    threshold: { below: threshold, word: 'perlu perhatian' },
  });
};

/** How many agencies scored in each band. */
export const scoreDistribution = (scores: number[]): Chart => {
  const bands = [
    { name: '0–49', from: 0, to: 50 },
    { name: '50–59', from: 50, to: 60 },
    { name: '60–69', from: 60, to: 70 },
    { name: '70–79', from: 70, to: 80 },
    { name: '80–89', from: 80, to: 90 },
    { name: '90–100', from: 90, to: Infinity },
  ];
  return chart({
    labels: bands.map((b) => b.name),
    series: [
      {
        label: 'Perangkat Daerah',
        values: bands.map((b) => scores.filter((s) => s >= b.from && s < b.to).length),
        fill: 'main',
      },
    ],
    unit: 'Perangkat Daerah',
    category: 'Nilai',
  });
};

/** Open findings by age in days. */
export const findingsAgeing = (ages: number[]): Chart => {
  const bands = [
    { name: '0–30', to: 30 },
    { name: '31–60', to: 60 },
    { name: '61–90', to: 90 },
    { name: '91–180', to: 180 },
    { name: '> 180', to: Infinity },
  ];
  return chart({
    labels: bands.map((b) => b.name),
    series: [
      {
        label: 'Temuan terbuka',
        values: bands.map((b, i) => ages.filter((age) => age <= b.to && (i === 0 || age > bands[i - 1]!.to)).length),
        fill: 'main',
      },
    ],
    unit: 'temuan',
    category: 'Umur (hari)',
  });
};

/** Issued, renewed, revoked by month. */
export const movementsByMonth = (rows: { month: string; issued: number; renewed: number; revoked: number }[]): Chart =>
  chart({
    kind: 'lines',
    labels: rows.map((r) => r.month),
    series: [
      { label: 'Pembaruan', values: rows.map((r) => r.renewed), fill: 'main' },
      { label: 'Penerbitan', values: rows.map((r) => r.issued), fill: 'second' },
      { label: 'Pencabutan', values: rows.map((r) => r.revoked), fill: 'third' },
    ],
    unit: 'sertifikat',
    category: 'Bulan',
  });

/** How many entries each list of a line had, oldest first. */
export const listTrend = (rows: { label: string; entries: number }[]): Chart =>
  chart({
    kind: 'lines',
    labels: rows.map((r) => r.label),
    series: [{ label: 'Entri', values: rows.map((r) => r.entries), fill: 'main' }],
    unit: 'entri',
    category: 'Terbit',
  });
