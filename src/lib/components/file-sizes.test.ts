import { describe, expect, test } from 'vitest';
import { tooLarge } from './file-sizes.ts';

describe('what was chosen to be sent', () => {
  const limits = { maxBytes: 512e6, maxEach: { bytes: 64e6, except: '.zip' } };

  test.each([
    [
      'a list of 215 MB',
      [{ name: 'daftar.xlsx', size: 215e6 }],
      /^daftar\.xlsx terlalu besar \(215 MB\); paling besar 64 MB/,
    ],
    [
      'one among many',
      [
        { name: 'a.cer', size: 900 },
        { name: 'b.PDF', size: 65e6 },
      ],
      /^b\.PDF terlalu besar/,
    ],
    ['an archive of 2 GB', [{ name: 'arsip.ZIP', size: 2.1e9 }], /^Terlalu besar \(2,1 GB\); paling besar 512 MB/],
    ['all together', Array.from({ length: 9 }, (_, i) => ({ name: `${i}.pdf`, size: 60e6 })), /sekali kirim/],
  ])('%s is refused before it is sent', (_, files, why) => {
    expect(tooLarge(files, limits)).toMatch(why);
  });

  test('what fits is sent, an archive up to all together', () => {
    expect(tooLarge([{ name: 'arsip.zip', size: 512e6 }], limits)).toBeNull();
    expect(tooLarge([{ name: 'daftar.xlsx', size: 64e6 }], limits)).toBeNull();
    expect(tooLarge([{ name: 'apa.pun', size: 9e12 }], {})).toBeNull();
  });
});
