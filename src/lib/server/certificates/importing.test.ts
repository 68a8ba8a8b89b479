import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { pem } from '#tests/support/pem.ts';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  makeIntermediate,
  makeKey,
  makeLeaf,
  makeRoot,
  profiles,
  unusableSpki,
  type Authority,
} from '../../../bin/demo/ca.ts';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import type { Context } from '../context.ts';
import { readCertificate } from '../x509/index.ts';
import * as ledger from './import-store.ts';
import * as certificates from './index.ts';

const fingerprintOf = (der: Buffer) => readCertificate(der).fingerprint;

let root: Authority;
let ca: Authority;
beforeAll(() => {
  root = makeRoot({ notBefore: NOW - 3000 * DAY, notAfter: NOW + 3000 * DAY });
  ca = makeIntermediate(root, { notBefore: NOW - 1000 * DAY, notAfter: NOW + 2000 * DAY });
});

async function city(): Promise<{ world: World; ctx: ReturnType<World['ctx']> }> {
  const world = makeWorld();
  const ctx = world.ctx();
  agencies.seed(ctx);
  const sheet = [
    'Nama,NIP,Jabatan,Perangkat Daerah,Surel,Status',
    '"Dr. Sri Handayani, M.Pd.",197811042005012007,Sekretaris,Dinas Pendidikan,sri@batam.example,Aktif',
    'Budi Santoso,198001012006041001,Camat,Dinkes,,Aktif',
    'Budi Santoso,198102022007041002,Lurah,DISDIK,,Aktif',
    'Tanpa Tempat,198303032008041003,Staf,Dinas Sihir,,Aktif',
    'Pensiun Lama,196003031985031001,Kepala,Dinkes,,Pensiun',
  ].join('\n');
  await certificates.importPersonnel(ctx, { name: 'pegawai.csv', bytes: Buffer.from(sheet) });
  return { world, ctx };
}

async function trusted(world: World): Promise<void> {
  const { id, fingerprint } = certificates.proposeAuthority(world.ctx(), { der: root.certificate, origin: 'uji' });
  certificates.proposeAuthority(world.ctx(), { der: ca.certificate, origin: 'uji' });
  certificates.decideTrust(world.person('administrator'), id, {
    decision: 'accept',
    fingerprint,
    note: 'dibandingkan dengan situs',
  });
  await certificates.runChains(world.ctx());
}

/** Imports a file and accepts the owners it proposes. */
async function accepted(ctx: Context, file: certificates.Upload): Promise<certificates.ImportResult> {
  const result = await certificates.importFile(ctx, file);
  certificates.matchHolders(ctx);
  return result;
}

const leaf = (commonName: string, more: Partial<Parameters<typeof makeLeaf>[1]> = {}) =>
  makeLeaf(ca, {
    commonName,
    notBefore: NOW - 100 * DAY,
    extensions: { crlUrls: ['http://crl.test/ca.crl'] },
    ...more,
  });

