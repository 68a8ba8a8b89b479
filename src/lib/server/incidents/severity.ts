// Severity from two judged facts and the office of the holder, by a printed table (incident-escalation §4). Pure.

export const LEVELS = ['low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** Sentences a handler chooses between, 1 to 4. */
export const IMPACTS = [
  'Satu orang, tidak ada dokumen terdampak',
  'Satu orang, ada dokumen terdampak',
  'Beberapa sertifikat atau layanan publik',
  'Pimpinan daerah, segel elektronik, atau dokumen keuangan/terbit',
] as const;
export const URGENCIES = [
  'Rusak atau tidak dapat diakses, tidak terpapar',
  'Belum jelas apakah terpapar',
  'Mungkin dapat dipakai orang lain',
  'Pemakaian oleh orang lain terlihat',
] as const;

/** Rows: impact 1–4; columns: urgency 1–4. */
export const TABLE: readonly (readonly Level[])[] = [
  ['low', 'low', 'medium', 'high'],
  ['low', 'medium', 'medium', 'high'],
  ['medium', 'medium', 'high', 'critical'],
  ['medium', 'high', 'critical', 'critical'],
];

export type Assessed = { impact: number; urgency: number; highOffice: boolean };

/** @param facts impact and urgency 1–4; a head of agency or above, a seal or a public TLS key raises by one level */
export function severityOf({ impact, urgency, highOffice }: Assessed): Level {
  const level = TABLE[impact - 1]?.[urgency - 1];
  if (!level) throw new RangeError(`impact ${impact} and urgency ${urgency} must be 1 to 4`);
  return LEVELS[Math.min(LEVELS.length - 1, LEVELS.indexOf(level) + (highOffice ? 1 : 0))]!;
}

export const isHigher = (a: Level, b: Level): boolean => LEVELS.indexOf(a) > LEVELS.indexOf(b);

/** Peraturan BSSN 1/2024 Pasal 15: cyber incidents of at least risiko tinggi are reported. */
export const isReportableRisk = (level: Level): boolean => level === 'high' || level === 'critical';

/** Whether another person has to approve the review before it closes (incident-escalation §9). */
export const needsApprovedReview = isReportableRisk;
