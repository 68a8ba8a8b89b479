// What a chart takes from where it is drawn: sizes, inks and fills. The browser reads them from the CSS tokens, a PDF
// from the print theme of the documents room.
import type { Fill } from './chart.ts';

export type Paint = string | CanvasPattern | CanvasGradient;

export type Theme = {
  /** Pixels per unit: 1 in the browser, 3 for print so that hatching stays sharp. */
  scale: number;
  family: string;
  /** In units: 12 in the browser at every width, 8 in print. */
  fontSize: number;
  ink: string;
  muted: string;
  grid: string;
  axis: string;
  ground: string;
  /** Outline of bars, so that a white bar has a shape on paper; null: none. */
  outline: string | null;
  fill: (fill: Fill) => Paint;
  /** Ink of a line series. */
  line: (fill: Fill) => string;
  animate: boolean;
  tooltips: boolean;
};
