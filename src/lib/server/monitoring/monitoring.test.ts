import { describe, expect, test } from 'vitest';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { connection, newId } from '../db/index.ts';
import * as audit from '../audit/index.ts';
import * as settings from '../settings/index.ts';
import * as monitoring from './index.ts';
import { speaking, stepsOf } from './rungs.ts';
import { sentenceOf } from './words.ts';

/** Monday 23 November 2026, 07.30 WIB: a working day. */
const MONDAY = Date.parse('2026-11-23T00:30:00Z');

let serials = 0;
/** A certificate row as an import leaves it. */
function certificate(world: World, values: Record<string, unknown> = {}): string {
  const id = newId(world.clock.at);
  const row = {
    id,
    fingerprint: null,
    issuer: 'X',
    serial: (++serials).toString(16),
    subject: 'CN=X',
    common_name: `ORANG ${serials}`,
    use: 'signature',
    source: 'sheet',
    not_before: NOW - 700 * DAY,
    not_after: NOW + 20 * DAY,
    chain: 'anchored',
    revocation: 'good',
    added_at: NOW - 400 * DAY,
    updated_at: NOW,
    ...values,
  };
  const names = Object.keys(row);
  connection(world.db)
    .prepare(`insert into certificate (${names.join(', ')}) values (${names.map((n) => `@${n}`).join(', ')})`)
    .run(row);
  return id;
}
function agency(world: World, id: string): string {
  const client = connection(world.db);
  client
    .prepare(
      "insert into agency (id, code, kind, level, valid_from) values (?, ?, 'DINAS_DAERAH', 'agency', '2020-01-01')",
    )
    .run(id, id);
  client
    .prepare(
      `insert into agency_name (id, agency_id, name, short_name, "from", source) values (?, ?, ?, ?, '2020-01-01', 'uji')`,
    )
    .run(`n${id}`, id, `Dinas ${id}`, id);
  return id;
}
const mailOn = (world: World) =>
  settings.set(
    world.person('administrator'),
    'mail',
    { enabled: true, from: 'siaga@batam.example', replyTo: '' },
    { source: 'uji' },
  );
const messages = (world: World) =>
  connection(world.db).prepare('select recipient, subject, body from message order by recipient').all() as {
    recipient: string;
    subject: string;
    body: string;
  }[];
const set = (world: World, id: string, sql: string) =>
  connection(world.db).prepare(`update certificate set ${sql} where id = ?`).run(id);

describe('the ladder', () => {
  const validity = { notBefore: NOW - 700 * DAY, notAfter: NOW + 20 * DAY };
  const steps = stepsOf([60, 30, 14, 7, 3, 1, 0, -1], validity);

  test('several crossed rungs speak once, the most urgent', () => {
    expect(speaking(steps, new Set(), NOW)).toEqual({ fire: 30, collapsed: [60] });
    expect(speaking(steps, new Set([60, 30]), NOW)).toEqual({ fire: null, collapsed: [] });
    expect(speaking(steps, new Set([60, 30]), NOW + 6 * DAY)).toEqual({ fire: 14, collapsed: [] });
  });

  test('a rung added later that is already passed is only marked', () => {
    const edited = stepsOf([60, 45, 30, 25, 14], validity);
    expect(speaking(edited, new Set([60, 30]), NOW)).toEqual({ fire: 25, collapsed: [45] });
    expect(speaking(stepsOf([60, 45, 30], validity), new Set([60, 30]), NOW)).toEqual({ fire: null, collapsed: [45] });
  });

  test('a short-lived certificate has no rung at its birth', () => {
    const life = { notBefore: NOW, notAfter: NOW + 47 * DAY };
    expect(stepsOf([30, 14, 7, 1, 0, -1], life).map((s) => s.step)).toEqual([14, 7, 1, 0, -1]);
  });

  test('the last day speaks: a certificate with less than 24 hours has crossed rung 1, at its end rung 0', () => {
    expect(speaking(steps, new Set([60, 30, 14, 7, 3]), validity.notAfter - HOUR).fire).toBe(1);
    expect(speaking(steps, new Set([60, 30, 14, 7, 3, 1]), validity.notAfter).fire).toBe(0);
  });
});

