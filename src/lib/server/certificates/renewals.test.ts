import { describe, expect, test } from 'vitest';
import { agencyId, certificateRow, holderRow } from '#tests/support/holdings.ts';
import { makeWorld, NOW } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { DAY } from '../calendar.ts';
import { noticeText } from './renewal-guide.ts';
import { compare, doubts, gapDays, type Side } from './renewal-pair.ts';
import * as certificates from './index.ts';

const side = (more: Partial<Side> = {}): Side => ({
  commonName: 'SRI HANDAYANI',
  subject: 'CN=SRI HANDAYANI,O=Pemerintah Kota Batam,C=ID',
  issuer: 'CN=BSRE CA DS G1',
  notBefore: NOW - 700 * DAY,
  notAfter: NOW + 30 * DAY,
  keySha256: 'a'.repeat(64),
  keyAlgorithm: 'RSA',
  keyBits: 2048,
  signatureAlgorithm: 'sha256WithRSAEncryption',
  keyUsage: ['digitalSignature', 'nonRepudiation'],
  eku: ['1.2.840.113583.1.1.5'],
  policies: ['2.16.360.1.1.1.3.11.2.0.1'],
  san: [],
  crlUrls: [],
  ocspUrls: [],
  ...more,
});
const renewed = (more: Partial<Side> = {}) =>
  side({ notBefore: NOW, notAfter: NOW + 730 * DAY, keySha256: 'b'.repeat(64), ...more });

describe('two certificates side by side', () => {
  test.each<[string, Partial<Side>, Partial<Side>, string[]]>([
    ['an ordinary renewal raises no doubt', {}, {}, []],
    ['another issuer is shown, not doubted', {}, { issuer: 'CN=Lain' }, []],
    ['titles and capitals are no other name', {}, { commonName: 'Dr. Sri Handayani, M.Pd.' }, []],
    ['another name', {}, { commonName: 'SRI LESTARI' }, ['Nama pada kedua sertifikat berbeda.']],
    ['the same key', {}, { keySha256: 'a'.repeat(64) }, ['Kunci publik sama: kunci privat yang lama dipakai terus.']],
    ['a shorter key', { keyBits: 3072 }, {}, ['Kunci yang baru lebih pendek: 2048 bit.']],
    ['another algorithm with fewer bits is no shorter key', {}, { keyAlgorithm: 'EC', keyBits: 256 }, []],
    ['a gap', { notAfter: NOW - 10 * DAY }, {}, ['Ada jeda 10 hari tanpa sertifikat yang berlaku.']],
    ['an hour between them is no gap', { notAfter: NOW - 3_600_000 }, {}, []],
    [
      'a lost host name',
      { san: ['dns:a.example', 'dns:b.example'] },
      { san: ['dns:b.example', 'dns:c.example'] },
      ['Nama tidak ada lagi pada yang baru: dns:a.example.'],
    ],
    [
      'a lost key usage',
      {},
      { keyUsage: ['digitalSignature'] },
      ['Kegunaan kunci tidak ada lagi pada yang baru: nirsangkal.'],
    ],
    [
      'facts that are not known raise nothing',
      { keySha256: null, keyUsage: null, eku: null },
      { keyUsage: null, eku: null },
      [],
    ],
  ])('%s', (_, older, newer, expected) => expect(doubts(side(older), renewed(newer))).toEqual(expected));

  test('every row says both values and whether they are the same', () => {
    const rows = compare(side(), renewed());
    expect(rows.find((row) => row.label === 'Penerbit')).toEqual({
      label: 'Penerbit',
      older: 'CN=BSRE CA DS G1',
      newer: 'CN=BSRE CA DS G1',
      same: true,
    });
    expect(rows.find((row) => row.label === 'Kunci')?.same).toBe(false);
    expect(gapDays(side(), renewed())).toBe(-30);
    expect(gapDays(side({ notAfter: null }), renewed())).toBeNull();
  });
});

function city() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const holder = holderRow(world, 'Sri Handayani', { agency: 'DISDIK' });
  const own = { holderId: holder, agencyId: agencyId(world, 'DISDIK') };
  const ending = (days: number, more = {}) =>
    certificateRow(world, 'SRI HANDAYANI', { ...own, notBefore: NOW - 700 * DAY, notAfter: NOW + days * DAY, ...more });
  return Object.assign(world, { verifier: world.person('verifier'), holder, own, ending });
}

