// What the search in the top bar finds of this room: incidents by number, title and linked certificate, letters by their
// number, addressee and incident. Facts only, no clocks: it is asked while somebody types.
import { connection } from '../db/index.ts';
import type { Context } from '../context.ts';
import { can, scope } from '../permission.ts';
import { parties } from '#lib/terms.ts';

export type FoundIncident = { number: string; title: string };
export type FoundLetter = { id: string; number: string; party: keyof typeof parties; incident: string; title: string };

/** The best few of each, newest first; what the actor may not see is not there. */
export function search(ctx: Context, q: string, limit = 6): { incidents: FoundIncident[]; letters: FoundLetter[] } {
  const words = q.toLowerCase().trim().split(/\s+/).filter(Boolean).slice(0, 8);
  if (words.join('').length < 2 || !can(ctx.actor, 'incidents.view')) return { incidents: [], letters: [] };
  const seen = scope(ctx.actor);
  const own = seen === 'all' ? '' : 'and i.agency_id in (select value from json_each(?))';
  const scoped = seen === 'all' ? [] : [JSON.stringify(seen)];
  const likes = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  const all = (fields: string) => likes.map(() => `${fields} like ? escape '\\'`).join(' and ');
  const incidents = connection(ctx.db)
    .prepare(
      `select i.number, i.title from incident i
        where (${all("i.number || ' ' || i.title")} or exists (select 1 from incident_certificate ic join certificate c on c.id = ic.certificate_id
          where ic.incident_id = i.id and ic.unlinked_at is null and ${all("c.common_name || ' ' || coalesce(c.serial, '')")})) ${own}
        order by i.number = ? desc, i.opened_at desc limit ?`,
    )
    .all(...likes, ...likes, ...scoped, q.trim().toUpperCase(), limit) as FoundIncident[];
  if (!can(ctx.actor, 'letters.view')) return { incidents, letters: [] };
  const named = Object.entries(parties).map(([party, word]) => `when '${party}' then '${word}'`);
  const letters = connection(ctx.db)
    .prepare(
      `select l.id, l.number, o.party, i.number as incident, i.title from letter l
         join obligation o on o.id = l.obligation_id join incident i on i.id = o.incident_id
        where l.withdrawn_at is null and ${all(`l.number || ' ' || i.number || ' ' || case o.party ${named.join(' ')} end`)} ${own}
        order by lower(l.number) = ? desc, l.created_at desc limit ?`,
    )
    .all(...likes, ...scoped, q.trim().toLowerCase(), limit) as FoundLetter[];
  return { incidents, letters };
}
