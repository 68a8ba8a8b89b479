// Chart data and a theme → Chart.js configuration. Pure: no canvas, no document, no clock.
import type { ChartConfiguration, ChartDataset, ScaleOptionsByType, Plugin } from 'chart.js';
import { number } from '#lib/format.ts';
import type { Chart, Fill } from './chart.ts';
import type { Theme } from './theme.ts';

type Axis = Record<string, unknown>;
/** Dashes and marks tell line series apart without colour. */
const dashes: Record<Fill, number[]> = { main: [], second: [5, 3], third: [1.5, 2.5], fourth: [8, 2, 2, 2] };
const marks: Record<Fill, string> = { main: 'circle', second: 'rect', third: 'triangle', fourth: 'rectRot' };

export function configuration(c: Chart, theme: Theme): ChartConfiguration {
  const px = (units: number) => units * theme.scale;
  const font = { family: theme.family, size: px(theme.fontSize) };
  const side = c.direction === 'side';
  const stacked = c.stacked;
  const labelled = !stacked && c.kind === 'bars';
  /** Parts of a whole that is a count: each bar says how much it is altogether. */
  const summed = stacked && c.kind === 'bars' && c.max === null && c.series.length > 1;
  const lines = c.kind === 'lines';
  const value: Axis = {
    stacked,
    min: 0,
    ...(c.max === null ? {} : { max: c.max }),
    grid: { display: !labelled, color: theme.grid, lineWidth: px(0.6) },
    border: { display: false },
    ticks: {
      display: !labelled,
      color: theme.muted,
      font,
      padding: px(3),
      maxTicksLimit: 6,
      ...(c.unit === '%' ? { callback: (v: number | string) => `${number(Number(v))}%` } : { callback: tickOf(c) }),
    },
  };
  const names: Axis = {
    stacked,
    grid: { display: false },
    border: { color: theme.axis, width: px(0.7) },
    ticks: { color: theme.ink, font, padding: px(3), autoSkip: !side, maxRotation: 0, autoSkipPadding: px(1) },
  };
  return {
    type: lines ? 'line' : 'bar',
    data: {
      labels: c.labels,
      datasets: c.series.map((s) => (lines ? lineSet(s, theme) : barSet(c, s, theme))) as ChartDataset[],
    },
    options: {
      responsive: false,
      maintainAspectRatio: false,
      animation: theme.animate ? { duration: 250 } : false,
      indexAxis: side ? 'y' : 'x',
      layout: {
        padding: {
          top: px((labelled || summed) && !side ? theme.fontSize + 6 : 4),
          right: px((labelled || summed) && side ? sideRoom(c, theme) : 4),
          left: 0,
          bottom: 0,
        },
      },
      plugins: {
        legend: {
          display: c.series.length > 1,
          position: 'top',
          align: 'start',
          labels: {
            color: theme.ink,
            font,
            boxWidth: px(14),
            boxHeight: px(8),
            padding: px(8),
            usePointStyle: lines,
            pointStyleWidth: px(14),
          },
        },
        tooltip: {
          enabled: theme.tooltips,
          callbacks: { label: (item) => `${item.dataset.label}: ${number(rawOf(item.raw), c.digits)} ${c.unit}` },
        },
      },
      scales: (side ? { x: value, y: names } : { x: names, y: value }) as unknown as {
        [key: string]: ScaleOptionsByType<'linear'>;
      },
    },
    plugins: [ground(theme), ...(labelled ? [valueLabels(c, theme)] : []), ...(summed ? [sumLabels(c, theme)] : [])],
  };
}

const rawOf = (raw: unknown): number | null => (typeof raw === 'number' ? raw : null);
/** Counts have no half ticks; below a legend the highest tick is left out, because it would touch it. */
const tickOf = (c: Chart) => (v: number | string, index: number, ticks: unknown[]) =>
  Number.isInteger(Number(v)) &&
  !(c.direction === 'up' && c.series.length > 1 && ticks.length > 3 && index === ticks.length - 1)
    ? number(Number(v))
    : '';

function barSet(c: Chart, s: Chart['series'][number], theme: Theme) {
  const low = (v: number | null) => c.threshold !== null && v !== null && v < c.threshold.below;
  return {
    label: s.label,
    data: s.values,
    backgroundColor: s.values.map((v) => theme.fill(low(v) ? 'third' : s.fill)),
    ...(theme.outline ? { borderColor: theme.outline, borderWidth: 0.7 * theme.scale } : {}),
    barPercentage: c.stacked ? 0.9 : 0.82,
    categoryPercentage: c.series.length > 1 && !c.stacked ? 0.78 : 0.92,
    maxBarThickness: 44 * theme.scale,
  };
}

