import { describe, expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import { capital, midSentence } from '#lib/format.ts';
import { certificateLabels, type CertificateLabel } from '#lib/terms.ts';
import { DAY, HOUR } from '../calendar.ts';
import { newId } from '../db/index.ts';
import {
  endsWithin,
  isEnding,
  isInUse,
  isUsable,
  labelGroups,
  labelOf,
  NO_EXPIRY,
  timeFacet,
  USABLE,
  type Facets,
} from './label.ts';
import { endingSql, endsWithinSql, inUseSql, labelSql, usableSql } from './label-sql.ts';
import { labelIn } from './label-where.ts';
import { certificate, certificateDer } from './schema.ts';
import { evidenceFreshness } from './schema-judged.ts';
import { sentenceOf } from './sentence.ts';

const policy = { expiringDays: 60, unheard: new Set(['silent']) };
const good: Facets = {
  fingerprint: 'f',
  notBefore: NOW - 100 * DAY,
  notAfter: NOW + 200 * DAY,
  chain: 'anchored',
  revocation: 'good',
  confirmedAt: NOW - HOUR,
  nextUpdate: NOW + DAY,
  freshUntil: NOW + HOUR,
  authorityId: 'heard',
  supersededById: null,
};
const label = (change: Partial<Facets>) => labelOf({ ...good, ...change }, NOW, policy);

describe('the label of a certificate', () => {
  test('valid needs an anchored chain, the validity period, good or released or not applicable, and fresh evidence', () => {
    expect(label({})).toBe('valid');
    expect(label({ revocation: 'released' })).toBe('valid');
    expect(label({ revocation: 'not_applicable', confirmedAt: null, freshUntil: null })).toBe('valid');
    expect(label({ chain: 'untrusted' })).toBe('untrusted');
    expect(label({ chain: 'incomplete' })).toBe('incomplete');
    expect(label({ chain: 'ca_not_yet_valid' })).toBe('invalid_path');
    expect(label({ confirmedAt: null, freshUntil: null, nextUpdate: null })).toBe('never_checked');
    expect(label({ freshUntil: NOW - 1 })).toBe('ageing');
    expect(label({ freshUntil: NOW - 1, nextUpdate: NOW - 1 })).toBe('stale');
    expect(label({ freshUntil: null, nextUpdate: null })).toBe('stale');
    expect(label({ revocation: 'undetermined' })).toBe('undetermined');
    expect(label({ revocation: 'undetermined', confirmedAt: null })).toBe('never_checked');
    expect(label({ revocation: 'unknown', confirmedAt: null })).toBe('unknown');
    expect(label({ revocation: 'not_checkable', confirmedAt: null })).toBe('not_checkable');
  });

  test('of whose issuer nothing fresh is known is to be checked again, whatever its own evidence says', () => {
    const silent = { authorityId: 'silent' };
    for (const own of [{}, { supersededById: 'x' }, { notAfter: NOW + DAY }, { revocation: 'not_applicable' as const }])
      expect(label({ ...silent, ...own })).toBe('stale');
    expect(label({ ...silent, revocation: 'revoked' })).toBe('revoked');
    expect(label({ ...silent, notAfter: NOW - 1 })).toBe('expired');
    expect(label({ ...silent, freshUntil: NOW - 1 })).toBe('ageing');
    expect(label({ authorityId: null })).toBe('valid');
    const row = { ...good, use: 'signature' as const, revocationReason: null, revokedAt: null, revocationSeenAt: null };
    const said = sentenceOf({ ...row, revocationSource: 'crl', chainRule: null }, 'stale', NOW).sentence;
    expect(said).toContain('penerbitnya tidak dicabut');
  });

  test('validity includes both ends, to the millisecond', () => {
    expect(label({ notAfter: NOW })).toBe('expiring');
    expect(label({ notAfter: NOW - 1 })).toBe('expired');
    expect(label({ notBefore: NOW })).toBe('valid');
    expect(label({ notBefore: NOW + 1 })).toBe('not_yet_valid');
    expect(label({ notAfter: NOW + 60 * DAY })).toBe('expiring');
    expect(label({ notAfter: NOW + 60 * DAY + 1 })).toBe('valid');
    expect(timeFacet({ notBefore: 0, notAfter: NO_EXPIRY }, NOW)).toBe('no_expiry');
  });

  test('what is worse comes first: forged, revoked, issuer revoked, on hold, expired', () => {
    const expired = { notAfter: NOW - DAY };
    expect(label({ ...expired, revocation: 'revoked' })).toBe('revoked');
    expect(label({ ...expired, revocation: 'revoked', chain: 'bad_signature' })).toBe('bad_signature');
    expect(label({ ...expired, chain: 'ca_revoked' })).toBe('ca_revoked');
    expect(label({ ...expired, revocation: 'on_hold' })).toBe('on_hold');
    expect(label({ ...expired, chain: 'untrusted', revocation: 'conflict' })).toBe('expired');
    expect(label({ revocation: 'conflict', chain: 'untrusted' })).toBe('conflict');
    expect(label({ supersededById: 'x', notAfter: NOW + DAY })).toBe('superseded');
  });

  test('data saja is never more than that, but verified evidence shows it revoked and its dates show it expired', () => {
    expect(label({ fingerprint: null, chain: 'incomplete' })).toBe('data_only');
    expect(label({ fingerprint: null, revocation: 'revoked' })).toBe('revoked');
    expect(label({ fingerprint: null, notAfter: NOW - 1 })).toBe('expired');
    expect(label({ fingerprint: null, notAfter: null, notBefore: null, confirmedAt: null })).toBe('data_only');
  });

  test('every label stands in one tab; only what is about to end has a tab of its own besides', () => {
    const { expiring, ...others } = labelGroups;
    const inTabs = Object.values(others).flat() as CertificateLabel[];
    expect([...inTabs].sort()).toEqual(Object.keys(certificateLabels).sort());
    expect(labelGroups.in_force).toEqual(expect.arrayContaining([...expiring]));
  });

  test('what is broken or contradicts itself is for somebody to look at: it stands under "Perlu diperiksa"', () => {
    expect(labelGroups.recheck).toEqual(expect.arrayContaining(['invalid_path', 'bad_signature', 'conflict']));
  });

  test('SQL and the pure function agree on every combination of facets and edges of time', () => {
    const world = makeWorld();
    const chains = [
      'anchored',
      'incomplete',
      'untrusted',
      'bad_signature',
      'ca_revoked',
      'ca_expired',
      'ca_not_yet_valid',
      'invalid_path',
    ] as const;
    const revocations = [
      'good',
      'revoked',
      'on_hold',
      'released',
      'unknown',
      'undetermined',
      'not_checkable',
      'not_applicable',
      'conflict',
    ] as const;
    const random = seeded(20261122);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
    const instants = [null, NOW - DAY, NOW - 1, NOW, NOW + 1, NOW + DAY, NOW + 60 * DAY, NOW + 60 * DAY + 1];
    const rows: (Facets & { retiredAt: number | null })[] = [];
    world.db.$client.pragma('foreign_keys = off');
    const confirmed = { before: NOW - DAY, now: NOW, after: NOW + DAY };
    for (const [id, freshUntil] of Object.entries(confirmed))
      world.db
        .insert(evidenceFreshness)
        .values({ evidenceId: id, confirmedAt: NOW - HOUR, freshUntil })
        .run();
    world.db.transaction((tx) => {
      for (let i = 0; i < 3000; i++) {
        const fingerprint = random() < 0.85 ? `f${i}` : null;
        const confirmedAt = pick([null, NOW - DAY, NOW]);
        const row = {
          retiredAt: random() < 0.2 ? NOW : null,
          fingerprint,
          notBefore: pick(instants),
          notAfter: pick([...instants, NO_EXPIRY]),
          chain: chains[i % chains.length]!,
          revocation: pick(revocations),
          confirmedAt,
          nextUpdate: pick(instants),
          // Both come with the first evidence.
          freshUntil: confirmedAt === null ? null : pick(instants.filter((one) => one !== null)),
          authorityId: pick(['heard', 'silent', null]),
          supersededById: random() < 0.2 ? 'other' : null,
        };
        // Of an object that was confirmed again the facts hold that came with it.
        const evidenceId = pick([null, 'other', 'before', 'now', 'after'] as const);
        const since = row.freshUntil !== null && evidenceId && evidenceId !== 'other' ? confirmed[evidenceId] : null;
        rows.push(since === null ? row : { ...row, freshUntil: Math.max(row.freshUntil!, since) });
        if (fingerprint)
          tx.insert(certificateDer)
            .values({ fingerprint, der: Buffer.alloc(1), storedAt: NOW })
            .run();
        tx.insert(certificate)
          .values({
            id: newId(NOW),
            ...row,
            evidenceId,
            issuer: '',
            subject: String(i),
            commonName: '',
            use: 'signature',
            source: 'file',
            addedAt: NOW,
            updatedAt: NOW,
          })
          .run();
      }
    });
    const said = world.db.$client
      .prepare(
        `select subject, ${labelSql(NOW, policy, 'c')} as label, ${usableSql(NOW, 'c')} as usable, ${inUseSql(NOW, 'c')} as inUse,
           coalesce(${endsWithinSql(NOW, 30, 'c')}, 0) as within, coalesce(${endingSql(NOW, 30, 'c')}, 0) as ending
           from certificate c`,
      )
      .all() as {
      subject: string;
      label: CertificateLabel;
      usable: 0 | 1;
      inUse: 0 | 1;
      within: 0 | 1;
      ending: 0 | 1;
    }[];
    const wrong = said.filter((row) => {
      const facets = rows[Number(row.subject)]!;
      const of = { ...facets, retired: facets.retiredAt !== null, successor: facets.supersededById !== null };
      return (
        row.label !== labelOf(facets, NOW, policy) ||
        (row.usable === 1) !== isUsable(facets, NOW) ||
        (row.usable === 1) !== USABLE.includes(row.label) ||
        (row.inUse === 1) !== isInUse(of, NOW) ||
        (row.within === 1) !== endsWithin(of, NOW, 30) ||
        (row.ending === 1) !== isEnding(of, NOW, 30)
      );
    });
    expect(said.filter((row) => row.ending).length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
    const shown = (one: CertificateLabel) =>
      world.db.$client
        .prepare(`select subject from certificate c where ${labelIn([one], NOW, policy)}`)
        .pluck()
        .all();
    for (const one of Object.keys(certificateLabels) as CertificateLabel[]) {
      const labelled = said.filter(({ label }) => label === one).map(({ subject }) => subject);
      expect([one, shown(one).sort()]).toEqual([one, labelled.sort()]);
    }
    expect(new Set(said.map((row) => row.label)).size).toBeGreaterThan(18);
  });

  test('every label explains itself in a sentence, with its evidence', () => {
    const row = {
      ...good,
      use: 'signature' as const,
      revocationReason: 1,
      revokedAt: NOW - DAY,
      revocationSeenAt: NOW - HOUR,
      revocationSource: 'crl' as const,
      chainRule: null,
    };
    for (const one of Object.keys(certificateLabels) as CertificateLabel[]) {
      expect(sentenceOf(row, one, NOW).sentence).toMatch(/^[A-Z].*\.$/);
    }
    const server = sentenceOf({ ...row, use: 'tls_server', notAfter: NOW - 1 }, 'expired', NOW).sentence;
    expect(server).toMatch(/Tidak dapat dipakai lagi\.$/);
    expect(sentenceOf({ ...row, notAfter: NOW - 1 }, 'expired', NOW).sentence).toMatch(/menandatangani lagi\.$/);
    expect(sentenceOf(row, 'not_checkable', NOW).next?.act).toBe('evidence');
    expect(sentenceOf(row, 'expiring', NOW).next!.text).toContain('portal BSrE');
    for (const use of ['tls_server', 'tls_client'] as const) {
      const next = sentenceOf({ ...row, use }, 'expiring', NOW).next!;
      expect(`${next.title} ${next.text}`).toMatch(/^Ajukan sertifikat server .*CSR/);
      expect(`${next.title} ${next.text}`).not.toContain('BSrE');
    }
    // Evidence may be older than the end, or come only after it.
    const ended = { ...row, revocation: 'revoked' as const, notAfter: NOW - DAY };
    const evidence = (confirmedAt: number) => sentenceOf({ ...ended, confirmedAt }, 'revoked', NOW).evidence;
    expect(evidence(NOW - 2 * DAY)).toContain('bukti terakhir sebelum masa berlaku habis');
    expect(evidence(NOW - HOUR)).toContain('baru diperoleh setelah masa berlakunya habis');
    const revoked = sentenceOf({ ...row, revocation: 'revoked', notAfter: NOW - 1 }, 'revoked', NOW);
    expect(revoked.word).toBe('Dicabut (dan kedaluwarsa)');
    expect(revoked.sentence).toContain('kunci privat bocor atau hilang');
    expect(sentenceOf(row, 'valid', NOW).evidence).toBe(
      'Tidak dicabut menurut CRL yang ditandatangani penerbitnya. Diperiksa 22 November 2026 pukul 13.05 WIB (sumber: CRL). Bukti ini cukup baru sampai 22 November 2026 pukul 15.05 WIB.',
    );
  });
});

test('a label inside a sentence starts small, an abbreviation keeps its capitals; at its head it starts large', () => {
  expect(midSentence('Tanda tangan elektronik')).toBe('tanda tangan elektronik');
  expect(midSentence('SSL server')).toBe('SSL server');
  expect(midSentence('')).toBe('');
  expect(['sertifikat Anda', 'SSL server', ''].map(capital)).toEqual(['Sertifikat Anda', 'SSL server', '']);
});

/** Mulberry32: a small repeatable generator, so that a failure can be run again. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
