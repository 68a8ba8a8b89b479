// Which passwords are accepted: long enough and not guessable. NIST SP 800-63B-4 §3.1.1.2: a blocklist of common,
// expected and own-name words; no rules of composition, no expiry. At least 12 characters is kebijakan Dinas.
import { COMMON_WORDS } from './common-words.ts';

export const MIN_LENGTH = 12;
const MAX_LENGTH = 256;

/** What must be left when guessable parts are taken away. */
const MIN_REST = 6;

export type Owner = { name: string; email: string };

/**
 * What is wrong with a password, as a sentence for the field; null when it is accepted.
 * @param owner whose password it becomes: own name and address do not count as secret
 */
export function weakness(password: string, owner: Owner): string | null {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length < MIN_LENGTH)
    return `Terlalu pendek: ${length} dari sedikitnya ${MIN_LENGTH} karakter. Kalimat pendek mudah diingat.`;
  if (length > MAX_LENGTH) return `Terlalu panjang: paling banyak ${MAX_LENGTH} karakter.`;
  const plain = deleet(text);
  if (/^[\d\s./+-]*$/.test(text)) return 'Hanya angka (NIP, nomor HP, tanggal) mudah ditebak. Pakai beberapa kata.';
  if (rest(plain, ownWords(owner)).length < MIN_REST && rest(plain, []).length >= MIN_REST) {
    return 'Terlalu dekat dengan nama atau surel Anda. Pilih kata-kata lain.';
  }
  if (rest(plain, [...ownWords(owner), ...COMMON_WORDS]).length < MIN_REST) {
    return 'Kata sandi ini termasuk yang paling sering ditebak. Pakai tiga atau empat kata yang tidak berkaitan.';
  }
  return null;
}

/** Lower case, with the usual letter substitutes read as letters. */
const deleet = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[@4]/g, 'a')
    .replace(/0/g, 'o')
    .replace(/3/g, 'e')
    .replace(/[$5]/g, 's')
    .replace(/[1!|]/g, 'i');

const ownWords = (owner: Owner): string[] =>
  [owner.email, ...`${owner.name} ${owner.email}`.split(/[^\p{L}]+/u)].map(deleet).filter((word) => word.length >= 3);

/** What remains of a text without the words, runs (abcd, 9876, qwerty), repeats, punctuation and years. */
function rest(text: string, words: readonly string[]): string {
  let left = text;
  for (const word of words.toSorted((a, b) => b.length - a.length)) left = left.replaceAll(word, ' ');
  left = left.replace(/(.{1,4})\1{2,}/g, '$1');
  return withoutRuns(left).replace(/[^\p{L}\p{N}]/gu, '');
}

const KEYBOARD = ['abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'oi2eas6789o'];
const RUNS = KEYBOARD.flatMap((row) => [row, [...row].reverse().join('')]);

/** Takes away runs of four and more characters that stand side by side in the alphabet or on the keyboard. */
function withoutRuns(text: string): string {
  let kept = '';
  for (let i = 0; i < text.length;) {
    let length = 4;
    const runs = (n: number) => i + n <= text.length && RUNS.some((row) => row.includes(text.slice(i, i + n)));
    if (!runs(length)) {
      kept += text[i];
      i += 1;
      continue;
    }
    while (runs(length + 1)) length += 1;
    i += length;
  }
  return kept;
}
