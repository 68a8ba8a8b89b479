import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { isNeverIssued } from '#lib/status-words.ts';
import { decide, freshUntil, NOTHING_KNOWN, type State, type Word } from './decide.ts';

const NOW = Date.parse('2026-11-22T07:00:00Z');
const policy = { leafCrlHours: 48, ocspHours: 24 };
let evidence = 0;
const word = (status: Word['status'], extra: Partial<Word> = {}): Word => ({
  source: 'crl',
  status,
  reason: null,
  revokedAt: status === 'revoked' || status === 'on_hold' ? NOW - DAY : null,
  invalidityAt: null,
  evidenceId: `e${++evidence}`,
  thisUpdate: NOW - HOUR,
  nextUpdate: NOW + DAY,
  confirmedAt: NOW,
  ...extra,
});
const after = (words: Word[], from: State = NOTHING_KNOWN) => decide(from, words, policy);
const kinds = (d: ReturnType<typeof after>) => d.events.map((e) => e.kind);

type Said = 'none' | 'stale' | Word['status'];
/** Of an answer against that CRL; `over`: issued so long before that its time was over when the CRL was. */
const AGES = { over: -25 * HOUR, older: -MINUTE, same: 0, newer: MINUTE } as const;
type Age = keyof typeof AGES;

/** A CRL of an hour ago; one of last week whose nextUpdate is over. */
function crlSays(said: Said): Word[] {
  if (said === 'none') return [];
  if (said === 'stale')
    return [word('good', { thisUpdate: NOW - 8 * DAY, nextUpdate: NOW - DAY, confirmedAt: NOW - 8 * DAY })];
  return [word(said, { reason: said === 'revoked' ? 1 : said === 'on_hold' ? 6 : null })];
}
/** An answer of 24 hours that is older or newer than that CRL. */
const ocspSays = (said: Said, age: Age): Word[] =>
  said === 'none'
    ? []
    : [
        word(said as Word['status'], {
          source: 'ocsp',
          reason: said === 'revoked' ? 1 : said === 'on_hold' ? 6 : null,
          thisUpdate: NOW - HOUR + AGES[age],
          nextUpdate: null,
        }),
      ];