describe('importing the personnel list', () => {
  test('people go in with agency and position; a value that cannot be read is left out and named', async () => {
    const { ctx } = await city();
    const run = certificates.imports(ctx).rows[0]!;
    expect(run.totals).toMatchObject({ added: 5, rejected: 0 });
    expect(certificates.importLedger(ctx, run.id)[3]).toMatchObject({
      outcome: 'added',
      reason: expect.stringContaining('Dinas Sihir'),
    });
    const sri = certificates.holders(ctx, { q: 'handayani' }).rows[0]!;
    expect(sri).toMatchObject({
      name: 'Sri Handayani',
      titleAfter: 'M.Pd.',
      position: 'Sekretaris',
      agencyCode: 'DISDIK',
    });
  });

  test('the same list again changes nothing; a move is dated, and certificates follow to the new agency', async () => {
    const { world, ctx } = await city();
    await trusted(world);
    await accepted(ctx, { name: 'a.cer', bytes: leaf('SRI HANDAYANI') });
    world.clock.advance(DAY);
    const again = 'Nama,NIP,Jabatan,PD\nSri Handayani,197811042005012007,Sekretaris,Disdik';
    expect(
      (await certificates.importPersonnel(ctx, { name: 'p.csv', bytes: Buffer.from(again) })).totals,
    ).toMatchObject({ duplicate: 1, completed: 0 });
    const moved = 'Nama,NIP,Jabatan,PD\nSri Handayani,197811042005012007,Kepala Dinas,Dinkes';
    expect(
      (await certificates.importPersonnel(ctx, { name: 'p.csv', bytes: Buffer.from(moved) })).totals,
    ).toMatchObject({ completed: 1 });
    const row = certificates.list(ctx, { q: 'handayani' }).rows[0]!;
    expect(row).toMatchObject({ agencyCode: 'DINKES', position: 'Kepala Dinas' });
    const detail = certificates.get(ctx, row.id);
    expect(detail.ownerships.map((o) => [o.agencyName, o.to === null])).toEqual([
      ['Dinas Kesehatan', true],
      ['Dinas Pendidikan', false],
    ]);
    expect(detail.positions).toHaveLength(2);
  });

  test('a sheet without the columns it needs fails with a sentence, and stores nobody', async () => {
    const ctx = makeWorld().ctx();
    agencies.seed(ctx);
    const result = await certificates.importPersonnel(ctx, { name: 'x.csv', bytes: Buffer.from('a,b\n1,2') });
    expect(result.state).toBe('failed');
    expect(certificates.importRun(ctx, result.id).message).toContain('Baris judul tidak ditemukan');
    expect(certificates.holders(ctx, {}).total).toBe(0);
  });
});

