import { describe, expect, test } from 'vitest';
import {
  bitString,
  boolean,
  children,
  DerError,
  integerHex,
  namedBits,
  oid,
  readTlv,
  single,
  smallInteger,
  TAG,
  time,
} from './der.ts';
import * as write from './der-writer.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const only = (text: string) => readTlv(hex(text), 0, hex(text).length);

describe('lengths and tags', () => {
  test.each([
    ['30', 'truncated header'],
    ['3082', 'truncated length'],
    ['308101', 'length not minimal'],
    ['30820001', 'length not minimal'],
    ['3080', 'indefinite length'],
    ['30850000000001', 'length too large'],
    ['300500', 'element past its parent'],
    ['1f8001', 'bad tag number'],
  ])('%s is refused: %s', (bytes, reason) => {
    expect(() => only(bytes)).toThrow(new DerError(reason));
  });

  test('trailing bytes behind a whole structure are refused', () => {
    expect(() => single(hex('300000'), TAG.sequence)).toThrow('trailing bytes');
  });

  test('a high tag number inside an unknown value is stepped over', () => {
    expect(children(only('30 07 1f 81 01 01 aa 05 00')).map(({ tag }) => tag)).toEqual([0x1f, 0x05]);
  });

  test('indefinite lengths are read for CMS only, and not deeper than 64', () => {
    const nested = hex(`${'3080'.repeat(3)}0201050000 0000 0000`);
    expect(readTlv(nested, 0, nested.length, true).after).toBe(nested.length);
    const bomb = hex('3080'.repeat(5000));
    expect(() => readTlv(bomb, 0, bomb.length, true)).toThrow('nested too deep');
  });
});

describe('values', () => {
  test.each([
    ['020100', '0'],
    ['02017f', '7f'],
    ['02020080', '80'],
    ['0201ff', '-1'],
    ['02020100', '100'],
    ['0203ff0001', '-ffff'],
    ['0204000000ab', 'ab'],
  ])('INTEGER %s is %s', (bytes, text) => expect(integerHex(only(bytes))).toBe(text));

  test('integers of any sign and size come back as they were written', () => {
    for (const text of [
      '0',
      '7f',
      '80',
      'ff',
      '100',
      '-1',
      '-80',
      '-81',
      '-100',
      '4aab'.repeat(10),
      `-${'7fff'.repeat(9)}`,
    ]) {
      const bytes = write.integer(text);
      expect(integerHex(readTlv(bytes, 0, bytes.length))).toBe(text);
    }
  });

  test('object identifiers come back as they were written', () => {
    for (const dotted of [
      '2.5.29.19',
      '1.2.840.113549.1.1.11',
      '0.9.2342.19200300.100.1.25',
      '2.16.360.1.1.1.3.11.2.0.1',
      '2.999.340282366920938463463374607431768211456',
    ]) {
      const bytes = write.oid(dotted);
      expect(oid(readTlv(bytes, 0, bytes.length))).toBe(dotted);
    }
  });

  test('malformed identifiers, booleans, bit strings and numbers are refused', () => {
    expect(() => oid(only('0600'))).toThrow(DerError);
    expect(() => oid(only('06022a80'))).toThrow('truncated object identifier');
    expect(() => oid(only('0603 2a8001'))).toThrow('not minimal');
    expect(() => boolean(only('010103'))).toThrow('bad boolean');
    expect(() => bitString(only('0300'))).toThrow('empty bit string');
    expect(() => bitString(only('030109'))).toThrow('unused bits');
    expect(() => smallInteger(only('0201ff'))).toThrow('negative');
  });

  test('named bits are numbered from the left', () => {
    expect(namedBits(only('03020106'))).toEqual([5, 6]);
    const bytes = write.namedBits([0, 8]);
    expect(bytes.toString('hex')).toBe('0303078080');
    expect(namedBits(readTlv(bytes, 0, bytes.length))).toEqual([0, 8]);
  });
});

describe('times', () => {
  const read = (text: string, tag = text.length > 14 ? 0x18 : 0x17) => {
    const bytes = write.element(tag, Buffer.from(text));
    return time(readTlv(bytes, 0, bytes.length));
  };
  test.each([
    ['500101000000Z', '1950-01-01T00:00:00.000Z'],
    ['491231235959Z', '2049-12-31T23:59:59.000Z'],
    ['20500101000000Z', '2050-01-01T00:00:00.000Z'],
    ['99991231235959Z', '9999-12-31T23:59:59.000Z'],
    ['240229120000Z', '2024-02-29T12:00:00.000Z'],
    ['240229190000+0700', '2024-02-29T12:00:00.000Z'],
    ['20240229120000.5Z', '2024-02-29T12:00:00.500Z'],
  ])('%s is %s', (text, iso) => {
    expect(
      new Date(
        read(text, text.startsWith('2024') || text.startsWith('2050') || text.startsWith('9999') ? 0x18 : 0x17).ms,
      ).toISOString(),
    ).toBe(iso);
  });
  test('seconds may be missing in old certificates', () =>
    expect(new Date(read('2402291200Z').ms).toISOString()).toBe('2024-02-29T12:00:00.000Z'));
  test.each(['230229120000Z', '241301000000Z', '240100000000Z', '240101240000Z', '24010100000aZ', '240101000000', ''])(
    '%s is refused',
    (text) => {
      expect(() => read(text, 0x17)).toThrow(DerError);
    },
  );
});
