// A run that would keep the jobs process busy for many seconds has a thread of its own, with its own connection and its
// own memory: mail, sweeps and the beats of every lease go on meanwhile, and what it needed is given back at its end.
import { startThread } from '../containers/threads.ts';
import type { Lease } from './lease.ts';

const SOURCE = 'src/lib/server/jobs/aside-thread.ts';

/** `name`: of the job. `held`: the lease that this process keeps alive and the thread checks in every transaction. */
export type Order = { name: string; held: Lease; dir: string };
export type Outcome = { message: string | null } | { failure: string };

/** @returns what the job says it did. @throws Error as the job's own, or when the thread ended without a word */
export function runAside(order: Order): Promise<string | null> {
  const thread = startThread(SOURCE, order);
  return new Promise((resolve, reject) => {
    thread.once('message', (outcome: Outcome) =>
      'failure' in outcome ? reject(new Error(outcome.failure)) : resolve(outcome.message),
    );
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('Tugas berhenti di tengah jalan.')));
  });
}
