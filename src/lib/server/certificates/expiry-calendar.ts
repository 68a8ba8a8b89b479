// When certificates end, by WIB day and month and by agency. A certificate that ends 23:59:59Z ends on the next day in
// WIB, and stands there (certificate-status §8). Counted are those in use: not revoked, retired or archived.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { addDays, endOfDay, startOfDay, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { invalid } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import { number } from '#lib/format.ts';
import { uses } from '#lib/terms.ts';
import { openCliffs, type OpenCliff } from './cliffs.ts';
import type { Use } from './facts.ts';
import { icsOf, type IcsEvent } from './ics.ts';
import { inUseSql } from './label-sql.ts';

export type ExpiryFilter = {
  agency?: string;
  use?: Use;
  /** Only those without a successor. */
  open?: boolean;
};

const MONTHS = 12;
/** WIB is UTC+7; not_after is in milliseconds. */
const DAY_SQL = `date((c.not_after + 25200000) / 1000, 'unixepoch')`;

/** '2026-11' and the eleven months after it. */
export function monthsFrom(month: string): string[] {
  const [year, first] = month.split('-').map(Number) as [number, number];
  return Array.from({ length: MONTHS }, (_, i) => {
    const at = year * 12 + first - 1 + i;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  });
}

/** First and last WIB day of a month. */
export function daysOf(month: string): { first: string; last: string } {
  const [, next] = monthsFrom(month);
  return { first: `${month}-01`, last: addDays(`${next!}-01`, -1) };
}

/** A month as a page's address says it, or null. */
export const readMonth = (text: string | null | undefined): string | null =>
  text && /^20\d{2}-(0[1-9]|1[0-2])$/.test(text) ? text : null;

function whereOf(ctx: Context, filter: ExpiryFilter, from: string, to: string) {
  const now = ctx.now();
  const parts = [`c.archived_at is null and c.not_after between ? and ? and ${inUseSql(now, 'c')}`];
  const args: (string | number)[] = [startOfDay(from), endOfDay(to)];
  const seen = scope(ctx.actor);
  if (seen !== 'all') {
    parts.push(`c.agency_id in (${seen.map(() => '?').join(',') || 'null'})`);
    args.push(...seen);
  }
  if (filter.agency === 'none') parts.push('c.agency_id is null');
  else if (filter.agency) {
    parts.push('a.code = ?');
    args.push(filter.agency);
  }
  if (filter.use) {
    parts.push('c.use = ?');
    args.push(filter.use);
  }
  if (filter.open) parts.push('c.superseded_by_id is null');
  return { sql: parts.join(' and '), args };
}

const FROM = `from certificate c left join holder h on h.id = c.holder_id left join agency a on a.id = c.agency_id
  left join agency_name an on an.agency_id = a.id and an."to" is null`;

export type ExpiryMatrix = {
  months: string[];
  /** By name; certificates under no agency last. */
  rows: { code: string; name: string; counts: number[]; total: number }[];
  totals: { without: number; with: number }[];
  /** Weeks in which more than 15 % of an agency's certificates end. */
  cliffs: (OpenCliff & { month: string })[];
};

/** Agency × month for the twelve months from this one. */
export function expiryMatrix(ctx: Context, filter: ExpiryFilter = {}): ExpiryMatrix {
  demand(ctx.actor, 'certificates.view');
  const months = monthsFrom(wibDate(ctx.now()).slice(0, 7));
  const where = whereOf(ctx, filter, `${months[0]!}-01`, daysOf(months.at(-1)!).last);
  const cells = connection(ctx.db)
    .prepare(
      `select c.agency_id as agencyId, substr(${DAY_SQL}, 1, 7) as month, count(*) as n, sum(c.superseded_by_id is null) as without
         from certificate c ${filter.agency ? 'left join agency a on a.id = c.agency_id' : ''} where ${where.sql} group by 1, 2`,
    )
    .all(...where.args) as { agencyId: string | null; month: string; n: number; without: number }[];
  const register = new Map(agencies.list(ctx).map((agency) => [agency.id, agency]));
  const byAgency = new Map<string, { code: string; name: string; counts: number[]; total: number }>();
  const totals = months.map(() => ({ without: 0, with: 0 }));
  for (const { agencyId, month, n, without } of cells) {
    const agency = agencyId ? register.get(agencyId) : undefined;
    const code = agency?.code ?? 'none';
    const at = months.indexOf(month);
    const row = byAgency.get(code) ?? {
      code,
      name: agency?.name ?? 'Belum jelas Perangkat Daerahnya',
      counts: months.map(() => 0),
      total: 0,
    };
    row.counts[at]! += n;
    row.total += n;
    totals[at]!.without += without;
    totals[at]!.with += n - without;
    byAgency.set(code, row);
  }
  const rows = [...byAgency.values()].sort(
    (a, b) => Number(a.code === 'none') - Number(b.code === 'none') || a.name.localeCompare(b.name, 'id'),
  );
  const cliffs = openCliffs(ctx.db, scope(ctx.actor))
    .filter((cliff) => !filter.agency || cliff.code === filter.agency)
    .map((cliff) => ({ ...cliff, month: cliff.from.slice(0, 7) }));
  return { months, rows, totals, cliffs };
}

