// `siaga sweep` and `siaga evidence add` as processes, on a data folder of their own beside a real loopback CA.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { siaga } from '#tests/support/siaga.ts';
import { zip } from '#tests/support/zip.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { connection, databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import { readClock } from '#lib/server/revocation/clock.ts';
import * as settings from '#lib/server/settings/index.ts';
import * as ca from '../demo/ca.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'siaga-revocation-'));
const put = (name: string, bytes: Buffer | string) => writeFileSync(path.join(dir, name), bytes);
const pages = new Map<string, Buffer>();
const server = http.createServer((request, response) => {
  const page = pages.get(request.url!);
  response.writeHead(page ? 200 : 404).end(page);
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

const now = Date.now();
const life = { notBefore: now - 400 * ca.DAY, notAfter: now + 2000 * ca.DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life });
let numbers = 0;
const list = (serials: string[], by = issuer, extra: Partial<ca.CrlRequest> = {}) =>
  ca.makeCrl(by, {
    number: ++numbers,
    thisUpdate: now - 3600_000 + numbers * 1000,
    nextUpdate: now + ca.DAY,
    entries: serials.map((serial) => ({ serial, revokedAt: now - ca.DAY, reason: 1 as const })),
    ...extra,
  });
const data = ['--data', 'data', '--json'];
const evidence = (...names: string[]) => siaga(dir, ['evidence', 'add', ...names, ...data]);
let url = '';

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ca.crl`;
  const folder = path.join(dir, 'data');
  const db = openDatabase(databaseFile(folder));
  migrate(db);
  // The office is a few days old.
  const then = () => Date.now() - 3 * ca.DAY;
  const ctx: Context = { db, dir: folder, now: then, actor: { kind: 'system', name: 'cli' } };
  const administrator: Context = {
    ...ctx,
    actor: {
      kind: 'user',
      id: 'a',
      name: 'A',
      roles: ['administrator'],
      agencyId: null,
      agencies: 'all',
      session: 's',
    },
  };
  settings.set(
    administrator,
    'outboundAllow',
    [{ host: '127.0.0.1', port: (server.address() as AddressInfo).port, why: 'CA uji', until: '' }],
    { source: 'Uji' },
  );
  await certificates.importFile(ctx, { name: 'root.cer', bytes: root.certificate });
  await certificates.importFile(ctx, { name: 'ca.cer', bytes: issuer.certificate });
  const anchor = certificates.authorities(ctx).find((one) => one.selfSigned)!;
  const note = 'Dibandingkan dengan situs resmi';
  certificates.decideTrust(administrator, anchor.id, { decision: 'accept', fingerprint: anchor.fingerprint, note });
  for (const serial of ['4a01', '4a02', '4a03']) {
    const extensions = { crlUrls: [url] };
    const bytes = ca.makeLeaf(issuer, {
      notBefore: now - 100 * ca.DAY,
      serial,
      commonName: `ORANG ${serial}`,
      extensions,
    });
    await certificates.importFile(ctx, { name: `${serial}.cer`, bytes });
  }
  db.$client.close();
  for (const copy of ['salinan', 'kantor']) cpSync(folder, path.join(dir, copy), { recursive: true });
});

/** What the register believes now. */
function beliefs(): Record<string, string> {
  const db = openDatabase(databaseFile(path.join(dir, 'data')));
  const rows = connection(db).prepare('select serial, revocation from certificate order by serial').all();
  db.$client.close();
  return Object.fromEntries(
    (rows as { serial: string; revocation: string }[]).map((row) => [row.serial, row.revocation]),
  );
}

describe('sweep', () => {
  test('asks the sources, says what came of it, and its status tells a failure', async () => {
    const failed = await siaga(dir, ['sweep', ...data]);
    expect(failed.err).toBe(`gagal  ${url}: Server menjawab HTTP 404.\n`);
    expect(failed).toMatchObject({ code: 1, objects: [{ asked: 1, failed: 1, changed: 0 }] });
    pages.set('/ca.crl', list(['4a02']));
    const swept = await siaga(dir, ['sweep', ...data]);
    expect(swept).toMatchObject({ code: 0, objects: [{ asked: 1, fresh: 1, changed: 3, revoked: 1 }] });
    expect(beliefs()).toMatchObject({ '4a01': 'good', '4a02': 'revoked', '4a03': 'good' });
    const again = await siaga(dir, ['sweep', '--due', '--data', 'data']);
    expect(again).toMatchObject({ code: 0, out: 'Tidak ada sumber yang perlu ditanya.\n' });
  });

  test('asks one source when told so, and refuses one that nobody names', async () => {
    expect(await siaga(dir, ['sweep', '--source', url, ...data])).toMatchObject({
      code: 0,
      objects: [{ asked: 1, same: 1 }],
    });
    const unknown = await siaga(dir, ['sweep', '--source', 'http://lain.example/x.crl', ...data]);
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('http://lain.example/x.crl');
  });
});

describe('evidence add', () => {
  test('a line for each object with what came of it; one that is refused makes the status 1', async () => {
    const good = list(['4a01', '4a02']);
    const stranger = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
    put('a.crl', good);
    put('letter.txt', 'halo');
    put('orang.cer', root.certificate);
    put(
      'orang.pem',
      `-----BEGIN CERTIFICATE-----\n${root.certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    );
    const key = ca.makeKey('p256').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    put('key.pem', key);
    const stream = deflateSync(key);
    put(
      'letter.pdf',
      Buffer.concat([
        Buffer.from(`%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode/Length ${stream.length}>>\nstream\r\n`),
        stream,
        Buffer.from('\nendstream\nendobj\n%%EOF\n'),
      ]),
    );
    put(
      'mixed.zip',
      zip([
        { name: 'a.crl', bytes: good },
        { name: 'map/surat.txt', bytes: Buffer.from(`kunci: ${key}`) },
      ]),
    );
    put('locked.7z', Buffer.from('377abcaf271c0004'.padEnd(128, '0'), 'hex'));
    put(
      'bundle.zip',
      zip([
        { name: 'in/stranger.crl', bytes: list([], stranger) },
        { name: 'torn.crl', bytes: good.subarray(0, 90) },
      ]),
    );
    const names = [
      'a.crl',
      'letter.txt',
      'orang.cer',
      'orang.pem',
      'key.pem',
      'letter.pdf',
      'mixed.zip',
      'locked.7z',
      'bundle.zip',
      'tiada.crl',
      '/dev/zero',
    ];
    const { code, objects } = await evidence(...names);
    expect(code).toBe(1);
    expect(objects.map(({ file, entry, outcome, kind }) => [entry ?? file, outcome, kind])).toEqual([
      ['a.crl', 'accepted', 'crl'],
      ['letter.txt', 'refused', null],
      ['orang.cer', 'refused', null],
      ['orang.pem', 'refused', null],
      ['key.pem', 'refused', null],
      ['letter.pdf', 'refused', null],
      ['mixed.zip', 'refused', null],
      ['locked.7z', 'refused', null],
      ['bundle.zip/in/stranger.crl', 'refused', 'crl'],
      ['bundle.zip/torn.crl', 'refused', null],
      ['tiada.crl', 'refused', null],
      ['/dev/zero', 'refused', null],
    ]);
    expect(objects[0]).toMatchObject({ changed: 1, evidenceIds: [expect.any(String)] });
    for (const at of [2, 3]) expect(objects[at]!.reason).toContain('Ini sertifikat, bukan CRL');
    for (const at of [4, 5, 6]) expect(objects[at]!.reason).toMatch(/kunci privat dan ditolak.*\/lapor/);
    expect(objects[7]!.reason).toContain('Kunci privat dapat tersembunyi');
    expect(objects.slice(1).every(({ reason }) => typeof reason === 'string' && reason.length > 10)).toBe(true);
    expect(beliefs()).toMatchObject({ '4a01': 'revoked', '4a02': 'revoked', '4a03': 'good' });
    // Where a file lay on the server is nobody's business.
    const named = await evidence(path.join(dir, 'locked.7z'));
    expect(named.objects[0]!.reason).toMatch(/^locked\.7z tidak dapat/);
    const kept = readFileSync(databaseFile(path.join(dir, 'data')));
    expect(kept.includes('PRIVATE KEY')).toBe(false);
    expect(kept.includes(path.join(dir, 'locked.7z'))).toBe(false);
  });

  test('the same bytes again are known; an answer of the responder counts too', async () => {
    const answer = ca.makeOcspResponse(issuer, {
      producedAt: now,
      answers: [{ id: ca.certId(issuer, '4a03'), status: { revokedAt: now - 3600_000, reason: 1 }, thisUpdate: now }],
    });
    put('b.ors', answer);
    const { code, objects } = await evidence('a.crl', 'b.ors');
    expect(code).toBe(0);
    expect(objects).toMatchObject([
      { outcome: 'known', changed: 0 },
      { outcome: 'accepted', kind: 'ocsp', changed: 1 },
    ]);
    expect(beliefs()).toMatchObject({ '4a03': 'revoked' });
  });

  test('people read a line each; wrong usage is 2, no database is 3', async () => {
    const read = await siaga(dir, ['evidence', 'add', 'a.crl', '--data', 'data']);
    expect(read).toMatchObject({
      code: 0,
      out: 'known     a.crl: CRL ini sudah dimiliki; dicatat sebagai dikonfirmasi lagi oleh berkas yang dibawa ini, bukan oleh sumbernya.\n',
    });
    expect((await siaga(dir, ['evidence', 'list'])).code).toBe(2);
    expect((await siaga(dir, ['evidence', 'add', '', '--data', 'data'])).code).toBe(2);
    mkdirSync(path.join(dir, 'lain'));
    put('lain/siaga.db', 'bukan basis data, hanya sebuah surat yang diberi nama seperti itu oleh seseorang'.repeat(20));
    expect(await siaga(dir, ['sweep', '--data', 'lain'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('bukan basis data Siaga'),
    });
    expect((await siaga(dir, ['evidence', 'add', 'a.crl', '--data', 'tiada'])).code).toBe(3);
  });
});

