import * as incidents from '#lib/server/incidents/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

/** Evidence is only ever handed out as a file; each time is written into its chain of custody. */
export const GET: RequestHandler = ({ locals: { ctx }, params }) =>
  guarded(() => {
    const { bytes, name } = incidents.readEvidence(ctx, params.id);
    return attachment(bytes, name, 'application/octet-stream');
  });
