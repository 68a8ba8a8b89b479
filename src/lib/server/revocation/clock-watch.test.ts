import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../calendar.ts';
import { judgeClock, SIGNED, type Reading } from './clock-watch.ts';
import { clockSentence } from './clock-words.ts';

const NOW = Date.parse('2026-11-22T07:05:00Z');
/** Each host belongs to a CA of its own, unless said otherwise. */
const reading = (host: string, offset: number, ago = MINUTE, tops: readonly string[] = [host]): Reading => ({
  host,
  offset,
  at: NOW - ago,
  order: -ago,
  tops,
});
const under = (top: string, host: string, offset: number): Reading => reading(host, offset, MINUTE, [top]);

describe('our own clock', () => {
  test('nobody answered in the last hour: nothing is known, nothing is frozen', () => {
    expect(judgeClock([reading('a', 20 * MINUTE, 2 * HOUR)], NOW)).toMatchObject({ state: 'unknown', offset: null });
  });

  test.each([
    [[0, 500], 'ok'],
    [[61_000, 65_000], 'warn'],
    [[-61_000, -65_000], 'warn'],
    [[5 * MINUTE, 5 * MINUTE], 'warn'],
    [[5 * MINUTE + 1, 6 * MINUTE], 'frozen'],
    [[-6 * MINUTE, -9 * MINUTE], 'frozen'],
    // One of two lies: the two do not agree that we are wrong.
    [[0, 3 * HOUR], 'ok'],
    [[-3 * HOUR, 3 * HOUR], 'ok'],
    // One of three lies, or two of five.
    [[0, 1000, 3 * HOUR], 'ok'],
    [[0, 0, 0, 3 * HOUR, 3 * HOUR], 'ok'],
    // Half of four lie: the middle nearer to us counts.
    [[0, 0, 3 * HOUR, 3 * HOUR], 'ok'],
    [[6 * MINUTE, 6 * MINUTE, 0], 'frozen'],
  ] as const)('hosts that are off by %j make it %s', (offsets, state) => {
    const readings = offsets.map((offset, i) => reading(`host${i}`, offset));
    expect(judgeClock(readings, NOW).state).toBe(state);
  });

  test('a single server never freezes us by itself, however often it repeats itself', () => {
    const readings = Array.from({ length: 50 }, (_, i) => reading('a', 3 * HOUR, i * MINUTE));
    expect(judgeClock(readings.slice(0, 1), NOW).state).toBe('unknown');
    expect(judgeClock(readings, NOW).state).toBe('warn');
    // Many names of one liar's host are one host only when they are one name; what it signs is what proves.
    expect(judgeClock(readings, NOW, true).state).toBe('frozen');
    // A signed time ahead of us proves that we are behind, never that we are ahead.
    const ahead = readings.map((r) => ({ ...r, offset: -3 * HOUR }));
    expect(judgeClock(ahead, NOW, true).state).toBe('warn');
  });

  test('a responder that signs the time has one vote, not a second one beside its own host', () => {
    const evil = [under('ca', 'evil', -10 * MINUTE), under('ca', 'signed:key', -10 * MINUTE)];
    expect(judgeClock([under('ca', 'honest', 0), ...evil], NOW)).toMatchObject({ state: 'ok', hosts: 2 });
    expect(judgeClock([under('root', 'honest', 0), ...evil], NOW)).toMatchObject({ state: 'ok', hosts: 2 });
    expect(judgeClock(evil, NOW)).toMatchObject({ state: 'frozen', hosts: 2 });
  });

  test('one CA has one vote, however many names its hosts bear; and one host has one, for however many CAs', () => {
    const many = ['e1', 'e2', 'e3'].map((host) => under('evil', host, -10 * MINUTE));
    expect(judgeClock([...many, under('ca', 'honest', 0)], NOW)).toMatchObject({ state: 'ok', offset: 0, hosts: 4 });
    expect(judgeClock([...many, under('ca', 'honest', -10 * MINUTE)], NOW).state).toBe('frozen');
    // A cross-certificate over the honest CA takes its vote away from nobody.
    const crossed = reading('honest', 0, MINUTE, ['ca', 'evil']);
    expect(judgeClock([...many, crossed], NOW).state).toBe('ok');
    const server = ['root', 'ca', 'other'].map((top) => under(top, 'server', -10 * MINUTE));
    expect(judgeClock([...server, under('ca', 'honest', 0)], NOW).state).toBe('ok');
    expect(judgeClock(server, NOW).state).toBe('warn');
  });

  test('one organisation that was heard alone freezes nothing while others could be heard', () => {
    const one = ['a', 'b', 'signed:key'].map((host) => under('only', host, 10 * MINUTE));
    for (const signed of [false, true]) {
      expect(judgeClock(one, NOW, signed, () => true).state).toBe('warn');
      expect(judgeClock(one, NOW, signed, () => false).state).toBe('frozen');
    }
    expect(judgeClock([...one, under('second', 'c', 10 * MINUTE)], NOW, false, () => true).state).toBe('frozen');
    expect(judgeClock([...one, under('second', 'c', 0)], NOW, false, () => true).state).toBe('ok');
  });

  test('who gave nothing that verifies can warn, where nobody else was heard, and freezes nothing', () => {
    const rubbish = ['e1', 'e2', 'e3'].map((host) => reading(host, -10 * MINUTE, MINUTE, []));
    expect(judgeClock(rubbish, NOW).state).toBe('warn');
    expect(judgeClock([...rubbish, reading('honest', 0)], NOW)).toMatchObject({ state: 'ok', offset: 0, hosts: 1 });
  });

  test('a clock that was put right is believed with the next answers, and one that stepped back forgets the future', () => {
    const wrong = ['a', 'b'].map((host) => reading(host, 20 * MINUTE, 30 * MINUTE));
    const right = ['a', 'b'].map((host) => reading(host, 0));
    expect(judgeClock(wrong, NOW).state).toBe('frozen');
    expect(judgeClock([...right, ...wrong], NOW).state).toBe('ok');
    const future = ['a', 'b'].map((host) => reading(host, -20 * MINUTE, -20 * MINUTE));
    expect(judgeClock(future, NOW).state).toBe('unknown');
  });
});

