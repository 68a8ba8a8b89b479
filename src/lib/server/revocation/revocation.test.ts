import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as ca from '../../../bin/demo/ca.ts';
import * as certificates from '../certificates/index.ts';
import { outbound, OutboundError, type Outbound } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';
import { buildRequest } from './ocsp-request.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const BASE = 'http://ca.test';
const urls = ca.urlsAt(BASE);
const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life, urls });
const stranger = ca.makeRoot({ key: ca.makeKey('p256'), ...life });

/** A scripted network: what each address answers; counts what was asked. */
function network(world: World) {
  const pages = new Map<string, Buffer | OutboundError | ((body: Buffer | undefined) => Buffer)>();
  const asked: string[] = [];
  const script: Outbound = {
    ...outbound,
    fetchBounded: async (url, options = {}) => {
      asked.push(url);
      // A GET carries its question in the address (RFC 6960 Appendix A.1).
      const [, at = url, got] = /^(.*\/ocsp)\/(.+)$/.exec(url) ?? [];
      const question = got ? Buffer.from(decodeURIComponent(got), 'base64') : (options.body as Buffer | undefined);
      const page = pages.get(at);
      if (!page) throw new OutboundError('connect', 'Server tidak dapat dijangkau.');
      if (page instanceof Error) throw page;
      const body = typeof page === 'function' ? page(question) : page;
      const etag = `"${body.length}-${body.subarray(-8).toString('hex')}"`;
      const base = {
        contentType: '',
        etag,
        lastModified: null,
        date: world.clock.at,
        retryAfter: null,
        url,
        address: '192.0.2.1',
      };
      return options.etag === etag ? { ...base, status: 304, body: Buffer.alloc(0) } : { ...base, status: 200, body };
    },
  };
  return { pages, asked, outbound: script };
}

let lists = 0;
const list = (
  world: World,
  entries: ca.RevokedEntry[] = [],
  extra: Partial<ca.CrlRequest> = {},
  signer: ca.Authority = issuer,
) =>
  ca.makeCrl(signer, {
    entries,
    number: ++lists,
    thisUpdate: world.clock.at - MINUTE,
    nextUpdate: world.clock.at + DAY,
    ...extra,
  });
const entry = (serial: string, extra: Partial<ca.RevokedEntry> = {}): ca.RevokedEntry => ({
  serial,
  revokedAt: NOW - DAY,
  reason: 1,
  ...extra,
});

/** An office that trusts the root and holds certificates with these serials. */
async function office(serials: string[], extra: Partial<Parameters<typeof ca.makeLeaf>[1]> = {}) {
  const world = makeWorld();
  const admin = world.person('administrator');
  const put = (name: string, bytes: Buffer) => certificates.importFile(world.ctx(), { name, bytes });
  await put('root.cer', root.certificate);
  await put('ca.cer', issuer.certificate);
  const anchor = certificates.authorities(world.ctx()).find((a) => a.selfSigned)!;
  certificates.decideTrust(admin, anchor.id, {
    decision: 'accept',
    fingerprint: anchor.fingerprint,
    note: 'Dibandingkan dengan situs resmi',
  });
  const ids: string[] = [];
  for (const serial of serials) {
    await put(
      `${serial}.cer`,
      ca.makeLeaf(issuer, { notBefore: NOW - 100 * DAY, serial, commonName: `ORANG ${serial}`, urls, ...extra }),
    );
    ids.push(idOf(world, serial));
  }
  const net = network(world);
  net.pages.set(urls.rootCrl, list(world, [], { nextUpdate: NOW + 180 * DAY }, root));
  net.pages.set(urls.crl, list(world));
  const sweep = (force = true) => revocation.sweep(world.ctx(), { outbound: net.outbound, force });
  return { world, ids, net, sweep, ctx: world.ctx(), put };
}
const idOf = (world: World, serial: string): string =>
  connection(world.db).prepare('select id from certificate where serial = ?').pluck().get(serial) as string;
const stateOf = (world: World, id: string) => certificates.get(world.ctx(), id);
const actionsOf = (world: World) =>
  connection(world.db).prepare('select action from audit_entry order by seq').pluck().all() as string[];

