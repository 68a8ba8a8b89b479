import * as revocation from '#lib/server/revocation/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

/** The bytes as they came, for the issuer's people to look at. */
export const GET: RequestHandler = ({ locals, params }) =>
  guarded(() => {
    const { bytes, name, mediaType } = revocation.downloadRefused(locals.ctx, params.id);
    return attachment(bytes, name, mediaType);
  });
