// Surat resmi about an incident: early notice, follow-up, final report, request. Pasal 19 and 20 Perwali Batam 27/2020.
// Data in, definition out; every text a person typed is printed as letters, never read as markup.
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces';
import { date, fingerprint, fullDate, serial, span, time } from '#lib/format.ts';
import { copies, letterhead, letterHead, signature, type Office, type Signatory } from './parts/letterhead.ts';
import { basics, COLOUR, draftBand, edges, footer, textWidth, type Paper, type TrailHead } from './parts/page.ts';
import { head, layouts, pairs } from './parts/table.ts';
import { paragraph, paragraphsOf, quote, typed, typedParagraph } from './parts/text.ts';

export type { Office, Signatory } from './parts/letterhead.ts';
export type { Paper, TrailHead } from './parts/page.ts';

export type IncidentLetter = {
  office: Office;
  signatory: Signatory;
  paper: Paper;
  /** From the office's agenda; '' while it has none. */
  number: string;
  /** Instant of the letter's date. */
  date: number;
  city: string;
  /** Sifat, e.g. "Terbatas / Segera". */
  classification: string;
  /** Lampiran, e.g. "1 (satu) berkas" or "-". */
  attachments: string;
  /** Hal, e.g. "Pemberitahuan Awal Insiden …". */
  subject: string;
  /** As in the address book, e.g. "Kepala Badan Siber dan Sandi Negara". */
  addressee: string;
  /** "di Jakarta"; may be ''. */
  address: string;
  party: 'bssn' | 'bsre' | 'mayor' | 'governor' | 'pdp' | 'police' | 'inspectorate' | 'other';
  /** INS-2026-0007 */
  incident: string;
  /** First paragraphs, typed or proposed; empty: the standard opening of an early notice. */
  opening: string;
  reporter: { name: string; position: string; phone: string; email: string };
  /** Label and value: agency, kind, when it happened, certificates, what an early notice answers. */
  essentials: [string, string][];
  /** What is known. */
  description: string;
  chronology: { at: number | null; text: string }[];
  impact: string;
  /** What has been done; '' leaves the section out. */
  actions: string;
  /** `serial` hex, `fingerprint` hex SHA-256; null: not known. `note`: status in words. */
  certificates: { name: string; serial: string | null; fingerprint: string | null; note?: string }[];
  /** Null: this letter has no clock of its own. `basis` e.g. "kebijakan Dinas". */
  clock: { knownAt: number; dueAt: number; basis: string } | null;
  /** Articles quoted word for word. */
  legal: { article: string; text: string }[];
  /** Last paragraphs before the signature; empty: the standard closing. */
  closing: string;
  copies: string[];
  trail: TrailHead;
  /** SHA-256 of the letter's content, hex. */
  contentHash: string;
  draft: boolean;
};

const REGULATION =
  'Peraturan Walikota Batam Nomor 27 Tahun 2020 tentang Penerapan Sertifikat Elektronik pada Sistem Pemerintahan Berbasis Elektronik';
const UNKNOWN = 'Belum diketahui sampai dengan surat ini disusun.';

export function incidentLetter(data: IncidentLetter): TDocumentDefinitions {
  const e = edges(30, 25, data.draft ? 22 : 17, 27);
  const width = textWidth(data.paper, e);
  return {
    ...basics({
      paper: data.paper,
      edges: e,
      title: `${typed(data.subject)} ${data.incident}`,
      subject: 'Pasal 19 Peraturan Walikota Batam Nomor 27 Tahun 2020',
      author: data.office.name,
      fontSize: 11,
      lineHeight: 1.17,
    }),
    ...(data.draft ? { header: draftBand(e, 'DRAF: belum disetujui, bukan surat resmi, tidak untuk dikirim') } : {}),
    footer: footer({
      edges: e,
      contentHash: data.contentHash,
      trail: data.trail,
      ...(data.draft ? { note: 'Draf, belum disetujui.' } : {}),
    }),
    content: [
      letterhead(data.office, width),
      ...letterHead({ ...data, placeAndDate: `${data.city}, ${date(data.date)}` }),
      ...opening(data),
      ...sections(data),
      // The last words, the signature and the copies stay together: no page carries copies alone.
      { unbreakable: true, stack: [...closing(data), signature(data.signatory), ...copies(data.copies)] },
    ],
  };
}

