// One plain file (no archive) → the DER that lies in it, not yet read. Looks at the bytes, never at the name's ending,
// except to refuse keystores that cannot be recognised otherwise. A private key anywhere: KeyFound, and nothing comes out.
import { DerError } from '../x509/der.ts';
import { isOtherDer, isSignedData, readSignedData } from './cms.ts';
import { hasKeyText } from './key-text.ts';
import { isKeyStore } from './keys.ts';
import { isPdf, pdfCertificates } from './pdf.ts';
import { asText, bareBase64, pemBlocks, type PemBlock } from './pem.ts';
import { LimitError, LIMITS } from './types.ts';

/** A private key was met: everything stops, whatever else the file holds. */
export class KeyFound extends Error {}

export type Extracted = {
  /** What looks like a certificate, in file order; each still has to be read. */
  ders: Buffer[];
  /** From a signed PDF: the CA certificates that came along with its signers. */
  chain?: Buffer[];
  /** Blocks that announce a certificate and hold none. */
  broken: number;
  /** A lone DER that may be something else altogether: when it cannot be read, nothing was there. */
  doubtful?: boolean;
  /** For people: why nothing is there, or what is broken. */
  reason: string;
};

export const NOTHING = 'Tidak ada sertifikat di dalam berkas ini.';
export const UNREADABLE = 'Tampak seperti sertifikat, tetapi isinya tidak dapat dibaca.';

export function extract(name: string, bytes: Buffer): Extracted {
  if (bytes.length === 0) return found([], 'Berkas ini kosong.');
  if (bytes[0] === 0x30) return isKeyStore(bytes) || isKeyName(name) ? refuse() : fromDer(bytes);
  if (isKeyStore(bytes) || isKeyName(name)) return refuse();
  const text = asText(bytes);
  if (hasKeyText(text)) return refuse();
  if (isPdf(bytes)) return fromPdf(bytes);
  const blocks = pemBlocks(text);
  if (blocks.length > 0) return fromPem(blocks);
  const bare = bareBase64(text);
  if (!bare) return found([]);
  return isKeyStore(bare) ? refuse() : fromDer(bare);
}

/** Keystores whose bytes may look like anything. */
const isKeyName = (name: string): boolean => /\.(p12|pfx|jks|keystore)$/i.test(name);

function refuse(): never {
  throw new KeyFound();
}

const found = (ders: Buffer[], reason = NOTHING, broken = 0): Extracted => ({ ders, broken, reason });

function fromPdf(bytes: Buffer): Extracted {
  const { signers, chain } = pdfCertificates(bytes);
  return { ...found(signers, 'PDF ini tidak memuat tanda tangan elektronik dengan sertifikat.'), chain };
}

function fromDer(bytes: Buffer): Extracted {
  if (isSignedData(bytes)) return fromSignedData(bytes);
  // A CRL, a request or an OCSP answer is well-formed DER too, but no certificate; a broken one cannot be told apart.
  return { ...found([bytes]), doubtful: !looksLikeCertificate(bytes) && isOtherDer(bytes) };
}

/** tbsCertificate starts with [0] version: CRLs and requests do not. Version 1 has none and shows when it is read. */
function looksLikeCertificate(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 16).toString('hex');
  return /^30(82....|81..|[0-7].)30(82....|81..|[0-7].)a003/.test(head);
}

function fromSignedData(bytes: Buffer): Extracted {
  try {
    return found(limited(readSignedData(bytes).certificates));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return found([], 'Berkas PKCS#7 ini rusak.', 1);
  }
}

const CERTIFICATE_LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);
const SIGNED_LABELS = new Set(['PKCS7', 'PKCS #7 SIGNED DATA', 'CMS']);

function fromPem(blocks: PemBlock[]): Extracted {
  const ders: Buffer[] = [];
  let broken = 0;
  for (const { label, der } of blocks) {
    if (der && isKeyStore(der)) refuse();
    if (CERTIFICATE_LABELS.has(label)) {
      if (der) ders.push(label === 'TRUSTED CERTIFICATE' ? firstElement(der) : der);
      else broken += 1;
    }
    if (SIGNED_LABELS.has(label) && der) {
      const signed = fromSignedData(der);
      for (const one of signed.ders) ders.push(one);
      broken += signed.broken;
    }
  }
  return found(limited(ders), broken && !ders.length ? UNREADABLE : NOTHING, broken);
}

function limited(ders: Buffer[]): Buffer[] {
  if (ders.length <= LIMITS.certificates) return ders;
  throw new LimitError(`Berkas ini berisi lebih dari ${LIMITS.certificates} sertifikat.`);
}

/** OpenSSL's TRUSTED CERTIFICATE: the certificate, then trust settings of its own. */
function firstElement(der: Buffer): Buffer {
  const long = der[1]! >= 0x80 ? der[1]! & 0x7f : 0;
  if (long > 3 || der.length < 2 + long) return der;
  return der.subarray(0, 2 + long + (long ? der.readUIntBE(2, long) : der[1]!));
}
