// Text of documents: non-breaking pairs, a small markup for our own templates, paragraphs and hanging numbers.
// What a person typed never passes through the markup: it goes through `typed` (plain) or `quote` (inside a template).
import type { Content } from 'pdfmake/interfaces';

const NBSP = '\u00A0';
const MONTHS = 'Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember';

/** Keeps pairs on one line that must not part: "Pasal 19", "Nomor 27", "16 November 2026", "24 jam", "F-07". */
export const bound = (text: string): string =>
  text
    .replace(
      /\b(Pasal|ayat|huruf|Nomor|Tahun|Tabel|Gambar|BAB|Semester|pukul|Subbab|angka|butir|Rp|No\.) (?=\d|[IVX]+\b|\(\d|[a-z]\b)/g,
      `$1${NBSP}`,
    )
    .replace(/(\d) (persen|jam|hari|menit|WIB|bulan|sertifikat|insiden|temuan|orang|kali|%)/g, `$1${NBSP}$2`)
    .replace(
      new RegExp(`(\\d{1,2}) (${MONTHS})( (?=\\d{4}))?`, 'g'),
      (_, day: string, month: string, space?: string) => `${day}${NBSP}${month}${space ? NBSP : ''}`,
    )
    .replace(/(?<=[A-Za-z0-9])-(?=\d)/g, '\u2011');

/** Characters that would disturb a line: controls, direction overrides, zero-width marks. New lines become spaces. */
export const typed = (text: string): string =>
  bound(
    text
      .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
      .replace(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g, '')
      .trim(),
  );

/** A typed text in paragraphs, split at blank lines or line ends, empty ones dropped. */
export const paragraphsOf = (text: string): string[] =>
  text
    .split(/\r?\n+/)
    .map(typed)
    .filter(Boolean);

const SIGNS = ['*', '_', '^'] as const;
const hidden = (index: number) => String.fromCharCode(0xe000 + index);

/** Typed text inside a template: its stars, underscores and carets are letters, not markup. */
export const quote = (text: string): string =>
  SIGNS.reduce((result, sign, index) => result.replaceAll(sign, hidden(index)), typed(text));
const shown = (text: string): string =>
  SIGNS.reduce((result, sign, index) => result.replaceAll(hidden(index), sign), text);

/** Template text: **bold**, _italic_, ^F-07^ (the mark of a figure, also within bold). */
export function rich(template: string, markSize = 11): Content[] {
  return bound(template)
    .split(/(\*\*.+?\*\*)/)
    .flatMap((part) => {
      const bold = /^\*\*(.+)\*\*$/.exec(part);
      return bold ? pieces(bold[1]!, markSize, { bold: true }) : pieces(part, markSize, {});
    });
}

const pieces = (text: string, markSize: number, style: { bold?: boolean }): Content[] =>
  text
    .split(/((?<![A-Za-z])_[^_]+_|\^[^^]+\^)/)
    .filter(Boolean)
    .map((part): Content => {
      // pdfmake shrinks superscripts to 58 %: 11 pt gives a legible 6.4 pt mark.
      if (/^\^.+\^$/.test(part))
        return { text: part.slice(1, -1).replaceAll('-', '\u2011'), sup: true, fontSize: markSize, color: '#333333' };
      if (/^_.+_$/.test(part)) return { text: shown(part.slice(1, -1)), italics: true, ...style };
      return style.bold ? { text: shown(part), bold: true } : shown(part);
    });

/** pdfmake knows no widows and orphans: a paragraph of up to about five lines stays in one piece. */
const SHORT = 520;

type Options = Record<string, unknown>;

/** A justified paragraph of template text. */
export const paragraph = (template: string, options: Options = {}): Content =>
  ({ text: rich(template), style: 'paragraph', unbreakable: template.length < SHORT, ...options }) as Content;

/** A justified paragraph of typed text. */
export const typedParagraph = (text: string, options: Options = {}): Content =>
  ({ text: typed(text), style: 'paragraph', unbreakable: text.length < SHORT, ...options }) as Content;

type ListOptions = {
  mark?: (index: number) => string;
  width?: number;
  gap?: number;
  margin?: number[];
  align?: 'left' | 'justify';
};

/** A list with hanging marks, as columns: pdfmake's own `ol` cannot be justified evenly. */
export const numbered = (items: (string | Content)[], options: ListOptions = {}): Content => ({
  stack: items.map(
    (item, index): Content =>
      ({
        columns: [
          { width: options.width ?? 18, text: options.mark ? options.mark(index) : `${index + 1}.` },
          typeof item === 'string'
            ? { width: '*', text: rich(item), alignment: options.align ?? 'justify' }
            : { width: '*', stack: [item] },
        ],
        columnGap: 0,
        unbreakable: true,
        margin: [0, 0, 0, options.gap ?? 3],
      }) as Content,
  ),
  margin: (options.margin ?? [0, 0, 0, 6]) as [number, number, number, number],
});

/** a. b. c. */
export const letter = (index: number): string => `${String.fromCharCode(97 + index)}.`;

/** Hex in groups, for reading aloud. */
export const grouped = (hex: string, size = 8): string => (hex.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(' ');
