// When a finding about contradicting sources ends by itself, and when it is told anew (certificate-status §6): each row of the
// table that is a finding goes through the same life.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as monitoring from '../monitoring/index.ts';
import { endOf, goesOn, shapeOf } from './contradictions.ts';
import { NOTHING_KNOWN, type State, type Word } from './decide.ts';
import * as revocation from './index.ts';
import { openSignals, signalsOf } from './store.ts';

type Says = ca.OcspAnswer['status'];
const REVOKED = { revokedAt: Date.UTC(2026, 0, 5), reason: 1 } as const;
const HELD = { revokedAt: Date.UTC(2026, 0, 5), reason: 6 } as const;
const NEVER = { revokedAt: 0, reason: 6 } as const;

async function contradicted() {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, ids } = made;
  await sweep();
  /** An hour later: what the list names, and the responder's answer. */
  const say = async (crl: ca.RevokedEntry[], ocsp: Says | null, after = HOUR) => {
    world.clock.advance(after);
    net.pages.set(urls.crl, list(world, crl));
    if (ocsp !== null) {
      const at = Math.floor(world.clock.at / 1000) * 1000 - 1000;
      const answers = [{ id: ca.certId(issuer, '4a01'), status: ocsp, thisUpdate: at, nextUpdate: at + 90 * DAY }];
      const bytes = ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
      await revocation.addEvidence(ctx, { name: 'jawaban.ors', bytes });
    }
    await sweep();
  };
  const findings = () => signalsOf(ctx.db, ids[0]!).filter(({ kind, detail }) => shapeOf({ kind, detail }) !== null);
  const open = () => openSignals(ctx.db).filter(({ kind, detail }) => shapeOf({ kind, detail }) !== null);
  const settle = () => revocation.settleSignal(world.person('verifier'), open()[0]!.id, 'Dijawab penerbit');
  return { ...made, say, findings, open, settle };
}

type Row = {
  name: string;
  /** What makes it, what repeats it, what ends it. */
  crl: ca.RevokedEntry[];
  ocsp: Says;
  end: { crl: ca.RevokedEntry[]; ocsp: Says };
  later?: number;
};
const rows: Row[] = [
  { name: 'good by the list, unknown to the responder', crl: [], ocsp: 'unknown', end: { crl: [], ocsp: 'good' } },
  { name: 'never issued by the responder', crl: [], ocsp: NEVER, end: { crl: [], ocsp: 'good' } },
  {
    name: 'held by the responder longer than a cycle',
    crl: [],
    ocsp: HELD,
    end: { crl: [], ocsp: 'good' },
    later: 30 * HOUR,
  },
];

test.each(rows)(
  '$name: told once, ends by itself, told anew when it comes again',
  async ({ crl, ocsp, end, later }) => {
    const { say, open, findings } = await contradicted();
    const make = async () => {
      await say(crl, ocsp);
      if (later) await say(crl, ocsp, later);
    };
    await make();
    expect(open()).toHaveLength(1);
    await say(crl, ocsp);
    expect(findings()).toHaveLength(1);
    await say(end.crl, end.ocsp);
    expect(open()).toEqual([]);
    expect(findings()[0]).toMatchObject({
      settledBy: 'system',
      settledWhy: expect.stringContaining('Berakhir sendiri'),
    });
    await make();
    expect(open()).toHaveLength(1);
    expect(findings()).toHaveLength(2);
  },
);

test.each(rows)(
  '$name: settled by a person it stays so while it goes on, and is told anew after it ended',
  async (row) => {
    const { say, open, findings, settle } = await contradicted();
    const make = async () => {
      await say(row.crl, row.ocsp);
      if (row.later) await say(row.crl, row.ocsp, row.later);
    };
    await make();
    settle();
    const { settledBy } = findings()[0]!;
    await say(row.crl, row.ocsp);
    await say(row.crl, row.ocsp);
    expect(open()).toEqual([]);
    await say(row.end.crl, row.end.ocsp);
    expect(findings()[0]).toMatchObject({ settledBy, settledWhy: 'Dijawab penerbit' });
    await make();
    expect(open()).toHaveLength(1);
  },
);

test('revoked by the list, good by a newer answer: ends when the answer follows; the certificate stays revoked', async () => {
  const { say, open, findings, settle, state } = await contradicted();
  await say([entry('4a01')], null);
  await say([entry('4a01')], 'good');
  expect(open().map(({ kind }) => kind)).toEqual(['conflict']);
  settle();
  await say([entry('4a01')], 'good');
  await say([entry('4a01')], 'good');
  expect([open(), findings().length]).toEqual([[], 1]);
  await say([entry('4a01')], REVOKED);
  await say([entry('4a01')], 'good');
  expect(open()).toHaveLength(1);
  await say([entry('4a01')], REVOKED);
  expect(open()).toEqual([]);
  expect(state('4a01').revocation).toBe('revoked');
});

