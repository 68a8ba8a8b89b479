// What a signal means to people: what happened, why the status stays as it is, what to do. Pure; the rules behind it are
// certificate-status §3, §4 and §6.
import { dateTime, dateTimesApart, number, serial as serialText, serialDecimal } from '#lib/format.ts';
import { reasonWord } from '#lib/status-words.ts';
import { revocationReasons } from '#lib/terms.ts';
import { refusalWords } from './refusals.ts';
import type { SignalRow } from './store.ts';

export type SignalKind = SignalRow['kind'];
export type SignalStory = {
  /** What happened, in a sentence. */
  what: string;
  /** Why the status is what it is nevertheless. */
  why: string;
  todo: string;
  clause: string;
};

/** A reason with its code: "kunci privat bocor atau hilang (1 keyCompromise)". */
export const codedReason = (code: unknown): string => {
  if (typeof code !== 'number') return reasonWord(null);
  const known = revocationReasons[code];
  return `${reasonWord(code)}${known ? ` (${code} ${known.rfc})` : ''}`;
};

const instant = (at: unknown): string => (typeof at === 'number' ? dateTime(at) : 'tidak disebut');

/** Facts an event carried when it was raised; what cannot be read counts as none. */
export function detailOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A CA certificate that a signal is about, with what the event said of it. */
export type NamedAuthority = Record<string, unknown> & { id: string; name: string; serial: string };

export function authoritiesIn(text: string): NamedAuthority[] {
  const { authorities } = detailOf(text);
  return Array.isArray(authorities) ? authorities.filter(isNamed) : [];
}
function isNamed(value: unknown): value is NamedAuthority {
  if (value === null || typeof value !== 'object') return false;
  const { id, name, serial } = value as Record<string, unknown>;
  return typeof id === 'string' && typeof name === 'string' && typeof serial === 'string';
}

/** A responder does not know a certificate that the list gives as good: the one lag that people must look at (§6). */
export const isUnknown = ({ kind, detail }: Pick<SignalRow, 'kind' | 'detail'>): boolean =>
  kind === 'lag' && detailOf(detail)['unknown'] === true;

/** What a list with a number below those that we hold would change of ours (renumbering.ts). */
export type Renumbered = {
  /** Our list that it falls below, its number and when it was issued. */
  head: string;
  known: string;
  knownAt: number;
  isDelta: boolean;
  /** Of a delta only its own. */
  entries: { before: number | null; after: number };
  /** Whom it takes away: revoked, on hold; whom it names that no list of its line names now. */
  revoked: Named;
  held: Named;
  come: Named;
  /** When a person let the numbering begin anew. */
  accepted: number | null;
};
type Named = { count: number; serials: string[] };

/** null: the signal is about something else. */
export function renumberedIn(detail: string): Renumbered | null {
  const found = detailOf(detail)['renumbered'];
  return found !== null && typeof found === 'object' ? (found as Renumbered) : null;
}

/** The accepted object that a signal is about (in SQL: `signalObject` of the schema); a hint's is one that was refused. */
export const objectOf = ({ evidenceId, detail }: Pick<SignalRow, 'evidenceId' | 'detail'>): string | null =>
  renumberedIn(detail)?.head ?? evidenceId;

const ASK =
  'Kirim pertanyaan tertulis kepada penerbit dengan kedua buktinya (naskahnya ada di bawah). Sampai ada jawaban, perlakukan sertifikat sebagai dicabut.';

/** Which object a conflict's detail names on either side; one raised before both were kept names none. */
export function sidesOf(detail: Record<string, unknown>): { revoking: Side; good: Side } | null {
  const [revoking, good] = [sideOf(detail['revoking']), sideOf(detail['good'])];
  return revoking && good ? { revoking, good } : null;
}
type Side = { source: 'crl' | 'ocsp'; evidenceId: string; thisUpdate: number };
function sideOf(value: unknown): Side | null {
  if (value === null || typeof value !== 'object') return null;
  const { source, evidenceId, thisUpdate } = value as Record<string, unknown>;
  return (source === 'crl' || source === 'ocsp') && typeof evidenceId === 'string' && typeof thisUpdate === 'number'
    ? { source, evidenceId, thisUpdate }
    : null;
}

