import { expect, test } from 'vitest';
import { needingAttention, type AgencyFacts } from './attention.ts';

const agency = (name: string, given: Partial<AgencyFacts> = {}): AgencyFacts => ({
  code: name.toUpperCase(),
  name,
  inForce: 10,
  ending: 0,
  confirmedAt: null,
  openIncidents: [],
  lateFindings: [],
  notEvaluated: [],
  ...given,
});

test('an open incident comes before late findings, those before endings, those before evaluations', () => {
  const found = needingAttention(
    [
      agency('Tenang'),
      agency('Belum Dinilai', { notEvaluated: ['2026-S1', '2026-S2'] }),
      agency('Akan Habis', { ending: 9 }),
      agency('Temuan', { lateFindings: ['T-2026-0001'] }),
      agency('Insiden', { openIncidents: ['INS-2026-0031'], ending: 4 }),
    ],
    5,
  );
  expect(found.map((row) => row.name)).toEqual(['Insiden', 'Temuan', 'Akan Habis', 'Belum Dinilai']);
  expect(found[0]!.reason).toBe('insiden terbuka INS-2026-0031; 4 sertifikat habis ≤ 30 hari tanpa pengganti');
  expect(found[3]!.reason).toBe('belum dievaluasi 2 semester');
});

test('one semester without evaluation is no reason, and never more rows than asked for', () => {
  expect(needingAttention([agency('A', { notEvaluated: ['2026-S2'] })], 5)).toEqual([]);
  expect(needingAttention([agency('A', { ending: 1 }), agency('B', { ending: 2 })], 1)).toHaveLength(1);
});