describe('the work-list of renewals', () => {
  test.each<[string, number, object, (string | number)[]]>([
    ['ends in 20 days', 20, {}, [30, 60, 90]],
    ['ends in 75 days', 75, {}, [90]],
    ['ends in 91 days', 91, {}, []],
    ['ended yesterday', -1, {}, ['ended']],
    ['ended 31 days ago', -31, {}, []],
    ['was revoked', 20, { revocation: 'revoked' }, []],
    ['was revoked before it ended', -1, { revocation: 'revoked' }, []],
    ['is not used any more', 20, { retiredAt: NOW }, []],
    ['is archived', 20, { archivedAt: NOW }, []],
    ['has a successor', 20, { supersededById: 'x' }, []],
  ])('one that %s', (_, days, more, windows) => {
    const world = city();
    world.ending(days, more);
    const { windows: counts } = certificates.renewals(world.verifier, { within: 30 });
    expect(
      Object.entries(counts)
        .filter(([, n]) => n)
        .map(([key]) => key),
    ).toEqual(windows.map(String));
  });

  test('its numbers are those of the list of certificates, and each row says how it stands', () => {
    const world = city();
    const waits = world.ending(20);
    certificateRow(world, 'SRI HANDAYANI', { ...world.own, fileless: true, use: 'email', notAfter: NOW + 800 * DAY });
    const recorded = world.ending(25, { use: 'email' });
    const found = certificates.renewals(world.verifier, { within: 30 });
    expect(found.rows.map((row) => [row.id, row.state])).toEqual([
      [waits, 'none'],
      [recorded, 'recorded'],
    ]);
    expect(found.byState).toEqual({ none: 1, recorded: 1 });
    const listed = certificates.counts(world.verifier, { expiring: 30, withoutSuccessor: true });
    expect(Object.values(listed).reduce((sum, n) => sum + n, 0)).toBe(found.total);
  });

  test('an officer sees own agency only; an export stands in the trail', () => {
    const world = city();
    world.ending(20);
    const officer = world.person('officer', { agencyId: agencyId(world, 'DINKES') });
    expect(certificates.renewals(officer, { within: 90 }).total).toBe(0);
    expect(certificates.exportRenewals(world.verifier, { within: 90 }, 'csv')).toHaveLength(1);
    expect(() => certificates.renewals(world.person('leader'), { within: 90 })).toThrow('tidak memiliki hak');
  });

  test('pages give each row once, agency by agency', () => {
    const world = city();
    for (let i = 0; i < 120; i++) world.ending(1 + (i % 29), i % 2 ? { agencyId: agencyId(world, 'DINKES') } : {});
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = certificates.renewals(world.verifier, { within: 30 }, after);
      seen.push(...page.rows.map((row) => row.id));
      if (!page.next) break;
      after = page.next;
    }
    expect(new Set(seen).size).toBe(120);
    expect(seen).toHaveLength(120);
  });

  test('the text for an officer names each certificate and what to do', () => {
    const text = noticeText(
      'Dinas Pendidikan',
      [{ name: 'Sri Handayani', use: 'signature', notAfter: NOW + DAY }],
      NOW,
    );
    expect(text).toContain('1. Sri Handayani (tanda tangan elektronik), berlaku sampai 23 November 2026');
    expect(text).toContain('perpanjangan mandiri');
  });
});

