// siaga evaluate open|status PERIOD
import { period } from '#lib/server/calendar.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import { number, percent } from '#lib/format.ts';
import { emit, note, openContext, parse, UsageError, type Command } from '../cli.ts';

export const command: Command = {
  help: `Evaluasi Perangkat Daerah (Pasal 18 huruf b).

  siaga evaluate open PERIODE [--data DIR] [--json]
      Membuka evaluasi rutin satu semester (mis. 2026-S2) untuk seluruh Perangkat Daerah dan mengukur kriterianya.
  siaga evaluate status PERIODE [--data DIR] [--json]
      Cakupan, nilai, dan temuan satu semester atau satu tahun (mis. 2026).`,
  run(args) {
    const { values, positionals } = parse(args, { data: { type: 'string' }, json: { type: 'boolean' } });
    const [verb, code, ...rest] = positionals;
    if (!code || rest.length || !['open', 'status'].includes(verb ?? ''))
      throw new UsageError('Pakai: evaluate open|status PERIODE');
    if (!period(code)) throw new UsageError(`Bukan periode: ${code}. Isi seperti 2026-S2 atau 2026.`);
    const ctx = openContext(values.data);
    if (verb === 'open') evaluations.openRound(ctx, code);
    const figures = evaluations.figures(ctx, code);
    if (values.json) emit(figures);
    else report(figures);
    return 0;
  },
};

function report({ period, coverage, scores, findings }: evaluations.EvaluationFigures): void {
  for (const semester of coverage.semesters) {
    note(`${semester.period}: ${semester.evaluated} dari ${coverage.total} Perangkat Daerah dievaluasi`);
  }
  if (!scores) return note(`Belum ada evaluasi rutin pada ${period}.`);
  note(`Nilai tengah ${percent(scores.median)} dari ${scores.scored} Perangkat Daerah yang dapat dinilai`);
  for (const c of scores.criteria) {
    note(
      `  ${c.title}: ${number(c.numerator)} dari ${number(c.denominator)} (${percent(c.share)}); belum diketahui ${c.unknown} PD`,
    );
  }
  note(`Temuan: ${findings.raised} ditetapkan, ${findings.open} terbuka, ${findings.overdue} lewat tenggat`);
}
