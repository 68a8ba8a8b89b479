// A city whose list is badly written: which misspelt names are proposed in bulk, and that none of them is wrong. People
// and damage are drawn from a seed; the figures are printed.
import { describe, expect, test } from 'vitest';
import { agencyId, certificateRow, holderRow } from '#tests/support/holdings.ts';
import { makeWorld } from '#tests/support/world.ts';
import { random, type Random } from '../../../bin/demo/random.ts';
import * as agencies from '../agencies/index.ts';
import { DAY } from '../calendar.ts';
import * as certificates from './index.ts';
import { nameKey } from './names.ts';
import { nearness } from './near-name.ts';

const words = (text: string) => text.split(' ');
const GIVEN = words(
  'Muhammad Ahmad Abdul Siti Nur Nurul Putu Made Nyoman Ketut Wayan Komang Gusti Kadek Budi Agus Bambang Joko Slamet Sri Dewi Endang Wahyuni Wahyudi Hendra Hendri Yanti Yanto Rizky Rizki Fitri Fitria Dian Diana Eka Eko Tri Dwi Teuku Cut Raja Tengku Daud Yusuf Ibrahim Ismail Zulkifli Zulfikar Syahrul Syarif Halimah Aisyah Khadijah Fatimah Maimunah Aminah Rahmah Nuraini Nurhayati Rosdiana Rosmawati Hotma Tiurma Saut Parlindungan Binsar Togar Marolop Johannes Yohanes Maria Kristina Gabriel Elisabeth',
);
const MIDDLE = words(
  'Indah Permata Ayu Putra Putri Kurnia Surya Adi Ari Arya Setia Budi Jaya Wira Satria Dharma Laksmi Lestari Handayani Hidayat Rahman Rahim Aziz Karim Hakim Malik Salam Ghani Fauzi Hasan Husein Umar Usman Ali Idris Yahya Zakaria Maulana Akbar Ramadhan Syawal Fajar Senja Cahya Bintang Samudra Gunawan',
);
const FAMILY = words(
  'Santoso Wijaya Siregar Nasution Pratama Saputra Hidayat Nugroho Wibowo Hasibuan Lubis Harahap Simanjuntak Sitompul Gunawan Kusuma Permana Setiawan Suryadi Tarigan Ginting Sembiring Manurung Pane Daulay Rangkuti Batubara Marpaung Hutagalung Susanto Hartono Utomo Purnomo Budiman Halim Salim Wirawan Suarta Sudarma Artawan Widiastuti Purnamasari Rahmawati Kusumawati Hutapea Situmorang Pardede Panjaitan Silalahi Tampubolon Chaniago Tanjung Piliang Sikumbang Koto',
);
const CODES = ['DISDIK', 'DINKES', 'DISKOMINFO', 'BPKAD', 'BKPSDM', 'SETWAN', 'BAPENDA', 'DISDUKCAPIL'];

const nameOf = (dice: Random): string =>
  [dice.pick(GIVEN), ...(dice.chance(0.7) ? [dice.pick(MIDDLE)] : []), dice.pick(FAMILY)].join(' ');

/** Variants that mean the same word. */
const VARIANTS: Record<string, string[]> = {
  Muhammad: ['Muh.', 'Moh.', 'M.', 'Mohammad', 'Mochamad'],
  Abdul: ['Abd.', 'Abd'],
  Ahmad: ['Achmad', 'Akhmad'],
  Siti: ['St.', 'Sitti'],
  Nur: ['Noer', 'Noor'],
  Aisyah: ['Aisya', 'Aisah'],
  Halimah: ['Halima'],
  Fatimah: ['Fatima'],
  Khadijah: ['Kadijah', 'Khadija'],
  Yusuf: ['Yusup', 'Jusuf'],
  Yohanes: ['Johannes'],
  Syarif: ['Sjarif', 'Sarif'],
  Suryadi: ['Soeryadi'],
  Ramadhan: ['Ramadan', 'Romadhon'],
  Hidayat: ['Hidajat'],
};