describe('how CRL and OCSP combine: the table of certificate-status §6, from nothing known', () => {
  const current: Age[] = ['older', 'same', 'newer'];
  const every: Age[] = ['over', ...current];
  /** CRL, OCSP, ages of the OCSP answer, status, events besides the change itself, fresh. */
  type Row = [Said, Said, Age[], State['status'], string[], boolean];
  const table: Row[] = [
    // Both revoke.
    ['revoked', 'revoked', every, 'revoked', [], true],
    // Revoked by CRL, good by OCSP: a lag while older, a conflict when newer; the label stays revoked.
    ['revoked', 'good', ['over', 'older', 'same'], 'revoked', ['lag'], true],
    ['revoked', 'good', ['newer'], 'revoked', ['conflict'], true],
    ['revoked', 'unknown', every, 'revoked', [], true],
    ['revoked', 'on_hold', every, 'revoked', [], true],
    ['revoked', 'none', every, 'revoked', [], true],
    // On hold by CRL: only a newer answer releases, and the next list is waited for.
    ['on_hold', 'good', ['over', 'older', 'same'], 'on_hold', ['lag'], true],
    ['on_hold', 'good', ['newer'], 'released', ['lag'], true],
    ['on_hold', 'revoked', current, 'revoked', [], true],
    ['on_hold', 'revoked', ['over'], 'revoked', [], false],
    ['on_hold', 'on_hold', every, 'on_hold', [], true],
    ['on_hold', 'unknown', every, 'on_hold', [], true],
    ['on_hold', 'none', every, 'on_hold', [], true],
    // Good by CRL.
    ['good', 'revoked', current, 'revoked', ['lag'], true],
    ['good', 'revoked', ['over'], 'revoked', ['lag'], false],
    // Only what was issued when the answer was over releases what no list ever named.
    ['good', 'on_hold', current, 'on_hold', ['lag'], true],
    ['good', 'on_hold', ['over'], 'released', ['lag'], true],
    ['good', 'good', every, 'good', [], true],
    ['good', 'unknown', every, 'good', ['lag'], true],
    ['good', 'none', every, 'good', [], true],
    // A stale list: what OCSP says, or what the list said, shown as stale.
    ['stale', 'good', current, 'good', [], true],
    ['stale', 'good', ['over'], 'good', [], false],
    ['stale', 'revoked', current, 'revoked', ['lag'], true],
    ['stale', 'revoked', ['over'], 'revoked', ['lag'], false],
    ['stale', 'on_hold', current, 'on_hold', ['lag'], true],
    ['stale', 'on_hold', ['over'], 'on_hold', ['lag'], false],
    ['stale', 'unknown', every, 'good', ['lag'], false],
    ['stale', 'none', every, 'good', [], false],
    // A list that says nothing certain, or none.
    ['undetermined', 'good', current, 'good', [], true],
    ['undetermined', 'good', ['over'], 'good', [], false],
    ['undetermined', 'revoked', current, 'revoked', [], true],
    ['undetermined', 'revoked', ['over'], 'revoked', [], false],
    ['undetermined', 'on_hold', current, 'on_hold', [], true],
    ['undetermined', 'on_hold', ['over'], 'on_hold', [], false],
    ['undetermined', 'none', every, 'undetermined', [], true],
    ['none', 'good', current, 'good', [], true],
    ['none', 'good', ['over'], 'good', [], false],
    ['none', 'revoked', current, 'revoked', [], true],
    ['none', 'revoked', ['over'], 'revoked', [], false],
    ['none', 'on_hold', current, 'on_hold', [], true],
    ['none', 'on_hold', ['over'], 'on_hold', [], false],
    ['none', 'unknown', current, 'unknown', [], true],
    ['none', 'unknown', ['over'], 'unknown', [], false],
    ['none', 'none', every, 'undetermined', [], false],
  ];
  const CHANGES = ['revoked', 'held', 'released'];

  test.each(table.flatMap(([crl, ocsp, ages, ...rest]) => ages.map((age) => [crl, ocsp, age, ...rest] as const)))(
    'CRL %s, OCSP %s (%s): %s',
    (crl, ocsp, age, status, events, fresh) => {
      const words = [...crlSays(crl), ...ocspSays(ocsp, age)];
      for (const order of [words, [...words].reverse()]) {
        const decision = after(order);
        expect(decision.state.status).toBe(status);
        expect(kinds(decision).filter((kind) => !CHANGES.includes(kind))).toEqual(events);
        expect((decision.state.freshUntil ?? 0) >= NOW).toBe(fresh);
        // The same words again say nothing new.
        const again = after(order, decision.state);
        expect(again.state).toEqual(decision.state);
        expect(kinds(again).filter((kind) => CHANGES.includes(kind))).toEqual([]);
      }
    },
  );

  test('the table has every combination, each once', () => {
    const crls: Said[] = ['none', 'stale', 'undetermined', 'good', 'on_hold', 'revoked'];
    const ocsps: Said[] = ['none', 'unknown', 'good', 'on_hold', 'revoked'];
    const listed = table.flatMap(([crl, ocsp, ages]) => ages.map((age) => `${crl} ${ocsp} ${age}`));
    const all = crls.flatMap((crl) => ocsps.flatMap((ocsp) => every.map((age) => `${crl} ${ocsp} ${age}`)));
    expect(listed.filter((one) => !one.startsWith('undetermined unknown')).sort()).toEqual(
      all.filter((one) => !one.startsWith('undetermined unknown')).sort(),
    );
    // Two ways to know nothing: whichever is newer stands, and neither is good.
    for (const age of every) {
      const { status } = after([...crlSays('undetermined'), ...ocspSays('unknown', age)]).state;
      expect(['undetermined', 'unknown']).toContain(status);
    }
  });

  test('whatever was believed before: revoked is left by nothing, and only good words make good', () => {
    const before: State[] = [
      NOTHING_KNOWN,
      ...(['good', 'revoked', 'on_hold', 'unknown', 'undetermined'] as const).map((s) => after([word(s)]).state),
      after([word('on_hold'), word('good', { source: 'ocsp', thisUpdate: NOW })]).state,
    ];
    const crls: Said[] = ['none', 'stale', 'undetermined', 'good', 'on_hold', 'revoked'];
    const ocsps: Said[] = ['none', 'unknown', 'good', 'on_hold', 'revoked'];
    const flags = [{}, { removed: true }, { quarantined: true }, { removed: true, quarantined: true }];
    let judged = 0;
    for (const present of before) {
      for (const [crl, ocsp] of crls.flatMap((c) => ocsps.map((o) => [c, o] as const))) {
        for (const age of every) {
          for (const flag of flags) {
            const words = [...crlSays(crl).map((w) => ({ ...w, ...flag })), ...ocspSays(ocsp, age)];
            const { status } = after(words, present).state;
            if (present.status === 'revoked' || crl === 'revoked' || ocsp === 'revoked') expect(status).toBe('revoked');
            const wasGood = present.status === 'good' || present.status === 'released';
            if (!wasGood && !words.some((w) => w.status === 'good')) expect(['good', 'released']).not.toContain(status);
            if (
              present.status === 'on_hold' &&
              words.every((w) => w.quarantined || w.thisUpdate <= present.thisUpdate!)
            )
              expect(['good', 'released']).not.toContain(status);
            judged += 1;
          }
        }
      }
    }
    expect(judged).toBe(7 * 30 * 4 * 4);
  });

  test('a revocation that one source knows long before the next list becomes a conflict after a cycle', () => {
    const crl = word('good', { thisUpdate: NOW - HOUR, nextUpdate: NOW + HOUR });
    const at = (hours: number, since = hours) =>
      word('revoked', {
        source: 'ocsp',
        revokedAt: crl.thisUpdate - hours * HOUR,
        saidSince: crl.thisUpdate - since * HOUR,
        reason: 1,
      });
    expect(kinds(after([crl, at(1)]))).toEqual(['lag', 'revoked']);
    expect(kinds(after([crl, at(2)]))).toEqual(['lag', 'revoked']);
    expect(kinds(after([crl, at(3)]))).toEqual(['conflict', 'revoked']);
    // A date of long ago is no long silence of the list.
    expect(kinds(after([crl, at(900, 1)]))).toEqual(['lag', 'revoked']);
    expect(after([crl, at(3)]).events[0]).toMatchObject({ revoking: { source: 'ocsp' }, good: { source: 'crl' } });
  });

  test('two that revoke: the most specific reason, the earliest dates, the freshest confirmation, in any order', () => {
    const crl = word('revoked', { reason: 0, revokedAt: NOW - 3 * DAY, confirmedAt: NOW - HOUR });
    const ocsp = word('revoked', {
      source: 'ocsp',
      reason: 1,
      revokedAt: NOW - 2 * DAY,
      invalidityAt: NOW - 9 * DAY,
      thisUpdate: NOW - 2 * HOUR,
    });
    const expected = {
      reason: 1,
      revokedAt: NOW - 3 * DAY,
      invalidityAt: NOW - 9 * DAY,
      source: 'ocsp',
      confirmedAt: NOW,
    };
    for (const words of [
      [crl, ocsp],
      [ocsp, crl],
    ]) {
      const one = after(words).state;
      expect(one).toMatchObject(expected);
      expect(after(words, one).state).toEqual(one);
      // One after the other ends the same.
      expect(after(words, after([words[0]!]).state).state).toEqual(one);
    }
    // A source that falls silent still counts; one that corrects itself is followed, and people are told.
    const both = after([crl, ocsp]).state;
    expect(after([crl], both).state).toMatchObject({ reason: 1, revokedAt: NOW - 3 * DAY });
    const corrected = after([{ ...crl, revokedAt: NOW - 5 * DAY, thisUpdate: NOW }, ocsp], both);
    expect(corrected.state).toMatchObject({ reason: 1, revokedAt: NOW - 5 * DAY });
    expect(kinds(corrected)).toEqual(['date_changed']);
  });

  test.each([
    [0, 4, 4],
    [null, 0, 0],
    [4, 1, 1],
    [10, 5, 10],
    [4, 5, 5],
  ])('of reasons %s and %s the list and the newer answer give %s', (first, second, expected) => {
    const words = [
      word('revoked', { reason: first }),
      word('revoked', { source: 'ocsp', reason: second, thisUpdate: NOW }),
    ];
    expect(after(words).state.reason).toBe(expected);
  });
});

