// The bound report of a period, from one frozen set of figures, in the variants of Pasal 18 huruf c (Walikota,
// Gubernur, Kepala BSSN, Kepala BSrE with Pasal 6 huruf g) and as thematic reports. A variant is an addressee, an
// accompanying letter and a choice of chapters; the figures are the same.
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces';
import { obligationsOnTime, scoresByGroup, statusTrend, type Chart } from '#lib/charts/index.ts';
import { calendarDate, date, dateTime, number } from '#lib/format.ts';
import { openBook, type Book, type Pages } from './book.ts';
import { closing, origin } from './chapters/closing.ts';
import { listed, told } from './chapters/common.ts';
import { coverage, criteria, findings, scores } from './chapters/evaluation.ts';
import { incidentList, incidentsSection, timeliness } from './chapters/incidents.ts';
import { introduction, obligations } from './chapters/introduction.ts';
import { byAgencyKind, byIssuer, byUse, cryptography, holders, movements, validity } from './chapters/inventory.ts';
import { pastEvaluations, pastIncidents } from './chapters/past.ts';
import { coverLetter } from './cover-letter.ts';
import { chartNode } from './parts/chart.ts';
import { emblem, signature } from './parts/letterhead.ts';
import { basics, COLOUR, draftBand, edges, footer, mm, textWidth } from './parts/page.ts';
import { head, layouts, right } from './parts/table.ts';
import { paragraph, quote, typed } from './parts/text.ts';
import { figure, type ReportData, type ReportKind } from './report-data.ts';

type Chapter = (data: ReportData, book: Book) => Content[];
type Variant = {
  title: string;
  subtitle: string;
  basis: string;
  /** Accompanied by a surat dinas. */
  letter: boolean;
  /** The four figures of the summary. */
  boxes: string[];
  chapters: Chapter[];
};

/** Sections of words alone stand before those with tables and pictures: no chapter ends in two lines on a new page. */
const chapter =
  (title: string, ...sections: Chapter[]): Chapter =>
  (data, book) => [book.chapter(title), ...sections.flatMap((section) => section(data, book))];

const organisation: Chapter = (data, book) => book.section('Penyelenggaraan', told(data, 'organisation'));
const opening: Chapter = (data, book) => [
  ...introduction(data, book),
  ...organisation(data, book),
  ...obligations(data, book),
];
const supervision = chapter(
  'HASIL PENGAWASAN',
  byAgencyKind,
  byUse,
  byIssuer,
  holders,
  validity,
  movements,
  incidentsSection,
  pastIncidents,
);
const evaluation = (ranking: boolean) =>
  chapter('HASIL EVALUASI', coverage, pastEvaluations, (data, book) => scores(data, book, ranking), criteria, findings);
const escalation = chapter('INSIDEN DAN ESKALASI', incidentsSection, timeliness, incidentList, pastIncidents);

const ANNUAL = 'PENGAWASAN DAN EVALUASI PENGGUNAAN SERTIFIKAT ELEKTRONIK';
const variants: Record<Exclude<ReportKind, 'brief'>, Variant> = {
  'annual-mayor': {
    title: 'LAPORAN TAHUNAN',
    subtitle: ANNUAL,
    basis: 'Pasal 18 huruf c',
    letter: false,
    boxes: ['F-01', 'F-02', 'F-17', 'F-13'],
    chapters: [opening, supervision, evaluation(true), closing],
  },
  'annual-governor': {
    title: 'LAPORAN TAHUNAN',
    subtitle: ANNUAL,
    basis: 'Pasal 18 huruf c',
    letter: true,
    boxes: ['F-01', 'F-02', 'F-16', 'F-17'],
    chapters: [opening, supervision, evaluation(false), closing],
  },
  'annual-bssn': {
    title: 'LAPORAN TAHUNAN',
    subtitle: ANNUAL,
    basis: 'Pasal 18 huruf c',
    letter: true,
    boxes: ['F-02', 'F-11', 'F-13', 'F-25'],
    chapters: [
      opening,
      chapter('KEADAAN SERTIFIKAT ELEKTRONIK', byAgencyKind, byIssuer, validity, cryptography),
      escalation,
      evaluation(false),
      closing,
    ],
  },
  'annual-bsre': {
    title: 'LAPORAN TAHUNAN',
    subtitle: 'PEMANFAATAN, PENGAWASAN, DAN EVALUASI SERTIFIKAT ELEKTRONIK',
    basis: 'Pasal 6 huruf g dan Pasal 18 huruf c',
    letter: true,
    boxes: ['F-01', 'F-24', 'F-09', 'F-10'],
    chapters: [
      opening,
      chapter('PEMANFAATAN', byUse, byIssuer, holders, validity, movements, byAgencyKind),
      escalation,
      evaluation(false),
      closing,
    ],
  },
  evaluation: {
    title: 'LAPORAN HASIL EVALUASI',
    subtitle: 'PENGGUNAAN SERTIFIKAT ELEKTRONIK',
    basis: 'Pasal 18 huruf b',
    letter: false,
    boxes: ['F-16', 'F-17', 'F-18', 'F-21'],
    chapters: [opening, evaluation(true), closing],
  },
  utilisation: {
    title: 'LAPORAN PEMANFAATAN',
    subtitle: 'SERTIFIKAT ELEKTRONIK',
    basis: 'Pasal 6 huruf g',
    letter: true,
    boxes: ['F-01', 'F-24', 'F-09', 'F-10'],
    chapters: [opening, chapter('PEMANFAATAN', byUse, byIssuer, validity, movements, byAgencyKind), closing],
  },
  inventory: {
    title: 'LAPORAN INVENTARIS',
    subtitle: 'SERTIFIKAT ELEKTRONIK',
    basis: 'Pasal 18 huruf a',
    letter: false,
    boxes: ['F-01', 'F-02', 'F-05', 'F-23'],
    chapters: [
      opening,
      chapter('INVENTARIS', byAgencyKind, byUse, byIssuer, holders, validity, movements, cryptography),
      closing,
    ],
  },
  incidents: {
    title: 'LAPORAN INSIDEN',
    subtitle: 'DALAM PENGGUNAAN SERTIFIKAT ELEKTRONIK',
    basis: 'Pasal 19',
    letter: false,
    boxes: ['F-11', 'F-12', 'F-13', 'F-15'],
    chapters: [opening, escalation, closing],
  },
};

