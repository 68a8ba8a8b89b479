import * as history from '#lib/server/history/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params }) =>
  guarded(() => {
    const { name, bytes } = history.file(locals.ctx, params.id);
    return attachment(bytes, name, 'application/octet-stream');
  });
