// What a file says it is, and whether it kept its word. A certificate that was lost on the way must not be passed over as
// "no certificate here": only what honestly is something else (a letter, a picture) is nothing.
import type { Extracted } from './extract.ts';

type Is = NonNullable<Extracted['is']>;

/** PEM may hold anything, PKCS#7 may carry no certificate, a PDF no signature, an archive nothing: that is still kept word. */
const PROMISES: [RegExp, string, Is[]][] = [
  [/\.pem$/i, 'sertifikat', ['pem']],
  [/\.(cer|crt|der)$/i, 'sertifikat', []],
  [/\.(p7b|p7c|p7m|p7s)$/i, 'PKCS#7', ['signed', 'pem']],
  [/\.zip$/i, 'arsip ZIP', ['archive']],
  [/\.pdf$/i, 'PDF', ['pdf']],
];

/** Files that a Mac puts beside each file of an archive, under the same name (AppleSingle and AppleDouble, RFC 1740). */
const BESIDE = 0x00051607;

/** What is wrong with a file in which nothing was found, although its name says what it holds; else null. */
export function brokenPromise(name: string, bytes: Buffer, is: Extracted['is']): string | null {
  if (is === 'other') return null;
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === BESIDE) return null;
  for (const [ending, promised, kept] of PROMISES) {
    const found = ending.exec(name);
    if (!found) continue;
    if (is && kept.includes(is)) return null;
    const instead = bytes.length ? `isinya bukan ${promised}` : 'isinya kosong';
    return `Namanya berakhiran ${found[0].toLowerCase()}, tetapi ${instead}. ${AGAIN}`;
  }
  return null;
}

export const AGAIN = 'Minta atau ekspor lagi berkas aslinya, lalu impor lagi.';
