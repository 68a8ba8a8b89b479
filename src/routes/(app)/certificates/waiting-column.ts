// While our clock is wrong, a file of certificates says which of them kept evidence takes out of use: their status does not.
import { number } from '#lib/format.ts';
import type { Context } from '#lib/server/context.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { revocationWords } from '#lib/terms.ts';

type Column<Value> = { head: string; value: (row: { id: string }) => Value; width: number };

/** What could not be read yet stands in the heading. */
const headOf = ({ length }: readonly string[]): string =>
  `Menurut bukti yang menunggu jam server${length ? ` (${number(length)} CRL belum disisir)` : ''}`;

/** One column more while something waits, none else. */
export function waitingColumns(ctx: Context): Column<string | null>[] {
  const { certificates, unread, text } = revocation.waitingRevocations(ctx);
  if (text === null) return [];
  const by = new Map(certificates.map(({ id, status }) => [id, status]));
  const value = ({ id }: { id: string }) => {
    const status = by.get(id);
    return status ? `Disebut ${revocationWords[status]}; jangan dipakai` : null;
  };
  return [{ head: headOf(unread), value, width: 40 }];
}

/** The same for a file of agencies: how many of each. */
export function waitingCounts(ctx: Context): Column<number>[] {
  const { certificates, unread, text } = revocation.waitingRevocations(ctx);
  if (text === null) return [];
  const by = Map.groupBy(certificates, ({ agencyId }) => agencyId);
  return [{ head: `${headOf(unread)}: dicabut`, value: ({ id }) => by.get(id)?.length ?? 0, width: 40 }];
}

/** Of rows on a page, those that kept evidence takes out of use. */
export function waitingAmong(ctx: Context, rows: readonly { id: string }[]): Record<string, 'revoked' | 'on_hold'> {
  const shown = new Set(rows.map(({ id }) => id));
  const { certificates } = revocation.waitingRevocations(ctx);
  return Object.fromEntries(certificates.filter(({ id }) => shown.has(id)).map(({ id, status }) => [id, status]));
}
