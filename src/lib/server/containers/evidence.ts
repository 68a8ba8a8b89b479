// CRLs and OCSP responses in a file: DER, PEM (several), the crls of a PKCS#7, an archive of these. They are only found
// here; what they say and whether it may be believed is the revocation room's. A private key refuses the whole file.
import { keyRefused } from '#lib/terms.ts';
import { DerError } from '../x509/der.ts';
import { readCertificate } from '../x509/index.ts';
import { isSignedData, readSignedData } from './cms.ts';
import { KeyFound } from './extract.ts';
import { hasKeyText } from './key-text.ts';
import { isKeyStore } from './keys.ts';
import { cleanName } from './names.ts';
import { partsOf } from './open.ts';
import { asText, bareBase64, pemBlocks } from './pem.ts';
import { memorySource } from './source.ts';
import { ContainerError } from './types.ts';

/** `kind` is what the file says it is; null: it does not say. Bytes that are neither come out too, to be refused by name. */
export type EvidencePart =
  | { name: string; kind: 'crl' | 'ocsp' | null; der: Buffer }
  | { name: string; kind: 'private_key' | 'unreadable'; reason: string };

const LABELS: Record<string, 'crl' | 'ocsp'> = {
  'X509 CRL': 'crl',
  CRL: 'crl',
  'OCSP RESPONSE': 'ocsp',
};
const SIGNED_LABELS = new Set(['PKCS7', 'PKCS #7 SIGNED DATA', 'CMS']);

/** Everything in a file, archives opened. */
export async function evidenceParts(given: string, bytes: Buffer): Promise<EvidencePart[]> {
  const name = cleanName(given);
  const parts: EvidencePart[] = [];
  try {
    for await (const part of partsOf(name, memorySource(bytes))) {
      if ('refused' in part) parts.push({ name: part.name, kind: 'unreadable', reason: part.refused });
      else if (part.bytes) parts.push(...plainEvidence(part.name, part.bytes));
    }
    return parts.length ? parts : [{ name, kind: 'unreadable', reason: 'Arsip ini kosong.' }];
  } catch (error) {
    if (error instanceof KeyFound) return [{ name, kind: 'private_key', reason: keyRefused.file }];
    if (error instanceof ContainerError) return [...parts, { name, kind: 'unreadable', reason: error.message }];
    throw error;
  }
}

/** What lies in one file that is no archive. @throws KeyFound */
export function plainEvidence(name: string, bytes: Buffer): EvidencePart[] {
  if (bytes.length === 0) return [{ name, kind: 'unreadable', reason: 'Berkas ini kosong.' }];
  if (isKeyStore(bytes) || /\.(p12|pfx|jks|keystore)$/i.test(name)) throw new KeyFound();
  if (bytes[0] === 0x30) return fromDer(name, bytes);
  const text = asText(bytes);
  if (hasKeyText(text)) throw new KeyFound();
  const blocks = pemBlocks(text).flatMap(({ label, der }, i): EvidencePart[] => {
    const kind = LABELS[label];
    const at = `${name}#${i + 1}`;
    if (der && isKeyStore(der)) throw new KeyFound();
    if (kind) return [der ? { name: at, kind, der } : { name: at, kind: 'unreadable', reason: 'Blok PEM ini rusak.' }];
    return SIGNED_LABELS.has(label) && der ? fromDer(at, der) : [];
  });
  if (blocks.length === 1) return [{ ...blocks[0]!, name }];
  if (blocks.length) return blocks;
  if (pemBlocks(text).some(({ label }) => label.endsWith('CERTIFICATE')))
    return [{ name, kind: 'unreadable', reason: CERTIFICATE_REASON }];
  const bare = bareBase64(text);
  if (bare && isKeyStore(bare)) throw new KeyFound();
  return bare ? fromDer(name, bare) : [{ name, kind: null, der: bytes }];
}

const CERTIFICATE_REASON =
  'Ini sertifikat, bukan CRL atau jawaban OCSP. Masukkan lewat impor sertifikat (halaman Impor, atau siaga import).';

function isCertificate(der: Buffer): boolean {
  try {
    readCertificate(der);
    return true;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

function fromDer(name: string, der: Buffer): EvidencePart[] {
  if (isCertificate(der)) return [{ name, kind: 'unreadable', reason: CERTIFICATE_REASON }];
  if (!isSignedData(der)) return [{ name, kind: null, der }];
  const crls = listsOf(der);
  if (crls.length === 0) return [{ name, kind: 'unreadable', reason: 'Tidak ada CRL di dalam PKCS#7 ini.' }];
  return crls.map((crl, i) => ({ name: crls.length > 1 ? `${name}#${i + 1}` : name, kind: 'crl', der: crl }));
}

function listsOf(der: Buffer): Buffer[] {
  try {
    return readSignedData(der).crls;
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}
