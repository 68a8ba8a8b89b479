// A sheet's import, of certificates or of the personnel list: one ledger row for each row of the sheet.
import { readSheet } from '../containers/index.ts';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import { certificateRows } from './certificate-sheet.ts';
import { inChunks, keepUpload, settle, start, type Upload } from './import-steps.ts';
import * as ledger from './import-store.ts';
import { matcher } from './owners.ts';
import { personnelRows } from './personnel.ts';

export async function performSheet(ctx: Context, run: ledger.RunRow, upload: Upload): Promise<void> {
  const sheet = await readSheet({ name: upload.name, bytes: upload.bytes });
  if (ledger.filesOf(ctx.db, run.id).length === 0) keepUpload(ctx, run.id, 1, upload);
  const source = `daftar pegawai ${run.number}`;
  const plan =
    run.kind === 'personnel'
      ? personnelRows(ctx, sheet.rows, source)
      : certificateRows(ctx, sheet.rows, matcher(ctx), run);
  if (plan.total === 0) throw invalid('Lembar ini hanya berisi baris judul; tidak ada yang dapat diimpor.');
  const done = ledger.entryCount(ctx.db, run.id);
  start(ctx, run, plan.total, `Kolom yang dikenali: ${plan.columns.join(', ')}`);
  await inChunks(ctx, run, done, plan.total, (tx, from, to) => {
    const entries = [];
    for (let i = from; i < to; i++) entries.push(plan.write(tx, i));
    return entries;
  });
  settle(ctx);
}