describe('importing certificates', () => {
  test('a leaf gets owner, agency, chain and label; the same file again is a duplicate', async () => {
    const { world, ctx } = await city();
    await trusted(world);
    const bytes = leaf('SRI HANDAYANI');
    const first = await accepted(ctx, { name: 'sri.cer', bytes });
    expect(first).toMatchObject({ state: 'done', totals: { added: 1, certificatesNew: 1 } });
    const row = certificates.list(ctx).rows[0]!;
    expect(row).toMatchObject({
      name: 'Dr. Sri Handayani, M.Pd.',
      agencyCode: 'DISDIK',
      use: 'signature',
      chain: 'anchored',
      label: 'never_checked',
    });
    expect((await accepted(ctx, { name: 'sri.pem', bytes: Buffer.from(pem(bytes)) })).totals).toMatchObject({
      duplicate: 1,
      certificatesKnown: 1,
    });
    expect(certificates.list(ctx).rows).toHaveLength(1);
    expect(certificates.get(ctx, row.id).path.map((a) => a.commonName)).toEqual(['BSRE CA UJI G1', 'Root CA Uji G1']);
  });

  test('namesakes and unknown names wait for a person, who assigns the owner', async () => {
    const { world, ctx } = await city();
    await certificates.importFile(ctx, { name: 'b.cer', bytes: leaf('BUDI SANTOSO') });
    await certificates.importFile(ctx, { name: 'o.cer', bytes: leaf('ORANG ASING') });
    expect(certificates.tasks(ctx).find((t) => t.kind === 'matching')?.title).toContain('2 sertifikat');
    const budi = certificates.list(ctx, { q: 'budi' }).rows[0]!;
    const likely = certificates.likelyHolders(world.person('verifier'), 'BUDI SANTOSO');
    expect(likely.filter((h) => h.sameName)).toHaveLength(2);
    certificates.assignHolder(world.person('verifier'), budi.id, {
      holderId: likely.find((h) => h.agencyCode === 'DINKES')!.id,
    });
    expect(certificates.list(ctx, { q: 'budi' }).rows[0]).toMatchObject({ agencyCode: 'DINKES' });
    expect(() => certificates.assignHolder(world.person('auditor'), budi.id, { holderId: 'x' })).toThrow(
      'tidak memiliki hak',
    );
  });

  test('a personnel list that comes later proposes an owner for what was waiting', async () => {
    const { ctx } = await city();
    await certificates.importFile(ctx, { name: 'o.cer', bytes: leaf('ORANG BARU') });
    await certificates.importPersonnel(ctx, {
      name: 'p.csv',
      bytes: Buffer.from('Nama,NIP,PD\nOrang Baru,199001012015041001,Disdik'),
    });
    expect(certificates.matchHolders(ctx)).toEqual({ matched: 1, waiting: 0 });
    expect(certificates.list(ctx, { q: 'orang baru' }).rows[0]).toMatchObject({ agencyCode: 'DISDIK' });
  });

  test('a private key is refused with nothing stored, what came beside it goes in', async () => {
    const { world, ctx } = await city();
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }) as string;
    const runs = await certificates.requestImport(world.person('verifier'), {
      files: [
        { name: 'kunci.pem', bytes: Buffer.from(key) },
        { name: 'sri.cer', bytes: leaf('SRI HANDAYANI') },
      ],
    });
    expect(certificates.importRun(ctx, runs[0]!.id).entries).toMatchObject([{ outcome: 'rejected', sha256: null }]);
    expect(stored(world.dir).join()).not.toContain(createHash('sha256').update(key).digest('hex'));
    await certificates.runImports(ctx);
    const run = certificates.importRun(ctx, runs[0]!.id);
    expect(run.state).toBe('done');
    expect(run.entries.map((e) => e.outcome).sort()).toEqual(['added', 'rejected']);
    expect(run.entries.find((e) => e.outcome === 'rejected')).toMatchObject({
      sha256: null,
      reason: expect.stringContaining('kunci privat'),
    });
    expect(world.db.$client.serialize().includes('PRIVATE KEY')).toBe(false);
  });

  test('a signed PDF brings its signer as a record and the CA beside it for a decision', async () => {
    const { world, ctx } = await city();
    const key = makeKey('p256');
    const folder = mkdtempSync(path.join(tmpdir(), 'siaga-cms-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const write = (name: string, content: string | Buffer) => writeFileSync(path.join(folder, name), content);
    write('isi', 'isi');
    write('leaf.pem', pem(leaf('PENANDA TANGAN', { spki: key.spki })));
    write('ca.pem', pem(ca.certificate));
    write('leaf.key', key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    const sign = 'cms -sign -in isi -signer leaf.pem -inkey leaf.key -certfile ca.pem -outform DER -out cms';
    execFileSync('openssl', sign.split(' '), { cwd: folder, stdio: 'pipe' });
    const contents = readFileSync(path.join(folder, 'cms')).toString('hex');
    const pdf = `%PDF-1.7\n1 0 obj <</Type/Sig /ByteRange [0 1 2 3] /Contents <${contents}>>>\nendobj\n%%EOF`;
    const run = await certificates.importFile(ctx, { name: 'surat.pdf', bytes: Buffer.from(pdf) });
    expect(run.totals).toMatchObject({ added: 1, certificatesNew: 2 });
    expect(certificates.authorities(ctx).map((a) => a.commonName)).toContain('BSRE CA UJI G1');
    expect(world.db.$client.prepare('select source from certificate').pluck().all()).toEqual(['pdf']);
  });

  test('a requested import is done by jobs, once, and goes on where its ledger ends when it was killed', async () => {
    const { world, ctx } = await city();
    const bytes = Buffer.from(['SATU', 'DUA', 'TIGA'].map((name) => pem(leaf(name))).join('\n'));
    const [run] = await certificates.requestImport(world.person('verifier'), {
      files: [{ name: 'banyak.pem', bytes }],
    });
    expect(certificates.importsWaiting(ctx)).toBe(true);
    world.db.$client.prepare("update import_run set state = 'running' where id = ?").run(run!.id);
    expect(await certificates.runImports(ctx)).toBe(1);
    expect(await certificates.runImports(ctx)).toBe(0);
    expect(certificates.list(ctx).rows).toHaveLength(3);
    const trail = audit.list(ctx, { target: ['import', run!.id] }, (key) => key);
    expect(trail.map((entry) => entry.action).sort()).toEqual(['import.done', 'import.requested']);
  });

  test('garbage is one unreadable entry, an empty archive holds no certificate, and the run still ends', async () => {
    const { ctx } = await city();
    const result = await certificates.importFile(ctx, {
      name: 'rusak.cer',
      bytes: Buffer.from('308203e8deadbeef', 'hex'),
    });
    const { added, completed, duplicate, no_certificate, unreadable, rejected } = result.totals;
    expect([added, completed, duplicate, rejected]).toEqual([0, 0, 0, 0]);
    expect(no_certificate + unreadable).toBe(1);
    await expect(certificates.importFile(ctx, { name: 'kosong.cer', bytes: Buffer.alloc(0) })).rejects.toThrow(
      'kosong',
    );
  });

  test('a CA certificate becomes an authority, never a record, and completes chains that were known before', async () => {
    const { world, ctx } = await city();
    await certificates.importFile(ctx, { name: 'sri.cer', bytes: leaf('SRI HANDAYANI') });
    expect(certificates.list(ctx).rows[0]).toMatchObject({ chain: 'incomplete', label: 'incomplete' });
    const bundle = Buffer.from(pem(ca.certificate) + pem(root.certificate));
    expect((await certificates.importFile(ctx, { name: 'ca.pem', bytes: bundle })).totals.certificatesNew).toBe(2);
    expect(certificates.list(ctx).rows).toHaveLength(1);
    expect(certificates.list(ctx).rows[0]).toMatchObject({ chain: 'untrusted', label: 'untrusted' });
    const proposed = certificates.authorities(ctx).find((a) => a.trust === 'proposed')!;
    expect(certificates.tasks(ctx).some((t) => t.act === 'trust.decide')).toBe(true);
    const admin = world.person('administrator');
    const wrong = 'ab'.repeat(32);
    expect(() =>
      certificates.decideTrust(admin, proposed.id, { decision: 'accept', fingerprint: wrong, note: 'x' }),
    ).toThrow('tidak sama');
    expect(() =>
      certificates.decideTrust(ctx, proposed.id, { decision: 'accept', fingerprint: proposed.fingerprint, note: 'x' }),
    ).toThrow('tidak memiliki hak');
    const typed = proposed.fingerprint.toUpperCase().match(/../g)!.join(':');
    certificates.decideTrust(admin, proposed.id, { decision: 'accept', fingerprint: typed, note: 'situs resmi' });
    await certificates.runChains(ctx);
    expect(certificates.list(ctx).rows[0]).toMatchObject({ chain: 'anchored' });
    certificates.decideTrust(admin, proposed.id, { decision: 'reject', note: 'salah lihat' });
    expect(certificates.list(ctx).rows[0]?.chain).not.toBe('anchored');
  });

  test('an intermediate that came before its root follows the root; nobody decides it by itself', () => {
    const ctx = makeWorld().ctx();
    certificates.proposeAuthority(ctx, { der: ca.certificate, origin: 'uji' });
    expect(certificates.authorities(ctx)).toMatchObject([{ trust: 'proposed', selfSigned: false }]);
    certificates.proposeAuthority(ctx, { der: root.certificate, origin: 'uji' });
    const trust = (selfSigned: boolean) =>
      certificates.authorities(ctx).find((a) => a.selfSigned === selfSigned)?.trust;
    expect([trust(true), trust(false)]).toEqual(['proposed', 'candidate']);
  });

  test('a private key among the files of an issuer refuses them all, and junk is refused in words', async () => {
    const ctx = makeWorld().ctx();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const both = { name: 'ca.pem', bytes: Buffer.from(pem(root.certificate) + key) };
    await expect(certificates.proposeFiles(ctx, [both])).rejects.toThrow(/kunci privat/);
    const cut = { name: 'ca.cer', bytes: root.certificate.subarray(0, 300) };
    await expect(certificates.proposeFiles(ctx, [cut])).rejects.toThrow(/Tidak ada sertifikat penerbit/);
    expect(certificates.authorities(ctx)).toEqual([]);
  });

  test('a sheet with nothing but its heading fails in words', async () => {
    const ctx = makeWorld().ctx();
    const run = await certificates.importFile(ctx, { name: 'x.csv', bytes: Buffer.from('Nama,Nomor Seri\n') });
    expect(certificates.importRun(ctx, run.id)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('hanya berisi baris judul'),
    });
  });

  test('a forged signature under a trusted name is called that; a candidate of the same name proves nothing', async () => {
    const { world, ctx } = await city();
    await trusted(world);
    const forged = Buffer.from(leaf('PALSU'));
    forged[forged.length - 1]! ^= 1;
    await certificates.importFile(ctx, { name: 'palsu.cer', bytes: forged });
    expect(certificates.list(ctx, { q: 'palsu' }).rows[0]).toMatchObject({ label: 'bad_signature' });
  });
});

