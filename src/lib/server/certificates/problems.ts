// Catatan teknis of the whole estate: every rule with how many certificates it fires on, in words. Counts are those of the
// list (`browsing.ts`), so that a number and the list behind it agree.
import { transact, type Context } from '../context.ts';
import * as audit from '../audit/index.ts';
import { demand, scope } from '../permission.ts';
import { asFile, type Column, type ExportFile, type ExportFormat } from '../table-export.ts';
import { fixers, portalMismatch, severities } from '#lib/terms.ts';
import { wibDate } from '../calendar.ts';
import { choices, countedAt } from './browsing.ts';
import { openCliffs } from './cliffs.ts';
import { groups, ruleOf, type Fixer, type Severity } from './lint.ts';
import { PORTAL_MISMATCHES } from './portal-word.ts';

export type ProblemRow = {
  rule: string;
  count: number;
  group: string;
  severity: Severity;
  title: string;
  sentence: string;
  clause: string;
  fixer: Fixer;
  effective: string | null;
  /** The list of exactly these certificates. */
  href: string;
};

const RANK: Record<Severity, number> = { critical: 0, serious: 1, warning: 2, info: 3 };
const groupOf = new Map(
  Object.values(groups).flatMap(({ word, rules }) => rules.map((rule) => [rule.id, word] as const)),
);

/** What BSrE's portal believes is computed, never stored as a problem: its number is that of the list's own filter. */
const ofPortal = (count: number): ProblemRow => ({
  rule: 'portal_mismatch',
  count,
  group: 'Portal BSrE',
  severity: portalMismatch.severity,
  title: portalMismatch.word,
  sentence: `Portal menyebutnya dicabut, aktif, habis, atau tidak ada; bukti Siaga mengatakan lain. ${portalMismatch.next}`,
  clause: 'Juknis eSign Client Service 2.2.1; RFC 5280 §5, RFC 6960',
  fixer: 'office',
  effective: null,
  href: PORTAL_MISMATCHES,
});

/** Open problems by rule in the actor's scope, gravest first; traits of issuers are not among them. */
export function problemCounts(ctx: Context): ProblemRow[] {
  demand(ctx.actor, 'certificates.view');
  const { problem, portal } = choices(ctx, {});
  const differing = portal.get('mismatch');
  const rows = [...problem].map(([rule, count]) => {
    const group = groupOf.get(rule) ?? 'Antar-sertifikat';
    return { rule, count, group, ...ruleOf(rule), href: `/certificates?problem=${rule}` };
  });
  return [...rows, ...(differing ? [ofPortal(differing)] : [])].sort(
    (a, b) => RANK[a.severity] - RANK[b.severity] || b.count - a.count || a.title.localeCompare(b.title),
  );
}

/** What the page shows. @property at since when the counts stand; null: of this moment */
export function problemOverview(ctx: Context) {
  const rows = problemCounts(ctx);
  const cliffs = openCliffs(ctx.db, scope(ctx.actor)).map((cliff) => ({ ...cliff, ...ruleOf(cliff.rule) }));
  return { rows, cliffs, at: countedAt(ctx) };
}

const columns: Column<ProblemRow>[] = [
  { head: 'Aturan', value: (row) => row.rule },
  { head: 'Judul', value: (row) => row.title },
  { head: 'Kelompok', value: (row) => row.group },
  { head: 'Tingkat', value: (row) => severities[row.severity] },
  { head: 'Sertifikat', value: (row) => row.count },
  { head: 'Yang harus bertindak', value: (row) => fixers[row.fixer] },
  { head: 'Dasar', value: (row) => row.clause },
  { head: 'Penjelasan', value: (row) => row.sentence },
];

/** The rules with their counts as a file; the export stands in the trail. */
export async function exportProblems(ctx: Context, format: ExportFormat): Promise<ExportFile> {
  demand(ctx.actor, 'certificates.export');
  const rows = problemCounts(ctx);
  const file = await asFile(`catatan-teknis-${wibDate(ctx.now())}`, format, columns, rows);
  transact(ctx, (tx) =>
    audit.record(tx, { action: 'problems.exported', targets: [], details: { count: rows.length, format } }),
  );
  return file;
}
