import { expect, test } from 'vitest';
import * as agencies from '../agencies/index.ts';
import type { Setting } from './letter-data.ts';
import { letterData } from './letter-data.ts';
import { makeIncidentWorld, openIncident } from '#tests/support/incident-world.ts';
import * as settings from '../settings/index.ts';
import * as incidents from './index.ts';

type World = ReturnType<typeof makeIncidentWorld>;
const duty = (world: World, number: string, stage = 'early_notice') =>
  incidents.get(world.handler, number).obligations.find((o) => o.stage === stage)!.id;

const printed = (world: World, id: string) => {
  const { dossier, obligation, letter } = incidents.getLetter(world.handler, id);
  const setting = {
    office: settings.get(world.admin, 'office'),
    signatory: settings.get(world.admin, 'signatory'),
    paper: 'F4',
    mayorWord: 'Wali Kota',
    contact: { name: 'Rizky', position: 'Penangan', phone: '', email: '' },
    trail: { size: 1, root: 'a'.repeat(64), at: 0 },
  } as Setting;
  return Object.fromEntries(letterData(dossier, obligation, letter, setting, true).essentials);
};

test('an early notice names the agency on its own line and says what is known of misuse and containment', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world);
  const id = incidents.draft(world.handler, duty(world, number));
  expect(printed(world, id)).toEqual({
    'Perangkat Daerah': 'Kecamatan Sekupang',
    'Jenis insiden': expect.any(String),
    'Waktu kejadian': 'belum diketahui',
    'Sertifikat terdampak': 'belum diketahui',
    'Dugaan penyalahgunaan': 'Belum diketahui',
    'Sudah terkendali': 'Belum',
  });
  const { letter } = incidents.getLetter(world.handler, id);
  const input = { ...letter.content, number: 'X/1', date: letter.date };
  incidents.edit(world.handler, id, { ...input, misuse: 'no', contained: 'yes' });
  expect(printed(world, id)).toMatchObject({ 'Dugaan penyalahgunaan': 'Tidak', 'Sudah terkendali': 'Ya' });
  expect(() => incidents.edit(world.handler, id, { ...input, misuse: '' })).toThrow(/belum lengkap/);
  expect(() => incidents.edit(world.handler, id, { ...input, misuse: 'mungkin' as 'no' })).toThrow(/belum disimpan/);
});

test('the answers follow the record: misuse is suspected by its type, contained once revocation went to BSrE', () => {
  const world = makeIncidentWorld();
  const number = openIncident(world, { type: 'misuse' });
  incidents.assess(world.handler, number, { impact: 2, urgency: 3 });
  incidents.linkCertificate(world.handler, number, world.certificateId);
  const request = incidents.requestRevocation(world.handler, number, {
    certificateId: world.certificateId,
    reasonCode: 'MISUSE_SUSPECTED',
  });
  incidents.forwardRevocation(world.handler, request, { number: 'PCB-1' });
  expect(printed(world, incidents.draft(world.handler, duty(world, number)))).toMatchObject({
    'Sertifikat terdampak': '1 sertifikat, 1 pemilik',
    'Dugaan penyalahgunaan': 'Ya',
    'Sudah terkendali': 'Ya',
  });
  const help = printed(world, incidents.draft(world.handler, duty(world, number, 'technical_help')));
  expect(help['Dugaan penyalahgunaan']).toBeUndefined();
});

test('a letter to somebody without an e-mail address goes another way, and the next step says so', async () => {
  const world = makeIncidentWorld();
  agencies.contacts.set(world.admin, 'bssn', {
    addressee: 'Kepala Badan Siber dan Sandi Negara',
    address: 'di Jakarta',
    email: '',
    phone: '',
    outOfHours: '',
  });
  const number = openIncident(world);
  const obligation = incidents.get(world.handler, number).obligations.find((o) => o.party === 'bssn')!;
  const id = incidents.draft(world.handler, obligation.id, {
    ...incidents.letterProposal(world.handler, obligation.id),
    number: 'X/1',
  });
  await incidents.approve(world.head, id);
  const step = incidents.get(world.handler, number).steps.find((s) => s.key === `obligation:${obligation.id}`)!;
  expect(step).toMatchObject({ button: 'Jalur Lain', title: expect.stringContaining('jalur lain') });
  expect(step.href).toBe('#kewajiban-bssn-early_notice');
});