describe('a review', () => {
  test('raises one alert for an expiring certificate, renews it at the next rung, never repeats a rung', () => {
    const world = makeWorld();
    certificate(world);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 1, renewed: 0 });
    expect(monitoring.review(world.ctx())).toEqual({ raised: 0, renewed: 0, settled: 0, told: 0 });
    world.clock.advance(6 * DAY);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0, renewed: 1 });
    const { rows } = monitoring.list(world.ctx());
    expect(rows).toMatchObject([{ kind: 'expiry', severity: 'warning', detail: { rung: 14 } }]);
    expect(rows[0]!.sentence).toContain('14 hari lagi');
  });

  test('a review that was cut off raises nothing, the next raises all', () => {
    const world = makeWorld();
    certificate(world);
    certificate(world);
    const client = connection(world.db);
    client.exec("create trigger power_cut before insert on audit_entry begin select raise(abort, 'power cut'); end");
    expect(() => monitoring.review(world.ctx())).toThrow('power cut');
    client.exec('drop trigger power_cut');
    expect(monitoring.list(world.ctx()).rows).toHaveLength(0);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 2 });
  });

  test('renewed, revoked and archived ones are not warned about; an open warning ends', () => {
    const world = makeWorld();
    const id = certificate(world);
    certificate(world, { superseded_by_id: id });
    certificate(world, { archived_at: NOW });
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 1 });
    set(world, id, "superseded_by_id = 'x'");
    expect(monitoring.review(world.ctx())).toMatchObject({ settled: 1 });
    expect(monitoring.list(world.ctx(), { state: 'settled' }).rows).toMatchObject([{ settledWhy: 'renewed' }]);
  });

  test('what ended long before it came to us is history', () => {
    const world = makeWorld();
    certificate(world, { not_after: NOW - 60 * DAY, added_at: NOW });
    certificate(world, { revocation: 'revoked', revoked_at: NOW - 200 * DAY, added_at: NOW });
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0 });
    certificate(world, { not_after: NOW - 5 * DAY, added_at: NOW });
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 1 });
  });

  test('a transfer repeats nothing; a certificate that comes anew by file keeps its rungs by fingerprint', () => {
    const world = makeWorld();
    const client = connection(world.db);
    client.prepare("insert into certificate_der (fingerprint, der, stored_at) values ('aa', x'00', 1)").run();
    const id = certificate(world, { fingerprint: 'aa' });
    monitoring.review(world.ctx());
    set(world, id, `agency_id = '${agency(world, 'B')}'`);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0, renewed: 0 });
    expect(client.prepare('select subject from rung').pluck().all()).toEqual(['aa', 'aa']);
  });

  test('a revoked certificate is raised once, critical when the key is compromised', () => {
    const world = makeWorld();
    certificate(world, {
      revocation: 'revoked',
      revocation_reason: 1,
      revoked_at: NOW - HOUR,
      not_after: NOW + 300 * DAY,
    });
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 1 });
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0 });
    const [row] = monitoring.list(world.ctx()).rows;
    expect(row).toMatchObject({ kind: 'revoked', severity: 'critical', urgency: 'immediate' });
    expect(monitoring.tasks(world.ctx())).toMatchObject([{ kind: 'revocation' }]);
    monitoring.settle(world.person('handler'), row!.id, 'Diminta Dinas karena token hilang');
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0 });
    expect(monitoring.tasks(world.ctx())).toEqual([]);
  });

  test('a reason that the CA changed to a compromised key is told again, at once and with what it was', () => {
    const world = makeWorld();
    const id = certificate(world, { revocation: 'revoked', revoked_at: NOW - HOUR, not_after: NOW + 300 * DAY });
    monitoring.review(world.ctx());
    const open = () => monitoring.list(world.ctx(), { certificateId: id }).rows;
    monitoring.acknowledge(world.person('handler'), open()[0]!.id, 'Pemilik sudah berhenti');
    world.clock.advance(HOUR);
    set(world, id, `revocation_reason = 1, revoked_at = ${NOW - 5 * DAY}`);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0, renewed: 1 });
    expect(open()).toMatchObject([{ severity: 'critical', acknowledgedAt: null, renewedAt: NOW + HOUR }]);
    expect(sentenceOf(open()[0]!, NOW)).toMatch(
      /^Dicabut penerbit pada 17 November 2026 .* \(kunci privat bocor atau hilang; semula tanpa alasan tertentu, sejak 22 November 2026 .* WIB\)\./,
    );
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0, renewed: 0 });
    // Settled, and then the reason worsens once more: from the ordinary to the key.
    set(world, id, `revocation_reason = 4`);
    monitoring.review(world.ctx());
    monitoring.settle(world.person('handler'), open()[0]!.id, 'Biasa');
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0, renewed: 0 });
    set(world, id, `revocation_reason = 1`);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 1 });
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0 });
  });

  test('a later date that the CA gives stands in the open alert, and nobody is told anew; an earlier one is told', () => {
    const world = makeWorld();
    const id = certificate(world, {
      revocation: 'revoked',
      revocation_reason: 4,
      revoked_at: NOW - 5 * DAY,
      not_after: NOW + 300 * DAY,
    });
    monitoring.review(world.ctx());
    world.clock.advance(HOUR);
    set(world, id, `revoked_at = ${NOW - 2 * DAY}`);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0, renewed: 0 });
    const [row] = monitoring.list(world.ctx(), { certificateId: id }).rows;
    expect(row).toMatchObject({ renewedAt: NOW, detail: { reason: 4, revokedAt: NOW - 2 * DAY } });
    set(world, id, `revoked_at = ${NOW - 9 * DAY}`);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0, renewed: 1 });
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0, renewed: 0 });
  });

  test('many revocations are one task an agency, and one in all when many agencies are concerned', () => {
    const world = makeWorld();
    const revoke = (agencyId: string | null) =>
      certificate(world, { revocation: 'revoked', revoked_at: NOW - HOUR, agency_id: agencyId });
    for (const code of ['A', 'A', 'A', 'B']) revoke(known(code));
    monitoring.review(world.ctx());
    const two = monitoring.tasks(world.ctx());
    expect(two.map((task) => [task.title, task.href])).toEqual([
      ['Pastikan 3 sertifikat yang dicabut tidak dipakai lagi', '/alerts?kind=revoked&agency=A'],
      ['Pastikan 1 sertifikat yang dicabut tidak dipakai lagi', '/alerts?kind=revoked&agency=B'],
    ]);
    expect(monitoring.list(world.ctx(), { kind: 'revoked', agency: 'A' }).rows).toHaveLength(3);
    expect(monitoring.counts(world.ctx(), 'open', 'B')).toEqual({ revoked: 1 });
    for (const code of ['C', 'D']) revoke(known(code));
    revoke(null);
    monitoring.review(world.ctx());
    expect(monitoring.tasks(world.ctx())).toMatchObject([
      { title: 'Pastikan 7 sertifikat yang dicabut tidak dipakai lagi', href: '/alerts?kind=revoked' },
    ]);
    expect(monitoring.list(world.ctx(), { agency: 'none' }).rows).toHaveLength(1);

    function known(code: string): string {
      const found = connection(world.db).prepare('select id from agency where id = ?').get(code);
      return found ? code : agency(world, code);
    }
  });

  test('a failing source is one alert with its count, and ends when it recovers', () => {
    const world = makeWorld();
    const client = connection(world.db);
    client
      .prepare(
        "insert into revocation_source (id, kind, url, issuer_key, issuer_name, added_at, due_at, failures, failed_since) values ('s', 'crl', 'http://x/a.crl', 'k', 'CA', 1, 1, 1, ?)",
      )
      .run(NOW);
    const failing = (n: number) => client.prepare('update revocation_source set failures = ?').run(n);
    failing(2);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 1 });
    failing(9);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 0 });
    failing(0);
    expect(monitoring.review(world.ctx())).toMatchObject({ settled: 1 });
  });
});

