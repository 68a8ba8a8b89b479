import { beforeAll, describe, expect, test } from 'vitest';
import { makeIntermediate, makeLeaf, makeRoot, type Authority } from '../../../bin/demo/ca.ts';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import { historyOf } from '../../../routes/(app)/certificates/[id]/history.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import * as compliance from '../compliance/index.ts';
import type { Context } from '../context.ts';
import { readCertificate } from '../x509/index.ts';
import * as certificates from './index.ts';
import { pemOf } from './pem.ts';

let root: Authority;
let ca: Authority;
beforeAll(() => {
  root = makeRoot({ notBefore: NOW - 3000 * DAY, notAfter: NOW + 3000 * DAY });
  ca = makeIntermediate(root, { notBefore: NOW - 1000 * DAY, notAfter: NOW + 2000 * DAY });
});
const leaf = (commonName: string) => makeLeaf(ca, { commonName, notBefore: NOW - 100 * DAY });

const SRI = '197811042005012007';
const BUDI = '198001012006041001';
const why = { why: 'Berkas yang salah' };

function office(): { world: World; ctx: Context; person: Context } {
  const world = makeWorld();
  agencies.seed(world.ctx());
  return { world, ctx: world.ctx(), person: world.person('verifier') };
}
const people = (ctx: Context, ...rows: string[]) =>
  certificates.importPersonnel(ctx, {
    name: 'p.csv',
    bytes: Buffer.from(['Nama;NIP;Jabatan;OPD;Surel;Status;TMT', ...rows].join('\n')),
  });
const list = (ctx: Context, ...rows: string[]) =>
  certificates.importFile(ctx, {
    name: 'd.csv',
    bytes: Buffer.from(['Nama;Nomor Seri;Berlaku Sampai;NIP;OPD', ...rows].join('\n')),
  });
const picture = (world: World) =>
  ['holder', 'certificate', 'position', 'import_entry'].map(
    (table) => world.db.$client.prepare(`select count(*) from ${table}`).pluck().get() as number,
  );

