// A report of a period that still runs, of rounds that are still open, and of reports that came late.
import { expect, test } from 'vitest';
import { buildCity } from '#tests/support/report-city.ts';
import { makeWorld } from '#tests/support/world.ts';
import { breakdownOf } from './breakdown.ts';
import { dutiesOf } from './duties.ts';
import { readFacts } from './facts.ts';
import { figureOf } from './figures.ts';
import * as reports from './index.ts';
import * as store from './store.ts';

const DEADLINES = { annualReport: '02-28', utilisationReport: '02-28' };
function city() {
  const world = makeWorld();
  buildCity(world, 60);
  return { world, maker: world.person('supervisor'), head: world.person('head') };
}
async function draft(period: string) {
  const { world, maker, head } = city();
  const { id } = reports.requestReport(maker, { kind: 'annual-mayor', period });
  await reports.buildRequested(world.ctx());
  return { world, head, id, hash: reports.get(head, id).report.contentHash! };
}

test('a report of a year that still runs is approved only as an interim one, and meets no duty', async () => {
  const { world, head, id, hash } = await draft('2026');
  expect(reports.get(head, id).interim).toBe(true);
  expect(() => reports.approve(head, id, hash)).toThrow(/belum berakhir/);
  reports.approve(head, id, hash, true);
  await reports.buildRequested(world.ctx());
  expect(reports.get(head, id).report.state).toBe('approved');
  const duty = dutiesOf(readFacts(world.ctx(), '2026'), store.standings(world.db), DEADLINES);
  expect(duty.find((d) => d.basis === 'Pasal 18 huruf c')!.state).toBe('1 dari 4 sementara');
});

test('a report of a period that ended is no interim one', async () => {
  const { head, id, hash } = await draft('2026-S1');
  expect(reports.get(head, id).interim).toBe(false);
  reports.approve(head, id, hash);
});

test('an agency is evaluated once its round is closed; sheets of an open round are reviewed, no more', () => {
  const { world } = city();
  const year = readFacts(world.ctx(), '2026');
  expect(figureOf(year, 'F-16').numerator).toBe(year.agencies.length);
  const half = readFacts(world.ctx(), '2026-S2');
  expect(half.sheets.some((s) => s.period === '2026-S2' && s.reviewedAt !== null)).toBe(true);
  expect(figureOf(half, 'F-16').numerator).toBe(0);
  expect(figureOf(half, 'F-17').value).toBeNull();
  expect(dutiesOf(year, [], DEADLINES)[0]!.state).toMatch(/^berjalan: \d+ dari \d+ PD ditinjau$/);
});

test('a request for technical help is no report by Pasal 19(1), and every late report is listed', () => {
  const { world } = city();
  const facts = readFacts(world.ctx(), '2026');
  const help = facts.obligations.map((o) => ({ ...o, id: `${o.id}-h`, stage: 'technical_help', metAt: null }));
  const more = { ...facts, obligations: [...facts.obligations, ...help] };
  expect(figureOf(more, 'F-13')).toEqual(figureOf(facts, 'F-13'));
  expect(breakdownOf(more).incidentsByType).toEqual(breakdownOf(facts).incidentsByType);
  const { numerator, denominator } = figureOf(facts, 'F-13');
  expect(breakdownOf(more).late).toHaveLength(denominator! - numerator!);
});
