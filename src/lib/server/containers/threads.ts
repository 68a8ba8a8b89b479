// How a thread is started, for hostile input or for long work: limits on memory and stack, no secrets of the environment,
// and its source found wherever this code was bundled to.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const HEAP_MB = 512;

/**
 * @param file the thread's source, from the top of the checkout
 * @param data what it finds in `workerData`
 */
export const startThread = (file: string, data?: unknown): Worker =>
  new Worker(located(file), {
    workerData: data,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 },
    env: {},
  });

/** In the checkout, wherever this file was bundled to (build/server/…, Vite, plain Node). */
function located(file: string): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, file))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`${file} is missing beside the build`);
    folder = parent;
  }
  return path.join(folder, file);
}

export const outOfMemory = (error: Error & { code?: string }): boolean => error.code === 'ERR_WORKER_OUT_OF_MEMORY';
export const TOO_SLOW =
  'Berkas ini terlalu lama diperiksa dan dihentikan. Periksa berkasnya, atau bagi menjadi beberapa bagian.';
export const TOO_HEAVY = 'Isi berkas ini terlalu besar untuk diperiksa.';
