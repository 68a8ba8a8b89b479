// What a leader sees: the home page, the one-page brief, a figure of it in its parts.
import * as audit from '../audit/index.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand, mayOpen } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { breakdownOf } from './breakdown.ts';
import { asks, headline, type Headline } from './brief.ts';
import { briefFacts, briefFile, type BriefFile } from './building.ts';
import { drillOf, type Drill } from './drill.ts';
import { dueOf, dutiesOf } from './duties.ts';
import { definitions } from './figures.ts';
import { nameOf } from './names.ts';
import { periodWords } from './print.ts';
import * as store from './store.ts';

/** The one-page brief as PDF, ready in well under three seconds. */
export async function brief(ctx: Context): Promise<BriefFile> {
  demand(ctx.actor, 'brief.download');
  const file = await briefFile(ctx);
  audit.record(ctx, { action: 'brief.downloaded', targets: [], details: { name: file.name } });
  return file;
}

/** For the jobs process: prints today's brief when its rows changed. @returns whether it was printed */
export async function prepareBrief(ctx: Context): Promise<boolean> {
  return (await briefFile(ctx)).fresh;
}

export type LeaderHome = Headline & {
  stateAt: number;
  confirmed: { within: number; of: number };
  duties: ReturnType<typeof dutiesOf>;
  attention: ReturnType<typeof breakdownOf>['attention'];
  /** What the leader can ask for, in plain words. */
  asks: string[];
  trend: ReturnType<typeof breakdownOf>['trend'];
  waiting: {
    id: string;
    number: string;
    title: string;
    periodWords: string;
    builtAt: number | null;
    dueAt: number | null;
  }[];
};

/** What a leader sees first: the sentence, five figures, what waits for approval, who needs attention. */
export function leaderHome(ctx: Context): LeaderHome {
  demand(ctx.actor, 'brief.download');
  const facts = briefFacts(ctx);
  const breakdown = breakdownOf(facts);
  const deadlines = settings.get(ctx, 'deadlines');
  const rows = store.newest(ctx.db);
  const confirmed = definitions.find((d) => d.code === 'F-26')!.count(facts);
  const { figures, ...words } = headline(facts);
  return {
    ...words,
    // The list where it is open to the reader, else the figure in its parts.
    figures: figures.map((f) => ({ ...f, href: mayOpen(ctx.actor, f.href) ? f.href : `/brief/figures/${f.code}` })),
    stateAt: facts.stateAt,
    confirmed: { within: confirmed.rows.length, of: confirmed.of ?? 0 },
    duties: dutiesOf(facts, store.standings(ctx.db), deadlines),
    attention: breakdown.attention,
    asks: asks(facts, breakdown),
    trend: breakdown.trend,
    waiting: rows
      .filter((r) => r.state === 'draft')
      .map((r) => ({
        id: r.id,
        number: r.number,
        title: nameOf(r.kind),
        periodWords: periodWords(r.period),
        builtAt: r.builtAt,
        dueAt: dueOf(r.kind, r.period, deadlines),
      })),
  };
}

/** A figure of the brief as it stands now, by agency and by kind, without anything that points at a person. */
export function briefFigure(ctx: Context, code: string): Drill {
  demand(ctx.actor, 'brief.download');
  const drill = drillOf(briefFacts(ctx), code);
  if (!drill) throw notFound('Angka ini tidak ada dalam Ringkasan Pimpinan.');
  return drill;
}
