// While our clock is wrong, a file of certificates says which of them kept evidence takes out of use: their status does not.
import type { Context } from '#lib/server/context.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { revocationWords } from '#lib/terms.ts';

type Column = { head: string; value: (row: { id: string }) => string | null; width: number };

/** One column more while something waits, none else; what could not be read yet stands in its heading. */
export function waitingColumns(ctx: Context): Column[] {
  const { certificates, unread, text } = revocation.waitingRevocations(ctx);
  if (text === null) return [];
  const by = new Map(certificates.map(({ id, status }) => [id, status]));
  const head = unread.length
    ? `Menurut bukti yang menunggu jam server (${unread.length} CRL belum disisir)`
    : 'Menurut bukti yang menunggu jam server';
  const value = ({ id }: { id: string }) => {
    const status = by.get(id);
    return status ? `Disebut ${revocationWords[status]}; jangan dipakai` : null;
  };
  return [{ head, value, width: 40 }];
}

/** Of rows on a page, those that kept evidence takes out of use. */
export function waitingAmong(ctx: Context, rows: readonly { id: string }[]): Record<string, 'revoked' | 'on_hold'> {
  const shown = new Set(rows.map(({ id }) => id));
  const { certificates } = revocation.waitingRevocations(ctx);
  return Object.fromEntries(certificates.filter(({ id }) => shown.has(id)).map(({ id, status }) => [id, status]));
}
