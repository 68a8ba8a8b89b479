// A CRL or OCSP answer in words: header, scope, extensions as they stand in the bytes. Pure.
import { bytes as size, dateTime, number, serial as serialText, serialDecimal } from '#lib/format.ts';
import { SIGNATURES } from '../certificates/describe.ts';
import { boolean, DerError, inside, oid, readTlv, sequence, single, TAG } from '../x509/der.ts';
import { readName } from '../x509/name.ts';
import type { Crl } from './crl.ts';
import type { BasicResponse, SingleResponse } from './ocsp.ts';
import { codedReason } from './signal-words.ts';

export type Fact = { label: string; value: string; hint?: string };
export type ExtensionFact = { oid: string; name: string; critical: boolean };

export const algorithmName = (id: string): string => SIGNATURES[id] ?? id;

const LIST_EXTENSIONS: Record<string, string> = {
  '2.5.29.18': 'Nama alternatif penerbit (issuerAltName)',
  '2.5.29.20': 'Nomor CRL (cRLNumber)',
  '2.5.29.27': 'Penanda delta (deltaCRLIndicator)',
  '2.5.29.28': 'Cakupan (issuingDistributionPoint)',
  '2.5.29.35': 'Pengenal kunci penerbit (authorityKeyIdentifier)',
  '2.5.29.46': 'Tempat CRL delta (freshestCRL)',
  '2.5.29.60': 'Memuat yang kedaluwarsa (expiredCertsOnCRL)',
  '1.3.6.1.5.5.7.1.1': 'Alamat sertifikat penerbit (authorityInfoAccess)',
};

/** The extensions of a list with their criticality, in the order in which they stand. */
export function extensionsOf(crl: Pick<Crl, 'tbs'>): ExtensionFact[] {
  const parts = sequence(single(crl.tbs, TAG.sequence));
  while (!parts.done && parts.tag !== 0xa0) parts.next();
  if (parts.done) return [];
  const list = sequence(inside(parts.next()));
  const found: ExtensionFact[] = [];
  while (!list.done) {
    const extension = sequence(list.next());
    const id = oid(extension.next());
    const flag = extension.optional(TAG.boolean);
    found.push({ oid: id, name: LIST_EXTENSIONS[id] ?? 'tidak dikenal', critical: flag !== null && boolean(flag) });
  }
  return found;
}

const REASON_FLAGS = [
  '',
  'kunci bocor',
  'kunci penerbit bocor',
  'data berubah',
  'digantikan',
  'berhenti dipakai',
  'ditangguhkan',
  'hak ditarik',
  'otoritas atribut bocor',
];

export const reasonsText = (reasons: readonly number[] | null): string =>
  reasons === null ? 'semua alasan' : reasons.map((bit) => REASON_FLAGS[bit] ?? `bit ${bit}`).join(', ');

/** A GeneralName kept as the hex of its DER: a URI as text, else its kind. */
export function nameText(hex: string): string {
  try {
    const der = Buffer.from(hex, 'hex');
    const tlv = readTlv(der, 0, der.length);
    if (tlv.tag === 0x86) return tlv.bytes.subarray(tlv.content, tlv.end).toString('latin1');
    if (tlv.tag === 0xa4) return readName(inside(tlv)).text;
    return `nama jenis ${tlv.tag & 0x1f}`;
  } catch (error) {
    if (error instanceof DerError) return 'nama yang tidak terbaca';
    throw error;
  }
}

/** What an IDP says in a line. */
export function scopeText(crl: Pick<Crl, 'scope'>): string {
  const { scope } = crl;
  if (!scope) return 'seluruh sertifikat penerbit';
  const parts = [
    scope.onlyUser && 'hanya sertifikat pengguna',
    scope.onlyCa && 'hanya sertifikat CA',
    scope.onlyAttribute && 'hanya sertifikat atribut',
    scope.indirect && 'tidak langsung (memuat penerbit lain)',
    scope.reasons && `hanya alasan ${reasonsText(scope.reasons)}`,
    scope.names.length && `tempat ${scope.names.map(nameText).join(', ')}`,
  ];
  return parts.filter(Boolean).join('; ');
}

