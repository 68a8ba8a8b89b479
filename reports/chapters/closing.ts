// Conclusions, recommendations, plan, and the annex that tells where every figure comes from.
import type { Content } from 'pdfmake/interfaces';
import { dateTime, number } from '#lib/format.ts';
import type { Book } from '../book.ts';
import type { PrintedFigure, ReportData } from '../report-data.ts';
import { signature } from '../parts/letterhead.ts';
import { head, layouts, right } from '../parts/table.ts';
import { grouped, paragraph, typed } from '../parts/text.ts';
import { listed, NONE, told } from './common.ts';

export function closing(data: ReportData, book: Book): Content[] {
  return [
    book.chapter('PENUTUP'),
    ...book.section('Kesimpulan', listed(data, 'conclusion')),
    ...book.section('Rekomendasi', recommendations(data, book)),
    ...book.section('Rencana Tindak Lanjut', told(data, 'plan')),
    { unbreakable: true, stack: [...told(data, 'end'), signature(data.signatory)] },
  ];
}

const recommendations = (data: ReportData, book: Book): Content[] =>
  data.recommendations.length === 0
    ? [NONE('Tidak ada rekomendasi pada periode ini.')]
    : [
        book.table(
          'Rekomendasi, penanggung jawab, dan tenggat',
          {
            widths: [20, '*', 120, 84],
            body: [
              [head('No.', { alignment: 'right' }), head('Rekomendasi'), head('Penanggung jawab'), head('Tenggat')],
              ...data.recommendations.map((r, i) => [
                right(`${i + 1}.`),
                { text: typed(r.text) },
                { text: typed(r.responsible) },
                { text: typed(r.due) },
              ]),
            ],
          },
          'Tenggat adalah usulan Dinas. Rekomendasi menjadi bahan pemantauan periode berikutnya.',
          { whole: data.recommendations.length <= 10 },
        ),
      ];

/** Lampiran I: mark → definition → clock → numerator/denominator → rows → hash. */
export function origin(data: ReportData, book: Book): Content[] {
  const checked =
    data.differences === null
      ? 'Hitung ulang dengan program terpisah belum dijalankan atas konsep ini.'
      : `Hitung ulang dengan program terpisah: **${number(data.differences)}\u00A0perbedaan.**`;
  return [
    book.part('annex-1', 'LAMPIRAN I', 'ASAL ANGKA'),
    paragraph(
      `Setiap angka bertanda F dalam laporan ini dapat dihitung ulang dari berkas baris yang dibekukan. Sidik baris adalah delapan karakter pertama SHA-256 atas daftar baris yang terurut; sidik lengkap terdapat dalam Siaga. ${checked}`,
    ),
    {
      unbreakable: true,
      margin: [0, 0, 0, 8],
      fontSize: 8.5,
      lineHeight: 1.12,
      stack: [
        { text: 'Potret data', bold: true },
        {
          text: `${data.snapshot.number} · diambil ${dateTime(data.takenAt)} · jejak audit entri ${number(data.trail.size)} · akar ${grouped(data.trail.root.slice(0, 16))}. Sidik pada kaki halaman adalah sidik isi laporan; sidik berkas PDF tercatat dalam register laporan karena sebuah berkas tidak dapat memuat sidiknya sendiri.`,
        },
      ],
    },
    {
      style: 'table',
      fontSize: 7.8,
      lineHeight: 1.04,
      layout: { ...layouts.ruled, paddingTop: () => 1.3, paddingBottom: () => 1.3 },
      table: {
        widths: [24, '*', 88, 72, 48],
        headerRows: 1,
        dontBreakRows: true,
        body: [
          [
            head('Tanda'),
            head('Definisi'),
            head('Waktu acuan'),
            head('Angka', { alignment: 'right' }),
            head('Baris dan sidik', { alignment: 'right' }),
          ],
          ...data.figures.map((f) => [
            { text: f.code.replace('-', '\u2011'), bold: true },
            { text: f.words },
            { text: f.clock },
            right(printedValue(f)),
            right(`${number(f.rowCount)}\n${f.rowSetHash.slice(0, 8)}`),
          ]),
        ],
      },
    },
  ];
}

/** With its unit, or with the numbers it is a share of; unknown stays unknown. */
const printedValue = (f: PrintedFigure): string => {
  if (f.text === 'belum diketahui') return f.text;
  if (f.denominator !== null) return `${f.text}\n${number(f.numerator)} dari ${number(f.denominator)}`;
  return f.text.endsWith('%') || f.unit === 'sertifikat' ? f.text : `${f.text} ${short(f.unit)}`;
};

const short = (unit: string): string => (unit === 'Perangkat Daerah' ? 'PD' : unit === 'nilai' ? '' : unit);