type Damage = (name: string[], dice: Random) => string[];
const at = (name: string[], i: number, word: string) => name.map((one, k) => (k === i ? word : one));
const inside = (name: string[], dice: Random, change: (word: string, at: number) => string) => {
  const i = dice.below(name.length);
  const word = name[i]!;
  return word.length < 5 ? name : at(name, i, change(word, 1 + dice.below(word.length - 2)));
};
const DAMAGES: Record<string, Damage> = {
  variant: (name) => {
    const i = name.findIndex((word) => VARIANTS[word]);
    return i < 0 ? name : at(name, i, VARIANTS[name[i]!]![name.length % VARIANTS[name[i]!]!.length]!);
  },
  initial: (name, dice) => {
    const i = dice.below(name.length);
    return at(name, i, `${name[i]![0]}.`);
  },
  transposed: (name) => [...name.slice(1), name[0]!],
  lost: (name, dice) => inside(name, dice, (word, i) => word.slice(0, i) + word.slice(i + 1)),
  doubled: (name, dice) => inside(name, dice, (word, i) => word.slice(0, i) + word[i - 1] + word.slice(i)),
  swapped: (name, dice) =>
    inside(name, dice, (word, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2)),
  mistaken: (name, dice) =>
    inside(name, dice, (word, i) => `${word.slice(0, i)}${dice.pick([...'aeioubkmnrst'])}${word.slice(i + 1)}`),
  joined: (name) => [name.slice(0, 2).join(''), ...name.slice(2)],
  missing: (name) => (name.length > 2 ? [name[0]!, ...name.slice(2)] : name),
  spaced: (name) => [name.join('   ')],
  titled: (name) => ['Dr.', 'H.', `${name.join(' ')},`, 'S.Sos.,', 'M.Si'],
};

function messyCity(seed: number) {
  const dice = random(seed);
  const world = makeWorld();
  agencies.seed(world.ctx());
  const verifier = world.person('verifier');
  const seen = new Set<string>();
  const draw = () => {
    for (;;) {
      const name = nameOf(dice);
      if (seen.has(nameKey(name))) continue;
      seen.add(nameKey(name));
      return name;
    }
  };
  const truth = new Map<string, { holderId: string | null; damage: string }>();
  world.db.$client.transaction(() => {
    for (let i = 0; i < 1800; i++) {
      // One in twenty has a certificate and stands in no list; one in six has an older certificate too.
      const listed = i < 1500;
      if (!listed && i >= 1580) break;
      const name = draw();
      const agency = CODES[i % CODES.length]!;
      const holderId = listed ? holderRow(world, name, { agency }) : null;
      const damage = dice.chance(0.14) ? dice.pick(Object.keys(DAMAGES)) : 'none';
      const written = (DAMAGES[damage]?.(name.split(' '), dice) ?? [name]).join(' ');
      const own = dice.chance(0.4) ? { agency } : {};
      const cased = (text: string) => (dice.chance(0.6) ? text.toUpperCase() : text);
      truth.set(certificateRow(world, cased(written), own), { holderId, damage: listed ? damage : 'stranger' });
      if (!listed || i % 7) continue;
      const older = { notBefore: world.clock.at - 800 * DAY, notAfter: world.clock.at - 71 * DAY, ...own };
      truth.set(certificateRow(world, cased(name), older), { holderId, damage: 'none' });
    }
  })();
  return { world, verifier, truth };
}

