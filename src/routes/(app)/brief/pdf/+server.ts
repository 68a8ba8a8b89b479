import * as reports from '#lib/server/reports/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, url }) =>
  guarded(async () => {
    const { bytes, name } = await reports.brief(locals.ctx);
    return attachment(new Uint8Array(bytes), name, 'application/pdf', url.searchParams.has('inline'));
  });
