// The list of agencies in pages: each agency once, whole kinds in a row, and a place that is none is the beginning.
import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '#lib/server/agencies/index.ts';
import { load } from './+page.server.ts';

type Page = {
  rows: { id: string; kind: string }[];
  from: number;
  next: number | null;
  prev: number | null;
  total: number;
};

test('pages give every agency once and lead back and forth; garbage in the address is the first page', () => {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const ctx = world.person('verifier');
  const at = (query: string) =>
    load({ locals: { ctx }, url: new URL(`http://siaga.test/agencies?${query}`) } as never) as unknown as Page;
  for (const how of ['', 'sort=name', 'sort=-total', 'kind=kelurahan', 'q=dinas']) {
    const seen: string[] = [];
    const kinds: string[] = [];
    let page = at(how);
    expect(page.prev).toBeNull();
    for (;;) {
      seen.push(...page.rows.map(({ id }) => id));
      kinds.push(...page.rows.map(({ kind }) => kind));
      if (page.next === null) break;
      const before = page.from;
      page = at(`${how}&after=${page.next}`);
      expect(page.prev).toBe(before);
    }
    expect([how, new Set(seen).size, seen.length]).toEqual([how, page.total, page.total]);
    // No kind begins twice.
    const begun = kinds.filter((kind, i) => kind !== kinds[i - 1]);
    if (how === '') expect(begun).toEqual([...new Set(begun)]);
  }
  for (const after of ['-1', 'x', '1e9', '0.5', '120', '%00']) expect(at(`after=${after}`).from).toBe(0);
});
