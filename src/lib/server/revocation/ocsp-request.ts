// An OCSP question on the wire (RFC 6960 §4.1, Appendix A.1).
import * as write from '../x509/der-writer.ts';
import { certIdOf, DIGEST_OIDS, type Asked, type Digest } from './ocsp-certid.ts';

export const NONCE_OID = '1.3.6.1.5.5.7.48.1.2';

/**
 * An unsigned request for one certificate.
 * @param nonce 32 random octets (RFC 9654 §2.1), or null. Not critical, so that a responder may ignore it.
 * @param digest SHA-1 is what every responder knows; it names here and signs nothing
 */
export function buildRequest(asked: Asked, nonce: Uint8Array | null, digest: Digest = 'sha1'): Buffer {
  const { nameHash, keyHash, serial } = certIdOf(asked, digest);
  const certId = write.seq(
    write.seq(write.oid(DIGEST_OIDS[digest]), write.nothing()),
    write.octets(nameHash),
    write.octets(keyHash),
    write.integer(serial),
  );
  const extensions = nonce
    ? [write.tagged(2, write.seq(write.seq(write.oid(NONCE_OID), write.octets(nonceValue(nonce)))))]
    : [];
  return write.seq(write.seq(write.seq(write.seq(certId)), ...extensions));
}

/** An OCTET STRING, which then stands inside the extension's own OCTET STRING (RFC 9654 §2.1). */
export const nonceValue = (nonce: Uint8Array): Buffer => write.octets(nonce);

/** RFC 6960 Appendix A.1: longer addresses are for POST. */
const MAX_ADDRESS = 255;

export type Transport = {
  method: 'GET' | 'POST';
  url: string;
  body?: Buffer;
  headers: Record<string, string>;
};

/**
 * How a request travels: GET when the whole address stays within 255 bytes, so that caches may answer; else POST. A
 * request with a nonce is made for no cache (RFC 6960 Appendix A.1, RFC 5019 §5) and is posted.
 */
export function transportOf(url: string, request: Buffer, nonce: Uint8Array | null): Transport {
  const address = `${url.replace(/\/$/, '')}/${encodeURIComponent(request.toString('base64'))}`;
  if (nonce === null && !/[?#]/.test(url) && address.length <= MAX_ADDRESS)
    return { method: 'GET', url: address, headers: { accept: ANSWER } };
  return posted(url, request);
}

const ANSWER = 'application/ocsp-response';
export const posted = (url: string, request: Buffer): Transport => ({
  method: 'POST',
  url,
  body: request,
  headers: { 'content-type': 'application/ocsp-request', accept: ANSWER },
});
