import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { shortHash } from '#lib/format.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { AppError } from '../errors.ts';
import { openContainer } from '../containers/index.ts';
import { connection } from '../db/index.ts';
import { seedEstate } from '../../../bin/bench/estate.ts';
import * as certificates from './index.ts';

function makeEstate(size = 60) {
  const world = makeWorld();
  seedEstate(world.ctx(), { holders: 30, certificates: size });
  const ctx = world.person('verifier');
  const ids = () => certificates.list(ctx, { limit: 500 }).rows.map((row) => row.id);
  const begin = (kind: certificates.BulkKind, selection: certificates.Selection, more: object = {}) => {
    const { hash } = certificates.previewBulk(ctx, kind, selection);
    return certificates.beginBulk(ctx, kind, selection, { why: 'uji', agency: '', hash, ...more });
  };
  const entries = (action: audit.Action) => audit.list(world.person('supervisor'), { action }, (key) => key);
  return { world, ctx, ids, begin, entries };
}

describe('an act over many certificates', () => {
  test('shows how many and which, then does exactly that, with one entry for the whole', () => {
    const { ctx, ids, begin, entries } = makeEstate();
    const selection = { ids: ids().slice(0, 30) };
    const preview = certificates.previewBulk(ctx, 'transfer', selection);
    expect(preview).toMatchObject({ total: 30, changes: 30, skipped: [] });
    expect(preview.rows).toHaveLength(25);
    const id = begin('transfer', selection, { agency: 'SETDA' });
    expect(certificates.bulk(ctx, id)).toMatchObject({ state: 'done', done: 30, total: 30 });
    const moved = certificates.list(ctx, { agency: 'SETDA', exact: true, limit: 100 }).rows.map((row) => row.id);
    expect(moved).toEqual(expect.arrayContaining(selection.ids));
    expect(entries('certificates.bulk_requested')).toHaveLength(1);
    expect(entries('certificates.bulk_done')).toHaveLength(1);
    // Twice changes nothing more.
    const again = certificates.bulk(ctx, begin('transfer', selection, { agency: 'SETDA' }));
    expect(again).toMatchObject({
      changed: 0,
      skipped: [{ reason: 'Sudah di bawah Perangkat Daerah ini.', count: 30 }],
    });
  });

  test('leaves no kept counts behind that still count what it put away or brought back', () => {
    const { world, ctx, begin } = makeEstate(400);
    const keep = () =>
      connection(world.db)
        .prepare('insert into certificate_census (id, taken_at, trail, rows) values (1, ?, 0, ?)')
        .run(world.clock.at, Buffer.alloc(1));
    for (const [kind, filter] of [
      ['archive', {}],
      ['restore', { archived: true }],
    ] as const) {
      keep();
      expect(certificates.countedAt(ctx)).toBe(world.clock.at);
      expect(certificates.bulk(ctx, begin(kind, { filter })).changed).toBeGreaterThan(0);
      expect(certificates.countedAt(ctx)).toBeNull();
    }
  });

  test('says of each what would happen to it, lists only those that would change or be left, page by page', () => {
    const { ctx } = makeEstate(400);
    const selection = { filter: {} };
    const all = certificates.previewBulk(ctx, 'archive', selection);
    const left = all.skipped.reduce((sum, { count }) => sum + count, 0);
    expect(all.changes + left).toBe(all.total);
    expect(all.rows.some((row) => row.left === null)).toBe(true);
    expect(all.rows.some((row) => row.left === 'Belum satu tahun sejak berakhir.')).toBe(true);

    const walked: string[] = [];
    for (let past: string | null = ''; past !== null;) {
      const page = certificates.previewBulk(ctx, 'archive', selection, { fate: 'changed', past, limit: 7 });
      expect(page).toMatchObject({ total: all.total, hash: all.hash, matching: all.changes });
      expect(page.rows.every((row) => row.left === null)).toBe(true);
      walked.push(...page.rows.map((row) => row.id));
      past = page.next;
    }
    expect(new Set(walked).size).toBe(all.changes);
    expect(certificates.previewBulk(ctx, 'archive', selection, { fate: 'skipped' }).matching).toBe(left);
    const one = all.skipped[0]!;
    const because = certificates.previewBulk(ctx, 'archive', selection, { fate: 'skipped', because: one.reason });
    expect(because.matching).toBe(one.count);
    expect(because.rows.every((row) => row.left === one.reason)).toBe(true);
  });

  test('what an act archived can be given back: exactly that, and nothing that was in the archive before', () => {
    const { world, ctx, begin } = makeEstate(400);
    const [early] = certificates.previewBulk(ctx, 'archive', { filter: {} }, { fate: 'changed' }).rows;
    begin('archive', { ids: [early!.id] });
    const act = begin('archive', { filter: {} });
    const { changed } = certificates.bulk(ctx, act);
    expect(certificates.bulk(ctx, act).reversible).toBe(changed);
    expect(certificates.previewBulk(ctx, 'restore', { of: act })).toMatchObject({ total: changed, changes: changed });
    begin('restore', { of: act });
    expect(certificates.bulk(ctx, act).reversible).toBe(0);
    const archived = certificates.list(ctx, { archived: true }).rows.map((row) => row.id);
    expect(archived).toEqual([early!.id]);
    expect(() => certificates.previewBulk(ctx, 'restore', { of: 'tidak-ada' })).toThrow('tidak ada');
    expect(() => certificates.previewBulk(world.person('officer'), 'restore', { of: act })).toThrow(AppError);
  });

  test('what became of each is listed by outcome and by reason', () => {
    const { ctx, begin } = makeEstate(400);
    const id = begin('archive', { filter: {} });
    const act = certificates.bulk(ctx, id);
    const changed = certificates.bulk(ctx, id, { fate: 'changed', limit: 500 });
    expect(changed.items.map((item) => item.outcome)).toEqual(Array.from({ length: act.changed }, () => 'changed'));
    const { reason, count } = act.skipped[0]!;
    const left = certificates.bulk(ctx, id, { fate: 'skipped', because: reason, limit: 500 });
    expect(left.matching).toBe(count);
    expect(left.items.every((item) => item.reason === reason)).toBe(true);
  });

  test('past acts are listed newest first, page by page, for everybody who reads imports', () => {
    const { world, ids, begin } = makeEstate();
    const [first, second, third] = ids();
    const acts = [first, second, third].map((one) => {
      world.clock.advance(1000);
      return begin('retire', { ids: [one!] });
    });
    const auditor = world.person('auditor');
    const page = certificates.bulkActs(auditor, { limit: 2 });
    expect(page).toMatchObject({ total: 3, next: acts[1] });
    expect(page.rows.map((row) => [row.id, row.changed])).toEqual([
      [acts[2], 1],
      [acts[1], 1],
    ]);
    expect(certificates.bulkActs(auditor, { limit: 2, before: page.next! }).rows.map((row) => row.id)).toEqual([
      acts[0],
    ]);
    expect(certificates.bulk(auditor, acts[0]!).state).toBe('done');
    expect(() => certificates.bulkActs(world.person('leader'))).toThrow('hak');
  });

  test('the trail commits to what became of each', () => {
    const { ctx, ids, begin, entries } = makeEstate();
    const id = begin('retire', { ids: ids().slice(0, 5) });
    const rows = connection(ctx.db)
      .prepare('select seq, certificate_id, outcome, reason from bulk_item where bulk_id = ? order by seq')
      .raw()
      .all(id);
    const ledger = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const hash = createHash('sha256').update(ledger).digest('hex');
    expect(entries('certificates.bulk_done')[0]!.sentence).toContain(shortHash(hash));
    const leaf = connection(ctx.db)
      .prepare("select leaf from audit_entry where action = 'certificates.bulk_done'")
      .pluck();
    expect(JSON.parse(String(leaf.get()))).toMatchObject({ details: { hash } });
  });

  test('what was confirmed is what was shown: another set is refused and nothing happens', () => {
    const { ctx, ids } = makeEstate();
    const { hash } = certificates.previewBulk(ctx, 'retire', { ids: ids().slice(0, 5) });
    const input = { why: 'uji', agency: '', hash };
    expect(() => certificates.beginBulk(ctx, 'retire', { ids: ids().slice(0, 6) }, input)).toThrow(/berubah sejak/);
    expect(() => certificates.beginBulk(ctx, 'retire', { ids: ids().slice(0, 5) }, { ...input, why: ' ' })).toThrow(
      AppError,
    );
    expect(connection(ctx.db).prepare('select count(*) from bulk_act').pluck().get()).toBe(0);
  });

  test('what was archived with its import comes back with another import only', async () => {
    const world = makeWorld();
    agencies.seed(world.ctx());
    const ctx = world.person('verifier');
    const run = await certificates.importFile(world.ctx(), {
      name: 'd.csv',
      bytes: Buffer.from('Nama;Nomor Seri;Berlaku Sampai\nSri Handayani;0xab;1/1/2028'),
    });
    certificates.voidImport(ctx, run.id, { why: 'uji' }, () => []);
    expect(certificates.previewBulk(ctx, 'restore', { filter: { archived: true } })).toMatchObject({
      total: 1,
      changes: 0,
      skipped: [{ reason: 'Impornya dibatalkan; impor kembali berkasnya.', count: 1 }],
    });
  });

  test('the archive takes only what ended a year ago and is not part of an incident; it gives back', () => {
    const { ctx, begin } = makeEstate(400);
    const selection = { filter: {} };
    const before = certificates.browse(ctx).counts.total;
    const preview = certificates.previewBulk(ctx, 'archive', selection);
    expect(preview.total).toBe(before);
    expect(preview.changes).toBeGreaterThan(0);
    expect(preview.changes).toBeLessThan(before);
    begin('archive', selection);
    expect(certificates.browse(ctx).counts.total).toBe(before - preview.changes);
    expect(certificates.browse(ctx, { archived: true }).counts.total).toBe(preview.changes);
    begin('restore', { filter: { archived: true } });
    expect(certificates.browse(ctx).counts.total).toBe(before);
  });

  test('much is left to jobs, and a run cut off half-way is completed by the next', async () => {
    const { world, ctx, begin, entries } = makeEstate(2100);
    const id = begin('retire', { filter: {} });
    expect(certificates.bulk(ctx, id)).toMatchObject({ state: 'requested', done: 0, total: 2100 });
    expect(certificates.bulkWaiting(ctx)).toBe(true);
    let steps = 0;
    const fence = () => {
      steps += 1;
      if (steps === 4) throw new Error('killed');
    };
    await expect(certificates.runBulk({ ...world.ctx(), fence })).rejects.toThrow('killed');
    expect(certificates.bulk(ctx, id)).toMatchObject({ state: 'running', done: 750 });
    expect(await certificates.runBulk(world.ctx())).toBe(1);
    expect(certificates.bulk(ctx, id)).toMatchObject({ state: 'done', done: 2100, changed: 2100 });
    expect(entries('certificates.bulk_done')).toHaveLength(1);
  });

  test('who may not edit may not even look; ids that are nobody’s are left out', () => {
    const { world, ctx, ids } = makeEstate();
    const officer = world.person('officer', { agencyId: agencies.get(ctx, 'DISDIK').id });
    expect(() => certificates.previewBulk(officer, 'retire', { ids: ids() })).toThrow(AppError);
    expect(certificates.previewBulk(ctx, 'retire', { ids: ['x', "'; drop table certificate", ids()[0]!] }).total).toBe(
      1,
    );
  });

  test('the files of a selection are one archive that other programs read', async () => {
    const { world, ids } = makeEstate();
    const wanted = ids().slice(0, 40);
    const officer = world.person('officer', { agencyId: agencies.get(world.ctx(), 'DISDIK').id });
    const own = certificates
      .list(officer, { limit: 100 })
      .rows.filter((row) => row.fingerprint && wanted.includes(row.id));
    const file = certificates.downloadAll(world.person('verifier'), { ids: wanted });
    const bytes = Buffer.from(await new Response(file.stream).arrayBuffer());
    const members = await openContainer({ name: file.name, bytes });
    const withFile = world.db.$client
      .prepare(
        'select count(*) from certificate where fingerprint is not null and id in (select value from json_each(?))',
      )
      .pluck()
      .get(JSON.stringify(wanted));
    expect(members).toHaveLength(withFile as number);
    if (own.length) {
      const mine = await new Response(certificates.downloadAll(officer, { ids: wanted }).stream).arrayBuffer();
      expect(mine.byteLength).toBeLessThan(bytes.length);
    } else expect(() => certificates.downloadAll(officer, { ids: wanted })).toThrow(AppError);
  });
});

