// The words around evidence: spans of a status, stories of signals, advice on refusals. Pure.
import { expect, test } from 'vitest';
import { signalKinds } from '#lib/terms.ts';
import { episodesOf } from './episodes.ts';
import { adviceFor } from './refusal-advice.ts';
import { refusals } from './refusals.ts';
import { ASKS_ISSUER, questionText, storyOf, type SignalKind } from './signal-words.ts';

const DAY = 86_400_000;
const event = (at: number, from: string, to: string) => ({
  at,
  from,
  to,
  detail: { source: 'crl', ...(to === 'revoked' ? { reason: 1, revokedAt: at - 1000 } : {}) },
  evidenceId: `e${at}`,
});

test('a status over time is one line of spans without gaps, the last one open', () => {
  const events = [
    event(3 * DAY, 'on_hold', 'released'),
    event(DAY, 'good', 'on_hold'),
    event(4 * DAY, 'released', 'revoked'),
  ];
  const spans = episodesOf(events, { addedAt: 0, now: 9 * DAY });
  expect(spans.map((s) => s.status)).toEqual(['good', 'on_hold', 'released', 'revoked']);
  spans.slice(1).forEach((span, i) => expect(span.from).toBe(spans[i]!.until));
  expect(spans.at(-1)).toMatchObject({
    open: true,
    until: 9 * DAY,
    reason: 1,
    revokedAt: 4 * DAY - 1000,
    source: 'crl',
  });
  expect(spans.filter((s) => s.open)).toHaveLength(1);
});

test('a certificate nothing ever happened to has one open span', () => {
  expect(episodesOf([], { addedAt: 5, now: 9 })).toMatchObject([
    { status: 'undetermined', from: 5, until: 9, open: true },
  ]);
});

test('every signal says what happened, why the status stays and what to do, also with a detail that cannot be read', () => {
  for (const kind of Object.keys(signalKinds) as SignalKind[]) {
    for (const detail of ['{}', 'not json', 'null', '{"from":99,"to":{}}']) {
      const story = storyOf({ kind, detail });
      for (const text of Object.values(story)) expect(text.length).toBeGreaterThan(5);
      expect(JSON.stringify(story)).not.toMatch(/undefined|null|NaN|object/);
    }
  }
});

test('a question to the issuer holds the serial, the evidence and what is asked; notes ask nothing', () => {
  const facts = {
    detail: '{}',
    at: DAY,
    issuerName: 'CA Uji',
    commonName: 'Sri',
    serial: '0abc',
    evidence: ['CRL nomor 5'],
    office: 'Dinas',
  };
  for (const kind of ASKS_ISSUER) {
    const text = questionText({ ...facts, kind })!;
    for (const part of ['CA Uji', 'Sri', '0A:BC', 'CRL nomor 5', 'Mohon']) expect(text).toContain(part);
  }
  expect(questionText({ ...facts, kind: 'lag' })).toBeNull();
});

test('every refusal says what to do, and what was fetched asks nobody to upload it again', () => {
  for (const code of Object.keys(refusals))
    for (const fetched of [true, false]) expect([code, adviceFor(code, fetched).length > 20]).toEqual([code, true]);
  expect(adviceFor('unreadable', false)).toContain('unggah ulang');
  expect(adviceFor('unreadable', true)).not.toContain('unggah');
});
