import { expiryIcs } from '#lib/server/certificates/index.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import { calendarFilterOf } from '../filter.ts';
import type { RequestHandler } from './$types';

/** The year ahead for a calendar programme, of one agency or of all that the person may see. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const filter = calendarFilterOf(url.searchParams);
    const name = `siaga-kalender${filter.agency ? `-${filter.agency.toLowerCase()}` : ''}.ics`;
    return attachment(expiryIcs(locals.ctx, filter, url.origin), name, 'text/calendar; charset=utf-8');
  });
