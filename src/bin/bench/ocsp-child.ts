// The process that is measured with OCSP: a sweep that asks about every certificate, as the jobs process does, with more
// lanes than usual.
import type { Context } from '#lib/server/context.ts';
import { databaseFile, openDatabase } from '#lib/server/db/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';

export type Report = { seconds: number; questions: number; changed: number };

const [dir = '', questions] = process.argv.slice(2);
const db = openDatabase(databaseFile(dir));
const ctx: Context = { db, dir, now: Date.now, actor: { kind: 'system', name: 'jobs' } };
const began = performance.now();
const result = await revocation.sweep(ctx, {
  outbound,
  lanes: { perHost: 32, all: 32 },
  questions: Number(questions),
});
const report: Report = {
  seconds: (performance.now() - began) / 1000,
  questions: result.questions,
  changed: result.changed,
};
db.$client.close();
process.send!(report, () => process.exit(0));
