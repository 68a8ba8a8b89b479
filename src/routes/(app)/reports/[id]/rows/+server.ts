import * as reports from '#lib/server/reports/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

/** The frozen rows as stored: their SHA-256 is the one in the trail. */
export const GET: RequestHandler = ({ locals, params }) =>
  guarded(() => {
    const { bytes, name } = reports.rowsFile(locals.ctx, params.id);
    return attachment(new Uint8Array(bytes), name, 'application/json');
  });