describe('voiding an import', () => {
  test('leaves no kept counts behind that still count what it took away', async () => {
    const { world, ctx, person } = office();
    const { id } = await list(ctx, 'Orang Asing;0xcd;1/1/2028;;Dinkes');
    world.db.$client
      .prepare('insert into certificate_census (id, taken_at, trail, rows) values (1, ?, 0, ?)')
      .run(NOW, Buffer.alloc(1));
    expect(certificates.countedAt(person)).toBe(NOW);
    compliance.voidImport(person, id, why);
    expect(certificates.countedAt(person)).toBeNull();
    const { page, counts } = certificates.browse(person);
    expect([counts.total, page.rows.length]).toEqual([0, 0]);
  });

  test('archives its certificates and people, deletes nothing, leaves every list without them, and stands in the trail', async () => {
    const { world, ctx, person } = office();
    const staff = await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    const certs = await list(ctx, `Sri Handayani;0xab;1/1/2028;${SRI};`, 'Orang Asing;0xcd;1/1/2028;;Dinkes');
    const before = picture(world);
    expect(compliance.voidPreview(person, certs.id)).toEqual({
      certificates: 2,
      holders: 0,
      changes: 0,
      released: 0,
      authorities: 0,
      uses: [],
    });
    compliance.voidImport(person, certs.id, why);
    compliance.voidImport(person, staff.id, why);
    expect(picture(world)).toEqual(before);
    expect(certificates.list(ctx).rows).toEqual([]);
    expect(Object.values(certificates.counts(ctx)).every((n) => n === 0)).toBe(true);
    expect(certificates.holders(ctx, {}).total).toBe(0);
    expect(certificates.search(ctx, 'handayani')).toMatchObject({ certificates: [], holders: [] });
    expect(certificates.importRun(ctx, certs.id).state).toBe('voided');
    certificates.refreshRecords(ctx);
    expect(certificates.tasks(ctx)).toEqual([]);
    expect(certificates.matchCounts(ctx).waiting).toBe(0);
    const [entry] = audit.list(ctx, { target: ['import', certs.id] }, (key) => key);
    expect(entry).toMatchObject({ action: 'import.voided' });
    expect(() => compliance.voidImport(person, certs.id, why)).toThrow('sudah selesai');
  });

  test('a later import of the same brings the records back, with their history', async () => {
    const { ctx, person } = office();
    const bytes = leaf('SRI HANDAYANI');
    const file = await certificates.importFile(ctx, { name: 's.cer', bytes });
    const [first] = certificates.list(ctx).rows;
    compliance.voidImport(person, file.id, why);
    const life = () => {
      const found = certificates.get(ctx, first!.id);
      const told = historyOf({ ...found, holderName: null, removals: [] }, NOW + DAY);
      return { archive: found.archive, told: told.map(({ title }) => title) };
    };
    const { number } = certificates.importRun(ctx, file.id);
    expect(life().archive).toMatchObject({ voided: { id: file.id, number } });
    expect(life().told).toContain('Diarsipkan');
    expect(life().told).not.toContain('Berkas sertifikat datang');
    const again = await certificates.importFile(ctx, { name: 's.cer', bytes });
    expect(life().archive).toBeNull();
    expect(life().told).toContain('Dikembalikan dari arsip');
    expect(again.totals).toMatchObject({ added: 1, certificatesNew: 1 });
    expect(certificates.list(ctx).rows.map((row) => row.id)).toEqual([first!.id]);
    const rows = [`Budi;0xcd;1/1/2028;;Dinkes`, 'Tanpa Seri;;1/1/2027;;'];
    const sheet = await list(ctx, ...rows);
    compliance.voidImport(person, sheet.id, why);
    expect((await list(ctx, ...rows)).totals).toMatchObject({ added: 2 });
    expect((await list(ctx, ...rows)).totals).toMatchObject({ added: 0, duplicate: 2 });
    const staff = await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    compliance.voidImport(person, staff.id, why);
    expect((await people(ctx, `Sri Handayani;${SRI};Camat;Dinkes;;;`)).totals).toMatchObject({ added: 1 });
    expect(certificates.holders(ctx, {}).rows).toMatchObject([{ nip: SRI, position: 'Camat', agencyCode: 'DINKES' }]);
  });

  test('a record that comes back does not belong to somebody who was voided', async () => {
    const { ctx, person } = office();
    const staff = await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    const row = `Sri Handayani;0xab;1/1/2028;${SRI};`;
    const certs = await list(ctx, row);
    compliance.voidImport(person, certs.id, why);
    compliance.voidImport(person, staff.id, why);
    await list(ctx, row);
    expect(certificates.list(ctx).rows).toMatchObject([{ holderId: null, nip: null }]);
  });

  test('a list means the record in use, not an older one of the same certificate whose import was voided', async () => {
    const { ctx, person } = office();
    const bytes = leaf('SRI HANDAYANI');
    const row = `Sri Handayani;0x${readCertificate(bytes).serial};;;`;
    const sheet = await list(ctx, row);
    compliance.voidImport(person, sheet.id, why);
    await certificates.importFile(ctx, { name: 's.cer', bytes });
    expect((await list(ctx, row)).totals).toMatchObject({ added: 0, duplicate: 1 });
    expect(certificates.list(ctx).rows).toMatchObject([{ source: 'file' }]);
  });

  test('nobody whose import was voided can be made an owner', async () => {
    const { ctx, person } = office();
    const staff = await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    const [sri] = certificates.holders(ctx, {}).rows;
    compliance.voidImport(person, staff.id, why);
    await list(ctx, 'Orang Asing;0xcd;1/1/2028;;Dinkes');
    const [row] = certificates.list(ctx).rows;
    expect(() => certificates.assignHolder(person, row!.id, { holderId: sri!.id })).toThrow('tidak ada dalam daftar');
  });

  test('takes a server along that came in with its certificate', async () => {
    const { ctx, person } = office();
    const run = await list(ctx, 'x;0xab;1/1/2028;;');
    compliance.voidImport(person, run.id, why);
    const servers = await certificates.importFile(ctx, {
      name: 'd.csv',
      bytes: Buffer.from('Nama;Nomor Seri;Berlaku Sampai;Jenis\nportal.batam.example;0xcd;1/1/2028;SSL Server'),
    });
    expect(certificates.holders(ctx, { kind: 'system' }).total).toBe(1);
    expect(compliance.voidPreview(person, servers.id)).toMatchObject({ certificates: 1, holders: 1, uses: [] });
    compliance.voidImport(person, servers.id, why);
    expect(certificates.holders(ctx, {}).total).toBe(0);
  });

  test('gives what it changed its former value again: name, status, position, and the agency of the certificates', async () => {
    const { world, ctx, person } = office();
    await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`, `Budi;${BUDI};Camat;Dinkes;;;`);
    await list(ctx, `Sri Handayani;0xab;1/1/2028;${SRI};`, `Budi;0xcd;1/1/2028;${BUDI};`);
    world.clock.advance(DAY);
    const wrong = await people(
      ctx,
      `Sri H. Pulungan;${SRI};Kepala;Diskominfo;s@batam.example;;`,
      `Budi;${BUDI};;;;Pensiun;1/11/2026`,
    );
    expect(wrong.totals.completed).toBe(2);
    expect(certificates.list(ctx, { q: 'pulungan' }).rows[0]).toMatchObject({ agencyCode: 'DISKOMINFO' });
    world.clock.advance(DAY);
    compliance.voidImport(person, wrong.id, why);
    const [budi, sri] = certificates.holders(ctx, {}).rows;
    expect(sri).toMatchObject({ name: 'Sri Handayani', position: 'Sekretaris', agencyCode: 'DISDIK', email: null });
    expect(budi).toMatchObject({ status: 'active', position: 'Camat' });
    expect(certificates.holder(ctx, budi!.id).statusSince).toBeNull();
    expect(certificates.list(ctx, { q: 'handayani' }).rows[0]).toMatchObject({ agencyCode: 'DISDIK' });
    const detail = certificates.get(ctx, certificates.list(ctx, { q: 'handayani' }).rows[0]!.id);
    expect(detail.ownerships[0]!.why).toContain('dibatalkan');
  });

  test('a certificate given to somebody of another agency goes back there too; moved since, it stands', async () => {
    const { world, ctx, person } = office();
    await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`, `Budi;${BUDI};Camat;Dinkes;;;`);
    await list(ctx, `Sri Handayani;0xab;1/1/2028;${SRI};`);
    const { id } = certificates.list(ctx).rows[0]!;
    const given = async () => {
      world.clock.advance(DAY);
      const bytes = Buffer.from(`ID Siaga;Nama;Nomor Seri;NIP Pemilik\n${id};Sri Handayani;0xab;${BUDI}`);
      const wrong = await certificates.importFile(ctx, { name: 'sunting.csv', bytes });
      expect(certificates.list(ctx).rows[0]).toMatchObject({ agencyCode: 'DINKES' });
      world.clock.advance(DAY);
      return wrong;
    };
    const first = await given();
    compliance.voidImport(person, first.id, why);
    expect(certificates.get(ctx, id)).toMatchObject({ holder: { nip: SRI }, agency: { code: 'DISDIK' } });
    const second = await given();
    certificates.transfer(person, id, { agency: 'BPKAD', why: 'pindah' });
    world.clock.advance(DAY);
    expect(() => compliance.voidImport(person, second.id, why)).toThrow('diubah lagi sesudahnya');
    expect(certificates.get(ctx, id)).toMatchObject({ holder: { nip: BUDI }, agency: { code: 'BPKAD' } });
  });

  test('is refused with what was built on it, and changes nothing then', async () => {
    const { world, ctx, person } = office();
    const staff = await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`, `Budi;${BUDI};Camat;Dinkes;;;`);
    const certs = await list(ctx, 'Orang Asing;0xcd;1/1/2028;;Dinkes');
    const [row] = certificates.list(ctx).rows;
    const budi = certificates.holders(ctx, { q: 'budi' }).rows[0]!;
    certificates.assignHolder(person, row!.id, { holderId: budi.id });
    const before = world.db.$client.serialize();
    for (const id of [staff.id, certs.id]) {
      expect(compliance.voidPreview(person, id).uses.map((use) => use.what)).toContain(
        'sertifikat yang pemiliknya ditetapkan sesudahnya',
      );
      expect(() => compliance.voidImport(person, id, why)).toThrow(/sudah dipakai: 1 sertifikat yang pemiliknya/);
    }
    // Each record stands there once, by name: the same act is not told a second time as work of somebody.
    expect(compliance.voidPreview(person, certs.id).uses).toEqual([
      {
        what: 'sertifikat yang pemiliknya ditetapkan sesudahnya',
        count: 1,
        which: [{ kind: 'certificate', id: row!.id, name: 'Orang Asing' }],
      },
    ]);
    expect(world.db.$client.serialize().equals(before)).toBe(true);
    certificates.mark(ctx, row!.id, 'open_incident', 'INS-1');
    expect(() => compliance.voidImport(person, certs.id, why)).toThrow('insiden');
    expect(() => compliance.voidImport(person, certs.id, { why: ' ' })).toThrow('belum dibatalkan');
    expect(() => compliance.voidImport(world.person('auditor'), certs.id, why)).toThrow('hak');
  });

  test('a list whose records were completed by files stands, and so does an import that later ones changed', async () => {
    const { world, ctx, person } = office();
    const staff = await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    const bytes = leaf('SRI HANDAYANI');
    const sheet = await list(ctx, `Sri Handayani;;${new Date(NOW + 630 * DAY).toISOString().slice(0, 10)};;Disdik`);
    const file = await certificates.importFile(ctx, { name: 's.cer', bytes });
    if (file.totals.completed) {
      expect(() => compliance.voidImport(person, sheet.id, why)).toThrow('dilengkapi berkasnya');
      expect(() => compliance.voidImport(person, file.id, why)).toThrow('dilengkapi oleh impor ini');
    }
    world.clock.advance(DAY);
    await people(ctx, `Sri Handayani;${SRI};Kepala;Disdik;;;`);
    expect(() => compliance.voidImport(person, staff.id, why)).toThrow('diubah impor sesudahnya');
  });

  test('the same people again: their archived records are taken up, and no post stands twice', async () => {
    const { world, ctx, person } = office();
    const rows = [`Sri Handayani;${SRI};Sekretaris;Disdik;;;7/5/2026`];
    const staff = await people(ctx, ...rows);
    const wrong = await people(ctx, `Sri Handayani;${SRI};Kepala;Diskominfo;;;9/9/2026`);
    const posts = () => {
      const { id } = certificates.holders(ctx, { q: 'handayani' }).rows[0]!;
      return certificates.holder(ctx, id).positions.map(({ title, from, to }) => [title, from, to]);
    };
    world.clock.advance(DAY);
    compliance.voidImport(person, wrong.id, why);
    expect(posts()).toEqual([['Sekretaris', '2026-05-07', null]]);
    compliance.voidImport(person, staff.id, why);
    world.clock.advance(DAY);
    const again = await people(ctx, ...rows);
    expect(posts()).toEqual([['Sekretaris', '2026-05-07', null]]);
    expect(certificates.importLedger(ctx, again.id)[0]!.reason).toContain('yang diarsipkan dipakai lagi');
    const certs = await list(ctx, 'Orang Asing;0xcd;1/1/2028;;Dinkes');
    compliance.voidImport(person, certs.id, why);
    const back = await list(ctx, 'Orang Asing;0xcd;1/1/2028;;Dinkes');
    expect(certificates.importLedger(ctx, back.id)[0]!.reason).toContain('yang diarsipkan dipakai lagi');
  });

  test('tells the CAs that came with it, which it leaves to those who decide about trust', async () => {
    const { ctx, person } = office();
    const bundle = Buffer.concat([pemOf(ca.certificate), pemOf(root.certificate)]);
    const only = await certificates.importFile(ctx, { name: 'ca.pem', bytes: bundle });
    expect(compliance.voidPreview(person, only.id)).toMatchObject({ certificates: 0, authorities: 2, uses: [] });
    compliance.voidImport(person, only.id, why);
    expect(certificates.authorities(ctx)).toHaveLength(2);
  });

  test('refused after certificates went to another agency, says that, and by which act', async () => {
    const { world, ctx, person } = office();
    await people(ctx, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    const certs = await list(ctx, `Sri Handayani;0xab;1/1/2028;${SRI};`, 'Orang Asing;0xcd;1/1/2028;;Dinkes');
    const ids = certificates.list(ctx).rows.map(({ id }) => id);
    const { hash } = certificates.previewBulk(person, 'transfer', { ids });
    world.clock.advance(DAY);
    const act = certificates.beginBulk(person, 'transfer', { ids }, { why: 'Unit baru', agency: 'DISHUB', hash });
    const { number } = certificates.bulk(person, act);
    const what = 'sertifikat yang dipindahkan ke Perangkat Daerah lain sesudahnya';
    const which = [{ kind: 'bulk', id: act, name: number }];
    expect(compliance.voidPreview(person, certs.id).uses).toEqual([{ what, count: 2, which }]);
    expect(() => compliance.voidImport(person, certs.id, why)).toThrow('2 sertifikat yang dipindahkan');
  });

  test('whoever made an import may take it back, nobody else who only imports may', async () => {
    const { world } = office();
    const administrator = world.person('administrator');
    const { id } = await list(administrator, 'Orang Asing;0xcd;1/1/2028;;Dinkes');
    const run = certificates.importRun(administrator, id);
    const colleague = world.person('administrator');
    const before = picture(world);
    expect(certificates.mayVoid(colleague, run)).toBe(false);
    expect(() => compliance.voidPreview(colleague, id)).toThrow('dibuat orang lain');
    expect(() => compliance.voidImport(colleague, id, why)).toThrow('pembuatnya, Pengawas, atau Verifikator');
    for (const role of ['auditor', 'handler', 'head', 'leader', 'officer'] as const)
      expect(() => compliance.voidImport(world.person(role), id, why), role).toThrow('tidak memiliki hak');
    expect(picture(world)).toEqual(before);
    expect(certificates.mayVoid(administrator, run)).toBe(true);
    expect(certificates.mayVoid(world.person('verifier'), run), 'who keeps the inventory').toBe(true);
    expect(compliance.voidImport(administrator, id, why)).toMatchObject({ certificates: 1, uses: [] });
    expect(certificates.importRun(administrator, id).state).toBe('voided');
    expect(audit.list(administrator, { action: 'import.voided' }, (key) => key)[0]).toMatchObject({
      actor: `user:${administrator.actor.id}`,
      reason: why.why,
    });
  });

  test('what somebody else built on an import stops its own maker too', async () => {
    const { world } = office();
    const administrator = world.person('administrator');
    await people(administrator, `Sri Handayani;${SRI};Sekretaris;Disdik;;;`);
    const { id } = await list(administrator, 'Sri Handayani;0xab;1/1/2028;;');
    const verifier = world.person('verifier');
    await certificates.acceptProposals(verifier, { ledger: certificates.matching(verifier).proposals.ledger });
    expect(() => compliance.voidImport(administrator, id, why)).toThrow('pemiliknya ditetapkan sesudahnya');
    expect(certificates.importRun(administrator, id).state).toBe('done');
  });
});
