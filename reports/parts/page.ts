// Page geometry, colours, styles, footer and information of every document. Sizes are points; mm() converts.
import type { Content, Margins, TDocumentDefinitions } from 'pdfmake/interfaces';
import { dateTime, number } from '#lib/format.ts';
import { grouped } from './text.ts';

export const mm = (millimetres: number): number => (millimetres * 72) / 25.4;

export type Paper = 'F4' | 'A4';
const PAPER: Record<Paper, { width: number; height: number }> = {
  F4: { width: mm(215), height: mm(330) },
  A4: { width: mm(210), height: mm(297) },
};

/** Survive grey printing; state is never told by colour alone. */
export const COLOUR = {
  ink: '#111111',
  muted: '#555555',
  rule: '#8A8F94',
  hair: '#C4C9CD',
  accent: '#17405E',
  tint: '#EDF1F4',
  mid: '#7F9BB0',
} as const;

export type Edges = { left: number; right: number; top: number; bottom: number };
/** Margins by kind of document, from millimetres. */
export const edges = (left: number, right: number, top: number, bottom: number): Edges => ({
  left: mm(left),
  right: mm(right),
  top: mm(top),
  bottom: mm(bottom),
});
export const textWidth = (paper: Paper, e: Edges): number => PAPER[paper].width - e.left - e.right;

/** The anchor every document prints: head of the audit trail when its data were taken. */
export type TrailHead = { size: number; root: string; at?: number };

export const styles: TDocumentDefinitions['styles'] = {
  paragraph: { alignment: 'justify', margin: [0, 0, 0, 6] },
  chapter: { fontSize: 14, bold: true, alignment: 'center', margin: [0, 0, 0, 16], lineHeight: 1.2 },
  section: { fontSize: 11.5, bold: true, margin: [0, 8, 0, 4] },
  minor: { fontSize: 10.5, bold: true, margin: [0, 5, 0, 3] },
  source: { fontSize: 7.5, color: COLOUR.muted, margin: [0, 3, 0, 8] },
  table: { fontSize: 8.8, lineHeight: 1.12 },
};

type FooterData = {
  edges: Edges;
  contentHash: string;
  trail: TrailHead;
  /** Third line, e.g. "Konsep, belum disetujui." */
  note?: string;
  skipFirst?: boolean;
  pageText?: (page: number, pages: number) => string;
};

/** Hairline, hash of the content, head of the trail, page number. A PDF cannot hold its own hash: this is the data's. */
export const footer =
  (data: FooterData): NonNullable<TDocumentDefinitions['footer']> =>
  (page, pages, size) => {
    if (data.skipFirst && page === 1) return null as unknown as Content;
    const width = size.width - data.edges.left - data.edges.right;
    const lines = [
      `Sidik isi (SHA\u2011256) ${grouped(data.contentHash)}`,
      `Kepala jejak audit: entri ${number(data.trail.size)} · ${grouped(data.trail.root.slice(0, 16))}` +
        (data.trail.at ? ` · ${dateTime(data.trail.at)}` : ''),
      ...(data.note ? [data.note] : []),
    ];
    return {
      margin: [data.edges.left, 8, data.edges.right, 0],
      stack: [
        { canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.5, lineColor: COLOUR.rule }] },
        {
          margin: [0, 3.5, 0, 0],
          columns: [
            { width: '*', fontSize: 6.8, color: COLOUR.muted, lineHeight: 1.2, stack: lines.map((text) => ({ text })) },
            {
              width: 90,
              text: data.pageText ? data.pageText(page, pages) : `Halaman ${page} dari ${pages}`,
              alignment: 'right',
              fontSize: 8,
              color: COLOUR.ink,
            },
          ],
        },
      ],
    };
  };

/** Band above the text of a draft: nobody shall take it for the letter itself. */
export const draftBand = (e: Edges, text: string): Content => ({
  margin: [e.left, 14, e.right, 0],
  table: { widths: ['*'], body: [[{ text, bold: true, fontSize: 8.5, alignment: 'center', color: COLOUR.ink }]] },
  layout: {
    hLineWidth: () => 0.8,
    vLineWidth: () => 0.8,
    hLineColor: () => COLOUR.ink,
    vLineColor: () => COLOUR.ink,
    paddingTop: () => 2.5,
    paddingBottom: () => 1.5,
  },
});

type Basics = {
  paper: Paper;
  edges: Edges;
  title: string;
  subject: string;
  author: string;
  fontSize: number;
  lineHeight: number;
};

/** What all definitions share: size, margins, information, font. */
export const basics = (b: Basics): Omit<TDocumentDefinitions, 'content'> => ({
  pageSize: PAPER[b.paper],
  pageMargins: [b.edges.left, b.edges.top, b.edges.right, b.edges.bottom] as Margins,
  info: { title: b.title, subject: b.subject, author: b.author, creator: 'Siaga', producer: 'Siaga' },
  language: 'id-ID',
  defaultStyle: { font: 'Arimo', fontSize: b.fontSize, lineHeight: b.lineHeight, color: COLOUR.ink },
  styles,
});
