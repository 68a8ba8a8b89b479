// Runs that may be too heavy to go on beside the others. Apart from the list of jobs, because the thread that they have
// then (aside-thread.ts) loads this and no more: every room would cost it a second.
import { number } from '#lib/format.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as revocation from '../revocation/index.ts';

export const counted = (count: number, words: string): string | null => (count ? `${number(count)} ${words}` : null);

export async function runImports(ctx: Context): Promise<string | null> {
  const done = await certificates.runImports(ctx);
  // What new certificates name is asked at once, by the urgent lane.
  if (done) revocation.findSources(ctx);
  return counted(done, 'impor selesai');
}

/** By the name of the job; `heavy`: whether what waits for it now is. */
export const ASIDE: Readonly<
  Record<string, { heavy: (ctx: Context) => boolean; run: (ctx: Context) => Promise<string | null> }>
> = { imports: { heavy: certificates.largeImportWaits, run: runImports } };