describe('names that nobody bears as written', () => {
  test.for([3, 17, 20261122])(
    'what is proposed in bulk is never somebody else’s (seed %i)',
    async (seed, { annotate }) => {
      const { world, verifier, truth } = messyCity(seed);
      const begun = performance.now();
      const found = certificates.matching(verifier);
      const took = Math.round(performance.now() - begun);
      const wrong: string[] = [];
      let namesakes = 0;
      const rows = world.db.$client.prepare('select id, common_name as name from certificate').all() as {
        id: string;
        name: string;
      }[];
      const nameById = new Map(rows.map((row) => [row.id, row.name]));
      const { accepted } = await certificates.acceptProposals(verifier, { ledger: found.proposals.ledger });
      expect(accepted).toBe(found.proposals.total);
      const owned = world.db.$client
        .prepare('select c.id, c.holder_id as holderId, h.name from certificate c join holder h on h.id = c.holder_id')
        .all() as { id: string; holderId: string; name: string }[];
      for (const row of owned) {
        const real = truth.get(row.id)!;
        if (real.holderId === row.holderId) continue;
        // What was left of the name of somebody who is in no list is another person's to the letter: nothing in the
        // register speaks for anybody else. Of people who are there, `rival-match.ts` leaves none.
        const toTheLetter = nameKey(nameById.get(row.id)!) === nameKey(row.name);
        if (toTheLetter && real.holderId === null) namesakes += 1;
        else wrong.push(`${nameById.get(row.id)} → ${row.name} (${real.damage})`);
      }
      const left = certificates.matching(verifier);
      const waiting = new Map<string, number>();
      for (const one of left.cases) {
        const { damage } = truth.get(one.id)!;
        waiting.set(damage, (waiting.get(damage) ?? 0) + 1);
      }
      const near = found.proposals.byReason.near ?? 0;
      const strangers = waiting.get('stranger') ?? 0;
      const figures = `seed ${seed}: ${truth.size} certificates, ${found.proposals.total} proposed (${near} misspelt), ${left.cases.length} decisions, of them ${strangers} of people in no list; ${[...waiting].map(([kind, n]) => `${kind} ${n}`).join(', ')}; wrong: ${wrong.length}, of strangers with a name to the letter: ${namesakes}; found in ${took} ms`;
      await annotate(figures);
      expect(wrong, figures).toEqual([]);
      expect(namesakes, figures).toBeLessThan(2);
      expect(near, figures).toBeGreaterThan(70);
      expect(left.cases.length - strangers, figures).toBeLessThan(60);
    },
  );

  const register = new Set(
    'MUHAMMAD RIZKY PRATAMA SANTOSO BUDI WAHYUNI WAHYUDI HENDRA HENDRI LESTARI DEWI ABDUL RAHMAN SITI AISYAH NUR HIDAYAT AGUS'.split(
      ' ',
    ),
  );
  test.each([
    ['MUH RIZKY PRATAMA', 'MUHAMMAD RIZKY PRATAMA', 'spelling'],
    ['M RIZKY PRATAMA', 'MUHAMMAD RIZKY PRATAMA', 'slip'],
    ['ST AISYAH HIDAYAT', 'SITI AISYAH HIDAYAT', 'spelling'],
    ['ABD RAHMAN HIDAYAT', 'ABDUL RAHMAN HIDAYAT', 'spelling'],
    ['SITI AISYA', 'SITI AISYAH', 'spelling'],
    ['ABDULRAHMAN HIDAYAT', 'ABDUL RAHMAN HIDAYAT', 'spelling'],
    ['SANTOSO BUDI', 'BUDI SANTOSO', 'spelling'],
    ['A BUDI SANTOSO', 'AGUS BUDI SANTOSO', 'slip'],
    ['BUDI SATNOSO', 'BUDI SANTOSO', 'slip'],
    ['DEWI LSTARI', 'DEWI LESTARI', 'slip'],
    // Each of these may be somebody else.
    ['DEWI WAHYUDI', 'DEWI WAHYUNI', null],
    ['HENDRI SANTOSO', 'HENDRA SANTOSO', null],
    ['DEWI LESTARA', 'DEWI LESTARI', null],
    ['BUDY SATNOSO', 'BUDI SANTOSO', null],
    ['DEWI LESTARI', 'DEWI AGUS LESTARI', null],
    ['SANTOSO BUDY', 'BUDI SANTOSO', null],
    ['BUDI', 'BUDI SANTOSO', null],
    ['B S', 'BUDI SANTOSO', null],
    ['', 'BUDI SANTOSO', null],
  ])('%s for %s: %s', (name, person, kind) => {
    const found = nearness(name, person, register);
    expect(found?.kind ?? null).toBe(kind);
  });

  test('whoever holds one already, left before it, serves elsewhere, was refused, or has a rival is not proposed', () => {
    const cases: [string, (world: ReturnType<typeof makeWorld>, holder: string) => void, object?, object?][] = [
      ['nothing against it', () => {}],
      ['one already', (world, holder) => certificateRow(world, 'BUDI SANTOSO', { holderId: holder })],
      ['rival', (world) => holderRow(world, 'Budi Santosa', { agency: 'DINKES' })],
      ['left', () => {}, { status: 'retired', statusSince: '2020-01-01' }],
      ['elsewhere', () => {}, {}, { agency: 'DINKES' }],
    ];
    const proposed = cases.map(([, prepare, holder = {}, certificate = {}]) => {
      const world = makeWorld();
      agencies.seed(world.ctx());
      const id = holderRow(world, 'Budi Santoso', { agency: 'DISDIK', ...holder });
      prepare(world, id);
      certificateRow(world, 'BUDI SATNOSO', certificate);
      return certificates.matchCounts(world.person('verifier')).proposals;
    });
    expect(proposed).toEqual([1, 0, 0, 0, 0]);
    const world = makeWorld();
    agencies.seed(world.ctx());
    const verifier = world.person('verifier');
    const holder = holderRow(world, 'Budi Santoso', { agency: 'DISDIK' });
    const id = certificateRow(world, 'BUDI SATNOSO');
    certificates.refuseMatch(verifier, id, holder);
    expect(certificates.matchCounts(verifier)).toMatchObject({ proposals: 0, decisions: 1 });
  });

  test('an accepted misspelling is remembered: the next certificate of that spelling is a plain proposal', async () => {
    const world = makeWorld();
    agencies.seed(world.ctx());
    const verifier = world.person('verifier');
    const holderId = holderRow(world, 'Budi Santoso', { agency: 'DISDIK' });
    certificateRow(world, 'BUDI SATNOSO');
    const [row] = certificates.matching(verifier).proposals.rows;
    expect(row).toMatchObject({ holderId, why: 'near', likeness: 'spelling', agencyId: agencyId(world, 'DISDIK') });
    await certificates.acceptProposals(verifier, { ledger: certificates.matching(verifier).proposals.ledger });
    certificateRow(world, 'Budi Satnoso, S.E.', { notBefore: world.clock.at + 600 * DAY });
    expect(certificates.matching(verifier).proposals.rows[0]).toMatchObject({ holderId, why: 'name' });
  });
});