describe('a sweep', () => {
  test('turns a listed certificate revoked and the others good, with evidence, reason and the three times', async () => {
    const { world, ids, net, sweep } = await office(['4a01', '4a02']);
    net.pages.set(urls.crl, list(world, [entry('4a02', { invalidityDate: NOW - 9 * DAY })]));
    expect(await sweep()).toMatchObject({ asked: 2, fresh: 2, failed: 0, changed: 2, revoked: 1 });
    expect(stateOf(world, ids[0]!)).toMatchObject({ label: 'valid', revocation: 'good', revocationSource: 'crl' });
    const revoked = stateOf(world, ids[1]!);
    expect(revoked).toMatchObject({
      label: 'revoked',
      revocationReason: 1,
      revokedAt: NOW - DAY,
      invalidityAt: NOW - 9 * DAY,
      revocationSeenAt: NOW,
    });
    expect(revocation.evidence(world.ctx(), revoked.evidenceId!)).toMatchObject({
      kind: 'crl',
      entryCount: 1,
      current: true,
    });
    expect(revocation.explain(world.ctx(), ids[1]!).evidence?.text).toContain('CRL BSRE CA UJI G1 nomor');
  });

  test('asks only what certificates under an accepted anchor name', async () => {
    const { world, net, sweep, put } = await office(['4a01']);
    await put(
      'x.cer',
      ca.makeLeaf(stranger, { notBefore: NOW - DAY, serial: '99', urls: ca.urlsAt('http://evil.test') }),
    );
    await sweep();
    expect(net.asked.sort()).toEqual([urls.crl, urls.rootCrl].sort());
    expect(revocation.sources(world.ctx()).map((s) => s.url)).not.toContain('http://evil.test/ca.crl');
  });

  test('twice changes nothing and a 304 confirms: only the instants move, no entry is written', async () => {
    const { world, ids, sweep } = await office(['4a01']);
    await sweep();
    const before = actionsOf(world).length;
    world.clock.advance(HOUR);
    expect(await sweep(false)).toMatchObject({ asked: 2, same: 2, fresh: 0, changed: 0 });
    expect(stateOf(world, ids[0]!)).toMatchObject({ confirmedAt: NOW + HOUR, label: 'valid' });
    expect(actionsOf(world)).toHaveLength(before);
    world.clock.advance(10 * MINUTE);
    expect(await sweep(false)).toMatchObject({ asked: 0, changed: 0 });
  });

  test('crosses certificates that came after the list, without asking again', async () => {
    const { world, net, sweep, put } = await office(['4a01']);
    net.pages.set(urls.crl, list(world, [entry('4a09')]));
    await sweep();
    world.clock.advance(MINUTE);
    await put('late.cer', ca.makeLeaf(issuer, { notBefore: NOW - 50 * DAY, serial: '4a09', urls }));
    expect(await sweep(false)).toMatchObject({ asked: 0, revoked: 1 });
    expect(stateOf(world, idOf(world, '4a09')).label).toBe('revoked');
  });

  test('killed between accepting a list and crossing it, the next run completes', async () => {
    const { world, ids, net, sweep } = await office(['4a01', '4a02', '4a03']);
    await sweep();
    net.pages.set(urls.crl, list(world, [entry('4a03')]));
    world.clock.advance(HOUR);
    const client = connection(world.db);
    client.exec("create trigger power_cut before insert on status_event begin select raise(abort, 'power cut'); end");
    await expect(sweep()).rejects.toThrow('power cut');
    client.exec('drop trigger power_cut');
    expect(stateOf(world, ids[2]!).label).toBe('valid');
    expect(await sweep(false)).toMatchObject({ asked: 0, revoked: 1 });
    expect(stateOf(world, ids[2]!).label).toBe('revoked');
  });

  test('a failure changes no state: it is counted on the source, backs off, and the evidence ages', async () => {
    const { world, ids, net, sweep, ctx } = await office(['4a01']);
    await sweep();
    net.pages.set(urls.crl, new OutboundError('timeout', 'Server tidak menjawab.'));
    for (let i = 0; i < 3; i++) {
      world.clock.advance(2 * HOUR);
      await sweep(false);
    }
    const view = revocation.sources(ctx).find((s) => s.url === urls.crl)!;
    expect(view).toMatchObject({
      failures: 3,
      state: 'failing',
      failureText: 'Server tidak menjawab.',
      certificates: 1,
    });
    // 20 minutes, and up to a fifth more so that sources that failed together do not come back together.
    expect(view.dueAt).toBeGreaterThanOrEqual(world.clock.at + 20 * MINUTE);
    expect(view.dueAt).toBeLessThan(world.clock.at + 24 * MINUTE);
    expect(stateOf(world, ids[0]!)).toMatchObject({ revocation: 'good', label: 'valid' });
    world.clock.advance(2 * DAY);
    expect(stateOf(world, ids[0]!)).toMatchObject({ revocation: 'good', label: 'stale' });
    expect(revocation.tasks(ctx)).toMatchObject([{ kind: 'source', button: 'Lihat Sumber' }]);
    net.pages.set(urls.crl, list(world));
    await sweep();
    expect(stateOf(world, ids[0]!).label).toBe('valid');
  });

  test('a web page that comes instead of a list is said to be one, and by whom it may come', async () => {
    const { net, sweep, ctx } = await office(['4a01']);
    const source = () => revocation.sources(ctx).find((s) => s.url === urls.crl)!;
    for (const page of ['<html><body>Masuk Wi-Fi Kantor</body></html>', '\ufeff\r\n<!DOCTYPE html>']) {
      net.pages.set(urls.crl, Buffer.from(page));
      await sweep();
      expect(source()).toMatchObject({
        failureCode: 'web_page',
        failureText: expect.stringMatching(/halaman web.*proksi/),
      });
    }
    net.pages.set(urls.crl, Buffer.from('0123456789'));
    await sweep();
    expect(source()).toMatchObject({ failureCode: 'unreadable' });
  });

  test('a forged, foreign, old or broken list is kept as refused and changes nothing', async () => {
    const { world, ids, net, sweep, ctx } = await office(['4a01', '4a02']);
    net.pages.set(urls.crl, list(world, [entry('4a02')]));
    await sweep();
    const before = ids.map((id) => stateOf(world, id));
    const forged = ca.makeCrl(
      { ...stranger, name: issuer.name, keyId: issuer.keyId },
      { entries: [], number: 999, thisUpdate: NOW, nextUpdate: NOW + DAY },
    );
    const bad = [
      forged,
      list(world, [], { number: 1, thisUpdate: NOW - DAY }),
      list(world, [], {}, stranger),
      Buffer.from('<html>'),
      Buffer.alloc(0),
    ];
    for (const bytes of bad) {
      net.pages.set(urls.crl, bytes);
      world.clock.advance(MINUTE);
      expect(await sweep()).toMatchObject({ refused: 1, changed: 0 });
    }
    expect(ids.map((id) => ({ ...stateOf(world, id), updatedAt: 0 }))).toMatchObject(
      before.map(({ revocation, revokedAt, evidenceId }) => ({ revocation, revokedAt, evidenceId })),
    );
    const id = revocation.sources(ctx).find((s) => s.url === urls.crl)!.id;
    expect(
      revocation
        .source(ctx, id)
        .refused.map((r) => r.code)
        .sort(),
    ).toEqual(['bad_signature', 'issuer_unknown', 'older_than_known', 'unreadable', 'unreadable'].sort());
  });

  test('a revoked certificate that vanishes from the list stays revoked, with one signal', async () => {
    const { world, ids, net, sweep, ctx } = await office(['4a01']);
    net.pages.set(urls.crl, list(world, [entry('4a01')]));
    await sweep();
    for (let i = 0; i < 3; i++) {
      world.clock.advance(HOUR);
      net.pages.set(urls.crl, list(world));
      await sweep();
    }
    expect(stateOf(world, ids[0]!).label).toBe('revoked');
    expect(revocation.signals(ctx)).toMatchObject([{ kind: 'early_removal', certificateId: ids[0] }]);
    expect(revocation.tasks(ctx)[0]?.title).toContain('hilang dari CRL');
  });

  test('many that vanish from one list are one row of work with a day to ask the issuer', async () => {
    const serials = ['4a01', '4a02', '4a03', '4a04'];
    const { world, net, sweep, ctx } = await office(serials);
    net.pages.set(
      urls.crl,
      list(
        world,
        [...serials, '4a99'].map((serial) => entry(serial)),
      ),
    );
    await sweep();
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a99')]));
    await sweep();
    expect(revocation.signals(ctx)).toHaveLength(4);
    expect(revocation.tasks(ctx)).toMatchObject([
      {
        about: expect.stringContaining('4 sertifikat'),
        dueAt: world.clock.at + 24 * HOUR,
        href: expect.stringMatching(/^\/sources\/signals\?kind=early_removal&evidence=[\w-]+$/) as string,
      },
    ]);
  });

  test('a hold is released by a newer complete list', async () => {
    const { world, ids, net, sweep } = await office(['4a01']);
    net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })]));
    await sweep();
    expect(stateOf(world, ids[0]!).label).toBe('on_hold');
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world));
    await sweep();
    expect(stateOf(world, ids[0]!)).toMatchObject({ revocation: 'released', label: 'valid' });
  });

  test('a CA that its own issuer revoked breaks the chain of everything below it', async () => {
    const { world, ids, net, sweep } = await office(['4a01']);
    const serial = certificates.authorities(world.ctx()).find((a) => !a.selfSigned)!.serial;
    net.pages.set(urls.rootCrl, list(world, [entry(serial)], {}, root));
    await sweep();
    expect(stateOf(world, ids[0]!)).toMatchObject({ chain: 'ca_revoked', label: 'ca_revoked' });
  });

  test('a record without its file is revoked by issuer and serial, and never made good', async () => {
    const { world, net, sweep } = await office(['4a01']);
    const dataOnly = (id: string, serial: string) =>
      connection(world.db)
        .prepare(
          "insert into certificate (id, issuer, serial, subject, common_name, use, source, added_at, updated_at) values (?, 'BSRE CA UJI G1', ?, '', 'X', 'signature', 'sheet', 1, 1)",
        )
        .run(id, serial);
    dataOnly('d1', '4b01');
    dataOnly('d2', '4b02');
    net.pages.set(urls.crl, list(world, [entry('4b01')]));
    await sweep();
    expect(stateOf(world, 'd1').label).toBe('revoked');
    expect(stateOf(world, 'd2')).toMatchObject({ label: 'data_only', revocation: 'undetermined' });
  });

  test('an open incident puts the list into the five-minute lane', async () => {
    const { world, ids, net, sweep, ctx } = await office(['4a01']);
    await sweep();
    world.clock.advance(6 * MINUTE);
    expect(await sweep(false)).toMatchObject({ asked: 0 });
    certificates.mark(ctx, ids[0]!, 'pending_revocation', 'INS-2026-0001');
    net.pages.set(urls.crl, list(world, [entry('4a01')]));
    expect(await sweep(false)).toMatchObject({ asked: 1, revoked: 1 });
  });
});

