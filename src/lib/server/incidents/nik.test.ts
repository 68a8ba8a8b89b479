// incident-escalation §8: a NIK never appears. Nothing with one is taken, approved or sent; a report of trouble is never
// lost over it.
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { message } from '../notifications/schema.ts';
import { makeIncidentWorld, openIncident, REPORT, type IncidentWorld } from '#tests/support/incident-world.ts';
import * as incidents from './index.ts';
import { letter } from './schema.ts';

const NIK = '2171014506900003';
const LETTER = { number: '500.12/7/DISKOMINFO/XI/2026' };

function refusal(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const firstDuty = (world: IncidentWorld, number: string): string =>
  incidents.get(world.handler, number).obligations[0]!.id;

test('a report of trouble with a NIK is taken, and the NIK is covered before it is stored', () => {
  const world = makeIncidentWorld();
  const { number, token } = incidents.report(world.open, {
    ...REPORT,
    ownerName: `Bagus (${NIK})`,
    story: 'HP hilang. NIK saya 2171 0145 0690 0003, tolong dicabut.',
  });
  const intake = incidents.getIntake(world.handler, number);
  expect(intake.story).toBe('HP hilang. NIK saya [NIK disamarkan], tolong dicabut.');
  expect(intake.ownerName).toBe('Bagus ([NIK disamarkan])');
  expect(incidents.receipt(world.open, token).covered).toBe(true);
  const plain = incidents.report(world.open, REPORT);
  expect(incidents.receipt(world.open, plain.token).covered).toBe(false);
});

test('the same form with a NIK sent twice is one report', () => {
  const world = makeIncidentWorld();
  const input = { ...REPORT, story: `NIK ${NIK}`, once: incidents.newToken() };
  expect(incidents.report(world.open, input)).toEqual(incidents.report(world.open, input));
  expect(incidents.intakes(world.handler).rows).toHaveLength(1);
});

test('no text of an incident takes a NIK, and the message says what to do', async () => {
  const world = makeIncidentWorld();
  const { number: lap } = incidents.report(world.open, REPORT);
  const promoting = refusal(() =>
    incidents.promote(world.handler, lap, {
      type: 'key_lost',
      title: `HP hilang, ${NIK}`,
      agencyId: world.agency.id,
      description: 'HP hilang di pelabuhan, NIK 217101.450690.0003.',
    }),
  );
  expect(promoting.fields).toEqual({
    title: expect.stringContaining('Hapus angka itu'),
    description: expect.stringContaining('Hapus angka itu'),
  });
  const number = openIncident(world);
  const duty = firstDuty(world, number);
  for (const work of [
    () => incidents.note(world.handler, number, { text: `Pemilik menyebut ${NIK}` }),
    () => incidents.tick(world.handler, number, 'owner_called', { note: NIK }),
    () =>
      incidents.linkCertificate(world.handler, number, world.certificateId) ??
      incidents.unlinkCertificate(world.handler, number, world.certificateId, { reason: `Salah orang ${NIK}` }),
    () => incidents.proposeWaiver(world.handler, duty, { reason: `Bukan insiden ${NIK}` }),
    () => incidents.carry(world.handler, duty, { channel: 'phone', address: '021-5550-0001', note: NIK }),
  ])
    expect(Object.values(refusal(work).fields).join()).toContain('NIK');
  const picture = { bytes: new Uint8Array([1]), mediaType: 'image/png' };
  await expect(
    incidents.addEvidence(world.handler, number, { ...picture, name: 'a.png', description: `KTP ${NIK}` }),
  ).rejects.toMatchObject({ fields: { description: expect.stringContaining('NIK') } });
  await incidents.addEvidence(world.handler, number, {
    ...picture,
    name: `ktp-${NIK}.png`,
    description: 'Kartu identitas',
  });
  const { evidence } = incidents.get(world.handler, number);
  expect(evidence[0]!.name).toBe('ktp-[NIK disamarkan].png');
});

test('a letter with a NIK is not saved, by field', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  const duty = firstDuty(world, number);
  const proposal = incidents.letterProposal(world.handler, duty);
  const refused = refusal(() =>
    incidents.draft(world.handler, duty, { ...proposal, description: `${proposal.description} NIK ${NIK}.` }),
  );
  expect(refused.fields).toEqual({ description: expect.stringContaining('Hapus angka itu') });
});

test('what an earlier release let in is neither approved nor sent, and the proposal covers it', async () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  const duty = firstDuty(world, number);
  const id = incidents.draft(world.handler, duty, { ...incidents.letterProposal(world.handler, duty), ...LETTER });
  const { content } = incidents.getLetter(world.handler, id).letter;
  const smuggle = (description: string) =>
    world.db
      .update(letter)
      .set({ content: { ...content, description } })
      .where(eq(letter.id, id))
      .run();
  smuggle(`${content.description} NIK ${NIK}.`);
  await expect(incidents.approve(world.head, id)).rejects.toMatchObject({
    fields: { description: expect.stringContaining('Hapus angka itu') },
  });
  smuggle(content.description);
  await incidents.approve(world.head, id);
  world.db.$client.exec('drop trigger if exists letter_locked');
  smuggle(`${content.description} NIK ${NIK}.`);
  await expect(incidents.send(world.handler, id)).rejects.toThrow(/versi baru/);
  expect(
    world.db
      .select()
      .from(message)
      .all()
      .filter((m) => m.lane === 'letter'),
  ).toEqual([]);
  expect(incidents.letterProposal(world.handler, duty).description).toContain('[NIK disamarkan]');
});