/** Title of a kind of report as people read it, e.g. for the register. */
export const titleOf = (kind: ReportKind): string =>
  kind === 'brief' ? 'Ringkasan Pimpinan' : sentenceCase(`${variants[kind].title} ${variants[kind].subtitle}`);
const sentenceCase = (text: string): string =>
  text.toLowerCase().replace(/\b(?!dan\b|dalam\b)\p{L}/gu, (first) => first.toUpperCase());

export const boundReport =
  (data: ReportData) =>
  (pages: Pages): TDocumentDefinitions => {
    const variant = variants[data.kind as Exclude<ReportKind, 'brief'>];
    const e = edges(30, 25, 25, 27);
    const width = textWidth(data.paper, e);
    const book = openBook(pages, width);
    const letter = variant.letter && data.recipient ? coverLetter(data, width) : [];
    const front = [
      book.part('preface', '', 'KATA PENGANTAR'),
      ...told(data, 'preface'),
      signature(data.signatory, { placeAndDate: `${data.office.city}, ${date(data.date)}` }),
      ...(data.erratum ? erratum(data, book) : []),
      book.part('summary', '', 'RINGKASAN EKSEKUTIF'),
      ...summary(data, variant, width),
    ];
    const body = [...variant.chapters.flatMap((part) => part(data, book)), ...origin(data, book)];
    const running = sentenceCase(`${variant.title} ${variant.subtitle}`);
    const to = data.recipient ? typed(data.recipient.addressee) : data.mayorWord;
    return {
      ...basics({
        paper: data.paper,
        edges: e,
        title: `${running} ${data.period.words}`,
        subject: `${variant.basis} Peraturan Walikota Batam Nomor 27 Tahun 2020`,
        author: data.office.name,
        fontSize: 11,
        lineHeight: 1.25,
      }),
      header: (page) =>
        data.approved === null
          ? draftBand({ ...e, top: 0 }, `DRAF versi ${data.version}: belum disetujui, tidak untuk diedarkan`)
          : page <= book.front
            ? null
            : {
                columns: [
                  {
                    text: `${running}, ${data.period.words}${data.interim ? `, angka sementara per ${date(data.stateAt)}` : ''}`,
                    fontSize: 7.8,
                    color: COLOUR.muted,
                  },
                  { width: 130, text: to, alignment: 'right', fontSize: 7.8, color: COLOUR.muted },
                ],
                margin: [e.left, mm(13), e.right, 0],
              },
      footer: footer({
        edges: e,
        contentHash: data.contentHash,
        trail: data.trail,
        note: data.approved ? `${edition(data)}, disetujui ${dateTime(data.approved.at)}.` : `${edition(data)}, draf.`,
        skipFirst: true,
        pageText: (page) => book.pageLabel(page),
      }),
      content: [
        ...cover(data, variant, width),
        ...letter,
        ...front,
        { text: 'DAFTAR ISI', style: 'chapter', pageBreak: 'before' },
        book.contents(),
        ...book.exhibits('DAFTAR TABEL DAN GAMBAR'),
        ...body,
      ],
    };
  };

