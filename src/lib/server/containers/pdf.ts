// Signatures in a PDF, found without a PDF engine: a signature's /Contents is a hex string in the file itself (ISO
// 32000-1 §12.8.1), even when the rest is compressed or encrypted. Only for finding signers' certificates; whether a
// signature holds is for the room `signatures`.
import { DerError } from '../x509/der.ts';
import { isSignedData, readSignedData, signersAndChain, TIME_STAMP } from './cms.ts';
import { LIMITS } from './types.ts';

/** By its header, or by its end when the header is damaged. */
export const isPdf = (bytes: Buffer): boolean =>
  bytes.subarray(0, 1024).includes('%PDF-') || bytes.subarray(-1024).includes('%%EOF');

/** As far as a reader needs to begin: `startxref` leads to a table or a stream of references (ISO 32000-1 §7.5.5). */
export function isWholePdf(bytes: Buffer): boolean {
  const last = bytes.lastIndexOf('startxref');
  const offset = last < 0 ? null : /^startxref\s+(\d{1,15})/.exec(bytes.toString('latin1', last, last + 64));
  if (!offset) return false;
  // Counted from the header when something was put before it; writers are off by a few bytes and readers forgive it.
  const shift = Math.max(0, bytes.subarray(0, 1024).indexOf('%PDF-'));
  return [0, shift].some((by) => {
    const at = Number(offset[1]) + by;
    return /(?<!start)xref|\d+\s+\d+\s+obj/.test(bytes.toString('latin1', Math.max(0, at - 16), at + 32));
  });
}

const CONTENTS = Buffer.from('/Contents');
const SHORTEST = 200;

export type PdfCertificates = {
  /** Of those who signed, not of time stamps; each once, in file order. */
  signers: Buffer[];
  /** CA certificates that the signatures brought along. */
  chain: Buffer[];
  /** Signatures that cannot be read. */
  broken: number;
};

export function pdfCertificates(bytes: Buffer): PdfCertificates {
  const signers = new Map<string, Buffer>();
  const chain = new Map<string, Buffer>();
  let blobs = 0;
  let broken = 0;
  for (
    let at = bytes.indexOf(CONTENTS);
    at >= 0 && blobs < LIMITS.pdfSignatures;
    at = bytes.indexOf(CONTENTS, at + 1)
  ) {
    const blob = hexString(bytes, at + CONTENTS.length);
    if (!blob) continue;
    blobs += 1;
    const found = signersOf(blob);
    if (!found) {
      // Room kept for a signature is nothing yet.
      if (isSignedData(blob)) broken += 1;
      continue;
    }
    for (const der of found.signers) signers.set(der.toString('latin1'), der);
    for (const der of found.chain) chain.set(der.toString('latin1'), der);
  }
  for (const signer of signers.keys()) chain.delete(signer);
  return { signers: [...signers.values()], chain: [...chain.values()], broken };
}

/** Null when the bytes are no SignedData that can be read. */
function signersOf(blob: Buffer): ReturnType<typeof signersAndChain> | null {
  try {
    const signed = readSignedData(blob);
    return signed.contentType === TIME_STAMP ? { signers: [], chain: [] } : signersAndChain(signed);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** The hex string that follows, when it is long enough for a signature. */
function hexString(bytes: Buffer, from: number): Buffer | null {
  let at = from;
  while (at < bytes.length && at < from + 64 && bytes[at]! <= 0x20) at++;
  if (bytes[at] !== 0x3c || bytes[at + 1] === 0x3c) return null;
  const end = bytes.indexOf('>', at, 'latin1');
  if (end < 0 || end - at < SHORTEST || end - at > 16 * 2 ** 20) return null;
  const hex = bytes.toString('latin1', at + 1, end).replace(/\s+/g, '');
  return /^[0-9a-fA-F]+$/.test(hex) ? Buffer.from(hex.length % 2 ? `${hex}0` : hex, 'hex') : null;
}
