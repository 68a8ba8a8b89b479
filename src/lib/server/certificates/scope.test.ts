import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as certificates from './index.ts';

const SRI = '197811042005012007';
const OTHER = '198001012006041001';

/** Sri serves in Disdik; one certificate of hers stands there, the newer one under Dinkes. A namesake serves in Dinkes. */
async function makeOffice() {
  const world = makeWorld();
  const ctx = world.ctx();
  agencies.seed(ctx);
  const file = (name: string, rows: string[]) => ({ name, bytes: Buffer.from(rows.join('\n')) });
  await certificates.importPersonnel(
    ctx,
    file('p.csv', [
      'Nama;NIP;Jabatan;OPD',
      `Sri Handayani;${SRI};Sekretaris;Disdik`,
      `Sri Handayani;${OTHER};Camat;Dinkes`,
    ]),
  );
  await certificates.importFile(
    ctx,
    file('d.csv', [
      'Nama;Nomor Seri;Berlaku Mulai;Berlaku Sampai;NIP',
      `Sri Handayani;0xab;1/1/2025;1/1/2027;${SRI}`,
      `Sri Handayani;0xcd;1/1/2026;1/1/2028;${SRI}`,
    ]),
  );
  const editor = world.person('verifier');
  const [newer, older] = certificates.list(ctx, { sort: 'end', descending: true }).rows;
  certificates.transfer(editor, newer!.id, { agency: 'DINKES', why: 'uji' });
  const officer = world.person('officer', { agencyId: agencies.get(ctx, 'DISDIK').id });
  return { world, ctx, editor, officer, older: older!, newer: newer! };
}

describe('what an officer sees of other agencies', () => {
  test('a certificate’s page names no certificate of the same holder that stands under another agency', async () => {
    const { ctx, officer, older, newer } = await makeOffice();
    expect(certificates.get(ctx, older.id).siblings.map((row) => row.id)).toEqual([newer.id]);
    expect(certificates.get(officer, older.id).siblings).toEqual([]);
  });

  test('a holder’s page counts the own certificates and names no double of another agency', async () => {
    const { ctx, officer, older } = await makeOffice();
    expect(certificates.holder(ctx, older.holderId!).doubles.map((row) => row.nip)).toEqual([OTHER]);
    expect(certificates.holder(officer, older.holderId!).doubles).toEqual([]);
    expect(certificates.holder(officer, older.holderId!).certificateIds).toEqual([older.id]);
  });

  test('likely owners are for who may decide', async () => {
    const { editor, officer } = await makeOffice();
    expect(certificates.likelyHolders(editor, 'Sri Handayani')).toHaveLength(2);
    expect(() => certificates.likelyHolders(officer, 'Sri Handayani')).toThrow('hak');
  });

  test('a pair with one side under another agency is not shown, nor counted', async () => {
    const { world, ctx, editor, officer, older, newer } = await makeOffice();
    world.db.$client.prepare(`update certificate set superseded_by_id = ? where id = ?`).run(newer.id, older.id);
    const seen = (reader: typeof ctx) => certificates.renewalPairs(reader, 'clear').counts;
    expect(seen(ctx).clear + seen(ctx).doubtful).toBe(1);
    expect(seen(officer)).toEqual({ doubtful: 0, clear: 0, confirmed: 0, rejected: 0 });
    certificates.decideRenewal(editor, older.id, newer.id, { decision: 'rejected', why: 'uji' });
    expect(seen(ctx).rejected).toBe(1);
    expect(seen(officer).rejected).toBe(0);
  });

  test('the recorded days count the own agency', async () => {
    const { ctx, officer } = await makeOffice();
    const { day } = certificates.snapshotDay(ctx);
    const sum = (reader: typeof ctx) => certificates.dailyCounts(reader, day, day).reduce((n, row) => n + row.count, 0);
    expect([sum(ctx), sum(officer)]).toEqual([2, 1]);
  });
});
