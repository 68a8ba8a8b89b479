import * as certificates from '#lib/server/certificates/index.ts';
import { asFile, formatOf } from '#lib/server/table-export.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import { importOutcomes } from '#lib/terms.ts';
import type { RequestHandler } from './$types';

/** The whole ledger of one import. */
export const GET: RequestHandler = ({ locals, params, url }) =>
  guarded(async () => {
    const run = certificates.importRun(locals.ctx, params.id, { limit: 1 });
    const rows = certificates.importLedger(locals.ctx, params.id);
    const file = await asFile(
      `impor-${run.number}`,
      formatOf(url.searchParams.get('format')),
      [
        { head: 'Nomor', value: (row) => row.seq, width: 8 },
        { head: 'Isi', value: (row) => row.name, width: 50 },
        { head: 'Hasil', value: (row) => importOutcomes[row.outcome], width: 24 },
        { head: 'Keterangan', value: (row) => row.reason, width: 60 },
        { head: 'Sertifikat baru', value: (row) => row.certificatesNew },
        { head: 'Sertifikat sudah ada', value: (row) => row.certificatesKnown },
        { head: 'SHA-256', value: (row) => row.sha256, width: 66 },
      ],
      rows,
    );
    return attachment(file.bytes, file.name, file.mediaType);
  });
