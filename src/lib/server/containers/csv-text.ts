// A text in a CSV that a spreadsheet opens: CSV has no types, so what must stay text says so itself. Written by exports, taken
// off again by the reader of sheets; the two are inverse to each other for every text that has no blanks at its ends.

/** Digits of which a spreadsheet would drop a zero in front or round the end, and hex that it takes for a power of ten. */
const NUMBER_LIKE = /^(?:0\d+|\d{12,}|\d+(?:\.\d+)?e\d+)$/i;
/** A leading =, +, -, @, tab or carriage return would start a formula; an apostrophe in front keeps it text. */
const FORMULA_LIKE = /^'*[=+\-@\t\r]/;

/** A tab in front of a number keeps every digit, is not seen, and no formula comes from it. */
export const asCsvText = (text: string): string =>
  FORMULA_LIKE.test(text) ? `'${text}` : NUMBER_LIKE.test(text) ? `\t${text}` : text;

/** What `asCsvText` wrote, as it was. */
export const fromCsvText = (cell: string): string => {
  if (cell.startsWith('\t') && NUMBER_LIKE.test(cell.slice(1))) return cell.slice(1);
  return cell.startsWith("'") && FORMULA_LIKE.test(cell.slice(1)) ? cell.slice(1) : cell;
};