test('the urgent lane leaves routine polls alone and takes what somebody asked for', async () => {
  const { world, net } = await office(['4a01']);
  const urgent = () => revocation.sweep(world.ctx(), { outbound: net.outbound, lane: 'urgent' });
  expect(await urgent()).toMatchObject({ asked: 2 });
  world.clock.advance(2 * HOUR);
  expect(await urgent()).toMatchObject({ asked: 0 });
  expect(await revocation.sweep(world.ctx(), { outbound: net.outbound, lane: 'all' })).toMatchObject({ asked: 2 });
  world.clock.advance(MINUTE);
  expect(revocation.requestSweep(world.person('handler'))).toBe(2);
  expect(await urgent()).toMatchObject({ asked: 2 });
  expect(await urgent()).toMatchObject({ asked: 0 });
});

describe('asking now', () => {
  const responder = ca.makeResponder(issuer, {
    key: ca.makeKey('p256'),
    notBefore: NOW - 10 * DAY,
    notAfter: NOW + 50 * DAY,
  });
  const respond =
    (world: World, status: ca.OcspAnswer['status']) =>
    (body: Buffer | undefined): Buffer => {
      const question = ca.readOcspRequest(body!);
      const answers = question.ids.map(({ der }) => ({ id: der, status, thisUpdate: world.clock.at - 1000 }));
      return ca.makeOcspResponse(responder, { answers, producedAt: world.clock.at - 1000, nonce: question.nonce });
    };

  test('an OCSP answer settles it at once, in either direction', async () => {
    const { world, ids, net } = await office(['4a01', '4a02']);
    const handler = world.person('handler');
    net.pages.set(urls.ocsp, respond(world, 'good'));
    expect(await revocation.checkNow(handler, ids[0]!, net)).toMatchObject({
      outcome: 'changed',
      text: 'Status berubah: Berlaku.',
    });
    expect(stateOf(world, ids[0]!)).toMatchObject({ label: 'valid', revocationSource: 'ocsp' });
    net.pages.set(urls.ocsp, respond(world, { revokedAt: NOW - HOUR, reason: 1 }));
    expect(await revocation.checkNow(handler, ids[1]!, net)).toMatchObject({ outcome: 'changed' });
    expect(stateOf(world, ids[1]!)).toMatchObject({ label: 'revoked', revocationSource: 'ocsp', revocationReason: 1 });
  });

  test('tryLater, a foreign signer and a replay fall back to the list and change nothing by themselves', async () => {
    const { world, ids, net } = await office(['4a01']);
    const handler = world.person('handler');
    const recorded = respond(
      world,
      'good',
    )(buildRequest({ serial: '4a01', issuer: readCertificate(issuer.certificate) }, Buffer.alloc(32, 9)));
    for (const answer of [ca.makeOcspError(3), ca.makeOcspError(6), recorded, Buffer.from('no')]) {
      net.pages.set(urls.ocsp, answer);
      net.pages.delete(urls.crl);
      expect(await revocation.checkNow(handler, ids[0]!, net)).toMatchObject({ outcome: 'failed' });
      expect(stateOf(world, ids[0]!).label).toBe('never_checked');
    }
    net.pages.set(urls.crl, list(world));
    expect(await revocation.checkNow(handler, ids[0]!, net)).toMatchObject({ outcome: 'changed' });
    expect(stateOf(world, ids[0]!)).toMatchObject({ label: 'valid', revocationSource: 'crl' });
  });

  test('a certificate of an issuer nobody trusted is never asked about', async () => {
    const { world, net, put } = await office([]);
    await put(
      'x.cer',
      ca.makeLeaf(stranger, { notBefore: NOW - DAY, serial: '99', urls: ca.urlsAt('http://evil.test') }),
    );
    await expect(revocation.checkNow(world.person('handler'), idOf(world, '99'), net)).rejects.toThrow(
      'belum dipercaya',
    );
    expect(net.asked).toEqual([]);
  });

  test('a responder that takes no GET, or misreads it, gets the same question by POST', async () => {
    for (const refusal of [new OutboundError('status', 'Tidak boleh.', { status: 405 }), ca.makeOcspError(1)]) {
      const { world, ids, net } = await office(['4a05'], { extensions: { crlUrls: null } });
      const methods: string[] = [];
      const picky: Outbound = {
        ...net.outbound,
        fetchBounded: async (url, options = {}) => {
          if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
          methods.push(options.method!);
          net.pages.set(urls.ocsp, options.method === 'GET' ? refusal : respond(world, 'good'));
          return net.outbound.fetchBounded(url, options);
        },
      };
      expect(await revocation.sweep(world.ctx(), { outbound: picky, force: true })).toMatchObject({ questions: 1 });
      expect(methods).toEqual(['GET', 'POST']);
      expect(stateOf(world, ids[0]!)).toMatchObject({ label: 'valid', revocationSource: 'ocsp' });
    }
  });

  test('who waits gets an answer made now, by POST with a nonce; a sweep takes what a cache may hold, by GET', async () => {
    const { world, ids, net, sweep } = await office(['4a05'], { extensions: { crlUrls: null } });
    const nonces: boolean[] = [];
    net.pages.set(urls.ocsp, (body) => {
      nonces.push(ca.readOcspRequest(body!).nonce !== null);
      return respond(world, 'good')(body);
    });
    await sweep();
    await revocation.checkNow(world.person('handler'), ids[0]!, net);
    expect(nonces).toEqual([false, true]);
    expect(net.asked.filter((url) => url.startsWith(urls.ocsp))).toEqual([
      expect.stringMatching(/\/ocsp\/[A-Za-z0-9%]+$/),
      urls.ocsp,
    ]);
  });

  test('OCSP is used by the sweep where a certificate names no list', async () => {
    const { world, ids, net, sweep } = await office(['4a05'], { extensions: { crlUrls: null } });
    net.pages.set(urls.ocsp, respond(world, 'good'));
    expect(await sweep()).toMatchObject({ questions: 1 });
    expect(stateOf(world, ids[0]!)).toMatchObject({ label: 'valid', revocationSource: 'ocsp' });
    expect(await sweep()).toMatchObject({ questions: 0 });
  });

  test('"never issued" is never good and raises a signal', async () => {
    const { world, ids, net, ctx } = await office(['4a01']);
    net.pages.set(urls.ocsp, respond(world, { revokedAt: 0, reason: 6 }));
    await revocation.checkNow(world.person('handler'), ids[0]!, net);
    expect(stateOf(world, ids[0]!).label).toBe('on_hold');
    expect(revocation.signals(ctx)).toMatchObject([{ kind: 'non_issued' }]);
  });

  test('an officer may not ask', async () => {
    const { ids, net, world } = await office(['4a01']);
    await expect(revocation.checkNow(world.person('officer'), ids[0]!, net)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('evidence carried by hand', () => {
  test('counts like fetched evidence and passes the same rules', async () => {
    const { world, ids, ctx } = await office(['4a01', '4a02']);
    const verifier = world.person('verifier');
    const good = await revocation.addEvidence(verifier, { name: 'ca.crl', bytes: list(world, [entry('4a02')]) });
    expect(good).toMatchObject({ kind: 'crl', accepted: true, known: false, changed: 2 });
    expect(stateOf(world, ids[1]!).label).toBe('revoked');
    expect(revocation.evidence(ctx, good.evidenceIds[0]!)).toMatchObject({ origin: 'uploaded' });
    const forged = ca.makeCrl(
      { ...stranger, name: issuer.name, keyId: issuer.keyId },
      { entries: [], number: 999, thisUpdate: NOW, nextUpdate: NOW + DAY },
    );
    expect(await revocation.addEvidence(verifier, { name: 'f.crl', bytes: forged })).toMatchObject({
      accepted: false,
      clause: 'RFC 5280 §6.3.3 g',
    });
    expect(
      await revocation.addEvidence(verifier, { name: 's.crl', bytes: list(world, [], {}, stranger) }),
    ).toMatchObject({
      accepted: false,
    });
    expect(await revocation.addEvidence(verifier, { name: 'later', bytes: ca.makeOcspError(3) })).toMatchObject({
      accepted: false,
      text: expect.stringContaining('tryLater'),
    });
    expect(await revocation.addEvidence(verifier, { name: 'x', bytes: Buffer.from('hello') })).toMatchObject({
      accepted: false,
      kind: null,
    });
    expect(stateOf(world, ids[1]!).label).toBe('revoked');
  });

  test('the same file again only confirms', async () => {
    const { world, ids } = await office(['4a01']);
    const verifier = world.person('verifier');
    const bytes = list(world);
    await revocation.addEvidence(verifier, { name: 'ca.crl', bytes });
    world.clock.advance(HOUR);
    expect(await revocation.addEvidence(verifier, { name: 'ca.crl', bytes })).toMatchObject({
      accepted: true,
      known: true,
      changed: 0,
    });
    expect(stateOf(world, ids[0]!).confirmedAt).toBe(NOW + HOUR);
  });

  test('an OCSP response finds its certificate', async () => {
    const { world, ids } = await office(['4a01']);
    const answers = [
      { id: ca.certId(issuer, '4a01'), status: { revokedAt: NOW - HOUR }, thisUpdate: NOW - MINUTE } as const,
    ];
    const bytes = ca.makeOcspResponse(issuer, { answers, producedAt: NOW - MINUTE, certificates: [] });
    expect(await revocation.addEvidence(world.person('verifier'), { name: 'a.ors', bytes })).toMatchObject({
      kind: 'ocsp',
      accepted: true,
    });
    expect(stateOf(world, ids[0]!).label).toBe('revoked');
  });
});

describe('the invariant', () => {
  test('no sequence of unverified inputs makes a certificate good or takes it out of revoked', async () => {
    const { world, ids, net, sweep } = await office(['4a01', '4a02']);
    const handler = world.person('handler');
    // 4a01 has never been checked; the CA itself says that 4a02 is revoked.
    const answers = [
      { id: ca.certId(issuer, '4a02'), status: { revokedAt: NOW - HOUR }, thisUpdate: NOW - MINUTE } as const,
    ];
    const revoked = ca.makeOcspResponse(issuer, { answers, producedAt: NOW - MINUTE, certificates: [] });
    await revocation.addEvidence(world.person('verifier'), { name: 'r', bytes: revoked });
    let seed = 7;
    const random = (n: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    const good = list(world, [], { number: 10_000 });
    const responses = [
      ca.makeOcspResponse(stranger, {
        answers: [{ id: ca.certId(issuer, '4a02'), status: 'good', thisUpdate: NOW }],
        producedAt: NOW,
      }),
    ];
    for (let i = 0; i < 60; i++) {
      const base = [good, list(world, [], {}, stranger), responses[0]!, ca.makeOcspError(6)][random(4)]!;
      const bytes = Buffer.from(base);
      // Inside the signed part, so that no mutation is harmless.
      const at = base === good ? 12 + random(60) : random(bytes.length);
      bytes[at]! ^= 1 + random(255);
      const cut = random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
      if (random(2)) await revocation.addEvidence(world.person('verifier'), { name: 'x', bytes: cut });
      else {
        net.pages.set(urls.crl, cut);
        net.pages.set(urls.ocsp, cut);
        if (random(2)) await sweep();
        else await revocation.checkNow(handler, ids[random(2)]!, net);
      }
      world.clock.advance(MINUTE);
      expect(stateOf(world, ids[0]!).revocation).toBe('undetermined');
      expect(stateOf(world, ids[1]!).revocation).toBe('revoked');
    }
    // The same list, untouched, is believed: it was the seal that was missing.
    expect(await revocation.addEvidence(world.person('verifier'), { name: 'x', bytes: good })).toMatchObject({
      accepted: true,
    });
    expect(stateOf(world, ids[0]!).revocation).toBe('good');
    expect(stateOf(world, ids[1]!).revocation).toBe('revoked');
  });
});

test('over a real loopback server with an allow entry, the whole way', async () => {
  const world = makeWorld();
  const admin = world.person('administrator');
  let bytes: Buffer = Buffer.alloc(0);
  const server = http.createServer((request, response) => {
    response.setHeader('etag', `"${bytes.length}"`);
    if (request.headers['if-none-match'] === `"${bytes.length}"`) response.statusCode = 304;
    response.end(response.statusCode === 304 ? undefined : bytes);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const local = ca.urlsAt(`http://127.0.0.1:${port}`);
  for (const [name, file] of [
    ['root', root.certificate],
    ['ca', issuer.certificate],
    ['leaf', ca.makeLeaf(issuer, { notBefore: NOW - DAY, serial: '4c01', urls: local })],
  ] as const) {
    await certificates.importFile(world.ctx(), { name: `${name}.cer`, bytes: file });
  }
  const anchor = certificates.authorities(world.ctx()).find((a) => a.selfSigned)!;
  certificates.decideTrust(admin, anchor.id, {
    decision: 'accept',
    fingerprint: anchor.fingerprint,
    note: 'Dibandingkan dengan situs resmi',
  });
  await certificates.runChains(world.ctx());
  bytes = list(world, [entry('4c01')]);
  expect(await revocation.sweep(world.ctx(), { outbound, force: true })).toMatchObject({ failed: 2, changed: 0 });
  const allow = [{ host: '127.0.0.1', port, why: 'CA uji', until: '' }];
  settings.set(admin, 'outboundAllow', allow, { source: 'uji' });
  expect(await revocation.sweep(world.ctx(), { outbound, force: true })).toMatchObject({ fresh: 1, revoked: 1 });
  expect(stateOf(world, idOf(world, '4c01')).label).toBe('revoked');
  expect(await revocation.sweep(world.ctx(), { outbound, force: true })).toMatchObject({ same: 1, changed: 0 });
});
