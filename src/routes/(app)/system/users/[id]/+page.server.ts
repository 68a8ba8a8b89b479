import * as agencies from '#lib/server/agencies/index.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { ROLES } from '#lib/server/permission.ts';
import { open } from '#lib/server/runtime.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';

export const load = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    const account = auth.account(ctx, params.id);
    const names = auth.names(ctx);
    const held = account.roles.map(({ role }) => role);
    return {
      account: { ...account, roles: account.roles.map((grant) => ({ ...grant, by: names(grant.grantedBy) })) },
      grantable: ROLES.filter((role) => !held.includes(role)),
      agencies: agencies.choices(ctx).map(({ id, name }) => ({ value: id, label: name })),
      self: locals.user?.id === account.id,
      trail: audit.list(ctx, { target: ['user', account.id], limit: 50 }, names),
      now: ctx.now(),
    };
  });

export const actions = {
  change: (event) =>
    submitted(event, (ctx, form) => {
      const fields = ['name', 'email', 'position', 'phone', 'agencyId'] as const;
      const person = Object.fromEntries(fields.map((name) => [name, text(form, name)]));
      auth.change(ctx, event.params.id, person as Record<(typeof fields)[number], string>);
      return { done: 'Data akun disimpan.' };
    }),
  grant: (event) =>
    submitted(event, (ctx, form) => {
      auth.grantRole(ctx, event.params.id, text(form, 'role'));
      return { done: 'Peran diberikan; berlaku mulai permintaan berikutnya.' };
    }),
  end: (event) =>
    submitted(event, (ctx, form) => {
      auth.endRole(ctx, event.params.id, text(form, 'role'));
      return { done: 'Peran diakhiri; berlaku mulai permintaan berikutnya.' };
    }),
  disable: (event) =>
    submitted(event, (ctx, form) => {
      auth.disable(ctx, event.params.id, text(form, 'reason'));
      return { done: 'Akun dinonaktifkan; semua sesinya diakhiri.' };
    }),
  enable: (event) =>
    submitted(event, (ctx) => {
      auth.enable(ctx, event.params.id);
      return { done: 'Akun aktif kembali.' };
    }),
  link: (event) =>
    submitted(event, (ctx) => {
      const origin = open().config.origin || event.url.origin;
      const { path, hours, mailed } = auth.resetLink(ctx, event.params.id, origin);
      // What went by mail is for its receiver alone; only without mail does the administrator carry it.
      return mailed
        ? { done: `Tautan dikirim ke surelnya dan berlaku ${hours} jam.` }
        : { made: { link: origin + path, hours, mailed, name: auth.account(ctx, event.params.id).name } };
    }),
};