/** "LBK-2026-0003 versi 2": the number of a later version already ends in -v2. */
const edition = (data: ReportData): string => `${data.number.replace(/-v\d+$/, '')} versi ${data.version}`;

function cover(data: ReportData, variant: Variant, width: number): Content[] {
  const a4 = data.paper === 'A4';
  const rule = (margin: [number, number, number, number]): Content => ({
    canvas: [
      { type: 'line', x1: width / 2 - 60, y1: 0, x2: width / 2 + 60, y2: 0, lineWidth: 1.4, lineColor: COLOUR.accent },
    ],
    margin,
  });
  const to = data.recipient ? typed(data.recipient.addressee) : `${data.mayorWord} ${data.office.city}`;
  return [
    {
      stack: [
        { columns: [{ width: '*', text: '' }, emblem(62), { width: '*', text: '' }], margin: [0, 24, 0, 16] },
        { text: typed(data.office.government).toUpperCase(), fontSize: 14, alignment: 'center' },
        {
          text: typed(data.office.name || data.office.shortName).toUpperCase(),
          fontSize: 14,
          bold: true,
          alignment: 'center',
        },
        rule([0, a4 ? 80 : 120, 0, 22]),
        { text: variant.title, fontSize: 26, bold: true, alignment: 'center', lineHeight: 1.1, color: COLOUR.accent },
        {
          text: variant.subtitle,
          fontSize: 16,
          bold: true,
          alignment: 'center',
          lineHeight: 1.25,
          margin: [40, 10, 40, 0],
        },
        {
          text: data.period.words.toUpperCase(),
          fontSize: 20,
          bold: true,
          alignment: 'center',
          margin: [0, 12, 0, 22],
        },
        ...(data.interim
          ? [
              {
                text: provisional(data),
                fontSize: 12,
                bold: true,
                alignment: 'center',
                color: COLOUR.accent,
                margin: [40, -8, 40, 16],
              } as Content,
            ]
          : []),
        rule([0, 0, 0, 0]),
        { text: `Disampaikan kepada\n${to}`, fontSize: 12, alignment: 'center', margin: [0, a4 ? 44 : 76, 0, 0] },
        {
          text: typed(`berdasarkan ${variant.basis} Peraturan Walikota Batam Nomor 27 Tahun 2020`),
          fontSize: 9.5,
          alignment: 'center',
          color: COLOUR.muted,
          margin: [0, 4, 0, 0],
        },
        {
          text: `${typed(edition(data))}\n${typed(`Keadaan per ${date(data.stateAt)}; data dibekukan ${dateTime(data.takenAt)}`)}`,
          fontSize: 9,
          alignment: 'center',
          color: COLOUR.muted,
          margin: [0, a4 ? 54 : 96, 0, 0],
        },
        {
          text: `${typed(data.office.city)}, ${date(data.date)}`,
          fontSize: 11,
          alignment: 'center',
          margin: [0, 6, 0, 0],
        },
      ],
    },
  ];
}

/** Figures of a period that still runs say so wherever they are read first. */
const provisional = (data: ReportData): string =>
  `Laporan sementara: angka sementara per ${date(data.stateAt)}, periode berakhir ${calendarDate(data.period.to)}`;

function summary(data: ReportData, variant: Variant, width: number): Content[] {
  const boxes = variant.boxes.map((code) => figure(data, code));
  return [
    ...(data.interim
      ? [
          paragraph(
            `**Angka sementara per ${date(data.stateAt)}.** Periode laporan berakhir ${calendarDate(data.period.to)}; angka dalam laporan ini masih berubah dan laporan akhir disusun sesudahnya.`,
          ),
        ]
      : []),
    ...(data.waiting ? [paragraph(`**Jam server salah ketika data dibekukan.** ${data.waiting}`)] : []),
    ...told(data, 'summary').slice(0, 1),
    {
      margin: [0, 4, 0, 10],
      unbreakable: true,
      table: {
        widths: ['*', '*', '*', '*'],
        body: [
          boxes.map((f) => ({
            stack: [
              {
                text: f.text,
                fontSize: f.text.length > 8 ? 12 : 19,
                bold: true,
                color: COLOUR.accent,
                lineHeight: 1.05,
              },
              { text: typed(caption(f)), fontSize: 8.6, lineHeight: 1.15 },
            ],
          })),
        ],
      },
      layout: {
        hLineWidth: () => 0.8,
        hLineColor: () => COLOUR.accent,
        vLineWidth: (i) => (i > 0 && i < 4 ? 0.4 : 0),
        vLineColor: () => COLOUR.hair,
        paddingLeft: (i) => (i ? 9 : 0),
        paddingRight: () => 5,
        paddingTop: () => 7,
        paddingBottom: () => 7,
      },
    },
    ...told(data, 'summary').slice(1),
    ...(data.recommendations.length
      ? [
          {
            unbreakable: true,
            stack: [
              { text: 'Rekomendasi pokok', style: 'minor' },
              ...listed(
                { ...data, narrative: { main: data.recommendations.slice(0, 3).map((r) => `${typed(r.text)}.`) } },
                'main',
              ),
            ],
          } as Content,
        ]
      : []),
    ...picture(data, width),
  ];
}

