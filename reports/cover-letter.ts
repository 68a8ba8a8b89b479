// Surat dinas pengantar that carries a report to the Governor, BSSN or BSrE. Pasal 18 huruf c; Pasal 6 huruf g.
import type { Content } from 'pdfmake/interfaces';
import { date } from '#lib/format.ts';
import { letterhead, letterHead, signature } from './parts/letterhead.ts';
import { paragraph } from './parts/text.ts';
import { told } from './chapters/common.ts';
import type { ReportData } from './report-data.ts';

const utilisation = (data: ReportData) => data.kind === 'annual-bsre' || data.kind === 'utilisation';

export const coverLetter = (data: ReportData, width: number): Content[] => [
  { text: '', pageBreak: 'before' },
  letterhead(data.office, width),
  ...letterHead({
    number: data.letterNumber,
    classification: 'Biasa',
    attachments: '1 (satu) berkas',
    subject: `Penyampaian Laporan ${utilisation(data) ? 'Pemanfaatan, Pengawasan, dan Evaluasi' : 'Pengawasan dan Evaluasi'} Penggunaan Sertifikat Elektronik ${data.period.words}`,
    placeAndDate: `${data.office.city}, ${date(data.date)}`,
    addressee: data.recipient!.addressee,
    address: data.recipient!.address,
  }),
  paragraph(
    `Berdasarkan ${utilisation(data) ? 'Pasal 6 huruf g dan Pasal 18 huruf c' : 'Pasal 18 huruf c'} Peraturan Walikota Batam Nomor 27 Tahun 2020 tentang Penerapan Sertifikat Elektronik pada Sistem Pemerintahan Berbasis Elektronik, bersama ini kami sampaikan laporan ${data.period.words} sebagaimana terlampir.`,
  ),
  ...told(data, 'letter'),
  {
    unbreakable: true,
    stack: [
      paragraph('Demikian kami sampaikan. Atas perhatian dan kerja sama Bapak/Ibu, kami mengucapkan terima kasih.'),
      signature(data.signatory),
    ],
  },
];
