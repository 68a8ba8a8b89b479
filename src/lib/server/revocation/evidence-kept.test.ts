import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { DAY, HOUR, wibDate } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import * as files from '../files/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';
import { Issuers } from './issuers.ts';
import { thinnable, type Kept } from './keeping.ts';
import { takeList } from './taking.ts';

const NOTHING = { evidenceIds: [], instants: [] };

describe('which objects keep their bytes', () => {
  const hourly = (days: number, now: number): Kept[] =>
    Array.from({ length: days * 24 }, (_, i) => ({
      id: String(i),
      group: 'a',
      acceptedAt: now - days * DAY + i * HOUR,
      needed: false,
    }));

  test('one a day for 90 days, one a month before, and everything of today', () => {
    const now = NOW;
    const rows = hourly(200, now);
    const gone = new Set(thinnable(rows, now));
    const kept = rows.filter(({ id }) => !gone.has(id));
    const old = kept.filter(({ acceptedAt }) => acceptedAt < now - 91 * DAY);
    const days = kept.filter(({ acceptedAt }) => acceptedAt >= now - 89 * DAY && wibDate(acceptedAt) < wibDate(now));
    expect(new Set(old.map((row) => wibDate(row.acceptedAt).slice(0, 7))).size).toBe(old.length);
    expect(new Set(days.map((row) => wibDate(row.acceptedAt))).size).toBe(days.length);
    expect(days.length).toBeGreaterThanOrEqual(88);
    expect(kept.filter(({ acceptedAt }) => wibDate(acceptedAt) === wibDate(now)).length).toBeGreaterThan(1);
  });

  test('what is needed stays whatever its age, and thinning day by day ends like thinning once', () => {
    const rows = hourly(120, NOW).map((row, i) => (i % 500 === 7 ? { ...row, needed: true } : row));
    const once = new Set(thinnable(rows, NOW));
    let left = rows;
    for (let day = -120; day <= 0; day++) {
      const now = NOW + day * DAY;
      const came = left.filter(({ acceptedAt }) => acceptedAt <= now);
      const gone = new Set(thinnable(came, now));
      left = left.filter(({ id }) => !gone.has(id));
    }
    expect(left.map(({ id }) => id)).toEqual(rows.filter(({ id }) => !once.has(id)).map(({ id }) => id));
    for (const row of rows.filter(({ needed }) => needed)) expect(left).toContain(row);
  });
});

/** Four months of lists that come every twelve hours, with holds, releases, revocations and an early removal on the way. */
async function months() {
  const made = await office(['4a01', '4a02', '4a03', '4a04']);
  const { world, ctx, net, sweep } = made;
  const filler = Array.from({ length: 120 }, (_, i) => entry(`7f${(i + 256).toString(16)}`));
  await sweep();
  for (let step = 1; step <= 240; step++) {
    world.clock.advance(12 * HOUR);
    const listed = [
      ...(step >= 50 ? [entry('4a02', { revokedAt: NOW + 20 * DAY })] : []),
      ...(step >= 70 && step < 80 ? [entry('4a03', { reason: 6 })] : []),
      ...(step >= 100 && step < 120 ? [entry('4a04', { reason: 4 })] : []),
    ];
    net.pages.set(urls.crl, list(world, [...filler, ...listed]));
    await revocation.sweep(ctx, { outbound: net.outbound });
  }
  return made;
}