/** Which two kinds of sources speak against each other. */
export function contradiction(detail: Record<string, unknown>): string {
  const sides = sidesOf(detail);
  return sides?.revoking.source === 'ocsp' && sides.good.source === 'ocsp'
    ? 'dua jawaban OCSP bertentangan'
    : 'CRL dan OCSP bertentangan';
}

/** Who says what, in the order in which a reader asks: the object that is surprising first (§6). */
function conflictWords(detail: Record<string, unknown>): string {
  const sides = sidesOf(detail);
  if (!sides)
    return 'Satu sumber mengatakan dicabut, sedangkan sumber lain yang sama-sama sah mengatakan tidak dicabut.';
  const { revoking, good } = sides;
  const [goodAt, revokingAt] = dateTimesApart(good.thisUpdate, revoking.thisUpdate);
  const says = detail['hold'] === true ? 'ditangguhkan' : 'dicabut';
  if (good.source === 'crl')
    return `CRL terbit ${goodAt} tidak mencantumkan nomor seri ini, padahal jawaban OCSP yang sama-sama sah, terbit ${revokingAt}, mengatakan ${says} dan sudah lewat satu siklus CRL.`;
  const other = revoking.source === 'crl' ? 'CRL' : 'jawaban OCSP';
  return `Jawaban OCSP terbit ${goodAt} mengatakan tidak dicabut, sedangkan ${other}${good.thisUpdate > revoking.thisUpdate ? ' yang lebih lama' : ''}, terbit ${revokingAt}, dan sama-sama sah mengatakan dicabut.`;
}

const LOST: SignalStory = {
  what: 'Berkas bukti CRL yang sudah diterima hilang atau berubah di penyimpanan Siaga.',
  why: 'Status yang tercatat tetap, dan penerbit lain tetap diperiksa. CRL yang diambil dari alamatnya diminta lagi seutuhnya; bila masih sama, berkasnya kembali sendiri.',
  todo: 'Minta administrator memeriksa disk server. Bila berkas itu tidak kembali sendiri, pulihkan dari cadangan atau unggah lagi CRL yang sama, lalu selesaikan peringatan ini.',
  clause: 'aturan Siaga: status diturunkan dari bukti',
};

function numberedAnew({ renumbered, number: lower, thisUpdate }: Record<string, unknown>): SignalStory {
  const { known, knownAt, accepted, isDelta } = renumbered as Renumbered;
  return {
    what: `Penerbit menyajikan CRL${isDelta ? ' delta' : ''} bernomor ${serialDecimal(String(lower))}, terbit ${instant(thisUpdate)}, padahal yang dipegang bernomor ${serialDecimal(known)}, terbit ${dateTime(knownAt)}: lebih baru, tetapi nomornya lebih rendah.`,
    why:
      accepted === null
        ? 'Tanda tangannya sah, tetapi nomor CRL harus naik: yang bernomor lebih rendah ditolak, dan bukti yang dipegang menua. Bisa jadi sistem penerbit dipulihkan dari cadangan, sehingga pencabutan sesudah cadangan itu hilang dari daftarnya; bisa juga ada yang menyembunyikan pencabutan.'
        : 'Penomoran yang baru diterima dengan keputusan orang. Yang sudah terbukti dicabut tetap dicabut; penangguhan dilepas paling cepat oleh CRL sesudahnya.',
    todo: 'Tanyakan ke penerbit (naskahnya ada di bawah). Bila penerbit membenarkan penomorannya mulai lagi, administrator atau pengawas meninjau apa yang berubah karenanya, lalu menerimanya.',
    clause: 'RFC 5280 §5.2.3',
  };
}