describe('saved views', () => {
  test('a view keeps filters, order and columns, not the page; it is renamed, preferred and put away', () => {
    const world = makeWorld();
    const ctx = world.person('supervisor');
    const query = 'status=expired&sort=-end&columns=nip,end&after=abc&view=1';
    const id = certificates.saveView(ctx, { name: 'Sudah habis', query });
    expect(certificates.views(ctx)).toMatchObject([
      { id, query: 'status=expired&sort=-end&columns=nip%2Cend', own: true, shared: false },
    ]);
    expect(() => certificates.saveView(ctx, { name: 'Sudah habis', query })).toThrow(/sudah punya/);
    expect(() => certificates.saveView(ctx, { name: ' ', query })).toThrow(AppError);
    expect(() => certificates.saveView(ctx, { name: 'x', query: 'q='.padEnd(1001, 'x') })).toThrow(AppError);
    certificates.changeView(ctx, id, { name: 'Habis', shared: true });
    certificates.preferView(ctx, id);
    expect(certificates.preferredView(ctx)).toMatchObject({ name: 'Habis', shared: true });
    certificates.preferView(ctx, null);
    expect(certificates.preferredView(ctx)).toBeNull();
    certificates.archiveView(ctx, id);
    expect(certificates.views(ctx)).toEqual([]);
  });

  test('the office sees what was shared; nobody changes another’s; an officer sees and shares none', () => {
    const world = makeWorld();
    const [ctx, other] = [world.person('supervisor'), world.person('verifier')];
    agencies.seed(world.ctx());
    const officer = world.person('officer', { agencyId: agencies.get(ctx, 'SETDA').id });
    const shared = certificates.saveView(ctx, { name: 'Bersama', query: '', shared: true });
    certificates.saveView(ctx, { name: 'Sendiri', query: '' });
    expect(certificates.views(other).map((view) => view.name)).toEqual(['Bersama']);
    expect(certificates.views(officer)).toEqual([]);
    for (const act of [certificates.archiveView, certificates.preferView]) {
      expect(() => act(other, shared)).toThrow(/bukan milik Anda/);
    }
    expect(() => certificates.saveView(officer, { name: 'x', query: '', shared: true })).toThrow(AppError);
  });
});
