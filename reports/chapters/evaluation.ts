// Results of the evaluation: coverage, scores, criteria, findings and their follow-up. Pasal 18.
import type { Content } from 'pdfmake/interfaces';
import { findingsAgeing, scoreDistribution, scoresByGroup } from '#lib/charts/index.ts';
import { calendarDate, number, percent } from '#lib/format.ts';
import type { Book } from '../book.ts';
import type { ReportData, ScoreRow } from '../report-data.ts';
import { head, right } from '../parts/table.ts';
import { typed } from '../parts/text.ts';
import { heads, NONE, SOURCE, told } from './common.ts';

export const coverage = (data: ReportData, book: Book): Content[] =>
  book.section('Cakupan Evaluasi', told(data, 'coverage'));

/** `ranking`: whether single agencies are named. */
export function scores(data: ReportData, book: Book, ranking: boolean): Content[] {
  const b = data.breakdown;
  if (b.scores.length === 0)
    return book.section('Nilai Perangkat Daerah', [
      NONE('Belum ada Perangkat Daerah yang selesai ditinjau dalam periode ini.'),
    ]);
  return book.section('Nilai Perangkat Daerah', [
    ...told(data, 'scores'),
    book.chart(
      'Rata-rata nilai menurut kelompok Perangkat Daerah',
      scoresByGroup(b.scoresByKind),
      20 + 18 * b.scoresByKind.length,
      `Skala 0–100; di bawah 70 perlu perhatian. ${SOURCE} ^F-17^`,
    ),
    ...(spread(b.scores)
      ? [
          book.chart(
            'Sebaran nilai Perangkat Daerah',
            scoreDistribution(b.scores.map((s) => s / 100)),
            115,
            `Jumlah Perangkat Daerah pada setiap rentang nilai. ${SOURCE} ^F-17^`,
          ),
        ]
      : []),
    ...(ranking && b.lowest.length ? [ranked(book, 'Perangkat Daerah dengan nilai terendah', b.lowest)] : []),
  ]);
}

/** A picture of one single bar says nothing: at least a tenth of the agencies must lie outside the fullest ten points. */
const spread = (scores: readonly number[]): boolean => {
  const counts = new Map<number, number>();
  for (const score of scores) {
    const ten = Math.min(9, Math.floor(score / 1000));
    counts.set(ten, (counts.get(ten) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) <= 0.9 * scores.length;
};

const ranked = (book: Book, caption: string, rows: ScoreRow[]): Content =>
  book.table(
    caption,
    {
      widths: [20, '*', 72, 72, 72],
      body: [
        [
          head('No.', { alignment: 'right' }),
          head('Perangkat Daerah'),
          ...heads(['Putaran lalu', 'Putaran ini', 'Cakupan']),
        ],
        ...rows.map((r, i) => [
          right(`${i + 1}.`),
          { text: typed(r.agency) },
          right(r.before === null ? '—' : number(r.before / 100, 2)),
          right(number(r.score / 100, 2)),
          right(percent(r.coverage)),
        ]),
      ],
    },
    `Cakupan: bobot kriteria yang dapat dinilai. Nilai tinggi dengan cakupan rendah belum berarti baik. ${SOURCE} ^F-17^ ^F-18^`,
  );

export function criteria(data: ReportData, book: Book): Content[] {
  const rows = data.breakdown.criteria;
  if (rows.length === 0) return [];
  return book.section('Hasil Menurut Kriteria', [
    ...told(data, 'criteria'),
    book.table(
      'Perangkat Daerah menurut kriteria dan hasil',
      {
        widths: ['*', 84, 44, 50, 54, 56],
        body: [
          [head('Kriteria'), head('Dasar'), ...heads(['Sesuai', 'Sebagian', 'Tidak sesuai', 'Belum diketahui'])],
          ...rows.map((r) => [
            { text: typed(r.title) },
            { text: typed(r.basis) },
            right(r.conform),
            right(r.partial),
            right(r.nonconform),
            right(r.unknown),
          ]),
        ],
      },
      `Kriteria yang tidak berlaku bagi suatu Perangkat Daerah tidak dihitung. ${SOURCE} ^F-17^`,
      { fontSize: 8.4 },
    ),
  ]);
}

export function findings(data: ReportData, book: Book): Content[] {
  const b = data.breakdown;
  return book.section('Temuan dan Tindak Lanjut', [
    ...told(data, 'findings'),
    ...(b.findingAges.length >= 5
      ? [
          book.chart(
            'Temuan terbuka menurut umur',
            findingsAgeing(b.findingAges),
            115,
            `Umur dihitung sejak penetapan. ${SOURCE} ^F-22^`,
          ),
        ]
      : []),
    ...(b.findings.length
      ? [
          book.table(
            'Temuan yang masih terbuka',
            {
              widths: [66, '*', 118, 44, 92],
              body: [
                [
                  head('Nomor'),
                  head('Temuan'),
                  head('Perangkat Daerah'),
                  head('Risiko'),
                  head('Tenggat', { alignment: 'right' }),
                ],
                ...b.findings.map((f) => [
                  { text: typed(f.number), bold: true },
                  { text: typed(f.title) },
                  { text: typed(f.agency) },
                  { text: f.risk },
                  right(
                    `${calendarDate(f.dueOn)}${f.overdue ? '\nlewat tenggat' : ''}`,
                    f.overdue ? { bold: true } : {},
                  ),
                ]),
              ],
            },
            `Paling lama di atas; paling banyak dua puluh temuan. ${SOURCE} ^F-22^`,
            { whole: b.findings.length <= 6, fontSize: 8.4 },
          ),
        ]
      : []),
  ]);
}
