// Finds people whose name is like one given, in a register of any size.
import { MINUTE } from '../calendar.ts';
import { connection, type Db } from '../db/index.ts';
import * as store from './match-store.ts';
import { likeness, skeleton, type Likeness } from './name-likeness.ts';

/** A register of more names than this is not read for every page. */
const LARGE = 5000;

/** @param among who is looked at; none: everybody */
export type Finder = (key: string, cnLength: number, among?: (holderId: string) => boolean) => Fit[];
const finders = new WeakMap<object, { readAt: number; find: Finder }>();

/** A finder over the whole register; of a large one the names are read once a minute. */
export function finderOf(db: Db, now: number): Finder {
  const known = finders.get(connection(db));
  if (known && now >= known.readAt && now - known.readAt < MINUTE) return known.find;
  const names = store.names(db);
  const find = fitFinder(names);
  if (names.size > LARGE) finders.set(connection(db), { readAt: now, find });
  return find;
}

export type Fit = { holderId: string; score: number; why: Likeness[] };

/**
 * A finder of people whose name is like one given. Words are looked up by the beginning of their sound, so that a
 * register of many thousands is not compared name by name.
 */
export function fitFinder(byName: ReadonlyMap<string, readonly string[]>): Finder {
  const keysBySound = new Map<string, string[]>();
  for (const key of byName.keys()) {
    for (const word of new Set(key.split(' ').map(sound))) {
      const keys = keysBySound.get(word);
      if (keys) keys.push(key);
      else keysBySound.set(word, [key]);
    }
  }
  return (key, cnLength, among) => {
    const bearers = (name: string) => (among ? byName.get(name)!.filter(among) : byName.get(name)!);
    const shared = new Map<string, number>();
    for (const word of new Set([...key.split(' '), key.replaceAll(' ', '')].map(sound))) {
      for (const other of keysBySound.get(word) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    const near = [...shared]
      .filter(([other]) => !among || byName.get(other)!.some(among))
      .sort((a, b) => b[1] - a[1])
      .slice(0, 400);
    const fits = new Map<string, Fit>();
    for (const [other] of near) {
      const like = likeness(key, other, cnLength);
      if (!like) continue;
      for (const holderId of bearers(other)) {
        const known = fits.get(holderId);
        if (!known || known.score < like.score) fits.set(holderId, { holderId, ...like });
      }
    }
    return [...fits.values()].sort((a, b) => b.score - a.score || a.holderId.localeCompare(b.holderId));
  };
}

const sound = (word: string) => skeleton(word).slice(0, 3);
