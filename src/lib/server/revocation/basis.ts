// The answer to "why this status?" in a few sentences for people: what says so, since when we know it, how fresh that is,
// by which clause, what to do. Pure; the facets behind it are in facet-words.ts.
import { dateTime } from '#lib/format.ts';
import { isNeverIssued, saidOf } from '#lib/status-words.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import type { Episode } from './episodes.ts';
import type { FacetRow, FacetWords } from './facet-words.ts';

export type Basis = {
  /** Up to the evidence, which follows as a link: "Nomor serinya tercantum sebagai dicabut di". */
  lead: string;
  /** The evidence by name; null: there is none, and `lead` is the whole sentence. */
  evidence: { id: string; name: string; tail: string } | null;
  /** Since when we know it, and how fresh the evidence is. */
  known: string;
  /** What the status rests on, as people of the field quote it. */
  clause: string;
  /** What to do about the revocation; null: nothing. */
  todo: string | null;
};

type Held = { id: string; name: string; kind: 'crl' | 'ocsp'; thisUpdate: number; origin: 'fetched' | 'uploaded' };

/**
 * @param facets of the same row, in their order: revocation, freshness, chain, time, lifecycle, maybe issuers
 * @param since where what is known now began @param asked open questions to the issuer about it
 */
export function basisOf(
  row: FacetRow & { label: CertificateLabel },
  facets: readonly FacetWords[],
  { held, since, asked }: { held: Held | null; since: Episode | null; asked: boolean },
): Basis {
  const [revocation, freshness] = facets as [FacetWords, FacetWords];
  const byIssuer = row.label === 'stale' && freshness.tone === 'ok';
  return {
    lead: held ? leadOf(row, held.kind) : revocation.text,
    evidence: held && {
      id: held.id,
      name: held.name,
      tail: `, terbit ${dateTime(held.thisUpdate)}${held.origin === 'uploaded' ? ', diunggah petugas' : ''}.`,
    },
    known: held
      ? [sinceWords(row.revocation, since), freshness.text, byIssuer ? facets[ISSUERS]?.text : '']
          .filter(Boolean)
          .join(' ')
      : '',
    clause: (facets[byIssuer ? ISSUERS : (DECIDES[row.label] ?? 0)] ?? revocation).clause,
    todo: asked ? 'Bukti penerbit janggal: nilai kejanggalannya dan tanyakan ke penerbit.' : todoOf(row),
  };
}

/** What is known of the issuers, where there are any below the anchor. */
const ISSUERS = 5;

/** Which facet decides a label; the first, where none is named. */
const DECIDES: Partial<Record<CertificateLabel, number>> = {
  stale: 1,
  ageing: 1,
  bad_signature: 2,
  ca_revoked: 2,
  invalid_path: 2,
  ca_expired: 2,
  untrusted: 2,
  incomplete: 2,
  expired: 3,
  not_yet_valid: 3,
};

function leadOf(row: FacetRow, kind: Held['kind']): string {
  const status = row.revocation;
  const list = kind === 'crl';
  if (isNeverIssued(saidOf(row))) return 'Penerbit menjawab tidak pernah menerbitkan nomor seri ini dalam';
  switch (status) {
    case 'good':
      return list ? 'Nomor serinya tidak tercantum di' : 'Penerbit menjawab tidak dicabut dalam';
    case 'revoked':
      return list ? 'Nomor serinya tercantum sebagai dicabut di' : 'Penerbit menjawab dicabut dalam';
    case 'on_hold':
      return list ? 'Nomor serinya tercantum sebagai ditangguhkan di' : 'Penerbit menjawab ditangguhkan dalam';
    case 'released':
      return list
        ? 'Pernah ditangguhkan; nomor serinya tidak tercantum lagi di'
        : 'Pernah ditangguhkan; penerbit kini menjawab tidak dicabut dalam';
    case 'unknown':
      return 'Penerbit menjawab tidak mengetahui sertifikat ini dalam';
    case 'conflict':
      return 'Dua bukti yang sama-sama sah bertentangan; yang dipegang';
    default:
      return 'Bukti terakhir belum cukup untuk menentukan:';
  }
}

function sinceWords(status: FacetRow['revocation'], since: Episode | null): string {
  if (!since?.evidenceId || since.status !== status) return '';
  const verb = status === 'revoked' || status === 'on_hold' ? 'pertama melihatnya' : 'mengetahuinya sejak';
  return `Siaga ${verb} ${dateTime(since.from)}.`;
}

/** Reasons by which a certificate ends in the ordinary way: affiliation changed, superseded, no longer used. */
const ORDINARY: readonly (number | null)[] = [3, 4, 5];

function todoOf(row: FacetRow & { label: CertificateLabel }): string | null {
  switch (row.label) {
    case 'revoked':
      return ORDINARY.includes(row.revocationReason)
        ? 'Pastikan pemiliknya berhenti memakainya; alasan penerbit ini biasa saat pegawai pindah atau sertifikat diganti.'
        : 'Pastikan pemiliknya berhenti memakainya. Bila pencabutan ini bukan permintaan Dinas, buka insiden.';
    case 'on_hold':
      if (isNeverIssued(saidOf(row)))
        return 'Jangan dipakai. Periksa dari mana berkasnya datang dan tanyakan ke penerbit; bila bukan sertifikat yang baru saja terbit, buka insiden.';
      return 'Jangan dipakai. Tanyakan kepada pemiliknya apakah ia memintanya; bila tidak, buka insiden.';
    default:
      return null;
  }
}
