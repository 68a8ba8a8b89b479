import * as evaluations from '#lib/server/evaluations/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params }) =>
  guarded(() => {
    const { name, bytes } = evaluations.evidence(locals.ctx, params.period, params.agency, params.sha256);
    return attachment(bytes, name, 'application/octet-stream');
  });
