// Whether a name on a certificate is surely the misspelt name of one person of the register. Pure. It is stricter than
// `likeness`, which only orders candidates for a person who looks: what this finds is accepted in bulk, so that a doubt is
// a decision and never a proposal.
import { distance, sameFamily, skeleton, type Likeness } from './name-likeness.ts';

/**
 * How sure one difference is. `spelling`: another way to write the same name. `slip`: an initial, a letter lost, doubled,
 * swapped or mistaken inside a word; another name might look so, hence it needs more that speaks for it.
 */
export type Nearness = { kind: 'spelling' | 'slip'; why: Likeness; words: number };

/** Letters a slip may be in: shorter words are too often other names (ANI, ADI). */
const LONG = 5;

/**
 * @param name key of the certificate's CN @param person key of the person's name
 * @param words every word of the register's names: what stands there is somebody's name and no slip of the pen
 * @returns null when the names differ in more than one way, or in a way that tells people apart
 */
export function nearness(name: string, person: string, words: ReadonlySet<string>): Nearness | null {
  const a = name.split(' ');
  const b = person.split(' ');
  const count = b.length;
  if (count < 2 || name === person) return null;
  if (a.join('') === b.join('')) return { kind: 'spelling', why: 'spelling', words: count };
  if (a.length !== b.length) return null;
  const places = a.flatMap((word, i) => (word === b[i] ? [] : [i]));
  if (a.toSorted().join(' ') === b.toSorted().join(' ')) return { kind: 'spelling', why: 'order', words: count };
  let slip: Likeness | null = null;
  let why: Likeness = 'spelling';
  for (const i of places) {
    const [written, meant] = [a[i]!, b[i]!];
    if (sameFamily(written, meant)) why = 'abbreviation';
    else if (isRespelt(written, meant, words)) continue;
    else {
      const found = slipOf(written, meant, words);
      if (!found || slip) return null;
      slip = found;
    }
  }
  // A slip needs a name around it that is right: at least one other word, and no other change.
  if (slip) return places.length === 1 ? { kind: 'slip', why: slip, words: count } : null;
  return { kind: 'spelling', why, words: count };
}

/** NURHAYATI and NOERHAJATI, HALIMAH and HALIMA: one sound, and nobody in the register writes it as here. */
const isRespelt = (written: string, meant: string, words: ReadonlySet<string>): boolean =>
  written.length > 2 && ending(skeleton(written)) === ending(skeleton(meant)) && !words.has(written);
const ending = (word: string): string => word.replace(/([AI])H$/, '$1').replace(/IA$/, 'IYA');

function slipOf(written: string, meant: string, words: ReadonlySet<string>): Likeness | null {
  if (written.length === 1) return meant.startsWith(written) ? 'abbreviation' : null;
  if (words.has(written) || Math.min(written.length, meant.length) < LONG || written[0] !== meant[0]) return null;
  if (distance(written, meant, 1) > 1) return null;
  // HENDRA and HENDRI, YANTO and YANTI are two people: the last letter tells them apart.
  return written.at(-1) === meant.at(-1) ? 'spelling' : null;
}
