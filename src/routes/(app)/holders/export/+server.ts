import * as certificates from '#lib/server/certificates/index.ts';
import { asFile, formatOf } from '#lib/server/table-export.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import { holderStatuses } from '#lib/terms.ts';
import { holderFilterOf } from '../filter.ts';
import type { RequestHandler } from './$types';

/** All holders that the list's address matches. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(async () => {
    const { ctx } = locals;
    if (url.searchParams.get('format') === 'edit') {
      const sheet = await certificates.editablePeople(ctx, holderFilterOf(url.searchParams));
      return attachment(sheet.bytes, sheet.name, sheet.mediaType);
    }
    const format = formatOf(url.searchParams.get('format'));
    const rows = certificates.exportHolders(ctx, holderFilterOf(url.searchParams), format);
    const file = await asFile(
      'pemilik-sertifikat',
      format,
      [
        { head: 'Nama', value: (row) => row.name, width: 34 },
        { head: 'Gelar depan', value: (row) => row.titleBefore },
        { head: 'Gelar belakang', value: (row) => row.titleAfter },
        { head: 'NIP', value: (row) => row.nip },
        { head: 'Jabatan', value: (row) => row.position, width: 30 },
        { head: 'Perangkat Daerah', value: (row) => row.agencyName, width: 34 },
        { head: 'Status', value: (row) => holderStatuses[row.status] },
        { head: 'Sertifikat', value: (row) => row.certificates },
        { head: 'Dapat dipakai', value: (row) => row.usable },
      ],
      rows,
    );
    return attachment(file.bytes, file.name, file.mediaType);
  });
