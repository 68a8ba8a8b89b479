import { expect, test } from 'vitest';
import { hasNik, wasCovered, withoutNik } from './nik.ts';

test.each([
  '2171014506900003',
  'NIK 2171014506900003.',
  'NIK:2171014506900003, HP hilang',
  'nik2171014506900003',
  '2171 0145 0690 0003',
  '217101.450690.0003',
  '2171-0145-0690-0003',
  '2171‑0145‑0690‑0003',
  '2171 0145 0690 0003',
  '21 71 01 45 06 90 00 03',
  '2 1 7 1 0 1 4 5 0 6 9 0 0 0 0 3',
  '2171\u200b0145\u200b0690\u200b0003',
  '２１７１０１４５０６９００００３',
  'RT 02 2171014506900003 RW 01',
  '1. 2171014506900003',
  '3175092002850001 dan 2171014506900003',
])('a NIK is found however it is written: %s', (text) => {
  expect(hasNik(text)).toBe(true);
  expect(withoutNik(text)).toContain('[NIK disamarkan]');
  expect(hasNik(withoutNik(text))).toBe(false);
  expect(wasCovered(withoutNik(text))).toBe(true);
});

test.each([
  ['a NIP', '199006452015032001'],
  ['a NIP in groups', '19900615 201503 2 001'],
  ['a telephone and a year', '0812-5550-0134 2026'],
  ['a day of birth that is none', '2171013206900003'],
  ['a month that is none', '2171014513900003'],
  ['the 30th of February', '2171013002900003'],
  ['a province that is none', '2071014506900003'],
  ['a ticket number', '2026112200001234'],
  ['a serial number', '3c881e0a942171014506900003aa'],
  ['a longer number', '21710145069000031'],
  ['a letter number', '500.12/bssn/DISKOMINFO/XI/2026'],
  ['a day and a time', '21-11-2026 20.35 WIB, 22-11-2026 07.30 WIB'],
])('%s is none', (_name, text) => {
  expect(hasNik(text)).toBe(false);
  expect(withoutNik(text)).toBe(text);
});
