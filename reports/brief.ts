// Ringkasan Pimpinan: one page for those who decide. One sentence, five figures, two charts, who needs attention,
// incidents, duties, what is asked of the reader. Provisional figures of the moment, marked as such.
import type { Content, ContentTable, CustomTableLayout, TDocumentDefinitions } from 'pdfmake/interfaces';
import { scoresByGroup, statusTrend } from '#lib/charts/index.ts';
import { dateTime } from '#lib/format.ts';
import { chartNode } from './parts/chart.ts';
import { emblem } from './parts/letterhead.ts';
import { basics, COLOUR, edges, footer, textWidth } from './parts/page.ts';
import { head, layouts, right } from './parts/table.ts';
import { rich, typed } from './parts/text.ts';
import type { ReportData } from './report-data.ts';

export type BriefFigure = {
  name: string;
  /** Second line of the name, so that all five values stand on one line. */
  sub: string;
  value: string;
  suffix: string;
  trend: string;
  points: number[];
  alarm: boolean;
};
export type Brief = {
  report: ReportData;
  addressee: string;
  /** Template text: **bold**; typed parts quoted. */
  lead: string;
  figures: BriefFigure[];
  incidents: { number: string; text: string; open: boolean }[];
  incidentNote: string;
  asks: string[];
  compared: string;
};

/** How much room the parts of the page get. */
type Room = { chart: number; gap: number; small: number; rows: number; incidents: number; chars: number };

/** From roomy to tight: first the charts give way, then white space, then type (never below 8 points), then rows. */
const ROOMS: readonly [Room, ...Room[]] = [
  { chart: 168, gap: 14, small: 9, rows: 5, incidents: 3, chars: 200 },
  { chart: 146, gap: 12, small: 9, rows: 5, incidents: 3, chars: 200 },
  { chart: 124, gap: 10, small: 8.8, rows: 5, incidents: 3, chars: 160 },
  { chart: 112, gap: 8, small: 8.6, rows: 5, incidents: 3, chars: 120 },
  { chart: 100, gap: 6, small: 8.4, rows: 5, incidents: 3, chars: 100 },
  { chart: 92, gap: 5, small: 8.2, rows: 4, incidents: 3, chars: 90 },
  { chart: 84, gap: 4, small: 8, rows: 3, incidents: 2, chars: 70 },
  { chart: 72, gap: 3, small: 8, rows: 2, incidents: 1, chars: 48 },
];

/** The page in every density, roomiest first; `documents.renderOnePage` takes the first that fits. */
export const briefSteps = (data: Brief): [() => TDocumentDefinitions, ...(() => TDocumentDefinitions)[]] => {
  const [first, ...rest] = ROOMS.map((room) => () => brief(data, room));
  return [first!, ...rest];
};

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;

/** What does not find room is left out at the end of the lists, and long words of people are cut. */
function fitted(data: Brief, room: Room): Brief {
  const { breakdown } = data.report;
  return {
    ...data,
    addressee: cut(data.addressee, 60),
    asks: data.asks.map((ask) => cut(ask, room.chars)),
    incidents: data.incidents.slice(0, room.incidents).map((i) => ({ ...i, text: cut(i.text, room.chars) })),
    report: {
      ...data.report,
      office: { ...data.report.office, government: cut(data.report.office.government, 48) },
      breakdown: {
        ...breakdown,
        attention: breakdown.attention.slice(0, room.rows).map((row) => ({
          agency: cut(row.agency, 44),
          condition: cut(row.condition, room.chars),
          next: cut(row.next, room.chars),
          due: cut(row.due, 16),
        })),
      },
    },
  };
}

