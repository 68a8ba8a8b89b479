// Kepatuhan per Pasal: the regulation (Perwali 27/2020) article by article with its live state. Nothing here is filled
// in by a person: a state is computed from rows each time, and what Siaga does not do yet is said to be absent.
// Invariants: every Pasal has a row; "terpenuhi" needs something that is complete, never mere absence of trouble.
// Also: what waits for whom (work.ts) and the matrix article → function → test (Pasal 21 ayat (2)).
import type { Context } from '../context.ts';
import { demand, mayOpen } from '../permission.ts';
import { regulation, type Article } from './articles.ts';
import { factsOf } from './facts.ts';
import { functions, type FunctionRow } from './functions.ts';
import { rules, type Standing, type State } from './state.ts';

export type { Article } from './articles.ts';
export type { FunctionRow } from './functions.ts';
export type { State } from './state.ts';
export { voidImport, voidPreview } from './void.ts';
export { dueGroup, dueToday, work } from './work.ts';
export type ArticleStanding = Article & Standing;
export type Articles = {
  at: number;
  chapters: { title: string; articles: ArticleStanding[] }[];
  counts: Record<State, number>;
};

/** Every article with its state at this moment. */
export function articles(ctx: Context): Articles {
  demand(ctx.actor, 'compliance.view');
  const facts = factsOf(ctx);
  const chapters = regulation.map(({ title, articles }) => ({
    title,
    articles: articles.map((article) => ({
      ...article,
      // The state is for every reader; the way to the rows only for those who may see them.
      href: article.href && mayOpen(ctx.actor, article.href) ? article.href : null,
      ...standingOf(article, facts),
    })),
  }));
  const counts: Record<State, number> = { met: 0, running: 0, action: 0, absent: 0, background: 0 };
  for (const { state } of chapters.flatMap((chapter) => chapter.articles)) counts[state] += 1;
  return { at: facts.now, chapters, counts };
}

function standingOf(article: Article, facts: ReturnType<typeof factsOf>): Standing {
  const rule = article.rule === null ? undefined : rules[article.rule];
  return rule ? rule(facts) : { state: article.without, figure: '', at: null };
}

/** Kesesuaian Fungsi: article → function → test. */
export function functionMatrix(ctx: Context): readonly FunctionRow[] {
  demand(ctx.actor, 'compliance.view');
  return functions;
}
