import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { wibDate } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { fullName } from '#lib/format.ts';
import type { holderStatuses } from '#lib/terms.ts';
import { trailOf } from '../../trail.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    const holder = certificates.holder(ctx, params.id);
    const names = auth.names(ctx);
    const edit = can(ctx.actor, 'holders.edit') && holder.archivedAt === null;
    const owned = can(ctx.actor, 'certificates.view') ? certificates.ofHolder(ctx, params.id) : [];
    return {
      today: wibDate(ctx.now()),
      holder: {
        ...holder,
        written: fullName({ ...holder, ...holder.stood }),
        merge: holder.merge && { ...holder.merge, by: names(holder.merge.by) },
        absorbed: holder.absorbed.map((record) => ({
          ...record,
          inseparable: edit ? certificates.whyInseparable(ctx, record.id) : null,
        })),
      },
      certificates: owned.map((row) => ({ ...row, usable: certificates.USABLE.includes(row.label) })),
      trail: trailOf(ctx, 'holder', params.id),
      agencies: edit ? agencies.choices(ctx).map(({ code, name }) => ({ value: code, label: name })) : [],
      may: {
        edit,
        match: can(ctx.actor, 'certificates.match'),
        record: can(ctx.actor, 'certificates.edit') && holder.archivedAt === null,
      },
    };
  });

const position = (form: FormData) => ({
  agency: text(form, 'agency'),
  title: text(form, 'title'),
  from: text(form, 'from'),
});

export const actions: Actions = {
  edit: (event) =>
    submitted(event, (ctx, form) => {
      const said = { name: text(form, 'name'), nip: text(form, 'nip'), email: text(form, 'email') };
      certificates.editHolder(ctx, event.params.id, said);
      redirect(303, event.url.pathname);
    }),
  move: (event) =>
    submitted(event, (ctx, form) => {
      certificates.moveHolder(ctx, event.params.id, position(form));
      redirect(303, event.url.pathname);
    }),
  leave: (event) =>
    submitted(event, (ctx, form) => {
      const status = text(form, 'status') as Exclude<keyof typeof holderStatuses, 'active'>;
      certificates.leaveHolder(ctx, event.params.id, { status, since: text(form, 'since') });
      redirect(303, event.url.pathname);
    }),
  separate: (event) =>
    submitted(event, (ctx, form) => {
      certificates.separateHolders(ctx, text(form, 'other'), { why: text(form, 'why') });
      redirect(303, event.url.pathname);
    }),
  back: (event) =>
    submitted(event, (ctx, form) => {
      certificates.returnHolder(ctx, event.params.id, position(form));
      redirect(303, event.url.pathname);
    }),
};