describe('months of evidence', () => {
  test('are thinned, and every state still follows from what is kept', { timeout: 120_000 }, async () => {
    const { world, ctx, ids, state } = await months();
    const count = (sql: string) => connection(world.db).prepare(sql).pluck().get() as number;
    const stored = () =>
      readdirSync(path.join(world.dir, 'files'), { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
        .length;
    expect([state('4a02').revocation, state('4a03').revocation, state('4a04').revocation]).toEqual([
      'revoked',
      'released',
      'revoked',
    ]);
    const told = count('select count(*) from status_event');
    expect(await revocation.rederiveAll(ctx)).toEqual({ derived: 4, differences: [] });
    const before = stored();
    const result = await revocation.thinEvidence(ctx, NOTHING);
    expect(result.thinned).toBeGreaterThan(120);
    expect(stored()).toBeLessThan(before - 120);
    // What a change rests on still has its bytes.
    const resting = connection(world.db).prepare('select distinct evidence_id from status_event').pluck().all();
    for (const id of resting) expect(() => revocation.download(world.person('auditor'), id as string)).not.toThrow();
    expect(await revocation.rederiveAll(ctx)).toEqual({ derived: 4, differences: [] });
    for (const id of ids) expect(revocation.rederive(ctx, id)).toMatchObject({ equal: true });
    expect(count('select count(*) from status_event')).toBe(told);
    // Twice changes nothing; packed lists are read like plain ones.
    expect(await revocation.thinEvidence(ctx, NOTHING)).toMatchObject({ thinned: 0 });
    expect(result.packed).toBeGreaterThan(0);
    expect(revocation.diskForecast(world.person('auditor'))).toMatchObject({ thinnedCount: result.thinned });
    // Sweeping goes on as if nothing had been.
    world.clock.advance(HOUR);
    expect(files.sweepOrphans(ctx)).toBe(0);
  });

  test('a thinned object says what it was, and its bytes are no longer handed out', { timeout: 120_000 }, async () => {
    const { world, ctx } = await months();
    // Taken over by another process in the middle, and gone on with by it.
    let transactions = 0;
    const fence = () => {
      if (++transactions > 40) throw new Error('diambil alih');
    };
    await expect(revocation.thinEvidence({ ...ctx, fence }, NOTHING)).rejects.toThrow('diambil alih');
    await revocation.thinEvidence(ctx, NOTHING);
    expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
    const { id } = connection(world.db)
      .prepare(
        `select t.evidence_id as id from revocation_thinned t join revocation_evidence e on e.id = t.evidence_id
          where t.found like '%4a02%' limit 1`,
      )
      .get() as { id: string };
    expect(() => revocation.download(world.person('auditor'), id)).toThrow('diringkas');
    const row = connection(world.db).prepare('select * from revocation_evidence where id = ?').get(id) as {
      sha256: string;
    };
    const place = path.join(world.dir, 'files', row.sha256.slice(0, 2), row.sha256.slice(2, 4), row.sha256);
    expect(existsSync(place) || existsSync(`${place}.gz`)).toBe(false);
  });

  test('what a frozen report or an incident stands on is never thinned', { timeout: 120_000 }, async () => {
    const { world, ctx } = await months();
    const instant = NOW + 33 * DAY + 13 * HOUR;
    const stood = connection(world.db)
      .prepare(
        "select id from revocation_evidence where kind = 'crl' and source_id = (select id from revocation_source where url = ?) and accepted_at <= ? order by rowid desc limit 1",
      )
      .pluck()
      .get(urls.crl, instant) as string;
    const pointed = connection(world.db)
      .prepare('select id from revocation_evidence order by rowid limit 1 offset 77')
      .pluck()
      .get() as string;
    await revocation.thinEvidence(ctx, { evidenceIds: [pointed], instants: [instant] });
    const auditor = world.person('auditor');
    for (const id of [stood, pointed]) expect(revocation.download(auditor, id).bytes.length).toBeGreaterThan(0);
  });
});

test('a thinned answer still says what it answered', async () => {
  const { world, ctx, idOf } = await office(['4a01'], { extensions: { crlUrls: null } });
  const carry = (status: ca.OcspAnswer['status']) => {
    const at = world.clock.at - 1000;
    const answers = [{ id: ca.certId(issuer, '4a01'), status, thisUpdate: at }];
    const bytes = ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
    return revocation.addEvidence(ctx, { name: 'a.ors', bytes });
  };
  // The first changed the state and stays; of the others one a day does.
  for (let hour = 0; hour < 4; hour++) {
    await carry('good');
    world.clock.advance(HOUR);
  }
  world.clock.advance(120 * DAY);
  expect((await revocation.thinEvidence(ctx, NOTHING)).thinned).toBeGreaterThan(0);
  const thinned = connection(world.db).prepare('select evidence_id from revocation_thinned').pluck().get() as string;
  expect(revocation.evidence(ctx, thinned)).toMatchObject({
    certificateId: idOf('4a01'),
    said: { status: 'good' },
    facts: [],
    missing: null,
  });
  const whole = revocation.explain(ctx, idOf('4a01')).evidence!.id;
  expect(revocation.evidence(ctx, whole)).toMatchObject({ said: { status: 'good' }, thinned: null });
});

test('a state that was tampered with is found, and told once', async () => {
  const { world, ctx, net, sweep, idOf } = await office(['4a01', '4a02']);
  await sweep();
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a02')]));
  await sweep();
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
  connection(world.db).prepare("update certificate set revocation = 'good' where id = ?").run(idOf('4a02'));
  const { differences } = await revocation.rederiveAll(ctx);
  expect(differences).toMatchObject([{ certificateId: idOf('4a02'), derived: { status: 'revoked', reason: 1 } }]);
  await revocation.rederiveAll(ctx);
  expect(revocation.signals(ctx).map((signal) => signal.kind)).toEqual(['underived']);
});

describe('what we knew', () => {
  test('answers from facts: state, label, evidence and freshness of the instant, and what we learned later', async () => {
    const { world, ctx, net, sweep, idOf } = await office(['4a01']);
    await sweep();
    const certificate = idOf('4a01');
    const first = revocation.knownAt(ctx, certificate, world.clock.at);
    expect(first).toMatchObject({ known: true, label: 'valid', facets: { revocation: 'good', freshness: 'fresh' } });
    expect(revocation.knownAt(ctx, certificate, NOW - DAY)).toMatchObject({ known: false, label: null });
    // Nobody is asked for three days: what was known then was stale.
    world.clock.advance(3 * DAY);
    const stale = world.clock.at;
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a01', { revokedAt: NOW + DAY, invalidityDate: NOW - 2 * DAY })]));
    await sweep();
    expect(certificates.get(ctx, certificate).label).toBe('revoked');
    const then = revocation.knownAt(ctx, certificate, stale);
    expect(then).toMatchObject({
      label: 'stale',
      facets: { revocation: 'good', freshness: 'stale' },
      confirmedAt: NOW,
    });
    expect(then.evidence?.id).toBe(first.evidence?.id);
    expect(then.notYet).toHaveLength(1);
    expect(then.notYet[0]!.text).toContain('Baru kita ketahui');
    // Before the issuer's date of revocation only the doubt about the key is a fact of that time.
    const doubted = revocation.knownAt(ctx, certificate, NOW).notYet[0]!.text;
    expect(doubted).toContain('kunci diragukan sejak');
    expect(doubted).not.toContain('dicabut');
    const now = revocation.knownAt(ctx, certificate, world.clock.at);
    expect(now).toMatchObject({ label: 'revoked', reason: 1, revokedAt: NOW + DAY, invalidityAt: NOW - 2 * DAY });
    expect(revocation.evidenceAt(ctx, certificate, stale).map((e) => e.id)).toEqual([first.evidence?.id]);
  });

  test('a list that only confirmed moves the confirmation of that time, not of before', async () => {
    const { world, ctx, sweep, idOf } = await office(['4a01']);
    await sweep();
    for (let hour = 0; hour < 5; hour++) {
      world.clock.advance(HOUR);
      await sweep();
    }
    world.clock.advance(10 * HOUR);
    expect(revocation.knownAt(ctx, idOf('4a01'), NOW + 3 * HOUR).confirmedAt).toBe(NOW + 3 * HOUR);
    expect(revocation.knownAt(ctx, idOf('4a01'), NOW + 12 * HOUR).confirmedAt).toBe(NOW + 5 * HOUR);
  });

  test('somebody of another agency does not get to know', async () => {
    const { world, sweep, idOf } = await office(['4a01']);
    await sweep();
    expect(() => revocation.knownAt(world.person('officer', { agencies: [] }), idOf('4a01'), NOW)).toThrow();
  });
});

test('bytes that are packed are the same bytes, and a packed file that was changed is refused', async () => {
  const { world, ctx } = await office([]);
  const bytes = Buffer.alloc(50_000, 'sertifikat ');
  const stored = files.put(ctx, bytes);
  files.register(ctx, stored, 'text/plain');
  expect(await files.pack(ctx, stored.sha256)).toBeGreaterThan(40_000);
  expect(files.read(ctx, stored.sha256).equals(bytes)).toBe(true);
  expect(createHash('sha256').update(files.read(ctx, stored.sha256)).digest('hex')).toBe(stored.sha256);
  expect(await files.pack(ctx, stored.sha256)).toBe(0);
  expect(files.discardUnused(ctx, stored.sha256)).toBe(0);
  files.drop(ctx, stored.sha256);
  expect(files.discardUnused(ctx, stored.sha256)).toBeGreaterThan(0);
  expect(() => files.read(ctx, stored.sha256)).toThrow('tidak ditemukan');
  files.put(ctx, bytes);
  files.register(ctx, stored, 'text/plain');
  expect(files.read(ctx, stored.sha256).equals(bytes)).toBe(true);
  expect(world.dir).toBeTypeOf('string');
});

test('a list that a sweep has accepted and not crossed yet is no difference', async () => {
  const { world, ctx, sweep } = await office(['4a01']);
  await sweep();
  world.clock.advance(HOUR);
  const key = readCertificate(issuer.certificate).publicKey.spkiSha256;
  const from = { sourceId: null, origin: 'fetched' as const, name: urls.crl };
  const taken = await takeList(ctx, list(world, [entry('4a01')]), key, from, Issuers.read(ctx.db));
  expect(taken.outcome).toBe('new');
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
  expect(await sweep()).toMatchObject({ revoked: 1 });
  expect(await revocation.rederiveAll(ctx)).toEqual({ derived: 1, differences: [] });
});
