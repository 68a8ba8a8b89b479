import { describe, expect, test } from 'vitest';
import { agencyId, certificateRow, holderRow } from '#tests/support/holdings.ts';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { DAY, wibDate } from '../calendar.ts';
import { AppError } from '../errors.ts';
import * as store from './store.ts';
import * as certificates from './index.ts';

const NIP = '197811042005012007';
const OTHER_NIP = '198001012006041001';

function city() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  return Object.assign(world, { verifier: world.person('verifier') });
}

/** Messages by field of what is refused. */
function refused(work: () => unknown): Record<string, string> {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return { ...error.fields, _: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

type Owned = { certificate: string; holder: string | null; agency: string | null; from: number; to: number | null };
const ownerships = (world: World) =>
  world.db.$client
    .prepare(
      'select certificate_id as certificate, holder_id as holder, agency_id as agency, "from", "to" from ownership order by certificate_id, "from", rowid',
    )
    .all() as Owned[];

/** Half-open spans that touch, exactly one of them open, and equal to the certificate's own copy. */
function expectOneUnbrokenLine(world: World): void {
  const byCertificate = Map.groupBy(ownerships(world), (row) => row.certificate);
  for (const [id, rows] of byCertificate) {
    expect(rows.filter((row) => row.to === null)).toHaveLength(1);
    rows.forEach((row, i) => {
      if (i > 0) expect(row.from).toBe(rows[i - 1]!.to);
    });
    const copy = world.db.$client
      .prepare('select holder_id as holder, agency_id as agency from certificate where id = ?')
      .get(id);
    expect({ holder: rows.at(-1)!.holder, agency: rows.at(-1)!.agency }).toEqual(copy);
  }
}

const newHolder = {
  kind: 'person' as const,
  name: 'Dr. Sri Handayani, M.Pd.',
  nip: NIP,
  agency: 'DISDIK',
  title: 'Sekretaris',
};

describe('entering a holder by form', () => {
  test('name, titles, NIP and position go in', () => {
    const world = city();
    const { id } = certificates.createHolder(world.verifier, {
      ...newHolder,
      email: 'SRI@batam.example',
      since: '2026-01-02',
    });
    expect(certificates.holder(world.verifier, id)).toMatchObject({
      name: 'Sri Handayani',
      titleBefore: 'Dr.',
      titleAfter: 'M.Pd.',
      nip: NIP,
      email: 'sri@batam.example',
      positions: [{ agencyCode: 'DISDIK', title: 'Sekretaris', from: '2026-01-02' }],
    });
  });

  test.each([
    [{ nip: '197203042005011000' }, 'nip', 'dibulatkan oleh Excel'],
    [{ name: '' }, 'name', 'Isi nama'],
    [{ name: '...' }, 'name', 'huruf'],
    [{ name: 'x'.repeat(201) }, 'name', '200'],
    [{ nip: '123' }, 'nip', '18 angka'],
    [{ email: 'bukan surel' }, 'email', 'tidak lengkap'],
    [{ agency: 'TIDAK-ADA' }, 'agency', 'dari daftar'],
    [{ since: '2026-02-30' }, 'since', 'tidak ada'],
    [{ since: '2027-01-01' }, 'since', 'belum tiba'],
    [{ kind: 'entity' as const }, 'nip', 'Hanya orang'],
    [{ agency: '', title: 'Camat' }, 'agency', 'untuk jabatan ini'],
    [{ kind: 'x' as 'person' }, 'kind', 'Pilih jenis'],
  ])('%j is refused at its field', (more, field, words) => {
    const world = city();
    expect(refused(() => certificates.createHolder(world.verifier, { ...newHolder, ...more }))[field]).toContain(words);
    expect(certificates.holders(world.verifier, {}).total).toBe(0);
  });

  test('the same NIP or address is refused and says whose it is; the same name only until another person is meant', () => {
    const world = city();
    certificates.createHolder(world.verifier, { ...newHolder, email: 'sri@batam.example' });
    const same = refused(() => certificates.createHolder(world.verifier, { ...newHolder, name: 'Orang Lain' }));
    expect(same.nip).toContain('Sri Handayani, Dinas Pendidikan');
    const twin = { kind: 'person' as const, name: 'SRI HANDAYANI', email: 'lain@batam.example' };
    expect(refused(() => certificates.createHolder(world.verifier, twin)).name).toContain('Sudah ada 1');
    certificates.createHolder(world.verifier, { ...twin, namesake: 'yes' });
    expect(certificates.holders(world.verifier, {}).total).toBe(2);
    expect(refused(() => certificates.createHolder(world.verifier, { ...twin, namesake: 'yes' })).email).toContain(
      'sudah dipakai',
    );
  });

  test('who may not, may not', () => {
    const world = city();
    const id = holderRow(world, 'Sri Handayani');
    const officer = world.person('officer', { agencyId: agencyId(world, 'DISDIK') });
    for (const act of [
      () => certificates.createHolder(officer, newHolder),
      () => certificates.editHolder(officer, id, { name: 'X' }),
      () => certificates.moveHolder(officer, id, { agency: 'DINKES', from: '2026-01-01' }),
      () => certificates.leaveHolder(officer, id, { status: 'retired', since: '2026-01-01' }),
      () => certificates.returnHolder(officer, id, { agency: 'DINKES', from: '2026-01-01' }),
      () => certificates.mergeHolders(officer, id, { other: 'x', why: 'x' }),
    ]) {
      expect(act).toThrow('tidak memiliki hak');
    }
  });
});

describe('the life of a holder', () => {
  test('a new name keeps the old one: certificates under either are proposed', () => {
    const world = city();
    const id = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    certificates.editHolder(world.verifier, id, { name: 'Sri Handayani Putri, S.E.', nip: NIP, email: '' });
    expect(certificates.holder(world.verifier, id)).toMatchObject({
      titleAfter: 'S.E.',
      aliases: [{ name: 'Sri Handayani' }],
    });
    certificateRow(world, 'SRI HANDAYANI');
    certificateRow(world, 'SRI HANDAYANI PUTRI');
    expect(certificates.matchCounts(world.verifier)).toMatchObject({ proposals: 2, decisions: 0 });
  });

  test('a move is a dated position; the certificates go along from now, and old ownership stays', () => {
    const world = city();
    const id = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    certificateRow(world, 'SRI HANDAYANI');
    certificates.matchHolders(world.ctx());
    world.clock.advance(DAY);
    certificates.moveHolder(world.verifier, id, { agency: 'DINKES', title: 'Kepala Bidang', from: '2026-11-01' });
    expect(certificates.holder(world.verifier, id).positions.map((p) => [p.agencyCode, p.from, p.to])).toEqual([
      ['DINKES', '2026-11-01', null],
      ['DISDIK', '2020-01-01', '2026-10-31'],
    ]);
    expect(ownerships(world).map((o) => [o.agency === agencyId(world, 'DINKES'), o.to === null])).toEqual([
      [false, false],
      [true, true],
    ]);
    expectOneUnbrokenLine(world);
  });

  test.each([
    [{ agency: 'DINKES', from: '2026-12-31' }, 'from', 'belum tiba'],
    [{ agency: 'DINKES', from: '2020-01-01' }, 'from', 'baru dimulai'],
    [{ agency: 'DINKES', from: '' }, 'from', 'Isi tanggalnya'],
    [{ agency: 'X', from: '2026-01-01' }, 'agency', 'dari daftar'],
    [{ agency: 'DISDIK', title: 'Staf', from: '2026-01-01' }, 'title', 'Sama dengan'],
  ])('a move %j is refused', (said, field, words) => {
    const world = city();
    const id = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    expect(refused(() => certificates.moveHolder(world.verifier, id, said))[field]).toContain(words);
  });

  test('leaving ends the position and makes a usable certificate work; coming back takes a new one', () => {
    const world = city();
    const id = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    certificateRow(world, 'SRI HANDAYANI');
    certificates.matchHolders(world.ctx());
    certificates.leaveHolder(world.verifier, id, { status: 'left', since: '2026-11-01' });
    expect(certificates.holder(world.verifier, id)).toMatchObject({
      status: 'left',
      statusSince: '2026-11-01',
      positions: [{ to: '2026-11-01' }],
    });
    expect(certificates.tasks(world.ctx()).find((t) => t.kind === 'revocation')).toMatchObject({
      title: 'Ajukan pencabutan sertifikat Sri Handayani',
      about: 'Berhenti, Dinas Pendidikan',
    });
    expect(certificates.holders(world.verifier, { agency: 'DISDIK', status: 'leaver' }).total).toBe(1);
    expect(() => certificates.moveHolder(world.verifier, id, { agency: 'DINKES', from: '2026-11-02' })).toThrow(
      'tidak aktif',
    );
    certificates.returnHolder(world.verifier, id, { agency: 'DINKES', title: 'Staf', from: '2026-11-15' });
    expect(certificates.holder(world.verifier, id)).toMatchObject({ status: 'active', statusSince: null });
    expect(certificates.tasks(world.ctx()).some((t) => t.kind === 'revocation')).toBe(false);
    expectOneUnbrokenLine(world);
  });
});

describe('merging two records of one holder', () => {
  test('certificates, positions, names and number go over with their history, and nothing is lost', () => {
    const world = city();
    const keep = holderRow(world, 'Muhammad Rizky', {
      agency: 'DISDIK',
      since: '2024-01-01',
      email: 'r@batam.example',
    });
    const other = holderRow(world, 'Muh Rizky', { agency: 'DINKES', nip: NIP, titleAfter: 'S.Kom.' });
    const id = certificateRow(world, 'MUH RIZKY');
    certificates.matchHolders(world.ctx());
    world.clock.advance(1000);
    certificates.mergeHolders(world.verifier, keep, { other, why: 'NIP dan alamat rumah sama' });
    expect(certificates.holder(world.verifier, keep)).toMatchObject({
      nip: NIP,
      email: 'r@batam.example',
      titleAfter: 'S.Kom.',
      aliases: [{ name: 'Muh Rizky' }],
      absorbed: [{ id: other, name: 'Muh Rizky' }],
      certificateIds: [id],
    });
    expect(certificates.holder(world.verifier, keep).positions.map((p) => [p.agencyCode, p.to])).toEqual([
      ['DISDIK', null],
      ['DINKES', '2023-12-31'],
    ]);
    expect(ownerships(world).map((o) => o.holder)).toEqual([other, keep]);
    expect(certificates.holder(world.verifier, other)).toMatchObject({
      merge: { intoId: keep, why: 'NIP dan alamat rumah sama' },
    });
    expect(certificates.holders(world.verifier, {}).rows.map((row) => row.id)).toEqual([keep]);
    expectOneUnbrokenLine(world);
    certificateRow(world, 'MUH RIZKY');
    expect(certificates.matching(world.verifier).proposals.rows[0]!.holderId).toBe(keep);
    expect(() => certificates.mergeHolders(world.verifier, keep, { other, why: 'lagi' })).toThrow('sudah digabung');
  });

  test('two different NIP are a question; the wrong one stays on the old record, and a list with it finds the right person', async () => {
    const world = city();
    const keep = holderRow(world, 'Sri Handayani', { agency: 'DISDIK', nip: NIP });
    const other = holderRow(world, 'Sri Handayani', { agency: 'DISDIK', nip: OTHER_NIP });
    expect(refused(() => certificates.mergeHolders(world.verifier, keep, { other, why: 'x' })).nip).toContain(
      'NIP yang benar',
    );
    certificates.mergeHolders(world.verifier, keep, { other, nip: OTHER_NIP, why: 'salah ketik' });
    expect(certificates.holder(world.verifier, keep).nip).toBe(OTHER_NIP);
    expect(certificates.holder(world.verifier, other).nip).toBe(NIP);
    const sheet = `Nama,NIP,PD\nSri Handayani,${NIP},Disdik`;
    await certificates.importPersonnel(world.ctx(), { name: 'p.csv', bytes: Buffer.from(sheet) });
    expect(certificates.holders(world.verifier, {}).rows.map((row) => [row.id, row.nip])).toEqual([[keep, OTHER_NIP]]);
  });

  test('can be undone while nothing was built on it: both records stand as before, and the trail tells of both', () => {
    const world = city();
    const keep = holderRow(world, 'Muhammad Rizky', { agency: 'DISDIK', since: '2024-01-01', nip: OTHER_NIP });
    const other = holderRow(world, 'Muh Rizky', { agency: 'DINKES', nip: NIP, titleAfter: 'S.Kom.' });
    const id = certificateRow(world, 'MUH RIZKY');
    const own = certificateRow(world, 'MUHAMMAD RIZKY');
    certificates.matchHolders(world.ctx());
    const seen = () =>
      [keep, other].map((one) => {
        const { doubles: _, ...record } = certificates.holder(world.verifier, one);
        return { ...record, certificates: certificates.ofHolder(world.verifier, one).map((c) => [c.id, c.agencyCode]) };
      });
    const before = seen();
    world.clock.advance(1000);
    certificates.mergeHolders(world.verifier, keep, { other, nip: NIP, why: 'keliru' });
    expect(certificates.whyInseparable(world.verifier, other)).toBeNull();
    world.clock.advance(1000);
    expect(refused(() => certificates.separateHolders(world.verifier, other, { why: ' ' })).why).toContain('alasan');
    expect(() => certificates.separateHolders(world.person('auditor'), other, { why: 'x' })).toThrow('hak');
    certificates.separateHolders(world.verifier, other, { why: 'Ternyata dua orang' });
    expect(seen()).toEqual(before);
    expect(certificates.list(world.verifier, { holder: other }).rows.map((row) => row.id)).toEqual([id]);
    expect(certificates.list(world.verifier, { holder: keep }).rows.map((row) => row.id)).toEqual([own]);
    expectOneUnbrokenLine(world);
    expect(audit.list(world.ctx(), { limit: 2 }, () => 'Ani').map((entry) => entry.sentence)).toContainEqual(
      expect.stringContaining('memisahkan kembali dua catatan pemilik'),
    );
    expect(() => certificates.separateHolders(world.verifier, other, { why: 'lagi' })).toThrow('tidak digabung');
    // And once more, as if nothing had been.
    certificates.mergeHolders(world.verifier, keep, { other, nip: NIP, why: 'memang satu orang' });
    expect(certificates.holder(world.verifier, other).merge).toMatchObject({ intoId: keep });
  });

  test('cannot be undone once something was built on it, and says what has to go first', () => {
    const world = city();
    const keep = holderRow(world, 'Muhammad Rizky', { agency: 'DISDIK' });
    const other = holderRow(world, 'Muh Rizky', { agency: 'DINKES', nip: NIP });
    const third = holderRow(world, 'M Rizky');
    certificates.mergeHolders(world.verifier, keep, { other, why: 'satu orang' });
    const later = certificateRow(world, 'MUH RIZKY');
    certificates.matchHolders(world.ctx());
    expect(certificates.list(world.verifier, { holder: keep }).rows.map((row) => row.id)).toEqual([later]);
    expect(() => certificates.separateHolders(world.verifier, other, { why: 'keliru' })).toThrow('Pindahkan dahulu');
    certificates.assignHolder(world.verifier, later, { holderId: third });
    expect(certificates.whyInseparable(world.verifier, other)).toBeNull();
    certificates.mergeHolders(world.verifier, keep, { other: third, why: 'satu orang juga' });
    expect(certificates.whyInseparable(world.verifier, other)).toContain('penggabungan yang terakhir');
    certificates.separateHolders(world.verifier, third, { why: 'keliru' });
    world.clock.advance(DAY);
    certificates.moveHolder(world.verifier, keep, { agency: 'DINKES', title: 'Camat', from: '2026-11-23' });
    expect(certificates.whyInseparable(world.verifier, other)).toContain('sudah diubah');
  });

  test('no end is made up: a position of the same day lasts until today; the old record reads as before', () => {
    const world = city();
    const since = '2025-07-13';
    const keep = holderRow(world, 'Panji Anggraini', { agency: 'DISDIK', title: 'Staf', since, nip: NIP });
    const other = holderRow(world, 'Panji Anggraini', { agency: 'DINKES', title: 'Lurah', since, nip: OTHER_NIP });
    const id = certificateRow(world, 'PANJI ANGGRAINI');
    certificates.assignHolder(world.verifier, id, { holderId: other });
    certificates.mergeHolders(world.verifier, keep, { other, nip: NIP, why: 'NIP salah tulis' });
    const spans = (holder: { positions: { title: string; from: string; to: string | null }[] } | null) =>
      holder?.positions.map((p) => [p.title, p.from, p.to]).sort();
    expect(spans(certificates.holder(world.verifier, keep))).toEqual([
      ['Lurah', since, wibDate(NOW)],
      ['Staf', since, null],
    ]);
    const { stood } = certificates.holder(world.verifier, other);
    expect(spans(stood)).toEqual([['Lurah', since, null]]);
    expect(stood).toMatchObject({ nip: OTHER_NIP, certificates: 1 });
    expect(certificates.holder(world.verifier, keep).stood).toBeNull();
  });

  test('titles are not mixed, and the preview says what will be: name, number, positions', () => {
    const world = city();
    const keep = holderRow(world, 'Panji Anggraini', { titleAfter: 'S.T.', agency: 'DISDIK', since: '2024-01-01' });
    const other = holderRow(world, 'Panji Anggraini', { titleBefore: 'Dr.', nip: NIP, agency: 'DINKES' });
    const preview = certificates.mergePreview(world.verifier, keep, other);
    expect(preview).toMatchObject({ name: 'Panji Anggraini', titleBefore: '', titleAfter: 'S.T.', nip: NIP });
    expect(() => certificates.mergePreview(world.person('auditor'), keep, other)).toThrow('hak');
    certificates.mergeHolders(world.verifier, keep, { other, why: 'satu orang' });
    const { nip, titleBefore, titleAfter, positions } = certificates.holder(world.verifier, keep);
    expect({ ...preview, nip, titleBefore, titleAfter, positions }).toEqual(preview);
    expect(positions).toHaveLength(2);
  });

  test('namesakes with another NIP are other people: they may be compared, and nobody is asked to', () => {
    const world = city();
    const one = holderRow(world, 'Panji Anggraini', { nip: NIP });
    const two = holderRow(world, 'Panji Anggraini', { nip: OTHER_NIP });
    const three = holderRow(world, 'Panji Anggraini');
    const { doubles } = certificates.holder(world.verifier, one);
    expect(Object.fromEntries(doubles.map((row) => [row.id, row.stranger]))).toEqual({ [two]: true, [three]: false });
    expect(certificates.mergePreview(world.verifier, one, two)).toMatchObject({ split: true, nip: null });
  });

  test('what both records say alike is written once, and comes apart again', () => {
    const world = city();
    const keep = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
    const other = holderRow(world, 'Sri Handayani', { agency: 'DISDIK', nip: NIP });
    certificates.mergeHolders(world.verifier, keep, { other, why: 'satu orang' });
    expect(certificates.holder(world.verifier, keep).positions).toMatchObject([{ agencyCode: 'DISDIK', to: null }]);
    certificates.separateHolders(world.verifier, other, { why: 'dua orang' });
    expect(certificates.holder(world.verifier, other).positions).toMatchObject([{ agencyCode: 'DISDIK', to: null }]);
  });

  test('not with itself, not with another kind, not with nobody', () => {
    const world = city();
    const id = holderRow(world, 'Sri Handayani');
    const host = holderRow(world, 'sso.batam.example', { kind: 'system' });
    expect(refused(() => certificates.mergeHolders(world.verifier, id, { other: id, why: 'x' })).other).toContain(
      'yang sama',
    );
    expect(refused(() => certificates.mergeHolders(world.verifier, id, { other: host, why: 'x' })).other).toContain(
      'Jenis',
    );
    expect(() => certificates.mergeHolders(world.verifier, id, { other: 'x', why: 'x' })).toThrow('tidak ada');
  });
});

describe('the line of owners', () => {
  test('any row of acts leaves one unbroken line per certificate, with exactly one open end', () => {
    const world = city();
    let seed = 11;
    const dice = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
    const codes = ['DISDIK', 'DINKES', 'BPKAD'];
    const people = ['Sri', 'Joko', 'Dewi', 'Budi'].map((name) =>
      holderRow(world, `${name} Lestari`, { agency: codes[dice(3)]! }),
    );
    const ids = Array.from({ length: 6 }, (_, i) =>
      certificateRow(world, `ORANG ${i}`, i === 0 ? { notBefore: NOW + 10 * DAY } : i === 1 ? { notBefore: null } : {}),
    );
    for (let step = 0; step < 120; step++) {
      if (dice(3)) world.clock.advance(dice(5) * DAY);
      const id = ids[dice(ids.length)]!;
      const holderId = people[dice(people.length)]!;
      const act = dice(4);
      if (act === 0) certificates.transfer(world.verifier, id, { agency: codes[dice(3)]!, why: 'uji' });
      else if (act === 1) certificates.assignHolder(world.verifier, id, { holderId });
      else if (act === 2) {
        const owner = { holderId: dice(2) ? holderId : null, agencyId: agencyId(world, codes[dice(3)]!) };
        store.setOwner(world.db, id, owner, { from: NOW - 900 * DAY, why: 'uji', by: 'uji', now: world.clock.at });
      } else {
        try {
          certificates.moveHolder(world.verifier, holderId, {
            agency: codes[dice(3)]!,
            title: `T${step}`,
            from: '2026-11-22',
          });
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
      }
      expectOneUnbrokenLine(world);
    }
    expect(ownerships(world).length).toBeGreaterThan(60);
    expect(() =>
      world.db.$client
        .prepare('insert into ownership (id, certificate_id, "from", why, by) values (?, ?, 0, ?, ?)')
        .run('x', ownerships(world)[0]!.certificate, 'x', 'x'),
    ).toThrow('UNIQUE');
  });

  test('tidak dipakai lagi is a decision that can be taken back, once each', () => {
    const world = city();
    const id = certificateRow(world, 'SRI HANDAYANI');
    expect(refused(() => certificates.retire(world.verifier, id, { why: ' ' })).why).toContain('wajib');
    const keep = world.db.$client.prepare(
      "insert or ignore into certificate_census (id, taken_at, trail, rows) values (1, 0, 0, x'00')",
    );
    keep.run();
    certificates.retire(world.verifier, id, { why: 'sistem dimatikan' });
    // No page counts what it does not list.
    expect(certificates.countedAt(world.verifier)).toBeNull();
    certificates.retire(world.verifier, id, { why: 'sistem dimatikan' });
    expect(store.byId(world.db, id)!.retiredAt).toBe(world.clock.at);
    expect(certificates.matchCounts(world.verifier).waiting).toBe(0);
    certificates.reinstate(world.verifier, id);
    expect(store.events(world.db, id).map((event) => event.to)).toEqual(['current', 'retired']);
    expect(() => certificates.retire(world.person('auditor'), id, { why: 'x' })).toThrow('tidak memiliki hak');
  });
});

describe('the list of holders', () => {
  test('every order gives every holder once, and the choices count what they would show', () => {
    const world = city();
    for (let i = 0; i < 23; i++) {
      const leaver = i % 5 === 0;
      holderRow(world, `Orang ${String(i % 7)}`, {
        ...(i % 3 ? { agency: i % 2 ? 'DISDIK' : 'DINKES' } : {}),
        ...(leaver ? { status: 'retired', statusSince: '2026-01-01' } : {}),
        ...(i === 22 ? { kind: 'system' } : {}),
      });
    }
    for (const sort of certificates.HOLDER_SORTS) {
      for (const descending of [false, true]) {
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = certificates.holders(world.verifier, { sort, descending, after, limit: 4 });
          seen.push(...page.rows.map((row) => row.id));
          after = page.next ?? undefined;
        } while (after);
        expect(new Set(seen).size).toBe(23);
        expect(seen).toHaveLength(23);
      }
    }
    const { byStatus, byKind, byAgency, byCertificates } = certificates.holderChoices(world.verifier, {});
    expect(byStatus).toEqual({ active: 18, retired: 5 });
    expect(byKind).toEqual({ person: 22, system: 1 });
    expect(byCertificates).toEqual({ with: 0, without: 23, usable: 0 });
    for (const [code, n] of Object.entries(byAgency)) {
      expect(certificates.holders(world.verifier, { agency: code }).total).toBe(n);
    }
    expect(certificates.holders(world.verifier, { after: 'bukan kursor' }).rows).toHaveLength(23);
  });
});
