// EMSA-PSS-VERIFY (RFC 8017 §9.1.2) for what node:crypto cannot: a mask generation hash other than the message's hash.
// Only public values are handled here, so nothing needs constant time.
import { constants, createHash, publicDecrypt, type KeyObject } from 'node:crypto';
import type { Pss } from './signature.ts';

export function verifyPssByHand(
  signed: Uint8Array,
  { hash, mgfHash, saltLength }: Pss,
  signature: Uint8Array,
  key: KeyObject,
): boolean {
  const modulusBits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const emBits = modulusBits - 1;
  const encoded = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature).subarray(-Math.ceil(emBits / 8));
  const digest = createHash(hash).update(signed).digest();
  const maskLength = encoded.length - digest.length - 1;
  const padLength = maskLength - saltLength - 1;
  if (padLength < 0 || encoded.at(-1) !== 0xbc) return false;
  const block = encoded.subarray(0, maskLength);
  const salted = encoded.subarray(maskLength, -1);
  const unused = 8 * encoded.length - emBits;
  if (block[0]! >> (8 - unused)) return false;
  const mask = generateMask(salted, maskLength, mgfHash);
  const data = Buffer.from(block.map((octet, i) => octet ^ mask[i]!));
  data[0]! &= 0xff >> unused;
  if (data.subarray(0, padLength).some((octet) => octet !== 0) || data[padLength] !== 1) return false;
  const salt = data.subarray(padLength + 1);
  return createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest().equals(salted);
}

/** MGF1 (RFC 8017 §B.2.1). */
function generateMask(seed: Buffer, length: number, hash: string): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0, had = 0; had < length; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    const block = createHash(hash).update(seed).update(number).digest();
    blocks.push(block);
    had += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}
