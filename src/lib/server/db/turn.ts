// Whose turn it is to write. SQLite has one writer at a time and no queue: who waits looks again, at last ten times a
// second, and an import that writes one transaction after the other leaves it milliseconds between them. So a transaction
// here looks every few milliseconds, and whoever writes for long leaves gaps in which that is seen (pace.ts).
import Database from 'better-sqlite3';

/** What people are told when it did not come. */
export const BUSY = 'Basis data sedang dipakai pekerjaan lain. Tunggu sebentar, lalu coba lagi.';

/** Whether a statement gave up because another process held the file for longer than the busy timeout. */
export function isBusy(error: unknown): boolean {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return cause instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(cause.code);
}

/** How often a transaction looks whether it may write, ms. */
export const LOOK = 2;
const asleep = new Int32Array(new SharedArrayBuffer(4));

/**
 * Runs `work` in an immediate transaction, or as a savepoint inside one.
 * @param patience how long it waits for its turn, ms; left out: as long as the connection waits with any statement
 * @throws SqliteError busy afterwards
 */
export function immediately<T>(client: Database.Database, work: () => T, patience?: number): T {
  if (client.inTransaction) return client.transaction(work)();
  const usual = client.pragma('busy_timeout', { simple: true }) as number;
  const until = performance.now() + (patience ?? usual);
  const wait = (ms: number) => client.pragma(`busy_timeout = ${ms}`);
  let begun = false;
  const whole = client.transaction(() => {
    begun = true;
    wait(usual);
    return work();
  });
  wait(0);
  try {
    for (;;) {
      try {
        return whole.immediate();
      } catch (error) {
        if (begun || !isBusy(error) || performance.now() > until) throw error;
        Atomics.wait(asleep, 0, 0, LOOK);
      }
    }
  } finally {
    if (!begun) wait(usual);
  }
}