describe('people', () => {
  test('see the alerts of their own agencies only, and acknowledge with a reason', () => {
    const world = makeWorld();
    const mine = agency(world, 'A');
    certificate(world, { agency_id: mine });
    certificate(world, { agency_id: agency(world, 'B') });
    monitoring.review(world.ctx());
    const officer = world.person('officer', { agencyId: mine });
    const { rows } = monitoring.list(officer);
    expect(rows).toHaveLength(1);
    expect(monitoring.counts(officer)).toEqual({ expiry: 1 });
    expect(() => monitoring.acknowledge(officer, rows[0]!.id, ' ')).toThrow('Tuliskan');
    monitoring.acknowledge(officer, rows[0]!.id, 'Sudah diajukan ke BSrE');
    expect(monitoring.list(officer).rows).toEqual([]);
    const foreign = monitoring.list(world.ctx()).rows[0]!;
    expect(() => monitoring.acknowledge(officer, foreign.id, 'Bukan urusan saya')).toThrow('tidak');
    expect(() => monitoring.list(world.person('leader'))).toThrow('tidak memiliki hak');
  });

  test('all open alerts of a kind and an agency are acknowledged at once, only those that were shown', () => {
    const world = makeWorld();
    const own = agency(world, 'A');
    certificate(world, { agency_id: own });
    certificate(world, { agency_id: own });
    certificate(world, { agency_id: agency(world, 'B') });
    monitoring.review(world.ctx());
    const officer = world.person('officer', { agencyId: own });
    const verifier = world.person('verifier');
    const open = () => monitoring.list(verifier, { state: 'open' }).rows;
    const mine = monitoring.list(officer, { state: 'open' }).rows;
    const all = open().length;
    expect(all).toBeGreaterThan(mine.length);
    const filter = { kind: 'expiry' as const };
    const reason = 'Semua sudah diajukan ke BSrE';
    expect(() => monitoring.acknowledgeAll(officer, filter, { reason: 'x', expected: mine.length })).toThrow(
      'Tuliskan',
    );
    expect(() => monitoring.acknowledgeAll(officer, filter, { reason, expected: all })).toThrow('berubah');
    expect(monitoring.acknowledgeAll(officer, filter, { reason, expected: mine.length })).toBe(mine.length);
    expect(monitoring.list(officer, { state: 'open' }).rows).toEqual([]);
    expect(open()).toHaveLength(all - mine.length);
    expect(monitoring.list(officer, { state: 'acknowledged' }).rows.map((row) => row.acknowledgedWhy)).toEqual(
      mine.map(() => reason),
    );
    const entries = audit.list(world.ctx(), { limit: 50 }, () => 'x').filter((e) => e.action === 'alerts.acknowledged');
    expect(entries).toHaveLength(1);
    expect(() => monitoring.acknowledgeAll(world.person('leader'), filter, { reason, expected: 0 })).toThrow('hak');
  });

  test('an acknowledged alert speaks again at the next rung', () => {
    const world = makeWorld();
    certificate(world);
    monitoring.review(world.ctx());
    monitoring.acknowledge(world.person('verifier'), monitoring.list(world.ctx()).rows[0]!.id, 'Sedang diproses');
    world.clock.advance(6 * DAY);
    monitoring.review(world.ctx());
    expect(monitoring.list(world.ctx()).rows).toHaveLength(1);
  });
});

