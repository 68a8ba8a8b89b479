// A list that leaves the office stands in the trail: who took which, how many rows, as what. The same for every export.
import { expect, test } from 'vitest';
import * as agencies from '#lib/server/agencies/index.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import type { Role } from '#lib/server/permission.ts';
import { roles } from '#lib/terms.ts';
import { makeWorld } from './support/world.ts';

type Get = (event: object) => Promise<Response>;
const routes = import.meta.glob<{ GET: Get }>('../src/routes/**/export/+server.ts', { eager: true });

test('every export of a list is one entry in the trail, with its rows counted', async () => {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const { id } = await certificates.importFile(world.ctx(), {
    name: 'daftar.csv',
    bytes: Buffer.from('Nama;Nomor Seri\nANI;77AA'),
  });
  const who = world.person(Object.keys(roles) as Role[]);
  evaluations.openRound(who, '2026-S2');
  const params = { id, period: '2026-S2' };
  expect(Object.keys(routes).length).toBeGreaterThan(12);
  for (const [file, { GET }] of Object.entries(routes)) {
    const path = file.replace(/^.*\/\(app\)|\/\+server\.ts$/g, '');
    for (const format of ['csv', 'xlsx']) {
      const before = audit.head(who).size;
      const url = new URL(`http://siaga.test${path}?format=${format}`);
      const answer = await GET({ url, params, locals: { ctx: who, user: who.actor }, request: new Request(url) });
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.arrayBuffer();
      const [entry] = audit.list(who, { limit: 1 }, (key) => key);
      expect([path, audit.head(who).size - before, entry!.action]).toEqual([
        path,
        1,
        expect.stringMatching(/\.exported$/),
      ]);
      expect([path, entry!.sentence]).toEqual([path, expect.stringMatching(/\d.*(csv|xlsx)\)/)]);
    }
  }
});
