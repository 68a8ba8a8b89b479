import { describe, expect, test } from 'vitest';
import { shortHash } from '#lib/format.ts';
import { agencyId, certificateRow, holderRow } from '#tests/support/holdings.ts';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import { makeLeaf, makeRoot } from '../../../bin/demo/ca.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import * as certificates from './index.ts';

function city(): World & { verifier: ReturnType<World['person']> } {
  const world = makeWorld();
  agencies.seed(world.ctx());
  return Object.assign(world, { verifier: world.person('verifier') });
}

const ownersOf = (world: World, id: string) =>
  world.db.$client
    .prepare('select holder_id as holder, "from", "to" from ownership where certificate_id = ? order by "from", rowid')
    .all(id) as { holder: string | null; from: number; to: number | null }[];

describe('proposals', () => {
  test('one bearer of the bare name is proposed, with titles, capitals and accents aside; nothing is assigned', () => {
    const world = city();
    const id = holderRow(world, "Nur'aini Siregar", { agency: 'DISDIK' });
    const certificate = certificateRow(world, 'Hj. NURAINI SIREGAR, S.Pd.');
    const found = certificates.matching(world.verifier);
    expect(found.proposals.rows.map((row) => [row.certificate.id, row.holderId, row.why])).toEqual([
      [certificate, id, 'name'],
    ]);
    expect(ownersOf(world, certificate)).toEqual([]);
  });

  test('all proposals are accepted at once: owners from the certificates’ beginning, one entry with count and hash', async () => {
    const world = city();
    for (const name of ['Sri Handayani', 'Joko Susilo', 'Dewi Lestari']) {
      holderRow(world, name, { agency: 'DISDIK' });
      certificateRow(world, name.toUpperCase());
    }
    const { proposals } = certificates.matching(world.verifier);
    expect(await certificates.acceptProposals(world.verifier, { ledger: proposals.ledger })).toEqual({ accepted: 3 });
    expect(certificates.matchCounts(world.verifier)).toEqual({ proposals: 0, decisions: 0, waiting: 0, pending: 0 });
    const [row] = ownersOf(world, proposals.rows[0]!.certificate.id);
    expect(row).toMatchObject({ from: world.clock.at - 100 * DAY, to: null });
    const entries = audit
      .list(world.ctx(), { limit: 50 }, (key) => key)
      .filter((entry) => entry.action === 'matches.accepted');
    expect(entries).toHaveLength(1);
    expect(entries[0]!.sentence).toContain(`3 usulan pemilik sertifikat (sidik daftar ${shortHash(proposals.ledger)})`);
  });

  test('what is accepted is what was seen: a proposal that came meanwhile makes it a conflict, and nothing is written', async () => {
    const world = city();
    holderRow(world, 'Sri Handayani');
    certificateRow(world, 'SRI HANDAYANI');
    const { ledger } = certificates.matching(world.verifier).proposals;
    certificateRow(world, 'SRI HANDAYANI');
    await expect(certificates.acceptProposals(world.verifier, { ledger })).rejects.toThrow('Muat ulang');
    expect(certificates.matchCounts(world.verifier).proposals).toBe(2);
  });

  test('what is not used any more waits for no owner, on the page and in the work alike', () => {
    const world = city();
    const id = certificateRow(world, 'SRI HANDAYANI');
    const waits = () => certificates.tasks(world.verifier).some((task) => task.key === 'certificates:unmatched');
    expect([waits(), certificates.matchCounts(world.verifier).waiting]).toEqual([true, 1]);
    certificates.retire(world.verifier, id, { why: 'uji' });
    expect([waits(), certificates.matchCounts(world.verifier).waiting]).toEqual([false, 0]);
  });

  test('one agency alone can be accepted', async () => {
    const world = city();
    holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    holderRow(world, 'Joko Susilo', { agency: 'DINKES' });
    certificateRow(world, 'SRI HANDAYANI');
    certificateRow(world, 'JOKO SUSILO');
    const { proposals, shares } = certificates.matching(world.verifier, { agency: 'DINKES' });
    expect(shares.map((share) => [share.code, share.proposals])).toEqual([
      ['DINKES', 1],
      ['DISDIK', 1],
    ]);
    await certificates.acceptProposals(world.verifier, { agency: 'DINKES', ledger: proposals.ledger });
    expect(certificates.list(world.verifier).rows.map((row) => [row.name, row.agencyCode])).toEqual([
      ['Joko Susilo', 'DINKES'],
      ['SRI HANDAYANI', null],
    ]);
  });

  test('a refused proposal is never made again, and the certificate becomes a decision', () => {
    const world = city();
    const holder = holderRow(world, 'Sri Handayani');
    const certificate = certificateRow(world, 'SRI HANDAYANI');
    certificates.refuseMatch(world.verifier, certificate, holder);
    certificates.refuseMatch(world.verifier, certificate, holder);
    expect(certificates.matchCounts(world.verifier)).toEqual({ proposals: 0, decisions: 1, waiting: 1, pending: 0 });
    expect(certificates.matchCase(world.verifier, certificate).candidates).toEqual([]);
    expect(certificates.matchHolders(world.ctx())).toEqual({ matched: 0, waiting: 1 });
  });

  test('only those who may edit certificates see and decide', async () => {
    const world = city();
    const id = certificateRow(world, 'SRI HANDAYANI');
    const auditor = world.person('auditor');
    expect(() => certificates.matching(auditor)).toThrow('tidak memiliki hak');
    expect(() => certificates.decideMatch(auditor, id, 'x')).toThrow('tidak memiliki hak');
    expect(() => certificates.refuseMatch(auditor, id, 'x')).toThrow('tidak memiliki hak');
    expect(() => certificates.decideNew(auditor, id)).toThrow('tidak memiliki hak');
    await expect(certificates.acceptProposals(auditor, { ledger: '' })).rejects.toThrow('tidak memiliki hak');
  });
});

