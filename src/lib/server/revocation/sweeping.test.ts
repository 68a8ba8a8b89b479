import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import { OutboundError } from '../outbound/index.ts';
import { ia5, retag, seq, tagged } from '../x509/der-writer.ts';
import { readCertificate } from '../x509/index.ts';
import { connection } from '../db/index.ts';
import * as revocation from './index.ts';

const DELTA = 'http://ca.test/delta.crl';
/** freshestCRL (RFC 5280 §5.2.6): one DistributionPoint with one URI. */
const freshest = (url: string) => ({
  oid: '2.5.29.46',
  value: seq(seq(tagged(0, tagged(0, retag(0x86, ia5(url)))))),
});

describe('delta lists', () => {
  test('the address that a list names for its deltas is asked, and the delta speaks on top of the list', async () => {
    const { world, net, sweep, state } = await office(['4a01', '4a02', '4a03']);
    net.pages.set(urls.crl, list(world, [entry('4a03', { reason: 6 })], { extra: [freshest(DELTA)] }));
    const base = lastNumber();
    await sweep();
    expect(state('4a03').revocation).toBe('on_hold');
    expect(revocation.sources(world.ctx()).map((s) => s.url)).toContain(DELTA);
    world.clock.advance(HOUR);
    const news = [entry('4a02'), entry('4a03', { reason: 8 })];
    net.pages.set(DELTA, list(world, news, { deltaOf: base }));
    await sweep();
    expect(state('4a01').revocation).toBe('good');
    expect(state('4a02')).toMatchObject({ revocation: 'revoked', revocationReason: 1 });
    expect(state('4a03').revocation).toBe('released');
    // The complete list alone, confirmed again, takes nothing back.
    await sweep();
    expect(state('4a02').revocation).toBe('revoked');
    expect(state('4a03').revocation).toBe('released');
  });

  test('a delta that builds on another list is refused, and one that is overtaken is dropped', async () => {
    const { world, net, sweep, state } = await office(['4a01', '4a02']);
    net.pages.set(urls.crl, list(world, [], { extra: [freshest(DELTA)] }));
    const base = lastNumber();
    await sweep();
    net.pages.set(DELTA, list(world, [entry('4a02')], { deltaOf: base + 50 }));
    expect(await sweep()).toMatchObject({ refused: 1 });
    expect(state('4a02').revocation).toBe('good');
    world.clock.advance(HOUR);
    net.pages.set(DELTA, list(world, [entry('4a01')], { deltaOf: base }));
    await sweep();
    expect(state('4a01').revocation).toBe('revoked');
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a01')], { extra: [freshest(DELTA)] }));
    await sweep();
    const line = connection(world.db)
      .prepare("select delta_evidence_id as delta from revocation_line where scope = 'all' and issuer_key = ?")
      .get(readCertificate(issuer.certificate).publicKey.spkiSha256) as { delta: string | null };
    expect(line.delta).toBeNull();
    expect(state('4a01').revocation).toBe('revoked');
  });
});

test('lists for different reasons are good only together, and either can revoke', async () => {
  const [a, b] = ['http://ca.test/a.crl', 'http://ca.test/b.crl'];
  const { world, net, sweep, state } = await office(['4a01', '4a02'], {
    extensions: { crlUrls: [a, b], ocspUrls: null },
  });
  net.pages.set(a, list(world, [], { scope: { url: a, reasons: [1, 2, 3] } }));
  await sweep();
  expect(state('4a01').revocation).toBe('undetermined');
  net.pages.set(b, list(world, [entry('4a02', { reason: 4 })], { scope: { url: b, reasons: [4, 5, 6, 7, 8] } }));
  world.clock.advance(HOUR);
  await sweep();
  expect(state('4a01').revocation).toBe('good');
  expect(state('4a02')).toMatchObject({ revocation: 'revoked', revocationReason: 4 });
});

