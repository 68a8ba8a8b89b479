import * as certificates from '#lib/server/certificates/index.ts';
import { formatOf } from '#lib/server/table-export.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

/** All rules that fire, with their counts. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(async () => {
    const file = await certificates.exportProblems(locals.ctx, formatOf(url.searchParams.get('format')));
    return attachment(file.bytes, file.name, file.mediaType);
  });
