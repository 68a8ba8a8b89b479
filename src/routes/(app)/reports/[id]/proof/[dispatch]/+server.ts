import * as reports from '#lib/server/reports/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params }) =>
  guarded(() => {
    const { bytes, name } = reports.proof(locals.ctx, params.id, params.dispatch);
    return attachment(new Uint8Array(bytes), name, 'application/octet-stream');
  });
