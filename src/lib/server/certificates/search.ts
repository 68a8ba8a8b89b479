// What people type into a search box, as a query of the full-text index. Pure. Every word must occur as the beginning of
// a word of the record; titles, case, accents and apostrophes do not matter; a serial, NIP or fingerprint may be written
// in groups, and a serial in decimal. Nothing a person types is ever read as the index's own syntax.
import { splitName } from './names.ts';

const MOST_WORDS = 8;
/**
 * Letters and numbers, as the index cuts words: unicode61 knows Unicode 6.1, where these few were not letters, and a word it
 * cuts in two would be a phrase, which an index without positions (detail=none) refuses.
 */
const WORD = /(?:(?![\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3])[\p{L}\p{N}])+/gu;
const WHOLE = new RegExp(`^${WORD.source}$`, 'u');

const GROUPS = [
  /^[0-9a-f]{1,2}([:-][0-9a-f]{2})+$/,
  /^[0-9a-f]{2}(\s[0-9a-f]{2}){3,}$/,
  /^[0-9a-f]{4}(\s[0-9a-f]{4}){2,}(\s[0-9a-f]{1,4})?$/,
  /^[0-9a-f]{8}(\s[0-9a-f]{8})+(\s[0-9a-f]{1,8})?$/,
  // A fingerprint on two lines.
  /^[0-9a-f]{32}\s+[0-9a-f]{32}$/,
  // A decimal serial as a sheet writes numbers; an IP address has fewer groups.
  /^\d{1,3}(\.\d{3}){4,}$/,
  // A NIP in its four groups.
  /^\d{8}[\s.-]\d{1,6}([\s.-]\d){0,2}[\s.-]?\d*$/,
];
/** Signs without a shape: certificate windows and web pages put them before or between what people copy. */
const UNSEEN = /\p{Cf}/gu;
/** What people copy along with the value. */
const NAMED = /^(sha-?256( fingerprint)?|sidik jari|serial( number)?|no(mor)?\.? seri|sn|nip)\s*[:=.]?\s*(?=\S)/;

/** The words of a search, lower case; none when nothing but signs was typed. */
export function wordsOf(q: string | undefined): string[] {
  const text = (q ?? '')
    .toLowerCase()
    .replace(UNSEEN, '')
    .trim()
    .replace(NAMED, '')
    .replace(/^0x(?=[0-9a-f])/, '');
  if (GROUPS.some((group) => group.test(text))) return [text.replace(/[\s:.-]/g, '')];
  return (bare(text).match(WORD) ?? []).slice(0, MOST_WORDS).map((word) => word.slice(0, 100));
}

/** Without titles, accents and apostrophes; degrees behind a comma go, other words behind it stay. */
function bare(text: string): string {
  const { name, titleAfter } = splitName(text);
  const rest = titleAfter.split(',').filter((part) => !part.includes('.'));
  return [name || text, ...rest]
    .join(' ')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’‘`]/g, '');
}

/** The words as an FTS5 query; of no words a query that nothing matches. */
export const matchOf = (words: readonly string[]): string => {
  const parts = words.flatMap((word) => (WHOLE.test(word) ? [term(word)] : []));
  return parts.length ? parts.join(' AND ') : '""';
};

function term(word: string): string {
  const spellings = [`"${word}"*`];
  // The index holds serials in hex, without leading zeros.
  if (/^0+[0-9a-f]{2,}$/.test(word)) spellings.push(`"${word.replace(/^0+/, '')}"*`);
  if (/^\d{6,60}$/.test(word)) spellings.push(`"${BigInt(word).toString(16)}"`);
  return spellings.length > 1 ? `(${spellings.join(' OR ')})` : spellings[0]!;
}

/** Certificates whose words match `?`. */
export const FOUND_CERTIFICATES =
  'select s.certificate_id from certificate_fts f join certificate_search s on s.docid = f.rowid where certificate_fts match ?';
/** Holders whose words match `?`. */
export const FOUND_HOLDERS =
  'select s.holder_id from holder_fts f join holder_search s on s.docid = f.rowid where holder_fts match ?';
/** Rows of the full-text index whose words match `?`, ascending. */
export const FOUND_ROWS = 'select rowid from certificate_fts where certificate_fts match ? order by rowid';
