// Evidence for the proofs of the invariant: what a small CA really says, and everything somebody else may put in its
// place. Every hostile object claims something that would be welcome to a thief ("good", "released") or to a vandal
// ("revoked"); none of it is a verified, usable, newest word of the CA about a certificate of ours.
import type { Random } from '../../src/bin/demo/random.ts';
import { DAY, HOUR, MINUTE } from '#lib/server/calendar.ts';
import { readCrl } from '#lib/server/revocation/crl.ts';
import { readResponse } from '#lib/server/revocation/ocsp.ts';
import * as der from '#lib/server/x509/der-writer.ts';
import * as ca from './ca.ts';

/** Everything is dated around this instant. */
export const START = Date.parse('2026-11-22T07:05:00Z');
const key = () => ca.makeKey('p256');
const life = { notBefore: START - 400 * DAY, notAfter: START + 2000 * DAY };
const named = (commonName: string): ca.Dn => [
  [ca.OID.C, 'ID'],
  [ca.OID.CN, commonName],
];

export const urls = ca.urlsAt('http://ca.test');
export const root = ca.makeRoot({ key: key(), ...life });
export const issuer = ca.makeIntermediate(root, { key: key(), ...life, urls });
const sibling = ca.makeIntermediate(root, { key: key(), ...life, subject: named('CA LAIN UJI') });
/** A key generation of the same CA name, under the same root: genuine, and not ours. */
export const namesake = ca.makeIntermediate(root, { key: key(), ...life, urls });
const stranger = ca.makeRoot({ key: key(), ...life });
const delegateLife = { notBefore: START - 10 * DAY, notAfter: START + 80 * DAY };
export const delegate = ca.makeResponder(issuer, { key: key(), ...delegateLife });

/** The same name and key identifier, another key. */
const impostor: ca.Authority = { ...stranger, name: issuer.name, keyId: issuer.keyId };
const insiderKey = key();
const insider: ca.Authority = {
  ...issuer,
  key: insiderKey,
  certificate: ca.makeLeaf(issuer, { notBefore: START - DAY, serial: '7e57', spki: insiderKey.spki }),
};
/** Who signs answers without the right to, and would like to be taken for a delegate. */
const pretenders: ca.Authority[] = [
  stranger,
  impostor,
  sibling,
  root,
  insider,
  ca.makeResponder(sibling, { key: key(), ...delegateLife }),
  ca.makeResponder(root, { key: key(), ...delegateLife }),
  ca.makeResponder(impostor, { key: key(), ...delegateLife }),
  ca.makeResponder(issuer, { key: key(), ...delegateLife, extensions: { eku: null } }),
  ca.makeResponder(issuer, { key: key(), ...delegateLife, extensions: { eku: [ca.OID.serverAuth] } }),
  ca.makeResponder(issuer, { key: key(), notBefore: START - 90 * DAY, notAfter: START - 30 * DAY }),
];

export const leafOf = (serial: string): Buffer =>
  ca.makeLeaf(issuer, { notBefore: START - 100 * DAY, serial, commonName: `ORANG ${serial}`, urls });

export type Truth = 'good' | 'on_hold' | 'revoked';
export type Truths = ReadonlyMap<string, Truth>;

/** Entries of strangers, so that one of ours more or less is no mass. */
const FILLER: ca.RevokedEntry[] = Array.from({ length: 25 }, (_, i) => ({
  serial: `f0${i.toString(16).padStart(2, '0')}`,
  revokedAt: START - 50 * DAY,
}));
const entriesOf = (truths: Truths): ca.RevokedEntry[] => [
  ...FILLER,
  ...[...truths].flatMap(([serial, truth]): ca.RevokedEntry[] =>
    truth === 'good' ? [] : [{ serial, revokedAt: START - DAY, reason: truth === 'on_hold' ? 6 : 1 }],
  ),
];

/** A list of the CA itself. */
export const list = (truths: Truths, at: number, number: number, extra: Partial<ca.CrlRequest> = {}): Buffer =>
  signedList(issuer, truths, at, number, extra);
