// Kop, head of a letter, signature space. The office's identity comes from its settings; nothing is ever signed here.
import type { Content } from 'pdfmake/interfaces';
import { nip } from '#lib/format.ts';
import { COLOUR, mm } from './page.ts';
import { layouts } from './table.ts';
import { typed } from './text.ts';

export type Office = {
  government: string;
  name: string;
  shortName: string;
  address: string;
  phone: string;
  web: string;
  email: string;
  city: string;
  province: string;
  agencyCode: string;
  unitCode: string;
};
export type Signatory = { name: string; position: string; rank: string; nip: string };

/** Neutral outline in place of the city's emblem. */
export const emblem = (width: number): Content => {
  const s = width / 46;
  const points = [
    [3, 2],
    [43, 2],
    [43, 32],
    [23, 54],
    [3, 32],
  ].map(([x, y]) => ({ x: x! * s, y: y! * s }));
  const drawing: Content = {
    stack: [
      {
        canvas: [
          { type: 'polyline', closePath: true, lineWidth: 0.9, lineColor: COLOUR.rule, color: '#F2F4F5', points },
          { type: 'ellipse', x: 23 * s, y: 22 * s, r1: 9 * s, r2: 9 * s, lineWidth: 0.9, lineColor: COLOUR.rule },
        ],
      },
    ],
  };
  // The width counts when the emblem stands in columns.
  return { ...drawing, width } as Content;
};

/** Three columns, so that the text is centred on the text block; a thick and a thin rule below. */
export function letterhead(office: Office, width: number): Content {
  const reach = [
    office.phone && `Telepon ${office.phone}`,
    office.web && `Laman ${office.web.replace(/^https?:\/\//, '')}`,
    office.email,
  ].filter(Boolean);
  const name = (office.name || office.shortName).toUpperCase();
  return {
    stack: [
      {
        columns: [
          emblem(50),
          {
            width: '*',
            alignment: 'center',
            stack: [
              { text: typed(office.government).toUpperCase(), fontSize: 14, lineHeight: 1.1 },
              { text: typed(name), fontSize: name.length > 44 ? 13 : 15.5, bold: true, lineHeight: 1.12 },
              ...(office.address
                ? [
                    {
                      text: typed(office.address),
                      fontSize: 9,
                      lineHeight: 1.15,
                      margin: [0, 1.5, 0, 0] as [number, number, number, number],
                    },
                  ]
                : []),
              ...(reach.length ? [{ text: typed(reach.join('  ·  ')), fontSize: 8.5, lineHeight: 1.15 }] : []),
            ],
          },
          { width: 50, text: '' },
        ],
        columnGap: 0,
      },
      {
        canvas: [
          { type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 2.2 },
          { type: 'line', x1: 0, y1: 3, x2: width, y2: 3, lineWidth: 0.6 },
        ],
        margin: [0, 5, 0, 0],
      },
    ],
    margin: [0, 0, 0, 12],
  };
}

export type LetterHead = {
  number: string;
  classification: string;
  attachments: string;
  subject: string;
  /** City and date, e.g. "Batam, 17 November 2026". */
  placeAndDate: string;
  addressee: string;
  address: string;
};

/** A number that the office's agenda has not given yet. */
const blankNumber = '…………………………';

const labelled = (rows: [string, string][]) => ({
  table: { widths: [52, 6, '*'], body: rows.map(([label, text]) => [label, ':', { text }]) },
  layout: layouts.bare,
});

/** Nomor, Sifat, Lampiran, Hal at left, place and date at right, then "Yth.". */
export const letterHead = (head: LetterHead): Content[] => [
  {
    columns: [
      { width: '*', ...labelled([['Nomor', typed(head.number) || blankNumber]]) },
      { width: 150, text: typed(head.placeAndDate), alignment: 'right' },
    ],
    columnGap: 16,
  },
  {
    // Below the line of the date the words may run further to the right.
    columns: [
      {
        width: '*',
        ...labelled([
          ['Sifat', typed(head.classification)],
          ['Lampiran', typed(head.attachments) || '-'],
          ['Hal', typed(head.subject)],
        ]),
      },
      { width: 70, text: '' },
    ],
    columnGap: 0,
    margin: [0, 0, 0, 14],
  },
  {
    table: {
      widths: [26, '*'],
      body: [['Yth.', { text: typed(head.addressee) }], ...(head.address ? [['', { text: typed(head.address) }]] : [])],
    },
    layout: layouts.bare,
    margin: [0, 0, 0, 12],
  },
];

/** Signature block at right: position, a dashed space with the tag that the signing system looks for, name, rank, NIP. */
export const signature = (who: Signatory, options: { placeAndDate?: string; width?: number } = {}): Content => ({
  columns: [
    { width: '*', text: '' },
    {
      width: options.width ?? mm(82),
      stack: [
        ...(options.placeAndDate
          ? [{ text: typed(options.placeAndDate), margin: [0, 0, 0, 2] as [number, number, number, number] }]
          : []),
        { text: `${typed(who.position)},` },
        {
          table: {
            widths: [mm(58)],
            heights: [mm(20)],
            body: [
              [
                {
                  stack: [
                    { text: '#', color: COLOUR.muted, fontSize: 9 },
                    {
                      text: 'ruang tanda tangan elektronik',
                      fontSize: 6.5,
                      color: COLOUR.muted,
                      margin: [0, 22, 0, 0],
                    },
                  ],
                },
              ],
            ],
          },
          layout: {
            hLineWidth: () => 0.5,
            vLineWidth: () => 0.5,
            hLineColor: () => COLOUR.hair,
            vLineColor: () => COLOUR.hair,
            hLineStyle: () => ({ dash: { length: 2, space: 2 } }),
            vLineStyle: () => ({ dash: { length: 2, space: 2 } }),
          },
          margin: [0, 4, 0, 4],
        },
        { text: typed(who.name) || '(nama penanda tangan belum diisi)', bold: true },
        ...(who.rank ? [{ text: typed(who.rank) }] : []),
        ...(who.nip ? [{ text: `NIP\u00A0${nip(who.nip).replaceAll(' ', '\u00A0')}` }] : []),
      ],
    },
  ],
  margin: [0, 10, 0, 0],
  lineHeight: 1.15,
});

/** Tembusan, without "Yth." and without "sebagai laporan". */
export const copies = (recipients: readonly string[]): Content[] =>
  recipients.length === 0
    ? []
    : [
        {
          margin: [0, 14, 0, 0],
          fontSize: 10,
          unbreakable: true,
          stack: [
            { text: 'Tembusan:', margin: [0, 0, 0, 2] },
            ...recipients.map((who, i): Content => {
              const end = i === recipients.length - 1 ? '.' : i === recipients.length - 2 ? '; dan' : ';';
              return {
                columns: [
                  { width: 16, text: `${i + 1}.` },
                  { width: '*', text: `${typed(who)}${end}` },
                ],
                columnGap: 0,
              };
            }),
          ],
        },
      ];
