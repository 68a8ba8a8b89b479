import { describe, expect, test } from 'vitest';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import { seedEstate } from '../../../bin/bench/estate.ts';
import * as ca from '../../../bin/demo/ca.ts';
import * as agencies from '../agencies/index.ts';
import { DAY } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as settings from '../settings/index.ts';
import { refreshEstate } from './estate.ts';
import * as certificates from './index.ts';
import { sequential } from './traits.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const urls = ca.urlsAt('http://ca.test');
const leaf = (commonName: string, more: Partial<Parameters<typeof ca.makeLeaf>[1]> = {}) =>
  ca.makeLeaf(root, { commonName, notBefore: NOW - 100 * DAY, urls, ...more });
const bundle = (ders: Buffer[]) =>
  Buffer.from(
    ders.map((der) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`).join(''),
  );

async function city(ders: Buffer[]) {
  const world = makeWorld();
  const ctx = world.ctx();
  agencies.seed(ctx);
  const sheet = [
    'Nama,NIP,Jabatan,Perangkat Daerah,Surel,Status',
    'Budi Santoso,198001012006041001,Camat,Dinkes,budi@batam.go.id,Aktif',
    'Sri Handayani,197811042005012007,Sekretaris,Dinas Pendidikan,sri@batam.go.id,Aktif',
  ].join('\n');
  await certificates.importPersonnel(ctx, { name: 'pegawai.csv', bytes: Buffer.from(sheet) });
  await certificates.importFile(ctx, { name: 'root.cer', bytes: root.certificate });
  await certificates.importFile(ctx, { name: 'semua.pem', bytes: bundle(ders) });
  certificates.matchHolders(ctx);
  return { world, ctx };
}
const openRules = (world: World) =>
  connection(world.db).prepare('select distinct rule from problem where ended_at is null order by rule').pluck().all();
const idOf = (world: World, cn: string) =>
  connection(world.db).prepare('select id from certificate where common_name = ?').pluck().get(cn) as string;
const ownedBy = (world: World, certificate: string, name: string) =>
  certificates.assignHolder(world.person('supervisor'), certificate, {
    holderId: connection(world.db).prepare('select id from holder where name = ?').pluck().get(name) as string,
    why: 'uji',
  });

describe('rules over the estate', () => {
  test('one key with two holders is critical; the same key in a renewal is a warning, and neither is the other', async () => {
    const key = ca.makeKey('p256');
    const { world, ctx } = await city([
      leaf('BUDI SANTOSO', { spki: key.spki, notBefore: NOW - 300 * DAY }),
      leaf('BUDI SANTOSO', { spki: key.spki }),
    ]);
    expect(openRules(world)).toContain('same_key_renewed');
    expect(openRules(world)).not.toContain('same_key_two_holders');
    await certificates.importFile(ctx, { name: 'x.cer', bytes: leaf('SRI HANDAYANI', { spki: key.spki }) });
    certificates.matchHolders(ctx);
    expect(openRules(world)).toContain('same_key_two_holders');
    expect(certificates.problemCounts(ctx)[0]).toMatchObject({
      rule: 'same_key_two_holders',
      count: 3,
      severity: 'critical',
    });
  });

  test('looking at what was touched finds what looking at everything finds', async () => {
    const key = ca.makeKey('p256');
    const { world } = await city([
      leaf('BUDI SANTOSO', { spki: key.spki }),
      leaf('SRI HANDAYANI', { spki: key.spki }),
      leaf('BUDI SANTOSO'),
    ]);
    const rows = () =>
      connection(world.db)
        .prepare('select certificate_id, rule, detail from problem where ended_at is null order by 1, 2')
        .raw()
        .all();
    const whole = rows();
    expect(whole.length).toBeGreaterThan(3);
    connection(world.db).prepare('update problem set ended_at = ?').run(NOW);
    refreshEstate(world.db, NOW, { certificates: [idOf(world, 'BUDI SANTOSO')] });
    expect(rows()).toEqual(whole);
    expect(refreshEstate(world.db, NOW, { certificates: [idOf(world, 'SRI HANDAYANI')] })).toEqual({
      started: 0,
      ended: 0,
    });
    expect(refreshEstate(world.db, NOW)).toEqual({ started: 0, ended: 0 });
  });

  test('a server certificate on a person, and a name that is another person’s', async () => {
    const { world, ctx } = await city([leaf('Aplikasi E-Office'), leaf('DEWI LESTARI')]);
    ownedBy(world, idOf(world, 'Aplikasi E-Office'), 'Budi Santoso');
    ownedBy(world, idOf(world, 'DEWI LESTARI'), 'Budi Santoso');
    certificates.refreshRecords(ctx);
    const of = (cn: string) => certificates.get(ctx, idOf(world, cn)).problems.map(({ rule }) => rule);
    expect(of('Aplikasi E-Office')).toContain('service_on_person');
    expect(of('Aplikasi E-Office')).not.toContain('name_differs');
    expect(of('DEWI LESTARI')).toContain('name_differs');
  });

  test('an expiry cliff stands on the agency: many that end in one week, never a few', async () => {
    const { world, ctx } = await city(
      Array.from({ length: 12 }, (_, i) => leaf(`ORANG ${i}`, { notAfter: NOW + (i < 6 ? 60 : 100 + i * 9) * DAY })),
    );
    const disdik = connection(world.db).prepare("select id from agency where code = 'DISDIK'").pluck().get() as string;
    connection(world.db).prepare('update certificate set agency_id = ?').run(disdik);
    certificates.refreshTraits(ctx);
    const { cliffs } = certificates.problemOverview(ctx);
    expect(cliffs).toMatchObject([{ code: 'DISDIK', count: 6, total: 12, from: '2027-01-18', until: '2027-01-24' }]);
    connection(world.db)
      .prepare('update certificate set superseded_by_id = id where not_after < ?')
      .run(NOW + 61 * DAY);
    certificates.refreshTraits(ctx);
    expect(certificates.problemOverview(ctx).cliffs).toEqual([]);
  });
});

describe('lint over the records', () => {
  test('a trait of the issuer stands on the issuer and counts nowhere else, neither in numbers nor in the list', async () => {
    const odd = Array.from({ length: 22 }, (_, i) =>
      leaf(`ORANG ${i}`, {
        extensions: { ...ca.profiles.signer(urls), policies: null },
        ...(i === 0 ? { serial: '77' } : {}),
      }),
    );
    const { world, ctx } = await city(odd);
    expect(certificates.traits(ctx)).toMatchObject([{ rule: 'no_policy', fired: 22, total: 22 }]);
    expect(certificates.problemCounts(ctx).map(({ rule }) => rule)).not.toContain('no_policy');
    expect(certificates.problemCounts(ctx).find(({ rule }) => rule === 'short_serial')?.count).toBe(1);
    expect(certificates.list(ctx, { problem: 'no_policy' }).rows).toHaveLength(0);
    expect(certificates.list(ctx, { problem: 'short_serial' }).rows).toHaveLength(1);
    const found = certificates.get(ctx, idOf(world, 'ORANG 0')).problems;
    expect(found.find(({ rule }) => rule === 'no_policy')?.trait).toBe(true);
    // What is in the archive says nothing about the issuer.
    connection(world.db)
      .prepare('update certificate set archived_at = ? where id = ?')
      .run(NOW, idOf(world, 'ORANG 0'));
    certificates.refreshTraits(ctx);
    expect(certificates.traits(ctx)).toMatchObject([{ rule: 'no_policy', fired: 21, total: 21 }]);
  });

  test('an officer counts the own agency only; the export says what the page says and stands in the trail', async () => {
    const { world, ctx } = await city([
      leaf('BUDI SANTOSO', { serial: '77' }),
      leaf('SRI HANDAYANI', { serial: '78' }),
    ]);
    const client = connection(world.db);
    const [own, other] = client
      .prepare("select id from agency where code in ('DISDIK', 'DINKES') order by code")
      .pluck()
      .all() as string[];
    client.prepare("update certificate set agency_id = case serial when '77' then ? else ? end").run(own, other);
    const counts = (who: Parameters<typeof certificates.problemCounts>[0]) =>
      certificates.problemCounts(who).find(({ rule }) => rule === 'short_serial')?.count;
    const officer = world.person('officer', { agencyId: own, agencies: [own!] });
    expect([counts(ctx), counts(officer), counts(world.person('officer', { agencies: [] }))]).toEqual([
      2,
      1,
      undefined,
    ]);
    const file = await certificates.exportProblems(world.person('supervisor'), 'csv');
    expect(Buffer.from(file.bytes).toString()).toContain('Nomor seri terlalu pendek untuk acak');
    expect(client.prepare('select action from audit_entry order by seq desc limit 1').pluck().get()).toBe(
      'problems.exported',
    );
    await expect(certificates.exportProblems(world.person('leader'), 'csv')).rejects.toThrow('tidak memiliki hak');
  });

  test('another setting has every certificate looked at again, in chunks; twice changes nothing', async () => {
    const emails = { extensions: { ...ca.profiles.signer(urls), emails: ['budi@kota.test'] } };
    const { world, ctx } = await city([leaf('BUDI SANTOSO', emails)]);
    expect(openRules(world)).toContain('email_domain');
    expect(certificates.lintWaiting(ctx)).toBe(false);
    const rules = { emailDomains: 'batam.go.id, kota.test', organizations: '', maxDays: 1096 };
    settings.set(world.person('administrator'), 'certificateRules', rules, { source: 'uji' });
    expect(certificates.lintWaiting(ctx)).toBe(true);
    expect(await certificates.lintRecords(ctx)).toBe(1);
    expect(openRules(world)).not.toContain('email_domain');
    expect(certificates.lintWaiting(ctx)).toBe(false);
    expect(await certificates.lintRecords(ctx)).toBe(0);
  });

  test('an issuer that comes later has its certificates looked at again', async () => {
    const late = ca.makeRoot({ key: ca.makeKey('p256'), notBefore: NOW - 400 * DAY, notAfter: NOW + 10 * DAY });
    const { world, ctx } = await city([ca.makeLeaf(late, { commonName: 'BUDI SANTOSO', notBefore: NOW - DAY, urls })]);
    expect(openRules(world)).not.toContain('beyond_ca');
    await certificates.importFile(ctx, { name: 'late.cer', bytes: late.certificate });
    expect(openRules(world)).toContain('beyond_ca');
  });

  test('serials that are counted up follow one another; random ones do not', () => {
    const counted = Array.from({ length: 30 }, (_, i) => (1000 + i * 3).toString(16));
    expect(sequential(counted)).toBe(29);
    const random = ca.randomFrom('serials');
    expect(sequential(Array.from({ length: 30 }, () => ca.randomSerial(random)))).toBe(0);
  });
});

test('keys shared by thousands of records are judged as if each were compared with each, in one pass', () => {
  const world = makeWorld();
  seedEstate(world.ctx(), { holders: 12, certificates: 400 });
  const client = connection(world.db);
  client.exec(`update certificate set key_sha256 = 'key-' || (rowid % 40), subject = 'CN=' || (rowid % 7),
    holder_id = case when rowid % 3 then holder_id end, archived_at = case when rowid % 11 = 0 then 1 end`);
  const other = `case when o.holder_id is not null and c.holder_id is not null then o.holder_id <> c.holder_id
    else o.subject <> c.subject end`;
  const pairwise = (more: string) =>
    client
      .prepare(
        `select id from certificate c where c.archived_at is null and exists (select 1 from certificate o
          where o.key_sha256 = c.key_sha256 and o.id <> c.id and o.archived_at is null and ${more}) order by id`,
      )
      .pluck()
      .all();
  client.exec('delete from problem');
  refreshEstate(world.db, NOW);
  const found = (rule: string) =>
    client.prepare('select certificate_id from problem where rule = ? order by certificate_id').pluck().all(rule);
  expect(found('same_key_two_holders')).toEqual(pairwise(other));
  const renewed = pairwise(`not (${other}) and o.not_before < c.not_before`);
  expect(found('same_key_renewed')).toEqual(renewed);
  expect(renewed.length).toBeGreaterThan(20);

  const many = makeWorld();
  seedEstate(many.ctx(), { holders: 3000, certificates: 6000 });
  connection(many.db).exec("update certificate set key_sha256 = 'one', subject = 'CN=' || id, holder_id = null");
  const ids = connection(many.db).prepare('select id from certificate').pluck().all() as string[];
  const started = performance.now();
  refreshEstate(many.db, NOW, { certificates: ids });
  expect(performance.now() - started).toBeLessThan(10_000);
});
