// Many files made durable at once without blocking the process: waits for the disk overlap, each folder is synced once.
// The order is that of `put`: the bytes, the name, the folder; only then may a row say that they are there.
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';

/** Fewer than the threads Node keeps for files (4), so that pages' own reads do not wait behind a slow disk. */
const LANES = 3;

/** Moves files to where they stay; when it returns they are there, also after a power cut. */
export async function settleAll(moves: readonly { from: string; to: string }[]): Promise<void> {
  await inLanes(moves, ({ from }) => sync(from, 'r+'));
  const folders = new Set<string>();
  await inLanes(moves, async ({ from, to }) => {
    const folder = path.resolve(path.dirname(to));
    const made = await mkdir(folder, { recursive: true });
    await rename(from, to);
    // A folder that was made is itself a name in the one above.
    const top = made ? path.dirname(path.resolve(made)) : folder;
    for (let at = folder; at !== top; at = path.dirname(at)) folders.add(at);
    folders.add(top);
  });
  await inLanes([...folders], (folder) => sync(folder, 'r'));
}

async function sync(name: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(name, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @throws what the first failing piece threw, when no lane is at work any more */
async function inLanes<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const lane = async () => {
    for (const one of rest) await work(one);
  };
  const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
