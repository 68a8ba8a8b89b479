// Inventory, uses, validity, movements: what the office supervises.
import type { Content } from 'pdfmake/interfaces';
import { certificatesByIssuer, expiryByMonth, movementsByMonth, statusByAgencyKind } from '#lib/charts/index.ts';
import { date, number } from '#lib/format.ts';
import { uses } from '#lib/terms.ts';
import type { Book } from '../book.ts';
import type { ReportData } from '../report-data.ts';
import { head, right } from '../parts/table.ts';
import { paragraph, quote, typed } from '../parts/text.ts';
import { boldNumber, heads, NONE, shareOf, SOURCE, told, total } from './common.ts';

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

export function byAgencyKind(data: ReportData, book: Book): Content[] {
  const rows = data.breakdown.byKind;
  const column = (pick: (r: (typeof rows)[number]) => number) => sum(rows.map(pick));
  return book.section('Inventaris Sertifikat', [
    ...told(data, 'inventory'),
    book.table(
      'Sertifikat menurut kelompok Perangkat Daerah dan status',
      {
        widths: ['*', 24, 44, 58, 60, 42, 42, 42],
        body: [
          [
            head('Kelompok'),
            ...heads(['PD', 'Berlaku', 'Akan kedaluwarsa', 'Kedaluwarsa', 'Dicabut', 'Lainnya', 'Jumlah']),
          ],
          ...rows.map((r) => [
            { text: r.name },
            ...[r.agencies, r.inForce, r.expiring, r.expired, r.gone, r.other, r.total].map((value) => right(value)),
          ]),
          [
            total(),
            ...[
              column((r) => r.agencies),
              column((r) => r.inForce),
              column((r) => r.expiring),
              column((r) => r.expired),
              column((r) => r.gone),
              column((r) => r.other),
              column((r) => r.total),
            ].map(boldNumber),
          ],
        ],
      },
      `Akan kedaluwarsa: sisa masa berlaku paling lama ${data.expiringDays} hari. Kedaluwarsa: termasuk yang sudah ada penggantinya. Lainnya: belum dapat dipastikan atau berkas belum ada. ${SOURCE} ^F-01^`,
      { fontSize: 8.2 },
    ),
    book.chart(
      'Bagian sertifikat menurut status dan kelompok Perangkat Daerah',
      statusByAgencyKind(
        rows.map((r) => ({
          kind: r.name,
          usable: r.inForce,
          expiring: r.expiring,
          expired: r.expired,
          other: r.gone + r.other,
        })),
      ),
      44 + 15 * rows.filter((r) => r.total > 0).length,
      'Sumber: tabel di atas.',
    ),
  ]);
}

export function byUse(data: ReportData, book: Book): Content[] {
  const rows = [...data.breakdown.byUse].sort((a, b) => b.count - a.count);
  const whole = sum(rows.map((r) => r.count));
  return book.section('Layanan dan Penggunaan', [
    ...told(data, 'uses'),
    book.table(
      `Sertifikat menurut jenis layanan per ${date(data.stateAt)}`,
      {
        widths: [20, '*', 84, 84],
        body: [
          [
            head('No.', { alignment: 'right' }),
            head('Jenis layanan (Pasal 9)'),
            ...heads(['Sertifikat', 'Bagian (%)']),
          ],
          ...rows.map((r, i) => [
            right(`${i + 1}.`),
            { text: uses[r.use as keyof typeof uses] ?? r.use },
            right(r.count),
            shareOf(r.count, whole),
          ]),
          ['', total(), boldNumber(whole), shareOf(whole, whole, true)],
        ],
      },
      `${SOURCE} ^F-01^`,
    ),
  ]);
}

export function byIssuer(data: ReportData, book: Book): Content[] {
  const rows = data.breakdown.byIssuer;
  if (rows.length === 0) return [];
  return book.section('Penerbit Sertifikat', [
    ...told(data, 'issuers'),
    // One bar tells nothing that the sentence does not.
    ...(rows.length < 2 ? [paragraph(`Seluruh sertifikat diterbitkan oleh ${quote(rows[0]!.issuer)}.`)] : []),
    ...(rows.length < 2
      ? []
      : [
          book.chart(
            'Sertifikat menurut penerbit',
            certificatesByIssuer(rows.map((r) => ({ issuer: typed(r.issuer).slice(0, 44), count: r.count }))),
            26 + 18 * Math.min(8, rows.length),
            `${SOURCE} ^F-01^`,
          ),
        ]),
  ]);
}

export function validity(data: ReportData, book: Book): Content[] {
  return book.section('Masa Berlaku', [
    ...told(data, 'validity'),
    book.chart(
      'Sertifikat yang berakhir masa berlakunya menurut bulan, dua belas bulan sejak waktu acuan',
      expiryByMonth(data.breakdown.expiry),
      116,
      `${SOURCE} ^F-03^`,
    ),
  ]);
}

export function movements(data: ReportData, book: Book): Content[] {
  const rows = data.breakdown.movements;
  const any = rows.some((r) => r.issued + r.renewed + r.revoked > 0);
  return book.section('Penerbitan, Pembaruan, dan Pencabutan', [
    ...told(data, 'movements'),
    ...(any
      ? [
          book.chart(
            'Penerbitan, pembaruan, dan pencabutan menurut bulan',
            movementsByMonth(rows),
            116,
            `${SOURCE} ^F-08^ ^F-09^ ^F-10^`,
          ),
        ]
      : [NONE('Tidak ada penerbitan, pembaruan, atau pencabutan dalam periode ini.')]),
  ]);
}

export const holders = (data: ReportData, book: Book): Content[] =>
  book.section('Pemilik Sertifikat', told(data, 'holders'));

/** Keys and signature algorithms: what BSSN asks about the use of cryptography. */
export function cryptography(data: ReportData, book: Book): Content[] {
  const table = (caption: string, first: string, rows: ReportData['breakdown']['byKey']) => {
    const whole = sum(rows.map((r) => r.count));
    return book.table(
      caption,
      {
        widths: ['*', 84, 84, 96],
        body: [
          [head(first), ...heads(['Sertifikat', 'Bagian (%)', 'Penilaian'])],
          ...rows.map((r) => [
            { text: typed(r.name) },
            right(r.count),
            shareOf(r.count, whole),
            right(r.weak ? 'lemah' : 'memadai'),
          ]),
          [total(), boldNumber(whole), shareOf(whole, whole, true), ''],
        ],
      },
      `Hanya sertifikat yang dapat dipakai dan berkasnya ada (${number(whole)}). ${SOURCE} ^F-25^`,
    );
  };
  return book.section('Rincian Kriptografi', [
    ...told(data, 'cryptography'),
    ...(data.breakdown.byKey.length
      ? [table('Sertifikat menurut algoritme dan panjang kunci', 'Kunci', data.breakdown.byKey)]
      : []),
    ...(data.breakdown.bySignature.length
      ? [table('Sertifikat menurut algoritme tanda tangan penerbit', 'Algoritme', data.breakdown.bySignature)]
      : []),
  ]);
}