const sameNumber = ({ refused }: Record<string, unknown>): SignalStory => ({
  what: refused
    ? 'Dua CRL bernomor sama memiliki isi yang berbeda; yang satu lebih lama daripada yang dipegang, jadi ditolak.'
    : 'Dua CRL bernomor sama memiliki isi yang berbeda.',
  why: refused
    ? 'Tanda tangan keduanya sah: penerbit menyajikan isi yang berlainan kepada orang yang berlainan, atau salah menomori. Yang dipegang tetap berlaku; sertifikat kita yang hanya tercantum di CRL yang ditolak diberi petunjuk sendiri.'
    : 'Tanda tangan keduanya sah, jadi pencabutan di dalam keduanya tetap berlaku; yang diragukan adalah kelengkapannya. Pelepasan dari penangguhan ditahan sampai datang CRL bernomor lebih tinggi.',
  todo: 'Tanyakan ke penerbit mana yang sah. Simpan kedua berkas: unduh dari halaman buktinya.',
  clause: 'RFC 5280 §5.2.3',
});

const late = (behind: unknown): SignalStory => ({
  what: `${behind === 'ocsp' ? 'OCSP' : 'CRL'} belum mengikuti pencabutan yang sudah diumumkan sumber yang lain.`,
  why: 'Cukup satu sumber sah yang menyatakan dicabut; sumber yang tertinggal tidak membatalkannya.',
  todo: 'Tidak ada yang perlu dilakukan. Bila lewat satu siklus CRL masih tertinggal, tanyakan ke penerbit.',
  clause: 'aturan Siaga: sumber yang bertentangan',
});

const UNKNOWN: SignalStory = {
  what: 'Responder OCSP penerbit menjawab tidak mengetahui sertifikat ini, padahal menurut CRL penerbit yang sama ia tidak dicabut.',
  why: '“Tidak mengetahui” tidak berarti dicabut dan tidak berarti baik: CRL yang menentukan. Tetapi penerbit seharusnya mengenal sertifikat yang diterbitkannya; bila tidak, responder salah memuat datanya, atau sertifikat ini tidak pernah diterbitkannya.',
  todo: 'Periksa dari mana berkasnya datang dan tanyakan ke penerbit mengapa respondernya tidak mengenalnya (naskahnya ada di bawah).',
  clause: 'RFC 6960 §2.2',
};

type HintStory = (detail: Record<string, unknown>) => Omit<SignalStory, 'todo'>;

const UNKNOWN_EXTENSION: HintStory = () => ({
  what: 'Mungkin dicabut: nomor seri ini tercantum di CRL yang tidak boleh dipakai karena memuat ekstensi kritis yang tidak dikenal.',
  why: 'Menurut standar CRL seperti itu tidak menentukan status siapa pun, jadi status tidak berubah; tetapi ini petunjuk yang tidak boleh diabaikan.',
  clause: 'RFC 5280 §5.2',
});

/** By why a list that names the certificate does not decide. */
const hints: Partial<Record<string, HintStory>> = {
  namesake: () => ({
    what: 'Mungkin dicabut: nomor seri ini tercantum di CRL dari CA lain yang bernama sama dengan penerbitnya.',
    why: 'Kunci CA itu tidak berkaitan dengan penerbit sertifikat ini, jadi status tidak berubah; tetapi bila kunci itu ternyata milik penerbit, ini pencabutan.',
    clause: 'RFC 5280 §6.3.3 f',
  }),
  older_than_known: () => ({
    what: 'Mungkin dicabut: nomor seri ini tercantum di CRL lain yang bernomor sama dengan yang dipegang.',
    why: 'CRL itu lebih lama, jadi status tidak berubah; tetapi dua isi untuk satu nomor berarti salah satunya bukan yang diterbitkan CA.',
    clause: 'RFC 5280 §5.2.3',
  }),
  number_lower: () => ({
    what: 'Mungkin dicabut: nomor seri ini tercantum di CRL penerbit yang lebih baru, tetapi bernomor lebih rendah daripada yang dipegang.',
    why: 'CRL yang nomornya mundur ditolak sampai orang memutuskan bahwa penomorannya memang mulai lagi, jadi status belum berubah.',
    clause: 'RFC 5280 §5.2.3',
  }),
  several_issuers: ({ issuer }) => ({
    what: `Mungkin dicabut: nomor seri ini tercantum di CRL ${String(issuer)}, tetapi lebih dari satu CA memakai nama penerbit yang tertulis di daftar asalnya.`,
    why: 'Nomor seri hanya berarti bersama penerbitnya. Tanpa berkas sertifikatnya tidak ada yang tahu CA mana yang dimaksud, jadi status tidak berubah.',
    clause: 'RFC 5280 §4.1.2.2',
  }),
  other_scope: ({ issuer }) => ({
    what: `Mungkin dicabut: nomor seri ini tercantum di CRL ${String(issuer)} yang sah, tetapi cakupan CRL itu tidak meliputi sertifikat ini.`,
    why: 'CRL hanya menentukan status sertifikat di dalam cakupannya, jadi status tidak berubah; tetapi satu CA tidak memberi nomor seri yang sama dua kali.',
    clause: 'RFC 5280 §6.3.3 b',
  }),
  other_issuer: ({ issuer }) => ({
    what: `Pencabutan yang pernah tercatat ditarik: CRL ${String(issuer)} menyebut nomor seri ini ketika berkasnya belum ada, padahal menurut berkasnya sertifikat ini terbitan CA lain.`,
    why: 'Nomor seri hanya berarti bersama penerbitnya, jadi yang dicabut CA itu sertifikat lain. Status kini diturunkan dari bukti penerbitnya sendiri.',
    clause: 'RFC 5280 §4.1.2.2',
  }),
};

