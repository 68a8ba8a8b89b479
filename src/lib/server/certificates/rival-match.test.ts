// A name to the letter is one person's, and yet a word may have been left out of another's.
import { describe, expect, test } from 'vitest';
import { certificateRow, holderRow } from '#tests/support/holdings.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { DAY } from '../calendar.ts';
import * as certificates from './index.ts';

/** Siti Santoso of Disdik, and Siti Ayu Santoso of Dinkes, who is alike. */
function office() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const verifier = world.person('verifier');
  const siti = holderRow(world, 'Siti Santoso', { agency: 'DISDIK' });
  const ayu = holderRow(world, 'Siti Ayu Santoso', { agency: 'DINKES' });
  const look = () => {
    const { proposals, cases } = certificates.matching(verifier);
    return {
      proposed: proposals.rows.map((row) => row.certificate.id),
      asked: cases.map((one) => [one.certificates[0]!.id, one.doubt]),
    };
  };
  return { world, verifier, siti, ayu, look };
}

describe('a name that is one person’s to the letter', () => {
  test('is a proposal, whoever else is alike', () => {
    const { world, look } = office();
    const id = certificateRow(world, 'SITI SANTOSO');
    expect(look()).toEqual({ proposed: [id], asked: [] });
  });

  test('is a decision when it would be their second one beside the first, and somebody alike has none', () => {
    const { world, verifier, siti, ayu, look } = office();
    const ids = [certificateRow(world, 'SITI SANTOSO'), certificateRow(world, 'Siti Santoso')];
    expect(look()).toEqual({ proposed: [], asked: ids.map((id) => [id, 'second']) });
    const open = certificates.matchCase(verifier, ids[1]!);
    expect(open.candidates.map((one) => one.id)).toEqual([siti, ayu]);
    // Decided for the other: the name stays its bearer's, and nothing speaks against the first one any more.
    expect(certificates.decideMatch(verifier, ids[1]!, ayu).count).toBe(1);
    expect(certificates.holder(verifier, ayu).aliases).toEqual([]);
    expect(look()).toEqual({ proposed: [ids[0]], asked: [] });
  });

  test('of which one is owned already leaves the other to a person', () => {
    const { world, siti, look } = office();
    certificateRow(world, 'SITI SANTOSO', { holderId: siti });
    const id = certificateRow(world, 'SITI SANTOSO');
    expect(look()).toEqual({ proposed: [], asked: [[id, 'second']] });
  });

  test('is no doubt when nobody alike is without: certificates are issued anew', () => {
    const { world, ayu, look } = office();
    const ids = [certificateRow(world, 'SITI SANTOSO'), certificateRow(world, 'SITI SANTOSO')];
    certificateRow(world, 'SITI AYU SANTOSO', { holderId: ayu });
    expect(look()).toEqual({ proposed: ids, asked: [] });
  });

  test('is no doubt while one renews the other, for another use, or when who is alike had left', () => {
    const renewed = office();
    const { at } = renewed.world.clock;
    certificateRow(renewed.world, 'SITI SANTOSO', { notBefore: at - 700 * DAY, notAfter: at - 30 * DAY });
    certificateRow(renewed.world, 'SITI SANTOSO');
    expect(renewed.look().asked).toEqual([]);
    const mail = office();
    certificateRow(mail.world, 'SITI SANTOSO');
    certificateRow(mail.world, 'SITI SANTOSO', { use: 'email' });
    expect(mail.look().asked).toEqual([]);
    const left = office();
    left.world.db.$client
      .prepare(`update holder set status = 'retired', status_since = '2020-01-01' where id = ?`)
      .run(left.ayu);
    certificateRow(left.world, 'SITI SANTOSO');
    certificateRow(left.world, 'SITI SANTOSO');
    expect(left.look().asked).toEqual([]);
  });

  test('is a decision when it came from where somebody alike serves, and a proposal when its bearer only moved', () => {
    const { world, look } = office();
    const there = certificateRow(world, 'SITI SANTOSO', { agency: 'DINKES' });
    expect(look()).toEqual({ proposed: [], asked: [[there, 'elsewhere']] });
    const moved = office();
    const id = certificateRow(moved.world, 'SITI SANTOSO', { agency: 'BPKAD' });
    expect(moved.look()).toEqual({ proposed: [id], asked: [] });
  });

  test('of two, the one whose agency speaks for its bearer or against the other stays a proposal', async () => {
    const { world, verifier, look } = office();
    const here = certificateRow(world, 'SITI SANTOSO', { agency: 'DISDIK' });
    const bare = certificateRow(world, 'SITI SANTOSO');
    expect(look()).toEqual({ proposed: [here], asked: [[bare, 'second']] });
    const other = office();
    const plain = certificateRow(other.world, 'SITI SANTOSO');
    const there = certificateRow(other.world, 'SITI SANTOSO', { agency: 'DINKES' });
    expect(other.look()).toEqual({ proposed: [plain], asked: [[there, 'elsewhere']] });
    // What is accepted is what was shown, judged alone as among all.
    for (const [who, n] of [
      [verifier, 1],
      [other.verifier, 1],
    ] as const) {
      const { ledger } = certificates.matching(who).proposals;
      expect(await certificates.acceptProposals(who, { ledger })).toEqual({ accepted: n });
    }
  });

  test('whom a person has refused is no rival', () => {
    const { world, verifier, ayu, look } = office();
    const id = certificateRow(world, 'SITI SANTOSO', { agency: 'DINKES' });
    certificates.refuseMatch(verifier, id, ayu);
    expect(look()).toEqual({ proposed: [id], asked: [] });
  });
});
