// GeneralNames (RFC 5280 §4.2.1.6): alternative names, distribution points, access locations, constraints.
import { Cursor, inside, namedBits, oid, oidFromOctets, sequence, value, whole, type Tlv } from './der.ts';
import { readName, readRdn } from './name.ts';
import type { DistributionPoint, GeneralName } from './types.ts';

/** Reads a SEQUENCE OF GeneralName. */
export const readGeneralNames = (tlv: Tlv): GeneralName[] => collect(sequence(tlv));

/** The same under an IMPLICIT context tag. */
export const readTaggedGeneralNames = (tlv: Tlv): GeneralName[] => collect(new Cursor(tlv));

function collect(cursor: Cursor): GeneralName[] {
  const names: GeneralName[] = [];
  while (!cursor.done) names.push(readGeneralName(cursor.next()));
  return names;
}

/** One GeneralName. otherName and registeredID show their OID; X.400 and EDI names their hex. */
export function readGeneralName(tlv: Tlv): GeneralName {
  switch (tlv.tag) {
    case 0x81:
      return { kind: 'email', value: ia5(tlv) };
    case 0x82:
      return { kind: 'dns', value: ia5(tlv) };
    case 0x86:
      return { kind: 'uri', value: ia5(tlv) };
    case 0x87:
      return { kind: 'ip', value: ipText(value(tlv)) };
    case 0xa4:
      return { kind: 'directory', value: readName(inside(tlv)).text };
    case 0xa0:
      return { kind: 'other', value: `otherName:${oid(new Cursor(tlv).next())}` };
    case 0x88:
      return { kind: 'other', value: `RID:${oidFromOctets(tlv.bytes, tlv.content, tlv.end)}` };
    default:
      return { kind: 'other', value: `#${whole(tlv).toString('hex')}` };
  }
}

/** IA5String in DER; UTF-8 is seen in the field and shown as such. */
const ia5 = (tlv: Tlv): string => tlv.bytes.toString('utf8', tlv.content, tlv.end);

/** Dotted IPv4, RFC 5952 IPv6; 8 or 32 octets are an address and its mask (name constraints). */
export function ipText(octets: Buffer): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length === 16) return ipv6Text(octets);
  if (octets.length === 8 || octets.length === 32) {
    const half = octets.length / 2;
    const mask = octets.subarray(half);
    const ones = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
    const prefix = /^1*0*$/.test(ones) ? ones.indexOf('0') : -1;
    const length = ones.includes('0') ? prefix : ones.length;
    return `${ipText(octets.subarray(0, half))}/${length < 0 ? ipText(mask) : length}`;
  }
  return `#${octets.toString('hex')}`;
}

function ipv6Text(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => octets.readUInt16BE(i * 2).toString(16));
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const longest = runs[0];
  if (!longest) return groups.join(':');
  const text = groups.join(':');
  return `${text.slice(0, longest.index)}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`;
}

/** CRLDistributionPoints and FreshestCRL (RFC 5280 §4.2.1.13, §4.2.1.15). */
export function readDistributionPoints(tlv: Tlv): DistributionPoint[] {
  const points: DistributionPoint[] = [];
  const list = sequence(tlv);
  while (!list.done) points.push(readDistributionPoint(list.next()));
  return points;
}

function readDistributionPoint(tlv: Tlv): DistributionPoint {
  const parts = sequence(tlv);
  const named = parts.optional(0xa0);
  const reasons = parts.optional(0x81);
  const issuers = parts.optional(0xa2);
  parts.finish();
  return {
    ...readPointName(named),
    reasons: reasons ? namedBits(reasons) : null,
    crlIssuer: issuers ? directoryNames(issuers) : null,
    der: whole(tlv),
  };
}

/** DistributionPointName behind its EXPLICIT tag: fullName or nameRelativeToCRLIssuer. Shared with the IDP of CRLs. */
export function readPointName(tlv: Tlv | null): Pick<DistributionPoint, 'fullNames' | 'relativeName'> {
  if (!tlv) return { fullNames: [], relativeName: null };
  const name = inside(tlv);
  if (name.tag === 0xa0) return { fullNames: readTaggedGeneralNames(name), relativeName: null };
  return { fullNames: [], relativeName: readRdn(name) };
}

/** The directory names among GeneralNames, with their bytes. */
function directoryNames(tlv: Tlv) {
  const cursor = new Cursor(tlv);
  const names = [];
  while (!cursor.done) {
    const name = cursor.next();
    if (name.tag === 0xa4) names.push(readName(inside(name)));
  }
  return names;
}
