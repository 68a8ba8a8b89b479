import { expect, test } from 'vitest';
import { makeIncidentWorld, REPORT } from '#tests/support/incident-world.ts';
import * as audit from '../audit/index.ts';
import { newId } from '../db/index.ts';
import * as incidents from '../incidents/index.ts';
import * as reports from './index.ts';
import * as store from './store.ts';

test('a report to the authorities and a report of trouble are numbered apart', () => {
  const world = makeIncidentWorld();
  const first = reports.requestReport(world.supervisor, { kind: 'annual-bssn', period: '2026' });
  expect(incidents.report(world.open, REPORT).number).toBe('LAP-2026-0001');
  expect(first.number).toBe('LBK-2026-0001');
});

test('a number of the first release stays, also for the version that corrects it', () => {
  const world = makeIncidentWorld();
  const taken = reports.take(world.supervisor, '2026');
  store.insertReport(world.db, {
    id: newId(world.clock.at),
    number: 'LAP-2026-0001',
    kind: 'annual-bssn',
    period: '2026',
    version: 1,
    snapshotId: taken.id,
    state: 'approved',
    narrative: {},
    reason: '',
    requestedBy: audit.actorKey(world.supervisor.actor),
    requestedAt: world.clock.at,
    contentHash: 'a',
    pdfSha256: taken.rowsSha256,
    approvedBy: audit.actorKey(world.head.actor),
    approvedAt: world.clock.at,
  });
  expect(reports.get(world.supervisor, 'LAP-2026-0001').report.state).toBe('approved');
  const again = { kind: 'annual-bssn', period: '2026', reason: 'Angka salah cetak.' } as const;
  expect(reports.requestReport(world.supervisor, again).number).toBe('LAP-2026-0001-v2');
});
