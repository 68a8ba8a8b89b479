import * as certificates from '#lib/server/certificates/index.ts';
import { formatOf } from '#lib/server/table-export.ts';
import { waitingColumns } from '../waiting-column.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

/** All certificates that the list's address matches, with the columns it shows. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(async () => {
    const { searchParams } = url;
    const filter = certificates.filterOf(searchParams);
    if (searchParams.get('format') === 'edit') {
      const sheet = await certificates.editableCertificates(locals.ctx, filter);
      return attachment(sheet.bytes, sheet.name, sheet.mediaType);
    }
    const columns = certificates.columnsOf(searchParams);
    const format = formatOf(searchParams.get('format'));
    const file = certificates.exportList(locals.ctx, filter, format, columns, waitingColumns(locals.ctx));
    return attachment(file.stream, file.name, file.mediaType);
  });
