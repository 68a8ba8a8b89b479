import { expect, test } from 'vitest';
import { entry, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { addCertificate, makeIncidentWorld } from '#tests/support/incident-world.ts';
import { eq } from 'drizzle-orm';
import { user } from '../auth/schema.ts';
import { DAY, HOUR } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as notifications from '../notifications/index.ts';
import { message } from '../notifications/schema.ts';
import * as settings from '../settings/index.ts';
import * as monitoring from './index.ts';

/** Monday 23 November 2026, 07.30 WIB: a working day. */
const MONDAY = Date.parse('2026-11-23T00:30:00Z');

/** A certificate of the agency that ends in 20 days, with its owner's address if there is one. */
function ending(world: ReturnType<typeof makeIncidentWorld>, name: string, email?: string): void {
  const id = addCertificate(world.ctx(), world.agency.id, name);
  const client = connection(world.db);
  client
    .prepare('update certificate set not_after = ?, not_before = ? where id = ?')
    .run(MONDAY + 20 * DAY, MONDAY - 700 * DAY, id);
  if (!email) return;
  client
    .prepare(
      `insert into holder (id, kind, name, name_key, email, status, created_at) values (?, 'person', ?, ?, ?, 'active', 1)`,
    )
    .run(`h-${id}`, name, name, email);
  client.prepare('update certificate set holder_id = ? where id = ?').run(`h-${id}`, id);
}

const to = (world: ReturnType<typeof makeIncidentWorld>, recipient: string) =>
  world.db.select().from(message).where(eq(message.recipient, recipient)).all();

test('a second digest on the same day tells what came since, and nothing is marked as told that was not', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  ending(world, 'SITI AMINAH');
  monitoring.digest(world.ctx());
  ending(world, 'JOKO WIDAGDO');
  monitoring.digest(world.ctx());
  expect(monitoring.digest(world.ctx())).toBe(0);
  const told = to(world, mine!.email);
  expect(told).toHaveLength(2);
  expect(told.map((m) => [m.body.includes('SITI AMINAH'), m.body.includes('JOKO WIDAGDO')])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test('who owns the certificate and is the officer of its agency is told once, not once as each', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  ending(world, 'PETUGAS SEKUPANG', mine!.email);
  monitoring.digest(world.ctx());
  world.clock.advance(DAY);
  monitoring.digest(world.ctx());
  expect(to(world, mine!.email)).toHaveLength(1);
});

test('the owner of a person’s certificate is led to the portal, the keeper of a server to its issuer', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  ending(world, 'SITI AMINAH');
  ending(world, 'www.batam.example');
  const client = connection(world.db);
  client.prepare(`update certificate set use = 'tls_server' where common_name = 'www.batam.example'`).run();
  monitoring.digest(world.ctx());
  const lines = to(world, mine!.email)[0]!.body.split('\n- ');
  expect(lines.find((line) => line.startsWith('SITI'))).toContain('portal BSrE');
  const server = lines.find((line) => line.startsWith('www.'))!;
  expect(server).toContain('CSR');
  expect(server).not.toContain('BSrE');
});

/** The issuer revoked it (or put it on hold) at an instant. */
function taken(world: ReturnType<typeof makeIncidentWorld>, name: string, values: Record<string, string | number>) {
  const all = { revocation: 'revoked', ...values };
  connection(world.db)
    .prepare(
      `update certificate set ${Object.keys(all)
        .map((column) => `${column} = @${column}`)
        .join(', ')} where common_name = @name`,
    )
    .run({ name, ...all });
}

const DAWN = Date.parse('2026-11-22T21:05:00Z');

test('an owner is told what happened, when by WIB, what to do now and whom to ask; nothing that only Siaga can do', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const own = settings.get(world.ctx(), 'office');
  settings.set(
    world.person('administrator'),
    'office',
    { ...own, name: 'Dinas Kominfo Contoh', phone: '0778-123456', email: 'kominfo@batam.example' },
    { source: 'uji' },
  );
  ending(world, 'SITI AMINAH', 'siti@batam.example');
  taken(world, 'SITI AMINAH', { revocation_reason: 1, revoked_at: DAWN });
  monitoring.review(world.ctx());
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  const [mail] = to(world, 'siti@batam.example');
  expect(mail!.subject).toBe('Segera: sertifikat elektronik Anda dicabut, kunci privat bocor atau hilang');
  expect(mail!.body).toContain('Yth. SITI AMINAH');
  expect(mail!.body).toContain('pada 23 November 2026 pukul 04.05 WIB');
  expect(mail!.body).toMatch(/1\. Berhenti memakai sertifikat ini sekarang/);
  expect(mail!.body).toMatch(
    /Hubungi kami:\n- petugas Perangkat Daerah Anda: .*\n- Dinas Kominfo Contoh: telepon 0778-123456/,
  );
  expect(mail!.body).toContain(mine!.email);
  expect(mail!.body).not.toMatch(/Siaga|pemilik|sudah diketahui|http|insiden/);
  // Whoever works here reads another text about the same.
  const [other] = to(world, mine!.email);
  expect(other!.subject).toBe('Siaga, segera: kunci SITI AMINAH bocor, sertifikatnya dicabut');
  expect(other!.body).toMatch(/Dicabut penerbit pada 23 November 2026 pukul 04\.05 WIB/);
  expect(other!.body).toContain('sudah diketahui');
});

