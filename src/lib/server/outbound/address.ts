// Which network addresses may be connected to (certificate-status §7). Pure: text in, verdict out. An address that is
// not plainly public is refused, because a CRL address comes out of a certificate that anybody may have made.
import { isIPv4, isIPv6 } from 'node:net';

/** IPv4 blocks that are not the public Internet: IANA special-purpose registry (RFC 6890) and multicast. */
const V4: readonly [base: string, bits: number, what: string][] = [
  ['0.0.0.0', 8, 'jaringan ini'],
  ['10.0.0.0', 8, 'jaringan privat'],
  ['100.64.0.0', 10, 'CGNAT'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local atau metadata'],
  ['172.16.0.0', 12, 'jaringan privat'],
  ['192.0.0.0', 24, 'alamat khusus'],
  ['192.0.2.0', 24, 'alamat dokumentasi'],
  ['192.31.196.0', 24, 'alamat khusus'],
  ['192.52.193.0', 24, 'alamat khusus'],
  ['192.88.99.0', 24, 'relai 6to4'],
  ['192.168.0.0', 16, 'jaringan privat'],
  ['192.175.48.0', 24, 'alamat khusus'],
  ['198.18.0.0', 15, 'alamat uji kinerja'],
  ['198.51.100.0', 24, 'alamat dokumentasi'],
  ['203.0.113.0', 24, 'alamat dokumentasi'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'alamat cadangan'],
];

/** IPv6: only 2000::/3 is global unicast; inside it these blocks are not. */
const V6: readonly [base: string, bits: number, what: string][] = [
  ['2001::', 23, 'alamat khusus atau Teredo'],
  ['2001:db8::', 32, 'alamat dokumentasi'],
  ['2002::', 16, '6to4'],
  ['2620:4f:8000::', 48, 'alamat khusus'],
  ['3fff::', 20, 'alamat dokumentasi'],
];

/**
 * Why an address may not be connected to.
 * @param address IPv4 or IPv6 text, without zone
 * @returns what kind of address it is, or null when it is public
 */
export function forbiddenAddress(address: string): string | null {
  if (isIPv4(address)) return forbiddenV4(v4(address));
  if (!isIPv6(address)) return 'bukan alamat IP';
  const value = v6(address);
  // ::ffff:a.b.c.d (mapped), ::a.b.c.d (compatible) and 64:ff9b::/96 (NAT64, RFC 6052) reach an IPv4 address.
  const high = value >> 32n;
  if (high === 0xffffn) return `IPv4 terpetakan: ${forbiddenV4(Number(value & 0xffffffffn)) ?? 'tidak dipakai'}`;
  if (high === 0x64ff9bn << 64n) return 'NAT64';
  if (value >> 125n !== 1n) return special(value);
  const block = V6.find(([base, bits]) => value >> BigInt(128 - bits) === v6(base) >> BigInt(128 - bits));
  return block ? block[2] : null;
}

function forbiddenV4(value: number): string | null {
  const block = V4.find(([base, bits]) => value >>> (32 - bits) === v4(base) >>> (32 - bits));
  return block ? block[2] : null;
}

function special(value: bigint): string {
  if (value <= 1n) return 'loopback';
  if (value >> 121n === 0xfcn >> 1n) return 'ULA (jaringan privat)';
  if (value >> 118n === 0xfe80n >> 6n) return 'link-local';
  if (value >> 120n === 0xffn) return 'multicast';
  return 'alamat cadangan';
}

const v4 = (text: string): number => text.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);

function v6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const plain = dotted
    ? `${dotted[1]}${(v4(dotted[2]!) >>> 16).toString(16)}:${(v4(dotted[2]!) & 0xffff).toString(16)}`
    : text;
  const [left = '', right] = plain.split('::');
  const before = left ? left.split(':') : [];
  const after = right ? right.split(':') : [];
  const zeros = right === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
