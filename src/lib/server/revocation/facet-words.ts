// The facets behind a status label in words, each with its clause (certificate-status §1). Pure.
import { dateTime, relative } from '#lib/format.ts';
import { isNeverIssued, saidOf } from '#lib/status-words.ts';
import { neverIssued, type Tone } from '#lib/terms.ts';
import { freshness, timeFacet, type Facets } from '../certificates/label.ts';
import { codedReason } from './signal-words.ts';

export type FacetWords = {
  name: string;
  word: string;
  tone: Tone;
  icon:
    | 'circle-check'
    | 'triangle-alert'
    | 'circle-x'
    | 'circle-dashed'
    | 'history'
    | 'circle-pause'
    | 'shield-x'
    | 'calendar-x';
  text: string;
  clause: string;
};

export type FacetRow = Facets & {
  revocationReason: number | null;
  revokedAt: number | null;
  revocationSource: 'crl' | 'ocsp' | 'none';
  supersededById: string | null;
  retiredAt: number | null;
};

const good = { tone: 'ok', icon: 'circle-check' } as const;
const wary = { tone: 'warn', icon: 'triangle-alert' } as const;
const bad = { tone: 'bad', icon: 'circle-x' } as const;
const open = { tone: 'mute', icon: 'circle-dashed' } as const;
const past = { tone: 'off', icon: 'history' } as const;

/**
 * @param chainWord what the chain's value is called @param now instant of judgement, UTC ms
 * @param carried the last confirmation came with a file, not from the source (confirmed-by.ts)
 */
export const facetsOf = (row: FacetRow, now: number, chainWord: string, carried = false): FacetWords[] => [
  revocationFacet(row),
  freshnessFacet(row, now, carried),
  chainFacet(row, chainWord),
  timeWords(row, now),
  lifecycleFacet(row),
];

function timeWords(row: FacetRow, now: number): FacetWords {
  const name = 'Masa berlaku';
  const clause = 'RFC 5280 §4.1.2.5';
  switch (timeFacet(row, now)) {
    case 'expired':
      return {
        name,
        word: 'Habis',
        tone: 'off',
        icon: 'calendar-x',
        clause,
        text: `Berakhir ${dateTime(row.notAfter)}.`,
      };
    case 'not_yet_valid':
      return { name, word: 'Belum mulai', ...wary, clause, text: `Mulai ${dateTime(row.notBefore)}.` };
    case 'no_expiry':
      return {
        name,
        word: 'Tanpa batas akhir',
        ...good,
        clause,
        text: 'Penerbit tidak menetapkan akhir (tahun 9999).',
      };
    default:
      return {
        name,
        word: 'Berjalan',
        ...good,
        clause,
        text: `${row.notBefore === null ? '' : `${dateTime(row.notBefore)} `}sampai ${dateTime(row.notAfter)}, kedua ujungnya termasuk.`,
      };
  }
}

function revocationFacet(row: FacetRow): FacetWords {
  const name = 'Pencabutan';
  const by = row.revocationSource === 'ocsp' ? 'jawaban OCSP' : 'CRL';
  const said = (text: string, clause: string) => ({ name, text, clause });
  switch (row.revocation) {
    case 'good':
      return {
        word: 'Tidak dicabut',
        ...good,
        ...said(
          row.revocationSource === 'ocsp'
            ? 'Responder penerbit menjawab tidak dicabut.'
            : 'Nomor serinya tidak tercantum di CRL lengkap penerbit.',
          row.revocationSource === 'ocsp' ? 'RFC 6960 §2.2' : 'RFC 5280 §6.3.3',
        ),
      };
    case 'revoked':
      return {
        word: 'Dicabut',
        ...bad,
        ...said(
          `Tercantum dicabut menurut ${by}${row.revokedAt === null ? '' : ` sejak ${dateTime(row.revokedAt)}`}, ${codedReason(row.revocationReason)}. Pencabutan tidak dapat dibatalkan.`,
          row.revocationSource === 'ocsp' ? 'RFC 6960 §2.2' : 'RFC 5280 §3.3',
        ),
      };
    case 'on_hold':
      if (isNeverIssued(saidOf(row)))
        return {
          ...neverIssued,
          ...said(
            'Penerbit menjawab tidak pernah menerbitkan nomor seri ini; hanya jawaban OCSP yang lebih baru dapat mengoreksinya, CRL tidak.',
            'RFC 6960 §2.2 dan §4.4.8',
          ),
        };
      return {
        word: 'Ditangguhkan',
        tone: 'bad',
        icon: 'circle-pause',
        ...said(
          `Ditangguhkan menurut ${by}; dapat dilepas atau menjadi pencabutan.`,
          row.revocationSource === 'ocsp' ? 'RFC 6960 §2.2' : 'RFC 5280 §5.3.1',
        ),
      };
    case 'released':
      return {
        word: 'Penangguhan dilepas',
        ...good,
        ...said('Pernah ditangguhkan; bukti yang lebih baru tidak mencantumkannya lagi.', 'RFC 5280 §5.3.1'),
      };
    case 'unknown':
      return {
        word: 'Tidak dikenal responder',
        ...wary,
        ...said('Responder tidak tahu sertifikat ini.', 'RFC 6960 §2.2'),
      };
    case 'conflict':
      return {
        word: 'Sumber bertentangan',
        ...bad,
        ...said('Dua bukti sah saling bertentangan.', 'aturan Siaga: sumber yang bertentangan'),
      };
    case 'not_checkable':
      return {
        word: 'Tidak dapat diperiksa',
        ...wary,
        ...said('Sertifikat tidak menyebut CRL maupun responder OCSP.', 'RFC 5280 §4.2.1.13'),
      };
    case 'not_applicable':
      return {
        word: 'Tidak memerlukan pemeriksaan',
        ...good,
        ...said('Penerbit menyatakannya di dalam sertifikat.', 'RFC 9608'),
      };
    default:
      return {
        word: 'Belum dapat ditentukan',
        ...open,
        ...said(
          row.confirmedAt === null
            ? 'Belum ada bukti terverifikasi yang berbicara tentang sertifikat ini.'
            : 'Bukti yang ada tidak mencakup sertifikat ini atau tidak semua alasan.',
          'RFC 5280 §6.3.3',
        ),
      };
  }
}

