// The whole room of revocation over a database and a hostile network: lists, answers and errors that nobody verified,
// replays of what was true before, errors, captive portals, spurious 304s and a server clock that jumps. Between them the
// CA really speaks, and now and then numbers its lists anew, which a person lets it. What was not verified moves no certificate; what was revoked never comes back.
import { expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { connection } from '#lib/server/db/index.ts';
import { outbound, OutboundError, type Outbound } from '#lib/server/outbound/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import type { Random } from '../../src/bin/demo/random.ts';
import {
  answer,
  hostile,
  issuer,
  leafOf,
  list,
  namesake,
  root,
  START,
  urls,
  type Truth,
} from '../support/hostile-evidence.ts';
import type { Endurance } from '../support/endurance.ts';
import { openWorld, type World } from '../support/world.ts';

const SERIALS = ['4a01', '4a02', '4a03', '4a04'];
const leaves = SERIALS.map((serial) => ({ serial, bytes: leafOf(serial) }));
const STEPS = 24;

type Belief = { serial: string; revocation: string; reason: number | null; revokedAt: number | null };

class Office {
  readonly truths = new Map<string, Truth>(SERIALS.map((serial) => [serial, 'good']));
  /** What the CA has said, ever; with the server's clock elsewhere it may have been refused. */
  readonly revoked = new Set<string>();
  readonly surelyRevoked = new Set<string>();
  readonly good = new Set<string>();
  /** True time; the server's own clock may be elsewhere. */
  at = START;
  /** The server's clock jumped in this round: what was verified before may be applied later. */
  jumped = false;
  private readonly world: World & { close: () => void };
  private readonly random: Random;
  private readonly handler: Context;
  private readonly pages = new Map<string, Buffer | OutboundError | 304>();
  private readonly spoken: { kind: 'crl' | 'ocsp'; bytes: Buffer; serial: string }[] = [];
  private number = 0;

  constructor(random: Random) {
    this.random = random;
    this.world = openWorld(START);
    this.handler = this.world.person(['handler', 'verifier']);
  }

  async open(): Promise<void> {
    const { world } = this;
    const put = (name: string, bytes: Buffer) => certificates.importFile(world.ctx(), { name, bytes });
    await put('root.cer', root.certificate);
    await put('ca.cer', issuer.certificate);
    await put('namesake.cer', namesake.certificate);
    const anchor = certificates.authorities(world.ctx()).find((one) => one.selfSigned)!;
    const decision = {
      decision: 'accept' as const,
      fingerprint: anchor.fingerprint,
      note: 'Dibandingkan dengan situs resmi',
    };
    certificates.decideTrust(world.person('administrator'), anchor.id, decision);
    for (const { serial, bytes } of leaves) await put(`${serial}.cer`, bytes);
    await certificates.runChains(world.ctx());
  }

  close = (): void => this.world.close();

  beliefs = (): Belief[] =>
    connection(this.world.db)
      .prepare(
        `select serial, revocation, revocation_reason as reason, revoked_at as revokedAt from certificate
          where serial in (${SERIALS.map(() => '?').join()}) order by serial`,
      )
      .all(...SERIALS) as Belief[];

  derivedAgain = async () => (await revocation.rederiveAll(this.world.ctx())).differences;

  private idOf = (serial: string): string =>
    connection(this.world.db).prepare('select id from certificate where serial = ?').pluck().get(serial) as string;

  private readonly network: Outbound = {
    ...outbound,
    fetchBounded: async (url) => {
      const page = [...this.pages].find(([known]) => url === known || url.startsWith(`${known}/`))?.[1];
      if (page === undefined) throw new OutboundError('connect', 'Server tidak dapat dijangkau.');
      if (page instanceof OutboundError) throw page;
      const base = {
        contentType: '',
        etag: null,
        lastModified: null,
        retryAfter: null,
        date: this.at,
        url,
        address: '192.0.2.1',
      };
      return page === 304 ? { ...base, status: 304, body: Buffer.alloc(0) } : { ...base, status: 200, body: page };
    },
  };

  pass(ms: number): void {
    this.at += ms;
    this.world.clock.at += ms;
  }

  /** The server's clock is set somewhere else, or right again. */
  jump(): string {
    const by = this.random.pick([0, 0, 2 * MINUTE, -2 * MINUTE, 3 * HOUR, -3 * HOUR, 4 * DAY, -4 * DAY]);
    this.world.clock.at = this.at + by;
    this.jumped ||= Math.abs(by) > 3 * MINUTE;
    return `clock ${by}`;
  }
  private atRightTime = (): boolean => this.world.clock.at === this.at;
  setRight = (): void => void (this.world.clock.at = this.at);

  /** Something that nobody verified, by one of the ways in. */
  async attack(): Promise<string> {
    const { random } = this;
    const one = random.chance(0.2) && this.spoken.length > 1 ? this.replay() : hostile(random, SERIALS, this.at);
    const errors = [
      new OutboundError('timeout', 'Tidak dijawab.'),
      new OutboundError('status', 'Galat.', { status: 503 }),
      304 as const,
    ];
    const served = random.chance(0.25) ? random.pick(errors) : one.bytes;
    for (const url of [urls.crl, urls.ocsp, urls.rootCrl]) {
      if (random.chance(0.8))
        this.pages.set(url, url === urls.rootCrl && served === one.bytes ? Buffer.from('x') : served);
    }
    const way = await this.enter(one.bytes);
    this.pages.clear();
    return `${one.what} by ${way}`;
  }

  /** An older thing the CA said, although it has said something newer since. */
  private replay() {
    const one = this.random.pick(this.spoken.slice(0, -1));
    const later = this.spoken.slice(this.spoken.indexOf(one) + 1);
    const outdated = later.some(({ kind, serial }) => kind === one.kind && (kind === 'crl' || serial === one.serial));
    return outdated ? { what: `a replay (${one.kind})`, bytes: one.bytes } : hostile(this.random, SERIALS, this.at);
  }

  private async enter(bytes: Buffer): Promise<string> {
    const way = this.random.pick(['sweep', 'check', 'hand', 'portal'] as const);
    // What BSrE's portal believes is nobody's proof either.
    if (way === 'portal') await certificates.importFile(this.world.ctx(), { name: 'portal.csv', bytes: this.portal() });
    if (way === 'sweep') await revocation.sweep(this.world.ctx(), { outbound: this.network, force: true });
    if (way === 'check')
      await revocation.checkNow(this.handler, this.idOf(this.random.pick(SERIALS)), { outbound: this.network });
    if (way === 'hand') await revocation.addEvidence(this.handler, { name: 'x', bytes });
    return way;
  }

  private portal(): Buffer {
    const words = [
      'ISSUE',
      'REVOKE',
      'EXPIRED',
      'RENEW',
      'SUSPEND',
      'NEW',
      'NO_CERTIFICATE',
      'Dicabut',
      'Aktif',
      'entah',
    ];
    const rows = SERIALS.map((serial) => `Pejabat;0x${serial};1/1/2030;${this.random.pick(words)}`);
    return Buffer.from(['Nama;Nomor Seri;Berlaku Sampai;Status', ...rows].join('\n'));
  }

  /** The CA changes its mind about a certificate as a CA may (and once in a while as it may not), and says so. */
  async speak(): Promise<string> {
    const serial = this.random.pick(SERIALS);
    if (this.random.chance(0.5))
      this.truths.set(serial, this.random.pick<Truth>(['good', 'good', 'on_hold', 'revoked']));
    return this.random.chance(0.5) ? this.publish() : this.reply(serial);
  }

  /** The CA comes back from a backup: its next list has a lower number than those before. */
  async numberAnew(): Promise<string> {
    this.number = this.random.below(this.number + 1);
    return `numbers from ${this.number}: ${await this.publish()}`;
  }

  /** A person lets every numbering that waits begin anew; by that alone nothing may change. @returns how many */
  letNumberAnew(): number {
    const supervisor = this.world.person('supervisor');
    const waiting = revocation.signals(supervisor).filter(({ detail }) => revocation.renumberedIn(detail));
    for (const { id } of waiting) {
      const { shown } = revocation.signal(supervisor, id).renumbering!;
      revocation.acceptRenumbering(supervisor, id, { reason: 'Dijawab penerbit: dipulihkan', shown });
    }
    return waiting.length;
  }

  async publish(): Promise<string> {
    const bytes = list(this.truths, this.at, ++this.number);
    this.spoken.push({ kind: 'crl', bytes, serial: '' });
    for (const [serial, truth] of this.truths) this.note(serial, truth);
    this.pages.set(urls.crl, bytes);
    await revocation.sweep(this.world.ctx(), { outbound: this.network, force: true });
    this.pages.clear();
    return 'a list of the CA';
  }

  private async reply(serial: string): Promise<string> {
    const truth = this.truths.get(serial)!;
    const bytes = answer(serial, truth, this.at);
    this.spoken.push({ kind: 'ocsp', bytes, serial });
    this.note(serial, truth);
    this.pages.set(urls.ocsp, bytes);
    await revocation.checkNow(this.handler, this.idOf(serial), { outbound: this.network });
    this.pages.clear();
    return `an answer of the CA: ${serial} ${truth}`;
  }

  private note(serial: string, truth: Truth): void {
    if (truth === 'good') this.good.add(serial);
    if (truth === 'revoked') this.revoked.add(serial);
    if (truth === 'revoked' && this.atRightTime()) this.surelyRevoked.add(serial);
  }
}

const isGood = ({ revocation: status }: Belief): boolean => status === 'good' || status === 'released';

function check(office: Office, before: Belief[], verified: boolean, story: string): void {
  office.beliefs().forEach((now, i) => {
    const then = before[i]!;
    if (then.revocation === 'revoked') expect(now.revocation, story).toBe('revoked');
    if (isGood(now)) expect(office.good.has(now.serial), `${story}: ${now.serial} good`).toBe(true);
    if (!verified && !office.jumped) expect(now, story).toEqual(then);
  });
}

export const run: Endurance = {
  what: 'through all doors of revocation, what nobody verified moves no certificate, and revoked never comes back',
  rounds: 2_000,
  round: async (random) => {
    const office = new Office(random);
    try {
      await office.open();
      const jumps = random.chance(0.3);
      const story: string[] = [];
      for (let step = 0; step < STEPS; step++) {
        office.pass(MINUTE + random.below(120) * MINUTE);
        const before = office.beliefs();
        const verified = random.chance(0.3);
        if (jumps && random.chance(0.3)) story.push(office.jump());
        const anew = verified && random.chance(0.2);
        story.push(anew ? await office.numberAnew() : verified ? await office.speak() : await office.attack());
        check(office, before, verified, story.join('\n'));
        if (random.chance(0.2)) {
          const then = office.beliefs();
          story.push(`let ${office.letNumberAnew()} number anew`);
          check(office, then, false, story.join('\n'));
        }
      }
      // What stands can be derived again from the evidence that was kept, whose order is told by a clock that runs on.
      if (!office.jumped) expect(await office.derivedAgain(), story.join('\n')).toEqual([]);
      // Nothing above kept the truth out: the CA's own word, at the right time, settles every certificate.
      office.setRight();
      // A hold whose end the responder told while our clock was wrong ends with a list after its answer is over.
      office.pass(DAY + 7 * HOUR);
      await office.publish();
      // The first list of a new numbering releases nobody yet.
      for (let lists = office.letNumberAnew() ? 2 : 0; lists > 0; lists--) {
        office.pass(7 * HOUR);
        await office.publish();
      }
      for (const { serial, revocation: status } of office.beliefs()) {
        const now = { good: ['good', 'released'], on_hold: ['on_hold'], revoked: ['revoked'] }[
          office.truths.get(serial)!
        ];
        const possible = office.surelyRevoked.has(serial) ? [] : now;
        expect(office.revoked.has(serial) ? [...possible, 'revoked'] : possible, story.join('\n')).toContain(status);
      }
    } finally {
      office.close();
    }
  },
};
