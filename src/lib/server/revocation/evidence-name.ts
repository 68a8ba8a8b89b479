// What an object of evidence is called in sentences. Pure.
import { serialDecimal } from '#lib/format.ts';
import type * as store from './store.ts';

/** "CRL BSrE nomor 1204", or "jawaban OCSP BSrE" inside a sentence. */
export const evidenceName = (held: Pick<store.EvidenceRow, 'kind' | 'issuerName' | 'crlNumber'>): string =>
  held.kind === 'crl'
    ? `CRL ${held.issuerName}${held.crlNumber === null ? '' : ` nomor ${serialDecimal(held.crlNumber)}`}`
    : `jawaban OCSP ${held.issuerName}`;
