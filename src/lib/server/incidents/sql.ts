// Facts of an incident as SQL, for rooms that count over all incidents at once: the same rules as the dossier's, one by
// one (clockOf, progressOf, stampOf), which reports/facts.test.ts holds them to. `i` is an incident, `o` an obligation.

/** The newest entry of a time stamp counts (stampOf). */
export const stampSql = (kind: 'detected' | 'known' | 'reported'): string =>
  `(select s.at from incident_stamp s where s.incident_id = i.id and s.kind = '${kind}' order by s.entered_at desc, s.id desc limit 1)`;

/** When it happened, or null while nobody knows (occurrenceOf). */
export const OCCURRED_SQL = `(select c.at from incident_occurrence c where c.incident_id = i.id order by c.entered_at desc, c.id desc limit 1)`;

const rebased = (column: string, born: string): string =>
  `coalesce((select b.${column} from obligation_rebase b where b.obligation_id = o.id order by b.at desc, b.id desc limit 1), o.${born})`;
/** The clock after corrections of the time it starts from (clockOf). */
export const START_SQL = rebased('new_start', 'start_at');
export const DUE_SQL = rebased('new_due', 'due_at');

/**
 * When the duty was met (progressOf): the first way out in writing that left; a call meets nothing. An authority's receipt
 * proves that it left even when our own sending was not recorded.
 */
export const MET_SQL = `coalesce(
  (select min(case when t.message_id is null then t.at else m.sent_at end)
     from transmission t left join message m on m.id = t.message_id where t.obligation_id = o.id and t.channel <> 'phone'),
  (select min(r.at) from receipt r where r.obligation_id = o.id))`;

/** Released by two people. */
export const RELEASED_SQL = `exists (select 1 from obligation_decision d where d.obligation_id = o.id and d.outcome = 'confirmed')`;

/** Found to be no incident, or one that another number already tells of: it counts nowhere (the newest verdict). */
export const VOID_SQL = `coalesce((select v.kind from incident_verdict v where v.incident_id = i.id order by v.at desc, v.id desc limit 1), '') in ('not_incident', 'duplicate')`;
