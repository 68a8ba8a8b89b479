// The words of the room as codes, and what each type of incident means for its course. Pure; Indonesian labels are in
// terms.ts.

/** Types of incident. Perwali 27/2020 Pasal 19(2); the list there is open ("diantaranya"). */
export const TYPES = [
  'key_lost',
  'passphrase_leaked',
  'key_damaged',
  'key_inaccessible',
  'misuse',
  'authentication_dispute',
  'authenticity_dispute',
  'repudiation',
  'other',
] as const;
export type IncidentType = (typeof TYPES)[number];

/**
 * exposure: somebody else may use the key, so revocation is the cure; plain: the key is of no use to anybody, the short
 * path reported → handled → closed; dispute: the document and the signature are preserved first.
 */
export type Course = 'exposure' | 'plain' | 'dispute';

export const types: Record<
  IncidentType,
  { clause: 'a' | 'b' | null; course: Course; revocation: RevocationReason | null }
> = {
  key_lost: { clause: 'a', course: 'exposure', revocation: 'KEY_LOST' },
  passphrase_leaked: { clause: 'a', course: 'exposure', revocation: 'KEY_LEAKED' },
  key_damaged: { clause: 'a', course: 'plain', revocation: 'KEY_DAMAGED' },
  key_inaccessible: { clause: 'a', course: 'plain', revocation: 'KEY_DAMAGED' },
  misuse: { clause: 'b', course: 'exposure', revocation: 'MISUSE_SUSPECTED' },
  authentication_dispute: { clause: 'b', course: 'dispute', revocation: null },
  authenticity_dispute: { clause: 'b', course: 'dispute', revocation: null },
  repudiation: { clause: 'b', course: 'dispute', revocation: null },
  other: { clause: null, course: 'plain', revocation: null },
};

/** What a reporter ticks at "Apa yang terjadi?", and the type a handler is offered first. */
export const INTAKE_KINDS = [
  'device_lost',
  'passphrase_known',
  'cannot_sign',
  'foreign_signature',
  'declared_invalid',
  'other',
] as const;
export type IntakeKind = (typeof INTAKE_KINDS)[number];

export const proposedType: Record<IntakeKind, IncidentType> = {
  device_lost: 'key_lost',
  passphrase_known: 'passphrase_leaked',
  cannot_sign: 'key_inaccessible',
  foreign_signature: 'repudiation',
  declared_invalid: 'authenticity_dispute',
  other: 'other',
};

/** Reasons for a revocation and the RFC 5280 §5.3.1 code that is asked for. */
export const REVOCATION_REASONS = [
  'KEY_LOST',
  'KEY_LEAKED',
  'KEY_DAMAGED',
  'MISUSE_SUSPECTED',
  'DATA_ERROR',
  'TRANSFER',
  'RETIREMENT',
  'DECEASED',
  'REPLACED',
  'AGREEMENT_BREACH',
  'OTHER',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

export const rfcReason: Record<RevocationReason, number> = {
  KEY_LOST: 1,
  KEY_LEAKED: 1,
  KEY_DAMAGED: 4,
  MISUSE_SUSPECTED: 1,
  DATA_ERROR: 3,
  TRANSFER: 3,
  RETIREMENT: 5,
  DECEASED: 5,
  REPLACED: 4,
  AGREEMENT_BREACH: 9,
  OTHER: 0,
};

export const STAGES = ['early_notice', 'technical_help'] as const;
export type Stage = (typeof STAGES)[number];

export const CHANNELS = ['email', 'courier', 'portal', 'phone'] as const;
export type Channel = (typeof CHANNELS)[number];

export const PRECISIONS = ['minute', 'hour', 'day'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** NIS2-style facet for statistics (MISP taxonomy `nis2`, incident-escalation §4). */
export const ROOT_CAUSES = ['human', 'malicious', 'system', 'third_party', 'nature', 'unknown'] as const;
export type RootCause = (typeof ROOT_CAUSES)[number];

export const OUTCOMES = ['revoked_replaced', 'revoked', 'access_restored', 'proven', 'not_proven', 'settled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the author of a letter types; everything else in it is read from the record. */
export type LetterContent = {
  addressee: string;
  addresseePlace: string;
  email: string;
  subject: string;
  classification: string;
  description: string;
  impact: string;
  measures: string;
  /** Of an early notice (Peraturan BSSN 1/2024); absent in letters of the first release. */
  misuse?: 'yes' | 'no' | 'unknown';
  contained?: 'yes' | 'no';
};
