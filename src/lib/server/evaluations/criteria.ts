// The criteria sets, as data. A set that a round was opened with is never edited: a change is a new version.
// Weights and thresholds are kebijakan Dinas; the regulation names the duty, not the number (Pasal 18).
import { agencyKinds } from '../../terms.ts';
import { FULL, share, type Outcome } from './score.ts';

export type AgencyKind = keyof typeof agencyKinds;

export type Criterion = {
  code: string;
  /** What is counted: certificate records (none at all means unknown), or events (none means not applicable). */
  source: 'certificates' | 'incidents' | 'findings';
  title: string;
  /** What is asked, in words for an agency officer. */
  question: string;
  /** What the fraction counts: "a dari b …". */
  counted: string;
  basis: string;
  weight: number;
  /** Kinds it does not apply to. */
  except: readonly AgencyKind[];
  /** From this share on it is met, and from this on partly met; basis points. */
  conformFrom: number;
  partialFrom: number;
  /** What is proposed when it is not met; null: the cause lies with the office's own sources, an alert tells of it. */
  finding: {
    title: string;
    effect: string;
    recommendation: string;
    success: string;
    risk: 'low' | 'medium' | 'high';
  } | null;
};

/** Set 1: eight criteria that are measured from rows. A kelurahan sees seven: its records are kept by its kecamatan. */
const SET_1: readonly Criterion[] = [
  {
    code: 'verified_holder',
    source: 'certificates',
    title: 'Sertifikat aktif berpemilik terverifikasi',
    question: 'Apakah setiap sertifikat aktif jelas pemiliknya dan tercatat di daftar kepegawaian?',
    counted: 'sertifikat aktif dengan pemilik terverifikasi',
    basis: 'Pasal 12 huruf a',
    weight: 15,
    except: [],
    conformFrom: 9_500,
    partialFrom: 7_500,
    finding: {
      title: 'Sertifikat aktif tanpa pemilik yang terverifikasi',
      effect: 'Pertanggungjawaban atas tanda tangan elektronik tidak dapat ditunjukkan.',
      recommendation: 'Tetapkan pemilik setiap sertifikat aktif dan cocokkan dengan daftar kepegawaian.',
      success: 'Seluruh sertifikat aktif berpemilik terverifikasi di Siaga.',
      risk: 'medium',
    },
  },
  {
    code: 'renewal',
    source: 'certificates',
    title: 'Pembaruan sebelum masa berlaku habis',
    question: 'Apakah sertifikat yang habis dalam 30 hari sudah ada penggantinya?',
    counted: 'sertifikat yang habis ≤ 30 hari dan sudah ada pengganti',
    basis: 'Pasal 12 huruf g',
    weight: 15,
    except: [],
    conformFrom: FULL,
    partialFrom: 5_000,
    finding: {
      title: 'Sertifikat segera habis tanpa pengganti',
      effect: 'Penandatanganan dapat terhenti ketika masa berlaku berakhir.',
      recommendation: 'Ajukan pembaruan untuk setiap sertifikat yang habis dalam 30 hari.',
      success: 'Tidak ada sertifikat yang habis ≤ 30 hari tanpa pengganti.',
      risk: 'medium',
    },
  },
  {
    code: 'leavers',
    source: 'certificates',
    title: 'Tidak ada sertifikat yang dapat dipakai pejabat mutasi atau pensiun',
    question: 'Apakah sertifikat pejabat yang mutasi, pensiun, atau meninggal sudah dicabut?',
    counted: 'sertifikat aktif yang pemiliknya masih menjabat',
    basis: 'Pasal 12 huruf d dan huruf g',
    weight: 20,
    except: [],
    conformFrom: FULL,
    partialFrom: 9_000,
    finding: {
      title: 'Sertifikat pejabat lama belum dicabut',
      effect: 'Dokumen dapat ditandatangani oleh orang yang tidak lagi berwenang.',
      recommendation: 'Ajukan pencabutan sertifikat pejabat yang tidak lagi menjabat.',
      success: 'Pencabutan setiap sertifikat terlihat pada CRL atau OCSP yang terverifikasi.',
      risk: 'high',
    },
  },
  {
    code: 'freshness',
    source: 'certificates',
    title: 'Status sertifikat dikonfirmasi ke sumbernya',
    question: 'Apakah status pencabutan setiap sertifikat aktif dikonfirmasi dalam batas kesegaran?',
    counted: 'sertifikat aktif dengan bukti status yang segar',
    basis: 'Pasal 18 huruf a',
    weight: 10,
    except: [],
    conformFrom: 9_500,
    partialFrom: 7_500,
    finding: null,
  },
  {
    code: 'records',
    source: 'certificates',
    title: 'Catatan sertifikat tertib',
    question: 'Apakah setiap catatan punya berkas, dan sertifikat yang sudah berakhir tidak lagi tercatat dipakai?',
    counted: 'catatan lengkap dan mutakhir',
    basis: 'Pasal 12 huruf g',
    weight: 10,
    except: ['KELURAHAN'],
    conformFrom: 9_000,
    partialFrom: 6_000,
    finding: {
      title: 'Catatan sertifikat belum tertib',
      effect: 'Inventaris tidak dapat dijadikan dasar pengawasan.',
      recommendation: 'Lengkapi berkas yang belum ada dan nyatakan tidak dipakai sertifikat yang sudah berakhir.',
      success: 'Tidak ada catatan tanpa berkas atau sertifikat berakhir yang masih tercatat dipakai.',
      risk: 'low',
    },
  },
  {
    code: 'revocation_seen',
    source: 'incidents',
    title: 'Pencabutan terlihat dalam batas waktu',
    question: 'Apakah pencabutan yang diminta terlihat pada sumber resmi dalam batas waktu?',
    counted: 'permintaan pencabutan yang terlihat tepat waktu',
    basis: 'Pasal 12 huruf d',
    weight: 10,
    except: [],
    conformFrom: FULL,
    partialFrom: 7_500,
    finding: {
      title: 'Pencabutan terlambat terlihat',
      effect: 'Sertifikat yang diduga bocor tetap dapat dipakai selama penundaan.',
      recommendation: 'Ajukan pencabutan segera setelah kejadian diketahui dan tanyakan ke BSrE bila belum terlihat.',
      success: 'Setiap pencabutan berikutnya terlihat dalam batas waktu.',
      risk: 'high',
    },
  },
  {
    code: 'incident_reporting',
    source: 'incidents',
    title: 'Insiden dilaporkan tepat waktu',
    question: 'Apakah insiden dilaporkan ke Dinas dan diteruskan ke Kepala BSSN dan Kepala BSrE tepat waktu?',
    counted: 'kewajiban lapor yang dipenuhi tepat waktu',
    basis: 'Pasal 19 ayat (1) dan Pasal 20 ayat (1)',
    weight: 10,
    except: [],
    conformFrom: FULL,
    partialFrom: 7_500,
    finding: {
      title: 'Insiden dilaporkan melewati batas waktu',
      effect: 'Bantuan teknis dan pencegahan dampak tertunda.',
      recommendation: 'Laporkan setiap masalah sertifikat ke Dinas pada hari diketahui.',
      success: 'Seluruh insiden berikutnya dilaporkan dalam batas waktu.',
      risk: 'medium',
    },
  },
  {
    code: 'follow_up',
    source: 'findings',
    title: 'Temuan terdahulu ditindaklanjuti tepat waktu',
    question: 'Apakah temuan yang sudah jatuh tempo ditindaklanjuti sebelum tenggatnya?',
    counted: 'temuan jatuh tempo yang ditindaklanjuti tepat waktu',
    basis: 'Pasal 18 huruf a',
    weight: 10,
    except: [],
    conformFrom: FULL,
    partialFrom: 5_000,
    finding: {
      title: 'Tindak lanjut temuan terlambat',
      effect: 'Kelemahan yang sudah diketahui tetap terbuka.',
      recommendation: 'Selesaikan tindak lanjut yang lewat tenggat atau ajukan perpanjangan dengan alasan.',
      success: 'Tidak ada tindak lanjut yang lewat tenggat.',
      risk: 'medium',
    },
  },
];

