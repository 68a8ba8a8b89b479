import { describe, expect, test } from 'vitest';
import { distance, likeness, reconcilable } from './name-likeness.ts';
import { nameKey, properName, splitName } from './names.ts';

describe('names without titles', () => {
  test.each([
    ['Dr. Hj. SRI HANDAYANI, M.Pd.', 'SRI HANDAYANI'],
    ['BUDI SANTOSO S.KOM M.SI', 'BUDI SANTOSO'],
    ['Budi Santoso, S.H., M.H.', 'BUDI SANTOSO'],
    ["Nur'aini Siregar", 'NURAINI SIREGAR'],
    ['José  de-la Crüz', 'JOSE DE LA CRUZ'],
    ['Ahmad M.Yusuf', 'AHMAD M YUSUF'],
    ['  ', ''],
  ])('%s is compared as %s', (text, key) => expect(nameKey(text)).toBe(key));

  test('titles behind the name are kept apart, with and without a comma', () => {
    expect(splitName('Ir. Budi Santoso S.T., M.Eng')).toEqual({
      name: 'Budi Santoso',
      titleBefore: 'Ir.',
      titleAfter: 'S.T., M.Eng',
    });
  });

  test('a name in capitals becomes readable, another is left alone', () => {
    expect(properName("SRI HANDAYANI O'NEIL")).toBe("Sri Handayani O'neil");
    expect(properName('Sri de Boer')).toBe('Sri de Boer');
  });
});

describe('likeness of two names', () => {
  test.each([
    ['SRI HANDAYANI', 'SRI HANDAYANI', 'same'],
    ['MUH RIZKY', 'MUHAMMAD RIZKY', 'abbreviation'],
    ['M RIZKY PRATAMA', 'MUHAMMAD RIZKY PRATAMA', 'abbreviation'],
    ['MOCH YUSUF', 'MUHAMAD YUSUF', 'abbreviation'],
    ['ABD RAHMAN', 'ABDUL RAHMAN', 'abbreviation'],
    ['RIZKI PRATAMA', 'RIZKY PRATAMA', 'spelling'],
    ['SOEHARTO WIDODO', 'SUHARTO WIDODO', 'spelling'],
    ['DJOKO SUTJIPTO', 'JOKO SUCIPTO', 'spelling'],
    ['SITI NURHALIZAH', 'SITI NURHALISA', 'spelling'],
    ['BUDI SATNOSO', 'BUDI SANTOSO', 'spelling'],
    ['ABDULRAHMAN WAHID', 'ABDUL RAHMAN WAHID', 'spelling'],
    ['SANTOSO BUDI', 'BUDI SANTOSO', 'order'],
    ['DEWI LESTARI', 'DEWI AYU LESTARI', 'part'],
    ['DEWI AYU LESTARI', 'DEWI LESTARI', 'part'],
  ])('%s is like %s (%s)', (name, person, why) => {
    const like = likeness(name, person);
    expect(like?.why).toContain(why);
    expect(like!.score).toBeGreaterThan(50);
  });

  test('a name cut off at 64 characters is like the whole', () => {
    const whole = 'RADEN AJENG KARTIKA WULANDARI PUSPITANINGRUM KUSUMAWARDHANI SASTRODIWIRYO';
    expect(likeness(whole.slice(0, 64).trim(), whole, 64)?.why).toEqual(['truncated']);
    expect(likeness(whole.slice(0, 40).trim(), whole, 40)?.why).not.toEqual(['truncated']);
  });

  test.each([
    ['BUDI SANTOSO', 'BUDI HARTONO'],
    ['BUDI', 'BUDI SANTOSO'],
    ['B SANTOSO', 'JOKO SANTOSO'],
    ['DEWI', 'DEWA'],
    ['ANI WIJAYA', 'ADI WIJAYA'],
    ['', 'BUDI'],
  ])('%s is not like %s', (name, person) => expect(likeness(name, person)).toBeNull());

  test('it is symmetric in score, and the better match scores higher', () => {
    expect(likeness('MUH RIZKY', 'MUHAMMAD RIZKY')!.score).toBe(likeness('MUHAMMAD RIZKY', 'MUH RIZKY')!.score);
    expect(likeness('DEWI LESTARI', 'DEWI LESTARY')!.score).toBeGreaterThan(
      likeness('DEWI LESTARI', 'DEWI AYU PUTRI LESTARI')!.score,
    );
  });

  test.each([
    ['AMINAH', 'SITI AMINAH', true],
    ['SRI H PULUNGAN', 'SRI HANDAYANI', true],
    ['MUH RIZKY', 'MUHAMMAD RIZKI PRATAMA', true],
    ['MUHAMMAD RIZKY', 'MUHAMMAD FAUZI', false],
    ['BAMBANG WIJAYA', 'SRI HANDAYANI', false],
  ])('%s and %s: one person’s names, perhaps: %s', (a, b, perhaps) => {
    expect(reconcilable(a, b)).toBe(perhaps);
    expect(reconcilable(b, a)).toBe(perhaps);
  });

  test('the distance counts a swap as one and gives up beyond its limit', () => {
    expect(distance('SATNOSO', 'SANTOSO', 2)).toBe(1);
    expect(distance('ABCDEF', 'UVWXYZ', 2)).toBe(3);
  });
});
