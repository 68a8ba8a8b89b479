// What a status is called where the code alone does not say it: "never issued" is kept as on hold. Pure.
import { midSentence } from './format.ts';
import {
  certificateLabels,
  neverIssued,
  revocationReasons,
  revocationWords,
  type CertificateLabel,
  type Tone,
} from './terms.ts';

/** What a source says of revocation, as rows, events and spans of time keep it. */
export type Said = { status: string; source: unknown; revokedAt: unknown };

/**
 * "Never issued": said by a responder as on hold since 1 January 1970 (RFC 6960 §2.2, §4.4.8). It counts as on hold, but
 * nobody put it there: the CA does not know it, and 1970 is no date of anything.
 */
export const isNeverIssued = ({ status, source, revokedAt }: Said): boolean =>
  status === 'on_hold' && source === 'ocsp' && revokedAt === 0;

/** The revocation facet as a row of certificates has it. */
export type Facet = { revocation: string; revocationSource: unknown; revokedAt: unknown };
export const saidOf = ({ revocation, revocationSource, revokedAt }: Facet): Said => ({
  status: revocation,
  source: revocationSource,
  revokedAt,
});

/** Word, tone and icon of a label. @param row whose label it is; a label alone has the words of its code */
export const labelTerm = (label: CertificateLabel, row?: Facet): { word: string; tone: Tone; icon: LabelIcon } =>
  label === 'on_hold' && row && isNeverIssued(saidOf(row)) ? neverIssued : certificateLabels[label];
type LabelIcon = (typeof certificateLabels)[CertificateLabel]['icon'];

/** The word inside a sentence: "dicabut", "tidak pernah diterbitkan CA". */
export const revocationWord = (said: Said): string =>
  isNeverIssued(said)
    ? midSentence(neverIssued.word)
    : (revocationWords[said.status as keyof typeof revocationWords] ?? said.status);

/** Why the CA says so: "kunci privat bocor atau hilang"; null: it names no reason. */
export const reasonWord = (code: number | null): string =>
  code === null ? 'tanpa alasan' : (revocationReasons[code]?.word ?? `kode ${code}`);

/** Since when the CA says so, UTC ms; null: it names no date. */
export const revokedSince = (said: Said): number | null =>
  typeof said.revokedAt !== 'number' || isNeverIssued(said) ? null : said.revokedAt;
