// A run whose files are not in the store yet lives in the memory of one process. While that process lives it says so, a few
// times a minute; when it does not any more, jobs end the run, and whoever sent the files learns it within two minutes.
import { MINUTE } from '../calendar.ts';
import type { Context } from '../context.ts';
import { isBusy } from '../db/index.ts';
import { unavailable } from '../errors.ts';
import * as ledger from './import-store.ts';

/** A process that was silent for so long is taken for dead. */
const SILENT = 1.5 * MINUTE;

export const heldUntil = (now: number): number => now + SILENT;

/** Does `work` while these runs are known to be in our hands. */
export async function holding<T>(ctx: Context, ids: readonly string[], work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => hold(ctx, ids), SILENT / 6);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

/**
 * The same context for work on a run in our hands: nothing more is written once jobs took the run over, because this
 * process stood still for too long. @throws AppError unavailable, from then on
 */
export const inHand = (ctx: Context, id: string): Context => ({
  ...ctx,
  fence: (db) => {
    ctx.fence?.(db);
    if (!ledger.isHeld(db, id)) throw unavailable(TAKEN_OVER);
  },
});
const TAKEN_OVER =
  'Perintah ini terhenti terlalu lama, jadi impornya diambil alih proses tugas. Lihat di halaman Impor apakah diteruskan atau perlu diulangi.';

/** A sign that could not be written is made up for by the next one. */
function hold(ctx: Context, ids: readonly string[]): void {
  try {
    for (const id of ids) ledger.hold(ctx.db, id, heldUntil(ctx.now()));
  } catch (error) {
    if (!isBusy(error)) process.stderr.write(`[import] ${(error as Error).message}\n`);
  }
}
