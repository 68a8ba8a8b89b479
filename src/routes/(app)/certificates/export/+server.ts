import * as certificates from '#lib/server/certificates/index.ts';
import { formatOf } from '#lib/server/table-export.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

/** All certificates that the list's address matches. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(async () => {
    const filter = certificates.filterOf(url.searchParams);
    const file = await certificates.exportList(locals.ctx, filter, formatOf(url.searchParams.get('format')));
    return attachment(file.bytes, file.name, file.mediaType);
  });