function freshnessFacet(row: FacetRow, now: number, carried: boolean): FacetWords {
  const name = 'Kesegaran bukti';
  const clause = 'aturan Siaga: kesegaran bukti';
  const checked =
    row.confirmedAt === null
      ? ''
      : carried
        ? `Dikonfirmasi oleh berkas yang dibawa petugas pada ${dateTime(row.confirmedAt)}, tanpa menanyai sumbernya`
        : `Dikonfirmasi ke sumber ${relative(row.confirmedAt, now)}`;
  switch (freshness(row, now)) {
    case 'fresh':
      return {
        name,
        word: 'Segar',
        ...good,
        clause,
        text: `${checked}; cukup baru sampai ${dateTime(row.freshUntil)}.`,
      };
    case 'ageing':
      return {
        name,
        word: 'Menua',
        ...wary,
        clause,
        text: `${checked}; daftarnya masih berlaku sampai ${dateTime(row.nextUpdate)}, tetapi sumber perlu ditanya lagi.`,
      };
    case 'stale':
      return {
        name,
        word: 'Basi',
        ...wary,
        clause,
        text: `${checked}; lewat masa pakainya sejak ${dateTime(row.nextUpdate ?? row.freshUntil)}.`,
      };
    case 'frozen':
      return {
        name,
        word: 'Dibekukan',
        ...past,
        clause,
        text: `${checked}, lalu disimpan karena masa berlakunya habis.`,
      };
    default:
      return {
        name,
        word: 'Belum pernah diperiksa',
        ...open,
        clause,
        text: 'Belum ada konfirmasi dari sumber mana pun.',
      };
  }
}

function chainFacet(row: FacetRow, word: string): FacetWords {
  const look =
    row.chain === 'anchored' ? good : ['bad_signature', 'ca_revoked', 'invalid_path'].includes(row.chain) ? bad : wary;
  return {
    name: 'Rantai penerbit',
    word: row.chain === 'anchored' ? 'Sampai induk tepercaya' : 'Bermasalah',
    ...look,
    clause: 'RFC 5280 §6.1',
    text: `${word}.`,
  };
}

function lifecycleFacet(row: FacetRow): FacetWords {
  const name = 'Pemakaian';
  const clause = 'catatan Siaga';
  if (row.retiredAt !== null)
    return {
      name,
      word: 'Tidak dipakai lagi',
      ...past,
      clause,
      text: `Menurut catatan Dinas sejak ${dateTime(row.retiredAt)}.`,
    };
  if (row.supersededById !== null)
    return {
      name,
      word: 'Sudah ada pengganti',
      ...good,
      clause,
      text: 'Bukan pencabutan: masih dapat dipakai sampai habis atau dicabut.',
    };
  return {
    name,
    word: 'Yang terbaru',
    ...good,
    clause,
    text: 'Belum ada sertifikat yang lebih baru untuk pemilik dan tujuan yang sama.',
  };
}
