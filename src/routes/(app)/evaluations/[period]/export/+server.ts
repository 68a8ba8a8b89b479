import { percent } from '#lib/format.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import type { Column } from '#lib/server/table-export.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import { agencyKinds, results, sheetStates } from '#lib/terms.ts';
import { filterOf, sorted, wanted } from '../listing.ts';
import type { RequestHandler } from './$types';

/** All sheets that match the list's filter, with the result of every criterion. */
export const GET: RequestHandler = ({ locals, params, url }) =>
  guarded(() => {
    const { round, sheets } = evaluations.round(locals.ctx, params.period);
    const filter = filterOf(url.searchParams);
    const now = locals.ctx.now();
    const lines = sheets.map((sheet) => ({
      ...sheet,
      name: sheet.agency.name,
      kind: sheet.agency.kind,
      change: sheet.score !== null && sheet.previous !== null ? sheet.score - sheet.previous : null,
      evaluated: sheet.reviewedAt !== null,
      ready: evaluations.isReviewable(sheet, round.answerDue, now),
    }));
    type Line = (typeof lines)[number];
    const columns: Column<Line>[] = [
      { head: 'Kode', value: (l) => l.agency.code },
      { head: 'Perangkat Daerah', value: (l) => l.name, width: 48 },
      { head: 'Jenis', value: (l) => agencyKinds[l.kind] },
      { head: 'Nilai', value: (l) => (l.score === null ? 'belum diketahui' : percent(l.score)) },
      { head: 'Cakupan', value: (l) => (l.coverage === null ? 'tidak berlaku' : percent(l.coverage)) },
      { head: 'Keadaan', value: (l) => sheetStates[l.state].word },
      ...evaluations.criteriaSet(round.criteriaVersion).flatMap(({ code, title }): Column<Line>[] => {
        const item = (l: Line) => l.items.find((i) => i.criterion.code === code)!;
        return [
          { head: title, value: (l) => results[item(l).outcome.result].word },
          {
            head: `${title}: angka`,
            value: (l) =>
              item(l).measure ? `${item(l).measure!.numerator} dari ${item(l).measure!.denominator}` : null,
          },
        ];
      }),
    ];
    const shown = lines.filter((l) => wanted(filter, l));
    const file = { name: `evaluasi-${round.code}`, list: `lembar evaluasi ${round.code}` };
    return listFile(locals.ctx, url, file, columns, sorted(shown, filter.sort));
  });
