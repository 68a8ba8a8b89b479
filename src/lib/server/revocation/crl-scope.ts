// The scope of a CRL (IssuingDistributionPoint, RFC 5280 §5.2.5) and the names by which it meets the distribution
// points of certificates. Names are hex of a GeneralName's DER, because they compare byte for byte.
import { children, DerError, inside, namedBits, sequence, single, TAG, value, whole, type Tlv } from '../x509/der.ts';
import * as write from '../x509/der-writer.ts';

export type Scope = {
  /** fullName, or nameRelativeToCRLIssuer resolved; empty: no name. */
  names: string[];
  onlyUser: boolean;
  onlyCa: boolean;
  onlyAttribute: boolean;
  /** ReasonFlags as bit positions, null: all reasons. */
  reasons: number[] | null;
  indirect: boolean;
  der: Buffer;
};

/**
 * @param issuer DER of the CRL issuer's name, to which a relative name is relative
 * @throws DerError
 */
export function readScope(tlv: Tlv, issuer: Buffer): Scope {
  const cursor = sequence(tlv);
  // "MUST NOT issue CRLs where the DER encoding of the IDP extension is an empty sequence" (§5.2.5).
  if (cursor.done) throw new DerError('empty issuing distribution point');
  const point = cursor.optional(0xa0);
  const flag = (n: number) => {
    const found = cursor.optional(0x80 | n);
    if (!found) return false;
    if (found.end - found.content !== 1) throw new DerError('bad boolean');
    return found.bytes[found.content] !== 0;
  };
  const onlyUser = flag(1);
  const onlyCa = flag(2);
  const reasons = cursor.optional(0x83);
  const indirect = flag(4);
  const onlyAttribute = flag(5);
  cursor.finish();
  return {
    names: point ? pointNames(point, issuer) : [],
    onlyUser,
    onlyCa,
    onlyAttribute,
    reasons: reasons ? namedBits(reasons) : null,
    indirect,
    der: whole(tlv),
  };
}

/**
 * The names of a DistributionPointName wrapper ([0] of an IDP or of a DistributionPoint).
 * @param issuer DER of the name of the CRL issuer
 */
export function pointNames(wrapper: Tlv, issuer: Buffer): string[] {
  const inner = inside(wrapper);
  if (inner.tag === 0xa0) return children(inner, 256).map((name) => whole(name).toString('hex'));
  if (inner.tag !== 0xa1) throw new DerError('bad distribution point name');
  return [relativeName(issuer, value(inner)).toString('hex')];
}

/** nameRelativeToCRLIssuer: one RDN put behind the issuer's own (§4.2.1.13). */
function relativeName(issuer: Buffer, rdn: Buffer): Buffer {
  return write.tagged(4, write.seq(value(single(issuer, TAG.sequence)), write.element(TAG.set, rdn)));
}

/** The name as a GeneralName. */
export const directoryName = (name: Buffer): string => write.tagged(4, name).toString('hex');

/** A URI as it stands in a GeneralName ([6] IA5String). */
export const uriName = (url: string): string => write.primitive(6, Buffer.from(url, 'latin1')).toString('hex');
