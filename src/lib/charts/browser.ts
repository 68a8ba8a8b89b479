// Draws a chart in the browser: Chart.js comes lazily, the theme from the CSS tokens, animation only if the person
// wants motion. `draw` sizes the canvas to its parent and draws again when width, colour scheme or data change.
import type { Chart, Fill } from './chart.ts';
import { configuration } from './configuration.ts';
import type { Theme } from './theme.ts';

export type Drawing = { update: (chart: Chart) => void; destroy: () => void };

const tokens: Record<Fill, string> = { main: '--c-1', second: '--c-2', third: '--c-3', fourth: '--c-4' };

/** The theme at an element, from the tokens in force there. */
function themeOf(element: Element): Theme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    scale: 1,
    family: token('--font') || 'sans-serif',
    fontSize: 12,
    ink: token('--ink'),
    muted: token('--c-axis'),
    grid: token('--c-grid'),
    axis: token('--line-2'),
    ground: 'transparent',
    outline: null,
    fill: (fill) => token(tokens[fill]),
    line: (fill) => token(tokens[fill]),
    animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    tooltips: true,
  };
}

/** Height in pixels that lets every label be read. */
export const heightOf = (chart: Chart): number =>
  (chart.series.length > 1 ? 34 : 8) +
  (chart.direction === 'side'
    ? chart.labels.length * (chart.stacked || chart.series.length === 1 ? 26 : 36) + 12
    : 210);

/** Draws `chart` on `canvas`; call `destroy` when the canvas goes away. */
export async function draw(canvas: HTMLCanvasElement, chart: Chart): Promise<Drawing> {
  const { default: ChartJs } = await import('chart.js/auto');
  let current = chart;
  let drawn: InstanceType<typeof ChartJs> | undefined;
  let animate = true;
  const paint = () => {
    drawn?.destroy();
    const width = canvas.parentElement?.clientWidth ?? 600;
    const theme = themeOf(canvas);
    canvas.width = width;
    canvas.height = heightOf(current);
    drawn = new ChartJs(canvas, configuration(current, { ...theme, animate: theme.animate && animate }));
    drawn.resize(width, heightOf(current));
    animate = false;
  };
  paint();
  let width = canvas.parentElement?.clientWidth;
  const resized = new ResizeObserver(() => {
    if (canvas.parentElement?.clientWidth === width) return;
    width = canvas.parentElement?.clientWidth;
    paint();
  });
  if (canvas.parentElement) resized.observe(canvas.parentElement);
  const themed = new MutationObserver(paint);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', paint);
  return {
    update: (next) => {
      current = next;
      paint();
    },
    destroy: () => {
      resized.disconnect();
      themed.disconnect();
      scheme.removeEventListener('change', paint);
      drawn?.destroy();
    },
  };
}
