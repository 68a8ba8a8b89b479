import { error } from '@sveltejs/kit';
import * as certificates from '#lib/server/certificates/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

/** `/certificates/<id>/pem` and `/der`: always a download. */
export const GET: RequestHandler = ({ locals, params }) =>
  guarded(() => {
    const { id, file } = params;
    if (file !== 'pem' && file !== 'der') error(404, 'Halaman ini tidak ada.');
    const { bytes, name, mediaType } = certificates.download(locals.ctx, id, file);
    return attachment(bytes, name, mediaType);
  });