test('revoked by the responder for longer than a cycle: ends when the list follows', async () => {
  const { say, open, findings } = await contradicted();
  await say([], REVOKED);
  await say([], REVOKED, 30 * HOUR);
  expect(open().map(({ kind }) => kind)).toEqual(['conflict']);
  await say([entry('4a01')], null);
  expect(open()).toEqual([]);
  expect(findings()[0]?.settledWhy).toContain('kini ikut mengatakan dicabut');
});

test('what contradicts anew is told anew, also when the answer is the same as before and only the list changed', async () => {
  const { say, open, findings, ctx, world } = await contradicted();
  const alerts = () => {
    monitoring.review(ctx);
    return monitoring.list(world.person('verifier'), { kind: 'conflict' }).rows.map(({ signalId }) => signalId);
  };
  await say([], REVOKED);
  await say([], null, 30 * HOUR);
  const told: (string | null)[] = [];
  for (const _ of [1, 2, 3]) {
    expect(open().map(({ kind }) => kind)).toEqual(['conflict']);
    told.push(...alerts());
    await say([], null);
    expect(findings()).toHaveLength(told.length);
    await say([entry('4a01')], null);
    expect([open(), alerts()]).toEqual([[], []]);
    await say([], null);
  }
  expect(new Set(told).size).toBe(3);
});

test('an answer that knows a held certificate not is told anew when the list releases it again', async () => {
  const { say, open } = await contradicted();
  await say([], 'unknown');
  await say([entry('4a01', { reason: 6 })], null);
  expect(open()).toEqual([]);
  await say([], null);
  expect(open()).toHaveLength(1);
});

test('an unknown answer ends as a finding when the list revokes; then nobody is in doubt', async () => {
  const { say, open, state } = await contradicted();
  await say([], 'unknown');
  await say([entry('4a01')], null);
  expect(open()).toEqual([]);
  expect(state('4a01').revocation).toBe('revoked');
});

test('silence ends no finding: a list that fails, an answer that is old', async () => {
  const { say, open, net, sweep, world } = await contradicted();
  await say([], 'unknown');
  net.pages.delete(urls.crl);
  world.clock.advance(20 * DAY);
  await sweep();
  await sweep();
  expect(open()).toHaveLength(1);
});

test('a list that no longer names whom it revoked ends no conflict about it: an early removal is told beside it', async () => {
  const { ctx, say, open, state } = await contradicted();
  await say([entry('4a01')], null);
  await say([entry('4a01')], 'good');
  await say([], 'good');
  expect(open().map(({ kind }) => kind)).toEqual(['conflict']);
  expect(
    openSignals(ctx.db)
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['conflict', 'early_removal']);
  expect(state('4a01').revocation).toBe('revoked');
});

test('an early removal stays until a person judged it, also when the entry came back, and is told anew', async () => {
  const { ctx, say, world } = await contradicted();
  const early = () => openSignals(ctx.db).filter(({ kind }) => kind === 'early_removal');
  await say([entry('4a01')], null);
  await say([], null);
  await say([entry('4a01')], null);
  expect(early()).toHaveLength(1);
  revocation.settleSignal(world.person('verifier'), early()[0]!.id, 'Penerbit keliru');
  await say([entry('4a01')], null);
  expect(early()).toEqual([]);
  await say([], null);
  expect(early()).toHaveLength(1);
});

test('a hint is moot when the revocation is proved', () => {
  const hint = { kind: 'hint', detail: '{}' } as const;
  expect(endOf(hint, { ...NOTHING_KNOWN, status: 'good' }, [])).toBeNull();
  expect(endOf(hint, { ...NOTHING_KNOWN, status: 'revoked' }, [])).toContain('terbukti');
});

test('its alert ends with it, and begins with the next', async () => {
  const { ctx, say, world } = await contradicted();
  const alerts = () => {
    monitoring.review(ctx);
    const { rows } = monitoring.list(world.person('verifier'), { kind: 'conflict' });
    return rows.length;
  };
  await say([], REVOKED);
  await say([], REVOKED, 30 * HOUR);
  expect(alerts()).toBe(1);
  await say([entry('4a01')], null);
  expect(alerts()).toBe(0);
});

test('findings of an earlier release, which name no sides, end when both sources say the same', () => {
  const old = { kind: 'conflict', detail: '{"kind":"conflict"}' } as const;
  const word = (source: Word['source'], status: Word['status']): Word => ({
    source,
    status,
    reason: null,
    revokedAt: null,
    invalidityAt: null,
    evidenceId: source,
    thisUpdate: 0,
    nextUpdate: null,
    confirmedAt: 0,
  });
  const revoked: State = { ...NOTHING_KNOWN, status: 'revoked' };
  expect(goesOn([old], shapeOf(old)!)).toBe(true);
  expect(endOf(old, revoked, [word('crl', 'revoked'), word('ocsp', 'good')])).toBeNull();
  expect(endOf(old, revoked, [word('crl', 'good'), word('ocsp', 'good')])).toBeNull();
  expect(endOf(old, revoked, [word('crl', 'revoked'), word('ocsp', 'revoked')])).toContain('Berakhir sendiri');
  expect(endOf(old, revoked, [word('crl', 'revoked')])).toBeNull();
});
