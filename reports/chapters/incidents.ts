// Incidents and escalation. Pasal 19 and 20.
import type { Content } from 'pdfmake/interfaces';
import { obligationsOnTime } from '#lib/charts/index.ts';
import { date, number, shortDate, shortDateTime, span } from '#lib/format.ts';
import type { Book } from '../book.ts';
import type { ReportData } from '../report-data.ts';
import { head, right } from '../parts/table.ts';
import { typed } from '../parts/text.ts';
import { boldNumber, heads, NONE, SOURCE, told, total } from './common.ts';

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

export function incidentsSection(data: ReportData, book: Book): Content[] {
  return book.section('Insiden dan Eskalasi', [
    ...told(data, 'incidents'),
    ...(data.breakdown.incidentsByType.length ? [typesTable(data, book)] : []),
    ...(data.breakdown.late.length ? [lateTable(data, book)] : []),
  ]);
}

/** Every report that was not sent in time; the summary promises it. */
function lateTable(data: ReportData, book: Book): Content {
  const rows = data.breakdown.late;
  return book.table(
    'Laporan kepada BSSN dan BSrE yang melewati target internal',
    {
      widths: [74, '*', 52, 84, 84, 74],
      body: [
        [head('Insiden'), head('Perangkat Daerah'), head('Kepada'), ...heads(['Batas', 'Terkirim', 'Terlambat'])],
        ...rows.map((r) => [
          { text: typed(r.incident), bold: true },
          { text: typed(r.agency) },
          { text: r.party },
          right(shortDateTime(r.dueAt)),
          right(r.metAt === null ? 'belum' : shortDateTime(r.metAt)),
          right(span(r.lateBy)),
        ]),
      ],
    },
    `Batas: target internal Dinas sejak insiden diketahui. Yang belum terkirim dihitung sampai dengan waktu acuan. ${SOURCE} ^F-13^`,
    { whole: rows.length <= 12, fontSize: 8.4 },
  );
}

function typesTable(data: ReportData, book: Book): Content {
  const rows = data.breakdown.incidentsByType;
  return book.table(
    'Insiden menurut jenis dan ketepatan pelaporan',
    {
      widths: ['*', 104, 44, 74, 62],
      body: [
        [head('Jenis insiden'), head('Dasar'), ...heads(['Jumlah', 'Tepat target', 'Median (jam)'])],
        ...rows.map((r) => [
          { text: r.name },
          { text: r.clause },
          right(r.count),
          right(r.judged ? `${number(r.inTime)} dari ${number(r.judged)}` : '—'),
          right(r.medianHours === null ? '—' : number(r.medianHours, 1)),
        ]),
        [
          total(),
          '',
          boldNumber(sum(rows.map((r) => r.count))),
          right(`${number(sum(rows.map((r) => r.inTime)))} dari ${number(sum(rows.map((r) => r.judged)))}`, {
            bold: true,
          }),
          '',
        ],
      ],
    },
    `Tepat target: laporan kepada BSSN dan BSrE yang terkirim dalam target internal, dari laporan yang jatuh tempo. ${SOURCE} ^F-11^ ^F-13^`,
    { fontSize: 8.4 },
  );
}

/** In time, late, open, by authority and kind of report. */
export function timeliness(data: ReportData, book: Book): Content[] {
  const rows = data.breakdown.obligations;
  return book.section('Ketepatan Pelaporan dan Kecepatan Pencabutan', [
    ...told(data, 'timeliness'),
    ...(rows.length
      ? [
          book.chart(
            'Kewajiban pelaporan menurut ketepatan waktu',
            obligationsOnTime(rows),
            44 + 20 * rows.length,
            `${SOURCE} ^F-13^`,
          ),
        ]
      : []),
  ]);
}

export function incidentList(data: ReportData, book: Book): Content[] {
  const rows = data.breakdown.incidents;
  return book.section(
    'Daftar Insiden',
    rows.length === 0
      ? [NONE('Tidak ada insiden dalam periode ini.')]
      : [
          book.table(
            `Insiden yang terjadi dalam periode, keadaan ${date(data.stateAt)}`,
            {
              widths: [70, '*', 112, 58, 62],
              body: [
                [
                  head('Nomor'),
                  head('Insiden'),
                  head('Perangkat Daerah'),
                  head('Diketahui', { alignment: 'right' }),
                  head('Keadaan', { alignment: 'right' }),
                ],
                ...rows.map((r) => [
                  { text: typed(r.number), bold: true },
                  { stack: [{ text: typed(r.title) }, { text: r.type, color: '#555555', fontSize: 7.8 }] },
                  { text: typed(r.agency) },
                  right(shortDate(r.knownAt)),
                  right(r.closedAt === null ? 'terbuka' : `ditutup ${shortDate(r.closedAt)}`),
                ]),
              ],
            },
            `${SOURCE} ^F-11^`,
            { whole: rows.length <= 12, fontSize: 8.4 },
          ),
        ],
  );
}
