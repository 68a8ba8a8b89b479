// While our own clock is wrong, nothing that shows a status hides whom kept evidence takes out of use (certificate-status §8).
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { connection } from '#lib/server/db/index.ts';
import * as monitoring from '#lib/server/monitoring/index.ts';
import { officeMail, ownerMail } from '#lib/server/monitoring/mails.ts';
import type { Pending } from '#lib/server/monitoring/notice-store.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import { readFacts } from '#lib/server/reports/facts.ts';
import { headline } from '#lib/server/reports/brief.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { rowOf, waiting } from '../src/routes/(app)/certificates/waiting/rows.ts';
import { waitingAmong, waitingColumns, waitingCounts } from '../src/routes/(app)/certificates/waiting-column.ts';

const OTHER = 'http://lain.test/root.crl';

/** Two hosts agree that our clock is ten minutes ahead; `come` makes a list that names certificates meanwhile. */
async function frozen() {
  const made = await office(['4a01', '4a02'], { extensions: { crlUrls: [urls.crl, OTHER] } });
  const { world, net, sweep } = made;
  const publish = (bytes: Buffer) => [urls.crl, OTHER].forEach((url) => net.pages.set(url, bytes));
  publish(list(world));
  await sweep();
  for (const host of ['ca.test', 'lain.test']) net.skew.set(host, -10 * MINUTE);
  world.clock.advance(HOUR);
  await sweep();
  const come = async (...serials: string[]) => {
    world.clock.advance(HOUR);
    const entries = serials.map((serial) => entry(serial));
    publish(list(world, entries, { thisUpdate: world.clock.at - 30 * MINUTE }));
    await sweep();
  };
  return { ...made, come };
}

function addAgency(ctx: Context) {
  const client = connection(ctx.db);
  client
    .prepare(
      "insert into agency (id, code, kind, level, valid_from) values ('a', 'A', 'DINAS_DAERAH', 'agency', '2020-01-01')",
    )
    .run();
  return { connection: client, agency: 'a' };
}

test('the alert about the clock speaks again when a revocation begins to wait, and leads to whom it is about', async () => {
  const { world, ctx, come } = await frozen();
  notifications.switchOn(world.person('administrator'), { from: 'siaga@a.example', replyTo: '', source: 'nota' }, []);
  monitoring.review(ctx);
  const clock = () => monitoring.list(ctx, { kind: 'clock' }).rows;
  expect(clock()).toMatchObject([{ href: '/system' }]);
  expect(clock()[0]!.sentence).toMatch(/lebih cepat 10 menit daripada 2 server lain.*dibekukan/);
  await come('4a01');
  monitoring.review(ctx);
  expect(clock()).toMatchObject([{ href: '/certificates/waiting', renewedAt: world.clock.at }]);
  expect(clock()[0]!.sentence).toContain('1 sertifikat disebut dicabut');
  const renewed = clock()[0]!.renewedAt;
  world.clock.advance(MINUTE);
  monitoring.review(ctx);
  expect(clock()[0]!.renewedAt).toBe(renewed);
  await come('4a01', '4a02');
  monitoring.review(ctx);
  expect(clock()[0]!.sentence).toContain('2 sertifikat disebut dicabut');
  const subjects = connection(world.db).prepare('select subject from message order by id').pluck().all();
  expect(subjects).toContain('Siaga, segera: 1 pencabutan menunggu jam server yang salah');
  expect(subjects).toContain('Siaga, segera: 2 pencabutan menunggu jam server yang salah');
});

test('a list marks its rows, a file gets a column of its own, and both are as before once nothing waits', async () => {
  const { ctx, come, idOf } = await frozen();
  expect(waitingColumns(ctx)).toEqual([]);
  await come('4a01');
  const { rows } = certificates.list(ctx, {});
  expect(waitingAmong(ctx, rows)).toEqual({ [idOf('4a01')]: 'revoked' });
  const [column] = waitingColumns(ctx);
  expect(column!.head).toBe('Menurut bukti yang menunggu jam server');
  expect(rows.map((row) => [row.id === idOf('4a01'), column!.value(row)])).toEqual(
    rows.map((row) => [row.id === idOf('4a01'), row.id === idOf('4a01') ? 'Disebut dicabut; jangan dipakai' : null]),
  );
  const file = certificates.exportList(ctx, {}, 'csv', ['status'], waitingColumns(ctx));
  const text = Buffer.from(await new Response(file.stream).arrayBuffer()).toString();
  expect(text).toContain('Menurut bukti yang menunggu jam server');
  expect(text.match(/Disebut dicabut/g)).toHaveLength(1);
  // Of agencies the number.
  const { connection: client, agency } = addAgency(ctx);
  client.prepare('update certificate set agency_id = ? where id = ?').run(agency, idOf('4a01'));
  const [count] = waitingCounts(ctx);
  expect([agency, 'lain'].map((id) => count!.value({ id }))).toEqual([1, 0]);
});

