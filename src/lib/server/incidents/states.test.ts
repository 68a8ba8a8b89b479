import { describe, expect, test } from 'vitest';
import { progressOf, type TransmissionFact } from './grades.ts';
import { momentOf } from './moment.ts';
import { LEVELS, severityOf, TABLE } from './severity.ts';
import { alike } from './similar.ts';
import { stateOf, track, type StateFacts } from './states.ts';

const none: StateFacts = {
  course: 'exposure',
  openedAt: 0,
  assignedAt: null,
  assessedAt: null,
  preservedAt: null,
  recoveredAt: null,
  revocations: [],
  obligations: [{ settledAt: null }, { settledAt: null }],
  verdicts: [],
};
const asked = { forwardedAt: null, seenAt: null, exceptionAt: null };
const handled = { ...none, assignedAt: 1, assessedAt: 2 };

describe('a state follows from the facts', () => {
  const cases: [string, Partial<StateFacts>, string][] = [
    ['nothing but the report', none, 'reported'],
    ['a handler is named', { ...none, assignedAt: 1 }, 'triaged'],
    ['severity without handler changes nothing', { ...none, assessedAt: 1 }, 'reported'],
    ['severity is judged', handled, 'handled'],
    ['a revocation is asked for but not forwarded', { ...handled, revocations: [asked] }, 'handled'],
    ['it was forwarded with a number', { ...handled, revocations: [{ ...asked, forwardedAt: 3 }] }, 'contained'],
    ['one of two was forwarded', { ...handled, revocations: [{ ...asked, forwardedAt: 3 }, asked] }, 'handled'],
    [
      'it was seen on a verified CRL',
      { ...handled, revocations: [{ ...asked, forwardedAt: 3, seenAt: 4 }] },
      'recovered',
    ],
    ['it was seen before anybody forwarded it', { ...handled, revocations: [{ ...asked, seenAt: 4 }] }, 'recovered'],
    ['an exception is documented', { ...handled, revocations: [{ ...asked, exceptionAt: 4 }] }, 'recovered'],
    [
      'both heads were told',
      { ...handled, revocations: [{ ...asked, seenAt: 4 }], obligations: [{ settledAt: 5 }, { settledAt: 6 }] },
      'reviewed',
    ],
    [
      'one head was told',
      { ...handled, revocations: [{ ...asked, seenAt: 4 }], obligations: [{ settledAt: 5 }, { settledAt: null }] },
      'recovered',
    ],
    ['both told but not yet revoked', { ...handled, obligations: [{ settledAt: 5 }, { settledAt: 6 }] }, 'handled'],
    ['a plain incident is contained once handled', { ...handled, course: 'plain' }, 'contained'],
    ['a plain incident recovers by record', { ...handled, course: 'plain', recoveredAt: 3 }, 'recovered'],
    [
      'a plain incident with a revocation waits for it',
      { ...handled, course: 'plain', recoveredAt: 3, revocations: [asked] },
      'contained',
    ],
    ['a dispute waits until the document is preserved', { ...handled, course: 'dispute', recoveredAt: 3 }, 'handled'],
    ['a dispute is preserved', { ...handled, course: 'dispute', preservedAt: 3 }, 'contained'],
    ['no incident at all', { ...handled, verdicts: [{ kind: 'not_incident', at: 9 }] }, 'not_incident'],
    ['a duplicate', { ...handled, verdicts: [{ kind: 'duplicate', at: 9 }] }, 'duplicate'],
    [
      'closed and opened again',
      {
        ...handled,
        verdicts: [
          { kind: 'closed', at: 8 },
          { kind: 'reopened', at: 9 },
        ],
      },
      'handled',
    ],
  ];
  test.each(cases)('%s', (_, facts, state) => expect(stateOf({ ...none, ...facts })).toBe(state));

  test('no step of the track is earlier than the one before it', () => {
    const steps = track({ ...handled, assignedAt: 7, revocations: [{ ...asked, forwardedAt: 3, seenAt: 4 }] });
    expect(steps.map((s) => s.at)).toEqual([0, 7, 7, 7, 7, null, null]);
  });
});

