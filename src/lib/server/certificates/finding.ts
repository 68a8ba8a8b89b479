// What Ctrl+K finds: a few certificates, holders and agencies, best first, while somebody types. Few matches are ranked;
// of very many (one or two letters) the first by name are shown, walked along the index of names.
import * as agencies from '../agencies/index.ts';
import type { Context } from '../context.ts';
import { connection, type Db } from '../db/index.ts';
import { can, scope } from '../permission.ts';
import { list } from './browsing.ts';
import type { HolderRow } from './holder-store.ts';
import { nameKey } from './names.ts';
import { matchOf, wordsOf } from './search.ts';

const SHOWN = 8;
/** More matches than this are not ranked. */
const RANKED = 2000;

export type FoundHolder = Pick<HolderRow, 'id' | 'name' | 'titleBefore' | 'titleAfter' | 'nip' | 'status'> & {
  agencyName: string | null;
};

export function search(ctx: Context, q: string) {
  const words = wordsOf(q.slice(0, 200));
  const some = words.join('').length > 1;
  const register = some ? agencies.list(ctx) : [];
  return {
    certificates:
      some && can(ctx.actor, 'certificates.view')
        ? list(ctx, { q, limit: SHOWN, sort: 'end', descending: true }).rows
        : [],
    holders: some && can(ctx.actor, 'holders.view') ? holders(ctx.db, words, scope(ctx.actor)) : [],
    agencies: register
      .filter((a) => words.every((word) => `${a.name} ${a.shortName} ${a.code}`.toLowerCase().includes(word)))
      .slice(0, SHOWN),
  };
}

function holders(db: Db, words: readonly string[], seen: 'all' | readonly string[]): FoundHolder[] {
  const client = connection(db);
  const docids = client
    .prepare('select rowid from holder_fts where holder_fts match ? limit ?')
    .pluck()
    .all(matchOf(words), RANKED + 1) as number[];
  const key = nameKey(words.join(' '));
  const many = docids.length > RANKED;
  const among = many
    ? 'h.name_key >= ? and h.name_key < ?'
    : 'h.id in (select holder_id from holder_search where docid in (select value from json_each(?)))';
  const own =
    seen === 'all'
      ? ''
      : `and (p.agency_id in (select value from json_each(?)) or exists (select 1 from certificate c
           where c.holder_id = h.id and c.archived_at is null and c.agency_id in (select value from json_each(?))))`;
  return client
    .prepare(
      `select h.id, h.name, h.title_before as titleBefore, h.title_after as titleAfter, h.nip, h.status, an.name as agencyName
         from holder h left join position p on p.holder_id = h.id and p."to" is null
         left join agency_name an on an.agency_id = p.agency_id and an."to" is null
        where ${among} and h.archived_at is null ${own}
        order by ${many ? '' : 'h.name_key = ? desc, substr(h.name_key, 1, ?) = ? desc, '}h.name_key, h.id limit ${SHOWN}`,
    )
    .all(
      ...(many ? [key, `${key}\uffff`] : [JSON.stringify(docids)]),
      ...(seen === 'all' ? [] : [JSON.stringify(seen), JSON.stringify(seen)]),
      ...(many ? [] : [key, key.length, key]),
    ) as FoundHolder[];
}