describe('what an import assigns by itself', () => {
  const root = () => makeRoot({ notBefore: NOW - 3000 * DAY, notAfter: NOW + 3000 * DAY });

  test('an address, a NIP in the subject and a host name are identity; a name from the web stays a proposal', async () => {
    const world = city();
    const NIP = '197811042005012007';
    const byMail = holderRow(world, 'Sri Handayani', { agency: 'DISDIK', email: 'sri@batam.example' });
    const byNip = holderRow(world, 'Joko Susilo', { agency: 'DINKES', nip: NIP });
    holderRow(world, 'Dewi Lestari', { agency: 'DINKES' });
    for (const name of ['Berdua Satu', 'Berdua Dua']) holderRow(world, name, { email: 'kantor@batam.example' });
    const ca = root();
    const leaf = (commonName: string, more: Partial<Parameters<typeof makeLeaf>[1]> = {}) => ({
      name: `${commonName}.cer`,
      bytes: makeLeaf(ca, { commonName, notBefore: NOW - 100 * DAY, ...more }),
    });
    const files = [
      leaf('NAMA LAIN SEKALI', { extensions: { emails: ['SRI@batam.example'] } }),
      leaf(`JOKO ${NIP}`),
      leaf('DEWI LESTARI'),
      leaf('SIAPA SAJA', { extensions: { emails: ['kantor@batam.example'] } }),
    ];
    await certificates.requestImport(world.verifier, { files });
    await certificates.runImports(world.ctx());
    const owners = world.db.$client
      .prepare('select common_name as name, holder_id as holder from certificate order by name')
      .all();
    expect(owners).toEqual([
      { name: 'DEWI LESTARI', holder: null },
      { name: `JOKO ${NIP}`, holder: byNip },
      { name: 'NAMA LAIN SEKALI', holder: byMail },
      { name: 'SIAPA SAJA', holder: null },
    ]);
    expect(certificates.matchCounts(world.verifier)).toEqual({ proposals: 1, decisions: 1, waiting: 2, pending: 0 });
    expect(certificates.tasks(world.ctx()).find((task) => task.kind === 'matching')).toMatchObject({
      href: '/matching',
    });
  });

  test('the command line goes by the same rule: a bare name is a proposal until somebody accepts it', async () => {
    const world = city();
    const holder = holderRow(world, 'Dewi Lestari', { agency: 'DINKES' });
    const bytes = makeLeaf(root(), { commonName: 'DEWI LESTARI', notBefore: NOW - 100 * DAY });
    const { id } = await certificates.importFile(world.ctx(), { name: 'dewi.cer', bytes });
    await certificates.importPersonnel(world.ctx(), {
      name: 'p.csv',
      bytes: Buffer.from('Nama,PD\nDewi Lestari,DINKES'),
    });
    expect(certificates.list(world.verifier).rows[0]).toMatchObject({ holderId: null });
    expect(certificates.matchCounts(world.ctx(), { importId: id })).toEqual({
      proposals: 1,
      decisions: 0,
      waiting: 1,
      pending: 0,
    });
    expect(certificates.matchHolders(world.ctx())).toEqual({ matched: 1, waiting: 0 });
    expect(certificates.list(world.verifier).rows[0]).toMatchObject({ holderId: holder, agencyCode: 'DINKES' });
  });
});