test('figures of a report and the leaders’ sentence say how many they do not count as revoked', async () => {
  const { ctx, come } = await frozen();
  expect(readFacts(ctx, '2026').waiting).toBeUndefined();
  await come('4a01');
  const facts = readFacts(ctx, '2026');
  expect(facts.waiting).toMatch(/^1 sertifikat disebut dicabut .*menunggu jam server/);
  const { lead, calm } = headline(facts);
  expect(lead).toContain(`**${facts.waiting}**`);
  expect(calm).toBe(false);
});

test('a mail that names such a certificate says it, to whoever works here and to its owner', async () => {
  const { ctx, come, idOf } = await frozen();
  await come('4a01');
  const ends = { kind: 'expiry', severity: 'warning', urgency: 'digest', detail: { rung: 30 } } as const;
  const about = (serial: string) =>
    ({
      ...ends,
      ...{ id: serial, certificateId: idOf(serial), commonName: `ORANG ${serial}`, serial, use: 'signature' },
      ...{ agency: null, authorityName: null, url: null, evidenceId: null, evidence: null },
      notAfter: ctx.now() + 29 * 24 * HOUR,
    }) as unknown as Pending;
  const waiting = new Set(revocation.waitingRevocations(ctx).certificates.map(({ id }) => id));
  const seen = { count: 1, everywhere: true };
  const sender = { office: 'Dinas', government: 'Kota', contacts: ['telepon 1'], waiting, seen };
  const both = [about('4a01'), about('4a02')];
  const { body } = officeMail({ name: 'Laila', lane: 'digest' }, both, new Set(), sender, ctx.now());
  expect(body.match(/menyebut sertifikat ini dicabut/g)).toHaveLength(1);
  expect(body).toContain('1 sertifikat di seluruh kota disebut dicabut oleh bukti yang menunggu');
  expect(ownerMail('A', [both[0]!], sender, ctx.now()).body).toContain('berhenti memakainya dan hubungi kami');
  expect(ownerMail('B', [both[1]!], sender, ctx.now()).body).not.toContain('berhenti memakainya');
});

test('an officer is told how many wait of the own agency, and never how many of the whole city', async () => {
  const { world, ctx, come, idOf } = await frozen();
  notifications.switchOn(world.person('administrator'), { from: 'siaga@a.example', replyTo: '', source: 'nota' }, []);
  const { connection: client, agency } = addAgency(ctx);
  client
    .prepare(
      "insert into agency (id, code, kind, level, valid_from) values ('b', 'B', 'DINAS_DAERAH', 'agency', '2020-01-01')",
    )
    .run();
  await come('4a01');
  for (const [serial, of] of [
    ['4a01', agency],
    ['4a02', 'b'],
  ])
    client
      .prepare('update certificate set agency_id = ?, not_after = ? where id = ?')
      .run(of, ctx.now() + 2 * DAY, idOf(serial!));
  const [own, other] = [agency, 'b'].map((agencyId) => world.person('officer', { agencyId }));
  const supervisor = world.person('supervisor');
  monitoring.review(ctx);
  monitoring.digest(ctx);
  const told = ({ actor }: { actor: { id: string } }) =>
    client
      .prepare('select group_concat(body) from message where recipient = (select email from user where id = ?)')
      .pluck()
      .get(actor.id) as string;
  expect(told(own!)).toContain('1 sertifikat Perangkat Daerah Anda disebut dicabut');
  expect(told(own!)).not.toContain('kota disebut');
  expect(told(other!)).toContain('ORANG 4a02');
  expect(told(other!)).not.toContain('disebut dicabut');
  expect(told(supervisor)).toMatch(/1 sertifikat (di seluruh kota )?disebut dicabut/);
});

test('the list of those that wait is filtered by agency with counts, and leaves as a file with all of them', async () => {
  const { ctx, come, idOf } = await frozen();
  await come('4a01', '4a02');
  const { connection: client, agency } = addAgency(ctx);
  client
    .prepare(
      `insert into agency_name (id, agency_id, name, short_name, "from", source) values ('n', 'a', 'Dinas A', 'A', '2020-01-01', 'uji')`,
    )
    .run();
  client.prepare('update certificate set agency_id = ? where id = ?').run(agency, idOf('4a01'));
  const asked = (agency: string) => waiting(ctx, new URLSearchParams({ agency }));
  const ids = (agency: string) => asked(agency).all.map(({ id }) => id);
  expect(waiting(ctx, new URLSearchParams()).choices).toEqual([
    { value: 'none', label: 'Belum jelas Perangkat Daerahnya (1)' },
    { value: 'A', label: 'Dinas A (1)' },
  ]);
  expect(ids('').toSorted()).toEqual([idOf('4a01'), idOf('4a02')].toSorted());
  expect([ids('A'), ids('none'), ids('lain')]).toEqual([[idOf('4a01')], [idOf('4a02')], []]);
  const row = rowOf(ctx, asked('A').all[0]!);
  expect(row).toMatchObject({
    status: 'revoked',
    label: 'valid',
    agency: { code: 'A', name: 'Dinas A' },
    serial: '4a01',
  });
  expect(row.evidence.name).toMatch(/^CRL /);
});
