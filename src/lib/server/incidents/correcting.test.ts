import { expect, test } from 'vitest';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { addCertificate, makeIncidentWorld, openIncident, REASONED, REPORT } from '#tests/support/incident-world.ts';
import * as incidents from './index.ts';
import { OCCURRED_SQL } from './sql.ts';
import { officialChronology, occurredText } from './timeline.ts';

const trail = (world: ReturnType<typeof makeIncidentWorld>, number: string) =>
  audit.list(
    world.supervisor,
    { target: ['incident', incidents.get(world.supervisor, number).id], limit: 50 },
    (k) => k,
  );

test('an incident opened for the wrong agency is given to the right one, with a reason in trail and story', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  expect(() => incidents.moveAgency(world.handler, number, { agencyId: world.other.id, reason: 'salah' })).toThrow();
  expect(() => incidents.moveAgency(world.officer, number, { agencyId: world.other.id, ...REASONED })).toThrow();
  incidents.moveAgency(world.handler, number, { agencyId: world.other.id, ...REASONED });
  const view = incidents.get(world.handler, number);
  expect(view.agency.name).toBe('Kecamatan Nongsa');
  expect(view.moves).toMatchObject([{ from: 'Kecamatan Sekupang', to: 'Kecamatan Nongsa', reason: REASONED.reason }]);
  expect(view.timeline.some((e) => e.title.includes('Kecamatan Sekupang menjadi Kecamatan Nongsa'))).toBe(true);
  expect(trail(world, number).some((e) => e.sentence.includes(`memindahkan ${number}`))).toBe(true);
  // The officers follow the incident.
  expect(() => incidents.get(world.officer, number)).toThrow(/tidak ada/);
  expect(incidents.get(world.stranger, number).number).toBe(number);
  expect(() => incidents.moveAgency(world.handler, number, { agencyId: world.other.id, ...REASONED })).toThrow(/sudah/);
  expect(() => incidents.moveAgency(world.handler, number, { agencyId: 'x', ...REASONED })).toThrow();
});

test('a certificate of another agency is linked only when that was said', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  const foreign = addCertificate(world.ctx(), world.other.id, 'ANI');
  expect(() => incidents.linkCertificates(world.handler, number, [world.certificateId, foreign])).toThrow(
    /ANI milik .*Nongsa.*Sekupang/,
  );
  expect(incidents.get(world.handler, number).certificates).toEqual([]);
  incidents.linkCertificates(world.handler, number, [world.certificateId, foreign], true);
  expect(incidents.get(world.handler, number).certificates.map((c) => [c.commonName, c.foreign])).toEqual([
    ['BAGUS PRAKOSO TARIGAN', false],
    ['ANI', true],
  ]);
});

test('a certificate of a unit belongs to the agency above it', () => {
  const world = makeIncidentWorld();
  const unit = agencies.list(world.admin).find((a) => a.level === 'unit')!;
  const parent = agencies.byId(world.admin, unit.parentId!)!;
  const number = openIncident(world, { agencyId: parent.id });
  incidents.linkCertificate(world.handler, number, addCertificate(world.ctx(), unit.id));
  expect(incidents.get(world.handler, number).certificates[0]!.foreign).toBe(false);
});

test('when it happened may be exact, about an hour, a day, or not known', () => {
  const world = makeIncidentWorld();
  const promoted = (input: Partial<incidents.PromoteInput>) => incidents.get(world.handler, openIncident(world, input));
  expect(occurredText(promoted({}).occurrences.at(-1) ?? null)).toBe('belum diketahui');
  const exact = promoted({ occurred: 'minute', occurredAt: '2026-11-22T12:10' });
  expect(occurredText(exact.occurrences[0]!)).toMatch(/22 November 2026.*12\.10/);
  expect(officialChronology(exact)[0]).toMatchObject({ at: exact.occurrences[0]!.at, text: 'Kejadian.' });
  expect(occurredText(promoted({ occurred: 'hour', occurredAt: '2026-11-22T12:00' }).occurrences[0]!)).toMatch(
    /^sekitar/,
  );
  const day = promoted({ occurred: 'day', occurredAt: '2026-11-20T09:00' });
  expect(occurredText(day.occurrences[0]!)).toBe('20 November 2026, jamnya belum diketahui');
  expect(officialChronology(day).some((e) => e.text.startsWith('Kejadian'))).toBe(false);
  for (const input of [
    { occurred: 'minute' as const, occurredAt: '' },
    { occurred: 'minute' as const, occurredAt: 'kemarin' },
    { occurred: 'unknown' as const, occurredAt: '2026-11-22T12:10' },
    { occurred: 'minute' as const, occurredAt: '2026-11-22T13:31' },
    { occurred: 'day' as const, occurredAt: '2026-11-23T00:10' },
  ])
    expect(() => promoted(input)).toThrow(/Waktu kejadian/);
});

test('a time of happening is corrected with a reason and taken back, and SQL says the same', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world, {}, { ...REPORT, detectedAt: '2026-11-22T13:30' });
  const sql = () => world.db.$client.prepare(`select ${OCCURRED_SQL} as at from incident i`).pluck().get();
  expect(sql()).toBeNull();
  incidents.setOccurrence(world.handler, number, { occurred: 'hour', occurredAt: '2026-11-22T12:00' });
  const first = sql() as number;
  world.clock.advance(HOUR);
  const later = { occurred: 'minute' as const, occurredAt: '2026-11-22T11:45' };
  expect(() => incidents.setOccurrence(world.handler, number, later)).toThrow(/Waktu kejadian/);
  incidents.setOccurrence(world.handler, number, { ...later, ...REASONED });
  expect(sql()).toBe(first - 15 * 60_000);
  world.clock.advance(HOUR);
  incidents.setOccurrence(world.handler, number, { occurred: 'unknown', ...REASONED });
  expect(sql()).toBeNull();
  expect(incidents.get(world.handler, number).occurrences).toHaveLength(3);
  expect(trail(world, number).filter((e) => e.sentence.includes('waktu kejadian'))).toHaveLength(3);
});

test('of a lost key the owner is called and revocation asked for before anything is judged or written', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  const next = () => incidents.get(world.handler, number).steps[0]!.key;
  expect(next()).toBe('call');
  incidents.tick(world.handler, number, 'owner_called');
  expect(next()).toBe('link');
  incidents.linkCertificate(world.handler, number, world.certificateId);
  expect(next()).toBe(`ask:${world.certificateId}`);
  const request = incidents.requestRevocation(world.handler, number, {
    certificateId: world.certificateId,
    reasonCode: 'KEY_LOST',
  });
  expect(next()).toBe(`forward:${request}`);
  incidents.forwardRevocation(world.handler, request, { number: 'PCB-1' });
  expect(next()).toBe('assess');
  incidents.assess(world.handler, number, { impact: 2, urgency: 3 });
  expect(next()).toMatch(/^obligation:/);
});

test('the messages of a review name how much is asked for', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  const review = {
    rootCause: 'HP',
    causeKind: 'human' as const,
    outcome: 'revoked' as const,
    lessons: 'a',
    actions: '',
  };
  try {
    incidents.writeReview(world.handler, number, review);
    expect.unreachable();
  } catch (error) {
    expect((error as { fields: unknown }).fields).toEqual({
      rootCause: 'Tulis akar masalahnya, paling sedikit 15 huruf.',
      lessons: 'Tulis pelajarannya: yang baik, yang buruk, yang kebetulan, paling sedikit 10 huruf.',
      actions: expect.stringContaining('paling sedikit 10 huruf.'),
    });
  }
});
