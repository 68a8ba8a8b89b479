// Name constraints (RFC 5280 §4.2.1.10, §6.1.3 b–c, §6.1.4 g): which names the certificates below a CA may carry.
// Forms: directory, DNS, e-mail, URI, IP. A constraint on another form refuses every certificate that uses that form.
import { Cursor, DerError, inside, sequence, single, TAG, value, type Tlv } from './der.ts';
import { EXTENSION, extensionOf } from './certificate.ts';
import { readName, rdnKeys } from './name.ts';
import type { CertificateView } from './types.ts';

/** A name or a base of a subtree. `tag` is the GeneralName's context tag. */
type Subtree = { tag: number; dns?: string; rdns?: string[]; octets?: Buffer };

const EMAIL_ATTRIBUTE = '1.2.840.113549.1.9.1';
const FORM = { email: 0x81, dns: 0x82, directory: 0xa4, uri: 0x86, ip: 0x87 } as const;
/** Names of one certificate times the subtrees above it; more is an attack, not a PKI. */
const MAX_COMPARISONS = 1 << 18;

export class NameConstraints {
  /** Each CA's permitted list; a name must fit one base of its form in every list that has that form. */
  private readonly permitted: Subtree[][] = [];
  private readonly excluded: Subtree[] = [];

  /** Adds what a CA says (§6.1.4 g). Throws DerError when malformed. */
  add(certificate: CertificateView): void {
    const extension = extensionOf(certificate, EXTENSION.nameConstraints);
    if (!extension) return;
    const parts = sequence(single(extension.value, TAG.sequence));
    const permitted = parts.optional(0xa0);
    const excluded = parts.optional(0xa1);
    parts.finish();
    if (!permitted && !excluded) throw new DerError('empty name constraints');
    if (permitted) this.permitted.push(subtrees(permitted));
    if (excluded) this.excluded.push(...subtrees(excluded));
  }

  /** Whether all names of a certificate are allowed (§6.1.3 b, c). Throws DerError when its names are malformed. */
  allow(certificate: CertificateView): boolean {
    if (this.permitted.length === 0 && this.excluded.length === 0) return true;
    const names = namesOf(certificate);
    const subtrees = this.permitted.reduce((sum, list) => sum + list.length, this.excluded.length);
    if (names.length * subtrees > MAX_COMPARISONS) throw new DerError('too many name constraints');
    return names.every((name) => this.allowed(name));
  }

  private allowed(name: Subtree): boolean {
    const fits = (base: Subtree) => matches(name, base);
    const sameForm = (base: Subtree) => base.tag === name.tag;
    const known = (Object.values(FORM) as number[]).includes(name.tag);
    if (!known) return !this.excluded.some(sameForm) && !this.permitted.some((list) => list.some(sameForm));
    if (this.excluded.some((base) => sameForm(base) && (fits(base) !== false || mayCover(name, base)))) return false;
    return this.permitted.every((list) => {
      const bases = list.filter(sameForm);
      return bases.length === 0 || bases.some((base) => fits(base) === true);
    });
  }
}

/** GeneralSubtrees; minimum must be 0 and maximum absent (§4.2.1.10). */
function subtrees(tlv: Tlv): Subtree[] {
  const list = new Cursor(tlv);
  const bases: Subtree[] = [];
  while (!list.done) {
    const parts = sequence(list.next());
    bases.push(read(parts.next(), true));
    if (!parts.done) throw new DerError('minimum or maximum in name constraints');
  }
  return bases;
}

/** Subject DN (if not empty), its e-mail attributes when the SAN has none, and every alternative name. */
function namesOf(certificate: CertificateView): Subtree[] {
  const names: Subtree[] = [];
  const extension = extensionOf(certificate, EXTENSION.subjectAltName);
  if (extension) {
    const list = sequence(single(extension.value, TAG.sequence));
    while (!list.done) names.push(read(list.next(), false));
  }
  const { subject } = certificate;
  if (subject.rdns.length > 0) names.push({ tag: FORM.directory, rdns: rdnKeys(subject) });
  if (!names.some(({ tag }) => tag === FORM.email)) {
    const emails = subject.rdns.flat().filter(({ oid }) => oid === EMAIL_ATTRIBUTE);
    names.push(...emails.map(({ value: email }) => ({ tag: FORM.email, dns: email })));
  }
  return names;
}