describe('the severity table', () => {
  test('never falls when impact or urgency rises', () => {
    for (let impact = 1; impact <= 4; impact += 1) {
      for (let urgency = 1; urgency <= 4; urgency += 1) {
        const level = LEVELS.indexOf(TABLE[impact - 1]![urgency - 1]!);
        if (impact < 4) expect(LEVELS.indexOf(TABLE[impact]![urgency - 1]!)).toBeGreaterThanOrEqual(level);
        if (urgency < 4) expect(LEVELS.indexOf(TABLE[impact - 1]![urgency]!)).toBeGreaterThanOrEqual(level);
      }
    }
  });
  test('a high office raises by one and never above critical', () => {
    expect(severityOf({ impact: 1, urgency: 1, highOffice: true })).toBe('medium');
    expect(severityOf({ impact: 4, urgency: 4, highOffice: true })).toBe('critical');
    expect(() => severityOf({ impact: 5, urgency: 1, highOffice: false })).toThrow(RangeError);
  });
});

describe('grades of an obligation', () => {
  const mail = (state: 'held' | 'queued' | 'sent' | 'failed', at = 10): TransmissionFact => ({
    channel: 'email',
    at: 5,
    mail: { state, sentAt: state === 'sent' ? at : null, lastAt: state === 'failed' ? at : null, uncertain: false },
  });
  const of = (transmissions: TransmissionFact[], receipts: { grade: number; at: number }[] = []) =>
    progressOf({ preparedAt: 1, transmissions, receipts });

  test('a draft is prepared, a queued mail waits, a held one says so', () => {
    expect(of([]).grade).toBe(0);
    expect(of([mail('queued')])).toMatchObject({ grade: 1, metAt: null, held: false });
    expect(of([mail('held')])).toMatchObject({ grade: 1, metAt: null, held: true });
  });
  test('sent meets the duty, only the authority proves it', () => {
    expect(of([mail('sent')])).toMatchObject({ grade: 2, metAt: 10, provenAt: null });
    expect(of([mail('sent')], [{ grade: 4, at: 20 }])).toMatchObject({ grade: 4, provenAt: 20, metAt: 10 });
  });
  test('a failure is a branch and goes when another way out led further', () => {
    expect(of([mail('failed')])).toMatchObject({ grade: 1, failedAt: 10, metAt: null });
    expect(of([mail('failed')]).steps[2]).toMatchObject({ state: 'failed' });
    expect(of([mail('failed'), mail('queued')]).failedAt).toBeNull();
    expect(of([mail('failed'), { channel: 'courier', at: 30, mail: null }])).toMatchObject({
      grade: 2,
      metAt: 30,
      failedAt: null,
    });
  });
  test('a telephone call meets nothing', () => {
    expect(of([{ channel: 'phone', at: 4, mail: null }])).toMatchObject({ grade: 0, metAt: null });
  });
  test('a receipt without a recorded sending still proves that it left', () => {
    expect(progressOf({ preparedAt: null, transmissions: [], receipts: [{ grade: 5, at: 9 }] })).toMatchObject({
      grade: 5,
      metAt: 9,
    });
  });
});

describe('typed times', () => {
  const now = Date.parse('2026-11-22T07:05:00Z');
  test('nothing typed is now; ten minutes ago needs no reason, an hour does', () => {
    expect(momentOf({}, now)).toEqual({ at: now, reason: null });
    expect(momentOf({ at: '2026-11-22T13:55' }, now)).toEqual({ at: now - 600_000, reason: null });
    expect(momentOf({ at: '2026-11-22T13:05' }, now)).toHaveProperty('fields.reason');
    expect(momentOf({ at: '2026-11-22T13:05', reason: 'jaringan putus' }, now)).toEqual({
      at: now - 3_600_000,
      reason: 'jaringan putus',
    });
  });
  test.each(['2026-11-22T15:00', '2026-02-30T10:00', '22/11/2026', '2026-11-22T25:00', "'; drop table"])(
    '%s is refused',
    (at) => expect(momentOf({ at, reason: 'alasan cukup' }, now)).toHaveProperty('fields.at'),
  );
  test('an effect is not before its cause', () => {
    expect(
      momentOf({ at: '2026-11-22T13:00', reason: 'jaringan putus' }, now, { at: now - 60_000, what: 'diminta' }),
    ).toHaveProperty('fields.at');
  });
});

test('reports look alike by certificate, owner or story within thirty days, not beyond', () => {
  const a = { at: 0, names: ['Bagus Prakoso Tarigan'], certificateIds: [], text: '' };
  expect(alike(a, { ...a, names: ['BAGUS PRAKOSO TARIGAN'] })).toBe('pemilik sama');
  expect(alike(a, { ...a, names: ['Dewi Anggraini'] })).toBeNull();
  expect(alike(a, { ...a, at: 31 * 86_400_000 })).toBeNull();
  expect(alike({ ...a, certificateIds: ['x'] }, { ...a, names: [], certificateIds: ['x'] })).toBe('sertifikat sama');
});
