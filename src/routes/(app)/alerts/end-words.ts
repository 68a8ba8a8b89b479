// How an alert ended, in words. Pure.
import type { ListedAlert } from '#lib/server/monitoring/index.ts';

type Ended = Pick<ListedAlert, 'kind' | 'signalId'>;
type Why = NonNullable<ListedAlert['settledWhy']>;
const words: Record<Why, string> = {
  renewed: 'sudah diperbarui',
  revoked: 'sudah dicabut',
  expired_history: 'sudah lama berakhir',
  recovered: 'sumber pulih',
  retired: 'tidak dipakai lagi',
  handled: 'ditangani',
  released: 'penangguhannya dilepas',
  overtaken: 'keadaannya berlanjut',
};

/** Nobody held what its CA said it never issued; and a finding may have ended by itself. */
export function endWord({ kind, signalId }: Ended, why: Why): string {
  if (why === 'released' && kind === 'non_issued') return 'penerbit tidak lagi menyebutnya tidak pernah diterbitkan';
  if (why === 'handled' && signalId !== null) return 'temuannya selesai';
  return words[why];
}
