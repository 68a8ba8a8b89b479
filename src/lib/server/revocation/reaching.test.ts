import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { office } from '#tests/support/revocation-office.ts';
import type { Context } from '../context.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import { outbound, OutboundError, reach, type Endpoint } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import * as revocation from './index.ts';
import { perHost } from './per-host.ts';

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.close();
    if (server instanceof http.Server) server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}
const web = () => listening(http.createServer((_, response) => response.end('ok')));
const mail = () => listening(net.createServer((socket) => socket.end('220 surat.example ESMTP\r\n')));
const silent = () => listening(net.createServer((socket) => socket.on('error', () => {})));
const at = (port: number) => [{ host: '127.0.0.1', port }];

describe('an end-point', () => {
  test('answers, or says at which step it fails', async () => {
    const port = await web();
    const end = { protocol: 'http', host: '127.0.0.1', port } as const;
    expect(await reach(end, at(port))).toMatchObject({ ok: true, step: null, addresses: ['127.0.0.1'] });
    expect(await reach({ ...end, protocol: 'https' }, at(port))).toMatchObject({ ok: false, step: 'tls' });
    const quiet = await silent();
    expect(await reach({ ...end, port: quiet }, at(quiet), 100)).toMatchObject({ ok: false, step: 'first_byte' });
    expect(await reach({ ...end, port: 1 }, at(1))).toMatchObject({ ok: false, step: 'connect' });
    const nowhere = { ...end, host: 'tidak-ada.invalid' };
    expect(await reach(nowhere, [])).toMatchObject({ ok: false, addresses: [] });
  });

  test('inside the office is not connected to unless somebody allowed it; the mail server may stand anywhere', async () => {
    const port = await mail();
    const end = { host: '127.0.0.1', port } as const;
    expect(await reach({ ...end, protocol: 'http' }, [])).toMatchObject({ ok: false, step: 'connect' });
    expect(await reach({ ...end, protocol: 'smtp' }, [])).toMatchObject({ ok: true });
  });
});

test('a test of all hosts says what to open in the firewall and for how many certificates', async () => {
  const [good, dead, smtp] = [await web(), await silent(), await mail()];
  const closed = net.createServer();
  const gone = await listening(closed);
  await new Promise((done) => closed.close(done));
  void dead;
  const { world, ctx } = await office(['4a01', '4a02'], {
    extensions: {
      crlUrls: [`http://127.0.0.1:${good}/ca.crl`],
      ocspUrls: [`http://127.0.0.1:${gone}/ocsp`],
      caIssuers: null,
    },
  });
  revocation.findSources(ctx);
  const administrator = world.person('administrator');
  const allow = [good, gone].map((port) => ({ host: '127.0.0.1', port, why: 'uji', until: '' }));
  settings.set(administrator, 'outboundAllow', allow, { source: 'uji' });
  const supervisor = world.person('supervisor');
  expect(revocation.reachability(supervisor)).toMatchObject({ at: null, running: false });
  const before = revocation.reachability(supervisor, `smtp://127.0.0.1:${smtp}`).rows;
  expect(before.every((row) => row.ok === null)).toBe(true);
  expect(new Set(before.map(({ kind }) => kind))).toEqual(new Set(['crl', 'ocsp', 'smtp']));
  revocation.requestReachability(supervisor);
  revocation.requestReachability(supervisor);
  expect(revocation.reachWaiting(ctx)).toBe(true);
  const only = { ...outbound, reach: (...[end, given]: Parameters<typeof reach>) => reach(end, given, 500) };
  await revocation.testReach(ctx, { outbound: only, smtpUrl: `smtp://127.0.0.1:${smtp}` });
  const { rows, at: tested } = revocation.reachability(supervisor);
  expect(tested).toBe(world.clock.at);
  const row = (kind: string, port: number) => rows.find((each) => each.kind === kind && each.port === port);
  expect(row('crl', good)).toMatchObject({ ok: true, certificates: 2, urls: 1, protocol: 'http' });
  expect(row('ocsp', gone)).toMatchObject({ ok: false, step: 'connect', certificates: 2 });
  expect(row('smtp', smtp)).toMatchObject({ ok: true });
  expect(row('ocsp', gone)!.firewall).toContain(`TCP port ${gone}`);
  expect(rows[0]!.ok).toBe(false);
  expect(await revocation.testReach(ctx, { outbound: only, smtpUrl: '' })).toBe(0);
  expect(() => revocation.requestReachability(world.person('leader'))).toThrow();
  // Whoever keeps the firewall may test it.
  world.clock.advance(1000);
  revocation.requestReachability(administrator);
  expect(revocation.reachWaiting(ctx)).toBe(true);
});

test('a test of reachability counts with whoever asks the same host and port meanwhile', async () => {
  const port = await web();
  const extensions = { crlUrls: [`http://127.0.0.1:${port}/ca.crl`], caIssuers: null };
  const { world, ctx } = await office(['4a01'], { extensions });
  revocation.findSources(ctx);
  revocation.requestReachability(world.person('supervisor'));
  const { promise, resolve } = Promise.withResolvers<void>();
  const sweep = perHost(
    ['a', 'b'],
    () => `127.0.0.1:${port}`,
    () => promise,
  );
  const asked: number[] = [];
  const quiet = {
    ...outbound,
    reach: (end: Endpoint) => {
      asked.push(end.port);
      return Promise.resolve({ ok: true, step: null, text: '', addresses: [], ms: 1 });
    },
  };
  const testing = revocation.testReach(ctx, { outbound: quiet, smtpUrl: '' });
  await setTimeout(20);
  expect(asked).not.toContain(port);
  resolve();
  await Promise.all([sweep, testing]);
  expect(asked).toContain(port);
});

