// The list that Siaga exports comes back as it went out, and says nothing new: least of all in the portal's name.
import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { DAY } from '../calendar.ts';
import * as certificates from './index.ts';
import { columnsOf } from './columns.ts';
import { isOwnExport } from './own-export.ts';
import { fieldsOf } from './sheet.ts';

const SRI = '197811042005012007';

/** One certificate known by the file's words alone, owned by somebody of a slightly other name. */
async function office() {
  const world = makeWorld();
  const ctx = world.ctx();
  agencies.seed(ctx);
  const people = `Nama;NIP;Jabatan;Perangkat Daerah\n"Dr. Sri Handayani, M.Pd.";${SRI};Guru;Disdik`;
  await certificates.importPersonnel(ctx, { name: 'p.csv', bytes: Buffer.from(people) });
  const list = [
    'Nama;Nomor Seri;Berlaku Sampai;NIP;Status Sertifikat',
    `Srie Handayani;0xab12;1/1/2028;${SRI};Aktif`,
    'Budi Santoso;0xab13;1/1/2020;;',
  ];
  await certificates.importFile(ctx, { name: 'c.csv', bytes: Buffer.from(list.join('\n')) });
  world.clock.advance(DAY);
  return { world, ctx, person: world.person('verifier') };
}

async function comesBack(o: Awaited<ReturnType<typeof office>>, format: 'csv' | 'xlsx', columns?: string) {
  const chosen = columns ? columnsOf(new URLSearchParams({ columns })) : null;
  const file = certificates.exportList(o.ctx, {}, format, chosen);
  const bytes = Buffer.from(await new Response(file.stream).arrayBuffer());
  const [run] = await certificates.requestImport(o.person, { files: [{ name: file.name, bytes }] });
  await certificates.runImports(o.ctx);
  return certificates.sheetPreview(o.person, run!.id)!;
}

describe('the exported list', () => {
  test.each([
    ['csv', undefined],
    ['xlsx', undefined],
    ['csv', 'agency,status,end,serial'],
  ] as const)('comes back as %s with nothing but "sama", and says why (columns %s)', async (format, columns) => {
    const o = await office();
    const preview = await comesBack(o, format, columns);
    expect(preview.counts).toMatchObject({ added: 0, completed: 0, changed: 0, same: 2, rejected: 0 });
    expect(preview.columns.map(({ field }) => field)).not.toContain('portal');
    expect(preview.remarks.join(' ')).toContain('bukan kabar baru dari portal BSrE');
  });

  test('brings the portal no new word and no new day, when it is accepted', async () => {
    const o = await office();
    const said = () => certificates.list(o.ctx).rows.map(({ id }) => certificates.get(o.ctx, id).portal.said);
    const before = said();
    expect(before.flat()).toHaveLength(1);
    const preview = await comesBack(o, 'csv');
    certificates.acceptSheet(o.person, certificates.imports(o.ctx).rows[0]!.id);
    await certificates.runImports(o.ctx);
    expect(preview.counts.same).toBe(2);
    expect(said()).toEqual(before);
  });

  test('of an earlier release is known by its headings, also after its status was once taken for the portal’s', () => {
    const former = ['Pemilik', 'Perangkat Daerah', 'Status', 'Berlaku sampai (WIB)', 'Diperiksa (WIB)', 'Sumber'];
    expect(isOwnExport(former)).toBe(true);
    expect(fieldsOf(former, 'certificate_sheet')).not.toContain('portal');
    // What offices write themselves stays the portal's word.
    const office = ['Pemilik', 'Perangkat Daerah', 'Status', 'Berlaku sampai', 'Nomor HP'];
    expect(isOwnExport(office)).toBe(false);
    expect(fieldsOf(office, 'certificate_sheet')).toContain('portal');
  });
});
