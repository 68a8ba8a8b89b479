// pdfmake, set up once: fonts, access policies, and a mended justification.
import { createRequire } from 'node:module';
import path from 'node:path';
import type { TDocumentDefinitions } from 'pdfmake/interfaces';

type Engine = {
  setFonts(fonts: Record<string, Record<string, string>>): void;
  setUrlAccessPolicy(policy: (url: string) => boolean): void;
  setLocalAccessPolicy(policy: (file: string) => boolean): void;
  createPdf(definition: TDocumentDefinitions): { getBuffer(): Promise<Buffer> };
};
type Inline = { text: string; alignment?: string; x: number; justifyShift?: number };
type Line = { inlines: Inline[]; newLineForced?: boolean; lastLineInParagraph?: boolean; getWidth(): number };
type Writer = { alignLine(line: Line): void; context(): { availableWidth: number } };

const require = createRequire(import.meta.url);
const fontFolder = path.dirname(require.resolve('@expo-google-fonts/arimo/package.json'));
/** Arimo: metric twin of Arial, SIL OFL. */
export const fonts = {
  normal: path.join(fontFolder, '400Regular/Arimo_400Regular.ttf'),
  bold: path.join(fontFolder, '700Bold/Arimo_700Bold.ttf'),
  italics: path.join(fontFolder, '400Regular_Italic/Arimo_400Regular_Italic.ttf'),
  bolditalics: path.join(fontFolder, '700Bold_Italic/Arimo_700Bold_Italic.ttf'),
};

export const pdfmake = require('pdfmake') as Engine;
pdfmake.setFonts({ Arimo: fonts });
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((file) => path.resolve(file).startsWith(fontFolder + path.sep));

// pdfmake 0.3 widens a column to its longest word, beyond the page if need be. A word wider than the column shall break.
const NARROW = 48;
type Leaf = { _minWidth: number; noWrap?: boolean };
type Measure = { measureLeaf(node: Leaf): Leaf };
const measure = (require('pdfmake/js/DocMeasure.js') as { default: { prototype: Measure } }).default.prototype;
const measured = measure.measureLeaf;
measure.measureLeaf = function (this: Measure, node: Leaf) {
  const leaf = measured.call(this, node);
  if (!leaf.noWrap) leaf._minWidth = Math.min(leaf._minWidth, NARROW);
  return leaf;
};

// pdfmake 0.3 spreads the space of a justified line between ALL inlines, so that a gap opens between a bold word and
// its full stop, or before a superscript. Spread it after white space only. Check at each new pdfmake version.
const writer = (require('pdfmake/js/ElementWriter.js') as { default: { prototype: Writer } }).default.prototype;
const original = writer.alignLine;
writer.alignLine = function (this: Writer, line: Line) {
  const inlines = line.inlines;
  if (!inlines?.length || inlines[0]!.alignment !== 'justify' || line.newLineForced || line.lastLineInParagraph) {
    return original.call(this, line);
  }
  const endsWithSpace = (inline: Inline) => /\s$/.test(inline.text);
  const gaps = inlines.slice(0, -1).filter(endsWithSpace).length;
  if (!gaps) return;
  const gap = (this.context().availableWidth - line.getWidth()) / gaps;
  let passed = 0;
  inlines.forEach((inline, i) => {
    if (i === 0) return;
    if (endsWithSpace(inlines[i - 1]!)) passed += 1;
    inline.x += gap * passed;
    inline.justifyShift = endsWithSpace(inline) ? gap : 0;
  });
};
