// BAB PENDAHULUAN: background, legal basis, purpose, scope, method. Perwali 27/2020 Pasal 6 g and 18.
import type { Content } from 'pdfmake/interfaces';
import { calendarDate, dateTime, number } from '#lib/format.ts';
import type { Book } from '../book.ts';
import type { ReportData } from '../report-data.ts';
import { head, right } from '../parts/table.ts';
import { letter, numbered, paragraph, quote, typed } from '../parts/text.ts';

const REGULATION =
  'Peraturan Walikota Batam Nomor 27 Tahun 2020 tentang Penerapan Sertifikat Elektronik pada Sistem Pemerintahan Berbasis Elektronik';

const BASIS = [
  'Undang-Undang Nomor 11 Tahun 2008 tentang Informasi dan Transaksi Elektronik sebagaimana telah diubah terakhir dengan Undang-Undang Nomor 1 Tahun 2024;',
  'Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah sebagaimana telah beberapa kali diubah;',
  'Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi;',
  'Peraturan Pemerintah Nomor 71 Tahun 2019 tentang Penyelenggaraan Sistem dan Transaksi Elektronik;',
  'Peraturan Presiden Nomor 95 Tahun 2018 tentang Sistem Pemerintahan Berbasis Elektronik; dan',
  `${REGULATION}.`,
];

/** What a report is for, by its kind. */
const PURPOSE: Record<string, { article: string; aims: string[] }> = {
  supervision: {
    article: 'Pasal 18 huruf c',
    aims: [
      'memberikan gambaran keadaan sertifikat elektronik pada waktu acuan;',
      'menyampaikan hasil pengawasan dan evaluasi terhadap Perangkat Daerah;',
      'memberikan umpan balik agar terjadi perbaikan berkesinambungan; dan',
      'menyediakan dasar bagi pembinaan dan penetapan kebijakan periode berikutnya.',
    ],
  },
  evaluation: {
    article: 'Pasal 18 huruf b',
    aims: [
      'menyampaikan hasil evaluasi terhadap Perangkat Daerah menurut kriteria yang sama;',
      'menyampaikan temuan, rekomendasi, dan tindak lanjutnya; dan',
      'memberikan umpan balik agar terjadi perbaikan berkesinambungan.',
    ],
  },
  inventory: {
    article: 'Pasal 18 huruf a',
    aims: [
      'memberikan gambaran keadaan sertifikat elektronik pada waktu acuan;',
      'menunjukkan sertifikat yang perlu diperbarui, diganti, atau dipastikan statusnya; dan',
      'menyediakan dasar bagi pembinaan Perangkat Daerah.',
    ],
  },
  incidents: {
    article: 'Pasal 19 dan Pasal 20',
    aims: [
      'menyampaikan insiden keamanan informasi yang terjadi dalam periode laporan;',
      'menyampaikan ketepatan pelaporan kepada BSSN dan BSrE serta kecepatan pencabutan; dan',
      'menyediakan dasar bagi pencegahan kejadian serupa.',
    ],
  },
  utilisation: {
    article: 'Pasal 6 huruf g dan Pasal 18 huruf c',
    aims: [
      'menyampaikan pemanfaatan sertifikat elektronik menurut jenis layanan;',
      'menyampaikan penerbitan, pembaruan, dan pencabutan yang direkomendasikan Otoritas Pendaftaran;',
      'menyampaikan insiden dan permintaan bantuan teknis; dan',
      'menyediakan dasar bagi perbaikan layanan sertifikasi elektronik.',
    ],
  },
};