describe('a proposed successor', () => {
  const pair = () => {
    const world = city();
    const older = world.ending(20);
    const newer = certificateRow(world, 'SRI HANDAYANI', { ...world.own, notBefore: NOW - DAY });
    certificates.refreshRecords(world.ctx());
    return { world, older, newer };
  };
  const labelOf = (world: ReturnType<typeof city>, id: string) =>
    certificates.list(world.verifier, { holder: world.holder }).rows.find((row) => row.id === id)!.label;

  test('counts until it is rejected; a rejected pair is never proposed again and the label follows', () => {
    const { world, older, newer } = pair();
    expect(labelOf(world, older)).toBe('superseded');
    expect(certificates.renewals(world.verifier, { within: 30 }).total).toBe(0);
    expect(() => certificates.decideRenewal(world.verifier, older, newer, { decision: 'rejected' })).toThrow(
      'Belum disimpan',
    );
    certificates.decideRenewal(world.verifier, older, newer, { decision: 'rejected', why: 'milik kembarannya' });
    certificates.refreshRecords(world.ctx());
    expect(labelOf(world, older)).toBe('expiring');
    expect(certificates.renewals(world.verifier, { within: 30 }).rows).toMatchObject([
      { id: older, state: 'rejected' },
    ]);
    expect(certificates.renewalPairs(world.verifier, 'rejected').counts).toEqual({
      doubtful: 0,
      clear: 0,
      confirmed: 0,
      rejected: 1,
    });
    expect(certificates.isConfirmedRenewal(world.verifier, older, newer)).toBe(false);
    certificates.decideRenewal(world.verifier, older, newer, { decision: 'confirmed' });
    expect(certificates.isConfirmedRenewal(world.verifier, older, newer)).toBe(true);
    expect(labelOf(world, older)).toBe('superseded');
    expect(certificates.renewalPair(world.verifier, older, newer).decisions.map((d) => d.decision)).toEqual([
      'confirmed',
      'rejected',
    ]);
  });

  test('that is revoked succeeds nobody from that moment, also where no owner is known', () => {
    const world = city();
    const older = certificateRow(world, 'JOKO SUSILO', { notAfter: NOW + 20 * DAY });
    const newer = certificateRow(world, 'JOKO SUSILO', { notBefore: NOW - DAY });
    certificates.refreshRecords(world.ctx());
    const successor = () =>
      world.db.$client.prepare('select superseded_by_id from certificate where id = ?').pluck().get(older);
    expect(successor()).toBe(newer);
    certificates.recordStatus(world.ctx(), newer, {
      revocation: 'revoked',
      reason: 1,
      revokedAt: NOW - 1000,
      source: 'crl',
      evidenceId: null,
    });
    expect(successor()).toBeNull();
  });

  test('one that a person confirmed stays, also when a newer one comes', () => {
    const { world, older, newer } = pair();
    certificates.decideRenewal(world.verifier, older, newer, { decision: 'confirmed' });
    certificateRow(world, 'SRI HANDAYANI', { ...world.own, notBefore: NOW });
    certificates.refreshRecords(world.ctx());
    expect(certificates.renewalPair(world.verifier, older, newer).current).toBe(true);
  });

  test('a doubtful pair waits for a person, an ordinary one does not', () => {
    const world = city();
    const key = 'c'.repeat(64);
    const older = world.ending(20, { keySha256: key });
    const newer = certificateRow(world, 'SRI HANDAYANI', { ...world.own, notBefore: NOW - DAY, keySha256: key });
    certificates.refreshRecords(world.ctx());
    const found = certificates.renewalPairs(world.verifier, 'doubtful');
    expect(found.rows).toMatchObject([
      { older: { id: older }, newer: { id: newer }, why: [expect.stringContaining('Kunci publik sama')] },
    ]);
    certificates.decideRenewal(world.verifier, older, newer, { decision: 'confirmed', why: 'kartu yang sama' });
    expect(certificates.renewalPairs(world.verifier, 'doubtful').counts).toMatchObject({ doubtful: 0, confirmed: 1 });
  });

  test.each<[object, object]>([
    [{ keySha256: 'c'.repeat(64) }, { keySha256: 'c'.repeat(64) }],
    [{ commonName: 'SRI LESTARI' }, {}],
    [
      { keyAlgorithm: 'RSA', keyBits: 4096 },
      { keyAlgorithm: 'RSA', keyBits: 2048 },
    ],
    [{ notAfter: NOW - 10 * DAY }, { notBefore: NOW - 2 * DAY }],
    [{ keyUsage: ['digitalSignature', 'nonRepudiation'] }, { keyUsage: ['digitalSignature'] }],
    [{ eku: ['1.2.3'] }, { eku: [] }],
    [{ san: ['dns:a.example'] }, { san: ['dns:b.example'] }],
  ])('every doubt of the comparison is found among thousands: %j, %j', (before, after) => {
    const world = city();
    const older = world.ending(20, before);
    certificateRow(world, 'SRI HANDAYANI', { ...world.own, notBefore: NOW - DAY, ...after });
    certificates.refreshRecords(world.ctx());
    expect(certificates.renewalPairs(world.verifier, 'doubtful').rows.map((row) => row.older.id)).toEqual([older]);
    expect(certificates.tasks(world.verifier).find((t) => t.key === 'certificates:renewals')?.title).toContain(
      '1 usulan',
    );
  });

  test('two certificates that are not old and new of one holder are no pair; who may not, may not decide', () => {
    const { world, older, newer } = pair();
    const other = certificateRow(world, 'JOKO SUSILO');
    for (const [a, b] of [
      [newer, older],
      [older, other],
      [older, older],
      [older, 'x'],
    ] as const) {
      expect(() => certificates.renewalPair(world.verifier, a, b)).toThrow();
    }
    expect(() => certificates.decideRenewal(world.person('auditor'), older, newer, { decision: 'confirmed' })).toThrow(
      'tidak memiliki hak',
    );
  });
});