describe('decisions', () => {
  test('namesakes wait for a person; the agency of the import, when it fits one of them, makes it a proposal', () => {
    const world = city();
    holderRow(world, 'Budi Santoso', { agency: 'DISDIK' });
    const other = holderRow(world, 'Budi Santoso', { agency: 'DINKES' });
    const open = certificateRow(world, 'BUDI SANTOSO');
    certificateRow(world, 'BUDI SANTOSO', { agency: 'DINKES' });
    const found = certificates.matching(world.verifier);
    expect(found.proposals.rows.map((row) => [row.holderId, row.why])).toEqual([[other, 'agency']]);
    const one = certificates.matchCase(world.verifier, open);
    expect(one).toMatchObject({ kind: 'namesakes' });
    expect(one.candidates.map((c) => [c.agencyCode, c.why])).toEqual([
      ['DISDIK', ['same']],
      ['DINKES', ['same']],
    ]);
    expect(certificates.decideMatch(world.verifier, open, other)).toEqual({ count: 1, name: 'Budi Santoso' });
    expect(() => certificates.matchCase(world.verifier, open)).toThrow('telah ditetapkan');
    expect(() => certificates.decideMatch(world.verifier, open, other)).toThrow('sudah ditetapkan');
  });

  test('an unknown name is one decision for all its certificates; the answer is remembered for the next ones', () => {
    const world = city();
    const holder = holderRow(world, 'Muhammad Rizky Pratama', { agency: 'DISDIK' });
    const ids = [certificateRow(world, 'MUH RIZKI PRATMAA'), certificateRow(world, 'MUH RIZKI PRATMAA')];
    const { cases } = certificates.matching(world.verifier);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ agencyId: agencyId(world, 'DISDIK') });
    const one = certificates.matchCase(world.verifier, ids[0]!);
    expect(one.candidates[0]).toMatchObject({ id: holder, why: ['abbreviation', 'spelling'] });
    expect(certificates.decideMatch(world.verifier, ids[0]!, holder).count).toBe(2);
    certificateRow(world, 'Muh. Rizki Pratmaa');
    expect(certificates.matching(world.verifier).proposals.rows[0]).toMatchObject({ holderId: holder, why: 'name' });
  });

  test('somebody new is made from the certificate, under the agency of the import', () => {
    const world = city();
    const id = certificateRow(world, 'Dr. ORANG BARU, M.Si.', { agency: 'DISDIK' });
    const { holderId } = certificates.decideNew(world.verifier, id);
    expect(certificates.holder(world.verifier, holderId)).toMatchObject({
      kind: 'person',
      name: 'Orang Baru',
      titleBefore: 'Dr.',
      titleAfter: 'M.Si.',
      positions: [{ agencyCode: 'DISDIK', to: null }],
    });
    expect(certificates.list(world.verifier).rows[0]).toMatchObject({ holderId, agencyCode: 'DISDIK' });
  });

  test('somebody new is proposed first; what a person corrects is what is entered, and a NIP or name of somebody else is refused', () => {
    const world = city();
    const id = certificateRow(world, 'Dr. ORANG BARU, M.Si.', { agency: 'DISDIK' });
    const { fresh } = certificates.matchCase(world.verifier, id);
    expect(fresh).toEqual({ kind: 'person', name: 'Dr. Orang Baru, M.Si.', agency: 'DISDIK' });
    expect(certificates.holders(world.verifier, {}).total).toBe(0);
    holderRow(world, 'Orang Lain', { agency: 'DINKES', nip: '198001012006041001' });
    expect(() => certificates.decideNew(world.verifier, id, { ...fresh, nip: '198001012006041001' })).toThrow();
    expect(() => certificates.decideNew(world.verifier, id, { ...fresh, name: 'Orang Lain' })).toThrow();
    expect(() => certificates.decideNew(world.verifier, id, { ...fresh, name: '  ' })).toThrow('tidak memuat nama');
    expect(() => certificates.decideNew(world.verifier, id, { ...fresh, agency: 'TIDAK-ADA' })).toThrow();
    expect(certificates.holders(world.verifier, {}).total).toBe(1);
    const said = { ...fresh, name: 'Orang Baru Sekali', nip: '198001012006041002', agency: 'DINKES' };
    const { holderId } = certificates.decideNew(world.verifier, id, said);
    expect(certificates.holder(world.verifier, holderId)).toMatchObject({
      name: 'Orang Baru Sekali',
      nip: '198001012006041002',
      positions: [{ agencyCode: 'DINKES' }],
    });
    // The certificate's own spelling finds them next time.
    certificateRow(world, 'ORANG BARU');
    expect(certificates.matching(world.verifier).proposals.rows[0]).toMatchObject({ holderId, why: 'name' });
  });

  test('a new owner can be taken back while nothing was built on them, and not after', () => {
    const world = city();
    const ids = [certificateRow(world, 'ORANG BARU'), certificateRow(world, 'ORANG BARU')];
    const first = certificates.decideNew(world.verifier, ids[0]!, { nip: '198001012006041001' });
    expect(certificates.undoNew(world.verifier, first.holderId)).toMatchObject({ count: 2, certificateId: ids[0] });
    expect(certificates.matchCounts(world.verifier)).toEqual({ proposals: 0, decisions: 1, waiting: 2, pending: 0 });
    expect(certificates.holders(world.verifier, {}).total).toBe(0);
    expect(() => certificates.undoNew(world.verifier, first.holderId)).toThrow('sudah tidak ada');
    // The number is free for who it really is.
    const again = certificates.decideNew(world.verifier, ids[0]!, { nip: '198001012006041001' });
    certificates.editHolder(world.verifier, again.holderId, { name: 'Orang Baru', nip: '', email: 'o@batam.example' });
    expect(() => certificates.undoNew(world.verifier, again.holderId)).toThrow('sudah dipakai untuk hal lain');
    const listed = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    certificates.decideMatch(world.verifier, certificateRow(world, 'SRI HANDAYANI'), listed);
    expect(() => certificates.undoNew(world.verifier, listed)).toThrow('sudah dipakai untuk hal lain');
    expect(() => certificates.undoNew(world.person('auditor'), listed)).toThrow('tidak memiliki hak');
  });

  test('an owner chosen by a slip of the finger is taken back with all certificates of the case, and the name it taught', () => {
    const world = city();
    const right = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    const ids = [certificateRow(world, 'BUNDA DISDIK'), certificateRow(world, 'BUNDA DISDIK')];
    const before = certificates.matchCounts(world.verifier);
    certificates.decideMatch(world.verifier, ids[0]!, right);
    expect(certificates.matchCounts(world.verifier).waiting).toBe(0);
    world.clock.at += 60_000;
    expect(certificates.undoMatch(world.verifier, ids[0]!)).toEqual({
      certificateId: ids[0],
      count: 2,
      name: 'Sri Handayani',
    });
    expect(certificates.matchCounts(world.verifier)).toEqual(before);
    expect(world.db.$client.prepare('select count(*) from holder_alias').pluck().get()).toBe(0);
    expect(ownersOf(world, ids[1]!).at(-1)).toMatchObject({ holder: null, to: null });
    const [entry] = audit.list(world.ctx(), { target: ['certificate', ids[1]!], limit: 1 }, (key) => key);
    expect(entry!.sentence).toContain('mengurungkan penetapan pemilik Sri Handayani; 2 sertifikat');
    expect(() => certificates.undoMatch(world.verifier, ids[0]!)).toThrow('sudah dipakai untuk hal lain');
  });

  test('a chosen owner is not taken back once somebody has acted on one of the certificates, nor an owner known before', () => {
    const world = city();
    const holder = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    const other = holderRow(world, 'Joko Susilo', { agency: 'DISDIK' });
    const ids = [certificateRow(world, 'BUNDA DISDIK'), certificateRow(world, 'BUNDA DISDIK')];
    certificates.decideMatch(world.verifier, ids[0]!, holder);
    world.clock.at += 60_000;
    certificates.retire(world.verifier, ids[1]!, { why: 'Perangkatnya hilang' });
    expect(() => certificates.undoMatch(world.verifier, ids[0]!)).toThrow('sudah dipakai untuk hal lain');
    const moved = [certificateRow(world, 'KEPALA SEKOLAH'), certificateRow(world, 'KEPALA SEKOLAH')];
    certificates.decideMatch(world.verifier, moved[0]!, holder);
    world.clock.at += 60_000;
    certificates.assignHolder(world.verifier, moved[1]!, { holderId: other });
    expect(() => certificates.undoMatch(world.verifier, moved[0]!)).toThrow('sudah dipakai untuk hal lain');
    expect(() => certificates.undoMatch(world.verifier, moved[1]!)).toThrow('sudah dipakai untuk hal lain');
    expect(() => certificates.undoMatch(world.person('auditor'), moved[1]!)).toThrow('tidak memiliki hak');
    expect(() => certificates.undoMatch(world.verifier, 'x')).toThrow('tidak ada');
  });

  test('a seal becomes a legal entity of the agency it names', () => {
    const world = city();
    const id = certificateRow(world, 'DINAS PENDIDIKAN', { use: 'other' });
    const { holderId } = certificates.decideNew(world.verifier, id, { kind: 'entity' });
    expect(certificates.holder(world.verifier, holderId)).toMatchObject({
      kind: 'entity',
      positions: [{ agencyCode: 'DISDIK' }],
    });
  });

  test('a person who had left before the certificate began is a candidate, not a proposal', () => {
    const world = city();
    holderRow(world, 'Sri Handayani', { status: 'retired', statusSince: '2020-01-01' });
    const id = certificateRow(world, 'SRI HANDAYANI');
    expect(certificates.matchCounts(world.verifier)).toMatchObject({ proposals: 0, decisions: 1 });
    expect(certificates.matchCase(world.verifier, id).candidates[0]).toMatchObject({ status: 'retired' });
  });

  test.each(['', 'x', "' or 1=1", '\u0000'])('an id that is none (%j) is not found', (id) => {
    const world = city();
    expect(() => certificates.decideMatch(world.verifier, id, id)).toThrow();
    expect(() => certificates.matchCase(world.verifier, id)).toThrow('sudah tidak ada');
  });
});