describe('a list of certificates', () => {
  const sheet = (rows: string[]) =>
    Buffer.from(['Nama,Nomor Seri,Berlaku Sejak,Berlaku Sampai,Perangkat Daerah', ...rows].join('\n'));

  test('a row is data saja until its file comes and completes the same record', async () => {
    const { world, ctx } = await city();
    await trusted(world);
    const bytes = leaf('SRI HANDAYANI');
    const view = readCertificate(bytes);
    const decimal = BigInt(`0x${view.serial}`).toString();
    const result = await accepted(ctx, {
      name: 'daftar.csv',
      bytes: sheet([
        `Sri Handayani,${decimal},2026-08-14,2028-08-13,`,
        'Lain Orang,,2025-01-01,2027-01-01,Dinkes',
        'Rusak,zz,x,y,',
      ]),
    });
    expect(result.totals).toMatchObject({ added: 2, rejected: 1 });
    expect(certificates.counts(ctx).data_only).toBe(2);
    const before = certificates.list(ctx, { q: 'handayani' }).rows[0]!;
    expect((await accepted(ctx, { name: 'sri.cer', bytes })).totals).toMatchObject({
      completed: 1,
      added: 0,
    });
    const after = certificates.list(ctx, { q: 'handayani' }).rows;
    expect(after).toHaveLength(1);
    expect(after[0]).toMatchObject({ id: before.id, fingerprint: fingerprintOf(bytes), agencyCode: 'DISDIK' });
    expect(certificates.counts(ctx).data_only).toBe(1);
  });

  test('a file that contradicts the list completes the record and becomes a mismatch to show', async () => {
    const { ctx } = await city();
    const bytes = leaf('SRI HANDAYANI');
    const { serial } = readCertificate(bytes);
    await certificates.importFile(ctx, {
      name: 'daftar.csv',
      bytes: sheet([`Sri Handayani,0x${serial},2020-01-01,2022-01-01,`]),
    });
    await certificates.importFile(ctx, { name: 'sri.cer', bytes });
    const row = certificates.list(ctx, { mark: 'mismatch' }).rows[0]!;
    expect(certificates.get(ctx, row.id).problems.map((p) => p.rule)).toContain('sheet_contradiction');
  });

  test('a list that contradicts a file is not called the same while its mismatch is being recorded', async () => {
    const { ctx } = await city();
    const bytes = leaf('SRI HANDAYANI');
    await certificates.importFile(ctx, { name: 'sri.cer', bytes });
    const list = {
      name: 'daftar.csv',
      bytes: sheet([`Sri Handayani,0x${readCertificate(bytes).serial},2020-01-01,2022-01-01,`]),
    };
    const looked = async () => {
      const run = await certificates.lookAtSheet(ctx, { ...list, kind: 'certificate_sheet', agencyId: null });
      const { counts, rows } = certificates.sheetPreview(ctx, run.id)!;
      certificates.cancelSheet(ctx, run.id);
      return { counts, notes: rows[0]!.notes.join(' ') };
    };
    expect(await looked()).toMatchObject({
      counts: { completed: 1, same: 0 },
      notes: expect.stringContaining('; dicatat sebagai ketidaksesuaian'),
    });
    const { totals } = await certificates.importFile(ctx, list);
    expect(totals).toMatchObject({ completed: 1, duplicate: 0 });
    expect(certificates.list(ctx, { mark: 'mismatch' }).rows).toHaveLength(1);
    // Once it stands there, saying it again writes nothing.
    expect(await looked()).toMatchObject({
      counts: { completed: 0, same: 1 },
      notes: expect.stringContaining('; sudah tercatat sebagai ketidaksesuaian'),
    });
  });
});

