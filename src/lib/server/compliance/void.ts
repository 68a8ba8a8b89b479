// Taking an import back asks every room what it built on it; this is the room that may ask them all.
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';

const MADE = 'select id from certificate where import_id = :id and archived_at is null';

/** Incidents, reports of incidents and requests for revocation; alerts somebody has answered to. */
const uses: readonly { what: string; sql: string }[] = [
  {
    what: 'sertifikat dalam insiden',
    sql: `select count(distinct certificate_id) from incident_certificate where certificate_id in (${MADE})`,
  },
  {
    what: 'laporan insiden tentang sertifikatnya',
    sql: `select count(*) from intake where certificate_id in (${MADE})`,
  },
  { what: 'permintaan pencabutan', sql: `select count(*) from revocation_request where certificate_id in (${MADE})` },
  {
    what: 'peringatan yang sudah ditanggapi petugas',
    sql: `select count(*) from alert where certificate_id in (${MADE}) and acknowledged_at is not null`,
  },
];

const usesOf: certificates.UsesOf = (ctx, importId) =>
  uses.map(({ what, sql }) => ({
    what,
    count: connection(ctx.db).prepare(sql).pluck().get({ id: importId }) as number,
  }));

/** What voiding an import would undo, and what was built on it. */
export const voidPreview = (ctx: Context, importId: string): certificates.VoidPreview =>
  certificates.voidPreview(ctx, importId, usesOf);

/** Voids an import nothing was built on. @throws AppError conflict naming what was */
export const voidImport = (ctx: Context, importId: string, input: { why: string }): certificates.VoidPreview =>
  certificates.voidImport(ctx, importId, input, usesOf);
