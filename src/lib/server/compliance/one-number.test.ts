// "Habis ≤ 30 hari tanpa pengganti" and "berlaku" are one definition each (certificates/label.ts): whoever shows them
// counts the same rows.
import { and, eq, isNull } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { buildCity } from '#tests/support/report-city.ts';
import { makeWorld, type World } from '#tests/support/world.ts';
import { agency } from '../agencies/schema.ts';
import { DAY } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { certificate, certificateDer } from '../certificates/schema.ts';
import { newId } from '../db/index.ts';
import * as evaluations from '../evaluations/index.ts';
import { evaluationMeasure } from '../evaluations/schema.ts';
import * as reports from '../reports/index.ts';
import { factsOf } from './facts.ts';
import * as home from './home.ts';
import { estateByAgency } from './home-store.ts';

/** Rows at every edge of the definition, all in one agency. @returns how many of them end soon without a successor */
function edges(world: World): number {
  const now = world.clock.at;
  const agencyId = world.db.select().from(agency).where(eq(agency.level, 'agency')).all()[0]!.id;
  const successor = newId(now);
  const cases: { ends: boolean; row: Partial<typeof certificate.$inferInsert> }[] = [
    { ends: false, row: { id: successor, notBefore: now, notAfter: now + 700 * DAY } },
    { ends: true, row: { notAfter: now } },
    { ends: false, row: { notAfter: now - 1 } },
    { ends: true, row: { notAfter: now + 30 * DAY } },
    { ends: false, row: { notAfter: now + 30 * DAY + 1 } },
    { ends: false, row: { notAfter: null } },
    { ends: false, row: { retiredAt: now - DAY } },
    { ends: false, row: { archivedAt: now - DAY } },
    { ends: false, row: { notBefore: now + DAY } },
    { ends: false, row: { chain: 'bad_signature' } },
    { ends: false, row: { chain: 'ca_revoked' } },
    { ends: true, row: { chain: 'untrusted' } },
    { ends: false, row: { revocation: 'on_hold', revokedAt: now - DAY } },
    { ends: false, row: { revocation: 'revoked', revokedAt: now - DAY } },
    { ends: true, row: { revocation: 'conflict' } },
    { ends: true, row: { confirmedAt: null, freshUntil: null } },
    { ends: true, row: { fingerprint: null, serial: 'ABCD' } },
    { ends: false, row: { supersededById: successor } },
  ];
  cases.forEach(({ row }, i) => {
    const fingerprint = row.fingerprint === null ? null : `${i}`.padStart(64, 'e');
    if (fingerprint)
      world.db
        .insert(certificateDer)
        .values({ fingerprint, der: Buffer.alloc(1), storedAt: now })
        .run();
    world.db
      .insert(certificate)
      .values({
        id: newId(now),
        issuer: 'CN=CA Uji',
        subject: `CN=Tepi ${i}`,
        commonName: `Tepi ${i}`,
        use: 'signature',
        agencyId,
        notBefore: now - 100 * DAY,
        notAfter: now + 10 * DAY,
        chain: 'anchored',
        revocation: 'good',
        confirmedAt: now,
        freshUntil: now + DAY,
        source: 'file',
        addedAt: now - 100 * DAY,
        updatedAt: now,
        ...row,
        fingerprint,
      })
      .run();
  });
  return cases.filter((one) => one.ends).length;
}

describe('one number everywhere', () => {
  test('home, list, brief, drill-down, report, articles and evaluation count the same certificates that end soon', () => {
    const world = makeWorld();
    buildCity(world);
    const before = home.estate(world.ctx()).endingSoon;
    const added = edges(world);
    const supervisor = world.person('supervisor');
    const leader = world.person('leader');

    const ending = home.estate(supervisor).endingSoon;
    expect(before).toBeGreaterThan(3);
    expect(ending - before).toBe(added);

    const rows = [];
    for (let after: string | undefined; ;) {
      const page = certificates.list(supervisor, { expiring: 30, withoutSuccessor: true, ...(after ? { after } : {}) });
      rows.push(...page.rows);
      if (!page.next) break;
      after = page.next;
    }
    expect(rows.length).toBe(ending);

    const figure = reports.leaderHome(leader).figures.find((f) => f.code === 'F-05')!;
    expect(figure.value).toBe(String(ending));
    expect(figure.points.at(-1)).toBe(ending);
    const drill = reports.briefFigure(leader, 'F-05');
    expect(drill.numerator).toBe(ending);
    for (const part of drill.parts) expect(part.rows.reduce((sum, row) => sum + row.total, 0)).toBe(ending);

    const unowned = rows.filter((row) => row.agencyCode === null).length;
    expect(estateByAgency(supervisor).reduce((sum, row) => sum + row.ending, 0)).toBe(ending - unowned);
    const { n, ready } = factsOf(supervisor).endingSoon;
    expect(n - ready).toBe(ending);

    // A sheet belongs to an agency; what belongs to none is on nobody's sheet.
    evaluations.collect(world.ctx());
    const missed = world.db
      .select()
      .from(evaluationMeasure)
      .where(and(eq(evaluationMeasure.criterion, 'renewal'), isNull(evaluationMeasure.endedAt)))
      .all()
      .flatMap((measure) => measure.misses.map(([, id]) => id));
    expect(new Set(missed)).toEqual(new Set(rows.filter((row) => row.agencyCode !== null).map((row) => row.id)));
  });

  test('a frozen report counts them too, and its recount by other code finds no difference', async () => {
    const world = makeWorld();
    buildCity(world, 80);
    edges(world);
    const maker = world.person('supervisor');
    const draft = await reports.make(maker, 'inventory', { period: '2026' });
    const figures = reports.get(maker, draft.id).figures;
    const of = (code: string) => figures.find((f) => f.code === code)!;
    const estate = home.estate(maker);
    expect(of('F-05').numerator).toBe(estate.endingSoon);
    expect(of('F-02').numerator).toBe(estate.inForce);
    expect(of('F-26').denominator).toBe(estate.usable);
    expect(of('F-26').numerator).toBe(estate.confirmed);
    expect(reports.recompute(maker, draft.id)).toEqual([]);
  });
});