test('a host that is reached, and an address on it that answers with an error, are told apart', async () => {
  const port = await listening(
    http.createServer((request, response) => {
      response.statusCode = request.url === '/ca.crl' ? 500 : 200;
      response.end();
    }),
  );
  const { world, ctx } = await office(['4a01'], {
    extensions: { crlUrls: [`http://127.0.0.1:${port}/ca.crl`], ocspUrls: [], caIssuers: null },
  });
  const allow = [{ host: '127.0.0.1', port, why: 'uji', until: '' }];
  settings.set(world.person('administrator'), 'outboundAllow', allow, { source: 'uji' });
  revocation.findSources(ctx);
  const source = revocation.sources(ctx).find(({ url }) => url.includes(`:${port}/`))!;
  await revocation.sweep(ctx, { outbound, sources: [source.id] });
  revocation.requestReachability(world.person('supervisor'));
  const only = { ...outbound, reach: (...[end, given]: Parameters<typeof reach>) => reach(end, given, 500) };
  await revocation.testReach(ctx, { outbound: only, smtpUrl: '' });
  const row = revocation.reachability(ctx).rows.find((each) => each.port === port)!;
  expect(row).toMatchObject({
    ok: true,
    faulty: [{ sourceId: source.id, text: 'Server menjawab HTTP 500.', fault: 'answered' }],
  });
});

test('what did not answer is nobody’s fault yet; when a test finds the way open it is asked again at once', async () => {
  const { world, ctx, net } = await office(['4a01'], {
    extensions: { crlUrls: ['http://ca.test/ca.crl'], ocspUrls: [], caIssuers: null },
  });
  revocation.findSources(ctx);
  net.pages.set('http://ca.test/ca.crl', new OutboundError('timeout', 'Server tidak menjawab dalam 5 detik.'));
  const ask = () => revocation.sweep(ctx, { outbound: net.outbound, lane: 'all' });
  const source = () => revocation.sources(ctx).find(({ url }) => url === 'http://ca.test/ca.crl')!;
  const faults = () =>
    revocation
      .reachability(ctx)
      .rows.filter(({ kind, host }) => kind === 'crl' && host === 'ca.test')
      .flatMap(({ ok, faulty }) => faulty.map(({ fault }) => ({ ok, fault })));
  for (let i = 0; i < 5; i++) {
    await ask();
    world.clock.at = Math.max(world.clock.at, source().dueAt);
  }
  await ask();
  expect(faults()).toEqual([{ ok: null, fault: 'no_answer' }]);
  const test = async (ok: boolean) => {
    world.clock.advance(MINUTE);
    revocation.requestReachability(world.person('supervisor'));
    const reach = () => Promise.resolve({ ok, step: ok ? null : ('connect' as const), text: '', addresses: [], ms: 1 });
    await revocation.testReach(ctx, { outbound: { ...outbound, reach }, smtpUrl: '' });
  };
  await test(false);
  expect(source().dueAt).toBeGreaterThan(world.clock.at + HOUR);
  await test(true);
  expect(faults()).toEqual([{ ok: true, fault: 'before_test' }]);
  world.clock.advance(1000);
  expect(await ask()).toMatchObject({ asked: 1, failed: 1 });
  expect(faults()).toEqual([{ ok: true, fault: 'no_answer' }]);
});

test('a test that the process died of three times ends, and says so at what it had not tested', async () => {
  const { ctx } = await office(['4a01']);
  revocation.findSources(ctx);
  revocation.requestReachability({ ...ctx, actor: { kind: 'system', name: 'cli' } });
  // What jobs hand to a verb whose attempts are used up (jobs/attempts.ts).
  const attempt: NonNullable<Context['attempt']> = (_, __, giveUp) => Promise.resolve(giveUp());
  await revocation.testReach({ ...ctx, attempt }, { outbound, smtpUrl: '' });
  const { rows, running } = revocation.reachability(ctx);
  expect(running).toBe(false);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ ok, text }) => ok === false && text.includes('tiga kali'))).toBe(true);
});

test('what stands on one host stands together and is one rule of the firewall; what came after the test is not tested yet', async () => {
  const { ctx, world } = await office(['4a01'], {
    extensions: {
      crlUrls: ['http://satu.test/ca.crl', 'http://dua.test/ca.crl'],
      ocspUrls: ['http://satu.test/ocsp'],
      caIssuers: null,
    },
  });
  revocation.findSources(ctx);
  revocation.requestReachability(world.person('supervisor'));
  const script = {
    ...outbound,
    reach: ({ host }: { host: string }) =>
      Promise.resolve({ ok: host !== 'satu.test', step: null, text: '', addresses: [], ms: 1 }),
  };
  await revocation.testReach(ctx, { outbound: script, smtpUrl: '' });
  const { rows } = revocation.reachability(ctx, 'smtp://surat.test:25');
  const hosts = rows.map(({ host }) => host);
  expect(hosts.filter((host, i) => host !== hosts[i - 1])).toHaveLength(new Set(hosts).size);
  expect(hosts[0]).toBe('satu.test');
  const rules = new Set(rows.filter(({ host }) => host === 'satu.test').map(({ firewall }) => firewall));
  expect([...rules]).toEqual([expect.stringMatching(/ke satu\.test, TCP port 80 .*CRL.* dan .*OCSP/)]);
  expect(rows.find(({ kind }) => kind === 'smtp')).toMatchObject({
    ok: null,
    text: 'Belum diuji.',
    host: 'surat.test',
  });
});