export function introduction(data: ReportData, book: Book): Content[] {
  const purpose = PURPOSE[data.kind === 'annual-bsre' ? 'utilisation' : data.kind] ?? PURPOSE.supervision!;
  const state = dateTime(data.stateAt);
  return [
    book.chapter('PENDAHULUAN'),
    ...book.section('Latar Belakang', [
      paragraph(
        'Penerapan sistem pemerintahan berbasis elektronik menuntut jaminan atas keutuhan, kerahasiaan, otentikasi, dan nirsangkal dokumen elektronik. Sertifikat elektronik memberikan jaminan tersebut sepanjang kunci privat dijaga oleh pemiliknya, masa berlaku dipantau, dan pencabutan dilakukan segera ketika terdapat dugaan penyalahgunaan.',
      ),
      paragraph(
        `${REGULATION} menugaskan Dinas, selaku Perangkat Daerah yang melaksanakan urusan pemerintahan di bidang persandian, untuk mengawasi dan mengevaluasi penggunaan sertifikat elektronik pada seluruh Perangkat Daerah. Pengawasan dan evaluasi yang bersifat rutin dan insidentil dilaksanakan paling sedikit satu kali dalam 6 (enam) bulan, dan hasilnya disusun menjadi laporan paling sedikit sekali dalam 1 (satu) tahun.`,
      ),
    ]),
    ...book.section('Dasar Hukum', [numbered(BASIS)]),
    ...book.section('Maksud dan Tujuan', [
      paragraph(`Laporan ini dimaksudkan sebagai pelaksanaan ${purpose.article} ${REGULATION}. Tujuannya adalah:`, {
        margin: [0, 0, 0, 3],
      }),
      numbered(purpose.aims, { mark: letter }),
    ]),
    ...book.section('Ruang Lingkup', [
      paragraph(
        `Laporan mencakup ${number(data.agencyCount)} Perangkat Daerah sebagaimana dimaksud dalam Pasal 1 angka 4, jenis layanan dalam Pasal 9, kewajiban pemilik sertifikat dalam Pasal 11 sampai dengan Pasal 13, serta penanganan insiden dalam Pasal 19 dan Pasal 20. Sertifikat pribadi pegawai yang tidak digunakan untuk kedinasan tidak termasuk dalam ruang lingkup.`,
      ),
    ]),
    ...book.section('Metode dan Periode', [
      paragraph(
        `Periode laporan adalah ${calendarDate(data.period.from)} sampai dengan ${calendarDate(data.period.to)}; keadaan dinyatakan per ${state}. Masa berlaku dibaca dari sertifikat. Status pencabutan hanya dinyatakan berdasarkan daftar pencabutan (CRL) atau jawaban OCSP yang tanda tangannya diverifikasi dan masih segar; selain itu status dinyatakan belum dapat dipastikan.`,
      ),
      paragraph(
        `Seluruh angka berasal dari potret data ${quote(data.snapshot.number)} yang dibekukan pada ${dateTime(data.takenAt)}. Setiap angka bertanda (misalnya ^F-01^) dapat ditelusuri pada Lampiran I sampai dengan baris yang menjadi dasarnya. Fakta yang baru diketahui setelah pembekuan tidak mengubah laporan ini, tetapi disajikan kembali secara terpisah pada laporan berikutnya.`,
      ),
    ]),
  ];
}

/** What the regulation asks of the office and how far it is, on the day of the report. */
export function obligations(data: ReportData, book: Book): Content[] {
  if (data.duties.length === 0) return [];
  return book.section('Kewajiban dan Keadaannya', [
    book.table(
      'Kewajiban Dinas menurut Peraturan Walikota',
      {
        widths: ['*', 104, 110, 70],
        body: [
          [head('Kewajiban'), head('Dasar'), head('Keadaan'), head('Tenggat', { alignment: 'right' })],
          ...data.duties.map((duty) => [
            { text: duty.duty },
            { text: typed(duty.basis) },
            { text: typed(duty.state) },
            right(duty.due),
          ]),
        ],
      },
      `Keadaan per ${dateTime(data.stateAt)}. * Kebijakan Dinas; Peraturan Walikota tidak menyebut tanggal.`,
    ),
  ]);
}