function lineSet(s: Chart['series'][number], theme: Theme) {
  const px = (units: number) => units * theme.scale;
  return {
    label: s.label,
    data: s.values,
    borderColor: theme.line(s.fill),
    borderWidth: px(1.5),
    borderDash: dashes[s.fill].map(px),
    pointStyle: marks[s.fill],
    pointRadius: px(s.values.length > 40 ? 0 : 2.6),
    pointBackgroundColor: s.fill === 'main' ? theme.line(s.fill) : theme.ground,
    pointBorderColor: theme.line(s.fill),
    pointBorderWidth: px(1),
    tension: 0,
    spanGaps: false,
  };
}

/** Room at the right end of sideways bars for the number, and the words when a threshold is set. */
const sideRoom = (c: Chart, theme: Theme): number =>
  theme.fontSize *
  (c.threshold && c.series.some((s) => s.values.some((v) => v !== null && v < c.threshold!.below))
    ? c.threshold.word.length * 0.5 + 3
    : 3.4);

const ground = (theme: Theme): Plugin => ({
  id: 'ground',
  beforeDraw({ ctx, width, height }) {
    ctx.save();
    ctx.fillStyle = theme.ground;
    ctx.fillRect(0, 0, width, height);
    ctx.restore();
  },
});

/** Writes the value at the end of each bar; upright bars go without when the numbers do not fit side by side. */
const valueLabels = (c: Chart, theme: Theme): Plugin => ({
  id: 'valueLabels',
  afterDatasetsDraw(drawn) {
    const { ctx } = drawn;
    const size = theme.fontSize * theme.scale;
    const side = c.direction === 'side';
    const text = (v: number) =>
      number(v, c.digits) + (c.threshold && v < c.threshold.below ? `  ${c.threshold.word}` : '');
    ctx.save();
    ctx.font = `${size}px ${theme.family}`;
    ctx.fillStyle = theme.ink;
    const room = drawn.chartArea.width / Math.max(1, c.labels.length * c.series.length);
    const widest = Math.max(
      0,
      ...c.series.flatMap((s) => s.values.map((v) => (v === null ? 0 : ctx.measureText(text(v)).width))),
    );
    if (side || widest <= room * 1.02) {
      drawn.data.datasets.forEach((set, at) => {
        drawn.getDatasetMeta(at).data.forEach((bar, i) => {
          const v = rawOf(set.data[i]);
          if (v === null) return;
          ctx.textAlign = side ? 'left' : 'center';
          ctx.textBaseline = side ? 'middle' : 'bottom';
          ctx.fillText(text(v), bar.x + (side ? 4 * theme.scale : 0), bar.y - (side ? 0 : 2.5 * theme.scale));
        });
      });
    }
    ctx.restore();
  },
});

/** Writes the sum at the end of each stacked bar; upright bars go without when the numbers do not fit side by side. */
const sumLabels = (c: Chart, theme: Theme): Plugin => ({
  id: 'sumLabels',
  afterDatasetsDraw(drawn) {
    const { ctx } = drawn;
    const side = c.direction === 'side';
    ctx.save();
    ctx.font = `${theme.fontSize * theme.scale}px ${theme.family}`;
    ctx.fillStyle = theme.ink;
    ctx.textAlign = side ? 'left' : 'center';
    ctx.textBaseline = side ? 'middle' : 'bottom';
    const shown = drawn.data.datasets.flatMap((_, at) => (drawn.isDatasetVisible(at) ? [at] : []));
    const sums = c.labels.map((_, i) => {
      const known = shown.flatMap((at) => rawOf(drawn.data.datasets[at]!.data[i]) ?? []);
      return known.length ? known.reduce((a, b) => a + b, 0) : null;
    });
    const widest = Math.max(0, ...sums.map((sum) => (sum === null ? 0 : ctx.measureText(number(sum, c.digits)).width)));
    if (side || widest <= (drawn.chartArea.width / Math.max(1, c.labels.length)) * 1.02) {
      sums.forEach((sum, i) => {
        if (sum === null) return;
        const bars = shown.flatMap((at) => drawn.getDatasetMeta(at).data[i] ?? []);
        const x = side ? Math.max(...bars.map((bar) => bar.x)) + 4 * theme.scale : bars[0]!.x;
        const y = side ? bars[0]!.y : Math.min(...bars.map((bar) => bar.y)) - 2.5 * theme.scale;
        ctx.fillText(number(sum, c.digits), x, y);
      });
    }
    ctx.restore();
  },
});