describe('telling', () => {
  function office() {
    const world = makeWorld(MONDAY);
    const mine = agency(world, 'A');
    connection(world.db)
      .prepare(
        "insert into holder (id, kind, name, name_key, email, status, created_at) values ('h', 'person', 'SITI', 'SITI', 'Siti@batam.example', 'active', 1)",
      )
      .run();
    const supervisor = world.person('supervisor');
    const officer = world.person('officer', { agencyId: mine });
    const id = certificate(world, { agency_id: mine, holder_id: 'h', not_after: MONDAY + 20 * DAY });
    return { world, supervisor, officer, id };
  }

  test('owner, officer and supervisor get one digest each, once', () => {
    const { world } = office();
    mailOn(world);
    expect(monitoring.digest(world.ctx())).toBe(3);
    expect(messages(world).map((m) => m.recipient)).toEqual([
      'orang1@batam.example',
      'orang2@batam.example',
      'siti@batam.example',
    ]);
    expect(messages(world)[0]!.body).toContain('portal BSrE');
    expect(monitoring.digest(world.ctx())).toBe(0);
    world.clock.advance(DAY);
    expect(monitoring.digest(world.ctx())).toBe(0);
    world.clock.advance(6 * DAY);
    expect(monitoring.digest(world.ctx())).toBe(3);
  });

  test('nothing is prepared while sending is off, on Sundays and on holidays', () => {
    const { world } = office();
    expect(monitoring.digest(world.ctx())).toBe(0);
    mailOn(world);
    world.clock.at = MONDAY - DAY;
    expect(monitoring.digest(world.ctx())).toBe(0);
    settings.setHolidays(world.person('administrator'), [{ date: '2026-11-23', name: 'Uji' }], 'SKB');
    world.clock.at = MONDAY;
    expect(monitoring.digest(world.ctx())).toBe(0);
    expect(messages(world)).toEqual([]);
  });

  test('three days or less, and a revocation, go out with the review itself', () => {
    const { world, id } = office();
    mailOn(world);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 1, told: 0 });
    set(world, id, `revocation = 'revoked', revocation_reason = 1, revoked_at = ${MONDAY}`);
    world.clock.advance(MINUTE);
    expect(monitoring.review(world.ctx())).toMatchObject({ raised: 1, settled: 1, told: 3 });
    expect(messages(world)[0]).toMatchObject({
      subject: expect.stringMatching(/^Siaga, segera: kunci ORANG \d+ bocor, sertifikatnya dicabut$/) as string,
    });
    expect(monitoring.review(world.ctx())).toMatchObject({ told: 0 });
    expect(monitoring.digest(world.ctx())).toBe(0);
  });
});
