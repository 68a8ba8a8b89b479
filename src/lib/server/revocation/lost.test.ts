// Evidence whose file is lost or changed on our own disk: nothing else stops, people are told, the bytes are asked for again.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { ia5, retag, seq, tagged } from '../x509/der-writer.ts';
import * as revocation from './index.ts';
import { storyOf } from './signal-words.ts';
import { Issuers } from './issuers.ts';
import { takeList } from './taking.ts';

type Office = Awaited<ReturnType<typeof office>>;

/** Where the bytes of the newest list of an address lie. */
function fileOf({ world }: Office, url: string): string {
  const sha = connection(world.db)
    .prepare(
      `select e.sha256 from revocation_source s join revocation_evidence e on e.id = s.evidence_id
        where s.kind = 'crl' and s.url = ?`,
    )
    .pluck()
    .get(url) as string;
  return join(world.dir, 'files', sha.slice(0, 2), sha.slice(2, 4), sha);
}

/** The same process with nothing remembered from before, as after a restart. */
async function restarted(): Promise<typeof revocation> {
  vi.resetModules();
  return import('./index.ts');
}

test('after a restart the lost list of one issuer is asked for as a whole, and lies there again', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep } = made;
  await sweep();
  const file = fileOf(made, urls.rootCrl);
  rmSync(file);
  world.clock.advance(MINUTE);
  const again = await restarted();
  expect(again.findSources(ctx)).toBe(0);
  expect(again.signals(ctx)).toMatchObject([{ kind: 'underived', certificateId: null }]);
  expect(again.sources(ctx).find(({ url }) => url === urls.rootCrl)).toMatchObject({
    failures: 1,
    failureCode: 'lost',
  });
  net.asked.length = 0;
  await again.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  expect(net.asked).toEqual([urls.rootCrl]);
  expect(existsSync(file)).toBe(true);
  expect(again.signals(ctx)).toEqual([]);
  expect(again.sources(ctx).find(({ url }) => url === urls.rootCrl)).toMatchObject({ failures: 0 });
});

test('a list that changed on the disk and whose server sends nonsense stops no other issuer', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  await sweep();
  writeFileSync(fileOf(made, urls.rootCrl), 'lain');
  net.pages.set(urls.rootCrl, Buffer.from('bukan CRL'));
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  world.clock.advance(HOUR);
  const again = await restarted();
  await again.sweep(ctx, { outbound: net.outbound, lane: 'all' });
  expect(state('4a01').revocation).toBe('revoked');
  expect(again.signals(ctx)).toMatchObject([{ kind: 'underived' }]);
  expect(storyOf(again.signals(ctx)[0]!).what).toContain('hilang atau berubah');
});

test('what is lost of one line does not silence another, nor an answer; but nobody becomes good by what is left', async () => {
  const part = 'http://lain.test/bagian.crl';
  const made = await office(['4a01', '4a02', '4a03'], { extensions: { crlUrls: [urls.crl, part] } });
  const { world, ctx, net, sweep, state, idOf } = made;
  net.pages.set(
    part,
    ca.makeCrl(issuer, {
      entries: [],
      number: 500,
      thisUpdate: world.clock.at - MINUTE,
      nextUpdate: world.clock.at + 90 * DAY,
      scope: { url: part },
    }),
  );
  await sweep();
  const file = fileOf(made, part);
  const kept = readFileSync(file);
  rmSync(file);
  net.pages.delete(part);
  await made.add('4a04');
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  expect(state('4a01').revocation).toBe('revoked');
  expect(state('4a02').revocation).toBe('good');
  expect(state('4a04').revocation).toBe('undetermined');
  const at = world.clock.at - 1000;
  const answers = [
    { id: ca.certId(issuer, '4a03'), status: { revokedAt: at - HOUR, reason: 1 }, thisUpdate: at } as const,
  ];
  const bytes = ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
  expect(await revocation.addEvidence(world.person('verifier'), { name: 'x.ors', bytes })).toMatchObject({
    accepted: true,
    changed: 1,
  });
  expect(certificates.get(ctx, idOf('4a03')).revocation).toBe('revoked');
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toEqual(['underived']);
  expect(revocation.tasks(ctx).map(({ title }) => title)).toContain(
    'Periksa lagi: status tidak terulang dari buktinya',
  );
  // Somebody puts it back from a backup.
  writeFileSync(file, kept);
  await sweep();
  expect(revocation.signals(ctx)).toEqual([]);
  expect(state('4a04').revocation).toBe('good');
});

