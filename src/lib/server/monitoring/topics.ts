// What a mail is about, in the words of its subject line: one alert by what happened and to whom, several by how many of
// each. Pure.
import { midSentence, number } from '#lib/format.ts';
import { endWords } from './rungs.ts';
import type { ListedAlert } from './store.ts';
import { aboutOf, isHint } from './words.ts';

type Topic = {
  of: (a: ListedAlert) => boolean;
  /** One of them, named. */
  one: (a: ListedAlert, now: number) => string;
  /** Several, counted. */
  many: (n: string) => string;
};

/** Reasons by which a key must be taken for compromised (RFC 5280 §5.3.1: 1, 2, 10). */
export const COMPROMISE: readonly number[] = [1, 2, 10];
export const isCompromise = (a: ListedAlert): boolean =>
  a.kind === 'revoked' && COMPROMISE.includes(Number(a.detail.reason ?? 0));

const hostOf = (a: ListedAlert): string => (a.url && URL.parse(a.url)?.host) ?? aboutOf(a);
const ofKind = (kind: ListedAlert['kind']) => (a: ListedAlert) => a.kind === kind;

/** The gravest first: a subject line that is too long is cut at its end. */
const topics: readonly Topic[] = [
  {
    of: isCompromise,
    one: (a) => `kunci ${aboutOf(a)} bocor, sertifikatnya dicabut`,
    many: (n) => `${n} sertifikat dicabut karena kunci bocor`,
  },
  {
    of: (a) => a.kind === 'authority_revoked' && a.detail.held !== 1,
    one: (a) => `penerbit ${aboutOf(a)} dicabut`,
    many: (n) => `${n} penerbit dicabut`,
  },
  {
    of: (a) => a.kind === 'clock' && a.detail.state === 'frozen',
    one: (a) =>
      a.detail.waiting
        ? `${number(Number(a.detail.waiting))} pencabutan menunggu jam server yang salah`
        : 'jam server salah, perubahan status dibekukan',
    many: () => 'jam server salah',
  },
  {
    of: ofKind('revoked'),
    one: (a) => `sertifikat ${aboutOf(a)} dicabut`,
    many: (n) => `${n} sertifikat dicabut`,
  },
  {
    of: ofKind('authority_revoked'),
    one: (a) => `penerbit ${aboutOf(a)} ditangguhkan`,
    many: (n) => `${n} penerbit ditangguhkan`,
  },
  {
    of: ofKind('non_issued'),
    one: (a) => `${aboutOf(a)} tidak pernah diterbitkan menurut penerbit`,
    many: (n) => `${n} tidak pernah diterbitkan menurut penerbit`,
  },
  {
    of: ofKind('on_hold'),
    one: (a) => `sertifikat ${aboutOf(a)} ditangguhkan`,
    many: (n) => `${n} sertifikat ditangguhkan`,
  },
  {
    of: ofKind('early_removal'),
    one: (a) => `${aboutOf(a)} hilang dari CRL sebelum waktunya`,
    many: (n) => `${n} hilang dari CRL sebelum waktunya`,
  },
  {
    of: ofKind('conflict'),
    one: (a) => `sumber bertentangan tentang ${aboutOf(a)}`,
    many: (n) => `${n} pertentangan sumber`,
  },
  { of: isHint, one: (a) => `${aboutOf(a)} mungkin dicabut`, many: (n) => `${n} mungkin dicabut` },
  {
    of: (a) => a.detail.signal === 'renumbered',
    one: (a) => `nomor CRL mundur, ${hostOf(a)}`,
    many: (n) => `${n} CRL yang nomornya mundur`,
  },
  {
    of: (a) => a.detail.signal === 'same_number',
    one: (a) => `dua CRL bernomor sama, ${hostOf(a)}`,
    many: (n) => `${n} CRL bernomor sama`,
  },
  {
    of: ofKind('source_suspect'),
    one: (a) => `CRL menyusut jauh, ${hostOf(a)}`,
    many: (n) => `${n} CRL menyusut jauh`,
  },
  {
    of: ofKind('underived'),
    one: (a) => `status ${aboutOf(a)} tidak terulang dari buktinya`,
    many: (n) => `${n} status tidak terulang dari buktinya`,
  },
  {
    of: ofKind('source_stale'),
    one: (a) => `CRL lewat masa pakai, ${hostOf(a)}`,
    many: (n) => `${n} CRL lewat masa pakai`,
  },
  {
    of: ofKind('source_failing'),
    one: (a) => `sumber pencabutan gagal, ${hostOf(a)}`,
    many: (n) => `${n} sumber pencabutan gagal`,
  },
  {
    of: ofKind('source_ageing'),
    one: (a) => `CRL belum diperbarui, ${hostOf(a)}`,
    many: (n) => `${n} CRL belum diperbarui`,
  },
  { of: ofKind('clock'), one: () => 'jam server bergeser', many: () => 'jam server bergeser' },
  {
    of: ofKind('authority_expiry'),
    one: (a) => `penerbit ${aboutOf(a)} akan habis masa berlakunya`,
    many: (n) => `${n} penerbit akan habis masa berlakunya`,
  },
  {
    of: (a) => a.kind === 'expiry' && a.severity === 'serious',
    one: ended,
    many: (n) => `${n} sertifikat hampir atau sudah habis masa berlakunya`,
  },
  { of: ofKind('expiry'), one: ended, many: (n) => `${n} sertifikat akan habis masa berlakunya` },
];

function ended(a: ListedAlert, now: number): string {
  const words = endWords(a.notAfter ?? now, now);
  return `sertifikat ${aboutOf(a)} ${midSentence(words)}`;
}

/** Lines of a mail's subject are read on a telephone: what comes after this many is a number. */
const NAMED = 3;

/** What the alerts of one mail are about. @param now instant of reading, UTC ms */
export function subjectOf(alerts: readonly ListedAlert[], lane: 'digest' | 'immediate', now: number): string {
  const before = lane === 'immediate' ? 'Siaga, segera: ' : 'Siaga: ';
  const left = new Set(alerts);
  const told = topics.flatMap((topic) => {
    const some = [...left].filter(topic.of);
    for (const each of some) left.delete(each);
    if (some.length === 0) return [];
    return [{ n: some.length, text: some.length === 1 ? topic.one(some[0]!, now) : topic.many(number(some.length)) }];
  });
  const rest = told.slice(NAMED).reduce((sum, { n }) => sum + n, 0);
  const named = told.slice(0, NAMED).map(({ text }) => text);
  return before + [...named, ...(rest ? [`dan ${number(rest)} lainnya`] : [])].join('; ');
}
