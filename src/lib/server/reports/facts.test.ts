import { expect, test } from 'vitest';
import { deliver, letterTo, makeIncidentWorld, openIncident, REASONED } from '#tests/support/incident-world.ts';
import * as agencies from '../agencies/index.ts';
import { HOUR } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as evaluations from '../evaluations/population.ts';
import { readFacts } from './facts.ts';
import * as incidents from '../incidents/index.ts';

const OFFICE = { person: '', note: '', evidenceId: '' };

test('what evaluations and reports count as met, due and released is what the incident itself shows', async () => {
  const world = makeIncidentWorld();
  const { handler, head, clock } = world;
  const first = (number: string) => incidents.get(handler, number).obligations[0]!;

  const called = openIncident(world);
  incidents.carry(handler, first(called).id, { ...OFFICE, channel: 'phone', address: '021-5550-0001' });
  const mailed = openIncident(world);
  await letterTo(world, mailed, 'bssn');
  const failed = openIncident(world);
  await letterTo(world, failed, 'bsre');
  clock.advance(HOUR);
  await deliver(world, { result: 'sent', reply: '250' }, { result: 'permanent', reply: '550' });
  const confirmed = incidents.get(handler, failed).obligations.find((o) => o.party === 'bsre')!;
  incidents.recordReceipt(handler, confirmed.id, { grade: 4, authorityNumber: 'AGENDA-7' });
  const released = openIncident(world);
  incidents.proposeWaiver(handler, first(released).id, REASONED);
  incidents.decideWaiver(head, first(released).id, true);
  incidents.correct(handler, released, 'known', { at: '2026-11-22T13:05', ...REASONED });
  clock.advance(HOUR);

  const shown = incidents
    .list(handler)
    .rows.flatMap((row) => incidents.get(handler, row.number).obligations)
    .map((o) => ({ id: o.id, dueAt: o.clock.dueAt, metAt: o.progress.metAt, released: o.waived }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(shown.filter((o) => o.metAt !== null)).toHaveLength(2);
  const picked = ({ id, dueAt, metAt, released: free }: (typeof shown)[number]) => ({
    id,
    dueAt,
    metAt,
    released: free,
  });
  expect(evaluations.obligations(world.db, 0, clock.at).map(picked)).toEqual(shown);
  expect(readFacts(world.ctx(), '2026').obligations.map(picked)).toEqual(shown);
});

test('a revocation that was seen before it was asked for took no time, not less than none', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  incidents.linkCertificate(world.handler, number, world.certificateId);
  connection(world.db)
    .prepare(
      `update certificate set revocation = 'revoked', revoked_at = ?, revocation_seen_at = ?, evidence_id = 'b' where id = ?`,
    )
    .run(world.clock.at - HOUR, world.clock.at - HOUR, world.certificateId);
  incidents.requestRevocation(world.handler, number, { certificateId: world.certificateId, reasonCode: 'KEY_LOST' });
  const [row] = readFacts(world.ctx(), '2026').revocations;
  expect(row).toMatchObject({ requestedAt: world.clock.at, seenAt: world.clock.at });
});

test('an agency stands in a report with the name it bore then, to the last day of that name', () => {
  const world = makeIncidentWorld();
  const { name } = agencies.get(world.admin, 'DISDIK');
  agencies.rename(world.admin, 'DISDIK', {
    name: 'Dinas Pendidikan dan Kebudayaan',
    shortName: 'Disdikbud',
    from: '2026-07-01',
    source: 'Perda 3/2026',
  });
  const named = (period: string) =>
    readFacts(world.ctx(), period).agencies.find((agency) => agency.code === 'DISDIK')?.name;
  expect(named('2026-S1')).toBe(name);
  expect(named('2026')).toBe('Dinas Pendidikan dan Kebudayaan');
});