describe('the estate', () => {
  test('a newer certificate supersedes the older one, which stays usable until it is revoked or ends', async () => {
    const { world, ctx } = await city();
    await trusted(world);
    const fresh = {
      revocation: 'good',
      source: 'crl',
      evidenceId: null,
      confirmedAt: NOW,
      freshUntil: NOW + DAY,
      nextUpdate: NOW + DAY,
    } as const;
    await certificates.importFile(ctx, { name: 'a.cer', bytes: leaf('SRI HANDAYANI', { notBefore: NOW - 700 * DAY }) });
    await certificates.importFile(ctx, { name: 'b.cer', bytes: leaf('SRI HANDAYANI', { notBefore: NOW - 10 * DAY }) });
    const rows = certificates.list(ctx, { sort: 'end' }).rows;
    for (const row of rows) certificates.recordStatus(ctx, row.id, fresh);
    expect(certificates.list(ctx, { sort: 'end' }).rows.map((r) => r.label)).toEqual(['superseded', 'valid']);
    certificates.recordStatus(ctx, rows[1]!.id, { ...fresh, revocation: 'revoked', reason: 1, revokedAt: NOW - DAY });
    expect(certificates.list(ctx, { sort: 'end' }).rows.map((r) => r.label)).toEqual(['expiring', 'revoked']);
    expect(() => certificates.recordStatus(ctx, rows[1]!.id, fresh)).toThrow('tidak dapat diubah lagi');
    expect(certificates.get(ctx, rows[1]!.id).events[0]).toMatchObject({
      facet: 'revocation',
      to: 'revoked',
      detail: { reason: 1 },
    });
  });

  test('leavers with a usable certificate, one key of two people, and weak certificates are noticed, and end with their cause', async () => {
    const { world, ctx } = await city();
    await trusted(world);
    const spki = unusableSpki();
    await accepted(ctx, { name: 'p.cer', bytes: leaf('PENSIUN LAMA') });
    await accepted(ctx, { name: 's.cer', bytes: leaf('SRI HANDAYANI', { spki }) });
    await accepted(ctx, {
      name: 'x.cer',
      bytes: leaf('ORANG LAIN', { spki, extensions: { ...profiles.signer(), keyUsage: null } }),
    });
    const rules = certificates.problemCounts(ctx).map((p) => p.rule);
    expect(rules).toEqual(
      expect.arrayContaining(['leaver_usable', 'same_key_two_holders', 'no_key_usage', 'no_revocation_pointer']),
    );
    expect(certificates.list(ctx, { problem: 'leaver_usable' }).rows.map((r) => r.name)).toEqual(['Pensiun Lama']);
    expect(certificates.tasks(ctx).find((t) => t.kind === 'revocation')?.title).toContain('Pensiun Lama');
    const leaver = certificates.list(ctx, { q: 'pensiun' }).rows[0]!;
    certificates.recordStatus(ctx, leaver.id, {
      revocation: 'revoked',
      source: 'crl',
      evidenceId: null,
      confirmedAt: NOW,
    });
    certificates.refreshRecords(ctx);
    expect(certificates.problemCounts(ctx).map((p) => p.rule)).not.toContain('leaver_usable');
  });

  test('an officer sees own agency and its descendants only, in lists, pages, counts and search', async () => {
    const { world, ctx } = await city();
    await accepted(ctx, { name: 's.cer', bytes: leaf('SRI HANDAYANI') });
    const own = agencies.get(ctx, 'DISDIK').id;
    const other = agencies.get(ctx, 'DINKES').id;
    const mine = world.person('officer', { agencyId: own });
    const foreign = world.person('officer', { agencyId: other });
    const id = certificates.list(mine).rows[0]!.id;
    expect(certificates.list(foreign).rows).toEqual([]);
    expect(() => certificates.get(foreign, id)).toThrow('tidak ada');
    expect(() => certificates.download(foreign, id, 'pem')).toThrow('tidak ada');
    expect(Object.values(certificates.counts(foreign)).reduce((a, b) => a + b)).toBe(0);
    expect(certificates.search(foreign, 'handayani').certificates).toEqual([]);
    expect(certificates.search(foreign, 'handayani').holders).toEqual([]);
    expect(certificates.search(mine, 'handayani').certificates).toHaveLength(1);
    expect(() => certificates.imports(mine)).toThrow('tidak memiliki hak');
  });

  test('the day is stored once: the last run stands, and a label that emptied reads 0', async () => {
    const { world, ctx } = await city();
    await accepted(ctx, { name: 's.cer', bytes: leaf('SRI HANDAYANI') });
    await accepted(ctx, { name: 'o.cer', bytes: leaf('ORANG ASING') });
    certificates.snapshotDay(ctx);
    await trusted(world);
    certificates.snapshotDay(ctx);
    certificates.snapshotDay(ctx);
    const rows = certificates.dailyCounts(ctx, '2026-11-22', '2026-11-22');
    expect(rows.map((r) => [r.label, r.count, r.agencyId === null]).sort()).toEqual([
      ['incomplete', 0, false],
      ['incomplete', 0, true],
      ['never_checked', 1, false],
      ['never_checked', 1, true],
    ]);
  });

  test('pages by key in every order give each certificate once', async () => {
    const { ctx } = await city();
    const bundle = Buffer.from(Array.from({ length: 23 }, (_, i) => pem(leaf(`ORANG ${i % 7}`))).join(''));
    await certificates.importFile(ctx, { name: 'b.pem', bytes: bundle });
    for (const sort of ['name', 'agency', 'end', 'evidence', 'added'] as const) {
      for (const descending of [false, true]) {
        const seen: string[] = [];
        for (let after: string | undefined; ;) {
          const page = certificates.list(ctx, { sort, descending, limit: 5, after });
          seen.push(...page.rows.map((row) => row.id));
          if (!page.next) break;
          after = page.next;
        }
        const second = certificates.list(ctx, {
          sort,
          descending,
          limit: 5,
          after: certificates.list(ctx, { sort, descending, limit: 5 }).next!,
        });
        const back = certificates.list(ctx, { sort, descending, limit: 5, before: second.prev! });
        expect(back.rows.map((row) => row.id)).toEqual(seen.slice(0, 5));
        expect(back.prev).toBeNull();
        expect(new Set(seen).size).toBe(23);
        expect(seen).toHaveLength(23);
      }
    }
    expect(certificates.list(ctx, { after: 'not-ours', limit: 5 }).rows).toHaveLength(5);
  });

  test('many certificates of one file go in together, each with its own ledger line', async () => {
    const { world, ctx } = await city();
    await trusted(world);
    const bundle = Buffer.from(Array.from({ length: 400 }, (_, i) => pem(leaf(`ORANG KE ${i}`))).join(''));
    const started = performance.now();
    const result = await certificates.importFile(ctx, { name: 'semua.pem', bytes: bundle });
    expect(result.totals.certificatesNew).toBe(400);
    // 1.800 take about three seconds on the office's small machine; this is a guard against N+1, not a benchmark.
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(certificates.counts(ctx).never_checked).toBe(400);
  });

  test('a record that is revoked stays so when its file comes', async () => {
    const { world, ctx } = await city();
    const der = leaf('SRI HANDAYANI');
    const { serial, issuer } = readCertificate(der);
    const row = `Sri Handayani;${serial};${issuer.text.replaceAll(';', ',')}`;
    await certificates.importFile(ctx, { name: 'd.csv', bytes: Buffer.from(`Nama;Nomor Seri;Penerbit\n${row}`) });
    const id = certificates.list(ctx).rows[0]!.id;
    const revoked = { revocation: 'revoked' as const, revokedAt: NOW - DAY, source: 'crl' as const, evidenceId: null };
    certificates.recordStatus(ctx, id, revoked);
    const file = await certificates.importFile(ctx, { name: 's.cer', bytes: der });
    expect(file.totals.completed).toBe(1);
    expect(certificates.get(world.person('verifier'), id)).toMatchObject({ label: 'revoked', source: 'sheet' });
  });

  test('a run from memory that was cut off long ago ends as failed, and the trail says so', async () => {
    const { world, ctx } = await city();
    const lost = { number: 'IMP-X', kind: 'certificates' as const, name: 's.cer', state: 'running' as const };
    const id = ledger.insertRun(world.db, { ...lost, requestedBy: 'system:cli', requestedAt: NOW });
    await certificates.runImports(ctx);
    expect(certificates.importRun(ctx, id).state).toBe('running');
    world.clock.advance(2 * HOUR);
    await certificates.runImports(ctx);
    expect(certificates.importRun(ctx, id)).toMatchObject({ state: 'failed', finishedAt: NOW + 2 * HOUR });
    expect(audit.list(ctx, { target: ['import', id] }, (k) => k)).toMatchObject([{ action: 'import.failed' }]);
  });

  test('a run that was cut off while the clock ran ahead goes on when the clock is right again, not a year later', async () => {
    const { world, ctx } = await city();
    world.clock.advance(365 * DAY);
    const files = [{ name: 's.cer', bytes: leaf('SRI HANDAYANI') }];
    const [run] = await certificates.requestImport(world.person('verifier'), { files });
    const cut = { state: 'running' as const, heldUntil: world.clock.at + MINUTE };
    ledger.setRun(world.db, run!.id, cut);
    const lost = { number: 'IMP-X', kind: 'certificates' as const, name: 'x.cer', ...cut };
    const gone = ledger.insertRun(world.db, { ...lost, requestedBy: 'system:cli', requestedAt: world.clock.at });
    expect(await certificates.runImports(ctx)).toBe(0);
    world.clock.advance(-365 * DAY);
    expect(certificates.importsWaiting(ctx)).toBe(true);
    expect(await certificates.runImports(ctx)).toBe(1);
    expect(certificates.importRun(ctx, run!.id)).toMatchObject({ totals: { added: 1 } });
    expect(certificates.importRun(ctx, gone)).toMatchObject({ state: 'failed' });
  });

  test('an export holds all matches and stands in the trail', async () => {
    const { world, ctx } = await city();
    await accepted(ctx, { name: 's.cer', bytes: leaf('SRI HANDAYANI') });
    const file = certificates.exportList(world.person('verifier'), {}, 'csv');
    expect(await new Response(file.stream).text()).toContain(
      'Dr. Sri Handayani, M.Pd.;\t197811042005012007;Sekretaris',
    );
    expect(audit.list(ctx, { action: 'certificates.exported' }, (k) => k)).toHaveLength(1);
  });
});

function stored(dir: string): string[] {
  const folder = path.join(dir, 'files');
  return existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).sort() : [];
}
