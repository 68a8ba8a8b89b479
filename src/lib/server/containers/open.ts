// One file in, entries out: looks at the bytes, never at the file name's ending (except to refuse keystores that
// cannot be recognised otherwise). Runs in the worker; small plain certificates are also opened directly.
import { createHash } from 'node:crypto';
import { DerError } from '../x509/der.ts';
import { freshBudget, isZip, members, type Budget } from './archive.ts';
import { isOtherDer, isSignedData, readable, readSignedData } from './cms.ts';
import { hasKeyText, isKeyStore } from './keys.ts';
import { isPdf, pdfSigners } from './pdf.ts';
import { asText, bareBase64, pemBlocks } from './pem.ts';
import { ContainerError, LIMITS, type ContainerEntry } from './types.ts';

const KEY_REASON =
  'Berkas ini memuat kunci privat dan ditolak. Siaga hanya menerima sertifikat; jangan pernah mengirim kunci privat.';
const NOTHING = 'Tidak ada sertifikat di dalam berkas ini.';
const UNREADABLE = 'Tampak seperti sertifikat, tetapi isinya tidak dapat dibaca.';

/** A private key was met: everything stops, whatever else the file holds. */
class KeyFound extends Error {}

/** Opens a file and everything in it. A private key anywhere refuses the whole file. */
export async function openAll(name: string, bytes: Buffer): Promise<ContainerEntry[]> {
  try {
    return await openOne(name, bytes, 0, freshBudget());
  } catch (error) {
    if (error instanceof KeyFound) return [{ name, kind: 'private_key', sha256: sha256(bytes), reason: KEY_REASON }];
    if (error instanceof ContainerError)
      return [{ name, kind: 'unreadable', sha256: sha256(bytes), reason: error.message }];
    throw error;
  }
}

/** The same for a file that is no archive: nothing asynchronous, for the fast way without a worker. */
export function openPlain(name: string, bytes: Buffer): ContainerEntry[] {
  try {
    return openBytes(name, bytes);
  } catch (error) {
    if (error instanceof KeyFound) return [{ name, kind: 'private_key', sha256: sha256(bytes), reason: KEY_REASON }];
    throw error;
  }
}

async function openOne(name: string, bytes: Buffer, depth: number, budget: Budget): Promise<ContainerEntry[]> {
  if (!isZip(bytes)) return openBytes(name, bytes);
  if (depth >= LIMITS.nesting)
    return [{ name, kind: 'unreadable', sha256: sha256(bytes), reason: 'Arsip di dalam arsip terlalu dalam.' }];
  const entries: ContainerEntry[] = [];
  for await (const member of members(bytes, budget)) {
    const full = `${name}/${member.name}`;
    if ('refused' in member) entries.push({ name: full, kind: 'unreadable', sha256: '', reason: member.refused });
    else for (const entry of await openOne(full, member.bytes, depth + 1, budget)) entries.push(entry);
  }
  if (entries.length === 0) entries.push({ name, kind: 'nothing', sha256: sha256(bytes), reason: 'Arsip ini kosong.' });
  return entries;
}

function openBytes(name: string, bytes: Buffer): ContainerEntry[] {
  if (bytes.length === 0) return [{ name, kind: 'nothing', sha256: sha256(bytes), reason: 'Berkas ini kosong.' }];
  if (isPdf(bytes))
    return [
      entryOf(name, bytes, pdfSigners(bytes), [], 'PDF ini tidak memuat tanda tangan elektronik dengan sertifikat.'),
    ];
  if (isKeyStore(bytes) || /\.(p12|pfx|jks|keystore)$/i.test(name)) throw new KeyFound();
  if (bytes[0] === 0x30) return fromDer(name, bytes);
  const text = asText(bytes);
  if (hasKeyText(text)) throw new KeyFound();
  const blocks = pemBlocks(text);
  if (blocks.length > 0) return fromPem(name, bytes, blocks);
  const bare = bareBase64(text);
  if (!bare) return [{ name, kind: 'nothing', sha256: sha256(bytes), reason: NOTHING }];
  if (isKeyStore(bare)) throw new KeyFound();
  return fromDer(name, bare);
}

