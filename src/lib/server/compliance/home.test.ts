import { expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { dailyCount } from '../certificates/schema-list.ts';
import { certificate, certificateDer } from '../certificates/schema.ts';
import { DAY } from '../calendar.ts';
import { newId } from '../db/index.ts';
import { annualDuty, evaluationDuty, incidentDuty, utilisationDuty } from './home-duties.ts';
import * as home from './home.ts';

type Given = Partial<typeof certificate.$inferInsert>;
function makeCity() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  let n = 0;
  const add = (agencyCode: string, given: Given) => {
    n += 1;
    const fingerprint = String(n).padStart(64, '0');
    const agencyId = agencies.get(world.ctx(), agencyCode).id;
    world.db
      .insert(certificateDer)
      .values({ fingerprint, der: Buffer.from([n]), storedAt: NOW })
      .run();
    world.db
      .insert(certificate)
      .values({
        id: newId(NOW + n),
        fingerprint,
        issuer: 'CN=Uji',
        subject: `CN=Orang ${n}`,
        commonName: `Orang ${n}`,
        notBefore: NOW - 100 * DAY,
        notAfter: NOW + 400 * DAY,
        use: 'signature',
        agencyId,
        chain: 'anchored',
        revocation: 'good',
        confirmedAt: NOW - DAY / 2,
        freshUntil: NOW + DAY,
        source: 'file',
        addedAt: NOW,
        updatedAt: NOW,
        ...given,
      })
      .run();
  };
  return { world, add };
}

test('in force, confirmed and ending are counted over what the person sees', () => {
  const { world, add } = makeCity();
  add('SETDA', {});
  add('SETDA', { notAfter: NOW + 20 * DAY });
  add('DISKOMINFO', { confirmedAt: NOW - 3 * DAY, freshUntil: NOW - DAY });
  add('DISKOMINFO', { notAfter: NOW - DAY });
  add('DISKOMINFO', { revocation: 'revoked' });
  expect(home.estate(world.person('supervisor'))).toMatchObject({
    total: 5,
    inForce: 2,
    confirmed: 2,
    usable: 3,
    recheck: 1,
    expiring: 1,
    endingSoon: 1,
  });
  const setda = agencies.get(world.ctx(), 'SETDA').id;
  expect(home.estate(world.person('officer', { agencyId: setda }))).toMatchObject({
    total: 2,
    inForce: 2,
    confirmed: 2,
    endingSoon: 1,
  });
});

test('the charts show twelve months; a month without a recorded day stays unknown', () => {
  const { world, add } = makeCity();
  add('SETDA', { notAfter: Date.parse('2026-12-31T17:30:00Z') });
  add('SETDA', { notAfter: Date.parse('2027-10-31T16:00:00Z'), supersededById: 'x' });
  const agencyId = agencies.get(world.ctx(), 'SETDA').id;
  for (const [day, count] of [
    ['2026-10-30', 3],
    ['2026-10-31', 5],
  ] as const) {
    world.db
      .insert(dailyCount)
      .values({ id: newId(NOW), day, agencyId, label: 'valid', count })
      .run();
  }
  const { ends, trend } = home.charts(world.person('supervisor'));
  expect(ends.labels).toHaveLength(12);
  // 31 December 17.30 UTC is January in Batam.
  expect(ends.series.map((s) => s.values.slice(0, 3))).toEqual([
    [0, 0, 1],
    [0, 0, 0],
  ]);
  expect(ends.series[1]!.values.at(-1)).toBe(1);
  expect(trend.series[0]!.values.slice(-2)).toEqual([5, null]);
});

test('an agency with certificates about to end is shown with its numbers', () => {
  const { world, add } = makeCity();
  add('DISKOMINFO', { notAfter: NOW + 10 * DAY });
  add('DISKOMINFO', {});
  const { rows, agencies: count } = home.attention(world.person('supervisor'));
  expect(rows).toEqual([
    expect.objectContaining({
      code: 'DISKOMINFO',
      inForce: 2,
      ending: 1,
      reason: '1 sertifikat habis ≤ 30 hari tanpa pengganti',
    }),
  ]);
  expect(count).toBe(110);
});

test('the four duties stand there with deadline even on the first day', () => {
  const { world } = makeCity();
  const rows = home.duties(world.person('supervisor'));
  expect(rows.map((row) => row.article)).toEqual(['Pasal 18 b', 'Pasal 18 c', 'Pasal 19', 'Pasal 6 g']);
  expect(rows[0]).toMatchObject({ count: 'belum dibuka', due: 'Tenggat 31 Desember 2026' });
  expect(rows[1]).toMatchObject({ count: '0 / 4 disetujui', due: 'Tenggat 31 Januari 2027 (kebijakan Dinas)' });
});

test('a duty is green only when it is done and red only when it is late', () => {
  const now = NOW;
  const evaluation = { period: '2026-S2', end: '2026-12-31', total: 110, closed: false, now };
  expect(evaluationDuty({ ...evaluation, evaluated: 87 }).tone).toBe('');
  expect(evaluationDuty({ ...evaluation, evaluated: 110 })).toMatchObject({
    tone: '',
    count: '110 / 110 PD ditinjau',
    due: 'Putaran belum ditutup. Tenggat 31 Desember 2026',
  });
  expect(evaluationDuty({ ...evaluation, evaluated: 110, closed: true }).tone).toBe('ok');
  expect(annualDuty({ year: 2025, approved: 4, sent: 3, due: '2026-01-31', now }).tone).toBe('bad');
  expect(annualDuty({ year: 2025, approved: 4, sent: 4, due: '2026-01-31', now }).tone).toBe('ok');
  expect(incidentDuty({ year: 2026, met: 0, of: 0, next: null, now })).toMatchObject({ tone: '', count: 'belum ada' });
  expect(incidentDuty({ year: 2026, met: 30, of: 31, next: null, now }).tone).toBe('bad');
  expect(
    utilisationDuty({ year: 2026, approved: false, sent: false, exists: false, due: '2027-01-31', now }).count,
  ).toBe('Belum dibuat');
});