export function brief(whole: Brief, room: Room = ROOMS[0]): TDocumentDefinitions {
  const data = fitted(whole, room);
  const { report } = data;
  const a4 = report.paper === 'A4';
  const e = edges(20, 20, 14, 19);
  const width = textWidth(report.paper, e);
  const gap = 14;
  const half = (width - gap) / 2;
  const small = { fontSize: room.small, lineHeight: room.small < 8.8 ? 1.12 : 1.18 };
  const top = room.gap;
  const title = (text: string, w = width): Content => ({
    stack: [
      { canvas: [{ type: 'line', x1: 0, y1: 0, x2: w, y2: 0, lineWidth: 1.1, lineColor: COLOUR.accent }] },
      { text, bold: true, fontSize: 10, margin: [0, 3.5, 0, 3] },
    ],
    margin: [0, top, 0, 0],
  });
  return {
    ...basics({
      paper: report.paper,
      edges: e,
      title: `Ringkasan Pimpinan ${dateTime(report.stateAt)}`,
      subject: 'Pengawasan sertifikat elektronik',
      author: report.office.name,
      fontSize: 9.4,
      lineHeight: 1.18,
    }),
    footer: footer({ edges: e, contentHash: report.contentHash, trail: report.trail }),
    content: [
      heading(data, a4),
      {
        canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 2, lineColor: COLOUR.accent }],
        margin: [0, 7, 0, Math.max(6, top - 2)],
      },
      { text: rich(data.lead), fontSize: 12.4, lineHeight: 1.24, margin: [0, 0, 0, top] },
      {
        table: {
          widths: data.figures.map(() => '*'),
          body: [data.figures.map((f) => figureBox(f, data.figures.some(crowded) ? 20 : 23))],
        },
        layout: {
          hLineWidth: () => 0,
          vLineWidth: (i) => (i > 0 && i < data.figures.length ? 0.5 : 0),
          vLineColor: () => COLOUR.hair,
          paddingLeft: (i) => (i ? 9 : 0),
          paddingRight: () => 4,
          paddingTop: () => 0,
          paddingBottom: () => 0,
        },
      },
      {
        columns: [
          {
            width: half,
            stack: [title('Keadaan sertifikat dalam 12 bulan terakhir', half), trend(data, half, room.chart)],
          },
          { width: half, stack: [title(scoreTitle(data), half), scores(data, half, room.chart)] },
        ],
        columnGap: gap,
      },
      title('Perangkat Daerah yang perlu perhatian'),
      attention(data, small),
      {
        columns: [
          { width: half, stack: [title('Insiden', half), incidents(data, small)] },
          { width: half, stack: [title('Kewajiban menurut Perwali 27/2020', half), duties(data, small)] },
        ],
        columnGap: gap,
      },
      ...asks(data, top),
      {
        text: `${data.compared} Angka sementara: belum dibekukan dan dapat berubah sampai akhir periode. Angka resmi mengikuti laporan tahunan.`,
        fontSize: 7.6,
        color: COLOUR.muted,
        margin: [0, 5, 0, 0],
      },
    ],
  };
}

const heading = ({ report, addressee }: Brief, a4: boolean): Content => ({
  columns: [
    emblem(25),
    {
      width: '*',
      margin: [9, 1, 0, 0],
      stack: [
        {
          text: typed(`${report.office.government} · ${report.office.shortName}`).toUpperCase(),
          fontSize: 7.6,
          characterSpacing: 0.35,
          color: COLOUR.muted,
        },
        {
          text: 'Ringkasan Pimpinan: Sertifikat Elektronik',
          fontSize: a4 ? 14.5 : 15.5,
          bold: true,
          lineHeight: 1.1,
          margin: [0, 2, 0, 0],
          noWrap: true,
        },
      ],
    },
    {
      width: 156,
      alignment: 'right',
      fontSize: 8.4,
      lineHeight: 1.2,
      margin: [0, 1, 0, 0],
      stack: [
        `Yth. ${typed(addressee)}`,
        { text: 'Angka sementara per', color: COLOUR.muted },
        { text: typed(dateTime(report.stateAt)), bold: true },
      ],
    },
  ],
});

/** Value and words beside it do not fit on one line at full size. */
const crowded = (f: BriefFigure): boolean => f.value.length <= 7 && f.value.length + f.suffix.length > 12;

function figureBox(f: BriefFigure, size: number) {
  return {
    stack: [
      { text: `${f.name}\n${f.sub}`, fontSize: 7.6, color: COLOUR.muted, lineHeight: 1.1 },
      {
        text: [
          {
            text: f.value,
            fontSize: f.value.length > 7 ? 13 : size,
            bold: true,
            color: f.alarm ? '#000000' : COLOUR.accent,
          },
          {
            text: f.suffix ? `\u00A0${f.suffix.replaceAll(' ', '\u00A0')}` : '',
            fontSize: crowded(f) ? 7.2 : 8.2,
            color: COLOUR.muted,
          },
        ],
        lineHeight: 1,
        margin: [0, 3, 0, 0] as [number, number, number, number],
      },
      sparkline(f.points),
      { text: typed(f.trend), fontSize: 7.6, lineHeight: 1.12 },
    ],
  };
}

/** A line of up to twelve points; fewer than two points: empty space of the same height. */
function sparkline(points: number[], w = 62, h = 15): Content {
  if (points.length < 2) return { text: ' ', fontSize: 8, lineHeight: 1, margin: [0, 3, 0, 7] };
  const low = Math.min(...points);
  const spread = Math.max(...points) - low || 1;
  const at = points.map((y, i) => ({
    x: 2 + (i * (w - 6)) / (points.length - 1),
    y: h - 2 - ((y - low) / spread) * (h - 5),
  }));
  const last = at.at(-1)!;
  return {
    canvas: [
      { type: 'polyline', lineWidth: 1, lineColor: COLOUR.accent, points: at },
      { type: 'ellipse', x: last.x, y: last.y, r1: 1.9, r2: 1.9, color: COLOUR.accent },
      { type: 'rect', x: 0, y: 0, w: 0.1, h, lineWidth: 0.01, lineColor: '#ffffff' },
    ],
    margin: [0, 3, 0, 2],
  };
}

