import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Column } from '#lib/server/table-export.ts';
import { guarded, listStream } from '#lib/server/web.ts';
import { number } from '#lib/format.ts';
import { importResults } from '#lib/terms.ts';
import { onlyAuthorities } from '../../columns.ts';
import { previewFilterOf } from '../../filter.ts';
import type { RequestHandler } from './$types';

const changed = (changes: Parameters<typeof certificates.changeText>[0][]): string =>
  changes.map(certificates.changeText).join('; ');

/** What the page of an import shows: rows of its preview, or of its ledger; what is no longer in the file stays a row of the preview. */
export const GET: RequestHandler = ({ locals, params, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const { number: name, state } = certificates.importRun(ctx, params.id, { limit: 1 });
    const filter = { ...previewFilterOf(url.searchParams), names: auth.names(ctx) };
    const { shown } = filter;
    return shown === 'absent' || state === 'preview'
      ? listStream(
          ctx,
          url,
          { name: `pratinjau-${name}`, list: `pratinjau impor ${name}` },
          previewColumns,
          certificates.previewPages(ctx, params.id, filter),
        )
      : listStream(
          ctx,
          url,
          { name: `impor-${name}`, list: `hasil impor ${name}` },
          ledgerColumns,
          certificates.importPages(ctx, params.id, shown, filter.names),
        );
  });

const candidates = (count: number): string | null =>
  count ? `${number(count)} sertifikat CA: calon penerbit, bukan sertifikat dalam daftar.` : null;

const previewColumns: Column<ReturnType<typeof certificates.sheetRows>[number]>[] = [
  { head: 'Baris', value: (row) => row.line, width: 8 },
  { head: 'Nama', value: (row) => row.name, width: 34 },
  { head: 'Data', value: (row) => row.about, width: 44 },
  { head: 'Akan menjadi', value: (row) => importResults[row.verdict].word, width: 24 },
  { head: 'Isi baru atau perubahan', value: (row) => row.enters.join('; ') || changed(row.changes), width: 60 },
  { head: 'Keterangan', value: (row) => [row.reason, ...row.notes].filter(Boolean).join(' '), width: 80 },
];

const ledgerColumns: Column<ReturnType<typeof certificates.importLedger>[number]>[] = [
  { head: 'Nomor', value: (row) => row.seq, width: 8 },
  { head: 'Isi', value: (row) => row.name, width: 50 },
  { head: 'Hasil', value: (row) => importResults[row.result].word, width: 24 },
  { head: 'Perubahan', value: (row) => changed(row.shown), width: 60 },
  { head: 'Keterangan', value: (row) => row.reason ?? candidates(onlyAuthorities(row)), width: 60 },
  { head: 'Sertifikat baru', value: (row) => row.certificatesNew },
  { head: 'Sertifikat sudah ada', value: (row) => row.certificatesKnown },
  { head: 'SHA-256', value: (row) => row.sha256, width: 66 },
];
