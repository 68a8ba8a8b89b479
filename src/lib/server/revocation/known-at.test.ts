// "Apa yang kita ketahui pada …?" names the evidence that the belief of the instant rests on, never one that speaks against it.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import type { Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

type Office = Awaited<ReturnType<typeof office>>;

/** What stood last was believed on, as the head of the certificate's page says. */
const headOf = ({ state }: Office) => state('4a01').evidenceId;
const knownNow = ({ ctx, idOf, world }: Office) => revocation.knownAt(ctx, idOf('4a01'), world.clock.at);

test('what a list revoked and a later one no longer names rests on the last that names it', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, idOf } = made;
  await sweep();
  const heads: (string | null)[] = [];
  const instants: number[] = [];
  for (const entries of [[entry('4a01')], [entry('4a01')], [], [], [entry('4a01')]]) {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, entries));
    await sweep();
    heads.push(headOf(made));
    instants.push(world.clock.at);
    expect(knownNow(made)).toMatchObject({ label: 'revoked', evidence: { id: heads.at(-1) } });
  }
  expect(new Set(heads).size).toBe(3);
  expect(heads[2]).toBe(heads[1]);
  // Asked afterwards, each instant still answers with what was held then.
  expect(instants.map((at) => revocation.knownAt(ctx, idOf('4a01'), at).evidence?.id)).toEqual(heads);
});

test('what an answer revoked is not said to rest on the newer answer that says good', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, state, idOf } = made;
  let status: ca.OcspAnswer['status'] = { revokedAt: world.clock.at - HOUR, reason: 1 };
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
      const at = world.clock.at - MINUTE;
      const body = ca.makeOcspResponse(issuer, {
        answers: [{ id: ca.certId(issuer, '4a01'), status, thisUpdate: at }],
        producedAt: at,
        certificates: [],
      });
      const base = { contentType: '', etag: null, lastModified: null, date: null, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  await revocation.sweep(ctx, { outbound, force: true });
  await revocation.checkNow(ctx, idOf('4a01'), { outbound });
  const first = state('4a01').evidenceId;
  expect(state('4a01')).toMatchObject({ revocation: 'revoked', revocationSource: 'ocsp' });
  world.clock.advance(HOUR);
  status = 'good';
  await revocation.checkNow(ctx, idOf('4a01'), { outbound });
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toContain('conflict');
  expect(knownNow(made)).toMatchObject({ label: 'revoked', source: 'ocsp', evidence: { id: first } });
});

test('each list that confirms anew is what both the page and the answer name', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep } = made;
  await sweep();
  for (let hour = 0; hour < 3; hour++) {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world));
    await sweep();
    expect(knownNow(made).evidence?.id).toBe(headOf(made));
  }
});

/** Two hosts agree that our clock is ten minutes behind; a list comes that names the certificate and is kept. */
async function frozen() {
  const other = 'http://lain.test/root.crl';
  const made = await office(['4a01', '4a02'], { extensions: { crlUrls: [urls.crl, other] } });
  const { world, net, sweep } = made;
  net.pages.set(other, net.pages.get(urls.crl)!);
  await sweep();
  const before = headOf(made);
  for (const host of ['ca.test', 'lain.test']) net.skew.set(host, -10 * MINUTE);
  world.clock.advance(HOUR);
  await sweep();
  world.clock.advance(HOUR);
  const bytes = list(world, [entry('4a01')], { thisUpdate: world.clock.at - HOUR });
  for (const url of [urls.crl, other]) net.pages.set(url, bytes);
  await sweep();
  expect(revocation.clock(made.ctx).state).toBe('frozen');
  return { ...made, before };
}

test('a list that was kept while our clock was doubted is no evidence of what was believed then', async () => {
  const made = await frozen();
  const { world, ctx, net, sweep, idOf, before } = made;
  const during = world.clock.at;
  expect(knownNow(made)).toMatchObject({ facets: { revocation: 'good' }, evidence: { id: before } });
  world.clock.advance(5 * MINUTE);
  net.skew.clear();
  await sweep();
  await sweep();
  expect(knownNow(made)).toMatchObject({ label: 'revoked' });
  expect(revocation.knownAt(ctx, idOf('4a01'), during)).toMatchObject({
    facets: { revocation: 'good' },
    evidence: { id: before },
  });
});
