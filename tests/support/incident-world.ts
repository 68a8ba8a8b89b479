// A world with the register, addresses of the authorities, people who handle incidents, and one certificate.
import { eq } from 'drizzle-orm';
import * as agencies from '#lib/server/agencies/index.ts';
import { certificate } from '#lib/server/certificates/schema.ts';
import { startOfDay, DAY } from '#lib/server/calendar.ts';
import type { Context } from '#lib/server/context.ts';
import { newId } from '#lib/server/db/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import type { MailResult } from '#lib/server/outbound/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import { makeWorld } from './world.ts';

export const REPORT: incidents.ReportInput = {
  kind: 'device_lost',
  ownerName: 'Bagus Prakoso Tarigan',
  agency: 'Kecamatan Sekupang',
  phone: '0812-5550-0134',
  story: 'HP tertinggal di Pelabuhan Sekupang, passphrase tersimpan di catatan.',
  detectedAt: '2026-11-22T13:30',
};

export function makeIncidentWorld() {
  const world = makeWorld();
  const admin = world.person('administrator', { name: 'Admin Sistem' });
  agencies.seed(admin);
  const agency = agencies.list(admin).find((a) => a.name === 'Kecamatan Sekupang')!;
  const other = agencies.list(admin).find((a) => a.name === 'Kecamatan Nongsa')!;
  agencies.contacts.set(admin, 'bssn', {
    addressee: 'Kepala Badan Siber dan Sandi Negara',
    address: 'di Jakarta',
    email: 'bssn@example.test',
    phone: '021-5550-0001',
    outOfHours: '',
  });
  agencies.contacts.set(admin, 'bsre', {
    addressee: 'Kepala Balai Besar Sertifikasi Elektronik',
    address: 'di Jakarta',
    email: 'bsre@example.test',
    phone: '021-5550-0002',
    outOfHours: '',
  });
  settings.set(
    admin,
    'office',
    {
      ...settings.get(admin, 'office'),
      name: 'Dinas Komunikasi dan Informatika',
      phone: '0778-555-0142',
      email: 'persandian@batam.example',
    },
    { source: 'uji' },
  );
  settings.set(admin, 'mail', { enabled: true, from: 'siaga@batam.example', replyTo: '' }, { source: 'uji' });
  return {
    ...world,
    agency,
    other,
    admin,
    handler: world.person('handler', { name: 'Rizky Aditya Ginting' }),
    supervisor: world.person('supervisor', { name: 'Siti Maharani Daulay' }),
    head: world.person('head', { name: 'Surya Mahendra' }),
    officer: world.person('officer', { name: 'Petugas Sekupang', agencyId: agency.id }),
    stranger: world.person('officer', { name: 'Petugas Nongsa', agencyId: other.id }),
    open: world.ctx({ kind: 'public' }),
    certificateId: addCertificate(world.ctx(), agency.id),
  };
}
export type IncidentWorld = ReturnType<typeof makeIncidentWorld>;

let made = 0;
/** A certificate record without a file, enough to be linked and revoked. */
export function addCertificate(ctx: Context, agencyId: string, name = 'BAGUS PRAKOSO TARIGAN'): string {
  const now = ctx.now();
  made += 1;
  const id = newId(now + made);
  ctx.db
    .insert(certificate)
    .values({
      id,
      issuer: 'CN=Uji',
      serial: `3c881e0a94${String(made).padStart(4, '0')}`,
      subject: `CN=${name}`,
      commonName: name,
      notBefore: startOfDay('2026-01-01'),
      notAfter: now + 400 * DAY,
      use: 'signature',
      agencyId,
      source: 'sheet',
      addedAt: now,
      updatedAt: now,
    })
    .run();
  return id;
}

/** Report and promotion of a lost phone; the handler has it. @returns the incident's number */
export function openIncident(
  world: IncidentWorld,
  input: Partial<incidents.PromoteInput> = {},
  report: Partial<incidents.ReportInput> = {},
): string {
  const { number } = incidents.report(world.open, { ...REPORT, ...report });
  return incidents.promote(world.handler, number, {
    type: 'key_lost',
    title: 'HP Camat Sekupang hilang, passphrase mungkin diketahui',
    agencyId: world.agency.id,
    description: 'HP berisi aplikasi tanda tangan hilang di pelabuhan; passphrase tersimpan di catatan.',
    ...input,
  });
}

/** A reason long enough to be accepted. */
export const REASONED = { reason: 'Alasan yang cukup panjang untuk diterima.' };

/** Delivers what waits in the outbox; without an answer the server takes the mail. */
export const deliver = (world: IncidentWorld, ...answers: MailResult[]) =>
  notifications.deliver(world.ctx(), {
    smtpUrl: 'smtp://x',
    outbound: { sendMail: async () => answers.shift() ?? { result: 'sent', reply: '250 ok' } },
  });

/** What a sweep writes when a verified CRL lists the certificate. */
export const revoke = (world: IncidentWorld, id = world.certificateId) =>
  world.db
    .update(certificate)
    .set({
      revocation: 'revoked',
      revokedAt: world.clock.at,
      revocationReason: 1,
      revocationSeenAt: world.clock.at,
      evidenceId: 'bukti-1',
    })
    .where(eq(certificate.id, id))
    .run();

/** A letter drafted by the handler, approved by the head and put into the outbox. @returns its id */
export async function letterTo(
  world: IncidentWorld,
  number: string,
  party: 'bssn' | 'bsre',
  stage = 'early_notice',
): Promise<string> {
  const obligation = incidents
    .get(world.handler, number)
    .obligations.find((o) => o.party === party && o.stage === stage)!;
  const proposal = incidents.letterProposal(world.handler, obligation.id);
  const id = incidents.draft(world.handler, obligation.id, {
    ...proposal,
    number: `500.12/${party}/DISKOMINFO/XI/2026`,
  });
  await incidents.approve(world.head, id);
  await incidents.send(world.handler, id);
  return id;
}