/** One picture under the words: the course of the months, or what a thematic report is about. */
function picture(data: ReportData, width: number): Content[] {
  const { scoresByKind, obligations } = data.breakdown;
  if (data.kind === 'evaluation')
    return scoresByKind.length
      ? titled(
          'Rata-rata nilai menurut kelompok Perangkat Daerah',
          scoresByGroup(scoresByKind),
          width,
          20 + 18 * scoresByKind.length,
        )
      : [];
  if (data.kind === 'incidents')
    return obligations.length
      ? titled(
          'Kewajiban pelaporan menurut ketepatan waktu',
          obligationsOnTime(obligations),
          width,
          44 + 20 * obligations.length,
        )
      : [];
  return course(data, width);
}

const titled = (title: string, chart: Chart, width: number, height: number): Content[] => [
  {
    unbreakable: true,
    margin: [0, 6, 0, 0],
    stack: [
      { text: title, style: 'minor' },
      chartNode(chart, width, height),
      { text: 'Sumber: data beku Siaga.', style: 'source' },
    ],
  },
];

/** The last twelve months in one picture, when there are enough of them. */
function course(data: ReportData, width: number): Content[] {
  const { trend } = data.breakdown;
  const first = trend.findIndex((month) => month.valid !== null);
  const months = first < 0 ? [] : trend.slice(first);
  return months.length < 3
    ? []
    : [
        {
          unbreakable: true,
          stack: [
            { text: 'Keadaan sertifikat menurut bulan sampai dengan waktu acuan', style: 'minor' },
            chartNode(statusTrend(months), width, 150),
            { text: 'Menurut hari terakhir setiap bulan yang tercatat. Sumber: data beku Siaga.', style: 'source' },
          ],
        },
      ];
}

/** Short words under a figure of the summary. */
const captions: Record<string, string> = {
  'F-01': 'sertifikat tercatat',
  'F-02': 'berlaku, dipastikan dengan bukti segar',
  'F-05': 'habis dalam 30 hari tanpa pengganti',
  'F-09': 'sertifikat diperbarui',
  'F-10': 'sertifikat dicabut',
  'F-11': 'insiden',
  'F-12': 'insiden masih terbuka',
  'F-13': 'laporan terkirim dalam target internal',
  'F-15': 'jam, median permohonan sampai pencabutan terlihat',
  'F-16': 'Perangkat Daerah dievaluasi',
  'F-17': 'nilai rata-rata putaran terakhir',
  'F-18': 'cakupan penilaian',
  'F-21': 'temuan selesai ditindaklanjuti',
  'F-23': 'tercatat pemiliknya',
  'F-24': 'Perangkat Daerah memiliki sertifikat',
  'F-25': 'sertifikat dengan kriptografi lemah',
};
const caption = (f: {
  code: string;
  words: string;
  numerator: number | null;
  denominator: number | null;
  unit: string;
}): string => {
  const words = captions[f.code] ?? f.words;
  return f.unit === '%' && f.denominator !== null
    ? `${words} (${number(f.numerator)} dari ${number(f.denominator)})`
    : words;
};

/** Page of an erratum: old → new → why. */
const erratum = (data: ReportData, book: Book): Content[] => [
  // A few changes stand below the preface; a long list has its own page.
  data.erratum!.changes.length > 10 ? book.part('erratum', '', 'RALAT') : book.inset('erratum', 'RALAT'),
  paragraph(
    `Versi ini menggantikan ${quote(data.erratum!.of)}. Alasan: ${quote(data.erratum!.reason.replace(/[.\s]*$/, ''))}.`,
  ),
  {
    style: 'table',
    layout: layouts.ruled,
    table: {
      widths: [30, '*', 90, 90],
      headerRows: 1,
      body: [
        [head('Tanda'), head('Angka'), head('Semula', { alignment: 'right' }), head('Menjadi', { alignment: 'right' })],
        ...(data.erratum!.changes.length
          ? data.erratum!.changes.map((c) => [
              { text: c.code.replace('-', '\u2011'), bold: true },
              { text: c.words },
              right(c.before),
              right(c.after),
            ])
          : [[{ text: 'Tidak ada angka yang berubah.', colSpan: 4 }, '', '', '']]),
      ],
    },
  },
];
