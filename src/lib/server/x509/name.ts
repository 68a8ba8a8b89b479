// Distinguished names: raw bytes, RFC 4514 text for people, and the tolerant comparison that chaining needs.
import { children, oid, sequence, text, TAG, whole, type Tlv } from './der.ts';
import type { Attribute, Name } from './types.ts';

/** RFC 4514 §3: the types that have a short name everywhere; others are written as dotted numbers. */
const SHORT: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.6': 'C',
  '2.5.4.9': 'STREET',
  '0.9.2342.19200300.100.1.25': 'DC',
  '0.9.2342.19200300.100.1.1': 'UID',
};

/** Reads a Name (RFC 5280 §4.1.2.4). Values that are no strings become '#' and the hex of their encoding. */
export function readName(tlv: Tlv): Name {
  const rdns: Attribute[][] = [];
  const cursor = sequence(tlv);
  while (!cursor.done) rdns.push(readRdn(cursor.next(TAG.set)));
  return { der: whole(tlv), rdns, text: nameText(rdns) };
}

/** One RelativeDistinguishedName; also under the IMPLICIT tag of nameRelativeToCRLIssuer. */
export function readRdn(tlv: Tlv): Attribute[] {
  return children(tlv, 64).map((attribute) => {
    const parts = sequence(attribute);
    const type = oid(parts.next());
    const content = parts.next();
    parts.finish();
    return { oid: type, value: text(content) ?? `#${whole(content).toString('hex')}` };
  });
}

/** RFC 4514 §2: last RDN first, attributes of one RDN joined by '+'. */
export const nameText = (rdns: Attribute[][]): string =>
  rdns
    .map((rdn) => rdn.map(({ oid, value }) => `${SHORT[oid] ?? oid}=${escaped(value)}`).join('+'))
    .reverse()
    .join(',');

/** RFC 4514 §2.4; the hex of a value that is no string stays as it is. */
function escaped(value: string): string {
  if (/^#(?:[0-9a-f]{2}){2,}$/.test(value)) return value;
  if (!/[\\"+,;<>\u0000]|^[ #]| $/.test(value)) return value;
  const inner = value.replace(/[\\"+,;<>]/g, '\\$&').replaceAll('\u0000', '\\00');
  const start = /^[ #]/.test(inner) ? `\\${inner}` : inner;
  return start.endsWith(' ') && start.length > 1 ? `${start.slice(0, -1)}\\ ` : start;
}

/** The first value of an attribute, in encoding order; null when the name has none. */
export function attributeOf(name: Name, type: string): string | null {
  for (const rdn of name.rdns) for (const { oid, value } of rdn) if (oid === type) return value;
  return null;
}

const keys = new WeakMap<Name, string>();

/**
 * What two names must share to be the same name when chaining (RFC 5280 §7.1): attributes in order, text compared
 * without regard to string type, case and repeated spaces. Scope checks (IDP, CDP) compare bytes instead.
 */
export function nameKey(name: Name): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = rdnKeys(name).join('\u0001');
  keys.set(name, key);
  return key;
}

/** The same, RDN by RDN: directory name constraints compare a prefix (RFC 5280 §4.2.1.10). */
export const rdnKeys = (name: Name): string[] => name.rdns.map(rdnKey);

const rdnKey = (rdn: Attribute[]): string =>
  rdn.length === 1 ? attributeKey(rdn[0]!) : rdn.map(attributeKey).sort().join('\u0002');

const attributeKey = ({ oid, value }: Attribute): string => `${oid}=${folded(value)}`;

/** Words of ASCII with single spaces between them: nearly every name, and nothing of it changes but its case. */
const PLAIN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;

const folded = (value: string): string =>
  PLAIN.test(value) ? value.toLowerCase() : value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** As `nameKey`, but names that differ are told apart at their first different RDN, from the last one (the CN) on. */
export function sameName(a: Name, b: Name): boolean {
  if (a === b || a.der.equals(b.der)) return true;
  if (a.rdns.length !== b.rdns.length) return false;
  if (keys.has(a) && keys.has(b)) return nameKey(a) === nameKey(b);
  for (let i = a.rdns.length - 1; i >= 0; i--) if (rdnKey(a.rdns[i]!) !== rdnKey(b.rdns[i]!)) return false;
  return true;
}
