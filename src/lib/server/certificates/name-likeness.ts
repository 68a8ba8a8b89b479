// How like two names are, and why: a certificate writes "MUH RIZKY PRATAMA", the personnel list "Muhammad Rizki Pratama".
// Pure: name keys (names.ts) in, a score and its reasons out. It never decides; a person does, from what it proposes.

export type Likeness = 'same' | 'truncated' | 'abbreviation' | 'spelling' | 'order' | 'part';
export type Like = { score: number; why: Likeness[] };

/** ub-common-name of X.520 (RFC 5280 appendix A.1): a longer name is cut off here. */
const CN_LIMIT = 64;

/** Words that stand for one another in Indonesian names; the first is the long form. */
const FAMILIES = [
  'MUHAMMAD MUHAMAD MOHAMMAD MOHAMAD MUCHAMMAD MUCHAMAD MOCHAMMAD MOCHAMAD MOHAMMED MUHAMMED MUH MOH MUHD MOHD MHD MOCH MUCH MD',
  'ABDUL ABD ABDOEL',
  'ACHMAD AHMAD AHMED AKHMAD',
  'SITI ST STI',
  'NUR NOER NOOR',
  'TENGKU TEUKU TGK TENGKOE',
].map((words) => words.split(' '));
const LONG_FORM = new Map(FAMILIES.flatMap((words) => words.map((word) => [word, words[0]!] as const)));

/** Whether two words are forms of one: MUH. and MUHAMMAD, ABD. and ABDUL. */
export const sameFamily = (a: string, b: string): boolean => LONG_FORM.has(a) && LONG_FORM.get(a) === LONG_FORM.get(b);

/** Sounds are asked for millions of times, of the same few thousand words. */
const sounds = new Map<string, string>();
const MOST_SOUNDS = 20_000;

/** The sound of a word, roughly: old and new spelling, doubled letters and silent h come together. */
export function skeleton(word: string): string {
  const known = sounds.get(word);
  if (known !== undefined) return known;
  if (sounds.size >= MOST_SOUNDS) sounds.clear();
  const sound = soundOf(word);
  sounds.set(word, sound);
  return sound;
}

const soundOf = (word: string): string =>
  (LONG_FORM.get(word) ?? word)
    .replace(/OE/g, 'U')
    .replace(/DJ/g, 'J')
    .replace(/TJ/g, 'C')
    .replace(/SJ|SH/g, 'SY')
    .replace(/NJ/g, 'NY')
    .replace(/KH|CH|Q/g, 'K')
    .replace(/PH|V/g, 'F')
    .replace(/([DTBG])H/g, '$1')
    .replace(/SY/g, 'S')
    .replace(/[YJ](?=[^AEIOU]|$)/g, 'I')
    .replace(/Z/g, 'S')
    .replace(/(.)\1+/g, '$1');

/** Optimal string alignment distance (a swap of neighbours counts one), given up beyond `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, before[j - 2]! + 1);
      row.push(value);
      least = Math.min(least, value);
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length]!;
}

type WordLike = { weight: number; why: Likeness | null };

function wordLike(a: string, b: string): WordLike | null {
  if (a === b) return { weight: 1, why: null };
  if (sameFamily(a, b)) return { weight: 0.95, why: 'abbreviation' };
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 1) return long.startsWith(short) ? { weight: 0.6, why: 'abbreviation' } : null;
  if (skeleton(a) === skeleton(b)) return { weight: 0.9, why: 'spelling' };
  if (short.length >= 3 && short.length <= 4 && long.length >= 6 && long.startsWith(short)) {
    return { weight: 0.7, why: 'abbreviation' };
  }
  const limit = short.length >= 8 ? 2 : short.length >= 5 ? 1 : 0;
  return limit && distance(a, b, limit) <= limit ? { weight: 0.8, why: 'spelling' } : null;
}

/**
 * How like the name on a certificate is to a person's. Every word of the shorter name must have its match in the longer
 * one. @param name key of the certificate's CN @param cnLength length of the CN itself, to know a cut-off one
 * @returns null when they are not alike; score 0–100
 */
export function likeness(name: string, person: string, cnLength = name.length): Like | null {
  if (!name || !person) return null;
  if (name === person) return { score: 100, why: ['same'] };
  if (cnLength >= CN_LIMIT - 1 && person.startsWith(name)) return { score: 95, why: ['truncated'] };
  const a = name.split(' ');
  const b = person.split(' ');
  if (a.join('') === b.join('')) return { score: 95, why: ['spelling'] };
  const found = paired(a, b);
  if (!found) return null;
  const { weight, whole, why, longest } = found;
  // One common word is no likeness; a person of one name only matches that name.
  if (whole < Math.min(2, longest)) return null;
  const score = Math.round((100 * weight) / longest) - (why.has('order') ? 5 : 0);
  return { score: Math.min(score, 94), why: [...why] };
}

/** Whether two names can be one person's at all: every word of the shorter has its like in the longer, initials too. */
export const reconcilable = (a: string, b: string): boolean => paired(a.split(' '), b.split(' ')) !== null;

/** Each word of the shorter name with its best match in the longer; null: one has none. */
function paired(a: readonly string[], b: readonly string[]) {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const used = new Set<number>();
  const why = new Set<Likeness>();
  let weight = 0;
  let whole = 0;
  let lastIndex = -1;
  for (const word of short) {
    let best: (WordLike & { index: number }) | null = null;
    for (let index = 0; index < long.length; index++) {
      if (used.has(index)) continue;
      const like = wordLike(word, long[index]!);
      if (like && (!best || like.weight > best.weight)) best = { ...like, index };
    }
    if (!best) return null;
    used.add(best.index);
    weight += best.weight;
    if (best.weight > 0.6) whole += 1;
    if (best.why) why.add(best.why);
    if (best.index < lastIndex) why.add('order');
    lastIndex = best.index;
  }
  if (short.length < long.length) why.add('part');
  return { weight, whole, why, longest: long.length };
}
