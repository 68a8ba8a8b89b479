// A name to the letter is one person's, and yet a word may have been left out of another's.
import { describe, expect, test } from 'vitest';
import { certificateRow, holderRow } from '#tests/support/holdings.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { DAY } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as certificates from './index.ts';
import { survey } from './match-survey.ts';
import { registerOf } from './near-match.ts';
import { doubtful } from './rival-match.ts';

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

describe('how often the register is searched', () => {
  const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu wa ye zi ko mi'.split(' ');

  /** People of invented names with so many certificates each; what is asked of the register is counted. */
  function searched(people: number, each: number, free = 0, agency?: string) {
    const world = makeWorld();
    agencies.seed(world.ctx());
    const word = (n: number, seed: number) =>
      [7, 31, 127, 8191].map((prime) => SYLLABLES[(Math.imul(n + seed, prime * 2_654_435_761) >>> 16) % 20]).join('');
    const name = (n: number) => `${word(n, 1)} ${word(n, 50_021)}`;
    connection(world.db).transaction(() => {
      for (let n = 0; n < people + free; n++) {
        holderRow(world, name(n), { agency: 'DISDIK' });
        for (let i = 0; n < people && i < each; i++) certificateRow(world, name(n), { agency });
      }
    })();
    const { proposals, cases } = survey(world.db, 'all');
    expect([proposals.length, cases.length]).toEqual([people * each, 0]);
    const register = registerOf(world.db);
    const ids = [...register.names.values()].flat();
    const asked: number[] = [];
    const counting: typeof register.finder = (key, length, among) => {
      asked.push(ids.filter(among ?? (() => true)).length);
      return register.finder(key, length, among);
    };
    const found = { register: () => ({ ...register, finder: counting }), refused: new Map() };
    const doubts = doubtful(world.db, proposals, found);
    return { asked, doubts };
  }

  test('is once for each name of which somebody has two, and among those who have none', () => {
    expect(searched(40, 3).asked).toEqual(Array.from({ length: 40 }, () => 0));
    expect(searched(40, 3, 5).asked).toEqual(Array.from({ length: 40 }, () => 5));
    expect(searched(40, 1, 5).asked).toEqual([]);
  });

  test('is never when a whole city was issued anew: a second one then tells nothing', () => {
    expect(searched(1001, 2)).toEqual({ asked: [], doubts: new Map() });
  });

  test('is never when the import put a whole city under another agency: where they serve then tells nothing', () => {
    expect(searched(40, 1, 0, 'DINKES').asked).toHaveLength(40);
    expect(searched(1001, 1, 0, 'DINKES')).toEqual({ asked: [], doubts: new Map() });
  });
});
