// A source that is silent, or may be for long by its own answer, hides no revocation that another question would bring.
import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { OutboundError, type Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

type Office = Awaited<ReturnType<typeof office>>;

/** Beside the scripted network a responder, whose answers may be used for so long. */
function answering({ world, net }: Office, status: () => ca.OcspAnswer['status'], lasting: number) {
  const asked: number[] = [];
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
      asked.push(world.clock.at);
      const at = world.clock.at - 1000;
      const id = ca.certId(issuer, '4a01');
      const answers = [{ id, status: status(), thisUpdate: at, nextUpdate: at + lasting }];
      const body = ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
      const base = { contentType: '', etag: null, lastModified: null, date: null, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  return { asked, outbound };
}

describe('a responder', () => {
  test('is asked when the list is past its time and its server is away, and not before', async () => {
    const made = await office(['4a01']);
    const { world, ctx, net, sweep, state } = made;
    await sweep();
    net.pages.delete(urls.crl);
    const { asked, outbound } = answering(made, () => ({ revokedAt: world.clock.at - HOUR, reason: 1 }), HOUR);
    world.clock.advance(20 * HOUR);
    await revocation.sweep(ctx, { outbound });
    expect(asked).toEqual([]);
    world.clock.advance(5 * HOUR);
    await revocation.sweep(ctx, { outbound });
    expect(asked).toHaveLength(1);
    expect(state('4a01').revocation).toBe('revoked');
  });

  test('goes on being asked while it alone speaks, and is left alone once the list is back', async () => {
    const made = await office(['4a01']);
    const { world, ctx, net, sweep, state } = made;
    await sweep();
    net.pages.delete(urls.crl);
    const { asked, outbound } = answering(made, () => 'good', 7 * DAY);
    const hours = async (n: number) => {
      for (let i = 0; i < n; i++) {
        world.clock.advance(HOUR);
        await revocation.sweep(ctx, { outbound });
      }
    };
    await hours(48);
    expect(state('4a01').label).toBe('valid');
    expect(asked.length).toBeGreaterThan(3);
    net.pages.set(urls.crl, list(world, [], { nextUpdate: world.clock.at + 30 * DAY }));
    await hours(8);
    asked.length = 0;
    await hours(24);
    expect(asked).toEqual([]);
  });

  const scopes: [string, ca.CrlRequest['scope']][] = [
    ['lists that are about other addresses', { url: 'http://lain.test/bagian.crl' }],
    ['lists of some reasons only', { url: urls.crl, reasons: [2] }],
  ];
  for (const [what, scope] of scopes) {
    test(`is asked about a certificate of which ${what} say nothing, though their server is well`, async () => {
      const made = await office(['4a01']);
      const { world, ctx, net, state } = made;
      const began = world.clock.at;
      const late = { revokedAt: began, reason: 1 } as const;
      const { asked, outbound } = answering(made, () => (world.clock.at > began + 4 * HOUR ? late : 'good'), 7 * DAY);
      const hour = async () => {
        net.pages.set(urls.crl, list(world, [], { scope }));
        await revocation.sweep(ctx, { outbound });
        world.clock.advance(HOUR);
      };
      for (let i = 0; i < 4; i++) await hour();
      expect(state('4a01').label).toBe('valid');
      expect(asked.length).toBeLessThan(3);
      for (let i = 0; i < 6; i++) await hour();
      expect(state('4a01').revocation).toBe('revoked');
    });
  }

  test('whose answers last a week is asked every few hours all the same', async () => {
    const made = await office(['4a01'], { extensions: { crlUrls: null } });
    const { world, ctx, state } = made;
    const began = world.clock.at;
    const late = { revokedAt: began + HOUR, reason: 1 } as const;
    const { asked, outbound } = answering(made, () => (world.clock.at > began + HOUR ? late : 'good'), 7 * DAY);
    await revocation.sweep(ctx, { outbound });
    for (let i = 0; i < 5; i++) {
      world.clock.advance(HOUR);
      await revocation.sweep(ctx, { outbound });
    }
    expect(state('4a01').revocation).toBe('revoked');
    expect(asked).toHaveLength(2);
  });
});

describe('a list that an open incident waits for', () => {
  async function down(minutes: number, page: OutboundError | null = null) {
    const made = await office(['4a01']);
    const { world, ctx, net, sweep, idOf } = made;
    await sweep();
    certificates.mark(ctx, idOf('4a01'), 'open_incident', 'INS-2026-0001');
    const whole = net.pages.get(urls.rootCrl)!;
    net.pages.clear();
    if (page) net.pages.set(urls.crl, page);
    const run = async (n: number) => {
      for (let i = 0; i < n; i += 5) {
        world.clock.advance(5 * MINUTE);
        await revocation.sweep(ctx, { outbound: net.outbound, lane: i % 60 ? 'urgent' : 'all' });
      }
    };
    await run(minutes);
    net.pages.set(urls.rootCrl, whole);
    net.pages.set(urls.crl, list(world, [entry('4a01')], { nextUpdate: world.clock.at + DAY }));
    return { ...made, run };
  }

  test('is asked again within a quarter of an hour, although its whole host was down for hours', async () => {
    const { run, state } = await down(4 * 60);
    await run(20);
    expect(state('4a01').revocation).toBe('revoked');
  });

  test('is not asked before its server wishes', async () => {
    const busy = new OutboundError('status', 'HTTP 503', { status: 503, retryAfter: 7200 });
    const { net, run, state } = await down(10, busy);
    net.asked.length = 0;
    await run(90);
    expect(net.asked).not.toContain(urls.crl);
    await run(60);
    expect(state('4a01').revocation).toBe('revoked');
  });
});
