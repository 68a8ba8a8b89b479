import { expect, test } from 'vitest';
import { makeIncidentWorld, openIncident } from '#tests/support/incident-world.ts';
import * as incidents from './index.ts';

test('the search finds incidents and letters by number, title and addressee, and shows letters to whom they are for', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  const duty = incidents.get(world.handler, number).obligations.find((o) => o.stage === 'early_notice')!;
  const letter = incidents.draft(world.handler, duty.id);
  expect(incidents.search(world.handler, number).incidents.map((row) => row.number)).toEqual([number]);
  expect(incidents.search(world.handler, number).letters.map((row) => row.id)).toEqual([letter]);
  expect(incidents.search(world.handler, `kepala ${number}`).letters).toHaveLength(1);
  for (const q of ['%', '_', "'", '\\', 'x', '']) expect(incidents.search(world.handler, q).incidents).toEqual([]);
  const officer = world.person('officer', { agencyId: world.agency.id });
  const foreign = world.person('officer', { agencyId: world.other.id });
  expect(incidents.search(officer, number)).toMatchObject({ incidents: [{ number }], letters: [] });
  expect(incidents.search(foreign, number)).toEqual({ incidents: [], letters: [] });
  expect(incidents.search(world.person('verifier'), number)).toEqual({ incidents: [], letters: [] });
});
