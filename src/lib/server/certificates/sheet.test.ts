import { describe, expect, test } from 'vitest';
import { nameKey, splitName } from './names.ts';
import {
  readDay,
  readEmail,
  readHeadings,
  readHolderStatus,
  readInstant,
  readNip,
  readSerials,
  readUse,
} from './sheet.ts';

describe('reading sheets', () => {
  test('headings are found by their names, below a title, in any order and case', () => {
    const found = readHeadings(
      [['DAFTAR PEGAWAI'], [], ['No', 'N I P', 'NAMA LENGKAP', 'Unit Kerja', 'Jabatan', 'E-mail', 'Status']],
      ['name', 'agency'],
    );
    expect(found?.row).toBe(2);
    expect(found?.mapping).toMatchObject({ name: 2, agency: 3, position: 4, email: 5, status: 6 });
    expect(
      readHeadings([['Nama', 'Nomor Seri (desimal)', 'Berlaku s.d.', 'Penerbit']], ['name', 'until'])?.mapping,
    ).toMatchObject({
      serial: 1,
      until: 2,
      issuer: 3,
    });
    expect(readHeadings([['a', 'b'], ['c']], ['name'])).toBeNull();
  });

  test.each([
    ['2026-11-22', '2026-11-22'],
    ['22/11/2026', '2026-11-22'],
    ['1-2-2026', '2026-02-01'],
    ['22 November 2026', '2026-11-22'],
    ['5 Agu 26', '2026-08-05'],
    ['17 Mei 2027', '2027-05-17'],
    ['46348', '2026-11-22'],
    ['31/02/2026', null],
    ['11/22/2026', null],
    ['besok', null],
    ['', null],
  ])('the date %j reads as %j', (text, day) => expect(readDay(text)).toBe(day));

  test('a date without zone is WIB, its end the last second of that day', () => {
    expect(readInstant('2026-11-22', 'end')).toBe(Date.parse('2026-11-22T16:59:59Z'));
    expect(readInstant('2026-11-22', 'start')).toBe(Date.parse('2026-11-21T17:00:00Z'));
    expect(readInstant('2027-02-11T03:47:40+00:00', 'end')).toBe(Date.parse('2027-02-11T03:47:40Z'));
    expect(readInstant('2027-02-11 03:47', 'end')).toBe(Date.parse('2027-02-10T20:47:00Z'));
  });

  test('serials read as hex or as the decimal of the portal, without leading zeros', () => {
    expect(readSerials('00:6D:23:A5')).toEqual(['6d23a5']);
    expect(readSerials('0x0010')).toEqual(['10']);
    expect(readSerials('255')).toEqual(['ff', '255']);
    expect(readSerials('320E08AA22DAC8E3')).toEqual(['320e08aa22dac8e3']);
    expect(readSerials('bukan')).toEqual([]);
    expect(readSerials('9'.repeat(48))[0]).toBe(BigInt('9'.repeat(48)).toString(16));
  });

  test('NIP, e-mail, status and use read or are refused', () => {
    expect(readNip('19740723 200212 1 005')).toBe('197407232002121005');
    expect([readNip(''), readNip('123'), readNip('1974072320021210055')]).toEqual(['', null, null]);
    expect([readEmail('A@Batam.example'), readEmail('x'), readEmail('')]).toEqual(['a@batam.example', null, '']);
    expect(['PNS', 'Pensiun', 'Mutasi', 'wafat', 'cuti?'].map(readHolderStatus)).toEqual([
      'active',
      'retired',
      'moved',
      'deceased',
      null,
    ]);
    expect(['', 'TTE', 'SSL Server', 'Surel', 'apa'].map(readUse)).toEqual([
      'signature',
      'signature',
      'tls_server',
      'email',
      null,
    ]);
  });
});

describe('names of people', () => {
  test.each([
    ['Dr. Hj. Sri Handayani Pulungan, M.Pd.', 'SRI HANDAYANI PULUNGAN'],
    ['SRI  HANDAYANI   PULUNGAN', 'SRI HANDAYANI PULUNGAN'],
    ["Nu'man Al-Fatih, S.H., M.H.", 'NUMAN AL FATIH'],
    ['Ir. H. Budi Santoso', 'BUDI SANTOSO'],
    ['Drs Ahmad', 'AHMAD'],
    ['M. Iqbal', 'M IQBAL'],
    ['Hidayat', 'HIDAYAT'],
    ['Dr.', 'DR'],
  ])('%s compares as %s', (name, key) => expect(nameKey(name)).toBe(key));

  test('titles are kept apart for letters', () => {
    expect(splitName('Dr. Hj. Sri Handayani, S.Pd., M.Pd.')).toEqual({
      name: 'Sri Handayani',
      titleBefore: 'Dr. Hj.',
      titleAfter: 'S.Pd., M.Pd.',
    });
  });
});
