// Tables: horizontal rules only for numbers, a full grid for forms, no rules for label–value pairs.
import type { Content, ContentTable, CustomTableLayout, TableCell } from 'pdfmake/interfaces';
import { number } from '#lib/format.ts';
import { COLOUR } from './page.ts';

const isOuter = (i: number, node: ContentTable) =>
  i === 0 || i === node.table.body.length || i === (node.table.headerRows ?? 1);

export const layouts = {
  /** Numbers: 0.9 pt at top, head and bottom, hairlines between. */
  ruled: {
    hLineWidth: (i, node) => (isOuter(i, node) ? 0.9 : 0.35),
    vLineWidth: () => 0,
    hLineColor: (i, node) => (isOuter(i, node) ? COLOUR.ink : COLOUR.hair),
    paddingLeft: () => 4,
    paddingRight: () => 4,
    paddingTop: () => 2.6,
    paddingBottom: () => 2.6,
  },
  /** Forms and findings. */
  grid: {
    hLineWidth: () => 0.5,
    vLineWidth: () => 0.5,
    hLineColor: () => COLOUR.rule,
    vLineColor: () => COLOUR.rule,
    paddingLeft: () => 5,
    paddingRight: () => 5,
    paddingTop: () => 3,
    paddingBottom: () => 3,
  },
  bare: {
    hLineWidth: () => 0,
    vLineWidth: () => 0,
    paddingLeft: () => 0,
    paddingRight: () => 0,
    paddingTop: () => 0,
    paddingBottom: () => 0,
  },
  /** Hairlines between rows only. */
  thin: {
    hLineWidth: (i, node) => (i && i < node.table.body.length ? 0.35 : 0),
    vLineWidth: () => 0,
    hLineColor: () => COLOUR.hair,
    paddingLeft: (i) => (i ? 4 : 0),
    paddingRight: (i, node) => (i === (node.table.widths as unknown[]).length - 1 ? 0 : 4),
    paddingTop: () => 2.6,
    paddingBottom: () => 2.6,
  },
  /** One line of a contents list: only the leader cell has a dotted bottom border. */
  leader: {
    hLineWidth: () => 0.6,
    vLineWidth: () => 0,
    hLineColor: () => COLOUR.rule,
    hLineStyle: () => ({ dash: { length: 0.6, space: 2.4 } }),
    paddingLeft: () => 0,
    paddingRight: (i, node) => ((node.table.widths as unknown[]).length - 3 === i ? 4 : 0),
    paddingTop: () => 0,
    paddingBottom: () => -3,
  },
} satisfies Record<string, CustomTableLayout>;

type Options = Record<string, unknown>;

/** A head cell. */
export const head = (text: string, options: Options = {}): TableCell =>
  ({ text, bold: true, fillColor: COLOUR.tint, ...options }) as TableCell;

/** A right-aligned cell; numbers with dots for thousands. */
export const right = (value: string | number | null, options: Options & { digits?: number } = {}): TableCell =>
  ({
    text: typeof value === 'string' ? value : number(value, options.digits ?? 0),
    alignment: 'right',
    ...options,
  }) as TableCell;

/** Label, colon, value. */
export const pairs = (rows: [string, Content][], labelWidth = 118): Content => ({
  table: {
    widths: [labelWidth, 6, '*'],
    body: rows.map(([label, value]): TableCell[] => [
      { text: label },
      { text: ':' },
      typeof value === 'string' ? { text: value } : (value as TableCell),
    ]),
  },
  layout: { ...layouts.bare, paddingBottom: () => 1.5 },
  margin: [0, 0, 0, 4],
});
