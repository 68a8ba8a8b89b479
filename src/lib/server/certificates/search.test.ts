import { describe, expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { newId } from '../db/index.ts';
import * as people from './holder-store.ts';
import * as matches from './match-store.ts';
import * as certificates from './index.ts';
import { certificate, certificateDer } from './schema.ts';
import { matchOf, wordsOf } from './search.ts';
import * as store from './store.ts';

function makeEstate() {
  const world = makeWorld();
  const ctx = world.person('supervisor');
  let n = 0;
  const add = (given: Partial<typeof certificate.$inferInsert> = {}) => {
    n += 1;
    const fingerprint = given.fingerprint ?? `f0${String(n).padStart(62, '0')}`;
    world.db
      .insert(certificateDer)
      .values({ fingerprint, der: Buffer.from([n]), storedAt: NOW })
      .run();
    const id = newId(NOW + n);
    const facts = { issuer: 'CN=Uji', subject: `CN=${n}`, commonName: `Orang ${n}`, use: 'signature' as const };
    world.db
      .insert(certificate)
      .values({ id, ...facts, source: 'file', addedAt: NOW, updatedAt: NOW, ...given, fingerprint })
      .run();
    return id;
  };
  const person = (name: string, nip: string | null = null, email: string | null = null) => {
    const row = { kind: 'person' as const, name, titleBefore: 'Dr.', titleAfter: 'M.Pd.', nip, email };
    return people.insert(world.db, { ...row, status: 'active', statusSince: null }, NOW);
  };
  const found = (q: string) =>
    certificates
      .list(ctx, { q })
      .rows.map((row) => row.name)
      .sort();
  return { world, ctx, add, person, found };
}

describe('what people type', () => {
  test('several words must all occur; titles, case, accents and apostrophes do not matter', () => {
    expect(wordsOf('  Sri   Handayani ')).toEqual(['sri', 'handayani']);
    expect(wordsOf('Dr. Hj. Sri Handayani, M.Pd.')).toEqual(['sri', 'handayani']);
    expect(wordsOf('Handayani, Sri')).toEqual(['handayani', 'sri']);
    expect(wordsOf("Ma'ruf Amîn")).toEqual(['maruf', 'amin']);
    expect(wordsOf(undefined)).toEqual([]);
  });

  test('a grouped NIP, serial or fingerprint is one word, whatever it is called', () => {
    expect(wordsOf('19740723 200212 1 005')).toEqual(['197407232002121005']);
    expect(wordsOf('NIP. 19740723 200212 1 005')).toEqual(['197407232002121005']);
    expect(wordsOf('5A:1F:9C:02:77')).toEqual(['5a1f9c0277']);
    expect(wordsOf('Nomor seri: 5A 1F 9C 02')).toEqual(['5a1f9c02']);
    expect(wordsOf('SHA-256: ABCD EF01 2345 6789')).toEqual(['abcdef0123456789']);
    expect(wordsOf('0x5a1f')).toEqual(['5a1f']);
    expect(wordsOf('970bee78 8fc5620e 78097596')).toEqual(['970bee788fc5620e78097596']);
    expect(wordsOf(`${'97'.repeat(16)}\n${'0b'.repeat(16)}`)).toEqual(['97'.repeat(16) + '0b'.repeat(16)]);
    expect(wordsOf('401.555.767.586.358')).toEqual(['401555767586358']);
    expect(wordsOf('192.168.100.123')).toEqual(['192', '168', '100', '123']);
  });

  test('marks that nobody sees, which certificate windows and web pages copy along, do not matter', () => {
    expect(wordsOf('\u200e97 0b ee 78')).toEqual(['970bee78']);
    expect(wordsOf('bam\u200bbang\ufeff manurung')).toEqual(['bambang', 'manurung']);
  });

  test('no letter of any script makes a question the index refuses', () => {
    const { found } = makeEstate();
    for (const letter of ['\u19b0', '\u19c9', '\u1cf2', '\u{1e900}', '½', 'ﷺ']) {
      expect(() => found(`a${letter}b`)).not.toThrow();
      expect(() => found(letter)).not.toThrow();
    }
  });

  test('a number is also looked for as the decimal form of a serial', () => {
    expect(matchOf(['1234567890'])).toBe('("1234567890"* OR "499602d2")');
    expect(matchOf(['00a1'])).toBe('("00a1"* OR "a1"*)');
  });
});

test('a certificate is found by its own words and those of its holder', () => {
  const { add, person, found } = makeEstate();
  const fingerprint = `5a1f9c02${'7'.repeat(56)}`;
  const san = ['email:sri.h@batam.example', 'dns:layanan.batam.example'];
  const holderId = person('Sri Handayani', '197407232002121005', 'sri@batam.example');
  add({ commonName: 'SRI HANDAYANI', serial: '499602d2aa', fingerprint, san, holderId });
  add({ commonName: 'Sitī Ma’ruf', serial: 'a1' });
  const sri = ['Dr. Sri Handayani, M.Pd.'];
  for (const q of [
    'handayani sri',
    'Hand',
    'Dr. Sri Handayani, M.Pd.',
    '19740723 200212 1 005',
    '197407232002',
    'sri@batam.example',
    'layanan.batam',
    '49:96:02:D2:AA',
    '0x499602d2aa',
    String(0x499602d2aan),
    '5A1F 9C02 7777',
    `SHA-256: ${fingerprint.toUpperCase()}`,
  ])
    expect([q, found(q)]).toEqual([q, sri]);
  expect(found("siti ma'ruf")).toEqual(['Sitī Ma’ruf']);
  expect(found('00:A1')).toEqual(['Sitī Ma’ruf']);
  expect(found('handayani siti')).toEqual([]);
});

test('signs and the index’s own words are plain text; nothing but signs finds nothing', () => {
  const { add, found } = makeEstate();
  add({ commonName: 'Orang Biasa' });
  for (const q of [
    '"',
    "'",
    '*',
    'orang*"',
    'NEAR(',
    'OR',
    'a AND',
    'words:orang',
    '^orang',
    '-orang',
    '()',
    '%_\\',
    '\u0000',
    '💥',
    'orang 💥',
  ])
    expect(() => found(q)).not.toThrow();
  expect(found('***')).toEqual([]);
  expect(found('orang NOT biasa')).toEqual([]);
  expect(found('"orang" (biasa)')).toEqual(['Orang Biasa']);
});

test('a new owner, a new name and a file that comes later change what finds and where it is sorted', () => {
  const { world, ctx, add, person, found } = makeEstate();
  const id = add({ commonName: 'Zainal' });
  const other = add({ commonName: 'Made' });
  const holderId = person('Agus Salim', '197407232002121005');
  const act = { from: NOW, why: 'uji', by: 'system:jobs', now: NOW };
  store.setOwner(world.db, id, { holderId, agencyId: null }, act);
  expect(found('agus')).toHaveLength(1);
  expect(found('zainal agus')).toHaveLength(1);
  const order = () => certificates.list(ctx, { sort: 'name' }).rows.map((row) => row.id);
  expect(order()).toEqual([id, other]);
  people.update(world.db, holderId, { name: 'Yanto Salim' });
  expect([found('agus'), found('yanto')].map((names) => names.length)).toEqual([0, 1]);
  expect(order()).toEqual([other, id]);
  store.setOwner(world.db, id, { holderId: null, agencyId: null }, act);
  expect(found('yanto')).toEqual([]);
  world.db.$client.prepare("update certificate set common_name = 'Aan', serial = 'beef01' where id = ?").run(id);
  expect(found('be:ef:01')).toEqual(['Aan']);
  expect(order()).toEqual([id, other]);
});

test('holders are found by the beginnings of name, NIP and e-mail', () => {
  const { ctx, person } = makeEstate();
  person('Sri Handayani', '197407232002121005', 'sri@batam.example');
  person('Siti Rahma');
  const named = (q: string) => certificates.holders(ctx, { q }).rows.map((row) => row.name);
  for (const q of ['handa', 'Dr. Sri', '19740723 200212', 'sri@batam']) expect(named(q)).toEqual(['Sri Handayani']);
  expect(named('s')).toEqual(['Siti Rahma', 'Sri Handayani']);
  expect(named('"')).toEqual([]);
});

test('Ctrl+K finds holders best first, certificates and agencies, and only what the reader may see', () => {
  const { world, ctx, add, person } = makeEstate();
  agencies.seed(world.ctx());
  const disdik = agencies.get(ctx, 'DISDIK').id;
  const holderId = person('Sri Handayani');
  person('Sri Handayani Putri');
  person('Handayani Sri');
  add({ commonName: 'SRI HANDAYANI', holderId, agencyId: disdik });
  const found = certificates.search(ctx, 'sri handayani');
  expect(found.holders.map((row) => row.name)).toEqual(['Sri Handayani', 'Sri Handayani Putri', 'Handayani Sri']);
  expect(found.certificates).toHaveLength(1);
  expect(certificates.search(ctx, 'dinas pendidikan').agencies.map((row) => row.code)).toContain('DISDIK');
  expect(certificates.search(ctx, 's')).toEqual({ certificates: [], holders: [], agencies: [] });
  const [own, other] = ['DISDIK', 'SETDA'].map((code) =>
    certificates.search(world.person('officer', { agencyId: agencies.get(ctx, code).id }), 'sri handayani'),
  );
  expect([own!.holders.length, own!.certificates.length]).toEqual([1, 1]);
  expect([other!.holders.length, other!.certificates.length]).toEqual([0, 0]);
  expect(certificates.search(world.person('leader'), 'sri handayani')).toMatchObject({ holders: [], certificates: [] });
});

test('a holder is found by another name, from the moment it is known until it goes', () => {
  const { world, ctx, person } = makeEstate();
  const [id, other] = [person('Sri Handayani'), person('Budi Santoso')];
  const found = (q: string) => certificates.holders(ctx, { q }).rows.map((row) => row.id);
  expect(found('wulandari')).toEqual([]);
  matches.addAlias(world.db, { holderId: id, name: "Sri Wulan'dari", by: 'uji', now: NOW });
  expect(found('wulandari')).toEqual([id]);
  expect(found('sri handayani wulandari')).toEqual([id]);
  people.update(world.db, id, { email: 'sri@batam.example' });
  expect(found('wulandari')).toEqual([id]);
  world.db.$client.prepare('update holder_alias set holder_id = ? where holder_id = ?').run(other, id);
  expect(found('wulandari')).toEqual([other]);
  world.db.$client.prepare('delete from holder_alias').run();
  expect(found('wulandari')).toEqual([]);
  expect(found('budi')).toEqual([other]);
});