const signedList = (
  by: ca.Authority,
  truths: Truths,
  at: number,
  number: number,
  extra: Partial<ca.CrlRequest> = {},
): Buffer => ca.makeCrl(by, { entries: entriesOf(truths), number, thisUpdate: at, nextUpdate: at + DAY, ...extra });

const statusOf = (truth: Truth): ca.OcspAnswer['status'] =>
  truth === 'good' ? 'good' : { revokedAt: START - DAY, reason: truth === 'on_hold' ? 6 : 1 };

type Telling = { by?: ca.Authority; extra?: Partial<ca.OcspAnswer>; response?: Partial<ca.OcspResponseRequest> };
/** An answer about one certificate; of the CA's delegate unless somebody else gives it. */
export const answer = (
  serial: string,
  truth: Truth,
  at: number,
  { by = delegate, extra, response }: Telling = {},
): Buffer =>
  ca.makeOcspResponse(by, {
    answers: [{ id: ca.certId(issuer, serial), status: statusOf(truth), thisUpdate: at, ...extra }],
    producedAt: at,
    ...response,
  });

export type Hostile = { kind: 'crl' | 'ocsp' | 'noise'; what: string; bytes: Buffer };

/**
 * One hostile object.
 * @param serials ours
 * @param at now; what it claims is dated just before, so that nothing but the missing authority stands against it
 */
export function hostile(random: Random, serials: readonly string[], at: number): Hostile {
  const truths: Truths = new Map(
    serials.map((serial) => [serial, random.pick<Truth>(['good', 'good', 'on_hold', 'revoked'])]),
  );
  const serial = random.pick(serials);
  const truth = truths.get(serial)!;
  const just = at - random.below(30) * MINUTE;
  const number = 1_000_000 + random.below(1000);
  const lists: Record<string, () => Buffer> = {
    'a changed list': () => changed(random, list(truths, just, number)),
    'a cut list': () => cut(random, list(truths, just, number)),
    'a list under the CA’s name with another key': () => signedList(impostor, truths, just, number),
    'a genuine list of another key of the CA’s name': () =>
      signedList(namesake, new Map(), just, random.pick([0, number])),
    'a list signed with a holder’s key': () => signedList({ ...insider, name: issuer.name }, truths, just, number),
    'a list of another CA': () => signedList(random.pick([stranger, sibling]), truths, just, number),
    'an indirect list of another CA': () =>
      ca.makeCrl(sibling, {
        entries: [{ serial, revokedAt: START - DAY, reason: 1, issuer: issuer.name }],
        number,
        thisUpdate: just,
        nextUpdate: at + DAY,
        scope: { indirect: true },
      }),
    'a list from the future': () => list(truths, at + HOUR + random.below(100) * DAY, number),
    'a list for other certificates': () => list(truths, just, number, { scope: random.pick(SCOPES) }),
    'a list with a critical extension nobody knows': () => list(truths, just, number, { extra: [UNKNOWN] }),
    'a delta without its base': () => list(truths, just, number + 10_000_000, { deltaOf: number + 9_000_000 }),
    'a list with the signature of another': () =>
      spliced(list(truths, just, number), list(new Map(), just, number + 1)),
    'a list older than its CA': () => list(truths, life.notBefore - DAY, number),
  };
  const answers: Record<string, () => Buffer> = {
    'a changed answer': () => changed(random, answer(serial, truth, just)),
    'a cut answer': () => cut(random, answer(serial, truth, just)),
    'an answer of somebody without authority': () => answer(serial, truth, just, { by: random.pick(pretenders) }),
    'an answer under a borrowed identifier': () => {
      const by = { ...random.pick(pretenders), name: delegate.name, keyId: delegate.keyId };
      const certificates = random.pick([[], [delegate.certificate], [by.certificate]]);
      return answer(serial, truth, just, { by, response: { certificates, responderId: random.pick(['key', 'name']) } });
    },
    'an answer about another certificate': () =>
      answer(serial, truth, just, { extra: { id: ca.certId(random.pick([sibling, stranger]), serial) } }),
    'an answer about a serial that is not ours': () => answer('0bad', truth, just),
    'an answer from the future': () => answer(serial, truth, at + HOUR + random.below(100) * DAY),
    'a good answer whose time is over': () => answer(serial, 'good', at - (2 + random.below(20)) * DAY),
    'an answer with a critical extension nobody knows': () =>
      answer(
        serial,
        truth,
        just,
        random.chance(0.5) ? { extra: { extra: [UNKNOWN] } } : { response: { extra: [UNKNOWN] } },
      ),
    'an answer with the hash of another certificate': () =>
      answer(serial, truth, just, { extra: { extra: [FOREIGN_HASH] } }),
    'an answer produced before its content': () =>
      answer(serial, truth, just, { response: { producedAt: just - HOUR } }),
    'an unsigned error': () => ca.makeOcspError(random.pick([1, 2, 3, 5, 6])),
  };
  const noise: Record<string, () => Buffer> = {
    'a web page': () => Buffer.from('<!doctype html><title>Masuk ke jaringan hotel</title>'),
    'random bytes': () => Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))),
    nothing: () => Buffer.alloc(0),
    'a certificate': () => issuer.certificate,
  };
  const [kind, set] = random.pick<[Hostile['kind'], Record<string, () => Buffer>]>([
    ['crl', lists],
    ['crl', lists],
    ['ocsp', answers],
    ['ocsp', answers],
    ['noise', noise],
  ]);
  const what = random.pick(Object.keys(set));
  return { kind, what, bytes: set[what]!() };
}