describe('an office of real size', () => {
  const FIRST =
    'Arya Bayu Citra Dewi Eka Fajar Gita Hendra Indah Joko Kartika Lestari Mulyadi Nadia Oki Putri Rahmat Sari Teguh Umar Vina Wahyu Yuni Zulkifli Agus Bambang Dian Endang Fitri Guntur Hesti Irfan Juwita Kurnia Laila Maharani Novita Prasetyo Ratna Slamet'.split(
      ' ',
    );
  const LAST =
    'Santoso Wijaya Siregar Nasution Pratama Saputra Hidayat Nugroho Wibowo Hasibuan Lubis Harahap Simanjuntak Sitompul Gunawan Kusuma Permana Ramadhan Setiawan Suryadi Tarigan Ginting Sembiring Manurung Pane Daulay Rangkuti Batubara Marpaung Hutagalung Susanto Hartono Utomo Purnomo Budiman Halim Salim Yusuf Ibrahim Mansyur'.split(
      ' ',
    );
  const CODES = ['DISDIK', 'DINKES', 'DISKOMINFO', 'BPKAD', 'BKPSDM', 'SETWAN', 'BAPENDA', 'DISDUKCAPIL'];

  test('1,800 certificates against 1,500 people leave fewer than 60 decisions', async () => {
    const world = city();
    let seed = 7;
    const dice = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
    const staff = Array.from({ length: 1500 }, (_, i) => {
      const middle = i % 3 ? ` ${FIRST[dice(FIRST.length)]!}` : '';
      const prefix = i % 6 === 0 ? 'Muhammad ' : '';
      const name = `${prefix}${FIRST[i % 40]!}${middle} ${LAST[Math.floor(i / 40) % 40]!}`;
      return { name, agency: CODES[i % CODES.length]! };
    });
    const truth = new Map<string, string>();
    world.db.$client.transaction(() => {
      const ids = staff.map((person) => holderRow(world, person.name, { agency: person.agency }));
      staff.forEach(({ name, agency }, i) => {
        // What issuers do to names: capitals, titles, abbreviations and slips in one of forty.
        const slip = i % 40 === 39 ? name.replace('Muhammad', 'Muh.').replace(/i(?=[^i]*$)/, 'y') : name;
        const written = (i % 5 ? slip : `Ir. ${slip}, M.Si`).toUpperCase();
        truth.set(certificateRow(world, written, i % 2 ? { agency } : {}), ids[i]!);
        if (i % 5) return;
        truth.set(certificateRow(world, name.toUpperCase(), { notBefore: world.clock.at - 800 * DAY }), ids[i]!);
      });
    })();
    const { proposals, all } = certificates.matching(world.verifier);
    expect(proposals.total + all.decisions).toBeGreaterThan(1700);
    expect(all.decisions).toBeLessThan(60);
    const { accepted } = await certificates.acceptProposals(world.verifier, { ledger: proposals.ledger });
    expect(accepted).toBe(proposals.total);
    expect(certificates.matchCounts(world.verifier).decisions).toBe(all.decisions);
    const owned = world.db.$client
      .prepare('select id, holder_id as holder from certificate where holder_id is not null')
      .all() as { id: string; holder: string }[];
    expect(owned.filter((row) => truth.get(row.id) !== row.holder)).toEqual([]);
  });
});