function fromDer(name: string, bytes: Buffer): ContainerEntry[] {
  if (isSignedData(bytes)) return fromSignedData(name, bytes);
  if (readable(bytes)) return [entryOf(name, bytes, [bytes], [])];
  // A CRL, a request or an OCSP answer is well-formed DER too, but no certificate; a broken one cannot be told apart.
  const certificate = looksLikeCertificate(bytes) || !isOtherDer(bytes);
  return [entryOf(name, bytes, [], certificate ? [bytes] : [])];
}

/** tbsCertificate starts with [0] version, or with the serial followed by an algorithm: CRLs and requests do not. */
function looksLikeCertificate(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 16).toString('hex');
  return /^30(82....|81..|[0-7].)30(82....|81..|[0-7].)a003/.test(head);
}

function fromSignedData(name: string, bytes: Buffer): ContainerEntry[] {
  try {
    const { certificates } = readSignedData(bytes);
    return [...sorted(name, bytes, certificates)];
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return [{ name, kind: 'unreadable', sha256: sha256(bytes), reason: 'Berkas PKCS#7 ini rusak.' }];
  }
}

const CERTIFICATE_LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);
const SIGNED_LABELS = new Set(['PKCS7', 'PKCS #7 SIGNED DATA', 'CMS']);

function fromPem(name: string, bytes: Buffer, blocks: { label: string; der: Buffer | null }[]): ContainerEntry[] {
  const found: Buffer[] = [];
  let broken = 0;
  for (const { label, der } of blocks) {
    if (der && isKeyStore(der)) throw new KeyFound();
    if (CERTIFICATE_LABELS.has(label)) {
      if (der) found.push(label === 'TRUSTED CERTIFICATE' ? firstElement(der) : der);
      else broken += 1;
    }
    if (SIGNED_LABELS.has(label) && der) {
      try {
        found.push(...readSignedData(der).certificates);
      } catch (error) {
        if (!(error instanceof DerError)) throw error;
        broken += 1;
      }
    }
    if (found.length > LIMITS.certificates)
      throw new ContainerError(`Berkas ini berisi lebih dari ${LIMITS.certificates} sertifikat.`);
  }
  return [...sorted(name, bytes, found, broken)];
}

/** OpenSSL's TRUSTED CERTIFICATE: the certificate, then trust settings of its own. */
function firstElement(der: Buffer): Buffer {
  const long = der[1]! >= 0x80 ? der[1]! & 0x7f : 0;
  if (long > 3 || der.length < 2 + long) return der;
  return der.subarray(0, 2 + long + (long ? der.readUIntBE(2, long) : der[1]!));
}

/** One entry for what can be read; one for each that cannot, so that its bytes and fingerprint are kept. */
function* sorted(name: string, bytes: Buffer, ders: Buffer[], broken = 0): Generator<ContainerEntry> {
  const good = ders.filter((der) => readable(der));
  const bad = ders.filter((der) => !readable(der));
  if (good.length > 0) {
    yield entryOf(name, bytes, good, []);
    for (const [i, der] of bad.entries()) yield entryOf(`${name}#${i + 1}`, der, [], [der]);
  } else if (bad.length > 1) for (const [i, der] of bad.entries()) yield entryOf(`${name}#${i + 1}`, der, [], [der]);
  else if (bad.length === 0 && broken > 0)
    yield { name, kind: 'unreadable', sha256: sha256(bytes), reason: UNREADABLE };
  else yield entryOf(name, bytes, [], bad);
}

function entryOf(name: string, bytes: Buffer, good: Buffer[], bad: Buffer[], otherwise = NOTHING): ContainerEntry {
  const own = sha256(bytes);
  if (good.length > 0) return { name, kind: 'certificate', ders: good, sha256: own };
  if (bad.length > 0) return { name, kind: 'unreadable', ders: bad, sha256: own, reason: UNREADABLE };
  return { name, kind: 'nothing', sha256: own, reason: otherwise };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
