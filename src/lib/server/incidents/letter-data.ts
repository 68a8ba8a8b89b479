// From an incident to the data of its letter: what a person typed plus what the record says. Pure. Serial numbers yes,
// NIK and NIP never.
import { createHash } from 'node:crypto';
import type { IncidentLetter, Office, Signatory } from '#reports/incident-letter.ts';
import { dateTime, number } from '#lib/format.ts';
import { incidentTypes, parties, yesNo } from '#lib/terms.ts';
import { startOfDay } from '../calendar.ts';
import { withoutNik } from '../nik.ts';
import { POLICY } from './clocks.ts';
import { clockOf, occurrenceOf, type Dossier, type Letter, type Obligation } from './dossier.ts';
import { stateFacts } from './facts.ts';
import type { LetterContent, Stage } from './kinds.ts';
import { track } from './states.ts';
import { occurredText, officialChronology } from './timeline.ts';

export type Setting = {
  office: Office;
  signatory: Signatory;
  paper: 'F4' | 'A4';
  mayorWord: string;
  contact: { name: string; position: string; phone: string; email: string };
  trail: { size: number; root: string; at: number };
};

/** What the form of a new letter is filled with; the author goes over it. */
export function proposal(
  dossier: Dossier,
  o: Obligation,
  to: { addressee: string; address: string; email: string } | null,
): LetterContent {
  const what = dossier.clause
    ? `Peristiwa ini termasuk Pasal 19 ayat (2) huruf ${dossier.clause}.`
    : 'Peristiwa ini termasuk insiden menurut Pasal 19 ayat (1).';
  return {
    addressee: to?.addressee ?? parties[o.party],
    addresseePlace: to?.address ?? '',
    email: to?.email ?? '',
    subject:
      o.stage === 'early_notice'
        ? 'Pemberitahuan Awal Insiden Keamanan Informasi dalam Penggunaan Sertifikat Elektronik'
        : 'Permintaan Bantuan Teknis atas Permasalahan Penggunaan Sertifikat Elektronik',
    classification: 'Terbatas / Segera',
    description: `${incidentTypes[dossier.type]} pada ${dossier.agency.name}. ${dossier.description.replace(/\s*$/, '')} ${what}`,
    impact:
      'Dampak masih diperiksa. Sampai dengan surat ini disusun belum diketahui adanya dokumen yang disalahgunakan atau data pribadi yang terungkap.',
    measures: '',
  };
}

/** What the record says to the questions of an early notice; the author may know better. */
export function answers(dossier: Dossier, stage: Stage): Pick<LetterContent, 'misuse' | 'contained'> {
  if (stage !== 'early_notice') return {};
  const contained = track(stateFacts(dossier)).some((step) => step.state === 'contained' && step.at !== null);
  return { misuse: dossier.type === 'misuse' ? 'yes' : 'unknown', contained: contained ? 'yes' : 'no' };
}

/** The facts an authority looks for first, each on its own line (incident-escalation §8, stage 1). */
function essentials(dossier: Dossier, { misuse, contained }: LetterContent): IncidentLetter['essentials'] {
  const owners = new Set(dossier.certificates.map((c) => c.commonName)).size;
  return [
    ['Perangkat Daerah', dossier.agency.name],
    ['Jenis insiden', incidentTypes[dossier.type]],
    ['Waktu kejadian', occurredText(occurrenceOf(dossier))],
    [
      'Sertifikat terdampak',
      owners ? `${number(dossier.certificates.length)} sertifikat, ${number(owners)} pemilik` : 'belum diketahui',
    ],
    ...(misuse ? [['Dugaan penyalahgunaan', yesNo[misuse]] as [string, string]] : []),
    ...(contained ? [['Sudah terkendali', contained === 'yes' ? 'Ya' : 'Belum'] as [string, string]] : []),
  ];
}

/** The whole letter. `draft` prints the band and no number is invented. */
export function letterData(
  dossier: Dossier,
  o: Obligation,
  letter: Pick<Letter, 'number' | 'date' | 'content'>,
  setting: Setting,
  draft: boolean,
): IncidentLetter {
  const { content } = letter;
  const clock = clockOf(o);
  const data: IncidentLetter = {
    office: setting.office,
    signatory: setting.signatory,
    paper: setting.paper,
    number: letter.number,
    date: startOfDay(letter.date),
    city: setting.office.city,
    classification: content.classification,
    attachments: '-',
    subject: content.subject,
    addressee: content.addressee,
    address: content.addresseePlace,
    party: o.party,
    incident: dossier.number,
    opening: openings[o.stage](dossier, setting),
    reporter: setting.contact,
    essentials: essentials(dossier, content),
    description: content.description,
    // Notes of an earlier release may carry a NIK.
    chronology: officialChronology(dossier).map(({ at, text }) => ({ at, text: withoutNik(text) })),
    impact: content.impact,
    actions: content.measures,
    certificates: dossier.certificates.map((c) => ({
      name: c.commonName,
      serial: c.serial,
      fingerprint: c.facets.fingerprint,
      ...(c.revocationSeenAt !== null && c.facets.revocation === 'revoked'
        ? { note: `Dicabut; terlihat ${dateTime(c.revocationSeenAt)}` }
        : {}),
    })),
    clock: { knownAt: clock.startAt, dueAt: clock.dueAt, basis: POLICY },
    legal: [{ article: o.basis, text: o.legalText }],
    closing: '',
    copies:
      o.stage === 'early_notice'
        ? [`${setting.mayorWord} Batam`, 'Sekretaris Daerah Kota Batam', 'Inspektur Daerah Kota Batam']
        : [],
    trail: setting.trail,
    contentHash: '',
    draft,
  };
  return { ...data, contentHash: contentHash(data) };
}

/** Early notices use the standard opening of the document. */
const openings: Record<Stage, (dossier: Dossier, setting: Setting) => string> = {
  early_notice: () => '',
  technical_help: (dossier, { office }) =>
    `Berdasarkan Pasal 20 ayat (2) Peraturan Walikota Batam Nomor 27 Tahun 2020 tentang Penerapan Sertifikat Elektronik pada Sistem Pemerintahan Berbasis Elektronik, bersama ini kami meminta bantuan teknis Balai Besar Sertifikasi Elektronik atas permasalahan dalam penggunaan sertifikat elektronik di lingkungan ${office.government}, yang tercatat dengan nomor insiden ${dossier.number}. Kami memohon pemeriksaan atas sertifikat dan tanda tangan yang disebut di bawah ini beserta hasilnya secara tertulis.`,
};

/** SHA-256 over what the letter says: its data without the trail, the draft mark and the hash itself, keys sorted. */
function contentHash(data: IncidentLetter): string {
  const { trail: _trail, contentHash: _hash, draft: _draft, ...said } = data;
  return createHash('sha256')
    .update(JSON.stringify(sorted(said)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
