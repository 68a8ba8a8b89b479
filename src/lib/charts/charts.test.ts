import { describe, expect, test } from 'vitest';
import * as charts from './index.ts';
import { configuration } from './configuration.ts';
import type { Theme } from './theme.ts';

const theme: Theme = {
  scale: 1,
  family: 'sans-serif',
  fontSize: 12,
  ink: '#000',
  muted: '#333',
  grid: '#ccc',
  axis: '#888',
  ground: '#fff',
  outline: null,
  fill: (fill) => fill,
  line: (fill) => fill,
  animate: false,
  tooltips: true,
};

describe('a chart', () => {
  test('and its table show the same numbers', () => {
    const chart = charts.expiryByMonth([
      { month: 'Nov', without: 1200, with: 3 },
      { month: 'Des', without: 0, with: 0 },
    ]);
    expect(charts.tableOf(chart)).toEqual({
      head: ['Bulan', 'Tanpa pengganti', 'Sudah ada pengganti', 'Jumlah'],
      rows: [
        ['Nov', '1.200', '3', '1.203'],
        ['Des', '0', '0', '0'],
      ],
    });
    expect(configuration(chart, theme).data.datasets.map((d) => d.data)).toEqual([
      [1200, 0],
      [3, 0],
    ]);
  });

  test('leaves a gap where nothing is known, and never calls it zero', () => {
    const chart = charts.statusTrend([
      { month: 'Okt', valid: null, expiring: null, expired: null },
      { month: 'Nov', valid: 5, expiring: 1, expired: 0 },
    ]);
    expect(charts.tableOf(chart).rows[0]).toEqual(['Okt', '—', '—', '—', '—']);
    expect(configuration(chart, theme).data.datasets[0]!.data[0]).toBeNull();
  });

  test('survives the way to the browser as plain data', () => {
    const chart = charts.scoresByGroup([
      { name: 'RSUD', score: 61.4 },
      { name: 'Inspektorat', score: 88.2 },
    ]);
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
    expect(chart.labels).toEqual(['Inspektorat', 'RSUD']);
    const [bars] = configuration(chart, theme).data.datasets;
    expect((bars as unknown as { backgroundColor: string[] }).backgroundColor).toEqual(['main', 'third']);
  });

  test('keeps its letters at the size of the theme', () => {
    const { options } = configuration(charts.incidentsByType([{ name: 'Kunci hilang', count: 2 }]), theme);
    const scales = options!.scales as Record<string, { ticks: { font: { size: number } } }>;
    expect(Object.values(scales).map((s) => s.ticks.font.size)).toEqual([12, 12]);
  });

  test('puts each score and each age in exactly one band', () => {
    const scores = [0, 49.9, 50, 60, 69.99, 70, 80, 89.9, 90, 100];
    const sum = (values: (number | null)[]) => values.reduce<number>((a, b) => a + (b ?? 0), 0);
    expect(sum(charts.scoreDistribution(scores).series[0]!.values)).toBe(scores.length);
    expect(charts.findingsAgeing([0, 30, 31, 60, 90, 91, 180, 181, 999]).series[0]!.values).toEqual([2, 2, 1, 2, 2]);
  });

  test('says when there is nothing to draw', () => {
    expect(charts.isEmpty(charts.incidentsByType([]))).toBe(true);
    expect(charts.describe(charts.incidentsByType([]))).toBe('Belum ada data.');
  });
});
