// Ways by which a duty to report could seem met, released or approved though it is not.
import { describe, expect, test } from 'vitest';
import { deliver, letterTo, makeIncidentWorld, openIncident, REASONED } from '#tests/support/incident-world.ts';
import { MINUTE } from '../calendar.ts';
import * as notifications from '../notifications/index.ts';
import * as settings from '../settings/index.ts';
import * as incidents from './index.ts';

const CALL: incidents.CarryInput = { channel: 'phone', address: '021-5550-0001', person: 'Petugas piket BSSN' };

/** The early notice to BSSN as it stands now. */
const notice = (world: ReturnType<typeof makeIncidentWorld>, number: string) =>
  incidents.get(world.handler, number).obligations[0]!;

describe('a telephone call', () => {
  test('has no receipt: it is confirmed in writing first', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    incidents.carry(world.handler, notice(world, number).id, CALL);
    expect(() =>
      incidents.recordReceipt(world.handler, notice(world, number).id, { grade: 4, authorityNumber: 'TIKET-1' }),
    ).toThrow(/tertulis/);
    expect(notice(world, number).settledAt).toBeNull();
  });
});

describe('a letter whose mail was cancelled', () => {
  test('has not left: it is sent again, and the obligation says so', async () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    incidents.assess(world.handler, number, { impact: 2, urgency: 3 });
    const id = await letterTo(world, number, 'bssn');
    const { mail } = notice(world, number).transmissions[0]!;
    notifications.cancel(world.admin, mail!.id, 'Alamat keliru menurut piket.');
    expect(notice(world, number).progress).toMatchObject({ grade: 0, metAt: null });
    const step = incidents
      .get(world.handler, number)
      .steps.find((s) => s.key === `obligation:${notice(world, number).id}`);
    expect(step).toMatchObject({ title: 'Kirim pemberitahuan awal ke Kepala BSSN', waiting: false });
    expect(incidents.get(world.handler, number).timeline.map((event) => event.title)).toContain(
      'Surel ke Kepala BSSN dibatalkan sebelum terkirim',
    );
    await incidents.send(world.handler, id);
    await deliver(world);
    expect(notice(world, number).progress.metAt).toBe(world.clock.at);
    await expect(incidents.send(world.handler, id)).rejects.toThrow(/sudah dikirim/);
  });
});

describe('the second person', () => {
  test('nobody who wrote a version of the draft approves it, even when somebody else changed it last', async () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    const proposal = incidents.letterProposal(world.handler, notice(world, number).id);
    const id = incidents.draft(world.supervisor, notice(world, number).id, { ...proposal, number: '500.12/1' });
    incidents.edit(world.handler, id, { ...proposal, number: '500.12/2' });
    expect(incidents.barredFrom(world.supervisor, id)).toMatch(/Anda tulis/);
    await expect(incidents.approve(world.supervisor, id)).rejects.toThrow(/Anda tulis/);
    expect(incidents.barredFrom(world.head, id)).toBeNull();
    await incidents.approve(world.head, id);
  });

  test('what left under delegation is asked for afterwards, and the incident waits for it', async () => {
    const world = makeIncidentWorld();
    const number = openIncident(world, { type: 'key_inaccessible' });
    settings.set(world.admin, 'delegation', { decree: 'SK 188/2026', earlyNotice: true }, { source: 'SK 188/2026' });
    const id = incidents.draft(world.handler, notice(world, number).id);
    await incidents.send(world.handler, id);
    await deliver(world);
    const approval = () => incidents.tasks(world.head).find((task) => task.href === `/letters/${id}`);
    const gate = () => incidents.get(world.handler, number).gate.find((item) => item.key === `approved:${id}`);
    expect(approval()).toMatchObject({
      act: 'letters.approve',
      title: 'Setujui pemberitahuan awal ke Kepala BSSN yang sudah dikirim piket',
    });
    expect(gate()).toMatchObject({ met: false });
    await incidents.approve(world.head, id);
    expect(approval()).toBeUndefined();
    expect(gate()).toMatchObject({ met: true });
  });

  test('what was sent meanwhile is not released any more', async () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    incidents.proposeWaiver(world.handler, notice(world, number).id, REASONED);
    await letterTo(world, number, 'bssn');
    world.clock.advance(MINUTE);
    await deliver(world);
    expect(() => incidents.decideWaiver(world.head, notice(world, number).id, true)).toThrow(/sudah terkirim/);
    incidents.decideWaiver(world.head, notice(world, number).id, false);
    expect(notice(world, number)).toMatchObject({ waived: false, proposal: null });
  });
});