test('an owner’s certificate that ends, is on hold, or may be revoked is told as that; of contradictions the office hears alone', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  ending(world, 'SITI AMINAH', 'siti@batam.example');
  ending(world, 'JOKO WIDAGDO', 'joko@batam.example');
  ending(world, 'RINA MARLINA', 'rina@batam.example');
  taken(world, 'JOKO WIDAGDO', { revocation: 'on_hold', revocation_reason: 6, revoked_at: DAWN });
  connection(world.db)
    .prepare(
      `insert into revocation_signal (id, kind, certificate_id, detail, at)
        select 's', 'early_removal', id, '{}', ? from certificate where common_name = 'RINA MARLINA'`,
    )
    .run(MONDAY);
  taken(world, 'RINA MARLINA', { not_after: MONDAY + 900 * DAY, revocation: 'good' });
  monitoring.digest(world.ctx());
  expect(to(world, 'siti@batam.example')[0]!.subject).toBe('Sertifikat elektronik Anda habis 20 hari lagi');
  expect(to(world, 'siti@batam.example')[0]!.body).toContain('Kirim satu PDF');
  const held = to(world, 'joko@batam.example');
  expect(held).toHaveLength(1);
  expect(held[0]!.subject).toBe('Segera: sertifikat elektronik Anda ditangguhkan');
  expect(held[0]!.body).toContain('Berhenti memakai sertifikat ini sampai kami memberi tahu');
  expect(to(world, 'rina@batam.example')).toEqual([]);
});

test('an officer who owns a certificate elsewhere reads of it as its owner, in the same mail', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  ending(world, 'SITI AMINAH');
  ending(world, 'PETUGAS', mine!.email);
  connection(world.db).prepare(`update certificate set agency_id = null where common_name = 'PETUGAS'`).run();
  monitoring.digest(world.ctx());
  const [mail] = to(world, mine!.email);
  expect(mail!.body).toMatch(/- SITI AMINAH[^]*Tentang sertifikat Anda sendiri:[^]*Sertifikat: PETUGAS/);
});

test('several are summed by what they are, the gravest first; a lone one is the subject itself', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  for (const name of ['A', 'B', 'C', 'D', 'E']) ending(world, `ORANG ${name}`);
  for (const name of ['A', 'B']) taken(world, `ORANG ${name}`, { revoked_at: DAWN, revocation_reason: 4 });
  taken(world, 'ORANG C', { revoked_at: DAWN, revocation_reason: 1 });
  taken(world, 'ORANG D', { revocation: 'good', not_after: MONDAY + DAY });
  monitoring.review(world.ctx());
  monitoring.digest(world.ctx());
  expect(to(world, mine!.email).map((m) => m.subject)).toEqual([
    'Siaga, segera: kunci ORANG C bocor, sertifikatnya dicabut; 2 sertifikat dicabut; sertifikat ORANG D habis 1 hari lagi',
    'Siaga: sertifikat ORANG E habis 20 hari lagi',
  ]);
});

