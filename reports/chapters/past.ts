// The time before Siaga, from the archive, beside what Siaga recorded. Shown only when the archive tells something.
import type { Content } from 'pdfmake/interfaces';
import { number } from '#lib/format.ts';
import type { Book } from '../book.ts';
import type { ReportData } from '../report-data.ts';
import { head, right } from '../parts/table.ts';
import { typed } from '../parts/text.ts';
import { heads } from './common.ts';

const MARK = 'dari arsip';
const NOTE =
  'Baris “dari arsip” adalah ringkasan dari dokumen Dinas sebelum Siaga dipakai; tidak dihitung ulang dan tidak termasuk dalam angka bertanda F.';
const source = (archived: boolean): Content => ({ text: archived ? MARK : 'catatan Siaga', italics: archived });

export function pastEvaluations(data: ReportData, book: Book): Content[] {
  const rows = data.breakdown.evaluationHistory;
  if (rows.length === 0) return [];
  return book.section('Evaluasi Tahun-Tahun Sebelumnya', [
    book.table(
      'Evaluasi menurut masa',
      {
        widths: [78, 54, 40, 40, 58, '*'],
        body: [
          [
            head('Masa'),
            head('Sumber'),
            ...heads(['PD', 'Nilai']),
            head('Temuan selesai', { alignment: 'right' }),
            head('Disampaikan; dokumen'),
          ],
          ...rows.map((r) => [
            { text: r.period, bold: true },
            source(r.archived),
            right(number(r.agencies)),
            right(r.score === null ? '—' : number(r.score / 100, 2)),
            right(r.closed),
            { text: r.archived ? typed(`${r.reported}; ${r.reference}`) : 'laporan ini' },
          ]),
        ],
      },
      NOTE,
      { whole: rows.length <= 10, fontSize: 8.4 },
    ),
  ]);
}

export function pastIncidents(data: ReportData, book: Book): Content[] {
  const rows = data.breakdown.incidentHistory;
  if (rows.length === 0) return [];
  return book.section('Insiden Tahun-Tahun Sebelumnya', [
    book.table(
      'Insiden menurut masa',
      {
        widths: [78, 54, 58, '*', 150],
        body: [
          [
            head('Masa'),
            head('Sumber'),
            head('Insiden', { alignment: 'right' }),
            head('Menurut jenis'),
            head('Dilaporkan; dokumen'),
          ],
          ...rows.map((r) => [
            { text: r.period, bold: true },
            source(r.archived),
            right(r.count),
            { text: r.archived ? r.types : 'lihat tabel insiden menurut jenis' },
            { text: r.archived ? typed(`${r.reported}; ${r.reference}`) : 'lihat ketepatan pelaporan' },
          ]),
        ],
      },
      NOTE,
      { whole: rows.length <= 10, fontSize: 8.4 },
    ),
  ]);
}
