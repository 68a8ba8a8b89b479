// A bound report: chapters, numbered sections, tables and figures numbered within the chapter, contents with leaders
// and page numbers (second pass). Front matter has roman page numbers.
import type { Content } from 'pdfmake/interfaces';
import type { Chart } from '#lib/charts/index.ts';
import { chartNode } from './parts/chart.ts';
import { layouts } from './parts/table.ts';
import { rich } from './parts/text.ts';

export type Pages = ReadonlyMap<string, number>;
type Entry = { level: 1 | 2 | 3; key: string; label: string; text: string };

const ROMAN = ['', 'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'];
const CHAPTERS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII'];

export type TableOptions = { whole?: boolean; fontSize?: number };
export type Book = ReturnType<typeof openBook>;

/** @param width of the text block in points */
export function openBook(pages: Pages, width: number) {
  const front = (pages.get('chapter-1') ?? 2) - 1;
  const entries: Entry[] = [];
  const exhibits: Entry[] = [];
  let chapterNumber = 0;
  let sectionNumber = 0;
  let tables = 0;
  let figures = 0;

  const pageLabel = (page: number): string => (page <= front ? (ROMAN[page] ?? String(page)) : String(page - front));
  const entry = (level: Entry['level'], key: string, label: string, text: string): string => {
    entries.push({ level, key, label, text });
    return key;
  };
  // The id stands on the second node: pageBreakBefore is not asked for nodes that break by themselves.
  const title = (key: string, first: string, second: string): Content => ({
    stack: [
      { text: first || ' ', style: 'chapter', margin: [0, 0, 0, 0], fontSize: first ? 14 : 1, pageBreak: 'before' },
      { id: key, text: second, style: 'chapter' },
    ],
  });

  return {
    width,
    front,
    pageLabel,
    /** A page of the front matter or an annex. */
    part: (key: string, label: string, text: string): Content => title(entry(1, key, label, text), label, text),
    /** A part that goes on below what stands before it. */
    inset: (key: string, text: string): Content => ({
      id: entry(1, key, '', text),
      text,
      style: 'chapter',
      margin: [0, 36, 0, 12],
    }),
    chapter: (text: string): Content => {
      chapterNumber += 1;
      sectionNumber = tables = figures = 0;
      const label = `BAB ${CHAPTERS[chapterNumber - 1]}`;
      return title(entry(1, `chapter-${chapterNumber}`, label, text), label, text);
    },
    /** A numbered heading bound to the first of its nodes. */
    section: (text: string, nodes: Content[]): Content[] => {
      sectionNumber += 1;
      const number = `${chapterNumber}.${sectionNumber}`;
      const key = entry(2, `section-${number}`, number, text);
      const heading = {
        columns: [
          { width: 26, text: number },
          // pdfmake corrects the page of a moved block for text nodes only: the id stands on the text.
          { width: '*', id: key, text },
        ],
        columnGap: 0,
        style: 'section',
      } as Content;
      const [first, ...rest] = nodes;
      return first ? [{ unbreakable: true, stack: [heading, first] }, ...rest] : [heading];
    },
    table: (caption: string, table: Record<string, unknown>, source: string, options: TableOptions = {}): Content => {
      tables += 1;
      const label = `Tabel ${chapterNumber}.${tables}`;
      const key = `table-${chapterNumber}.${tables}`;
      exhibits.push({ level: 3, key, label, text: caption });
      return {
        unbreakable: options.whole ?? true,
        margin: [0, 4, 0, 0],
        stack: [
          {
            id: key,
            text: rich(`**${label}** ${caption}`),
            fontSize: 9.2,
            margin: [0, 0, 0, 3],
            ...(options.whole === false ? { headlineLevel: 3 } : {}),
          } as Content,
          {
            style: 'table',
            layout: layouts.ruled,
            ...(options.fontSize ? { fontSize: options.fontSize } : {}),
            table: { headerRows: 1, dontBreakRows: true, ...table },
          } as unknown as Content,
          { text: rich(source, 9), style: 'source' },
        ],
      };
    },
    chart: (caption: string, chart: Chart, height: number, source: string): Content => {
      figures += 1;
      const label = `Gambar ${chapterNumber}.${figures}`;
      const key = `figure-${chapterNumber}.${figures}`;
      exhibits.push({ level: 3, key, label, text: caption });
      return {
        unbreakable: true,
        margin: [0, 4, 0, 0],
        stack: [
          chartNode(chart, width, height),
          { id: key, text: rich(`**${label}** ${caption}`), fontSize: 9.2, margin: [0, 3, 0, 0] } as Content,
          { text: rich(source, 9), style: 'source', margin: [0, 1.5, 0, 8] },
        ],
      };
    },
    contents: (): Content => ({ stack: entries.map((e) => contentsLine(e, pages, pageLabel)) }),
    /** Below the contents when there is room for all of it; nothing when there is nothing to list. */
    exhibits: (title: string): Content[] => {
      const lists = ['table', 'figure']
        .map((kind) => exhibits.filter((e) => e.key.startsWith(kind)))
        .filter((list) => list.length > 0);
      if (lists.length === 0) return [];
      return [
        {
          unbreakable: true,
          margin: [0, 22, 0, 0],
          stack: [
            { text: title, style: 'chapter' },
            ...lists.map((list): Content => ({
              stack: list.map((e) => contentsLine(e, pages, pageLabel)),
              margin: [0, 0, 0, 8],
            })),
          ],
        },
      ];
    },
  };
}

function contentsLine(e: Entry, pages: Pages, pageLabel: (page: number) => string): Content {
  const bold = e.level === 1;
  const border: [boolean, boolean, boolean, boolean] = [false, false, false, false];
  const labelWidth = e.level === 1 ? (e.label.startsWith('LAM') ? 78 : 50) : e.level === 2 ? 24 : 70;
  const page = pages.get(e.key);
  return {
    table: {
      widths: [...(e.label ? [labelWidth] : []), e.text.length > 66 ? 320 : 'auto', '*', 20],
      body: [
        [
          ...(e.label ? [{ text: e.label, bold, border }] : []),
          { text: e.text, bold, border },
          { text: '', border: [false, false, false, true] as [boolean, boolean, boolean, boolean] },
          { text: page === undefined ? '00' : pageLabel(page), alignment: 'right', border, linkToDestination: e.key },
        ],
      ],
    },
    layout: layouts.leader,
    margin: [e.level === 2 ? 50 : 0, e.level === 1 ? 5 : e.level === 3 ? 1 : 0, 0, 3.2],
    fontSize: 10.2,
    lineHeight: 1.1,
  };
}
