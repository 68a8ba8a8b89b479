// What jobs keep of a large estate says the same as working it out now, and what was decided since is seen at once.
import { expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import { seedEstate } from '../../../bin/bench/estate.ts';
import { certificateRow } from '#tests/support/holdings.ts';
import * as certificates from './index.ts';
import { refreshSuccessors } from './successors.ts';

test(
  'matching and renewal pairs of a large estate are those of its rows, and follow every decision',
  { timeout: 120_000 },
  async () => {
    const world = makeWorld();
    const system = world.ctx();
    seedEstate(system, { holders: 3000, certificates: 5300 });
    refreshSuccessors(world.db, null);
    const ctx = world.person('verifier');
    const officer = world.person('officer', { agencyId: agencies.get(ctx, 'DISDIK').id });
    const look = () => ({
      matching: certificates.matching(ctx),
      one: certificates.matching(ctx, { agency: 'DISDIK' }),
      counts: certificates.matchCounts(ctx),
      import: certificates.matchCounts(ctx, { importId: 'import-0' }),
      officer: certificates.matchCounts(officer),
      pairs: (['doubtful', 'clear', 'confirmed', 'rejected'] as const).map((state) =>
        certificates.renewalPairs(ctx, state),
      ),
      seen: certificates.renewalPairs(officer, 'clear'),
      tasks: certificates.tasks(ctx).filter(({ key }) => key === 'certificates:renewals'),
    });
    const keptAt = connection(world.db).prepare('select count(*), min(taken_at) from kept_survey').raw();
    const live = look();
    expect(live.counts.proposals).toBeGreaterThan(20);
    expect(live.counts.decisions).toBeGreaterThan(90);
    expect(live.pairs[0]!.counts.doubtful).toBeGreaterThan(5);
    expect(live.pairs[1]!.rows.length).toBeGreaterThan(50);
    certificates.refreshCounts(system);
    expect(keptAt.get()).toEqual([2, NOW]);
    expect(look()).toEqual(live);

    world.clock.advance(MINUTE);
    const { older, newer } = live.pairs[0]!.rows[0]!;
    certificates.decideRenewal(ctx, older.id, newer.id, { decision: 'confirmed', why: '' });
    const { counts, rows } = certificates.renewalPairs(ctx, 'doubtful');
    expect(counts).toMatchObject({ doubtful: live.pairs[0]!.counts.doubtful - 1, confirmed: 1 });
    expect(rows.map((row) => row.older.id)).not.toContain(older.id);

    const [refused, assigned] = live.matching.proposals.rows;
    certificates.refuseMatch(ctx, refused!.certificate.id, refused!.holderId);
    certificates.decideMatch(ctx, assigned!.certificate.id, assigned!.holderId);
    const fresh = certificateRow(world, 'ORANG YANG TIDAK DIKENAL SIAPA PUN');
    const since = look();
    expect(since.counts).toEqual({
      proposals: live.counts.proposals - 2,
      decisions: live.counts.decisions + 2,
      waiting: live.counts.waiting,
      pending: 0,
    });
    expect(certificates.matchCase(ctx, fresh).certificates).toHaveLength(1);
    expect(certificates.matchCase(ctx, refused!.certificate.id).id).toBe(refused!.certificate.id);
    certificates.refreshCounts(system);
    expect(look().matching).toEqual(since.matching);

    // What was seen is accepted as far as it is still so: the holder of one proposal has got a namesake since.
    const { ledger, rows: proposals, total } = certificates.matching(ctx).proposals;
    const { holderId } = proposals[0]!;
    connection(world.db).exec(
      `insert into holder (id, kind, name, name_key, status, created_at)
       select 'twin', kind, name, name_key, 'active', created_at from holder where id = '${holderId}'`,
    );
    const twins = proposals.filter((row) => row.holderId === holderId).length;
    const { accepted } = await certificates.acceptProposals(ctx, { ledger });
    expect(accepted).toBe(total - twins);
  },
);

test('a small estate keeps nothing', () => {
  const world = makeWorld();
  seedEstate(world.ctx(), { holders: 20, certificates: 40 });
  certificates.refreshCounts(world.ctx());
  expect(connection(world.db).prepare('select count(*) from kept_survey').pluck().get()).toBe(0);
});

test(
  'after the first large import pages wait for the survey of the jobs, and say how many are pending',
  { timeout: 120_000 },
  () => {
    const world = makeWorld();
    const system = world.ctx();
    seedEstate(system, { holders: 500, certificates: 5300 });
    connection(world.db).exec(
      `update certificate set holder_id = null where id in (select id from certificate limit 900)`,
    );
    const ctx = world.person('verifier');
    const before = certificates.matchCounts(ctx);
    expect(before).toMatchObject({ proposals: 0, decisions: 0, pending: before.waiting });
    expect(before.pending).toBeGreaterThan(1000);
    expect(certificates.matching(ctx).pending).toBe(before.pending);
    certificates.refreshCounts(system);
    const after = certificates.matchCounts(ctx);
    expect(after).toMatchObject({ waiting: before.waiting, pending: 0 });
    expect(certificates.matching(ctx).pending).toBe(0);
  },
);
