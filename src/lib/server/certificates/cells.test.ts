import { describe, expect, test } from 'vitest';
import {
  assumesZone,
  isRounded,
  readDay,
  readEmail,
  readHolderStatus,
  readInstant,
  readNip,
  readSerials,
  readUse,
} from './cells.ts';

describe('what a cell means', () => {
  test.each([
    ['2026-11-22', '2026-11-22'],
    ['22/11/2026', '2026-11-22'],
    ['1-2-2026', '2026-02-01'],
    ['1/2/26', '2026-02-01'],
    ['22 November 2026', '2026-11-22'],
    ['22-Nov-2026', '2026-11-22'],
    ['Minggu, 22 November 2026', '2026-11-22'],
    ['5 Agu 26', '2026-08-05'],
    ['17 Mei 2027', '2027-05-17'],
    ['3 Pebruari 2027', '2027-02-03'],
    ['46348', '2026-11-22'],
    ['31/02/2026', null],
    ['11/22/2026', null],
    ['31 Febuari', null],
    ['besok', null],
    ['', null],
  ])('the date %j reads as %j', (text, day) => expect(readDay(text)).toBe(day));

  test.each([
    ['2026-11-22', 'end', '2026-11-22T16:59:59Z'],
    ['2026-11-22', 'start', '2026-11-21T17:00:00Z'],
    ['2027-02-11T03:47:40+00:00', 'end', '2027-02-11T03:47:40Z'],
    ['2027-02-11T03:47:40.123Z', 'end', '2027-02-11T03:47:40Z'],
    ['2027-02-11 03:47', 'end', '2027-02-10T20:47:00Z'],
    ['11/02/2027 03.47', 'end', '2027-02-10T20:47:00Z'],
    ['11 Februari 2027 pukul 03.47 WIB', 'end', '2027-02-10T20:47:00Z'],
    ['11 Feb 2027, 10:00:00 WITA', 'end', '2027-02-11T02:00:00Z'],
    ['46348.5', 'end', '2026-11-22T05:00:00Z'],
  ] as const)('the instant %j (%s) reads as %s', (text, edge, iso) =>
    expect(readInstant(text, edge)).toBe(Date.parse(iso)),
  );

  test('a time without a zone is WIB by assumption, which is named; garbage is no time', () => {
    expect(['11/02/2027 03.47', '2027-02-11 03:47:00', '2027-02-11T03:47:00Z', '2027-02-11'].map(assumesZone)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(['2027-02-30 10:00', '2027-02-11 25:00', 'x 10:00'].map((text) => readInstant(text, 'end'))).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('serials read as hex or as the decimal of the portal, without leading zeros', () => {
    expect(readSerials('00:6D:23:A5')).toEqual(['6d23a5']);
    expect(readSerials('0x0010')).toEqual(['10']);
    expect(readSerials('255')).toEqual(['ff', '255']);
    expect(readSerials("'255")).toEqual(['ff', '255']);
    expect(readSerials('320E08AA22DAC8E3')).toEqual(['320e08aa22dac8e3']);
    expect(readSerials('bukan')).toEqual([]);
    expect(readSerials('9'.repeat(48))[0]).toBe(BigInt('9'.repeat(48)).toString(16));
  });

  test('digits of which Excel kept fifteen are known by their zeros', () => {
    expect(['197811042005012000', '1978 1104 2005 0120 00', '632000000000000' + '0'.repeat(33)].map(isRounded)).toEqual(
      [true, true, true],
    );
    expect(['197811042005012007', '1000', '99'].map(isRounded)).toEqual([false, false, false]);
  });

  test('NIP, e-mail, status and use read, are empty, or are refused', () => {
    expect(readNip('19740723 200212 1 005')).toBe('197407232002121005');
    expect(readNip("'197407232002121005")).toBe('197407232002121005');
    expect([readNip(''), readNip('-'), readNip('123'), readNip('1974072320021210055')]).toEqual(['', '', null, null]);
    expect(['A@Batam.example', 'x', '', '-', 'a at b.c', 'a@b.c, d@e.f'].map(readEmail)).toEqual([
      'a@batam.example',
      null,
      '',
      '',
      null,
      null,
    ]);
    expect(['PNS', 'CPNS', 'Pensiun', 'Mutasi', 'wafat', 'berhenti', '', 'entah'].map(readHolderStatus)).toEqual([
      'active',
      'active',
      'retired',
      'moved',
      'deceased',
      'left',
      '',
      null,
    ]);
    expect(['', 'TTE', 'SSL Server', 'Surel', 'Segel Elektronik', 'apa'].map(readUse)).toEqual([
      '',
      'signature',
      'tls_server',
      'email',
      'signature',
      null,
    ]);
  });
});
