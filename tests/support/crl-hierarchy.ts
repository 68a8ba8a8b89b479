// A certification path with everything that CRLs can do to it, drawn from chance: depths, holds, revocations, lists that
// are missing, expired, of the future or of another key, scopes, parted reasons, deltas, separate CRL keys, CRL issuers
// of another name. Certificates and lists are real; only the draw is not.
import * as ca from '../../src/bin/demo/ca.ts';
import type { Random } from '../../src/bin/demo/random.ts';
import * as der from '../../src/lib/server/x509/der-writer.ts';

export const AT = Date.parse('2026-11-22T07:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What a hierarchy has in it that two honest validators may judge differently. */
export type Trait =
  | 'delta_forged'
  | 'delta_expired'
  | 'complete_expired'
  | 'delta_unholds_revoked'
  | 'listed_before'
  | 'issued_after'
  | 'no_crl_sign';

export type Hierarchy = {
  anchor: Buffer;
  others: Buffer[];
  leaf: Buffer;
  crls: Buffer[];
  traits: Set<Trait>;
  /** Certificates below the anchor. */
  depth: number;
  /** The draw, for a message. */
  drawn: string[];
};

const keys = Array.from({ length: 8 }, () => ca.makeKey('p256'));
const stranger = ca.makeKey('p256');
const life = { notBefore: AT - 400 * DAY, notAfter: AT + 2000 * DAY };
const ALL_REASONS = [1, 2, 3, 4, 5, 6, 7, 8];

const pointName = (url: string) => der.tagged(0, der.tagged(0, ca.uriName(url)));
const freshest = (url: string): ca.RawExtension => ({ oid: '2.5.29.46', value: der.seq(der.seq(pointName(url))) });
const issuedElsewhere = (url: string, issuer: Buffer): ca.RawExtension => ({
  oid: '2.5.29.31',
  value: der.seq(der.seq(pointName(url), der.tagged(2, der.tagged(4, issuer)))),
});

export function hierarchy(random: Random): Hierarchy {
  const made: Hierarchy = {
    anchor: Buffer.alloc(0),
    others: [],
    leaf: Buffer.alloc(0),
    crls: [],
    traits: new Set(),
    depth: 1 + random.below(3),
    drawn: [],
  };
  const root = ca.makeRoot({ key: keys[0], ...life });
  made.anchor = root.certificate;
  let issuer = root;
  // Whether some lists are signed by others than the issuers. OpenSSL then asks the root's list about the root itself, so
  // that list may have no scope.
  const aside = random.chance(0.4);
  for (let level = 1; level <= made.depth; level++) {
    const serial = (0x1000 + random.below(0xfff)).toString(16);
    const isLeaf = level === made.depth;
    const way = publishing(random, root, issuer, level, made, aside);
    const subject: ca.Dn = [[ca.OID.CN, isLeaf ? 'PEMEGANG UJI' : `CA UJI ${level}`]];
    const late = random.chance(0.03);
    if (late) made.traits.add('issued_after');
    const certificate = ca.issue(issuer, {
      subject,
      spki: keys[level]!.spki,
      ...life,
      notBefore: late ? AT - HOUR : life.notBefore,
      serial,
      extensions: {
        basicConstraints: { ca: !isLeaf },
        keyUsage: isLeaf ? ['digitalSignature'] : ['keyCertSign', 'cRLSign'],
        ...(way.elsewhere ? {} : { crlUrls: [way.url] }),
        extra: [...(way.elsewhere ? [issuedElsewhere(way.url, way.signer.name)] : []), freshest(`${way.url}.delta`)],
      },
    });
    lists(random, { serial, way, made, certificateIssuer: issuer.name, scoped: level > 1 || !aside });
    if (isLeaf) made.leaf = certificate;
    else made.others.push(certificate);
    issuer = ca.authority(certificate, subject, keys[level]!);
  }
  return made;
}

/** Who signs the lists about the certificates of an issuer, and where they say so. */
type Way = { url: string; signer: ca.Authority; elsewhere: boolean };

function publishing(
  random: Random,
  root: ca.Authority,
  issuer: ca.Authority,
  level: number,
  made: Hierarchy,
  aside: boolean,
): Way {
  const url = `http://ca.test/${level}.crl`;
  const own: Way = { url, signer: issuer, elsewhere: false };
  // The CRL signer's certificate is the root's, and needs a list of the root: at the first level it would vouch for itself.
  if (level === 1 || !aside || !random.chance(0.6)) return own;
  const elsewhere = random.chance(0.5);
  made.drawn.push(elsewhere ? `${level}: penerbit CRL lain` : `${level}: kunci CRL tersendiri`);
  const mayNot = random.chance(0.1);
  if (mayNot) made.traits.add('no_crl_sign');
  const subject: ca.Dn = elsewhere ? [[ca.OID.CN, `PENERBIT CRL ${level}`]] : [[ca.OID.CN, `CA UJI ${level - 1}`]];
  const key = keys[4 + level]!;
  const certificate = ca.issue(root, {
    subject,
    spki: key.spki,
    ...life,
    serial: `77${level}`,
    extensions: {
      basicConstraints: { ca: false },
      keyUsage: mayNot ? ['digitalSignature'] : ['cRLSign'],
      crlUrls: ['http://ca.test/1.crl'],
    },
  });
  made.others.push(certificate);
  return { url, signer: ca.authority(certificate, subject, key), elsewhere };
}

type About = { serial: string; way: Way; made: Hierarchy; certificateIssuer: Buffer; scoped: boolean };

/** The complete list, sometimes an older one before it, sometimes a delta after it. */
function lists(random: Random, { serial, way, made, certificateIssuer, scoped }: About): void {
  const draw = <T>(what: string, choices: [number, T][]): T => {
    let at = random.below(100);
    for (const [share, choice] of choices) {
      if ((at -= share) < 0) {
        if (choice !== null && choice !== false) made.drawn.push(`${serial}: ${what} ${String(choice)}`);
        return choice;
      }
    }
    return choices[0]![1];
  };
  const add = (request: ca.CrlRequest, forged: boolean) =>
    made.crls.push(ca.makeCrl(forged ? { ...way.signer, key: stranger } : way.signer, request));
  const fault = draw('CRL', [
    [70, null],
    [8, 'missing'],
    [8, 'forged'],
    [8, 'expired'],
    [6, 'future'],
  ]);
  if (fault === 'missing') return;
  const reason = draw<ca.ReasonCode | null>('alasan', [
    [62, null],
    [10, 0],
    [8, 1],
    [5, 4],
    [15, 6],
  ]);
  const entry = (code: ca.ReasonCode): ca.RevokedEntry => ({
    serial,
    revokedAt: AT - 3 * DAY,
    ...(code === 0 ? {} : { reason: code }),
    ...(way.elsewhere ? { issuer: certificateIssuer } : {}),
  });
  const noise: ca.RevokedEntry[] = [{ serial: 'abc', revokedAt: AT - 9 * DAY, reason: 1 }];
  const scopeOf = draw('cakupan', [
    [scoped ? 56 : 100, null],
    [14, 'url'],
    [6, 'other'],
    [8, 'user'],
    [6, 'ca'],
    [10, 'reasons'],
  ]);
  const scope: ca.CrlRequest['scope'] = {
    ...(way.elsewhere ? { indirect: true } : {}),
    ...(scopeOf === 'url' || scopeOf === 'reasons' ? { url: way.url } : {}),
    ...(scopeOf === 'other' ? { url: 'http://ca.test/other.crl' } : {}),
    ...(scopeOf === 'user' ? { onlyUser: true } : {}),
    ...(scopeOf === 'ca' ? { onlyCa: true } : {}),
  };
  const base: ca.CrlRequest = {
    entries: [...noise, ...(reason === null ? [] : [entry(reason)])],
    number: 20,
    thisUpdate: fault === 'future' ? AT + DAY : AT - 2 * DAY,
    nextUpdate: fault === 'expired' ? AT - HOUR : AT + 5 * DAY,
    ...(Object.keys(scope).length ? { scope } : {}),
  };
  if (fault === 'expired') made.traits.add('complete_expired');
  if (scopeOf === 'reasons') {
    const part = ALL_REASONS.filter(() => random.chance(0.5));
    const rest = draw('sisa alasan', [
      [60, 'ada'],
      [40, null],
    ])
      ? ALL_REASONS.filter((one) => !part.includes(one))
      : [];
    for (const reasons of [part, rest])
      if (reasons.length) add({ ...base, scope: { ...scope, reasons } }, fault === 'forged');
    return;
  }
  const before = draw<ca.ReasonCode | null>('sebelumnya', [
    [88, null],
    [6, 1],
    [6, 6],
  ]);
  if (before !== null) {
    made.traits.add('listed_before');
    add(
      { ...base, number: 10, entries: [...noise, entry(before)], thisUpdate: AT - 4 * DAY, nextUpdate: AT + 5 * DAY },
      false,
    );
  }
  add(base, fault === 'forged');
  delta(random, { draw, add, base, entry, reason, made });
}

type DeltaOf = {
  draw: <T>(what: string, choices: [number, T][]) => T;
  add: (request: ca.CrlRequest, forged: boolean) => void;
  base: ca.CrlRequest;
  entry: (code: ca.ReasonCode) => ca.RevokedEntry;
  reason: ca.ReasonCode | null;
  made: Hierarchy;
};

function delta(random: Random, { draw, add, base, entry, reason, made }: DeltaOf): void {
  const kind = draw('delta', [
    [55, null],
    [25, 'good'],
    [5, 'gap'],
    [5, 'old'],
    [4, 'scope'],
    [3, 'forged'],
    [3, 'expired'],
  ]);
  if (kind === null) return;
  const says = draw<ca.ReasonCode | null>('isi delta', [
    [50, null],
    [15, 1],
    [10, 6],
    [25, 8],
  ]);
  if (says === 8 && reason !== null && reason !== 6) made.traits.add('delta_unholds_revoked');
  if (kind === 'expired' || kind === 'forged') made.traits.add(`delta_${kind}`);
  const request: ca.CrlRequest = {
    ...base,
    entries: says === null ? [] : [entry(says)],
    number: kind === 'old' ? 20 : 21 + random.below(5),
    deltaOf: kind === 'gap' ? 21 : 20 - random.below(3),
    thisUpdate: AT - DAY,
    nextUpdate: kind === 'expired' ? AT - HOUR : AT + 2 * DAY,
    ...(kind === 'scope' ? { scope: { ...base.scope, onlyUser: !base.scope?.onlyUser } } : {}),
  };
  add(request, kind === 'forged');
}