/** It is signed as it must be, and may not be used for another reason. */
const unusable = (code: string): HintStory => {
  const { text, clause } = refusalWords('crl', code);
  return () => ({
    what: 'Mungkin dicabut: nomor seri ini tercantum di CRL yang bertanda tangan sah, tetapi tidak dapat dipakai.',
    why: `${text} Karena itu status tidak berubah; tetapi penerbit tampaknya sudah mencabut sertifikat ini.`,
    clause,
  });
};
const hintStory = (code: unknown): HintStory =>
  hints[String(code)] ??
  (code === undefined || code === 'unknown_critical' ? UNKNOWN_EXTENSION : unusable(String(code)));

const stories: Record<SignalKind, (detail: Record<string, unknown>) => SignalStory> = {
  early_removal: ({ listedBy }) => ({
    what: `Nomor seri ini pernah tercantum sebagai dicabut, lalu hilang dari CRL padahal masa berlakunya belum habis.${typeof listedBy === 'string' ? ` Sekarang tercantum lagi (${listedBy}).` : ''}`,
    why: 'Pencabutan bersifat tetap: hanya penangguhan yang boleh dilepas. Hilangnya entri bukan bukti bahwa sertifikat baik kembali.',
    todo: ASK,
    clause: 'RFC 5280 §3.3 dan §5.3.1',
  }),
  conflict: (detail) => ({
    what: conflictWords(detail),
    why:
      detail['hold'] === true
        ? 'Dua bukti sah bertentangan; yang lebih ketat yang dipegang. Penangguhan berakhir oleh jawaban OCSP yang lebih baru, atau oleh CRL yang terbit sesudah jawaban itu lewat masa pakainya.'
        : 'Dua bukti sah bertentangan; yang menyatakan dicabut dimenangkan karena pencabutan bersifat tetap.',
    todo: ASK,
    clause: 'RFC 6960 §2.2 dan RFC 5280 §3.3',
  }),
  reason_changed: ({ from, to }) => ({
    what: `Penerbit mengubah alasan pencabutan dari ${codedReason(from)} menjadi ${codedReason(to)}.`,
    why: 'Sertifikat tetap dicabut; yang berubah adalah sebabnya, dan dengan itu sejak kapan tanda tangannya patut diragukan.',
    todo:
      to === 1
        ? 'Nilai ulang sebagai kunci bocor: periksa dokumen yang ditandatangani sejak kunci diragukan, dan buka insiden bila belum ada.'
        : 'Catat alasan yang baru pada insiden yang terkait, bila ada; lalu selesaikan.',
    clause: 'RFC 5280 §5.3.1',
  }),
  date_changed: ({ from, to }) => ({
    what:
      from === to
        ? 'Penerbit mengubah keterangan sejak kapan kunci diragukan (invalidityDate); tanggal pencabutannya sama.'
        : `Penerbit mengubah tanggal pencabutan dari ${instant(from)} menjadi ${instant(to)}.`,
    why: 'Sertifikat tetap dicabut; kedua tanggal disimpan, dan yang lebih awal menentukan dokumen yang terpengaruh.',
    todo: 'Bila tanggalnya menjadi lebih awal, periksa dokumen yang ditandatangani di antara kedua tanggal itu.',
    clause: 'RFC 5280 §5.3.2',
  }),
  lag: ({ behind, unknown }) => (unknown === true ? UNKNOWN : late(behind)),
  non_issued: () => ({
    what: 'Responder OCSP penerbit menyatakan tidak pernah menerbitkan nomor seri ini.',
    why: 'Statusnya “Tidak pernah diterbitkan CA”, dan sertifikat tidak boleh dipakai sampai jelas: mungkin dipalsukan, atau responder belum mengenal sertifikat yang baru terbit.',
    todo: 'Periksa dari mana berkasnya datang, tahan pemakaiannya, dan tanyakan ke penerbit. Bila bukan keterlambatan, buka insiden.',
    clause: 'RFC 6960 §2.2 dan §4.4.8',
  }),
  same_number: (detail) => (detail['renumbered'] ? numberedAnew(detail) : sameNumber(detail)),
  shrunk: () => ({
    what: 'CRL yang baru jauh lebih pendek daripada yang sebelumnya.',
    why: 'Pelepasan dari penangguhan ditahan sampai diperiksa; pencabutan yang sudah terlihat tidak berubah.',
    todo: 'Bandingkan jumlah entri dengan keterangan penerbit. Bila memang dibersihkan, putuskan pada halaman sumber; bila tidak, tanyakan ke penerbit.',
    clause: 'aturan Siaga: CRL yang menyusut',
  }),
  underived: ({ lost, missing }) =>
    lost
      ? LOST
      : typeof missing === 'number' && missing > 0
        ? {
            what: `Status yang tercatat tidak dapat diturunkan lagi seluruhnya: ${number(missing)} berkas bukti yang ikut menentukannya hilang atau berubah di penyimpanan Siaga.`,
            why: 'Yang tercatat tetap berlaku; ia diputuskan ketika berkas itu masih ada. Sertifikat lain yang buktinya utuh tetap diperiksa.',
            todo: 'Minta administrator memeriksa disk server dan memulihkan berkas itu dari cadangan. Tekan “Periksa Sekarang” pada sertifikatnya agar statusnya bertumpu pada bukti yang baru.',
            clause: 'aturan Siaga: status diturunkan dari bukti',
          }
        : {
            what: 'Status yang tercatat tidak terulang ketika dihitung kembali dari bukti yang disimpan.',
            why: 'Status tidak diubah diam-diam: yang tercatat tetap, sampai sebabnya diketahui.',
            todo: 'Tekan “Periksa Sekarang” pada sertifikatnya. Bila peringatan ini timbul lagi, laporkan kepada administrator beserta buktinya: mungkin bukti atau basis data rusak.',
            clause: 'aturan Siaga: status diturunkan dari bukti',
          },
  hint: (detail) => ({
    ...hintStory(detail['code'])(detail),
    todo: 'Periksa dengan tangan: tanyakan ke penerbit apakah sertifikat ini dicabut, dan tahan pemakaiannya sementara itu.',
  }),
};

