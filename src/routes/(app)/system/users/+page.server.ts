import * as auth from '#lib/server/auth/index.ts';
import { ROLES, type Role } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { accountFilter } from './filter.ts';

export const load = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const filter = accountFilter(url);
    const found = auth.accounts(ctx, { ...filter, after: url.searchParams.get('after') ?? undefined });
    const held = auth.roleCounts(ctx);
    return {
      ...found,
      filter,
      roleCounts: ROLES.map((role: Role) => ({ role, count: held.get(role) ?? 0 })),
      now: ctx.now(),
    };
  });
