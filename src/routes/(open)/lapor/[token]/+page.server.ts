import * as incidents from '#lib/server/incidents/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const csr = false;

export const load: PageServerLoad = ({ locals: { ctx, user }, params }) =>
  guarded(() => ({
    receipt: incidents.receipt(ctx, params.token),
    office: settings.get(ctx, 'office'),
    signedIn: user !== null,
  }));
