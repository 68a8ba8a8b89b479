import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import { dueToday } from '#lib/server/compliance/work.ts';
import type { Context } from '#lib/server/context.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import { mayOpen } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded } from '#lib/server/web.ts';
import { dateTime } from '#lib/format.ts';
import { roles } from '#lib/terms.ts';
import { menuOf } from './menu.ts';
import { waiting } from './waiting.ts';
import { isAboutIncidents } from './work/kinds.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies, depends }) =>
  guarded(() => {
    const { ctx, user } = locals;
    if (!user) redirect(303, '/sign-in');
    depends('app:work');
    const due = dueToday(waiting(locals), ctx.now());
    const urgent = due.filter(isAboutIncidents).length;
    const pulse = jobs.pulseOf(ctx);
    const agency = user.agencyId ? agencies.byId(ctx, user.agencyId) : null;
    const theme = cookies.get('theme');
    return {
      menu: menuOf(user, urgent),
      account: {
        name: user.name,
        role: roles[user.roles[0]!],
        agency: agency?.shortName || agency?.name || '',
        theme: theme === 'light' ? ('light' as const) : theme === 'dark' ? ('dark' as const) : ('system' as const),
      },
      due: due.length,
      checkedAt: pulse.lastReviewAt,
      alarms: [...stopped(pulse), ...clockAlarms(ctx)],
    };
  });

/** What the banner says while our own clock cannot be believed (certificate-status §8), and whom that conceals. */
function clockAlarms(ctx: Context) {
  const { state, text } = revocation.clock(ctx);
  if (state !== 'frozen') return [];
  const waiting = revocation.waitingRevocations(ctx);
  const link = mayOpen(ctx.actor, '/certificates/waiting')
    ? { href: '/certificates/waiting', label: 'Lihat yang menunggu' }
    : null;
  return [{ text }, ...(waiting.text ? [{ text: waiting.text, link }] : [])];
}

/** What the banner says when scheduled work has stopped; nothing else looks at the city's certificates then. */
function stopped(pulse: jobs.Heartbeat): { text: string }[] {
  if (pulse.silent) {
    const since = dateTime(pulse.lastReviewAt);
    return [
      {
        text: `Pemeriksaan sertifikat tidak berjalan sejak ${since}. Status di halaman ini mungkin sudah usang; hubungi administrator.`,
      },
    ];
  }
  if (!pulse.alive && pulse.lastAt !== null) {
    const since = dateTime(pulse.lastAt);
    return [
      { text: `Tugas berkala berhenti sejak ${since}: tidak ada pemeriksaan dan pengiriman. Hubungi administrator.` },
    ];
  }
  return [];
}
