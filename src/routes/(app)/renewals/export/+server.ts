import { renewalColumns, exportRenewals } from '#lib/server/certificates/index.ts';
import { asFile, formatOf } from '#lib/server/table-export.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import { waitingColumns } from '../../certificates/waiting-column.ts';
import { renewalFilterOf } from '../filter.ts';
import type { RequestHandler } from './$types';

/** All rows that the work-list's address matches, with who must do what. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(async () => {
    const format = formatOf(url.searchParams.get('format'));
    const rows = exportRenewals(locals.ctx, renewalFilterOf(url.searchParams), format);
    const columns = [...renewalColumns, ...waitingColumns(locals.ctx)];
    const file = await asFile('pembaruan-sertifikat', format, columns, rows);
    return attachment(file.bytes, file.name, file.mediaType);
  });
