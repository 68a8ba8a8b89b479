import * as certificates from '#lib/server/certificates/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import { selectionOf } from '../selection.ts';
import type { RequestHandler } from './$types';

/** The files of the ticked certificates, or of all that match, as one ZIP of PEM. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const file = certificates.downloadAll(locals.ctx, selectionOf(url.searchParams));
    return attachment(file.stream, file.name, file.mediaType);
  });
