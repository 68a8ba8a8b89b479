import { describe, expect, test } from 'vitest';
import { DAY, endOfDay } from '../calendar.ts';
import { ageBucket, raised, standing, type Step, type StepKind } from './follow-up.ts';

const DUE = '2026-11-30';
const END = endOfDay(DUE);
const step = (kind: StepKind, at: number, more: Partial<Step> = {}): Step => ({
  kind,
  at,
  by: 'user:a',
  dueOn: null,
  code: null,
  ...more,
});

describe('the life of a finding', () => {
  test('states follow the steps', () => {
    const steps: Step[] = [];
    const state = () => standing(DUE, steps, END - DAY).state;
    expect(state()).toBe('open');
    steps.push(step('planned', 1));
    expect(state()).toBe('planned');
    steps.push(step('progressed', 2));
    expect(state()).toBe('in_progress');
    steps.push(step('submitted', 3));
    expect(state()).toBe('submitted');
    steps.push(step('returned', 4, { code: 2 }));
    expect(state()).toBe('in_progress');
    steps.push(step('submitted', 5), step('closed', 6, { code: 1, by: 'user:b' }));
    expect(state()).toBe('closed');
  });

  test.each<[string, Step[], number, boolean, boolean | null]>([
    ['not due yet', [], END, false, null],
    ['overdue a millisecond after the day', [], END + 1, true, false],
    ['handed in on the last millisecond', [step('submitted', END)], END + DAY, false, true],
    ['handed in late', [step('submitted', END + 1)], END + DAY, false, false],
    ['returned work does not count', [step('submitted', END), step('returned', END + 2)], END + DAY, true, false],
    [
      'an extension moves the day',
      [step('extension_asked', 1, { dueOn: '2026-12-31' }), step('extension_granted', 2, { dueOn: '2026-12-31' })],
      END + DAY,
      false,
      null,
    ],
    [
      'a refused extension does not',
      [step('extension_asked', 1, { dueOn: '2026-12-31' }), step('extension_refused', 2)],
      END + DAY,
      true,
      false,
    ],
  ])('%s', (_, steps, now, overdue, onTime) => {
    expect(standing(DUE, steps, now)).toMatchObject({ overdue, onTime });
  });

  test('everybody who planned, did or recorded is named as a doer', () => {
    const steps = [
      step('planned', 1, { by: 'user:a' }),
      step('submitted', 2, { by: 'user:c' }),
      step('returned', 3, { by: 'user:s' }),
    ];
    expect(standing(DUE, steps, 4).doers).toEqual(['user:a', 'user:c']);
  });

  test('ageing has its edges and a relapse is more serious', () => {
    expect([0, 30, 31, 60, 61, 90, 91, 180, 181, 4000].map(ageBucket)).toEqual([
      '0-30',
      '0-30',
      '31-60',
      '31-60',
      '61-90',
      '61-90',
      '91-180',
      '91-180',
      '180+',
      '180+',
    ]);
    expect([raised('low'), raised('medium'), raised('high')]).toEqual(['medium', 'high', 'high']);
  });
});
