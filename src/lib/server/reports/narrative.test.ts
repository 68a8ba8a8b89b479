import { describe, expect, test } from 'vitest';
import type { PrintedFigure } from '#reports/report-data.ts';
import { fill, guard, type Subject } from './narrative.ts';

const made = (code: string, text: string, numerator: number | null, denominator: number | null): PrintedFigure => ({
  code,
  text,
  numerator,
  denominator,
  words: '',
  clock: '',
  unit: '%',
  rowCount: 0,
  rowSetHash: '',
});
const figures = [made('F-01', '1.862', 1862, null), made('F-02', '84,7%', 1577, 1862)];
const guarded = (text: string) => guard({ s: text }, figures, new Set(['late'])).map((w) => [w.kind, w.text]);

describe('a template', () => {
  test('prints its figures, with the mark once in a paragraph', () => {
    expect(fill('Ada {F-01}; lagi {F-01}.\n\n{F-02.n} dari {F-02.of} ({F-02})', figures)).toEqual([
      'Ada 1.862^F-01^; lagi 1.862.',
      '1.577 dari 1.862 (84,7%^F-02^)',
    ]);
  });

  test('keeps a placeholder without figure visible', () => {
    expect(fill('{F-99}', figures)).toEqual(['{F-99}']);
  });
});

describe('the guard', () => {
  test.each([
    ['Terdapat 12 sertifikat.', [['free', '12']]],
    ['Terdapat 1.862 sertifikat.', [['loose', '1.862']]],
    ['Sebesar 84,7% berlaku.', [['loose', '84,7']]],
    ['Lihat {F-99}.', [['unknown', '{F-99}']]],
    ['Pasal 19 ayat (2) huruf b Peraturan Walikota Batam Nomor 27 Tahun 2020.', []],
    ['Pada 31 Desember 2026 pukul 14.05 WIB, INS-2026-0007, Tabel 3.1, SHA-256.', []],
    ['Pada tahun 2026 terdapat {F-01} sertifikat.', []],
    ['Tahun 2026: 2026 sertifikat dan 3,5 jam.', [['free', '3,5']]],
  ])('%s', (text, expected) => {
    expect(guarded(text)).toEqual(expected);
  });
});

test('a promise of an explanation is kept by what the report prints, or the guard says so', () => {
  const promise = 'Tiga laporan terkirim; sisanya terlambat dan dijelaskan dalam laporan ini.';
  const kinds = (text: string, prints: Subject[]) => guard({ s: text }, [], new Set(prints)).map((w) => w.kind);
  expect(kinds(promise, [])).toEqual(['promise']);
  expect(kinds(promise, ['incidents'])).toEqual(['promise']);
  expect(kinds(promise, ['late'])).toEqual([]);
  expect(kinds('Penyebabnya diuraikan pada Lampiran V.', ['late'])).toEqual(['promise']);
  expect(kinds('Rincian disajikan dalam tabel berikut.', [])).toEqual([]);
});