export function storyOf({ kind, detail }: Pick<SignalRow, 'kind' | 'detail'>): SignalStory {
  const story = stories[kind](detailOf(detail));
  const authorities = authoritiesIn(detail);
  if (authorities.length === 0) return story;
  const what = authorities.map(
    (one) => `Sertifikat penerbit ${one.name}, nomor seri ${serialText(one.serial)}. ${stories[kind](one).what}`,
  );
  return {
    ...story,
    what: what.join(' '),
    todo: `${story.todo} Semua sertifikat di bawah penerbit itu ikut terkena.`,
  };
}

/** The CA certificates that a signal is about, by name and by serial; of one about a certificate or a list nobody. */
export function authorityFacts(detail: string): { commonName: string; serial: string } | null {
  const authorities = authoritiesIn(detail);
  if (authorities.length === 0) return null;
  const [first] = authorities;
  const names = new Set(authorities.map(({ name }) => name));
  return { commonName: [...names].join(', '), serial: first!.serial };
}

/** Kinds that ask a question of the issuer. */
export const ASKS_ISSUER: readonly SignalKind[] = [
  'early_removal',
  'conflict',
  'non_issued',
  'same_number',
  'shrunk',
  'hint',
];

/** Whether there is something to ask the issuer about a signal. */
export const asksIssuer = (signal: Pick<SignalRow, 'kind' | 'detail'>): boolean =>
  ASKS_ISSUER.includes(signal.kind) || isUnknown(signal);

