// Private keys in any usual wrapping, as bytes (as text: key-text.ts). Siaga never takes one: the whole file is refused.
// Sniffs structure, decodes no key.
import { DerError, readTlv, TAG, type Tlv } from '../x509/der.ts';

const PKCS7 = Buffer.from('2a864886f70d0107', 'hex');

/** PKCS#1, SEC 1, PKCS#8 (encrypted or not), DSA, PKCS#12 (DER or BER), Java keystores. */
export function isKeyStore(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  if (isJavaStore(bytes)) return true;
  if (bytes[0] !== TAG.sequence) return false;
  try {
    return looksLikeKey(firstParts(readTlv(bytes, 0, bytes.length, true)));
  } catch (error) {
    if (error instanceof DerError) return looksLikePkcs12Header(bytes);
    throw error;
  }
}

/** PKCS#12 (RFC 7292 §4) or a Java keystore: a container that may hold certificates alone. */
export function isKeyContainer(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  return isJavaStore(bytes) || (bytes[0] === TAG.sequence && looksLikePkcs12Header(bytes));
}

const isJavaStore = (bytes: Buffer): boolean => [0xfeedfeed, 0xcececece].includes(bytes.readUInt32BE(0));

/** Up to ten parts of a sequence, as far as they can be read: a truncated key is a key too. */
export function firstParts(outer: Tlv): Tlv[] {
  const parts: Tlv[] = [];
  for (let at = outer.content; at < outer.end && parts.length < 10;) {
    const part = readTlv(outer.bytes, at, outer.end, true);
    parts.push(part);
    at = part.after;
  }
  return parts;
}

function looksLikeKey(parts: Tlv[]): boolean {
  const [first, second, third] = parts;
  if (!first || !second) return false;
  const integers = parts.filter((part) => part.tag === TAG.integer).length;
  if (first.tag === TAG.integer) {
    const version = first.end - first.content === 1 ? first.bytes[first.content] : -1;
    if (version === 3 && second.tag === TAG.sequence) return startsWithOid(second, PKCS7);
    // PKCS#1 has nine integers, DSA six.
    if (version === 0 && (integers >= 6 || (parts.length === integers && integers >= 5))) return true;
    // PKCS#8: version, algorithm, OCTET STRING.
    if ((version === 0 || version === 1) && second.tag === TAG.sequence && third?.tag === TAG.octetString)
      return startsWithOid(second);
    // SEC 1: version 1, OCTET STRING.
    return version === 1 && second.tag === TAG.octetString;
  }
  // EncryptedPrivateKeyInfo: algorithm with parameters, OCTET STRING, nothing else.
  return parts.length === 2 && first.tag === TAG.sequence && second.tag === TAG.octetString && startsWithOid(first);
}

function startsWithOid(tlv: Tlv, prefix?: Buffer): boolean {
  if (!(tlv.tag & 0x20) || tlv.content >= tlv.end) return false;
  const inner = readTlv(tlv.bytes, tlv.content, tlv.end, true);
  if (inner.tag !== TAG.oid) return false;
  return !prefix || tlv.bytes.subarray(inner.content, inner.end).indexOf(prefix) === 0;
}

/** SEQUENCE, version 3, pkcs7 content type within the first octets, whatever the lengths say. */
const looksLikePkcs12Header = (bytes: Buffer): boolean => {
  const head = bytes.subarray(0, 40);
  const version = head.indexOf(Buffer.from([0x02, 0x01, 0x03]));
  return version > 0 && version < 8 && head.indexOf(PKCS7) > version;
};