test('what one object of evidence says of many is one item with its number, its name and a few names', async () => {
  const serials = ['4a01', '4a02', '4a03', '4a04', '4a05', '4a06', '4a07'];
  const { world, ctx, net, sweep } = await office(serials);
  notifications.switchOn(world.person('administrator'), { from: 'siaga@a.example', replyTo: '', source: 'nota' }, []);
  world.person('supervisor');
  const publish = async (bytes: Buffer) => {
    net.pages.set(urls.crl, bytes);
    await sweep();
    monitoring.review(ctx);
    world.clock.advance(HOUR);
    return world.db.select().from(message).all().at(-1)!;
  };
  const named = (codes: (1 | 4)[]) => serials.map((serial, at) => entry(serial, { reason: codes[at % codes.length]! }));
  const revoked = await publish(list(world, named([1, 4])));
  const first = lastNumber();
  expect(revoked.subject).toBe('Siaga, segera: 4 sertifikat dicabut karena kunci bocor; 3 sertifikat dicabut');
  expect(revoked.body).toMatch(
    new RegExp(
      `- 7 sertifikat: Dicabut, menurut CRL BSRE CA UJI G1 nomor ${first}\\n  Alasan: 4 kunci privat bocor atau hilang dan 3 digantikan`,
    ),
  );
  await publish(list(world, [entry('4a07')]));
  const removed = world.db.select().from(message).all().at(-1)!;
  expect(removed.subject).toBe('Siaga, segera: 6 hilang dari CRL sebelum waktunya');
  const items = removed.body.split('\n- ').slice(1);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatch(
    new RegExp(
      `^6 sertifikat: Hilang dari CRL sebelum waktunya, menurut CRL BSRE CA UJI G1 nomor ${first + 1}\\n.*Tetap dianggap dicabut.*\\n  ORANG.*dan 1 lainnya`,
    ),
  );
});

test('an office that told nobody how to reach it is at least named, with its address', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  ending(world, 'SITI AMINAH', 'siti@batam.example');
  connection(world.db).prepare('update certificate set agency_id = null').run();
  const own = settings.get(world.ctx(), 'office');
  const silent = { ...own, name: 'Dinas Kominfo Contoh', phone: '', email: '', address: 'Jalan Contoh 1' };
  settings.set(world.person('administrator'), 'office', silent, { source: 'uji' });
  settings.set(
    world.person('administrator'),
    'mail',
    { ...settings.get(world.ctx(), 'mail'), replyTo: '' },
    { source: 'uji' },
  );
  monitoring.digest(world.ctx());
  expect(to(world, 'siti@batam.example')[0]!.body).toContain('- datang ke Dinas Kominfo Contoh, Jalan Contoh 1');
});

test('who keeps a great many certificates gets a letter, not a book: the first ones in full, of the others the number', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  for (let n = 0; n < 60; n++) ending(world, `HOST ${n}`);
  const client = connection(world.db);
  const keeper = (id: string, email: string) =>
    client
      .prepare(
        `insert into holder (id, kind, name, name_key, email, status, created_at) values (?, 'person', ?, ?, ?, 'active', 1)`,
      )
      .run(id, id, id, email);
  keeper('BUDI', 'budi@batam.example');
  keeper('PETUGAS', mine!.email);
  client.prepare(`update certificate set holder_id = 'BUDI' where common_name like 'HOST %'`).run();
  for (let n = 0; n < 60; n++) ending(world, `MILIK ${n}`);
  client
    .prepare(`update certificate set holder_id = 'PETUGAS', agency_id = null where common_name like 'MILIK %'`)
    .run();
  monitoring.digest(world.ctx());
  const [letter] = to(world, 'budi@batam.example');
  expect(letter!.subject).toBe('Sertifikat elektronik Anda: 60 masa berlaku akan habis');
  expect(letter!.body.match(/Yang terjadi:/g)).toHaveLength(40);
  expect(letter!.body).toMatch(/dan 20 sertifikat lainnya; mintalah daftarnya/);
  const [both] = to(world, mine!.email);
  expect(both!.body.match(/Yang terjadi:/g)).toHaveLength(40);
  expect(both!.body).toMatch(/dan 20 sertifikat lainnya; mintalah daftarnya/);
});
