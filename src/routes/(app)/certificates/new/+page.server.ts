import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { can, demand } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { fullName } from '#lib/format.ts';
import type { uses } from '#lib/terms.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    demand(ctx.actor, 'certificates.edit');
    const id = url.searchParams.get('holder')?.slice(0, 64);
    const [holder] = id ? certificates.holdersById(ctx, [id]) : [];
    return {
      holder: holder ? { id: holder.id, written: fullName(holder), agencyName: holder.agencyName } : null,
      agencies: agencies.choices(ctx).map(({ code, name }) => ({ value: code, label: name })),
      may: { import: can(ctx.actor, 'certificates.import') },
    };
  });

type Choice = { id: string; written: string; sub: string };

/** The holder that was typed or ticked; several fit, or none: what to say at the field, with the choices. */
function holderOf(ctx: Context, form: FormData, choices: Choice[]): { id: string; problem?: string } {
  const ticked = text(form, 'holderId');
  const said = text(form, 'holder');
  if (!said) return { id: ticked };
  const found = certificates.findHolders(ctx, said);
  if (found.one) return { id: found.one.id };
  choices.push(
    ...found.choices.map((row) => ({
      id: row.id,
      written: fullName(row),
      sub: [row.nip && `NIP …${row.nip.slice(-6)}`, row.position, row.agencyName].filter(Boolean).join(' · '),
    })),
  );
  // The choice stands again beside what else has to be mended.
  if (choices.some(({ id }) => id === ticked)) return { id: ticked };
  return {
    id: '',
    problem: choices.length
      ? 'Lebih dari satu yang cocok; pilih di bawah.'
      : 'Tidak ada yang cocok. Kosongkan, atau tambahkan pemiliknya lebih dahulu.',
  };
}

export const actions: Actions = {
  default: async (event) => {
    const choices: Choice[] = [];
    let known: { id: string; name: string }[] = [];
    const answer = await submitted(event, (ctx, form) => {
      const field = (name: string) => text(form, name);
      known = certificates
        .sameSerial(ctx, field('serial'), field('issuer'))
        .map((row) => ({ id: row.id, name: row.commonName }));
      const holder = holderOf(ctx, form, choices);
      const said = {
        holderId: holder.id,
        name: field('name'),
        agency: field('agency'),
        use: field('use') as keyof typeof uses,
        serial: field('serial'),
        issuer: field('issuer'),
        from: field('from'),
        until: field('until'),
      };
      const { id } = certificates.recordCertificate(ctx, said, holder.problem ? { holder: holder.problem } : {});
      redirect(303, `/certificates/${id}`);
    });
    if (answer && 'data' in answer) Object.assign(answer.data, { choices, known });
    return answer;
  },
};
