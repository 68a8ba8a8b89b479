import * as agencies from '#lib/server/agencies/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx } }) =>
  guarded(() => {
    const names = auth.names(ctx);
    return {
      rows: agencies.contacts.list(ctx).map((row) => ({
        ...row,
        required: agencies.contacts.REQUIRED.includes(row.party),
        verifiedBy: row.contact?.verifiedBy ? names(row.contact.verifiedBy) : null,
        earlier: agencies.contacts.history(ctx, row.party).filter((old) => old.validTo !== null),
      })),
      edit: can(ctx.actor, 'contacts.edit'),
      now: ctx.now(),
    };
  });

export const actions: Actions = {
  set: (event) =>
    submitted(event, (ctx, form) => {
      agencies.contacts.set(ctx, text(form, 'party') as 'bssn', {
        addressee: text(form, 'addressee'),
        address: text(form, 'address'),
        email: text(form, 'email'),
        phone: text(form, 'phone'),
        outOfHours: text(form, 'outOfHours'),
      });
    }),
  verify: (event) => submitted(event, (ctx, form) => agencies.contacts.verify(ctx, text(form, 'id'))),
};
