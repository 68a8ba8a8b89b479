// For the supervisor, a monitor or a reverse proxy: 200 when the database answers and the scheduled work is alive,
// 503 when certificates have not been reviewed for too long (the dead-man's switch). Says nothing about the data.
import * as jobs from '#lib/server/jobs/index.ts';
import { contextFor } from '#lib/server/runtime.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = () => {
  const pulse = jobs.pulseOf(contextFor({ kind: 'system', name: 'jobs' }));
  const state = pulse.silent ? 'silent' : 'ok';
  return Response.json({ state, jobs: pulse.alive ? 'alive' : 'absent' }, { status: pulse.silent ? 503 : 200 });
};
