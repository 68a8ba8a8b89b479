import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import type { Context } from '../context.ts';
import { migrate, openDatabase } from '../db/index.ts';
import { actions } from './actions.ts';
import * as audit from './index.ts';
import { canonical } from './canonical.ts';
import { title } from './title.ts';
import { append, emptyTree, leafHash, root } from './merkle.ts';

/** MTH of RFC 6962 §2.1, straight from its definition. */
function mth(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(mth(leaves.slice(0, k)))
    .update(mth(leaves.slice(k)))
    .digest();
}

describe('the trail', () => {
  test('the incremental root equals the recursive definition of RFC 6962 for every size up to 70', () => {
    const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));
    let tree = emptyTree();
    expect(root(tree)).toEqual(mth([]));
    leaves.forEach((leaf, i) => {
      tree = append(tree, leaf);
      expect(root(tree)).toEqual(mth(leaves.slice(0, i + 1)));
    });
  });

  test('canonical JSON sorts by UTF-16 code units and refuses what has two spellings', () => {
    expect(canonical({ b: 1, a: 'é"\n', '€': [1, 'x'] })).toBe('{"a":"é\\"\\n","b":1,"€":[1,"x"]}');
    expect(() => canonical(1.5)).toThrow('safe integer');
    expect(() => canonical('\ud800')).toThrow('surrogate');
    expect(() => canonical(null as never)).toThrow('not allowed');
  });

  test('an entry reads as a sentence, and an erased personal value does not break the proof', () => {
    const world = makeWorld();
    const ctx = world.person('administrator', { name: 'Budi' });
    audit.record(ctx, {
      action: 'contact.changed',
      targets: [['contact', 'c1']],
      details: { party: 'bssn' },
      personal: { name: 'Siti' },
    });
    const names = (key: string) => (key === audit.actorKey(ctx.actor) ? 'Budi' : key);
    expect(audit.list(ctx, {}, names)[0]?.sentence).toBe('Budi mengubah alamat bssn: Siti');
    world.db.$client.exec("update audit_personal set value = '', salt = x''");
    expect(audit.list(ctx, {}, names)[0]?.sentence).toBe('Budi mengubah alamat bssn: (dihapus)');
    expect(audit.verify(ctx)).toMatchObject({ ok: true, size: 1, erased: 1 });
  });

  test('every kind of entry has a name of its own, in words, to be chosen by', () => {
    const all = Object.keys(actions) as audit.Action[];
    const titles = all.map(title);
    expect(new Set(titles).size).toBe(all.length);
    for (const one of titles) expect(one).toMatch(/^\p{Lu}[^:{}_]*: [^{}_]+$|^\p{Lu}[^:{}_]*: [^{}_]+: [^{}_]+$/u);
    expect(titles.filter((one) => /undefined/.test(one))).toEqual([]);
    expect(title('authn_login_success')).toBe('Akun: masuk dari …');
    expect(title('import.done')).toBe('Impor: mengimpor …');
    expect(title('authority.accepted')).toMatch(/dipercaya setelah membandingkan sidik jarinya$/);

    const world = makeWorld();
    const ctx = world.person('administrator');
    audit.record(ctx, { action: 'agencies.seeded', targets: [], details: { count: 3 } });
    audit.record(ctx, { action: 'authn_login_success', targets: [] });
    expect(audit.facets(world.person('auditor')).actions.map((row) => row.title)).toEqual([
      'Akun: masuk dari …',
      'Perangkat Daerah: memasukkan daftar … Perangkat Daerah dan unit',
    ]);
  });

  test('an entry is written whole or not at all, also when nothing else is written with it', () => {
    const world = makeWorld();
    const ctx = world.ctx();
    audit.record(ctx, { action: 'agencies.seeded', targets: [], details: { count: 1 } });
    world.db.$client.exec("create trigger broken before insert on audit_target begin select raise(abort, 'disk'); end");
    expect(() => audit.record(ctx, { action: 'file.read', targets: [['sheet', '1']], details: { name: 'x' } })).toThrow(
      'disk',
    );
    expect(audit.verify(ctx)).toMatchObject({ ok: true, size: 1 });
  });

  test('a check reads one state of the trail while another process goes on writing', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'siaga-'));
    const [db, other] = [openDatabase(path.join(dir, 'siaga.db')), openDatabase(path.join(dir, 'siaga.db'))];
    onTestFinished(() => {
      for (const each of [db, other]) each.$client.close();
      rmSync(dir, { recursive: true, force: true });
    });
    migrate(db);
    const ctx: Context = { db, dir, now: () => NOW, actor: { kind: 'system', name: 'jobs' } };
    const entry = { action: 'agencies.seeded', targets: [], details: { count: 1 } } as const;
    audit.record(ctx, { ...entry, targets: [] });
    // The other process writes just before the head is read.
    const prepare = db.$client.prepare.bind(db.$client);
    db.$client.prepare = ((sql: string) => {
      if (sql.includes('"audit_head"')) audit.record({ ...ctx, db: other }, { ...entry, targets: [] });
      return prepare(sql);
    }) as typeof db.$client.prepare;
    expect(audit.verify(ctx)).toMatchObject({ ok: true, size: 1 });
  });

  test('the database refuses to change or remove an entry', () => {
    const world = makeWorld();
    audit.record(world.ctx(), { action: 'agencies.seeded', targets: [], details: { count: 1 } });
    expect(() => world.db.$client.exec("update audit_entry set leaf = 'x'")).toThrow('append-only');
    expect(() => world.db.$client.exec('delete from audit_entry')).toThrow('append-only');
  });

  test('verification names the first entry that was tampered with', () => {
    const world = makeWorld();
    for (let i = 0; i < 5; i++)
      audit.record(world.ctx(), { action: 'agencies.seeded', targets: [], details: { count: i } });
    expect(audit.verify(world.ctx()).ok).toBe(true);
    world.db.$client.exec('drop trigger audit_entry_no_update');
    world.db.$client.exec(`update audit_entry set leaf = replace(leaf, '"count":2', '"count":9') where seq = 3`);
    expect(audit.verify(world.ctx())).toMatchObject({ ok: false, firstBad: 3 });
  });

  test('another name under a commitment is found, an erased one is no fault', () => {
    const world = makeWorld();
    for (const name of ['Budi', 'Citra'])
      audit.record(world.ctx(), { action: 'user_disabled', targets: [], personal: { name } });
    world.db.$client.exec("update audit_personal set value = '', salt = x'' where value = 'Budi'");
    expect(audit.verify(world.ctx())).toMatchObject({ ok: true, erased: 1, forged: 0 });
    world.db.$client.exec("update audit_personal set value = 'Dedi' where value = 'Citra'");
    const found = audit.verify(world.ctx());
    expect(found).toMatchObject({ ok: false, firstBad: null, forged: 1 });
    expect(audit.faultOf(found)).toContain('nilai pribadi');
  });
});