function opening(data: IncidentLetter): Content[] {
  if (data.opening.trim()) return paragraphsOf(data.opening).map((text) => typedParagraph(text));
  return [
    paragraph(
      `Berdasarkan Pasal 19 ayat (1) ${REGULATION}, bersama ini kami sampaikan pemberitahuan awal atas insiden keamanan informasi dalam penggunaan sertifikat elektronik di lingkungan ${quote(data.office.government)}, yang tercatat dengan nomor insiden **${quote(data.incident)}**, sebagai berikut:`,
    ),
  ];
}

function closing(data: IncidentLetter): Content[] {
  const texts = paragraphsOf(data.closing);
  const standard = 'Demikian kami sampaikan. Atas perhatian dan kerja sama Bapak/Ibu, kami mengucapkan terima kasih.';
  return (texts.length ? texts : [standard]).map((text) => typedParagraph(text));
}

/** `long`: may not fit on one page, so only its heading is kept with what follows. */
type Section = { title: string; body: Content[]; long?: boolean };

/** Numbered one after another; a section without content is left out, the required ones say "belum diketahui". */
function sections(data: IncidentLetter): Content[] {
  const all: (Section | null)[] = [
    { title: 'Kontak pelapor', body: [reporter(data)] },
    data.essentials.length ? { title: 'Keterangan pokok', body: [essentials(data)] } : null,
    { title: 'Deskripsi insiden', body: texts(data.description), long: data.description.length > 900 },
    data.certificates.length
      ? {
          title: 'Sertifikat elektronik yang terdampak',
          body: [certificates(data)],
          long: data.certificates.length > 6,
        }
      : null,
    { title: 'Kronologi (Waktu Indonesia Barat)', body: [chronology(data)], long: data.chronology.length > 4 },
    { title: 'Dampak', body: texts(data.impact), long: data.impact.length > 900 },
    data.actions.trim()
      ? { title: 'Penanganan yang telah dilakukan', body: texts(data.actions), long: data.actions.length > 900 }
      : null,
    data.clock ? { title: 'Dasar penghitungan waktu', body: [clock(data.clock, data.legal)] } : null,
    data.legal.length ? { title: 'Dasar hukum', body: legal(data) } : null,
  ];
  return all.filter((s) => s !== null).map((section, index) => item(index + 1, section));
}

/** Number and title stay with the first node of the section; longer sections may run over the page. */
function item(number: number, { title, body, long }: Section): Content {
  const [first, ...rest] = body;
  const line = (text: string, stack: Content[], whole: boolean): Content => ({
    columns: [
      { width: 18, text },
      { width: '*', stack },
    ],
    columnGap: 0,
    unbreakable: whole,
  });
  return {
    stack: [
      line(`${number}.`, [{ text: title, margin: [0, 0, 0, 2], ...(long ? { headlineLevel: 2 } : {}) }, first!], !long),
      ...rest.map((node) => line('', [node], false)),
    ],
    margin: [0, 0, 0, 3],
  };
}

const texts = (text: string): Content[] => {
  const found = paragraphsOf(text);
  return (found.length ? found : [UNKNOWN]).map((t) => typedParagraph(t, { margin: [0, 0, 0, 3] }));
};

const reporter = ({ reporter: r }: IncidentLetter): Content =>
  pairs([
    ['Nama', typed(r.name) || '-'],
    ['Jabatan', typed(r.position) || '-'],
    ['Telepon / pos-el', [r.phone, r.email].map(typed).filter(Boolean).join(' / ') || '-'],
  ]);

const essentials = (data: IncidentLetter): Content =>
  pairs(
    data.essentials.map(([label, value]) => [label, typed(value)]),
    132,
  );

