// What an evidence changed, in words. Pure.
import { expect, test } from 'vitest';
import { changeWords } from './change-words.ts';

const detail = { revokedAt: Date.UTC(2026, 10, 20) };

test('what stays on hold or revoked with another date or reason was not added anew', () => {
  for (const status of ['on_hold', 'revoked'])
    expect(changeWords({ from: status, to: status, detail })).toMatchObject({
      word: 'Alasan atau tanggal berubah',
      text: expect.stringContaining('menurut penerbit sejak 20 November 2026') as string,
    });
  expect(changeWords({ from: 'good', to: 'on_hold', detail }).word).toBe('Ditambahkan: ditangguhkan');
  expect(changeWords({ from: 'released', to: 'on_hold', detail }).word).toBe('Ditambahkan: ditangguhkan');
  expect(changeWords({ from: 'good', to: 'revoked', detail }).word).toBe('Ditambahkan: dicabut');
});
