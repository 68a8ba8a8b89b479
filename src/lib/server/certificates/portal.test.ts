// What BSrE's portal believes stands beside what Siaga proved: stored as its lists say it, compared, never mixed with it.
import { readXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import { DAY } from '../calendar.ts';
import { connection } from '../db/index.ts';
import { exportColumns } from './export.ts';
import * as certificates from './index.ts';
import type { Revocation } from './label.ts';
import { certificate } from './schema.ts';
import { mismatchOf, mismatchSql, readPortalWord, type PortalWord } from './portal-word.ts';

const HEAD = 'Nama;Nomor Seri;Berlaku Sampai;Status';
const csv = (...rows: string[]) => Buffer.from([HEAD, ...rows].join('\n'));

function office() {
  const world = makeWorld();
  return { world, ctx: world.ctx(), person: world.person('supervisor') };
}
type Office = ReturnType<typeof office>;
const list = ({ ctx }: Office, ...rows: string[]) =>
  certificates.importFile(ctx, { name: 'portal.csv', bytes: csv(...rows) });
const only = ({ ctx }: Office) => certificates.list(ctx).rows[0]!;
const at = (o: Office, id: string) => certificates.get(o.ctx, id).portal;
/** What verified evidence would have written. */
const prove = (o: Office, id: string, status: 'good' | 'revoked' | 'on_hold', when = NOW - DAY) =>
  certificates.recordStatus(o.ctx, id, {
    revocation: status,
    revokedAt: status === 'good' ? null : when,
    source: 'crl',
    evidenceId: null,
    confirmedAt: NOW,
  });

describe('words', () => {
  test.each([
    ['ISSUE', 'issued'],
    ['Aktif', 'issued'],
    ['EXPIRED', 'expired'],
    ['kadaluarsa', 'expired'],
    ['Kedaluwarsa', 'expired'],
    ['RENEW', 'renewing'],
    ['Dalam Pembaruan', 'renewing'],
    ['WAITING_FOR_VERIFICATION', 'verifying'],
    ['NEW', 'unactivated'],
    ['Belum aktivasi', 'unactivated'],
    ['NO_CERTIFICATE', 'none'],
    ['NOT_REGISTERED', 'unregistered'],
    ['SUSPEND', 'suspended'],
    ['Ditangguhkan', 'suspended'],
    ['REVOKE', 'revoked'],
    ['revoked', 'revoked'],
    ['Sudah dicabut', 'revoked'],
    ['', ''],
    ['Nonaktif', null],
    ['tidak aktif', null],
    ['belum dicabut', null],
    ['not revoked', null],
    ['dicabut?aktif', null],
  ])('"%s" is %s', (text, word) => expect(readPortalWord(text)).toBe(word));
});

describe('a list of the portal', () => {
  test('stores its status beside ours, names a word it does not know, and changes no facet', async () => {
    const o = office();
    await list(o, 'BUDI SANTOSO;1001;1/1/2028;REVOKE', 'SRI WAHYUNI;1002;1/1/2028;Nonaktif');
    const budi = certificates.list(o.ctx, { q: 'budi' }).rows[0]!;
    expect(budi).toMatchObject({ portal: 'revoked', revocation: 'undetermined', label: 'data_only', portalDiffers: 1 });
    expect(at(o, budi.id)).toMatchObject({ said: [{ word: 'revoked', at: NOW }], mismatch: { kind: 'unproved' } });
    const sri = certificates.list(o.ctx, { q: 'wahyuni' }).rows[0]!;
    expect(at(o, sri.id)).toEqual({ said: [], mismatch: null });
    const run = certificates.imports(o.ctx).rows[0]!;
    expect(certificates.importRun(o.ctx, run.id).entries[1]!.reason).toContain(
      '"Nonaktif" belum dikenal; tidak dicatat',
    );
  });

  test('a difference is work for the supervisor and a filter with a count, until a later list or proof agrees', async () => {
    const o = office();
    await list(o, 'BUDI SANTOSO;1001;1/1/2028;REVOKE', 'SRI WAHYUNI;1002;1/1/2028;ISSUE');
    const task = () => certificates.tasks(o.person).find((one) => one.key === 'certificates:portal');
    expect(task()).toMatchObject({ title: expect.stringContaining('1 sertifikat'), act: 'certificates.edit' });
    const { counts, page } = certificates.browse(o.person, { portal: 'mismatch' });
    expect(page.rows.map((row) => row.name)).toEqual(['BUDI SANTOSO']);
    expect([...counts.portal]).toEqual(
      expect.arrayContaining([
        ['mismatch', 1],
        ['revoked', 1],
        ['issued', 1],
      ]),
    );
    // Catatan Teknis tells it too, with the same number and the way there.
    const told = () => certificates.problemCounts(o.person).find(({ rule }) => rule === 'portal_mismatch');
    expect(told()).toMatchObject({ count: counts.total, title: 'Berbeda dengan portal BSrE', group: 'Portal BSrE' });
    expect(told()!.href).toBe('/certificates?portal=mismatch&columns=agency,status,end,portal');
    const budi = page.rows[0]!.id;
    prove(o, budi, 'good');
    expect(at(o, budi).mismatch?.kind).toBe('denied');
    prove(o, budi, 'revoked');
    expect(at(o, budi).mismatch).toBeNull();
    expect([task(), told()]).toEqual([undefined, undefined]);
    // The reverse: the portal still says active of what was proved revoked.
    o.world.clock.advance(DAY);
    await list(o, 'BUDI SANTOSO;1001;1/1/2028;ISSUE');
    expect(at(o, budi)).toMatchObject({ mismatch: { kind: 'since_revoked' } });
    expect(certificates.list(o.ctx, { portal: 'mismatch' }).rows[0]).toMatchObject({ id: budi, revocation: 'revoked' });
    expect(task()).toBeDefined();
    o.world.clock.advance(DAY);
    await list(o, 'BUDI SANTOSO;1001;1/1/2028;REVOKE');
    expect(task()).toBeUndefined();
    expect(at(o, budi).said.map((one) => one.word)).toEqual(['revoked', 'issued', 'revoked']);
  });

  test('a changed word shows as changed before anything is written, and voiding the import brings the former back', async () => {
    const o = office();
    await list(o, 'BUDI SANTOSO;1001;1/1/2028;ISSUE');
    const { id } = only(o);
    o.world.clock.advance(DAY);
    const [run] = await certificates.requestImport(o.person, {
      files: [{ name: 'portal.csv', bytes: csv('BUDI SANTOSO;1001;1/1/2028;REVOKE') }],
    });
    await certificates.runImports(o.ctx);
    const seen = certificates.sheetPreview(o.person, run!.id)!;
    expect(seen.columns.map((column) => column.field)).toContain('portal');
    expect(seen.rows[0]).toMatchObject({
      verdict: 'changed',
      changes: [{ field: 'Status menurut portal BSrE', from: 'Aktif', to: 'Dicabut' }],
    });
    expect(at(o, id).said).toHaveLength(1);
    certificates.acceptSheet(o.person, run!.id);
    await certificates.runImports(o.ctx);
    expect(at(o, id).said.map((one) => one.word)).toEqual(['revoked', 'issued']);
    certificates.voidImport(o.person, run!.id, { why: 'Daftar yang keliru' }, () => []);
    expect(at(o, id)).toMatchObject({ said: [{ word: 'issued' }], mismatch: null });
  });

  test('the list for editing goes out with the words and comes back: the same says nothing, a changed one is said', async () => {
    const o = office();
    await list(o, 'BUDI SANTOSO;1001;1/1/2028;ISSUE', 'SRI WAHYUNI;1002;1/1/2028;SUSPEND');
    o.world.clock.advance(DAY);
    const sheet = await certificates.editableCertificates(o.person, {});
    const rows = (await readXlsx(sheet.bytes)).sheets[0]!.rows.map((row) => row.map((cell) => `${cell ?? ''}`));
    expect(rows[0]).toContain('Status menurut portal BSrE');
    const portal = rows[0]!.indexOf('Status menurut portal BSrE');
    expect(rows.slice(1).map((row) => row[portal])).toEqual(['Aktif', 'Ditangguhkan']);
    const edited = rows.map((row) => row.map((cell) => (cell === 'Ditangguhkan' ? 'Dicabut' : cell)).join(';'));
    await certificates.importFile(o.ctx, { name: 'disunting.csv', bytes: Buffer.from(edited.join('\n')) });
    const [budi, sri] = ['budi', 'wahyuni'].map((q) => certificates.list(o.ctx, { q }).rows[0]!);
    expect(at(o, budi!.id).said).toMatchObject([{ word: 'issued', at: NOW }]);
    expect(at(o, sri!.id).said).toMatchObject([
      { word: 'revoked', at: NOW + DAY },
      { word: 'suspended', at: NOW },
    ]);
    const cells = exportColumns(['portal']).map(({ head, value }) => [
      head,
      value(certificates.list(o.ctx, { q: 'wahyuni' }).rows[0]!),
    ]);
    expect(cells.slice(1)).toEqual([
      ['Menurut portal BSrE', 'Dicabut'],
      ['Daftar portal diimpor', NOW + DAY],
      ['Portal berbeda dengan bukti', 'Ya'],
    ]);
  });
});

test('the rule in SQL finds the same differences as the pure one, for every combination', () => {
  const o = office();
  const db = connection(o.world.db);
  const words: PortalWord[] = [
    'issued',
    'revoked',
    'expired',
    'renewing',
    'suspended',
    'unactivated',
    'verifying',
    'none',
    'unregistered',
  ];
  const around = [null, NOW - 2 * DAY, NOW - DAY, NOW, NOW + DAY];
  const ask = db
    .prepare(
      `with x(word, at) as (select ?, ?), c(revocation, revoked_at, revocation_seen_at, not_after, fingerprint) as (select ?, ?, ?, ?, ?)
      select ${mismatchSql(NOW)} from x, c`,
    )
    .pluck();
  let found = 0;
  for (const word of words)
    for (const revocation of certificate.revocation.enumValues as readonly Revocation[])
      for (const revokedAt of around)
        for (const seen of [null, NOW - DAY])
          for (const notAfter of around)
            for (const fingerprint of [null, 'ab'])
              for (const said of [NOW - DAY, NOW]) {
                const proved = { revocation, revokedAt, revocationSeenAt: seen, notAfter, fingerprint };
                const pure = mismatchOf({ word, at: said }, proved, NOW) !== null;
                expect(
                  ask.get(word, said, revocation, revokedAt, seen, notAfter, fingerprint),
                  JSON.stringify({ word, said, ...proved }),
                ).toBe(pure ? 1 : 0);
                found += pure ? 1 : 0;
              }
  expect(found).toBeGreaterThan(1000);
});

test('whatever portals say, in any order, no facet of any certificate moves', async () => {
  const o = office();
  const rows = Array.from({ length: 8 }, (_, i) => `ORANG KE ${'ABCDEFGH'[i]};200${i};1/1/2028`);
  await list(o, ...rows.map((row) => `${row};`));
  const ids = certificates.list(o.ctx).rows.map((row) => row.id);
  ids.forEach((id, i) => i < 6 && prove(o, id, (['good', 'revoked', 'on_hold'] as const)[i % 3]!));
  const facets = () =>
    connection(o.world.db)
      .prepare(
        'select id, revocation, revocation_reason, revoked_at, revocation_seen_at, evidence_id, confirmed_at, fresh_until, chain, not_after from certificate order by id',
      )
      .all();
  const before = facets();
  const words = [
    'ISSUE',
    'REVOKE',
    'EXPIRED',
    'RENEW',
    'SUSPEND',
    'NEW',
    'NO_CERTIFICATE',
    'NOT_REGISTERED',
    'WAITING_FOR_VERIFICATION',
    'Nonaktif',
    '',
  ];
  for (let round = 0; round < words.length; round++) {
    o.world.clock.advance(3600_000);
    await list(o, ...rows.map((row, i) => `${row};${words[(i + round) % words.length]}`));
    expect(facets()).toEqual(before);
  }
});
