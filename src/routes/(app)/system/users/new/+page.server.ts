import * as agencies from '#lib/server/agencies/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { demand, type Role } from '#lib/server/permission.ts';
import { open } from '#lib/server/runtime.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';

export const load = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    demand(ctx.actor, 'users.manage');
    return {
      agencies: agencies.choices(ctx).map(({ id, name }) => ({ value: id, label: name })),
      role: url.searchParams.get('role') ?? '',
      mail: settings.get(ctx, 'mail').enabled,
    };
  });

export const actions = {
  default: (event) =>
    submitted(event, (ctx, form) => {
      const origin = open().config.origin || event.url.origin;
      const person = {
        name: text(form, 'name'),
        email: text(form, 'email'),
        position: text(form, 'position'),
        phone: text(form, 'phone'),
        agencyId: text(form, 'agencyId'),
      };
      const made = auth.invite(ctx, { ...person, roles: form.getAll('roles').map(String) as Role[] }, origin);
      return {
        invited: { id: made.id, name: person.name, link: origin + made.path, hours: made.hours, mailed: made.mailed },
      };
    }),
};
