import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { fullDate, shortDate, time } from '#lib/format.ts';
import * as auth from '#lib/server/auth/index.ts';
import { DAY, wibDate } from '#lib/server/calendar.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import { as, type Context } from '#lib/server/context.ts';
import { AppError } from '#lib/server/errors.ts';
import { can } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

/** The lost phone may be the slow one: no script, the system's own typeface, well under 60 kB. */
export const csr = false;

export const load: PageServerLoad = ({ locals: { ctx, user }, url }) =>
  guarded(() => {
    const all = agencies.choices(as(ctx, { kind: 'system', name: 'setup' }));
    const own = user?.agencyId ? all.find((agency) => agency.id === user.agencyId) : undefined;
    const { about, seen } = broughtBy(ctx, url.searchParams);
    const days = recentDays(ctx.now());
    return {
      office: settings.get(ctx, 'office'),
      duty: incidents.onDuty(ctx),
      agencies: all.map((agency) => agency.name),
      // From the sign-in page's short cuts; what is no kind ticks nothing.
      kind: url.searchParams.get('kind') ?? (seen ? 'other' : null),
      signedIn: user !== null,
      /** An officer of the office may write down what a caller says. */
      forCaller: can(ctx.actor, 'incidents.triage'),
      days,
      // What was seen is reported with the time at which it was seen; the first row of the list is today.
      day: seen?.seenAt == null ? days[0]!.value : dayIn(days, seen.seenAt),
      time: time(seen?.seenAt ?? ctx.now()),
      about,
      story: seen?.text ?? '',
      phone: seen ? ownPhone(ctx, settings.get(ctx, 'office').phone) : '',
      once: incidents.newToken(),
      agency: about?.agency ?? (user && !can(ctx.actor, 'incidents.triage') ? (own?.name ?? '') : ''),
    };
  });

/** Today and the month before it, in words: a native date field would speak the browser's language here. */
function recentDays(now: number): { value: string; label: string }[] {
  return Array.from({ length: 32 }, (_, ago) => {
    const at = now - ago * DAY;
    const name = ['Hari ini', 'Kemarin'][ago] ?? fullDate(at).split(',')[0];
    const label = ago === 31 ? `Sebelum ${shortDate(at + DAY)}` : `${name}, ${shortDate(at)}`;
    return { value: wibDate(at), label };
  });
}

/** The row of the list that a day is in: the last one stands for everything before. */
const dayIn = (days: readonly { value: string }[], at: number): string =>
  (days.find(({ value }) => value === wibDate(at)) ?? days.at(-1)!).value;

/** Where whoever found it can be called: the own number, or for an officer of the office the office's. */
const ownPhone = (ctx: Context, office: string): string =>
  auth.self(ctx).phone || (can(ctx.actor, 'incidents.triage') ? office : '');

type Brought = {
  about: { id: string; name: string; agency: string } | null;
  /** What evidence says, when the way here began at a revocation or a question to the issuer. */
  seen: revocation.IncidentStory | null;
};
const NOTHING: Brought = { about: null, seen: null };

/**
 * A signed-in person may come from a certificate's page (`certificate`), from its revocation (`seen`), or from a question to
 * the issuer (`signal`): identifiers only. An address that leads nowhere does not stop a report.
 */
function broughtBy(ctx: Context, params: URLSearchParams): Brought {
  const id = params.get('certificate');
  if (!id || ctx.actor.kind !== 'user' || !can(ctx.actor, 'certificates.view')) return NOTHING;
  try {
    const found = certificates.get(ctx, id);
    const signal = params.get('signal');
    return {
      about: { id, name: found.commonName, agency: found.agency?.name ?? '' },
      seen: signal || params.has('seen') ? revocation.incidentStory(ctx, id, signal) : null,
    };
  } catch (error) {
    if (error instanceof AppError) return NOTHING;
    throw error;
  }
}

export const actions: Actions = {
  default: (event) =>
    submitted(event, (ctx, form) => {
      const field = (name: string) => text(form, name);
      const { token } = incidents.report(ctx, {
        kind: field('kind') as 'device_lost',
        ownerName: field('ownerName'),
        agency: field('agency'),
        reporterName: field('reporterName'),
        phone: field('phone'),
        email: field('email'),
        story: field('story'),
        detectedAt: `${field('detectedDay')} ${field('detectedAt').replace(',', '.')}`,
        channel: field('channel') === 'phone' ? 'phone' : 'account',
        certificateId: field('certificateId'),
        once: field('once'),
        website: field('website') as '',
      });
      redirect(303, `/lapor/${token}`);
    }),
};
