// The text of a report as templates bound to figures: {F-02} is the figure with its mark, {F-02.n} and {F-02.of} are
// what it was counted from. Pure. The guard finds digits that stand free and equal no figure (design §11.7).
import { number } from '#lib/format.ts';
import type { PrintedFigure } from '#reports/report-data.ts';
import { definitionOf, type FigureValue } from './figures.ts';

const PLACEHOLDER = /\{(F-\d\d)(\.n|\.of)?\}/g;

/** A figure as it is printed: "1.862", "84,7%", "9,4", "belum diketahui". */
export function figureText(f: Pick<FigureValue, 'code' | 'value'>): string {
  if (f.value === null) return 'belum diketahui';
  const unit = definitionOf(f.code)?.unit;
  if (unit === '%') return `${number(f.value / 1000, 1)}%`;
  if (unit === 'jam' || unit === 'nilai') return number(f.value / 1000, 1);
  return number(f.value / 1000);
}

/** @returns paragraphs with the placeholders filled; the mark stands at a figure's first place in each paragraph */
export function fill(template: string, figures: readonly PrintedFigure[]): string[] {
  const byCode = new Map(figures.map((f) => [f.code, f]));
  return template
    .split(/\n+/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean)
    .map((paragraph) => {
      const marked = new Set<string>();
      return paragraph.replace(PLACEHOLDER, (whole, code: string, part?: string) => {
        const f = byCode.get(code);
        if (!f) return whole;
        if (part) return number(part === '.n' ? f.numerator : f.denominator);
        const first = !marked.has(code);
        marked.add(code);
        return first ? `${f.text}^${code}^` : f.text;
      });
    });
}

/**
 * `free`: digits that equal no figure; `loose`: equal a figure but are not bound to it; `unknown`: no such figure;
 * `promise`: says that this report explains something which it does not print.
 */
export type Warning = { section: string; kind: 'free' | 'loose' | 'unknown' | 'promise'; text: string; around: string };

/** What a report may promise to tell more of. */
export type Subject = 'late' | 'incidents' | 'findings' | 'scores' | 'certificates';
const PROMISE =
  /[^.;\n]*\b(?:dijelaskan|dirinci|diuraikan|dibahas|dipaparkan|disajikan|dimuat|tercantum)\b[^.;\n]*?\b(?:dalam|pada|di) (?:laporan ini|bagian|bab|lampiran|tabel)\b(?! berikut)[^.;\n]*/gi;
/** In this order: a late report is more than an incident. */
const SUBJECTS: readonly (readonly [Subject, RegExp])[] = [
  ['late', /terlambat|melewati target|belum terkirim/i],
  ['findings', /temuan|rekomendasi/i],
  ['scores', /nilai|peringkat/i],
  ['incidents', /insiden/i],
  ['certificates', /sertifikat|kunci|kriptografi/i],
];

/** What may stand as digits without being a figure: articles, laws, dates, clocks, codes, policies in words. */
const ALLOWED = [
  /\b[A-Z]{1,5}-\d{4}-\d{4}\b/g,
  /\b(Pasal|ayat|huruf|angka|butir|Tabel|Gambar|BAB|Lampiran|Nomor|Tahun|tahun|Semester|versi|Versi)\s+\(?\d+([./]\d+)*\)?/g,
  /\b\d{1,2} (Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember)( \d{4})?/g,
  /\b(19|20)\d\d\b/g,
  /\bpukul \d{1,2}\.\d\d\b/g,
  /\b(SHA|RSA|P|X|TLS|RFC)[- ]?\d+\b/g,
  /\(\d+\)/g,
  /\bF-\d\d\b/g,
];

/** @param prints what the report tells more of, by its kind and what there is to tell */
export function guard(
  narrative: Record<string, string>,
  figures: readonly PrintedFigure[],
  prints: ReadonlySet<Subject>,
): Warning[] {
  const known = new Set(figures.map((f) => f.code));
  const values = new Set(
    figures.flatMap((f) => [
      f.text.replace('%', ''),
      ...[f.numerator, f.denominator].filter((n) => n !== null).map((n) => number(n)),
    ]),
  );
  return Object.entries(narrative).flatMap(([section, template]) => {
    const warnings: Warning[] = [];
    for (const match of template.matchAll(PLACEHOLDER)) {
      if (!known.has(match[1]!))
        warnings.push({ section, kind: 'unknown', text: match[0], around: around(template, match.index) });
    }
    for (const match of template.matchAll(PROMISE)) {
      const subject = SUBJECTS.find(([, words]) => words.test(match[0]))?.[0];
      if (!subject || !prints.has(subject))
        warnings.push({ section, kind: 'promise', text: match[0].trim(), around: around(template, match.index) });
    }
    let rest = template.replace(PLACEHOLDER, (whole) => ' '.repeat(whole.length));
    for (const pattern of ALLOWED) rest = rest.replace(pattern, (whole) => ' '.repeat(whole.length));
    for (const match of rest.matchAll(/\d+(?:[.,]\d+)*/g)) {
      warnings.push({
        section,
        kind: values.has(match[0]) ? 'loose' : 'free',
        text: match[0],
        around: around(template, match.index),
      });
    }
    return warnings;
  });
}

const around = (text: string, at: number): string =>
  text
    .slice(Math.max(0, at - 30), at + 40)
    .replace(/\s+/g, ' ')
    .trim();
