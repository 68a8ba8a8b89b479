// Reads a list that may be anything, and says whose certificates one that was carried by hand may be about.
import type { Context } from '../context.ts';
import { DerError } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { cross, readCrl, type Crl } from './crl.ts';
import type { Issuers } from './issuers.ts';
import { speaksFully } from './list-lines.ts';
import * as store from './store.ts';

/** What comes of reading hostile bytes; null: they cannot be read. */
export function reading<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** A list whose entries can all be read. */
const readList = (bytes: Buffer): Crl | null =>
  reading(() => {
    const crl = readCrl(bytes);
    cross(crl, new Set());
    return crl;
  });

/** Whether the bytes are a CRL at all, to its last entry. */
export const isReadable = (bytes: Buffer): boolean => readList(bytes) !== null;

/** The issuer keys of ours that a list carried by hand may be about: those of its issuer's name. */
export function keysOf(ctx: Context, bytes: Buffer, issuers: Issuers): string[] {
  const crl = readList(bytes);
  if (!crl) return [];
  // An indirect list may be about the certificates of any CA: each asks it by its own distribution points.
  const about = crl.scope?.indirect ? issuers.all.map((a) => a.view) : issuers.named(crl.issuer);
  const keys = new Set(about.map((view) => view.publicKey.spkiSha256));
  if (crl.scope?.indirect) return [...keys].filter((key) => hasIssued(ctx, key, issuers));
  const fits = (view: CertificateView) => crl.keyId === null || view.ski === null || view.ski === crl.keyId;
  const exact = [...keys].filter((key) => issuers.ofKey(key).some((a) => fits(a.view)));
  if (exact.length === 0) return [...keys];
  const signers = exact.flatMap((key) => issuers.ofKey(key).map((a) => a.view));
  return [...keys].filter((key) => signers.some((signer) => speaksFully(ctx, signer, key, issuers)));
}

/** Whether the office holds anything that a CA issued: certificates, records without their file, other CAs. */
const hasIssued = (ctx: Context, key: string, issuers: Issuers): boolean =>
  store.serialsOf(ctx.db, key).length > 0 ||
  issuers.issuedBy(key).length > 0 ||
  store.dataOnlyOf(ctx.db, key).length > 0;