describe('who may match', () => {
  test('the administrator of a first hour gives what was imported its owners, all at once, one by one, and new', async () => {
    const world = city();
    const administrator = world.person('administrator');
    const dewi = holderRow(world, 'Dewi Lestari', { agency: 'DINKES' });
    const named = certificateRow(world, 'DEWI LESTARI');
    const server = certificateRow(world, 'PORTAL.BATAM.EXAMPLE', { use: 'tls_server' });
    const { ledger } = certificates.matching(administrator).proposals;
    expect(await certificates.acceptProposals(administrator, { ledger })).toEqual({ accepted: 1 });
    const { holderId } = certificates.decideNew(administrator, server);
    expect(certificates.holder(administrator, holderId)).toMatchObject({ kind: 'system' });
    const owners = certificates.list(administrator).rows.map(({ id, holderId: owner }) => [id, owner]);
    expect(Object.fromEntries(owners)).toEqual({ [named]: dewi, [server]: holderId });
    // A queue of every day is the work of those who keep the inventory.
    certificateRow(world, 'ORANG ASING');
    expect(certificates.tasks(world.verifier).map(({ act }) => act)).toContain('certificates.edit');
  });

  test('but changes or ends no ownership that stands, and takes back only a slip of its own', () => {
    const world = city();
    const administrator = world.person('administrator');
    const dewi = holderRow(world, 'Dewi Lestari', { agency: 'DINKES' });
    const [theirs, own] = [certificateRow(world, 'ORANG LAIN'), certificateRow(world, 'ORANG ASING')];
    certificates.decideMatch(world.verifier, theirs, dewi);
    certificates.decideMatch(administrator, own, dewi);
    const budi = holderRow(world, 'Budi Santoso');
    const why = 'Salah orang';
    expect(() => certificates.assignHolder(administrator, theirs, { holderId: budi, why })).toThrow(
      'tidak memiliki hak',
    );
    expect(() => certificates.transfer(administrator, theirs, { agency: 'DISDIK', why })).toThrow('tidak memiliki hak');
    expect(() => certificates.retire(administrator, theirs, { why: 'Tidak dipakai' })).toThrow('tidak memiliki hak');
    expect(() => certificates.undoMatch(administrator, theirs)).toThrow('ditetapkan orang lain');
    const { holderId } = certificates.decideNew(world.verifier, certificateRow(world, 'PEMILIK BARU'));
    expect(() => certificates.undoNew(administrator, holderId)).toThrow('ditetapkan orang lain');
    expect(certificates.undoMatch(administrator, own)).toMatchObject({ certificateId: own, count: 1 });
    expect(certificates.undoNew(world.verifier, holderId).count).toBe(1);
  });

  test.each(['handler', 'leader', 'head', 'auditor', 'officer'] as const)('%s may not', async (role) => {
    const world = city();
    const holder = holderRow(world, 'Dewi Lestari');
    const id = certificateRow(world, 'DEWI LESTARI');
    const person = world.person(role);
    const { ledger } = certificates.matching(world.verifier).proposals;
    expect(() => certificates.matching(person)).toThrow('tidak memiliki hak');
    await expect(certificates.acceptProposals(person, { ledger })).rejects.toThrow('tidak memiliki hak');
    expect(() => certificates.decideMatch(person, id, holder)).toThrow('tidak memiliki hak');
    expect(() => certificates.decideNew(person, id)).toThrow('tidak memiliki hak');
    expect(() => certificates.refuseMatch(person, id, holder)).toThrow('tidak memiliki hak');
  });
});