describe('one server alone beside what a key once signed', () => {
  const signed = reading(`${SIGNED}k`, 0, 40 * MINUTE, ['a']);
  const since = (ago: readonly number[], offset = 20 * MINUTE) => ago.map((n) => reading('a', offset, n * MINUTE));

  test('what was signed before our clock jumped does not outvote what the server says ever since', () => {
    const readings = [reading('a', 0, 41 * MINUTE), signed, ...since([30, 20, 10, 1])];
    expect(judgeClock(readings, NOW)).toMatchObject({ state: 'warn', servers: 1 });
    expect(judgeClock(readings, NOW, true).state).toBe('frozen');
  });

  test('nor where our clock was set back, so that it bears a later time than what came after it', () => {
    const later = since([30, 20, 10, 1]).map((one, i) => ({ ...one, order: i + 1 }));
    const before = [
      { ...reading('a', 0, 5 * MINUTE), order: -1 },
      { ...signed, at: NOW - 4 * MINUTE, order: 0 },
    ];
    expect(judgeClock([...before, ...later], NOW).state).toBe('warn');
  });

  test('what was signed since contradicts it, and what agrees bears it out', () => {
    const now = reading(`${SIGNED}k`, 0, 5 * MINUTE, ['a']);
    expect(judgeClock([...since([30, 20, 10, 1]), now], NOW).state).toBe('ok');
    expect(judgeClock([...since([30, 20, 10, 1]), { ...now, offset: 20 * MINUTE }], NOW).state).toBe('frozen');
  });
});

test('computers are counted for people, not what a key signed; minutes are rounded, and the side is named', () => {
  const lone = judgeClock([reading('a', 500), reading(`${SIGNED}k`, 200, MINUTE, ['a'])], NOW);
  expect(lone).toMatchObject({ state: 'ok', servers: 1 });
  expect(clockSentence(lone)).toBe('Jam server ini cocok dengan 1 server lain.');
  const off = (offset: number) => clockSentence({ state: 'frozen', offset, servers: 2 });
  expect(off(10 * MINUTE - 1000)).toContain('tertinggal 10 menit dari 2 server lain');
  expect(off(-10 * MINUTE + 1000)).toContain('lebih cepat 10 menit daripada 2 server lain');
});