describe('a list that shrinks', () => {
  const many = Array.from({ length: 30 }, (_, i) => entry(`7f${(i + 16).toString(16)}`));

  async function shrunken() {
    const made = await office(['4a01', '4a02', '4a03']);
    const { world, net, sweep } = made;
    net.pages.set(urls.crl, list(world, [...many, entry('4a01', { reason: 6 }), entry('4a03')]));
    await sweep();
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a02')]));
    await sweep();
    const { evidenceId } = connection(world.db)
      .prepare('select evidence_id as evidenceId from revocation_quarantine where ended_at is null')
      .get() as { evidenceId: string };
    return { ...made, evidenceId };
  }

  test('releases nobody, asks nobody about each, and still revokes', async () => {
    const { world, state } = await shrunken();
    expect(state('4a01').revocation).toBe('on_hold');
    expect(state('4a02').revocation).toBe('revoked');
    expect(state('4a03').revocation).toBe('revoked');
    expect(revocation.signals(world.ctx()).map((s) => s.kind)).toEqual(['shrunk']);
  });

  test('stays held back by the next small list, and is whole again with a whole one', async () => {
    const { world, net, sweep, state } = await shrunken();
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a02')]));
    await sweep();
    expect(state('4a01').revocation).toBe('on_hold');
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [...many, entry('4a02'), entry('4a03')]));
    await sweep();
    expect(state('4a01').revocation).toBe('released');
    expect(revocation.signals(world.ctx())).toEqual([]);
  });

  test('a certificate that no list spoke of before is not good by being absent from it', async () => {
    const { add, sweep, state, world, net } = await shrunken();
    await add('4a09');
    await sweep();
    expect(state('4a09').revocation).toBe('undetermined');
    // Nor by being absent from the next one.
    for (let hours = 0; hours < 3; hours++) {
      world.clock.advance(HOUR);
      net.pages.set(urls.crl, list(world, []));
      await sweep();
      expect(state('4a09').revocation).toBe('undetermined');
    }
  });

  test('a person releases it with a reason; then it counts, and the vanished revocation is asked about', async () => {
    const { world, sweep, state, evidenceId } = await shrunken();
    const supervisor = world.person('supervisor');
    const decide = (decision: 'release' | 'keep', reason: string) =>
      revocation.decideQuarantine(supervisor, evidenceId, { decision, reason });
    expect(() => decide('release', 'ok')).toThrow('paling sedikit sepuluh');
    expect(() =>
      revocation.decideQuarantine(world.person('officer'), evidenceId, {
        decision: 'release',
        reason: 'karena begitu',
      }),
    ).toThrow();
    decide('keep', 'menunggu jawaban penerbit');
    await sweep(false);
    expect(state('4a01').revocation).toBe('on_hold');
    decide('release', 'penerbit memindahkan entri lama ke arsip');
    await sweep(false);
    expect(state('4a01').revocation).toBe('released');
    expect(state('4a03').revocation).toBe('revoked');
    expect(revocation.signals(world.ctx()).map((s) => s.kind)).toEqual(['early_removal']);
    expect(() => decide('release', 'sekali lagi dilepas')).toThrow('sudah selesai');
  });
});

test('lists that came while nothing was crossed are taken in their order: what one of them revoked stays revoked', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01', '4a02']);
  await sweep();
  const { takeList } = await import('./taking.ts');
  const { Issuers } = await import('./issuers.ts');
  const key = readCertificate(issuer.certificate).publicKey.spkiSha256;
  const from = { sourceId: null, origin: 'fetched' as const, name: 'x' };
  for (const entries of [[entry('4a01')], []]) {
    world.clock.advance(HOUR);
    const bytes = list(world, entries);
    await takeList(ctx, bytes, key, from, Issuers.read(ctx.db));
    net.pages.set(urls.crl, bytes);
  }
  await sweep(false);
  expect(state('4a01').revocation).toBe('revoked');
  expect(revocation.signals(ctx).map((s) => s.kind)).toEqual(['early_removal']);
});

