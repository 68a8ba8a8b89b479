// What a person may paste into a field, or a file may hold as text.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { hasKeyText, isKeyPasted } from './key-text.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');
const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8') =>
  key.export({ type, format: 'pem' }) as string;
const locked = (key: KeyObject) =>
  key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'uji' }) as string;
const body = (text: string) =>
  text
    .split('\n')
    .filter((line) => line && !line.startsWith('-----'))
    .join('\n');
/** The start of a PKCS#12 in DER, and with indefinite lengths as Windows and Java write it. */
const p12 = (head: string) => Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(200, 7)]).toString('base64');
const openssh = `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(`openssh-key-v1\0${'x'.repeat(90)}`).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`;

const KEYS: Record<string, string> = {
  'PKCS#8 of a curve': pem(ec.privateKey),
  'PKCS#8 of Ed25519': pem(ed.privateKey),
  'PKCS#8 of RSA': pem(rsa.privateKey),
  'PKCS#1': pem(rsa.privateKey, 'pkcs1'),
  'SEC 1': pem(ec.privateKey, 'sec1'),
  'encrypted PKCS#8': locked(ec.privateKey),
  OpenSSH: openssh,
};

describe('a private key in a field', () => {
  test.each(Object.entries(KEYS))(
    '%s is found: whole, wrapped by Windows, escaped, on one line, cut off, in words',
    (_, key) => {
      const shapes = {
        whole: key,
        windows: key.replaceAll('\n', '\r\n'),
        escaped: JSON.stringify({ kunci: key }),
        'escaped twice': key.replaceAll('\n', '\\r\\n'),
        'on one line, as an input box makes it': key.replaceAll('\n', ''),
        'with spaces for line ends': key.replaceAll('\n', ' '),
        'cut off': key.slice(0, 130),
        'in words': `Selamat siang, ini kunci saya: ${key} mohon dibantu.`,
        'with dashes of a word processor': key.replaceAll('-----', '—'),
      };
      for (const [shape, text] of Object.entries(shapes)) expect([shape, isKeyPasted(text)]).toEqual([shape, true]);
    },
  );

  test.each(Object.entries(KEYS))('the base64 of %s without its marks is found too', (_, key) => {
    for (const text of [
      body(key),
      `Kunci:${body(key).replaceAll('\n', '\\n')}`,
      `nama,kunci\nBudi,"${body(key).replaceAll('\n', '')}"`,
      body(key).slice(0, 60),
    ])
      expect([text.slice(0, 20), isKeyPasted(text), hasKeyText(text)]).toEqual([text.slice(0, 20), true, true]);
  });

  test('a PKCS#12, a Java keystore and a JSON Web Key are found', () => {
    for (const text of [
      p12('308209c6020103308209' + '8c06092a864886f70d010701'),
      p12('30800201033080' + '06092a864886f70d010701a080'),
      p12('feedfeed0000000200000001'),
      JSON.stringify(createPrivateKey(pem(ec.privateKey)).export({ format: 'jwk' }), null, 2),
      'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 14\nAAAA',
    ])
      expect([text.slice(0, 12), isKeyPasted(text)]).toEqual([text.slice(0, 12), true]);
  });

  test('what is no key is let through: certificates, requests, signatures, public keys, hashes, and words about keys', () => {
    const root = ca.makeRoot({ notBefore: 0, notAfter: 9e11 });
    const certificate = root.certificate.toString('base64').replace(/.{64}/g, '$&\n');
    const digestInfo = Buffer.from(`3031300d060960864801650304020105000420${'ab'.repeat(32)}`, 'hex');
    for (const text of [
      `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----`,
      certificate,
      rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string,
      rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }) as string,
      JSON.stringify(ec.publicKey.export({ format: 'jwk' })),
      digestInfo.toString('base64'),
      'MEJA MILIK MADRASAH IBTIDAIYAH MUHAMMADIYAH, MASYARAKAT MINTA MAAF',
      'Di layar bendahara terbuka berkas dengan tulisan -----BEGIN PRIVATE KEY-----, lalu difoto orang lain.',
      'Ada baris BEGIN RSA PRIVATE KEY di dalam grup WhatsApp kantor; siapa saja dapat mempertanggungjawabkannya?',
    ])
      expect([text.slice(0, 30), isKeyPasted(text)]).toEqual([text.slice(0, 30), false]);
  });

  test('a manual that quotes the mark of a key holds none; with the content behind it, it does', () => {
    const mark = '-----BEGIN PRIVATE KEY-----';
    const end = '-----END PRIVATE KEY-----';
    const root = ca.makeRoot({ notBefore: 0, notAfter: 9e11 });
    const certificate = `-----BEGIN CERTIFICATE-----\n${root.certificate.toString('base64')}\n-----END CERTIFICATE-----`;
    for (const text of [
      `Berkas kunci diawali baris ${mark} dan diakhiri ${end}. Jangan pernah mengirimkannya kepada siapa pun.`,
      `${mark}\n...\n${end}`,
      `${mark}\n(isi kunci, disensor)\n${end}\n${certificate}`,
      `Contoh perintah: grep -rn "BEGIN RSA PRIVATE KEY" /srv/aplikasi/konfigurasi/lingkungan/produksi`,
      `Sidik berkas: ${'0123456789abcdef'.repeat(4)}; di dalamnya ada BEGIN PRIVATE KEY.`,
      `<w:p><w:t>${mark}</w:t></w:p><w:p><w:t>Baris ini penanda kunci.</w:t></w:p>`,
    ])
      expect([text.slice(0, 40), hasKeyText(text)]).toEqual([text.slice(0, 40), false]);
    for (const key of Object.values(KEYS)) {
      const lines = key.trim().split('\n');
      for (const text of [
        `Halaman 12. Contoh di atas: ${mark} … ${end}.\n${key}`,
        key.slice(0, 130),
        lines
          .map((line) => `<w:p><w:r><w:rPr><w:rFonts w:ascii="Courier"/></w:rPr><w:t>${line}</w:t></w:r></w:p>`)
          .join(''),
        JSON.stringify({ kunci: key }),
      ])
        expect([text.slice(0, 40), hasKeyText(text)]).toEqual([text.slice(0, 40), true]);
    }
    expect(hasKeyText(pem(ec.privateKey).replace(/(?<=\n[^-]*).{12}/g, '$&\n'))).toBe(true);
    expect(
      hasKeyText(
        `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n${'q8Zr1'.repeat(30)}`,
      ),
    ).toBe(true);
  });

  test('half a million characters made to take long are answered at once', () => {
    const begun = performance.now();
    for (const part of [
      'MI ',
      'BEGIN ',
      '\\nMI',
      'BEGIN PRIVATE ',
      'MIIE+',
      '"d":"',
      'BEGIN PRIVATE KEY<',
      'PuTTY-User-Key-File-1',
    ])
      for (const found of [isKeyPasted, hasKeyText]) found(part.repeat(500_000 / part.length));
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
