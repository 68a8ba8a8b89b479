// Two certificates side by side: the one that ends and the one that may follow it. What differs, and what of it makes
// somebody look twice before it counts as a renewal. Pure.
import { date, span } from '#lib/format.ts';
import { DAY } from '../calendar.ts';
import { PURPOSES, SIGNATURES, USAGES } from './describe.ts';
import { nameKey } from './names.ts';

export type Side = {
  commonName: string;
  subject: string;
  issuer: string;
  notBefore: number | null;
  notAfter: number | null;
  keySha256: string | null;
  keyAlgorithm: string | null;
  keyBits: number | null;
  signatureAlgorithm: string | null;
  keyUsage: string[] | null;
  eku: string[] | null;
  policies: string[] | null;
  san: string[];
  crlUrls: string[];
  ocspUrls: string[];
};

export type Difference = {
  label: string;
  older: string;
  newer: string;
  same: boolean;
  /** A sentence when a person should look: certificate-status §9 (same key across renewals), RFC 5280 §4.2.1. */
  doubt?: string;
};

/** The order and words of the comparison. */
export function compare(older: Side, newer: Side): Difference[] {
  const row = (label: string, a: string, b: string, doubt?: string | null): Difference => ({
    label,
    older: a || '—',
    newer: b || '—',
    same: a === b,
    ...(doubt ? { doubt } : {}),
  });
  const list = (values: readonly string[] | null) => [...(values ?? [])].sort().join(', ');
  const algorithm = ({ signatureAlgorithm: oid }: Side) => (oid === null ? '' : (SIGNATURES[oid] ?? oid));
  const period = (side: Side) => `${date(side.notBefore)} sampai ${date(side.notAfter)}`;
  return [
    row('Nama', older.commonName, newer.commonName, nameDoubt(older, newer)),
    row('Subjek', older.subject, newer.subject),
    row('Masa berlaku', period(older), period(newer), gapDoubt(older, newer)),
    row('Kunci', keyText(older), keyText(newer), keyDoubt(older, newer)),
    row('Penerbit', older.issuer, newer.issuer),
    row('Algoritma tanda tangan', algorithm(older), algorithm(newer)),
    row(
      'Kegunaan kunci',
      list(usages(older)),
      list(usages(newer)),
      lost('Kegunaan kunci', usages(older), usages(newer)),
    ),
    row(
      'Kegunaan tambahan',
      list(purposes(older)),
      list(purposes(newer)),
      lost('Kegunaan tambahan', purposes(older), purposes(newer)),
    ),
    row('Kebijakan', list(older.policies), list(newer.policies)),
    row('Nama alternatif', list(older.san), list(newer.san), lost('Nama', older.san, newer.san)),
    row('CRL', list(older.crlUrls), list(newer.crlUrls)),
    row('OCSP', list(older.ocspUrls), list(newer.ocspUrls)),
  ];
}

/** What `doubts` looks at. */
export type Compared = Pick<
  Side,
  'commonName' | 'notBefore' | 'notAfter' | 'keySha256' | 'keyAlgorithm' | 'keyBits' | 'keyUsage' | 'eku' | 'san'
>;

/** Sentences that keep a proposal from being taken for granted, as `compare` shows them; none: an ordinary renewal. */
export const doubts = (older: Compared, newer: Compared): string[] =>
  [
    nameDoubt(older, newer),
    gapDoubt(older, newer),
    keyDoubt(older, newer),
    lost('Kegunaan kunci', usages(older), usages(newer)),
    lost('Kegunaan tambahan', purposes(older), purposes(newer)),
    lost('Nama', older.san, newer.san),
  ].filter((doubt) => doubt !== null);

const usages = ({ keyUsage }: Compared) => keyUsage?.map((one) => USAGES[one as keyof typeof USAGES] ?? one) ?? null;
const purposes = ({ eku }: Compared) => eku?.map((oid) => PURPOSES[oid] ?? oid) ?? null;

/** Days without any certificate between the two (positive), or days both are in force (negative). */
export function gapDays(older: Compared, newer: Compared): number | null {
  if (older.notAfter === null || newer.notBefore === null) return null;
  return Math.trunc((newer.notBefore - older.notAfter) / DAY);
}

const keyText = (side: Side): string =>
  [side.keyAlgorithm, side.keyBits && `${side.keyBits} bit`, side.keySha256 && `${side.keySha256.slice(0, 16)}…`]
    .filter(Boolean)
    .join(' ');

const nameDoubt = (older: Compared, newer: Compared): string | null =>
  nameKey(older.commonName) === nameKey(newer.commonName) ? null : 'Nama pada kedua sertifikat berbeda.';

function gapDoubt(older: Compared, newer: Compared): string | null {
  const gap = gapDays(older, newer);
  return gap !== null && gap > 0 ? `Ada jeda ${span(gap * DAY)} tanpa sertifikat yang berlaku.` : null;
}

function keyDoubt(older: Compared, newer: Compared): string | null {
  if (older.keySha256 && older.keySha256 === newer.keySha256) {
    return 'Kunci publik sama: kunci privat yang lama dipakai terus.';
  }
  const weaker =
    older.keyAlgorithm === newer.keyAlgorithm &&
    older.keyBits !== null &&
    newer.keyBits !== null &&
    newer.keyBits < older.keyBits;
  return weaker ? `Kunci yang baru lebih pendek: ${newer.keyBits} bit.` : null;
}

function lost(what: string, older: readonly string[] | null, newer: readonly string[] | null): string | null {
  if (!older?.length || newer === null) return null;
  const gone = older.filter((value) => !newer.includes(value));
  return gone.length ? `${what} tidak ada lagi pada yang baru: ${gone.join(', ')}.` : null;
}
