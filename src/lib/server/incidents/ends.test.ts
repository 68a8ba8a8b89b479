// How an incident ends, and what a later word does to it.
import { describe, expect, test } from 'vitest';
import {
  deliver,
  letterTo,
  makeIncidentWorld,
  openIncident,
  REASONED,
  REPORT,
  type IncidentWorld,
} from '#tests/support/incident-world.ts';
import { connection } from '../db/index.ts';
import * as incidents from './index.ts';

const marksOf = (world: IncidentWorld) =>
  connection(world.db)
    .prepare('select kind from certificate_mark where certificate_id = ? and ended_at is null order by kind')
    .pluck()
    .all(world.certificateId);

/** Everything a dispute needs but the preserved document. */
async function dispute(world: IncidentWorld): Promise<string> {
  const number = openIncident(world, { type: 'repudiation' });
  incidents.assess(world.handler, number, { impact: 1, urgency: 1 });
  for (const [party, stage] of [
    ['bssn', 'early_notice'],
    ['bsre', 'early_notice'],
    ['bsre', 'technical_help'],
  ] as const)
    await letterTo(world, number, party, stage);
  await deliver(world);
  incidents.tick(world.handler, number, 'recovered');
  incidents.writeReview(world.handler, number, {
    rootCause: 'Tanda tangan dibuat sendiri, pemilik lupa.',
    causeKind: 'human',
    outcome: 'proven',
    lessons: 'Pemeriksaan tanda tangan lebih dulu.',
    actions: 'Tidak perlu; sudah dijelaskan kepada pemilik.',
  });
  incidents.approveReview(world.supervisor, number);
  incidents.tick(world.handler, number, 'reporter_informed');
  return number;
}

describe('closing a dispute', () => {
  test('wants the document preserved, and is closed for good once it is', async () => {
    const world = makeIncidentWorld();
    const number = await dispute(world);
    expect(() => incidents.close(world.handler, number)).toThrow(/dokumen diamankan/);
    incidents.tick(world.handler, number, 'preserved');
    incidents.close(world.handler, number);
    expect(incidents.get(world.handler, number)).toMatchObject({ state: 'closed', steps: [] });
    expect(() => incidents.close(world.handler, number)).toThrow(/sudah ditutup/);
  });
});

describe('opening again', () => {
  test('certificates whose revocation is still awaited are marked so again', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    incidents.linkCertificate(world.handler, number, world.certificateId);
    incidents.requestRevocation(world.handler, number, {
      certificateId: world.certificateId,
      reasonCode: 'KEY_LOST',
    });
    for (const o of incidents.get(world.handler, number).obligations) {
      incidents.proposeWaiver(world.handler, o.id, REASONED);
      incidents.decideWaiver(world.head, o.id, true);
    }
    incidents.dismiss(world.handler, number, REASONED);
    expect(marksOf(world)).toEqual([]);
    incidents.reopen(world.handler, number, REASONED);
    expect(marksOf(world)).toEqual(['open_incident', 'pending_revocation']);
  });

  test('a report is not made part of an incident that nobody works on any more', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    for (const o of incidents.get(world.handler, number).obligations) {
      incidents.proposeWaiver(world.handler, o.id, REASONED);
      incidents.decideWaiver(world.head, o.id, true);
    }
    incidents.dismiss(world.handler, number, REASONED);
    const again = incidents.report(world.open, REPORT).number;
    expect(() => incidents.mergeIntake(world.handler, again, { incident: number, ...REASONED })).toThrow(
      /sudah ditutup/,
    );
    expect(incidents.intakes(world.handler).counts).toEqual({ new: 1, done: 1 });
  });
});

test('only who handles incidents looks for certificates to link', () => {
  const world = makeIncidentWorld();
  expect(incidents.candidates(world.handler, 'Bagus', world.agency.id)).toHaveLength(1);
  expect(() => incidents.candidates(world.person('leader'), 'Bagus', world.agency.id)).toThrow(/hak/);
});