const SETS: Record<number, readonly Criterion[]> = { 1: SET_1 };
export const CURRENT_SET = 1;

/** The criteria of a set version. */
export function criteriaSet(version: number): readonly Criterion[] {
  const set = SETS[version];
  if (!set) throw new Error(`unknown criteria set ${version}`);
  return set;
}

export const applies = (criterion: Criterion, kind: AgencyKind): boolean => !criterion.except.includes(kind);

/** What was counted for one agency and criterion. `unknown`: rows whose fact is missing. */
export type Tally = { numerator: number; denominator: number; unknown: number };

/**
 * Result of a count. Nothing to count: unknown when rows exist whose facts are missing, else not applicable.
 */
export function measured(criterion: Criterion, kind: AgencyKind, tally: Tally): Outcome {
  if (!applies(criterion, kind)) return { result: 'not_applicable', value: null };
  const value = share(tally.numerator, tally.denominator);
  if (value === null) return { result: tally.unknown > 0 ? 'unknown' : 'not_applicable', value: null };
  // Rounding never lifts a count over a threshold: 9.999,6 of 10.000 with one row missing is not full.
  const reached = tally.numerator === tally.denominator ? FULL : Math.min(value, FULL - 1);
  const result =
    reached >= criterion.conformFrom ? 'conform' : reached >= criterion.partialFrom ? 'partial' : 'nonconform';
  return { result, value };
}
