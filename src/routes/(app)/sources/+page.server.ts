import { can } from '#lib/server/permission.ts';
import { number } from '#lib/format.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import * as monitoring from '#lib/server/monitoring/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { invalid } from '#lib/server/errors.ts';
import { guarded, submitted } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

/** A CRL carried by hand (certificate-status §7). */
const LIMIT = 20 * 1024 * 1024;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const all = revocation.sources(ctx);
    const state = url.searchParams.get('state') ?? '';
    const q = (url.searchParams.get('q') ?? '').trim().toLowerCase();
    const matching = all.filter((row) => `${row.issuerName} ${row.url}`.toLowerCase().includes(q));
    const live = matching.filter((row) => row.state !== 'retired');
    return {
      now: ctx.now(),
      q,
      state,
      rows: state ? matching.filter((row) => row.state === state) : live,
      counts: Object.fromEntries(
        (['ok', 'failing', 'stale', 'never', 'retired'] as const).map((s) => [
          s,
          matching.filter((row) => row.state === s).length,
        ]),
      ),
      live: live.length,
      alerts: can(ctx.actor, 'alerts.view')
        ? Object.values(monitoring.counts(ctx)).reduce((sum, n) => sum + n, 0)
        : null,
      may: { sweep: can(ctx.actor, 'revocation.check'), upload: can(ctx.actor, 'evidence.add') },
    };
  });

export const actions: Actions = {
  sweep: (event) =>
    submitted(event, (ctx) => {
      const count = revocation.requestSweep(ctx);
      if (can(ctx.actor, 'jobs.run')) jobs.request(ctx, 'sweep');
      return {
        said: `${number(count)} sumber akan ditanya sekarang oleh tugas latar belakang; muat ulang halaman ini untuk melihat hasilnya.`,
      };
    }),
  upload: (event) =>
    submitted(event, async (ctx, form) => {
      const files = form.getAll('files').filter((f): f is File => f instanceof File && f.size > 0);
      if (files.length === 0)
        throw invalid('Pilih berkas CRL atau jawaban OCSP.', { files: 'Pilih paling sedikit satu berkas.' });
      if (files.some((f) => f.size > LIMIT))
        throw invalid('Berkas terlalu besar; paling besar 20 MB.', { files: 'Paling besar 20 MB.' });
      const carried = [];
      for (const file of files.slice(0, 20)) {
        carried.push(revocation.addEvidence(ctx, { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }));
      }
      return { carried };
    }),
};
