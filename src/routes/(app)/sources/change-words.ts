// What an evidence changed about a certificate of ours, in words. Pure.
import { dateTime } from '#lib/format.ts';
import { isNeverIssued, reasonWord, revokedSince } from '#lib/status-words.ts';
import { neverIssued, type Tone } from '#lib/terms.ts';

type Change = {
  from: string;
  to: string;
  detail: Record<string, string | number>;
};
export type ChangeWords = {
  word: string;
  tone: Tone;
  icon: 'ban' | 'circle-pause' | 'shield-x' | 'undo-2' | 'pencil' | 'circle-question-mark';
  text: string;
};

export function changeWords({ from, to, detail }: Change): ChangeWords {
  // A hold is its own reason: the word says it already.
  const reason = typeof detail.reason === 'number' && to !== 'on_hold' ? reasonWord(detail.reason) : null;
  const said = { status: to, source: detail.source, revokedAt: detail.revokedAt };
  const date = revokedSince(said);
  const since = date === null ? null : `menurut penerbit sejak ${dateTime(date)}`;
  const text = [reason, since].filter(Boolean).join('; ');
  if (detail.kind === 'early_removal')
    return { word: 'Dihapus sebelum waktunya', tone: 'bad', icon: 'ban', text: 'Tetap dianggap dicabut.' };
  if (isNeverIssued(said)) return { ...neverIssued, text };
  if (to === from && (to === 'revoked' || to === 'on_hold'))
    return { word: 'Alasan atau tanggal berubah', tone: 'warn', icon: 'pencil', text };
  if (to === 'revoked' && from === 'on_hold')
    return { word: 'Penangguhan menjadi pencabutan', tone: 'bad', icon: 'ban', text };
  if (to === 'revoked') return { word: 'Ditambahkan: dicabut', tone: 'bad', icon: 'ban', text };
  if (to === 'on_hold') return { word: 'Ditambahkan: ditangguhkan', tone: 'bad', icon: 'circle-pause', text };
  if (to === 'released')
    return { word: 'Dihapus: penangguhan dilepas', tone: 'ok', icon: 'undo-2', text: 'Tidak tercantum lagi.' };
  return { word: 'Tidak dikenal responder', tone: 'warn', icon: 'circle-question-mark', text: '' };
}