const nothing = (text: string, height = 0): Content => ({
  text,
  color: COLOUR.muted,
  fontSize: 8.6,
  margin: [0, 2, 0, height],
});

const trend = ({ report }: Brief, width: number, height: number): Content =>
  report.breakdown.trend.some((t) => t.valid !== null)
    ? chartNode(statusTrend(report.breakdown.trend), width, height)
    : nothing('Belum ada catatan harian.', height - 16);

const scoreTitle = ({ report }: Brief): string => {
  const round = report.breakdown.round;
  const [year, half] = (round ?? '').split('-S');
  return round ? `Nilai evaluasi Semester ${half?.startsWith('1') ? 'I' : 'II'} ${year}` : 'Nilai evaluasi';
};
const scores = ({ report }: Brief, width: number, height: number): Content =>
  report.breakdown.scoresByKind.length
    ? chartNode(scoresByGroup(report.breakdown.scoresByKind), width, height)
    : nothing('Belum ada Perangkat Daerah yang selesai ditinjau.', height - 16);

const attention = ({ report }: Brief, small: Record<string, unknown>): Content => {
  const rows = report.breakdown.attention;
  if (rows.length === 0) return nothing('Tidak ada Perangkat Daerah yang menonjol.');
  return {
    table: {
      widths: [104, '*', '*', 44],
      headerRows: 1,
      body: [
        [
          head('Perangkat Daerah'),
          head('Keadaan'),
          head('Langkah berikutnya'),
          head('Tenggat', { alignment: 'right' }),
        ],
        ...rows.map((r) => [
          { text: typed(r.agency), bold: true },
          { text: typed(r.condition) },
          { text: typed(r.next) },
          right(typed(r.due)),
        ]),
      ],
    },
    layout: layouts.ruled,
    ...small,
  } as ContentTable;
};

const incidents = (data: Brief, small: Record<string, unknown>): Content => ({
  stack: [
    ...(data.incidents.length
      ? [
          {
            table: {
              widths: [68, '*'],
              body: data.incidents.map((i) => [
                { text: typed(i.number), bold: true },
                { text: [typed(i.text), ' ', i.open ? { text: 'Terbuka.', bold: true } : { text: 'Ditutup.' }] },
              ]),
            },
            layout: layouts.thin as CustomTableLayout,
            ...small,
          } as ContentTable,
        ]
      : [nothing('Tidak ada insiden tahun ini.')]),
    { text: data.incidentNote, fontSize: 8, color: COLOUR.muted, margin: [0, 3, 0, 0] },
  ],
});

const duties = ({ report }: Brief, small: Record<string, unknown>): Content => ({
  stack: [
    {
      table: {
        widths: ['*', 78, 44],
        body: report.duties.map((d) => [
          { stack: [{ text: d.duty }, { text: typed(d.basis), fontSize: 7.6, color: COLOUR.muted }] },
          { text: typed(d.state) },
          { text: typed(d.due), alignment: 'right', bold: true },
        ]),
      },
      layout: layouts.thin as CustomTableLayout,
      ...small,
    } as ContentTable,
    {
      text: '* Kebijakan Dinas; Perwali tidak menyebut tanggal.',
      fontSize: 8,
      color: COLOUR.muted,
      margin: [0, 3, 0, 0],
    },
  ],
});

const asks = (data: Brief, top: number): Content[] =>
  data.asks.length === 0
    ? []
    : [
        {
          table: {
            widths: ['*'],
            body: [
              [
                {
                  text: [
                    { text: 'Mohon arahan: ', bold: true },
                    typed(`${data.asks.map((ask, i) => `(${i + 1}) ${ask}`).join('; ')}.`),
                  ],
                  fontSize: 9.6,
                },
              ],
            ],
          },
          layout: {
            hLineWidth: () => 0,
            vLineWidth: (i) => (i === 0 ? 2.5 : 0),
            vLineColor: () => COLOUR.accent,
            fillColor: () => COLOUR.tint,
            paddingLeft: () => 9,
            paddingRight: () => 9,
            paddingTop: () => 6,
            paddingBottom: () => 6,
          },
          margin: [0, top + 2, 0, 0],
        },
      ];