export function listFacts(crl: Crl, held: { entryCount: number | null; size: number }): Fact[] {
  return [
    { label: 'Penerbit di dalam CRL', value: crl.issuer.text },
    { label: 'Versi', value: `v${crl.version}` },
    { label: 'Algoritma tanda tangan', value: algorithmName(crl.algorithm.oid), hint: crl.algorithm.oid },
    {
      label: 'Nomor CRL',
      value: crl.number === null ? 'tidak ada' : serialDecimal(crl.number),
      hint: crl.number === null ? undefined : `0x${crl.number}`,
    },
    ...(crl.deltaOf === null ? [] : [{ label: 'Delta dari CRL nomor', value: serialDecimal(crl.deltaOf) }]),
    { label: 'Terbit (thisUpdate)', value: dateTime(crl.thisUpdate.ms), hint: crl.thisUpdate.text },
    {
      label: 'Terbitan berikutnya (nextUpdate)',
      value: crl.nextUpdate ? dateTime(crl.nextUpdate.ms) : 'tidak disebut',
      hint: crl.nextUpdate?.text,
    },
    { label: 'Jumlah entri', value: number(held.entryCount), hint: size(held.size) },
    { label: 'Cakupan (IDP)', value: scopeText(crl) },
    { label: 'Pengenal kunci penerbit (AKI)', value: crl.keyId ? serialText(crl.keyId) : 'tidak ada' },
    ...(crl.expiredSince === null
      ? []
      : [{ label: 'Memuat yang kedaluwarsa sejak', value: dateTime(crl.expiredSince) }]),
  ];
}

export const answerWords = {
  good: 'tidak dicabut (good)',
  revoked: 'dicabut (revoked)',
  unknown: 'tidak dikenal (unknown)',
} as const;

export function answerFacts(basic: BasicResponse, about: SingleResponse | undefined): Fact[] {
  const facts: Fact[] = [
    { label: 'Dibuat responder (producedAt)', value: dateTime(basic.producedAt) },
    { label: 'Algoritma tanda tangan', value: algorithmName(basic.algorithm.oid), hint: basic.algorithm.oid },
    {
      label: 'Pengenal responder',
      value: 'name' in basic.responder ? responderName(basic.responder.name) : 'sidik kunci (byKey)',
      hint: 'name' in basic.responder ? 'nama (byName)' : basic.responder.keyHash.toString('hex'),
    },
    { label: 'Nonce', value: basic.nonce ? `${number(basic.nonce.length)} oktet` : 'tidak ada' },
    { label: 'Jumlah jawaban di dalamnya', value: number(basic.singles.length) },
  ];
  if (!about) return facts;
  return [
    { label: 'Nomor seri', value: serialText(about.certId.serial) },
    { label: 'Jawaban', value: answerWords[about.status] },
    ...(about.status === 'revoked'
      ? [
          { label: 'Dicabut pada', value: dateTime(about.revokedAt) },
          { label: 'Alasan', value: codedReason(about.reason) },
        ]
      : []),
    { label: 'Berlaku sejak (thisUpdate)', value: dateTime(about.thisUpdate) },
    {
      label: 'Jawaban berikutnya (nextUpdate)',
      value: about.nextUpdate === null ? 'tidak disebut' : dateTime(about.nextUpdate),
    },
    ...(about.archiveCutoff === null
      ? []
      : [{ label: 'Arsip sejak (archiveCutoff)', value: dateTime(about.archiveCutoff) }]),
    ...facts,
  ];
}

function responderName(der: Buffer): string {
  try {
    return readName(single(der, TAG.sequence)).text;
  } catch (error) {
    if (error instanceof DerError) return 'nama yang tidak terbaca';
    throw error;
  }
}
