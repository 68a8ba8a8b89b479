import * as compliance from '#lib/server/compliance/index.ts';
import { mayOpen } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

const STATES = ['met', 'running', 'action', 'absent', 'background'] as const;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { at, chapters, counts } = compliance.articles(locals.ctx);
    const state = STATES.find((key) => key === url.searchParams.get('state')) ?? null;
    const functions = compliance.functionMatrix(locals.ctx);
    return {
      at,
      counts,
      state,
      tab: url.searchParams.get('tab') === 'functions' ? ('functions' as const) : ('articles' as const),
      total: chapters.reduce((sum, chapter) => sum + chapter.articles.length, 0),
      chapters: chapters
        .map(({ title, articles }) => ({
          title,
          articles: articles.filter((a) => state === null || a.state === state),
        }))
        .filter((chapter) => chapter.articles.length),
      functions,
      maySettings: mayOpen(locals.ctx.actor, '/system/settings'),
    };
  });
