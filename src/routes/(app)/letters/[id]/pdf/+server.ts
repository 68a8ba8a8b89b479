import * as incidents from '#lib/server/incidents/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

/** The PDF; `?view` shows it inside the letter's page, otherwise it is a download. */
export const GET: RequestHandler = ({ locals: { ctx }, params, url }) =>
  guarded(async () => {
    const { bytes, name } = await incidents.letterPdf(ctx, params.id);
    return attachment(bytes, name, 'application/pdf', url.searchParams.has('view'));
  });