const UNKNOWN = { oid: '1.2.3.4.5', critical: true, value: der.nothing() };
const FOREIGN_HASH = {
  oid: '1.3.36.8.3.13',
  value: der.seq(der.seq(der.oid('2.16.840.1.101.3.4.2.1')), der.octets(Buffer.alloc(32, 9))),
};
const SCOPES: NonNullable<ca.CrlRequest['scope']>[] = [
  { onlyCa: true },
  { onlyAttribute: true },
  { url: 'http://ca.test/another.crl' },
  { onlyUser: true, onlyCa: true },
];

/** The signed octets of a CRL or an OCSP response, as positions in its bytes. */
function signedPart(bytes: Buffer): { from: number; to: number; signature: Buffer } {
  const { tbs, signature } = bytes.includes(BASIC) ? readResponse(bytes).basic! : readCrl(bytes);
  const from = bytes.indexOf(tbs);
  return { from, to: from + tbs.length, signature };
}
const BASIC = der.oid('1.3.6.1.5.5.7.48.1.1');

/** One to four octets of what was signed, or of the signature, are different. */
function changed(random: Random, bytes: Buffer): Buffer {
  const { from, to, signature } = signedPart(bytes);
  const copy = Buffer.from(bytes);
  const at = random.chance(0.2) ? bytes.indexOf(signature) + 8 : from;
  const room = at === from ? to - from : signature.length - 8;
  const hits = new Set(Array.from({ length: 1 + random.below(4) }, () => at + random.below(room)));
  for (const hit of hits) copy[hit]! ^= 1 + random.below(255);
  return copy;
}

const cut = (random: Random, bytes: Buffer): Buffer =>
  random.chance(0.8) ? bytes.subarray(0, random.below(bytes.length)) : Buffer.concat([bytes, Buffer.from([0])]);

/** The one's content with the other's signature of the same length, or at least in its place. */
function spliced(bytes: Buffer, other: Buffer): Buffer {
  const [own, foreign] = [signedPart(bytes), signedPart(other)];
  const at = bytes.lastIndexOf(own.signature);
  const signature =
    foreign.signature.length === own.signature.length ? foreign.signature : Buffer.from(own.signature).reverse();
  return Buffer.concat([bytes.subarray(0, at), signature, bytes.subarray(at + own.signature.length)]);
}
