// A year of hourly lists for a whole estate: the CA revokes, holds, releases, changes a reason, drops an entry that it must not
// drop and brings it back; its server is away for hours, or serves an old list. Every list is really signed. After each day
// every certificate stands as the lists that were taken say, no row was written for one that did not change, and what must be
// asked of the CA was told once; after the year all of it is derived again from the evidence that thinning left.
import { expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '#lib/server/calendar.ts';
import type { Context } from '#lib/server/context.ts';
import { connection } from '#lib/server/db/index.ts';
import { OutboundError, type Outbound } from '#lib/server/outbound/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { ADMINISTRATOR, playing, register } from '../../src/bin/bench/issued.ts';
import * as ca from '../../src/bin/demo/ca.ts';
import type { Random } from '../../src/bin/demo/random.ts';
import type { Endurance } from '../support/endurance.ts';
import { openWorld } from '../support/world.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const REASONS = [1, 3, 4, 5] as const;
/** Other people's entries, so that no single one of ours makes the list shrink by much. */
const STRANGERS = Array.from({ length: 200 }, (_, i) => (0x60000000 + i).toString(16));

export type Size = {
  days: number;
  certificates: number;
  /** Changes of mind of the CA in a day, about. */
  changes: number;
};

/** What a list says of one that it names. */
type Named = { reason: ca.ReasonCode; revokedAt: number };

type List = { named: ReadonlyMap<string, Named>; pages: ReadonlyMap<string, Buffer> };

/** The CA: whom its next list names. It breaks the rule that revoked is final once in a while (§3). */
class Authority {
  readonly named = new Map<string, Named>();
  private readonly dropped = new Map<string, Named>();
  private readonly random: Random;
  private readonly serials: readonly string[];

  constructor(random: Random, serials: readonly string[]) {
    this.random = random;
    this.serials = serials;
  }

  change(at: number): void {
    const { random, named, dropped } = this;
    const serial = random.chance(0.5) && named.size ? random.pick([...named.keys()]) : random.pick(this.serials);
    const now = named.get(serial);
    if (!now) {
      const before = dropped.get(serial);
      const reason = random.chance(0.4) ? 6 : random.pick(REASONS);
      dropped.delete(serial);
      return void named.set(serial, before ?? { reason, revokedAt: at - random.below(DAY / 1000) * 1000 });
    }
    // A hold is released, or becomes a revocation; a revocation gets another reason, or vanishes.
    if (now.reason === 6 && random.chance(0.6)) return void named.delete(serial);
    if (now.reason !== 6 && random.chance(0.2)) {
      dropped.set(serial, now);
      return void named.delete(serial);
    }
    named.set(serial, { ...now, reason: random.pick(REASONS) });
  }
}

type State = {
  status: 'good' | 'revoked' | 'on_hold' | 'released';
  reason: number | null;
  revokedAt: number | null;
};
const FACTS = ['status', 'reason', 'revokedAt'] as const;
const same = (a: State | undefined, b: State | undefined): boolean => FACTS.every((fact) => a?.[fact] === b?.[fact]);

/** What the lists that were taken make of the estate (certificate-status §3, §4), kept apart from what is tested. */
class Expected {
  readonly states = new Map<string, State>();
  /** Certificates whose status, reason or date an accepted list changed, one for each list. */
  events = 0;
  early = 0;
  reasons = 0;
  private last: ReadonlyMap<string, Named> = new Map();
  private readonly serials: readonly string[];

  constructor(serials: readonly string[]) {
    this.serials = serials;
  }

  take(list: ReadonlyMap<string, Named>): void {
    const concerned = this.states.size ? new Set([...list.keys(), ...this.last.keys()]) : this.serials;
    for (const serial of concerned) {
      const before = this.states.get(serial);
      const after = this.after(before, serial, list.get(serial));
      if (!same(before, after)) this.events += 1;
      this.states.set(serial, after);
    }
    this.last = new Map(list);
  }

  private after(before: State | undefined, serial: string, now: Named | undefined): State {
    if (now && now.reason !== 6) {
      if (before?.status === 'revoked' && before.reason !== now.reason) this.reasons += 1;
      return { status: 'revoked', ...now };
    }
    if (before?.status === 'revoked') {
      if (!now && this.last.has(serial)) this.early += 1;
      return before;
    }
    if (now) return { status: 'on_hold', ...now };
    if (before?.status === 'on_hold' || before?.status === 'released')
      return { status: 'released', reason: null, revokedAt: null };
    return { status: 'good', reason: null, revokedAt: null };
  }
}

/** @throws when a day ends otherwise than its lists say */
export async function year(random: Random, { days, certificates, changes }: Size): Promise<void> {
  const world = openWorld(START);
  try {
    const ctx = world.ctx();
    const { issuers } = register(world.ctx({ kind: 'system', name: 'cli' }), ADMINISTRATOR, {
      issuers: 1,
      certificates,
    });
    const { authority, url, serials } = issuers[0]!;
    const client = connection(world.db);
    const theCa = new Authority(random, serials);
    const expected = new Expected(serials);
    let number = 0;
    /** The newest lists, oldest first; one that was missed is news later too. */
    const lists: List[] = [];

    const publish = (): void => {
      const named = new Map(theCa.named);
      const entries = [
        ...STRANGERS.map((serial) => ({ serial, revokedAt: START - DAY, reason: 4 as const })),
        ...[...named].map(([serial, said]) => ({ serial, ...said })),
      ];
      const at = { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + 2 * DAY };
      lists.push({ named, pages: new Map([[url, ca.makeCrl(authority, { number: ++number, entries, ...at })]]) });
      lists.splice(0, lists.length - 4);
    };
    const sweep = async (list: List | null, force = false): Promise<void> => {
      const outbound = list ? playing(list.pages, ctx.now) : away;
      const { fresh, refused } = await revocation.sweep(ctx, { outbound, force });
      if (list && fresh > 0 && refused === 0) expected.take(list.named);
    };
    const away: Outbound = {
      ...playing(new Map(), ctx.now),
      fetchBounded: () => Promise.reject(new OutboundError('connect', 'Server tidak dapat dijangkau.')),
    };

    let gone = 0;
    let memory = 0;
    for (let day = 0; day < days; day++) {
      for (let hour = 0; hour < 24; hour++) {
        world.clock.advance(HOUR);
        for (let n = changes / 24; n > 0; n--) if (random.chance(Math.min(1, n))) theCa.change(world.clock.at);
        // Once in a while the CA forgets to publish: the same list again.
        if (number === 0 || random.chance(0.97)) publish();
        gone = gone > 0 ? gone - 1 : random.chance(0.02) ? random.below(7) : 0;
        const behind = random.chance(0.02) ? 1 + random.below(3) : 0;
        await sweep(gone > 0 ? null : lists.at(-1 - Math.min(behind, lists.length - 1))!);
      }
      gone = 0;
      world.clock.advance(HOUR);
      publish();
      await sweep(lists.at(-1)!, true);
      check(ctx, expected, `day ${day + 1}`);
      await revocation.thinEvidence(ctx, { evidenceIds: [], instants: [] });
      if (day === 30) memory = process.memoryUsage.rss();
    }
    if (memory > 0)
      expect(process.memoryUsage.rss(), 'memory does not grow with the year').toBeLessThan(memory + 300e6);
    expect(client.pragma('integrity_check', { simple: true })).toBe('ok');
    expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
  } finally {
    world.close();
  }
}

function check(ctx: Context, expected: Expected, when: string): void {
  const client = connection(ctx.db);
  const rows = client
    .prepare(
      'select serial, revocation as status, revocation_reason as reason, revoked_at as revokedAt from certificate order by serial',
    )
    .all() as ({ serial: string } & State)[];
  const wrong = rows.filter((row) => !same(row, expected.states.get(row.serial)));
  expect(
    wrong.map((row) => ({ ...row, wanted: expected.states.get(row.serial) })),
    when,
  ).toEqual([]);
  const count = (sql: string) => client.prepare(sql).pluck().get() as number;
  expect(count("select count(*) from status_event where facet = 'revocation'"), `${when}: events`).toBe(
    expected.events,
  );
  const told = (kind: string) => count(`select count(*) from revocation_signal where kind = '${kind}'`);
  expect([told('early_removal'), told('reason_changed')], `${when}: findings`).toEqual([
    expected.early,
    expected.reasons,
  ]);
}

export const run: Endurance = {
  what: 'a year of hourly lists for 100,000 certificates: everybody stands as they say, and nothing is written for nobody',
  rounds: 1,
  onlyNamed: true,
  round: (random) => year(random, { days: 365, certificates: 100_000, changes: 12 }),
};