describe('the state machine (certificate-status §3, §4)', () => {
  test('a revoked certificate stays revoked: removal raises an alarm, a newer OCSP good a conflict', () => {
    const revoked = after([word('revoked', { reason: 1 })]).state;
    const removed = after([word('good', { removed: true, thisUpdate: NOW })], revoked);
    expect(removed.state).toEqual(revoked);
    expect(kinds(removed)).toEqual(['early_removal']);
    expect(kinds(after([word('good', { source: 'ocsp', thisUpdate: NOW })], revoked))).toEqual(['conflict']);
    expect(decide(revoked, [word('good', { removed: true, thisUpdate: NOW })], policy, NOW - DAY).events).toEqual([]);
  });

  test('a hold ends by strictly newer evidence only, and never by a list in quarantine', () => {
    const held = after([word('on_hold', { reason: 6 })]).state;
    expect(after([word('good')], held).state.status).toBe('on_hold');
    expect(after([word('good', { thisUpdate: NOW, quarantined: true })], held).state.status).toBe('on_hold');
    const released = after([word('good', { thisUpdate: NOW })], held);
    expect(released.state.status).toBe('released');
    expect(kinds(released)).toEqual(['released']);
    expect(after([word('on_hold', { thisUpdate: NOW + 1 })], released.state).state.status).toBe('on_hold');
  });

  describe('a hold that the responder told of, and a newer list', () => {
    const answer = word('on_hold', { source: 'ocsp', reason: 6, revokedAt: NOW - 2 * DAY, nextUpdate: null });
    const end = answer.thisUpdate + 24 * HOUR;
    const silent = (thisUpdate: number, more: Partial<Word> = {}) =>
      word('good', { thisUpdate, nextUpdate: thisUpdate + DAY, ...more });
    const held = after([answer]).state;

    test('stays while the answer counts, to its last instant, however the list was before', () => {
      for (const from of [NOTHING_KNOWN, held, after([silent(answer.thisUpdate - HOUR)]).state])
        for (const at of [answer.thisUpdate, answer.thisUpdate + 1, end]) {
          const { state, events } = after([answer, silent(at)], from);
          expect(state).toMatchObject({ status: 'on_hold', source: 'ocsp', evidenceId: answer.evidenceId });
          expect(events.map(({ kind }) => kind)).toContain('lag');
        }
      // The answer is thinned away, or a weaker one displaced it: what rests on it stands.
      expect(after([silent(end)], held).state).toEqual(held);
    });

    test('ends with a list of the scope that was issued when the answer was over, but for one whose silence is doubted', () => {
      const late = after([answer, silent(end + 1)], held);
      expect(late.state).toMatchObject({ status: 'released', source: 'crl' });
      expect(kinds(late)).toEqual(['lag', 'released']);
      for (const doubt of [{ quarantined: true }, { doubtful: true }])
        expect(after([answer, silent(end + 1, doubt)], held).state).toEqual(held);
    });

    test('ends with a newer answer at once, and becomes a revocation by either source', () => {
      const good = word('good', { source: 'ocsp', thisUpdate: answer.thisUpdate + 1 });
      expect(after([good], held).state.status).toBe('released');
      expect(after([answer, word('revoked')], held).state.status).toBe('revoked');
    });

    test('ends with a newer list that named this hold, not with one that named an older hold', () => {
      const at = answer.thisUpdate + HOUR;
      const named = (heldBefore: number) => silent(at, { removed: true, heldBefore });
      expect(after([answer, named(answer.revokedAt!)], held).state.status).toBe('released');
      expect(after([answer, named(answer.revokedAt! - 1)], held).state).toEqual(held);
      expect(kinds(after([answer, named(answer.revokedAt!)], held))).toEqual(['lag', 'released']);
    });

    test('is a conflict when the list had its cycle since the responder began to say so', () => {
      const again = { ...answer, saidSince: answer.thisUpdate - 2 * DAY };
      const [event] = after([again, silent(answer.thisUpdate + HOUR)], held).events;
      expect(event).toMatchObject({
        kind: 'conflict',
        hold: true,
        revoking: { source: 'ocsp' },
        good: { source: 'crl' },
      });
    });
  });

  test('what the CA never issued no list makes usable, for no list can name it; only a newer OCSP good does', () => {
    const never = word('on_hold', { source: 'ocsp', reason: 6, revokedAt: 0 });
    const good = (source: Word['source'], thisUpdate: number) => word('good', { source, thisUpdate });
    const denied = after([never]).state;
    // The answer is still held beside the newer list, or was thinned away.
    expect(after([never, good('crl', NOW)], denied).state).toEqual(denied);
    expect(after([good('crl', NOW)], denied).state).toEqual(denied);
    expect(after([good('ocsp', NOW - HOUR)], denied).state).toEqual(denied);
    expect(after([good('ocsp', NOW)], denied).state.status).toBe('released');
    // A list that was there first, newer than the answer or not, makes no difference, nor does one that holds it.
    const listed = after([good('crl', NOW)]).state;
    const both = after([never, good('crl', NOW)], listed);
    expect(both.state).toMatchObject({ status: 'on_hold', source: 'ocsp', revokedAt: 0 });
    expect(kinds(both)).toEqual(['held']);
    const held = after([word('on_hold', { reason: 6, thisUpdate: NOW })]).state;
    for (const from of [denied, held]) {
      const still = after([never, word('on_hold', { reason: 6, thisUpdate: NOW })], from).state;
      expect(after([never, good('crl', NOW + HOUR)], still).state).toMatchObject({ status: 'on_hold' });
    }
    expect(after([word('revoked')], denied).state.status).toBe('revoked');
  });

  test('silence and unknown take nothing away from what was verified', () => {
    for (const status of ['good', 'revoked', 'on_hold'] as const) {
      const state = after([word(status)]).state;
      expect(after([word('unknown', { source: 'ocsp', thisUpdate: NOW })], state).state).toEqual(state);
      expect(after([word('undetermined', { thisUpdate: NOW })], state).state).toEqual(state);
    }
  });

  test('a changed reason or date is told', () => {
    const state = after([word('revoked', { reason: 0 })]).state;
    const next = after([word('revoked', { reason: 1, revokedAt: NOW - 3 * DAY, thisUpdate: NOW })], state);
    expect(kinds(next).sort()).toEqual(['date_changed', 'reason_changed']);
  });

  test('freshness: the smaller of nextUpdate and the policy; a CA list until nextUpdate; OCSP without nextUpdate 24 h', () => {
    expect(freshUntil(word('good'), policy)).toBe(NOW + DAY);
    expect(freshUntil(word('good', { nextUpdate: NOW + 90 * DAY }), policy)).toBe(NOW + 2 * DAY);
    expect(freshUntil(word('good', { nextUpdate: NOW + 90 * DAY }), { ...policy, authority: true })).toBe(
      NOW + 90 * DAY,
    );
    expect(freshUntil(word('good', { nextUpdate: null }), policy)).toBe(NOW - HOUR);
    expect(freshUntil(word('good', { source: 'ocsp', nextUpdate: null }), policy)).toBe(NOW + 23 * HOUR);
  });

  test('no walk of any words leaves revoked, and nothing but good words makes good', () => {
    let seed = 42;
    const random = (n: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let walk = 0; walk < 400; walk++) {
      let state = NOTHING_KNOWN;
      let sawGood = false;
      for (let i = 0; i < 12; i++) {
        const status = (['good', 'revoked', 'on_hold', 'unknown', 'undetermined'] as const)[random(walk % 3 ? 5 : 4)]!;
        const source = random(2) ? 'crl' : 'ocsp';
        const w = word(status, {
          source,
          thisUpdate: NOW + random(50) * HOUR,
          removed: random(2) === 0,
          quarantined: random(3) === 0,
          ...(status === 'on_hold' && random(2) === 0 ? { revokedAt: 0 } : {}),
        });
        sawGood ||= status === 'good';
        const next = after([w], state).state;
        if (state.status === 'revoked') expect(next.status).toBe('revoked');
        if (isNeverIssued(state) && w.source === 'crl') expect([state.status, 'revoked']).toContain(next.status);
        if (!sawGood) expect(['good', 'released']).not.toContain(next.status);
        state = next;
      }
    }
  });
});

test('the same answer applied again takes no earlier date away that a list, silent since, told before it', () => {
  const listed = after([word('revoked', { reason: 1, revokedAt: NOW - 9 * DAY })]).state;
  const answer = word('revoked', { source: 'ocsp', reason: 1, revokedAt: NOW - 3 * DAY, evidenceId: 'answer' });
  const silent = word('good', { evidenceId: 'shrunken', quarantined: true });
  const once = after([silent, { ...answer, thisUpdate: NOW }], listed);
  expect(once.state).toMatchObject({ status: 'revoked', revokedAt: NOW - 9 * DAY, source: 'ocsp' });
  const twice = after([silent, { ...answer, thisUpdate: NOW }], once.state);
  expect(twice.state).toEqual(once.state);
  expect(kinds(twice)).not.toContain('date_changed');
});
