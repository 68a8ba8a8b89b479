import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import * as evaluations from '../evaluations/index.ts';
import type { AppError } from '../errors.ts';
import { everyArticle } from './articles.ts';
import { functions } from './functions.ts';
import * as compliance from './index.ts';
import { rules } from './state.ts';

/** Ayat and huruf of the regulation, counted in its text. */
const PARTS: Record<string, string[]> = {
  3: [...'abcdefgh'],
  4: [...'abcd'],
  5: ['-1', '-2a', '-2b', '-2c'],
  6: [...'abcdefg'],
  7: ['-1', '-2'],
  8: ['-1-a', '-1-b', '-1-c', '-1-d', '-1-e', '-1-f', '-2', '-3', '-4', '-5'],
  9: [...'abcde'],
  10: [...'abcd'],
  12: [...'abcdefg'],
  14: [...'abcd'],
  18: [...'abc'],
  19: ['-1', '-2a', '-2b'],
  20: ['-1', '-2'],
  21: ['-1', '-2'],
  23: ['-1', '-2'],
};

describe('the articles', () => {
  test('cover every Pasal 1–24 with every ayat and huruf, once', () => {
    expect([...new Set(everyArticle.map((a) => a.pasal))]).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    const keys = everyArticle.map((a) => a.key);
    expect(new Set(keys).size).toBe(keys.length);
    for (let pasal = 2; pasal <= 24; pasal++) {
      const expected = (PARTS[pasal] ?? ['']).map((part) => `${pasal}${part}`);
      expect(everyArticle.filter((a) => a.pasal === pasal).map((a) => a.key)).toEqual(expected);
    }
  });

  test('name a rule that exists, or say that they are background or absent', () => {
    for (const article of everyArticle) {
      if (article.rule) expect(rules, article.key).toHaveProperty(article.rule);
      else expect(['background', 'absent'], article.key).toContain(article.without);
      if (article.class === 'C') expect(article.rule, `core article ${article.key}`).not.toBeNull();
    }
    const used = new Set(everyArticle.map((a) => a.rule));
    expect(Object.keys(rules).filter((rule) => !used.has(rule))).toEqual([]);
  });

  test('what is not in Siaga yet says so', () => {
    const world = makeWorld();
    const all = compliance.articles(world.person('auditor')).chapters.flatMap((c) => c.articles);
    const stateOf = (key: string) => all.find((a) => a.key === key)!.state;
    expect(['8-2', '8-3', '8-5', '6e', '23-1'].map(stateOf)).toEqual(Array(5).fill('absent'));
    expect(stateOf('24')).toBe('background');
  });

  test('an empty Siaga fulfils nothing that rests on rows', () => {
    const world = makeWorld();
    const all = compliance.articles(world.person('auditor')).chapters.flatMap((c) => c.articles);
    const met = all.filter((a) => a.state === 'met').map((a) => a.key);
    // Every act asks for a right, from the first day on; an account is no audit, and no refused key no proof of care.
    expect(met).toEqual(['14a']);
  });

  test('states follow the rows: coverage of the semester and the checked trail', () => {
    const world = makeWorld();
    agencies.seed(world.ctx());
    const supervisor = world.person('supervisor');
    const at = (key: string) =>
      compliance
        .articles(supervisor)
        .chapters.flatMap((c) => c.articles)
        .find((a) => a.key === key)!;
    expect(at('18b')).toMatchObject({ state: 'action', figure: 'evaluasi 2026-S2 belum dibuka' });
    expect(at('1-4')).toMatchObject({ state: 'met', figure: '110 Perangkat Daerah, 10 unit' });
    evaluations.openRound(supervisor, '2026-S2');
    expect(at('18b')).toMatchObject({ state: 'running', figure: '0 dari 110 PD, 2026-S2' });
    world.clock.advance(30 * DAY);
    evaluations.review(
      supervisor,
      '2026-S2',
      evaluations.round(supervisor, '2026-S2').sheets.map((s) => s.agency.code),
    );
    expect(at('18b')).toMatchObject({ state: 'met', figure: '110 dari 110 PD, 2026-S2' });
    expect(at('14c').state).toBe('action');
    audit.check(supervisor);
    expect(at('14c').state).toBe('met');
    world.clock.advance(2 * DAY);
    expect(at('14c').state).toBe('action');
  });

  test('an annual report that was not sent by its day needs action', () => {
    const late = makeWorld();
    const all = compliance.articles(late.person('auditor')).chapters.flatMap((c) => c.articles);
    expect(all.find((a) => a.key === '18c')).toMatchObject({ state: 'action', figure: '2025: 0 dari 4 penerima' });
    const early = makeWorld(Date.parse('2026-01-15T03:00:00Z'));
    const january = compliance.articles(early.person('auditor')).chapters.flatMap((c) => c.articles);
    expect(january.find((a) => a.key === '18c')!.state).toBe('running');
  });

  test('are not for agency officers', () => {
    const world = makeWorld();
    expect(() => compliance.articles(world.person('officer'))).toThrow(
      expect.objectContaining({ code: 'forbidden' } satisfies Partial<AppError>),
    );
  });

  test('the counts add up to the rows', () => {
    const { counts, chapters } = compliance.articles(makeWorld().person('head'));
    expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(chapters.flatMap((c) => c.articles).length);
  });
});

test('every function of the matrix names tests that exist', () => {
  const top = path.resolve(import.meta.dirname, '../../../..');
  for (const row of functions) {
    expect(row.tests.length, row.function).toBeGreaterThan(0);
    for (const file of row.tests) expect(existsSync(path.join(top, file)), file).toBe(true);
  }
});