describe('a host that is down', () => {
  test('is left alone but for one probe, and asked for everything again when the probe is answered', async () => {
    const more = Array.from({ length: 4 }, (_, i) => `http://ca.test/part${i}.crl`);
    const { world, ctx, net } = await office(['4a01'], {
      extensions: { crlUrls: [urls.crl, ...more], ocspUrls: null },
    });
    const root = net.pages.get(urls.rootCrl)!;
    net.pages.clear();
    const lane = () => revocation.sweep(ctx, { outbound: net.outbound, lane: 'all' });
    for (let i = 0; i < 3; i++) {
      await lane();
      world.clock.advance(30 * MINUTE);
    }
    net.asked.length = 0;
    world.clock.advance(6 * HOUR);
    await lane();
    expect(net.asked).toHaveLength(1);
    // The probe failed: the others do not try their luck one after the other.
    await lane();
    expect(net.asked).toHaveLength(1);
    expect(revocation.sweepDue(ctx, 'all')).toBe(false);
    net.pages.set(urls.rootCrl, root);
    for (const url of [urls.crl, ...more]) net.pages.set(url, list(world, [], { scope: { url } }));
    world.clock.advance(7 * HOUR);
    net.asked.length = 0;
    await lane();
    await lane();
    expect(new Set(net.asked).size).toBeGreaterThanOrEqual(5);
  });

  test('a server that says when to come back is not asked before', async () => {
    const { world, ctx, net } = await office(['4a01']);
    net.pages.set(urls.crl, new OutboundError('status', 'HTTP 503', { status: 503, retryAfter: 7200 }));
    await revocation.sweep(ctx, { outbound: net.outbound });
    net.asked.length = 0;
    world.clock.advance(110 * MINUTE);
    await revocation.sweep(ctx, { outbound: net.outbound });
    expect(net.asked).not.toContain(urls.crl);
    world.clock.advance(11 * MINUTE);
    await revocation.sweep(ctx, { outbound: net.outbound });
    expect(net.asked).toContain(urls.crl);
  });
});

describe('a clock that is wrong', () => {
  const elsewhere = ca.urlsAt('http://other.test');

  async function stepped(skew: number, hosts: string[]) {
    const made = await office(['4a01', '4a02'], { extensions: { crlUrls: [urls.crl, elsewhere.crl] } });
    const { world, net, sweep } = made;
    net.pages.set(elsewhere.crl, net.pages.get(urls.crl) as Buffer);
    await sweep();
    expect(revocation.clock(made.ctx)).toMatchObject({ state: 'ok', hosts: 2 });
    for (const host of hosts) net.skew.set(host, skew);
    world.clock.advance(10 * MINUTE);
    const bytes = list(world, [entry('4a02')], { thisUpdate: world.clock.at + Math.max(skew, 0) - MINUTE });
    net.pages.set(urls.crl, bytes);
    net.pages.set(elsewhere.crl, bytes);
    return made;
  }

  test('two hosts that agree freeze every change; what our clock refuses is taken and applied when it is right again', async () => {
    const { world, ctx, net, sweep, state } = await stepped(11 * MINUTE, ['ca.test', 'other.test']);
    await sweep();
    await sweep();
    expect(revocation.clock(ctx)).toMatchObject({ state: 'frozen', offset: 11 * MINUTE, hosts: 2 });
    expect(state('4a02').revocation).toBe('good');
    const kept = connection(world.db).prepare("select count(*) from revocation_evidence where kind = 'crl'").pluck();
    expect(kept.get()).toBe(2);
    const carried = await revocation.checkNow(ctx, state('4a02').id, { outbound: net.outbound });
    expect(carried.text).toContain('dibekukan');
    // The clock is put right.
    world.clock.advance(11 * MINUTE);
    net.skew.clear();
    await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
    await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
    expect(revocation.clock(ctx).state).toBe('ok');
    expect(state('4a02').revocation).toBe('revoked');
  });

  test('one hostile server cannot freeze us, neither among two nor alone', async () => {
    const { ctx, sweep, state } = await stepped(3 * HOUR, ['other.test']);
    await sweep();
    expect(revocation.clock(ctx)).toMatchObject({ hosts: 2 });
    expect(revocation.clock(ctx).state).not.toBe('frozen');
    expect(state('4a01').revocation).toBe('good');
  });
});

