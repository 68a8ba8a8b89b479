import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import * as compliance from '#lib/server/compliance/index.ts';
import type { Context } from '#lib/server/context.ts';
import { can, mayOpen } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { previewFilterOf } from '../filter.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const filter = previewFilterOf(url.searchParams);
    const result = filter.shown;
    const after = Number(url.searchParams.get('after')) || 0;
    const names = auth.names(ctx);
    const run = certificates.importRun(ctx, params.id, {
      shown: result === 'absent' ? undefined : result,
      after,
      names,
    });
    const trail = audit.list(ctx, { target: ['import', params.id], limit: 20 }, names);
    const waits = run.state === 'preview';
    // After the commit only what is no longer in the file is still shown from the preview.
    const sheet =
      waits || run.kind !== 'certificates'
        ? certificates.sheetPreview(ctx, params.id, { ...filter, after, names })
        : null;
    return {
      matching: run.state === 'done' ? matchingOf(ctx, run) : null,
      next: run.state === 'done' && run.kind === 'personnel' ? afterPersonnel(ctx) : null,
      run: { ...run, requestedBy: names(run.requestedBy) },
      trail,
      /** Why it counts for nothing: who took it back, when and to what effect. */
      voided: trail.find(({ action }) => action === 'import.voided' || action === 'import.cancelled') ?? null,
      mayAudit: can(ctx.actor, 'audit.view'),
      result: result ?? null,
      sheet,
      agencies: waits && sheet?.unknown.length ? agencies.choices(ctx).map(({ code, name }) => ({ code, name })) : [],
      mayImport: can(ctx.actor, run.kind === 'personnel' ? 'holders.edit' : 'certificates.import'),
      mayVoid: run.state === 'done' && run.totals.added + run.totals.completed > 0 && certificates.mayVoid(ctx, run),
      opens: { trust: mayOpen(ctx.actor, '/trust'), bulk: mayOpen(ctx.actor, '/certificates/bulk') },
      // Asking every room what it built takes a while on a large import, so only who wants to know waits for it.
      voiding:
        run.state === 'done' && url.searchParams.has('void') && certificates.mayVoid(ctx, run)
          ? compliance.voidPreview(ctx, params.id)
          : null,
    };
  });

/** What waits for an owner: of this import, or of all after a personnel list. */
function matchingOf(ctx: Context, run: { id: string; kind: certificates.ImportKind }) {
  const counts = certificates.matchCounts(ctx, run.kind === 'personnel' ? {} : { importId: run.id });
  return counts.waiting ? { ...counts, may: can(ctx.actor, 'certificates.match') } : null;
}

/** People are there: what they are needed for. Each way only for those it is open to. */
function afterPersonnel(ctx: Context) {
  const matching = mayOpen(ctx.actor, '/matching') && certificates.matchCounts(ctx, {}).waiting > 0;
  const ways = [
    ...(matching ? [{ href: '/matching', label: 'Buka Pencocokan' }] : []),
    { href: '/certificates/import', label: 'Impor Sertifikat' },
    { href: '/holders', label: 'Lihat Daftar Pemilik' },
  ];
  return { matching, ways: ways.filter(({ href }) => mayOpen(ctx.actor, href)) };
}

/** Back to the page itself, so that neither a reload nor the back button sends a form again. */
const shown = (id: string): never => redirect(303, `/imports/${id}`);

export const actions: Actions = {
  reread: (event) =>
    submitted(event, (ctx, form) => {
      const columns = Number(text(form, 'columns')) || 0;
      const fields = Array.from({ length: Math.min(columns, 200) }, (_, i) => text(form, `column-${i}`) || null);
      const chosen = text(form, 'headingRow');
      const row = chosen === 'other' ? text(form, 'otherRow') : chosen;
      const input = {
        kind: text(form, 'kind') || undefined,
        sheet: form.has('sheet') ? String(form.get('sheet')) : undefined,
        headingRow: row ? Number(row) : undefined,
        fields: columns ? fields : undefined,
      };
      certificates.rereadSheet(ctx, event.params.id, input as certificates.RereadInput);
      shown(event.params.id);
    }),
  forget: (event) =>
    submitted(event, (ctx) => {
      certificates.forgetColumns(ctx, event.params.id);
      shown(event.params.id);
    }),
  take: (event) =>
    submitted(event, (ctx, form) => {
      certificates.takeColumn(ctx, event.params.id, Number(text(form, 'column')));
      shown(event.params.id);
    }),
  words: (event) =>
    submitted(event, (ctx, form) => {
      const asked = form.getAll('word').map(String);
      const said = Object.fromEntries(asked.map((word, i) => [word, text(form, `meaning-${i}`)]));
      certificates.explainWords(ctx, event.params.id, said);
      shown(event.params.id);
    }),
  forgetWord: (event) =>
    submitted(event, (ctx, form) => {
      certificates.forgetWord(ctx, event.params.id, text(form, 'word'));
      shown(event.params.id);
    }),
  agencies: (event) =>
    submitted(event, (ctx, form) => {
      const texts = form.getAll('text').map(String);
      const said = Object.fromEntries(texts.map((name, i) => [name, text(form, `agency-${i}`)]));
      certificates.explainAgencies(ctx, event.params.id, said);
      shown(event.params.id);
    }),
  choose: (event) =>
    submitted(event, (ctx, form) => {
      const row = text(form, 'seq');
      const seq = row ? Number(row) : null;
      certificates.chooseContested(ctx, event.params.id, { take: text(form, 'take') === 'yes', seq });
      // Back to the rows one was looking at.
      const asked = ['result', 'after'].flatMap((name) => {
        const value = text(form, name);
        return value ? [[name, value]] : [];
      });
      redirect(303, `${event.url.pathname}?${new URLSearchParams(asked)}`);
    }),
  accept: (event) =>
    submitted(event, (ctx) => {
      certificates.acceptSheet(ctx, event.params.id);
      shown(event.params.id);
    }),
  cancel: (event) =>
    submitted(event, (ctx) => {
      certificates.cancelSheet(ctx, event.params.id);
      shown(event.params.id);
    }),
  void: (event) =>
    submitted(event, (ctx, form) => {
      compliance.voidImport(ctx, event.params.id, { why: text(form, 'why') });
      shown(event.params.id);
    }),
};
