import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import { wibDate } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can, demand } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { fullName } from '#lib/format.ts';
import type { holderKinds } from '#lib/terms.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) =>
  guarded(() => {
    const { ctx } = locals;
    demand(ctx.actor, 'holders.edit');
    return {
      today: wibDate(ctx.now()),
      agencies: agencies.choices(ctx).map(({ code, name }) => ({ value: code, label: name })),
      may: { merge: can(ctx.actor, 'holders.edit') },
    };
  });

export const actions: Actions = {
  default: async (event) => {
    let twins: { id: string; written: string; nip: string | null; where: string }[] = [];
    const answer = await submitted(event, (ctx, form) => {
      const field = (name: string) => text(form, name);
      const kind = field('kind') as keyof typeof holderKinds;
      const [name, nip, email] = [field('name'), field('nip').replace(/\D/g, ''), field('email').toLowerCase()];
      // Who is there already is shown beside the refusal, before anything is saved.
      twins = certificates.doubles(ctx, { name, nip, email }).map((row) => ({
        id: row.id,
        written: fullName(row),
        nip: row.nip,
        where: [row.position, row.agencyName].filter(Boolean).join(', '),
      }));
      const { id } = certificates.createHolder(ctx, {
        kind,
        name,
        nip: field('nip'),
        email,
        agency: field('agency'),
        title: field('title'),
        since: field('since'),
        namesake: field('namesake') ? 'yes' : '',
      });
      redirect(303, `/holders/${id}`);
    });
    if (answer && 'data' in answer) Object.assign(answer.data, { twins });
    return answer as typeof answer & { data?: { twins: typeof twins } };
  },
};