export type ExpiryDay = {
  day: string;
  certificates: {
    id: string;
    name: string;
    use: Use;
    agencyCode: string | null;
    agencyName: string | null;
    notAfter: number;
    successor: boolean;
  }[];
};

/** Certificates that end between two WIB days, day by day. */
export function expiryDays(ctx: Context, filter: ExpiryFilter, from: string, to: string): ExpiryDay[] {
  demand(ctx.actor, 'certificates.view');
  const where = whereOf(ctx, filter, from, to);
  const found = connection(ctx.db)
    .prepare(
      `select c.id, coalesce(h.name, c.common_name) as name, c.use, a.code as agencyCode, an.name as agencyName,
              c.not_after as notAfter, c.superseded_by_id is not null as successor, ${DAY_SQL} as day
         ${FROM} where ${where.sql} order by day, coalesce(an.name, '~'), coalesce(h.name_key, c.name_key), c.id`,
    )
    .all(...where.args) as (Omit<ExpiryDay['certificates'][number], 'successor'> & {
    day: string;
    successor: number;
  })[];
  return [...Map.groupBy(found, (row) => row.day)].map(([day, rows]) => ({
    day,
    certificates: rows.map(({ day: _day, successor, ...row }) => ({ ...row, successor: successor === 1 })),
  }));
}

/** Days before the end on which a calendar reminds, as the ladder of alerts does for signers. */
const REMINDERS = [30, 7, 1];

/**
 * The year ahead as an iCalendar file: one event a day and agency, with reminders. It names holders, so it is only for
 * who may export. @param base address of this office's Siaga, for the links
 */
export function expiryIcs(ctx: Context, filter: ExpiryFilter, base: string): string {
  demand(ctx.actor, 'certificates.export');
  if (filter.agency && filter.agency !== 'none') agencies.get(ctx, filter.agency);
  const today = wibDate(ctx.now());
  const events = expiryDays(ctx, filter, today, addDays(today, 365)).flatMap((day) =>
    [...Map.groupBy(day.certificates, (row) => row.agencyCode ?? 'none')].map(([code, rows]): IcsEvent => {
      const where = rows[0]!.agencyName ?? 'Belum jelas Perangkat Daerahnya';
      const what = rows.length === 1 ? rows[0]!.name : `${number(rows.length)} sertifikat`;
      const list = rows.map(
        (row) =>
          `${row.name} (${uses[row.use]})${row.successor ? ', sudah ada pengganti' : ''}\n${base}/certificates/${row.id}`,
      );
      return {
        uid: `berakhir-${day.day}-${code}@siaga`,
        day: day.day,
        summary: `Sertifikat berakhir: ${what}, ${where}`,
        description: list.slice(0, 50).join('\n'),
        url: `${base}/calendar?month=${day.day.slice(0, 7)}&agency=${encodeURIComponent(code)}`,
        // With a successor at hand nobody need be reminded.
        reminders: rows.every((row) => row.successor) ? [] : REMINDERS,
      };
    }),
  );
  if (events.length > 20_000) throw invalid('Terlalu banyak acara untuk satu kalender. Pilih satu Perangkat Daerah.');
  const details = { count: events.length };
  transact(ctx, (tx) => audit.record(tx, { action: 'calendar.exported', targets: [], details }));
  return icsOf('Siaga: akhir masa berlaku sertifikat', events, ctx.now());
}
