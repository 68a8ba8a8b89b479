// One plain file (no archive) → the DER that lies in it, not yet read. Looks at the bytes, never at the name's ending,
// except to refuse keystores that cannot be recognised otherwise. A private key anywhere: KeyFound, and nothing comes out.
import { DerError } from '../x509/der.ts';
import { AGAIN } from './announced.ts';
import { BROKEN, isZip, startsAsZip } from './archive.ts';
import { packed } from './closed.ts';
import { isOtherDer, isSignedData, readSignedData } from './cms.ts';
import { hasKeyText } from './key-text.ts';
import { isKeyContainer, isKeyStore } from './keys.ts';
import { isSheetName } from './names.ts';
import { LOCKED_WORKBOOK, OLD_WORKBOOK, oldOffice } from './office.ts';
import { CRL, OTHER_LABELS, otherDer } from './other.ts';
import { isPdf, isWholePdf, pdfCertificates } from './pdf.ts';
import { pdfStreams, shownText } from './pdf-streams.ts';
import { asText, bareBase64, pemBlocks, type PemBlock } from './pem.ts';
import { LimitError, LIMITS } from './types.ts';

/** A private key was met, or a container of keys: everything stops, whatever else the file holds. */
export class KeyFound extends Error {
  /** A container that is not opened: it may hold certificates alone. */
  readonly isStore: boolean;
  constructor(isStore = false) {
    super();
    this.isStore = isStore;
  }
}

export type Extracted = {
  /** What looks like a certificate, in file order; each still has to be read. */
  ders: Buffer[];
  /** From a signed PDF: the CA certificates that came along with its signers. */
  chain?: Buffer[];
  /** What announces a certificate and holds none: blocks of PEM, signatures of a PDF. */
  broken: number;
  /** What it was read as, when it could be read as something. */
  is?: 'pem' | 'signed' | 'pdf' | 'archive' | 'other';
  /** A lone DER that may be something else altogether: when it cannot be read, nothing was there. */
  doubtful?: boolean;
  /** For people: why nothing is there, or what is broken. */
  reason: string;
};

export const NOTHING = 'Tidak ada sertifikat di dalam berkas ini.';
/** What an archive of mixed files holds besides: read only as a list of its own, because a list is looked at first. */
const LIST = 'Ini daftar, bukan berkas sertifikat. Daftar diimpor tersendiri, di luar arsip, dan ditunjukkan dahulu.';
export const nothingIn = (name: string): string => (isSheetName(name) ? LIST : NOTHING);
export const UNREADABLE = 'Tampak seperti sertifikat, tetapi isinya tidak dapat dibaca.';

export function extract(name: string, bytes: Buffer): Extracted {
  if (bytes.length === 0) return found([], 'Berkas ini kosong.');
  const store = isKeyContainer(bytes) || isKeyName(name);
  if (bytes[0] === 0x30 && !isText(bytes)) return isKeyStore(bytes) || store ? refuse(store) : fromDer(bytes);
  const text = asText(bytes);
  // A name says little: what can be read as a key is one.
  if (hasKeyText(text)) return refuse();
  if (isKeyStore(bytes) || store) return refuse(store);
  if (isPdf(bytes)) return fromPdf(bytes);
  if (startsAsZip(bytes)) return emptyOrCut(bytes);
  const archive = packed(bytes);
  if (archive) return found([], archive, 1);
  const old = oldOffice(bytes);
  if (old === 'workbook' || old === 'locked') return found([], old === 'locked' ? LOCKED_WORKBOOK : OLD_WORKBOOK, 1);
  const blocks = pemBlocks(text);
  if (blocks.length > 0) return fromPem(blocks);
  const bare = bareBase64(text);
  if (!bare)
    return text.startsWith('-----BEGIN ')
      ? found([], `Berkas PEM ini rusak atau terpotong. ${AGAIN}`, 1)
      : found([], nothingIn(name));
  return isKeyStore(bare) ? refuse(isKeyContainer(bare)) : fromDer(bare);
}

