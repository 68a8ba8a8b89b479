// Trust taken away holds from the moment of the decision, on every page and in every count, however old the census is and
// however many certificates wait to be judged anew.
import { expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import { seedEstate } from '../../../bin/bench/estate.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { DAY, MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as counting from './counting.ts';
import * as doubts from './doubts.ts';
import type { ListFilter } from './filter.ts';
import * as certificates from './index.ts';
import { labelOf } from './label.ts';
import * as listing from './listing.ts';
import * as store from './store.ts';
import { viewOf } from './view.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const named = (cn: string): ca.Dn => [[ca.OID.CN, cn]];

function largeEstate() {
  const world = makeWorld();
  const system = world.ctx();
  seedEstate(system, { holders: 3000, certificates: 5300 });
  // The made-up files cannot be read, so nothing may ask for them to be judged.
  connection(world.db).prepare("update chain_run set state = 'done'").run();
  certificates.refreshCounts(system);
  const ctx = world.person('supervisor');
  const [first, second] = certificates.authorities(ctx).filter((row) => row.certificates > 100);
  return { world, system, ctx, first: first!, second: second! };
}

test(
  'counts, choices, pages and single records of a large estate agree about issuers in doubt',
  { timeout: 120_000 },
  () => {
    const { world, ctx, first, second } = largeEstate();
    const before = certificates.counts(ctx, { issuer: first.id });
    expect(before.valid).toBeGreaterThan(50);
    expect(certificates.browse(ctx, {}).counts.label.get('valid')).toBeGreaterThan(100);

    doubts.raise(world.db, [first], 'untrusted', NOW);
    doubts.raise(world.db, [second], 'ca_revoked', NOW);
    const inForce = certificates.counts(ctx, { labels: [...certificates.labelGroups.in_force] });
    const shown = (filter: ListFilter) => [...listing.chunks(ctx.db, filter, viewOf(ctx), Infinity, 3000)].flat();
    const filters: ListFilter[] = [
      {},
      { issuer: first.id },
      { issuer: second.id },
      { labels: ['untrusted'] },
      { labels: ['ca_revoked'] },
      { labels: ['valid', 'expiring', 'superseded'] },
      { expiring: 90, withoutSuccessor: true },
    ];
    for (const filter of filters) {
      const rows = shown(filter);
      expect([filter, certificates.browse(ctx, filter).counts.total]).toEqual([filter, rows.length]);
      const byLabel = new Map<string, number>();
      for (const { label } of rows) byLabel.set(label, (byLabel.get(label) ?? 0) + 1);
      const counted = Object.entries(certificates.counts(ctx, filter)).filter(([, n]) => n > 0);
      expect([filter, new Map(counted)]).toEqual([filter, byLabel]);
    }
    const one = (id: string) => labelOf(store.byId(world.db, id)!, NOW, certificates.policy(ctx));
    for (const { id, label } of shown({})) expect([id, one(id)]).toEqual([id, label]);
    const under = (id: string) => shown({ issuer: id }).map(({ label }) => label);
    for (const label of certificates.labelGroups.in_force) {
      expect(under(first.id)).not.toContain(label);
      expect(under(second.id)).not.toContain(label);
    }
    expect(under(second.id)).not.toContain('expired');
    expect(inForce.valid).toBe(shown({ labels: ['valid'] }).length);
    const account = certificates.authorities(ctx).find(({ id }) => id === first.id)!;
    expect(account.labels.map(([label]) => label)).not.toContain('valid');

    // What was remembered of the same minute is not said again either.
    connection(world.db).prepare('delete from chain_doubt').run();
    expect(certificates.counts(ctx, { issuer: first.id })).toEqual(before);
  },
);

test('when the doubts end, a census from before the decision does not speak again', { timeout: 120_000 }, async () => {
  const { world, system, ctx, first } = largeEstate();
  doubts.raise(world.db, [first], 'untrusted', NOW);
  // As the judgement of every chain leaves it; the census is still the one of before.
  const judged = "update certificate set chain = 'untrusted' where chain = 'anchored' and authority_id = ?";
  connection(world.db).prepare(judged).run(first.id);
  expect(certificates.chainsWaiting(system)).toBe(true);
  world.clock.advance(MINUTE);
  await certificates.runChains(system);
  expect(doubts.all(world.db).size).toBe(0);
  expect(certificates.chainsWaiting(system)).toBe(false);
  expect(counting.taken(world.db)!.takenAt).toBe(NOW + MINUTE);
  const { valid, expiring, superseded } = certificates.counts(ctx, { issuer: first.id });
  expect([valid, expiring, superseded]).toEqual([0, 0, 0]);
});

/** A leaf under an issuer that two accepted roots signed. */
async function twoRoots() {
  const world = makeWorld();
  const admin = world.person('administrator');
  const rootA = ca.makeRoot({ key: ca.makeKey('p256'), subject: named('ROOT A'), ...life });
  const rootB = ca.makeRoot({ key: ca.makeKey('p256'), subject: named('ROOT B'), ...life });
  const middle = { key: ca.makeKey('p256'), subject: named('CA TENGAH'), ...life };
  const underA = ca.makeIntermediate(rootA, middle);
  const underB = ca.makeIntermediate(rootB, middle);
  const lone = ca.makeIntermediate(rootB, { key: ca.makeKey('p256'), subject: named('CA LAIN'), ...life });
  for (const { certificate } of [rootA, rootB, underA, underB, lone])
    await certificates.importFile(world.ctx(), { name: 'ca.cer', bytes: certificate });
  const byName = (name: string) => certificates.authorities(world.ctx()).filter((row) => row.commonName === name);
  const decide = (name: string, decision: 'accept' | 'reject') => {
    const { id, fingerprint } = byName(name)[0]!;
    certificates.decideTrust(admin, id, { decision, fingerprint, note: 'situs resmi' });
  };
  decide('ROOT A', 'accept');
  decide('ROOT B', 'accept');
  for (const [issuer, commonName] of [
    [underA, 'ANI'],
    [lone, 'BUDI'],
  ] as const) {
    const bytes = ca.makeLeaf(issuer, { commonName, notBefore: NOW - DAY });
    await certificates.importFile(world.ctx(), { name: 'l.cer', bytes });
  }
  await certificates.runChains(world.ctx());
  connection(world.db)
    .prepare("update certificate set revocation = 'good', confirmed_at = ?, fresh_until = ?")
    .run(NOW, NOW + DAY);
  const labelOf = (name: string) => certificates.list(world.ctx(), { q: name }).rows[0]!.label;
  return { world, ctx: world.ctx(), decide, labelOf, byName };
}

test('a certificate that may hang on a rejected CA is in doubt until it is judged, also when another anchor is above it', async () => {
  const { world, ctx, decide, labelOf } = await twoRoots();
  expect([labelOf('ANI'), labelOf('BUDI')]).toEqual(['valid', 'valid']);
  decide('ROOT A', 'reject');
  expect([labelOf('ANI'), labelOf('BUDI')]).toEqual(['untrusted', 'valid']);
  expect(certificates.counts(ctx)).toMatchObject({ untrusted: 1, valid: 1 });
  await certificates.runChains(ctx);
  expect([labelOf('ANI'), labelOf('BUDI')]).toEqual(['valid', 'valid']);
  expect(doubts.all(world.db).size).toBe(0);
  decide('ROOT B', 'reject');
  expect([labelOf('ANI'), labelOf('BUDI')]).toEqual(['untrusted', 'untrusted']);
  await certificates.runChains(ctx);
  expect(certificates.counts(ctx)).toMatchObject({ valid: 0, expiring: 0, superseded: 0 });
  // The issuer is there and was refused: it is not missing, and nobody is told to import it.
  expect([labelOf('ANI'), labelOf('BUDI')]).toEqual(['untrusted', 'untrusted']);
  const chains = certificates.get(ctx, certificates.list(ctx, { q: 'ANI' }).rows[0]!.id).events;
  expect(chains.filter(({ facet }) => facet === 'chain').map(({ from }) => from)).toEqual(['anchored']);
});

test('a decision while the chains are being judged keeps every doubt until all were judged after it', async () => {
  const { world, ctx, decide, labelOf } = await twoRoots();
  decide('ROOT A', 'reject');
  connection(world.db).prepare("update chain_run set state = 'running', after = 'zzz' where state = 'requested'").run();
  decide('ROOT B', 'reject');
  const open = connection(world.db).prepare("select count(*) from chain_run where state <> 'done'").pluck();
  expect(open.get()).toBe(2);
  connection(world.db).prepare("update chain_run set state = 'done' where state = 'running'").run();
  doubts.settle(world.db);
  expect(labelOf('BUDI')).toBe('untrusted');
  expect(doubts.all(world.db).size).toBeGreaterThan(0);
  await certificates.runChains(ctx);
  expect(labelOf('BUDI')).not.toBe('valid');
  expect(doubts.all(world.db).size).toBe(0);
});

test('a revoked CA: the way through it counts as revoked at once, what reaches an anchor otherwise as untrusted', async () => {
  const { world, ctx, labelOf, byName } = await twoRoots();
  const [lone] = byName('CA LAIN');
  certificates.recordAuthorityRevocation(ctx, lone!.id, { revokedAt: NOW, evidenceId: null });
  expect([labelOf('ANI'), labelOf('BUDI')]).toEqual(['valid', 'ca_revoked']);
  expect(certificates.list(ctx, { labels: ['ca_revoked'] }).rows).toHaveLength(1);
  await certificates.runChains(ctx);
  expect([labelOf('ANI'), labelOf('BUDI')]).toEqual(['valid', 'ca_revoked']);
  const crossed = byName('CA TENGAH');
  for (const one of crossed) doubts.raise(world.db, [one], 'untrusted', NOW);
  doubts.raise(world.db, crossed, 'ca_revoked', NOW);
  doubts.raise(world.db, crossed, 'untrusted', NOW);
  expect(new Set(doubts.all(world.db).values())).toEqual(new Set(['ca_revoked']));
});
