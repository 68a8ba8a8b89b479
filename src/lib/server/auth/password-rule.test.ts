import { describe, expect, test } from 'vitest';
import { hashPassword, outdated, passwordMatches } from './password.ts';
import { weakness } from './password-rule.ts';

const owner = { name: 'Rahmawati Nasution', email: 'r.nasution@batam.example' };

describe('which passwords are accepted', () => {
  test.each([
    'perahu kayu tiba di dermaga',
    'tujuh layang-layang di atas gudang',
    '8f7d9a2b4c6e',
    'xK9#mQ2$vL7!',
    'ikan asin goreng tepung',
    'ünïcödé wörds here',
    '鍵盤打字機密碼測試用的句子',
  ])('%s', (password) => {
    expect(weakness(password, owner)).toBeNull();
  });

  test.each([
    ['pendek', 'Terlalu pendek'],
    ['11 karakter', 'Terlalu pendek'],
    ['x'.repeat(257), 'Terlalu panjang'],
    ['197407232002121005', 'Hanya angka'],
    ['0812-3456-7890', 'Hanya angka'],
    ['password1234', 'paling sering'],
    ['P@ssw0rd2026!', 'paling sering'],
    ['Diskominfo-Batam-2026', 'paling sering'],
    ['KataSandiRahasia1', 'paling sering'],
    ['qwertyuiop123456', 'paling sering'],
    ['abcdefghijklmnop', 'paling sering'],
    ['aaaaaaaaaaaaaaaa', 'paling sering'],
    ['abcabcabcabcabc', 'paling sering'],
    ['Rahmawati-2026', 'nama atau surel'],
    ['nasutionrahmawati', 'nama atau surel'],
    ['r.nasution@batam.example', 'nama atau surel'],
  ])('%s is refused: %s', (password, why) => {
    expect(weakness(password, owner)).toContain(why);
  });
});

describe('password hashes', () => {
  test('are salted Argon2id in PHC form; the right password matches and no other', async () => {
    const hash = await hashPassword('perahu kayu');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(hash).not.toBe(await hashPassword('perahu kayu'));
    expect(await passwordMatches('perahu kayu', hash)).toBe(true);
    expect(await passwordMatches('perahu kayu ', hash)).toBe(false);
    expect(outdated(hash)).toBe(false);
    expect(outdated('$argon2id$v=19$m=4096,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA')).toBe(true);
  });

  test('no hash and a damaged hash match nothing', async () => {
    expect(await passwordMatches('apa saja', null)).toBe(false);
    expect(await passwordMatches('', '')).toBe(false);
    expect(await passwordMatches('apa saja', 'bukan hash')).toBe(false);
  });

  test('composed and decomposed letters are the same password', async () => {
    expect(await passwordMatches('cafe\u0301 pagi', await hashPassword('caf\u00e9 pagi'))).toBe(true);
  });
});
