import { describe, expect, test } from 'vitest';
import { certificateRow, holderRow } from '#tests/support/holdings.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { AppError } from '../errors.ts';
import * as certificates from './index.ts';

function city() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  return Object.assign(world, { verifier: world.person('verifier') });
}
function refused(work: () => unknown): Record<string, string> {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.fields;
    throw error;
  }
  throw new Error('nothing was refused');
}
const said = {
  use: 'signature' as const,
  name: 'SRI HANDAYANI',
  serial: '3C:88:1E',
  from: '2026-01-10',
  until: '2028-01-09',
};

describe('a certificate entered by form', () => {
  test('is data saja with owner, agency and WIB days; its serial may be hex or decimal', () => {
    const world = city();
    const holderId = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    certificates.recordCertificate(world.verifier, { ...said, name: '', holderId });
    certificates.recordCertificate(world.verifier, { ...said, serial: '123456789012345678901234' });
    const rows = certificates.list(world.verifier, { sort: 'serial' }).rows;
    expect(rows.map((row) => [row.serial, row.label, row.source, row.agencyCode])).toEqual([
      ['1a249b1f10a06c96aff2', 'data_only', 'form', null],
      ['3c881e', 'data_only', 'form', 'DISDIK'],
    ]);
    expect(rows[1]).toMatchObject({
      notBefore: Date.parse('2026-01-10T00:00:00+07:00'),
      notAfter: Date.parse('2028-01-09T23:59:59+07:00'),
    });
  });

  test.each([
    [{ name: '' }, 'name', 'isi nama'],
    [{ serial: 'xyz' }, 'serial', 'heksadesimal'],
    [{ serial: '6,32E+47' }, 'serial', 'dibulatkan oleh Excel'],
    [{ serial: `632000000000000${'0'.repeat(33)}` }, 'serial', 'dibulatkan oleh Excel'],
    [{ serial: '', until: '' }, 'serial', 'Isi nomor seri'],
    [{ until: '2025-01-01' }, 'until', 'sebelum mulai'],
    [{ until: '2025-01-01' }, 'from', 'setelah berakhir (1 Januari 2025)'],
    [{ from: '2026-02-30' }, 'from', 'tidak ada'],
    [{ agency: 'X' }, 'agency', 'dari daftar'],
    [{ holderId: 'x' }, 'holder', 'dari daftar'],
    [{ use: 'x' as 'email' }, 'use', 'Pilih'],
    [{ name: 'x'.repeat(161) }, 'name', '160'],
  ])('%j is refused at its field', (more, field, words) => {
    const world = city();
    expect(refused(() => certificates.recordCertificate(world.verifier, { ...said, ...more }))[field]).toContain(words);
    expect(certificates.list(world.verifier).rows).toEqual([]);
  });

  test('everything that is wrong is said in one round', () => {
    const world = city();
    const wrong = { ...said, holderId: '', name: '', agency: 'X', use: 'x' as never, serial: 'zz', from: '2026-02-30' };
    expect(Object.keys(refused(() => certificates.recordCertificate(world.verifier, wrong))).sort()).toEqual(
      ['agency', 'from', 'name', 'serial', 'use'].sort(),
    );
    expect(
      refused(() => certificates.recordCertificate(world.verifier, wrong, { holder: 'Tidak ada yang cocok.' })),
    ).toMatchObject({ holder: 'Tidak ada yang cocok.', serial: expect.any(String), use: expect.any(String) });
    const reversed = { ...said, use: 'x' as never, from: '2027-01-01', until: '2026-01-01' };
    expect(Object.keys(refused(() => certificates.recordCertificate(world.verifier, reversed))).sort()).toEqual([
      'from',
      'until',
      'use',
    ]);
  });

  test('a serial that is known, in hex or decimal, is refused and says whose; another issuer’s is another certificate', () => {
    const world = city();
    certificateRow(world, 'JOKO SUSILO', { serial: '3c881e', issuer: 'CN=BSRE CA UJI G1,C=ID' });
    for (const serial of ['3c881e', '00:3C:88:1E', '0x3c881e', String(0x3c881e)]) {
      expect(refused(() => certificates.recordCertificate(world.verifier, { ...said, serial })).serial).toContain(
        'JOKO SUSILO',
      );
    }
    expect(certificates.sameSerial(world.verifier, '3C 88 1E')).toHaveLength(1);
    certificates.recordCertificate(world.verifier, { ...said, issuer: 'CA Lain' });
    expect(certificates.list(world.verifier).rows).toHaveLength(2);
  });

  test('without a serial, the same holder, use and last day is the same certificate', () => {
    const world = city();
    const holderId = holderRow(world, 'Sri Handayani');
    certificates.recordCertificate(world.verifier, { ...said, serial: '', holderId });
    expect(
      refused(() => certificates.recordCertificate(world.verifier, { ...said, serial: '', holderId })).until,
    ).toContain('sudah punya');
    certificates.recordCertificate(world.verifier, { ...said, serial: '', use: 'email', holderId });
    expect(() => certificates.recordCertificate(world.person('auditor'), said)).toThrow('tidak memiliki hak');
  });

  test('a holder is meant by NIP, or by a name that only one bears', () => {
    const world = city();
    const sri = holderRow(world, 'Sri Handayani', { nip: '197811042005012007' });
    holderRow(world, 'Budi Santoso');
    holderRow(world, 'Budi Santoso');
    expect(certificates.findHolders(world.verifier, '19781104 200501 2 007').one?.id).toBe(sri);
    expect(certificates.findHolders(world.verifier, 'SRI HANDAYANI').one?.id).toBe(sri);
    expect(certificates.findHolders(world.verifier, 'budi santoso')).toMatchObject({ one: null, choices: [{}, {}] });
    expect(certificates.findHolders(world.verifier, '')).toEqual({ one: null, choices: [] });
  });
});
