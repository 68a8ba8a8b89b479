// By which lists a certificate of ours may be judged, as its own bytes say: its issuer, its kind and its distribution points,
// also those that name another CRL issuer (certificate-status §2 no. 7 to 9). A row knows addresses only. A fingerprint
// stands for its bytes for ever, so that each certificate is read once while a process lives, and not at every crossing.
import type { Db } from '../db/index.ts';
import { children, single, TAG, value, whole } from '../x509/der.ts';
import { readCertificate } from '../x509/index.ts';
import * as store from './store.ts';
import { subjectOfView, type Subject } from './subject.ts';

export type Scoping = Pick<Subject, 'ca' | 'issuer' | 'points' | 'unreadable'>;

/** Then it is all forgotten and read again: an estate has a few kinds of certificates, a hostile CA makes each its own. */
const MOST_CERTIFICATES = 250_000;
const MOST_KINDS = 5_000;

const byFingerprint = new Map<string, Scoping>();
/** Certificates of an issuer differ in serial and dates; what is the same in all of them is read, and kept, once. */
const kinds = new Map<string, Scoping>();

/** What decides which lists speak about a certificate; null: its bytes are not kept. */
export function scopingOf(db: Db, fingerprint: string): Scoping | null {
  const known = byFingerprint.get(fingerprint);
  if (known) return known;
  const der = store.derOf(db, fingerprint);
  if (!der) return null;
  if (byFingerprint.size >= MOST_CERTIFICATES || kinds.size >= MOST_KINDS) {
    byFingerprint.clear();
    kinds.clear();
  }
  const scoping = kindOf(der);
  byFingerprint.set(fingerprint, scoping);
  return scoping;
}

function kindOf(der: Buffer): Scoping {
  const key = scopeKey(der);
  const known = kinds.get(key);
  if (known) return known;
  const { ca, issuer, points, unreadable = false } = subjectOfView(readCertificate(der));
  const scoping = { ca, issuer, points, unreadable };
  kinds.set(key, scoping);
  return scoping;
}

/** cRLDistributionPoints and basicConstraints, as the ends of their OIDs (2.5.29.n). */
const SCOPING = [31, 19];

/** Those extensions of a certificate that decide which lists speak about it, and its issuer's name: their bytes. */
function scopeKey(der: Buffer): string {
  const tbs = children(children(single(der, TAG.sequence))[0]!);
  const versioned = tbs[0]!.tag === 0xa0 ? 1 : 0;
  const issuer = whole(tbs[versioned + 2]!);
  const wrapper = tbs.find((part) => part.tag === 0xa3);
  const extensions = wrapper ? children(single(value(wrapper), TAG.sequence)) : [];
  const scoping = extensions.filter(({ bytes, content }) => {
    const id = bytes.subarray(content, content + 5);
    return id[0] === TAG.oid && id[1] === 3 && id[2] === 0x55 && id[3] === 0x1d && SCOPING.includes(id[4]!);
  });
  return Buffer.concat([issuer, ...scoping.map(whole)]).toString('latin1');
}