function read(tlv: Tlv, base: boolean): Subtree {
  switch (tlv.tag) {
    case FORM.directory:
      return { tag: tlv.tag, rdns: rdnKeys(readName(inside(tlv))) };
    case FORM.ip: {
      const octets = value(tlv);
      const sizes = base ? [8, 32] : [4, 16];
      if (!sizes.includes(octets.length)) throw new DerError('bad address length');
      if (base) checkMask(octets.subarray(octets.length / 2));
      return { tag: tlv.tag, octets };
    }
    case FORM.dns:
    case FORM.email:
    case FORM.uri: {
      const octets = value(tlv);
      if (octets.some((octet) => octet < 0x20 || octet > 0x7e)) throw new DerError('name not IA5');
      return { tag: tlv.tag, dns: octets.toString('latin1') };
    }
    default:
      return { tag: tlv.tag };
  }
}

/** RFC 4632: ones, then zeros. */
function checkMask(mask: Buffer): void {
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  if (!/^1*0*$/.test(bits)) throw new DerError('mask not contiguous');
}

/** null: cannot be compared (malformed name): neither permitted nor safely outside an exclusion. */
function matches(name: Subtree, base: Subtree): boolean | null {
  switch (name.tag) {
    case FORM.directory:
      return base.rdns!.every((rdn, i) => name.rdns![i] === rdn);
    case FORM.ip:
      return within(name.octets!, base.octets!);
    case FORM.dns:
      return dnsWithin(name.dns!, base.dns!);
    case FORM.email:
      return emailWithin(name.dns!, base.dns!);
    default:
      return uriWithin(name.dns!, base.dns!);
  }
}

function within(address: Buffer, base: Buffer): boolean {
  const size = base.length / 2;
  if (address.length !== size) return false;
  return address.every((octet, i) => (octet & base[size + i]!) === (base[i]! & base[size + i]!));
}

/** "host.example.com" fits itself and anything with labels added on the left. */
function dnsWithin(name: string, base: string): boolean | null {
  const [host, domain] = [name.toLowerCase(), base.toLowerCase()];
  if (!/^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(host)) return null;
  if (domain.startsWith('.')) return host.endsWith(domain);
  return domain === '' || host === domain || host.endsWith(`.${domain}`);
}

/** A wildcard stands for every host of its level: an exclusion of one of them excludes it too (CVE-2025-61727). */
function mayCover(name: Subtree, base: Subtree): boolean {
  if (name.tag !== FORM.dns || !name.dns!.startsWith('*.')) return false;
  const [parent, domain] = [name.dns!.slice(1).toLowerCase(), base.dns!.toLowerCase()];
  return domain.endsWith(parent) && !domain.slice(0, -parent.length).includes('.');
}

/** A mailbox, a host (exactly), or ".domain" (hosts below it). The local part keeps its case. */
function emailWithin(name: string, base: string): boolean | null {
  const at = name.lastIndexOf('@');
  if (at < 1 || at === name.length - 1) return null;
  const host = name.slice(at + 1).toLowerCase();
  const split = base.lastIndexOf('@');
  if (split >= 0) return base.slice(split + 1).toLowerCase() === host && base.slice(0, split) === name.slice(0, at);
  const domain = base.toLowerCase();
  return domain === '' || (domain.startsWith('.') ? host.endsWith(domain) : host === domain);
}

/** The host part only; a URI without a host name, or with an address for it, cannot be compared. */
function uriWithin(name: string, base: string): boolean | null {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(name)?.[1];
  if (!authority) return null;
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase();
  if (host === '' || host.startsWith('[') || /^[\d.]+$/.test(host)) return null;
  const domain = base.toLowerCase();
  return domain === '' || (domain.startsWith('.') ? host.endsWith(domain) : host === domain);
}
