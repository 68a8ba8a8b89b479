// What the judgement about our own clock means, in one sentence for pages, alerts and mails. Pure.
import { number, span } from '#lib/format.ts';
import { MINUTE } from '../calendar.ts';
import type { ClockState } from './clock-watch.ts';

type Judged = Pick<ClockState, 'state' | 'offset'> & {
  /** With how many computers it was compared; null: not known any more. */
  servers: number | null;
};

/** @param offset theirs less ours, ms; a Date header has whole seconds, so that minutes are rounded */
export function clockSentence({ state, offset, servers }: Judged): string {
  if (offset === null) return 'Belum ada jawaban server lain dalam satu jam terakhir untuk membandingkan jam.';
  const others = servers === null ? 'server lain' : `${number(servers)} server lain`;
  if (state === 'ok') return `Jam server ini cocok dengan ${others}.`;
  const far = span(Math.round(Math.abs(offset) / MINUTE) * MINUTE);
  const off = `Jam server ini ${offset > 0 ? `tertinggal ${far} dari` : `lebih cepat ${far} daripada`} ${others}.`;
  if (state === 'frozen')
    return `${off} Perubahan status otomatis dibekukan; bukti yang sah menurut kedua jam tetap disimpan, yang lain ditanyakan lagi tiap lima menit. Betulkan jam server (NTP); setelah itu semuanya diterapkan sendiri.`;
  if (state === 'warn') return `${off} Periksa sinkronisasi waktu (NTP) sebelum selisihnya melewati 5 menit.`;
  return `${off} Baru satu server yang berkata demikian; menunggu jawaban lain.`;
}
