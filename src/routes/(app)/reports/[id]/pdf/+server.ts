import * as reports from '#lib/server/reports/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params, url }) =>
  guarded(() => {
    const { bytes, name } = reports.pdf(locals.ctx, params.id);
    return attachment(new Uint8Array(bytes), name, 'application/pdf', url.searchParams.has('inline'));
  });
