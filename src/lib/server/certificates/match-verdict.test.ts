import { describe, expect, test } from 'vitest';
import { verdictOf, type Bearer } from './match-verdict.ts';

const bearer = (holderId: string, more: Partial<Bearer> = {}): Bearer => ({
  holderId,
  agencyId: null,
  leftOn: null,
  ...more,
});
const none = new Set<string>();
const certificate = { agencyId: 'disdik', begins: '2026-01-10' };

describe('whose name it is', () => {
  test.each<[string, Bearer[], Set<string>, unknown]>([
    ['one bearer is a proposal', [bearer('a')], none, { kind: 'proposal', holderId: 'a', why: 'name' }],
    ['nobody is unknown', [], none, { kind: 'unknown' }],
    ['two are namesakes', [bearer('a'), bearer('b')], none, { kind: 'namesakes', holderIds: ['a', 'b'] }],
    [
      'of two, the one who serves where the certificate came from',
      [bearer('a', { agencyId: 'dinkes' }), bearer('b', { agencyId: 'disdik' })],
      none,
      { kind: 'proposal', holderId: 'b', why: 'agency' },
    ],
    [
      'two of one agency stay namesakes',
      [bearer('a', { agencyId: 'disdik' }), bearer('b', { agencyId: 'disdik' })],
      none,
      { kind: 'namesakes', holderIds: ['a', 'b'] },
    ],
    [
      'of two, the one who had not left before it was issued',
      [bearer('a', { leftOn: '2025-12-31' }), bearer('b')],
      none,
      { kind: 'proposal', holderId: 'b', why: 'tenure' },
    ],
    [
      'somebody who left after it was issued may be the owner',
      [bearer('a', { leftOn: '2026-01-10' })],
      none,
      { kind: 'proposal', holderId: 'a', why: 'name' },
    ],
    ['somebody who had left before is not', [bearer('a', { leftOn: '2026-01-09' })], none, { kind: 'unknown' }],
    ['who was refused is not proposed again', [bearer('a')], new Set(['a']), { kind: 'unknown' }],
    [
      'when one of two was refused, the other is proposed',
      [bearer('a'), bearer('b')],
      new Set(['a']),
      { kind: 'proposal', holderId: 'b', why: 'name' },
    ],
  ])('%s', (_, bearers, refused, verdict) => expect(verdictOf(certificate, bearers, refused)).toEqual(verdict));

  test('without a beginning or an agency nothing is guessed from them', () => {
    const bearers = [bearer('a', { leftOn: '2020-01-01' }), bearer('b', { agencyId: 'disdik' })];
    expect(verdictOf({ agencyId: null, begins: null }, bearers, none)).toEqual({
      kind: 'namesakes',
      holderIds: ['a', 'b'],
    });
  });
});
