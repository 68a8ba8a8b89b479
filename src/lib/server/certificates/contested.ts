// A cell that a person changed in a downloaded sheet and somebody else changed in Siaga after the download. Neither is
// taken for granted: what stands in Siaga stays until a person who saw both chooses the sheet's.
import * as audit from '../audit/index.ts';
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import type { Cells, Stamp } from './download-stamp.ts';
import type { Change, Field, SheetKind } from './sheet.ts';

/** Whether a person chose the sheet's value over a newer one. */
export type Choice = (change: Change) => boolean;
export const neither: Choice = () => false;

/** What a person chose in the preview holds as long as it is still the same that is lost and won. */
export const chosenIn = (seen: readonly Change[]): Choice => {
  const chosen = seen.filter(({ conflict }) => conflict?.taken);
  return ({ field, from, to }) => chosen.some((one) => one.field === field && one.from === from && one.to === to);
};

/** Whether a change is written: one that is contested only by choice. */
export const isTaken = ({ conflict }: Change): boolean => !conflict || conflict.taken;

/** What stands or falls together: an owner with the agency, a position with its agency, a status with its day. */
const TOGETHER: Record<SheetKind, Partial<Record<Change['field'], readonly Field[]>>> = {
  personnel: {
    agency: ['agency', 'position'],
    position: ['agency', 'position'],
    status: ['status', 'since'],
    since: ['status', 'since'],
  },
  certificate_sheet: { holder: ['nip', 'agency'], agency: ['nip', 'agency'] },
};

/**
 * The changes of a row, those marked that somebody else was faster with.
 * @param now the cells of the record as they would be downloaded now @param who read only when something is contested
 */
export function contested(
  kind: SheetKind,
  changes: readonly Change[],
  stamp: Stamp,
  now: Cells,
  who: () => Act | null,
  choice: Choice,
): Change[] {
  const cellOf = ({ field }: Change): Field => (field === 'holder' ? 'nip' : field);
  const moved = (change: Change): Field[] =>
    (TOGETHER[kind][change.field] ?? [cellOf(change)]).filter((one) => !stamp.held(one, now[one]));
  let act: Act | null | undefined;
  return changes.map((change) => {
    const [first, ...others] = moved(change);
    if (!first) return change;
    act ??= who();
    const beside = [first, ...others].includes(cellOf(change)) ? {} : { beside: first };
    return { ...change, conflict: { by: act?.by ?? '', at: act?.at ?? null, taken: choice(change), ...beside } };
  });
}

export type Act = { by: string; at: number };

/** Acts that change what a downloaded sheet shows. */
const ACTS = {
  holder: ['holder.changed', 'holder.moved', 'holder.left', 'holder.returned', 'holders.merged', 'holders.separated'],
  certificate: ['certificate.owner', 'certificate.owner_undone', 'certificate.transferred'],
} as const;
const COLUMN = { holder: 'holder_id', certificate: 'certificate_id' } as const;

/**
 * A function that tells who last changed a record after an instant: by the trail, the ledgers of imports, and for a
 * certificate its owner's line. Null when nobody can be named (an import that was voided).
 */
export function laterActs(ctx: Context, kind: keyof typeof ACTS): (id: string, since: number) => Act | null {
  const client = connection(ctx.db);
  // A list may contest thousands of rows; the ledgers are read once for each download it came from.
  const ledgers = new Map<number, Map<string, Act>>();
  const imported = (since: number): Map<string, Act> => {
    const rows = client
      .prepare(
        `select e.${COLUMN[kind]} as id, coalesce(s.accepted_by, r.requested_by) as by, r.finished_at as at
           from import_run r join import_entry e on e.import_id = r.id left join import_sheet s on s.import_id = r.id
          where r.finished_at > ? and r.state = 'done' and e.outcome = 'completed' and e.${COLUMN[kind]} is not null
          order by r.finished_at`,
      )
      .all(since) as (Act & { id: string })[];
    return new Map(rows.map(({ id, by, at }) => [id, { by, at }]));
  };
  // Its first span begins with the certificate, before anybody wrote it.
  const owned = client.prepare(
    `select by, "from" as at from ownership where certificate_id = :id and "to" is null and "from" > :since`,
  );
  return (id, since) => {
    if (!ledgers.has(since)) ledgers.set(since, imported(since));
    return [
      audit.lastAct(ctx, [kind, id], ACTS[kind], since),
      ledgers.get(since)!.get(id),
      kind === 'certificate' ? (owned.get({ id, since }) as Act | undefined) : undefined,
    ]
      .filter((act) => act !== null && act !== undefined)
      .reduce<Act | null>((last, act) => (last && last.at >= act.at ? last : act), null);
  };
}