describe('another instant', () => {
  const at = (instant: number) => ['--at', new Date(instant).toISOString()];
  const recorded = (folder: string) => {
    const db = openDatabase(databaseFile(path.join(dir, folder)));
    const { last } = connection(db).prepare('select max(attempted_at) as last from revocation_source').get() as {
      last: number;
    };
    db.$client.close();
    return last;
  };

  test('--at never writes a time that is not yet, nor one behind what was recorded', async () => {
    const before = recorded('data');
    for (const [instant, why] of [
      [Date.now() + 3600_000, 'masa depan'],
      [before - 1000, 'tidak boleh mundur'],
    ] as const)
      expect(await siaga(dir, ['sweep', ...at(instant), ...data])).toMatchObject({
        code: 2,
        err: expect.stringContaining(why),
      });
    expect(recorded('data')).toBe(before);
  });

  test('on a copy that was not swept since, --at judges and records as of that instant', async () => {
    const then = now - 2 * ca.DAY;
    pages.set('/ca.crl', list(['4a02'], issuer, { thisUpdate: then - 3600_000, nextUpdate: then + 3600_000 }));
    expect(await siaga(dir, ['sweep', ...at(then), '--data', 'salinan', '--json'])).toMatchObject({
      code: 0,
      err: '',
      objects: [{ fresh: 1 }],
    });
    expect(recorded('salinan')).toBeGreaterThanOrEqual(then);
    expect(recorded('salinan')).toBeLessThan(then + 3600_000);
  });
});