test.each(['complete', 'delta'] as const)(
  'a lost %s list keeps no new complete list from being taken',
  async (victim) => {
    const address = 'http://ca.test/delta.crl';
    const freshest = { oid: '2.5.29.46', value: seq(seq(tagged(0, tagged(0, retag(0x86, ia5(address)))))) };
    const made = await office(['4a01']);
    const { world, ctx, net, sweep, state } = made;
    net.pages.set(urls.crl, list(world, [], { extra: [freshest] }));
    const base = lastNumber();
    await sweep();
    net.pages.set(address, list(world, [], { deltaOf: base }));
    await sweep();
    rmSync(fileOf(made, victim === 'delta' ? address : urls.crl));
    net.pages.delete(address);
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a01')], { extra: [freshest] }));
    await sweep();
    expect(state('4a01').revocation).toBe('revoked');
    expect(revocation.signals(ctx).map(({ kind }) => kind)).toEqual(['underived']);
  },
);

test('a list that is lost a second time is told a second time', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep } = made;
  await sweep();
  for (let round = 0; round < 2; round++) {
    rmSync(fileOf(made, urls.crl));
    connection(world.db).prepare('update revocation_line set applied_at = null').run();
    const page = net.pages.get(urls.crl)!;
    net.pages.delete(urls.crl);
    await sweep();
    expect([round, revocation.signals(ctx).length]).toEqual([round, 1]);
    net.pages.set(urls.crl, page);
    world.clock.advance(HOUR);
    await sweep();
    expect([round, revocation.signals(ctx).length]).toEqual([round, 0]);
  }
});

describe('deriving all states again when evidence is lost', () => {
  const BY = { name: 'jawaban.ors' };
  const answer = ({ world }: Office, serial: string, status: ca.OcspAnswer['status']) => {
    const at = world.clock.at - 1000;
    const answers = [{ id: ca.certId(issuer, serial), status, thisUpdate: at }];
    return ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
  };

  test('looks at everybody else, and says in words about whom it cannot be done', async () => {
    const made = await office(['4a01', '4a02', '4a03']);
    const { world, ctx, sweep, idOf } = made;
    await sweep();
    world.clock.advance(HOUR);
    const bytes = answer(made, '4a01', { revokedAt: world.clock.at - HOUR, reason: 1 });
    await revocation.addEvidence(world.person('verifier'), { ...BY, bytes });
    connection(world.db)
      .prepare("delete from file_bytes where sha256 in (select sha256 from revocation_evidence where kind = 'ocsp')")
      .run();
    const { derived, differences } = await revocation.rederiveAll(ctx);
    expect(derived).toBe(3);
    expect(differences).toMatchObject([
      { certificateId: idOf('4a01'), recorded: { status: 'revoked' }, derived: { status: 'good' }, missing: 1 },
    ]);
    const [signal] = revocation.signals(ctx);
    expect(storyOf(signal!).what).toMatch(/tidak dapat diturunkan lagi seluruhnya: 1 berkas bukti/);
    // Again says nothing new.
    await revocation.rederiveAll(ctx);
    expect(revocation.signals(ctx)).toHaveLength(1);
  });

  test('a list of the past that is lost stops no issuer, and states that others bear out are not called into question', async () => {
    const made = await office(['4a01', '4a02']);
    const { world, ctx, net, sweep } = made;
    await sweep();
    const first = fileOf(made, urls.crl);
    for (let hours = 0; hours < 3; hours++) {
      world.clock.advance(HOUR);
      net.pages.set(urls.crl, list(world, [entry('4a01')]));
      await sweep();
    }
    rmSync(first);
    expect(await revocation.rederiveAll(ctx)).toEqual({ derived: 2, differences: [] });
    expect(revocation.signals(ctx)).toMatchObject([{ kind: 'underived', certificateId: null }]);
    expect(revocation.rederive(ctx, made.ids[0]!)).toMatchObject({ equal: true });
  });
});

test('a list that is lost before it was crossed keeps the one after it from nothing', async () => {
  const made = await office(['4a01', '4a02']);
  const { world, ctx, net, sweep, state } = made;
  await sweep();
  const { issuerKey } = revocation.sources(ctx).find(({ url }) => url === urls.crl)!;
  for (const serial of ['4a01', '4a02']) {
    world.clock.advance(MINUTE);
    const from = { sourceId: null, origin: 'uploaded' as const, name: 'x' };
    const taken = await takeList(ctx, list(world, [entry(serial)]), issuerKey, from, Issuers.read(ctx.db));
    if (serial === '4a02' || taken.outcome === 'refused') continue;
    const sha = connection(world.db)
      .prepare('select sha256 from revocation_evidence where id = ?')
      .pluck()
      .get(taken.evidenceId) as string;
    rmSync(join(world.dir, 'files', sha.slice(0, 2), sha.slice(2, 4), sha));
  }
  net.pages.clear();
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  expect(state('4a02').revocation).toBe('revoked');
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toContain('underived');
});
