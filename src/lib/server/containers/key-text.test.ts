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

  test('half a million characters made to take long are answered at once', () => {
    const begun = performance.now();
    for (const part of ['MI ', 'BEGIN ', '\\nMI', 'BEGIN PRIVATE ', 'MIIE+', '"d":"', 'Bag Attributes '])
      isKeyPasted(part.repeat(500_000 / part.length));
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
