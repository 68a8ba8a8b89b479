import * as compliance from '#lib/server/compliance/index.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import { articleStates } from '#lib/terms.ts';
import type { RequestHandler } from './$types';

/** Every article with its state at this moment. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const rows = compliance
      .articles(locals.ctx)
      .chapters.flatMap(({ title, articles }) => articles.map((a) => ({ chapter: title, ...a })));
    type Row = (typeof rows)[number];
    return listFile(
      locals.ctx,
      url,
      { name: 'kepatuhan-per-pasal', list: 'kepatuhan per pasal' },
      [
        { head: 'Bab', value: (a: Row) => a.chapter, width: 36 },
        { head: 'Pasal', value: (a: Row) => a.label },
        { head: 'Kewajiban', value: (a: Row) => a.duty, width: 60 },
        { head: 'Yang dilakukan Siaga', value: (a: Row) => a.does || null, width: 60 },
        { head: 'Keadaan', value: (a: Row) => articleStates[a.state].word },
        { head: 'Angka', value: (a: Row) => a.figure || null, width: 40 },
        { head: 'Bukti yang dapat diminta', value: (a: Row) => a.evidence || null, width: 40 },
        { head: 'Terakhir', value: (a: Row) => a.at, kind: 'instant' },
      ],
      rows,
    );
  });
