import { describe, expect, test } from 'vitest';
import { agencyId, certificateRow } from '#tests/support/holdings.ts';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { daysOf, monthsFrom, readMonth } from './expiry-calendar.ts';
import { icsOf } from './ics.ts';
import * as certificates from './index.ts';

function city(): World & { verifier: ReturnType<World['person']> } {
  const world = makeWorld();
  agencies.seed(world.ctx());
  return Object.assign(world, { verifier: world.person('verifier') });
}
const ends = (world: World, at: string, more = {}) =>
  certificateRow(world, 'SRI HANDAYANI', { agency: 'DISDIK', notAfter: Date.parse(at), ...more });

describe('months and days', () => {
  test('twelve months run over the year’s end', () => {
    expect(monthsFrom('2026-11').slice(0, 3)).toEqual(['2026-11', '2026-12', '2027-01']);
    expect(monthsFrom('2026-11').at(-1)).toBe('2027-10');
  });
  test.each([
    ['2028-02', '2028-02-29'],
    ['2026-12', '2026-12-31'],
  ])('%s ends on %s', (month, last) => expect(daysOf(month).last).toBe(last));
  test.each([['2026-13'], ['2026-1'], ['26-01'], ['x'], [''], [null]])('%j is no month', (text) =>
    expect(readMonth(text)).toBeNull(),
  );
});

describe('the calendar of expiry', () => {
  test('a certificate that ends 23:59:59Z stands on the next day in WIB, also over the month’s end', () => {
    const world = city();
    const id = ends(world, '2026-12-31T23:59:59Z');
    const edge = ends(world, '2026-12-31T16:59:59Z');
    const { months, rows } = certificates.expiryMatrix(world.verifier);
    const disdik = rows.find((row) => row.code === 'DISDIK')!;
    expect(disdik.counts[months.indexOf('2026-12')]).toBe(1);
    expect(disdik.counts[months.indexOf('2027-01')]).toBe(1);
    const day = (from: string) =>
      certificates.expiryDays(world.verifier, {}, from, from)[0]?.certificates.map((c) => c.id);
    expect(day('2026-12-31')).toEqual([edge]);
    expect(day('2027-01-01')).toEqual([id]);
  });

  test('the matrix, its totals and the month’s days count the same certificates', () => {
    const world = city();
    for (let i = 0; i < 40; i++) {
      ends(world, new Date(NOW + i * 8.7 * 86_400_000).toISOString(), {
        agencyId: i % 4 ? agencyId(world, i % 3 ? 'DINKES' : 'DISDIK') : null,
        ...(i % 5 === 0 ? { supersededById: 'x' } : {}),
      });
    }
    for (const filter of [{}, { open: true }, { agency: 'DINKES' }, { agency: 'none' }, { use: 'email' as const }]) {
      const { months, rows, totals } = certificates.expiryMatrix(world.verifier, filter);
      months.forEach((month, i) => {
        const { first, last } = daysOf(month);
        const n = certificates
          .expiryDays(world.verifier, filter, first, last)
          .reduce((sum, d) => sum + d.certificates.length, 0);
        expect(rows.reduce((sum, row) => sum + row.counts[i]!, 0)).toBe(n);
        expect(totals[i]!.with + totals[i]!.without).toBe(n);
      });
    }
  });

  test('revoked, retired, archived and ended ones are not there; an officer sees own agency only', () => {
    const world = city();
    const soon = '2026-12-15T00:00:00Z';
    ends(world, soon, { revocation: 'revoked' });
    ends(world, soon, { retiredAt: NOW });
    ends(world, soon, { archivedAt: NOW });
    ends(world, '2026-11-21T00:00:00Z');
    ends(world, '2027-11-01T00:00:00Z');
    expect(certificates.expiryMatrix(world.verifier).rows).toEqual([]);
    ends(world, soon);
    const officer = world.person('officer', { agencyId: agencyId(world, 'DINKES') });
    expect(certificates.expiryMatrix(officer).rows).toEqual([]);
    expect(() => certificates.expiryMatrix(world.person('leader'))).toThrow('tidak memiliki hak');
  });
});

describe('the calendar as a file', () => {
  test('one event a day and agency, with reminders unless all have a successor; the download stands in the trail', () => {
    const world = city();
    ends(world, '2026-12-15T00:00:00Z');
    ends(world, '2026-12-15T03:00:00Z');
    ends(world, '2026-12-16T00:00:00Z', { supersededById: 'x' });
    const file = certificates.expiryIcs(world.verifier, {}, 'https://siaga.example');
    const unfolded = file.replaceAll('\r\n ', '');
    expect(unfolded.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    expect(unfolded.match(/BEGIN:VALARM/g)).toHaveLength(3);
    expect(unfolded).toContain('SUMMARY:Sertifikat berakhir: 2 sertifikat\\, Dinas Pendidikan');
    expect(unfolded).toContain('DTSTART;VALUE=DATE:20261215\r\nDTEND;VALUE=DATE:20261216');
    expect(unfolded).toContain('TRIGGER:-P29DT16H');
    expect(certificates.expiryIcs(world.verifier, {}, 'https://siaga.example')).toBe(file);
    expect(() => certificates.expiryIcs(world.verifier, { agency: 'X' }, '')).toThrow('tidak ada');
    expect(() => certificates.expiryIcs(world.person('administrator'), {}, '')).toThrow('tidak memiliki hak');
  });

  test('hostile text cannot start a property, and no line is longer than 75 octets or cut inside a character', () => {
    const nasty = 'X\r\nATTACH:http://evil.example\r\n,;\\ é'.repeat(8);
    const file = icsOf(
      nasty,
      [{ uid: nasty, day: '2026-12-31', summary: nasty, description: nasty, url: nasty, reminders: [1] }],
      NOW,
    );
    for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const unfolded = file.replaceAll('\r\n ', '').split('\r\n');
    expect(unfolded.some((line) => line.startsWith('ATTACH'))).toBe(false);
    expect(unfolded).toContain('DTEND;VALUE=DATE:20270101');
    expect(unfolded).toContain('TRIGGER:-P0DT16H');
    expect(file).not.toContain('\ufffd');
  });
});