const certificates = (data: IncidentLetter): Content => ({
  table: {
    widths: [16, '*', 248],
    headerRows: 1,
    dontBreakRows: true,
    body: [
      [head('No.'), head('Pemilik'), head('Nomor seri dan sidik (SHA\u2011256)')],
      ...data.certificates.map((c, i) => [
        { text: `${i + 1}.` },
        {
          stack: [
            { text: typed(c.name) },
            ...(c.note ? [{ text: typed(c.note), fontSize: 8.5, color: '#555555' }] : []),
          ],
        },
        {
          stack: [
            { text: c.serial ? serial(c.serial) : 'nomor seri belum diketahui', fontSize: 8.4 },
            ...(c.fingerprint
              ? [{ text: halves(fingerprint(c.fingerprint)), fontSize: 8, color: COLOUR.muted, lineHeight: 1.2 }]
              : []),
          ],
        },
      ]),
    ],
  },
  layout: layouts.ruled,
  fontSize: 9.5,
  margin: [0, 2, 0, 6],
});

/** What happened ends with a full stop, however it was typed. */
const sentence = (text: string): string => (/[.!?…]$/.test(text) || !text ? text : `${text}.`);

/** A fingerprint on two lines of equal length, as it is read aloud. */
const halves = (text: string): string => {
  const groups = text.split(' ');
  const middle = Math.ceil(groups.length / 2);
  return `${groups.slice(0, middle).join(' ')}\n${groups.slice(middle).join(' ')}`;
};

const chronology = (data: IncidentLetter): Content =>
  data.chronology.length === 0
    ? typedParagraph(UNKNOWN)
    : {
        table: {
          widths: [142, '*'],
          headerRows: 1,
          dontBreakRows: true,
          body: [
            [head('Waktu'), head('Peristiwa')],
            ...data.chronology.map((entry) => [
              {
                text: entry.at === null ? 'waktu belum diketahui' : typed(`${date(entry.at)} pukul ${time(entry.at)}`),
              },
              { text: sentence(typed(entry.text)) },
            ]),
          ],
        },
        layout: layouts.ruled,
        fontSize: 9.5,
        margin: [0, 2, 0, 6],
      };

/** What the regulation says about time: "segera" only where the quoted article says so. */
const clock = (c: { knownAt: number; dueAt: number; basis: string }, rules: IncidentLetter['legal']): Content => {
  const rule = rules.some((r) => /\bsegera\b/i.test(r.text))
    ? 'Peraturan Walikota mewajibkan penyampaian “segera” tanpa menyebut jumlah jam'
    : 'Peraturan Walikota tidak menyebut batas waktu bagi permintaan ini';
  return paragraph(
    `Waktu dihitung sejak insiden diketahui oleh Dinas, yaitu ${fullDate(c.knownAt)} pukul ${time(c.knownAt)} WIB. ${rule}; Dinas menetapkan target internal ${hours(c.dueAt - c.knownAt)} (${quote(c.basis)}), yang berakhir pada ${fullDate(c.dueAt)} pukul ${time(c.dueAt)} WIB.`,
  );
};

/** Targets are set in hours: "24 jam", not "1 hari". */
const hours = (ms: number): string => {
  const count = ms / 3_600_000;
  return Number.isInteger(count) && count <= 72 ? `${count} jam` : span(ms);
};

/** The citation of a letter: article first, the regulation by its name instead of the office's short form. */
const official = (article: string): string =>
  article.replace(/^Perwali Batam 27\/2020 (.+)$/, '$1 Peraturan Walikota Batam Nomor 27 Tahun 2020');

const legal = (data: IncidentLetter): Content[] =>
  data.legal.map((rule): Content => ({
    text: [{ text: `${typed(official(rule.article))}: `, bold: true }, `“${typed(rule.text)}”`],
    alignment: 'justify',
    unbreakable: true,
    margin: [0, 0, 0, 3],
  }));
