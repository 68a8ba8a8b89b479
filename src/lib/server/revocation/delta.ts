// A delta CRL and the complete list it builds on, as one list (certificate-status §2 no. 10, RFC 5280 §5.2.4). A delta
// never speaks alone. Pure: both lists were accepted before (crl-acceptance.ts).
import { sameName } from '../x509/name.ts';
import { changesOf, cross, type Crl, type Crossing, type Entry } from './crl.ts';

export type Crossed = { crl: Crl; crossing: Crossing };

export type Effective = Crossed & {
  /** Holds that the delta takes away: certificates good again. */
  released: Entry[];
  /** Entries that the delta takes away although they were no holds: they stay, and somebody must ask why (§3). */
  earlyRemoved: Entry[];
};

/** CRLNumber and BaseCRLNumber have up to 20 octets (RFC 5280 §5.2.3): never a float. */
export const crlNumber = (hex: string): bigint =>
  hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`);

/** Whether the delta continues this complete list: the same issuer, scope and key, and no gap between the numbers. */
export function combines(complete: Crl, delta: Crl): boolean {
  if (complete.deltaOf !== null || delta.deltaOf === null) return false;
  if (complete.number === null || delta.number === null) return false;
  const number = crlNumber(complete.number);
  return (
    sameName(complete.issuer, delta.issuer) &&
    complete.keyId === delta.keyId &&
    sameScope(complete, delta) &&
    number >= crlNumber(delta.deltaOf) &&
    number < crlNumber(delta.number)
  );
}

const sameScope = ({ scope: a }: Crl, { scope: b }: Crl): boolean => (a && b ? a.der.equals(b.der) : a === b);

const HOLD = 6;
const REMOVE = 8;

/**
 * The list that results: what the delta says wins, what it does not name stays as in the complete list. It carries the
 * delta's number and times ("the constructed CRL has the thisUpdate and nextUpdate times … of the delta CRL", §5.2.4),
 * and stays the complete list's bytes.
 */
export function combine(complete: Crossed, delta: Crossed): Effective {
  const { thisUpdate, nextUpdate, number } = delta.crl;
  const found = new Map(complete.crossing.found);
  const [released, earlyRemoved]: [Entry[], Entry[]] = [[], []];
  for (const [serial, news] of delta.crossing.found) {
    const rest = (found.get(serial) ?? []).filter((old) => {
      const now = news.find((entry) => sameIssuer(entry, old));
      if (!now) return true;
      // An entry of the complete list that is a removal itself proves nothing and is no revocation either.
      if (now.reason !== REMOVE || old.reason === REMOVE) return false;
      (old.reason === HOLD ? released : earlyRemoved).push(old);
      return old.reason !== HOLD;
    });
    const entries = [...rest, ...news.filter(({ reason }) => reason !== REMOVE)];
    if (entries.length) found.set(serial, entries);
    else found.delete(serial);
  }
  return {
    crl: { ...complete.crl, thisUpdate, nextUpdate, number },
    crossing: {
      count: complete.crossing.count,
      found,
      unknownCritical: complete.crossing.unknownCritical || delta.crossing.unknownCritical,
      namesIssuer: complete.crossing.namesIssuer || delta.crossing.namesIssuer,
    },
    released,
    earlyRemoved,
  };
}

/** How many entries a complete list and its delta have together: what was taken away is gone, what was added counts. */
export function effectiveCount(complete: Crl, delta: Crl | null): number {
  const changes = delta ? changesOf(delta) : new Map<string, boolean>();
  const { count, found } = cross(complete, new Set(changes.keys()));
  let effective = count;
  for (const [serial, removed] of changes) {
    if (removed && found.has(serial)) effective -= 1;
    if (!removed && !found.has(serial)) effective += 1;
  }
  return effective;
}

/** What a line says about some serials: its complete list, and its delta where it has one. @throws DerError */
export function crossLine(complete: Crl, delta: Crl | null, wanted: ReadonlySet<string>): Effective {
  const base = { crl: complete, crossing: cross(complete, wanted) };
  if (!delta) return { ...base, released: [], earlyRemoved: [] };
  return combine(base, { crl: delta, crossing: cross(delta, wanted) });
}

/** In indirect lists the same serial may stand for certificates of several issuers. */
const sameIssuer = (a: Entry, b: Entry): boolean =>
  a.issuer && b.issuer ? a.issuer.equals(b.issuer) : a.issuer === b.issuer;