describe('what people ask for', () => {
  test('a check is done by jobs, once however often it was pressed, and its page is told', async () => {
    const { world, ctx, net, sweep, ids, state } = await office(['4a01']);
    await sweep();
    const supervisor = world.person('supervisor');
    net.pages.set(urls.crl, list(world, [entry('4a01')]));
    const id = revocation.requestCheck(supervisor, ids[0]!);
    expect(revocation.requestCheck(supervisor, ids[0]!)).toBe(id);
    expect((await revocation.awaited(supervisor, id, 0)).state).toBe('waiting');
    expect(revocation.requestsWaiting(ctx)).toBe(true);
    expect(await revocation.runRequests(ctx, { outbound: net.outbound })).toBe(1);
    expect(await revocation.awaited(supervisor, id, 0)).toMatchObject({ state: 'done', check: { outcome: 'changed' } });
    expect(state('4a01').revocation).toBe('revoked');
    expect(() => revocation.requestCheck(world.person('officer'), ids[0]!)).toThrow();
  });

  test('two people who press at the same time share the question, and both are told', async () => {
    const { world, ctx, net, sweep, ids } = await office(['4a01']);
    await sweep();
    const [first, second] = [world.person('supervisor'), world.person('handler')];
    const id = revocation.requestCheck(first, ids[0]!);
    expect(revocation.requestCheck(second, ids[0]!)).toBe(id);
    const source = revocation.sources(ctx).find((each) => each.url === urls.crl)!;
    const asked = revocation.requestSource(first, source.id);
    expect(revocation.requestSource(second, source.id)).toBe(asked);
    await revocation.runRequests(ctx, { outbound: net.outbound });
    expect(await revocation.awaited(second, id, 0)).toMatchObject({ state: 'done' });
    expect(await revocation.awaited(second, asked, 0)).toMatchObject({ state: 'done' });
    await expect(revocation.awaited(world.person('officer'), asked, 0)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('uploads are judged by jobs and stand under the name of who brought them; junk leaves nothing behind', async () => {
    const { world, ctx, net, sweep, state } = await office(['4a01']);
    await sweep();
    const verifier = world.person('verifier');
    world.clock.advance(HOUR);
    const bytes = list(world, [entry('4a01')]);
    const requested = await revocation.requestEvidence(verifier, [
      { name: 'ca.crl', bytes },
      { name: 'kunci.pem', bytes: Buffer.from('bukan apa-apa') },
    ]);
    await revocation.runRequests(ctx, { outbound: net.outbound });
    const rows = await Promise.all(requested.map((id) => revocation.awaited(verifier, id, 0)));
    expect(rows.map((row) => row.state)).toEqual(['done', 'failed']);
    expect(state('4a01').revocation).toBe('revoked');
    const brought = connection(world.db)
      .prepare("select accepted_by from revocation_evidence where origin = 'uploaded'")
      .pluck()
      .get();
    expect(brought).toBe(`user:${verifier.actor.id}`);
    expect(revocation.uploads(verifier)).toHaveLength(2);
    const files = await import('node:fs');
    const left = files
      .readdirSync(`${world.dir}/files`, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => file.name);
    const known = connection(world.db).prepare('select sha256 from file').pluck().all() as string[];
    expect(left.filter((name) => !known.includes(name))).toEqual([]);
  });
});

test('the same file brought twice is judged twice: who comes second hears the reason, not that it is lost', async () => {
  const { world, ctx, net, sweep } = await office(['4a01']);
  await sweep();
  const refused = Buffer.from('bukan apa-apa');
  const people = [world.person('verifier'), world.person('verifier')];
  const ids: string[] = [];
  for (const person of people)
    ids.push(...(await revocation.requestEvidence(person, [{ name: 'a.crl', bytes: refused }])));
  await revocation.runRequests(ctx, { outbound: net.outbound });
  const texts = await Promise.all(ids.map(async (id, i) => (await revocation.awaited(people[i]!, id, 0)).text));
  expect(texts[1]).toBe(texts[0]);
  expect(texts[0]).not.toContain('tidak ditemukan');
});

test('what is carried here does not wait behind a question to a server that is slow', async () => {
  const { world, ctx, net, sweep, state, idOf } = await office(['4a01', '4a02']);
  await sweep();
  world.clock.advance(HOUR);
  revocation.requestCheck(world.person('supervisor'), idOf('4a02'));
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  const slow = {
    ...net.outbound,
    fetchBounded: (...args: Parameters<typeof net.outbound.fetchBounded>) =>
      held.then(() => net.outbound.fetchBounded(...args)),
  };
  const all = revocation.runRequests(ctx, { outbound: slow });
  const [upload] = await revocation.requestEvidence(world.person('verifier'), [
    { name: 'ca.crl', bytes: list(world, [entry('4a01')]) },
  ]);
  expect((await revocation.awaited(ctx, upload!, 10_000)).state).toBe('done');
  expect(state('4a01').revocation).toBe('revoked');
  answer();
  expect(await all).toBe(2);
});

test('each file of an upload is looked at by itself: one that is refused at the door stands under its name, and holds up no other', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  await sweep();
  world.clock.advance(HOUR);
  const verifier = world.person('verifier');
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const ids = await revocation.requestEvidence(verifier, [
    { name: 'kunci.pem', bytes: Buffer.from(key) },
    { name: 'besar.crl', bytes: Buffer.alloc(revocation.LARGEST_EVIDENCE + 1) },
    { name: 'kosong.crl', bytes: Buffer.alloc(0) },
    { name: 'ca.crl', bytes: list(world, [entry('4a01')]) },
  ]);
  await revocation.runRequests(ctx, { outbound: net.outbound });
  const rows = await Promise.all(ids.map((id) => revocation.awaited(verifier, id, 0)));
  expect(rows.map(({ name, state }) => [name, state])).toEqual([
    ['kunci.pem', 'failed'],
    ['besar.crl', 'failed'],
    ['kosong.crl', 'failed'],
    ['ca.crl', 'done'],
  ]);
  const [keyRow, large, empty] = rows.map(({ text }) => text);
  expect([keyRow, large, empty]).toEqual([
    expect.stringContaining('kunci privat'),
    revocation.EVIDENCE_TOO_LARGE,
    expect.stringContaining('kosong'),
  ]);
  expect(state('4a01').revocation).toBe('revoked');
});

test('what the command line carries stands among the uploads, accepted or refused', async () => {
  const { world, ctx, sweep } = await office(['4a01']);
  await sweep();
  world.clock.advance(HOUR);
  const cli = { ...ctx, actor: { kind: 'system', name: 'cli' } as const };
  await revocation.carryNow(cli, { name: 'ca.crl', bytes: list(world, [entry('4a01')]) });
  await revocation.carryNow(cli, { name: 'sobek.crl', bytes: Buffer.from('bukan apa-apa') });
  const rows = revocation.uploads(world.person('verifier'));
  expect(new Set(rows.map(({ name, state }) => `${name} ${state}`))).toEqual(
    new Set(['ca.crl done', 'sobek.crl failed']),
  );
  expect(rows.find(({ name }) => name === 'ca.crl')!.carried).toMatchObject([{ accepted: true, changed: 1 }]);
  expect(revocation.requestsWaiting(ctx)).toBe(false);
});

test('an address that nobody asked before is asked at once, by the lane that nothing holds up', async () => {
  const { ctx, net, add, sweep, state } = await office(['4a01']);
  await sweep();
  expect(revocation.sweepDue(ctx, 'urgent')).toBe(false);
  const fresh = 'http://new.test/ca.crl';
  net.pages.set(fresh, net.pages.get(urls.crl)!);
  await add('4a02', { extensions: { crlUrls: [fresh], ocspUrls: null } });
  expect(revocation.findSources(ctx)).toBe(1);
  expect(revocation.sweepDue(ctx, 'urgent')).toBe(true);
  net.asked.length = 0;
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  expect(net.asked).toEqual([fresh]);
  expect(state('4a02').revocation).toBe('good');
  expect(revocation.sweepDue(ctx, 'urgent')).toBe(false);
});

test('a person may have one address asked, by jobs', async () => {
  const { world, ctx, net, sweep } = await office(['4a01']);
  await sweep();
  const supervisor = world.person('supervisor');
  const source = revocation.sources(ctx).find((each) => each.url === urls.crl)!;
  const id = revocation.requestSource(supervisor, source.id);
  net.asked.length = 0;
  await revocation.runRequests(ctx, { outbound: net.outbound });
  expect(net.asked).toEqual([urls.crl]);
  expect(await revocation.awaited(supervisor, id, 0)).toMatchObject({ state: 'done', sourceId: source.id });
  expect(() => revocation.requestSource(supervisor, 'tidak-ada')).toThrow('tidak ada');
});