describe('what a sweep says to people', () => {
  const others = Array.from({ length: 20 }, (_, i) => ({ serial: `77${i + 10}`, revokedAt: now - ca.DAY }));
  const swept = (...entries: ca.RevokedEntry[]) => {
    pages.set('/ca.crl', list([], issuer, { entries: [...others, ...entries] }));
    return siaga(dir, ['sweep', '--data', 'kantor']);
  };
  const held = { serial: '4a01', revokedAt: now - ca.DAY, reason: 6 } as const;

  test('holds and releases are counted, and each signal names its certificate', async () => {
    const first = await swept(held, ...['4a02', '4a03'].map((serial) => ({ serial, revokedAt: now - ca.DAY })));
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('3 status berubah, 2 dicabut, 1 ditangguhkan\n');
    const second = await swept();
    expect(second.out).toContain('1 status berubah, 1 dilepas dari penangguhan\n');
    const lines = ['4A:02', '4A:03'].map(
      (serial) =>
        `perlu dinilai  ORANG ${serial.replace(':', '').toLowerCase()}, nomor seri ${serial}: Hilang dari CRL sebelum waktunya`,
    );
    expect(second.err.trimEnd().split('\n').sort()).toEqual(lines);
  });

  test('while our clock is doubted it says that changes wait, and how many certificates they are about', async () => {
    const folder = path.join(dir, 'kantor');
    const db = openDatabase(databaseFile(folder));
    const ctx: Context = { db, dir: folder, now: () => Date.now(), actor: { kind: 'system', name: 'cli' } };
    for (const host of ['satu.test', 'dua.test', 'tiga.test']) readClock(ctx, host, Date.now() + 600_000, [host]);
    db.$client.close();
    const frozen = await swept({ ...held, reason: 1 });
    expect(frozen.out).toContain('0 status berubah\n');
    expect(frozen.err).toMatch(
      /^jam {2}Jam server ini tertinggal 10 menit .* dibekukan; .* 1 sertifikat disebut dicabut/m,
    );
  });
});
