// What is known of the way to all end-points, and not more. Pure; used by the page and by its file.
import { number } from '#lib/format.ts';
import type { ReachabilityRow } from '#lib/server/revocation/index.ts';

type Row = Pick<ReachabilityRow, 'host' | 'port' | 'ok' | 'faulty'>;
type Fault = Row['faulty'][number]['fault'];

/** Why an address gave nothing when it was last asked, in a word. */
export const faults = {
  no_answer: { tone: 'bad', icon: 'circle-x', word: 'Tidak menjawab' },
  before_test: { tone: 'mute', icon: 'refresh-cw', word: 'Gagal sebelum diuji, ditanya lagi' },
  ours: { tone: 'warn', icon: 'triangle-alert', word: 'Ditahan Siaga' },
  web_page: { tone: 'warn', icon: 'triangle-alert', word: 'Dijawab halaman web' },
  answered: { tone: 'warn', icon: 'triangle-alert', word: 'Dijawab galat' },
} as const satisfies Record<Fault, { tone: string; icon: string; word: string }>;

/** End-points, whatever they are needed for: what a firewall opens. */
const ends = (rows: readonly Row[]): number => new Set(rows.map(({ host, port }) => `${host} ${port}`)).size;

const has = (row: Row, fault: Fault): boolean => row.faulty.some((one) => one.fault === fault);

/** What the test found, what did not answer since, what was answered wrongly; `hints`: what that may come from. */
export function verdictOf(rows: readonly Row[]) {
  const failed = rows.filter(({ ok }) => ok === false);
  const others = rows.filter(({ ok }) => ok !== false);
  const untested = rows.filter(({ ok }) => ok === null);
  const silent = others.filter((row) => has(row, 'no_answer'));
  const addresses = (fault: Fault) =>
    others.flatMap(({ faulty }) => faulty.filter((one) => one.fault === fault)).length;
  const [pages, errors] = [addresses('web_page'), addresses('answered')];
  const isUntested = untested.length === rows.length;
  const since = ends(silent.filter(({ ok }) => ok === true));
  const never = ends(silent.filter(({ ok }) => ok === null));
  const sentence = joined(
    tested(ends(rows), ends(failed), isUntested ? null : ends(untested)),
    never && `${number(never)} tujuan tidak menjawab saat terakhir ditanya.`,
    since && `${number(since)} tujuan terjangkau saat diuji, tetapi sesudah itu tidak menjawab.`,
    pages && `${number(pages)} alamat dijawab halaman web.`,
    errors && `${number(errors)} alamat dijawab galat atau isinya ditolak.`,
  );
  const hints = joined(
    silent.length &&
      'Sebab tidak menjawab dapat firewall atau DNS di sini, dapat server tujuannya; ujilah jangkauannya.',
    pages && 'Halaman web biasanya dari proksi atau halaman masuk jaringan di sini.',
    errors && 'Jawaban galat biasanya urusan penerbit, bukan firewall.',
  );
  return { ...standOf(), sentence, hints };

  function standOf() {
    if (failed.length) return { tone: 'bad', icon: 'circle-x', word: 'Ada yang tidak terjangkau' } as const;
    if (silent.length) return { tone: 'bad', icon: 'circle-x', word: 'Ada yang tidak menjawab' } as const;
    if (pages + errors) return { tone: 'warn', icon: 'triangle-alert', word: 'Ada alamat yang dijawab galat' } as const;
    if (isUntested) return { tone: 'mute', icon: 'circle-dashed', word: 'Belum diuji' } as const;
    if (untested.length) return { tone: 'mute', icon: 'circle-dashed', word: 'Sebagian belum diuji' } as const;
    return { tone: 'ok', icon: 'circle-check', word: 'Semua terjangkau' } as const;
  }
}

const joined = (...sentences: (string | number)[]): string => sentences.filter(Boolean).join(' ');

/** @param untested null: nothing was tested yet */
function tested(all: number, failed: number, untested: number | null): string {
  if (untested === null) return 'Jangkauan belum pernah diuji.';
  if (failed) return `${number(failed)} dari ${number(all)} tujuan (host dan port) tidak terjangkau saat diuji.`;
  if (untested)
    return `${number(all - untested)} dari ${number(all)} tujuan terjangkau saat diuji, sisanya belum diuji.`;
  return `Semua ${number(all)} tujuan terjangkau saat diuji.`;
}
