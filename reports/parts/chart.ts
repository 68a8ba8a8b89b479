// A chart as a node of a definition; the documents room draws it.
import type { Content } from 'pdfmake/interfaces';
import type { Chart } from '#lib/charts/index.ts';

/** `width` and `height` in points. */
export const chartNode = (chart: Chart, width: number, height: number): Content =>
  ({ chart, width, height }) as unknown as Content;