/** Kinds that may be an incident of the certificate. */
export const MAY_BE_INCIDENT: readonly SignalKind[] = [
  'early_removal',
  'conflict',
  'reason_changed',
  'non_issued',
  'hint',
];

export type LetterFacts = {
  kind: SignalKind;
  detail: string;
  at: number;
  issuerName: string;
  commonName: string | null;
  serial: string | null;
  /** Evidence that speaks against each other, as lines of text. */
  evidence: readonly string[];
  office: string;
};

const questions: Partial<Record<SignalKind, string>> = {
  early_removal:
    'Mohon penjelasan mengapa nomor seri tersebut tidak lagi tercantum pada CRL, dan apakah sertifikat tersebut dicabut atau pernah hanya ditangguhkan.',
  conflict: 'Mohon penjelasan sumber mana yang benar dan sejak kapan sertifikat tersebut dicabut.',
  non_issued: 'Mohon penjelasan apakah sertifikat dengan nomor seri tersebut pernah diterbitkan.',
  same_number: 'Mohon penjelasan CRL mana yang sah dan mengapa nomornya dipakai dua kali.',
  shrunk: 'Mohon penjelasan mengapa jumlah entri CRL berkurang, dan apakah ada pencabutan yang dibatalkan.',
  hint: 'Mohon kepastian apakah sertifikat tersebut dicabut, dan apakah CRL tersebut memang milik penerbit dan boleh dipakai.',
};

const RENUMBERED =
  'Mohon penjelasan apakah penomoran CRL memang dimulai lagi, sejak kapan dan mengapa, dan apakah semua pencabutan sebelumnya masih tercantum.';
const NOT_KNOWN =
  'Mohon penjelasan apakah sertifikat tersebut diterbitkan, dan mengapa responder OCSP tidak mengenalnya.';

/** The text of a question to the issuer: facts only, ready to be put into a letter or a mail. Null: nothing to ask. */
export function questionText(facts: LetterFacts): string | null {
  const notKnown = isUnknown(facts);
  const anew = renumberedIn(facts.detail) !== null;
  const question = notKnown ? NOT_KNOWN : anew ? RENUMBERED : questions[facts.kind];
  if (!question) return null;
  const { what } = storyOf(facts);
  return [
    `Kepada Yth. Pengelola ${facts.issuerName}`,
    '',
    'Perihal: permintaan penjelasan tentang status pencabutan sertifikat',
    '',
    `${facts.office} mencatat hal berikut pada ${dateTime(facts.at)}.`,
    what,
    '',
    ...(facts.commonName ? [`Subjek: ${facts.commonName}`] : []),
    ...(facts.serial ? [`Nomor seri: ${serialText(facts.serial)}`] : []),
    ...facts.evidence,
    '',
    question,
    '',
    notKnown
      ? 'Sampai ada penjelasan, kami berpegang pada CRL.'
      : anew
        ? 'Sampai ada penjelasan, kami berpegang pada CRL yang terakhir kami terima.'
        : 'Sampai ada penjelasan, sertifikat tersebut kami perlakukan sebagai dicabut dan tidak dipakai.',
  ].join('\n');
}
