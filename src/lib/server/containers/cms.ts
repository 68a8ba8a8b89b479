// CMS SignedData (RFC 5652 §5) as far as an inventory needs it: which certificates lie in it and which of them signed.
// BER lengths are tolerated, because signatures in PDFs have them. No signature is checked here.
import { children, DerError, integerHex, oid, readTlv, single, TAG, value, whole, type Tlv } from '../x509/der.ts';
import { readCertificate, type CertificateView } from '../x509/index.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
export const TIME_STAMP = '1.2.840.113549.1.9.16.1.4';
const MAX_PARTS = 200_000;

export type Signed = {
  contentType: string;
  certificates: Buffer[];
  crls: Buffer[];
  signers: { issuer: Buffer | null; serial: string; keyId: string }[];
};

const SIGNED_DATA_OCTETS = Buffer.from('06092a864886f70d010702', 'hex');

/** Whether the bytes begin as ContentInfo of SignedData does. */
export function isSignedData(bytes: Buffer): boolean {
  return bytes[0] === TAG.sequence && bytes.subarray(0, 24).includes(SIGNED_DATA_OCTETS);
}

/** Reads a SignedData. Throws DerError. Bytes behind it (zero padding of PDFs) do not matter. */
export function readSignedData(bytes: Buffer): Signed {
  const [type, wrapper] = parts(readTlv(bytes, 0, bytes.length, true));
  if (!type || oid(type) !== SIGNED_DATA || wrapper?.tag !== 0xa0) throw new DerError('not signed data');
  const fields = parts(parts(wrapper)[0] ?? wrapper);
  const content = fields.find((field) => field.tag === TAG.sequence);
  if (!content) throw new DerError('no content');
  const sequences = (tag: number) => {
    const listed = fields.find((field) => field.tag === tag);
    const inside = listed ? parts(listed).filter((one) => one.tag === TAG.sequence) : [];
    return inside.map((one) => Buffer.from(whole(one)));
  };
  const signers = fields.filter((field) => field.tag === TAG.set).slice(1);
  return {
    contentType: oid(parts(content)[0] ?? content),
    certificates: sequences(0xa0),
    crls: sequences(0xa1),
    signers: signers.flatMap((set) => parts(set).map(readSigner)),
  };
}

const parts = (tlv: Tlv): Tlv[] => children(tlv, MAX_PARTS, true);

/** SignerIdentifier: issuer and serial, or the subject key identifier. */
function readSigner(tlv: Tlv): Signed['signers'][number] {
  const sid = parts(tlv)[1];
  if (!sid) throw new DerError('no signer identifier');
  if (sid.tag !== TAG.sequence) return { issuer: null, serial: '', keyId: value(sid).toString('hex') };
  const [issuer, serial] = parts(sid);
  if (!issuer || !serial) throw new DerError('bad signer identifier');
  return { issuer: whole(issuer), serial: integerHex(serial), keyId: '' };
}

/** The certificates that signed, in order, and the CA certificates beside them; what cannot be read is left out. */
export function signersAndChain({ certificates, signers }: Signed): { signers: Buffer[]; chain: Buffer[] } {
  const views = certificates.flatMap((der) => readable(der) ?? []);
  const found = signers.flatMap(({ issuer, serial, keyId }) => {
    const signer = views.find((view) =>
      issuer ? view.serial === serial && view.issuer.der.equals(issuer) : view.ski === keyId,
    );
    return signer ? [signer.der] : [];
  });
  return { signers: found, chain: views.filter((view) => view.ca).map((view) => view.der) };
}

export function readable(der: Buffer): CertificateView | null {
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** A certificate list (CRL), a request or another SIGNED{} object: well-formed, but no certificate. */
export function isOtherDer(bytes: Buffer): boolean {
  try {
    single(bytes, TAG.sequence);
    return true;
  } catch {
    return false;
  }
}
