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
  answered: { tone: 'warn', icon: 'triangle-alert', word: 'Dijawab galat' },
} as const satisfies Record<Fault, { tone: string; icon: string; word: string }>;

/** End-points, whatever they are needed for: what a firewall opens. */
const ends = (rows: readonly Row[]): number => new Set(rows.map(({ host, port }) => `${host} ${port}`)).size;

const has = (row: Row, fault: Fault): boolean => row.faulty.some((one) => one.fault === fault);

/** In one sentence each, the worst first: what the test found, what did not answer since, what was answered wrongly. */
export function verdictOf(rows: readonly Row[]) {
  const failed = rows.filter(({ ok }) => ok === false);
  const others = rows.filter(({ ok }) => ok !== false);
  const untested = rows.filter(({ ok }) => ok === null);
  const silent = others.filter((row) => has(row, 'no_answer'));
  const answered = others.flatMap(({ faulty }) => faulty.filter(({ fault }) => fault === 'answered'));
  const isUntested = untested.length === rows.length;
  const sentence = [
    tested(ends(rows), ends(failed), isUntested ? null : ends(untested)),
    unanswered(ends(silent.filter(({ ok }) => ok === null)), ends(silent.filter(({ ok }) => ok === true))),
    answered.length
      ? `${number(answered.length)} alamat dijawab, tetapi jawabannya galat atau ditolak; biasanya itu urusan penerbit, bukan firewall.`
      : '',
  ];
  return { ...standOf(), sentence: sentence.filter(Boolean).join(' ') };

  function standOf() {
    if (failed.length) return { tone: 'bad', icon: 'circle-x', word: 'Ada yang tidak terjangkau' } as const;
    if (silent.length) return { tone: 'bad', icon: 'circle-x', word: 'Ada yang tidak menjawab' } as const;
    if (answered.length)
      return { tone: 'warn', icon: 'triangle-alert', word: 'Ada alamat yang dijawab galat' } as const;
    if (isUntested) return { tone: 'mute', icon: 'circle-dashed', word: 'Belum diuji' } as const;
    if (untested.length) return { tone: 'mute', icon: 'circle-dashed', word: 'Sebagian belum diuji' } as const;
    return { tone: 'ok', icon: 'circle-check', word: 'Semua terjangkau' } as const;
  }
}

/** @param untested null: nothing was tested yet */
function tested(all: number, failed: number, untested: number | null): string {
  if (untested === null) return 'Jangkauan belum pernah diuji.';
  if (failed) return `${number(failed)} dari ${number(all)} tujuan (host dan port) tidak terjangkau saat diuji.`;
  if (untested)
    return `${number(all - untested)} dari ${number(all)} tujuan terjangkau saat diuji, sisanya belum diuji.`;
  return `Semua ${number(all)} tujuan terjangkau saat diuji.`;
}

function unanswered(untested: number, since: number): string {
  const unknown = 'Sebabnya belum diketahui: dapat firewall atau DNS di sini, dapat server tujuannya.';
  const which = 'Pengujian menyebut langkah mana yang gagal.';
  return [
    untested ? `${number(untested)} tujuan tidak menjawab saat terakhir ditanya.` : '',
    since ? `${number(since)} tujuan terjangkau saat diuji, tetapi sesudah itu tidak menjawab; uji lagi.` : '',
    untested + since ? `${unknown} ${which}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