/** One stream of a PDF: an attachment, or what a page shows. */
function holdsKey(bytes: Buffer): boolean {
  if (isKeyStore(bytes)) return true;
  const text = asText(bytes);
  return hasKeyText(text) || hasKeyText(shownText(text));
}

/** Keystores whose bytes may look like anything. */
const isKeyName = (name: string): boolean => /\.(p12|pfx|jks|keystore)$/i.test(name);

/** A note may begin with "0", which is how DER begins; DER has control characters at once. */
const isText = (bytes: Buffer): boolean => !/[^\t\n\f\r\x20-\xff]/.test(bytes.toString('latin1', 0, 512));

function refuse(isStore = false): never {
  throw new KeyFound(isStore);
}

const found = (ders: Buffer[], reason = NOTHING, broken = 0): Extracted => ({ ders, broken, reason });

function fromPdf(bytes: Buffer): Extracted {
  for (const stream of pdfStreams(bytes)) if (stream && holdsKey(stream)) refuse();
  const { signers, chain, broken } = pdfCertificates(bytes);
  if (broken) {
    const reason = `Di dalam PDF ini ada ${broken} tanda tangan elektronik yang tidak dapat dibaca. ${AGAIN}`;
    return { ...found(signers, reason, broken), chain };
  }
  if (!signers.length && !isWholePdf(bytes)) return found([], `PDF ini rusak atau terpotong. ${AGAIN}`, 1);
  return { ...found(signers, 'PDF ini tidak memuat tanda tangan elektronik dengan sertifikat.'), chain, is: 'pdf' };
}

/** What is opened as an archive does not come here, unless nothing lay in it. */
const emptyOrCut = (bytes: Buffer): Extracted =>
  isZip(bytes) ? { ...found([], 'Arsip ini kosong.'), is: 'archive' } : found([], `${BROKEN} ${AGAIN}`, 1);

function fromDer(bytes: Buffer): Extracted {
  if (isSignedData(bytes)) return fromSignedData(bytes);
  const other = otherDer(bytes);
  if (other) return { ...found([], other), is: 'other' };
  // Some other well-formed DER is no certificate; a broken one cannot be told apart.
  return { ...found([bytes]), doubtful: !looksLikeCertificate(bytes) && isOtherDer(bytes) };
}

/** tbsCertificate starts with [0] version: CRLs and requests do not. Version 1 has none and shows when it is read. */
function looksLikeCertificate(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 16).toString('hex');
  return /^30(82....|81..|[0-7].)30(82....|81..|[0-7].)a003/.test(head);
}

function fromSignedData(bytes: Buffer): Extracted {
  try {
    const { certificates, crls } = readSignedData(bytes);
    if (!certificates.length && crls.length) return { ...found([], CRL), is: 'other' };
    return { ...found(limited(certificates)), is: 'signed' };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return found([], `Berkas PKCS#7 ini rusak atau terpotong. ${AGAIN}`, 1);
  }
}

const CERTIFICATE_LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);
const SIGNED_LABELS = new Set(['PKCS7', 'PKCS #7 SIGNED DATA', 'CMS']);

function fromPem(blocks: PemBlock[]): Extracted {
  const ders: Buffer[] = [];
  const broken: string[] = [];
  for (const { label, der } of blocks) {
    if (der && isKeyStore(der)) refuse();
    const signed = SIGNED_LABELS.has(label);
    if (!signed && !CERTIFICATE_LABELS.has(label)) continue;
    const inside = !der
      ? null
      : signed
        ? fromSignedData(der)
        : found([label === 'TRUSTED CERTIFICATE' ? firstElement(der) : der]);
    if (!inside || inside.broken) broken.push(label);
    for (const one of inside?.ders ?? []) ders.push(one);
  }
  const other = blocks.map(({ label }) => OTHER_LABELS[label]).find(Boolean);
  if (other && !ders.length && !broken.length) return { ...found([], other), is: 'other' };
  const labels = [...new Set(broken)].join(', ');
  const reason = broken.length
    ? `${broken.length} blok PEM (${labels}) di dalamnya rusak atau terpotong. ${AGAIN}`
    : NOTHING;
  return { ...found(limited(ders), reason, broken.length), is: 'pem' };
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
