// `siaga status` as a process: what people and scheduled checks rely on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { siaga, start } from '#tests/support/siaga.ts';
import { zip } from '#tests/support/zip.ts';
import * as der from '#lib/server/x509/der-writer.ts';
import { UsageError } from '../cli.ts';
import * as ca from '../demo/ca.ts';
import { command } from './status.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'siaga-status-'));
afterAll(() => rmSync(dir, { recursive: true }));
const run = (args: readonly string[], input?: string | Buffer) => siaga(dir, ['status', ...args], input);
const put = (name: string, bytes: Buffer | string) => writeFileSync(path.join(dir, name), bytes);
const pem = (label: string, bytes: Buffer) =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`;

const AT = Date.parse('2026-11-22T00:00:00Z');
const p256 = () => ca.makeKey('p256');
const root = ca.makeRoot({ key: p256(), notBefore: 0, notAfter: Date.UTC(2049, 0) });
const issuer = ca.makeIntermediate(root, { key: p256(), notBefore: 0, notAfter: Date.UTC(2045, 0) });
const leaf = (serial: string) =>
  ca.makeLeaf(issuer, { notBefore: Date.UTC(2026, 0), serial, commonName: `PEGAWAI ${serial}` });
const list = (by: ca.Authority, serials: string[] = []) =>
  ca.makeCrl(by, {
    number: 1,
    thisUpdate: AT - ca.DAY,
    nextUpdate: AT + ca.DAY,
    entries: serials.map((serial) => ({ serial, revokedAt: AT - 2 * ca.DAY, reason: 1 })),
  });
const good = leaf('11');
const revoked = leaf('22');
const issuerList = list(issuer, ['22']);
put('root.cer', root.certificate);
put('issuer.cer', issuer.certificate);
put('good.cer', good);
put('revoked.cer', revoked);
put('issuer.crl', issuerList);
put('root.crl', list(root));

const CHAIN = ['--anchor', 'root.cer', '--intermediate', 'issuer.cer', '--at', '2026-11-22T00:00:00Z'];
const LISTS = ['--crl', 'issuer.crl', 'root.crl'];
const request = (id: unknown, cert: string, more: object = {}) =>
  JSON.stringify({
    id,
    cert,
    anchors: ['root.cer'],
    intermediates: ['issuer.cer'],
    crls: ['issuer.crl', 'root.crl'],
    at: '2026-11-22',
    ...more,
  });

/** The answers of one process to many requests. */
const batch = async (...requests: string[]) => (await run(['--batch'], requests.join('\n'))).objects;

describe('one certificate', () => {
  test('--json answers with one object; the status is 0 whatever the verdict, 1 with --fail', async () => {
    const accepted = await run(['--cert', 'good.cer', ...CHAIN, ...LISTS, '--json', '--fail']);
    expect(accepted).toMatchObject({ code: 0, err: '' });
    expect(accepted.objects).toMatchObject([
      {
        decision: 'accepted',
        outcome: 'good',
        label: 'valid',
        facets: { time: 'in_validity', revocation: 'good', freshness: 'fresh', chain: 'anchored' },
        revocation: { status: 'good', source: 'crl' },
        path: [{}, {}, { revocation: { status: 'not_applicable', source: 'none' } }],
      },
    ]);
    const rejected = await run(['--cert', 'revoked.cer', ...CHAIN, ...LISTS, '--json', '--fail']);
    expect(rejected.code).toBe(1);
    expect(rejected.objects).toMatchObject([
      {
        decision: 'rejected',
        outcome: 'revoked',
        revocation: { reason: 'keyCompromise', revokedAt: '2026-11-20T00:00:00Z' },
      },
    ]);
  });

  test('without --json a person reads the decision, the path and the reasons, and nothing steers the terminal', async () => {
    const { code, out } = await run(['--cert', 'revoked.cer', ...CHAIN, ...LISTS]);
    expect(code).toBe(0);
    expect(out).toContain('Keputusan: DITOLAK');
    expect(out).toContain('dicabut, sejak 2026-11-20T00:00:00Z, alasan: kunci privat bocor');
    expect(out).toMatch(/1\. .*PEGAWAI 22.*\n +2\. .*\n +3\. /);
    const commonName = 'A\u001b[2J\u202eB';
    put('steering.cer', ca.makeLeaf(issuer, { notBefore: Date.UTC(2026, 0), serial: '33', commonName }));
    const steering = await run(['--cert', 'steering.cer', ...CHAIN]);
    expect(steering.out).toContain('BELUM DAPAT DIPASTIKAN');
    expect([...steering.out].filter((sign) => sign === '\u001b' || sign === '\u202e')).toEqual([]);
  });

  test('every option reaches the judgement', async () => {
    const options = [
      ['--max-age', '7d', '--skew', '90s', '--allow-weak', '--no-revocation'],
      ['--policy', '1.2.3', '2.5.29.32.0', '--explicit-policy', '--inhibit-mapping', '--inhibit-any-policy'],
    ];
    const { objects } = await run(['--cert', 'good.cer', ...CHAIN, ...options.flat(), '--json']);
    expect(objects).toMatchObject([{ decision: 'rejected', explanations: [{ code: 'policy' }] }]);
    const asked = [
      [{ crls: [] }, 'undetermined'],
      [{ crls: [], noRevocation: true }, 'accepted'],
      [{ maxAge: '23h' }, 'undetermined'],
      [{ maxAge: '25h' }, 'accepted'],
      [{ at: '2026-11-20T23:57:00Z' }, 'accepted'],
      [{ at: '2026-11-20T23:57:00Z', skew: '1m' }, 'undetermined'],
      [{ policies: ['1.2.3'], explicitPolicy: true }, 'rejected'],
      [{ policies: ['2.5.29.32.0'], explicitPolicy: true }, 'rejected'],
    ] as const;
    const answers = await batch(...asked.map(([more], i) => request(i, 'good.cer', more)));
    expect(answers.map(({ decision }) => decision)).toEqual(asked.map(([, decision]) => decision));
  });

  test('wrong usage is said with the option, before a file is opened', async () => {
    for (const [args, sentence] of [
      [[], 'Pakai'],
      [['--cert', 'good.cer'], 'Pakai'],
      [['--cert', 'good.cer', '--cert', 'a', '--anchor', 'root.cer'], 'Pakai'],
      [['--cert', 'good.cer', ...CHAIN.slice(0, 2), '--at', '2026-02-30'], '--at'],
      [['--cert', 'good.cer', ...CHAIN, '--max-age', '1 hari'], '--max-age'],
      [['--cert', 'good.cer', ...CHAIN, '--policy', 'kebijakan'], '--policy'],
      [['--cert', 'good.cer', ...CHAIN, '--crls', 'x'], '--crls'],
      [['good.cer'], 'good.cer'],
      [['--batch', '--at', '2026-11-22'], '--at'],
    ] as [string[], string][]) {
      const error = await Promise.resolve()
        .then(() => command.run(args))
        .catch((thrown: unknown) => thrown);
      expect(error, args.join(' ')).toBeInstanceOf(UsageError);
      expect((error as Error).message).toContain(sentence);
    }
    expect(await run(['--cert', 'good.cer', '--skew', 'x', ...CHAIN])).toMatchObject({ code: 2, out: '' });
  });

  test('--help explains, with an example', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const option of ['--batch', '--max-age', '--inhibit-any-policy', 'Contoh:']) expect(out).toContain(option);
  });
});

describe('files', () => {
  test('bundles are opened: PEM of several, PKCS#7 with its lists, ZIP of anything', async () => {
    const signedData = (certificates: Buffer[], crls: Buffer[]) => {
      const content = der.seq(der.oid('1.2.840.113549.1.7.1'));
      const body = [
        der.integer(1),
        der.set(),
        content,
        der.tagged(0, ...certificates),
        der.tagged(1, ...crls),
        der.set(),
      ];
      return der.seq(der.oid('1.2.840.113549.1.7.2'), der.tagged(0, der.seq(...body)));
    };
    const rootList = pem('X509 CRL', list(root));
    put('chain.p7b', signedData([issuer.certificate], [issuerList, list(root)]));
    put('all.pem', [good, issuer.certificate].map((one) => pem('CERTIFICATE', one)).join('catatan\n'));
    put('lists.pem', pem('X509 CRL', issuerList) + rootList);
    put('roots.zip', zip([{ name: 'root.cer', bytes: root.certificate }]));
    put(
      'lists.zip',
      zip([
        { name: 'a/issuer.crl', bytes: issuerList },
        { name: 'root.pem', bytes: Buffer.from(rootList) },
      ]),
    );
    const answers = await batch(
      request(1, 'all.pem', { intermediates: [], crls: ['lists.pem'] }),
      request(2, 'good.cer', { intermediates: ['chain.p7b'], crls: ['chain.p7b'] }),
      request(3, 'all.pem', { intermediates: [], anchors: ['roots.zip'], crls: ['lists.zip'] }),
    );
    expect(answers.map(({ decision }) => decision)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  test('a list or answer that cannot be read is explained and never believed', async () => {
    put('torn.crl', issuerList.subarray(0, -7));
    put('torn.pem', `-----BEGIN X509 CRL-----\n!!\n-----END X509 CRL-----\n`);
    const answers = await batch(
      request(1, 'good.cer', { crls: ['torn.crl', 'root.crl'] }),
      request(2, 'good.cer', { crls: ['torn.pem', 'root.crl'] }),
      request(3, 'good.cer', { ocsps: ['torn.crl'] }),
    );
    expect(answers).toMatchObject([
      {
        decision: 'undetermined',
        explanations: expect.arrayContaining([
          expect.objectContaining({ code: 'crl_unreadable', text: expect.stringMatching(/^torn\.crl: Berkas bukan/) }),
        ]),
      },
      {
        decision: 'undetermined',
        explanations: expect.arrayContaining([
          { code: 'crl_unreadable', text: '1 CRL tidak dapat dibaca dan tidak dipakai: torn.pem.' },
        ]),
      },
      {
        decision: 'accepted',
        explanations: expect.arrayContaining([
          expect.objectContaining({ code: 'ocsp_unreadable', text: expect.stringMatching(/^torn\.crl: Berkas bukan/) }),
        ]),
      },
    ]);
  });

  test('what cannot be examined is refused with a sentence: missing, folder, device, pipe, private key, no certificate', async () => {
    mkdirSync(path.join(dir, 'folder'), { recursive: true });
    execFileSync('mkfifo', [path.join(dir, 'pipe')]);
    put('key.pem', p256().privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    put('letter.txt', 'halo');
    const cases = [
      [{ cert: 'tiada.cer' }, 'berkas tidak ada'],
      [{ cert: 'folder' }, 'ini folder'],
      [{ cert: '/dev/zero' }, 'bukan berkas biasa'],
      [{ crls: ['pipe'] }, 'bukan berkas biasa'],
      [{ cert: 'key.pem' }, 'kunci privat'],
      [{ crls: ['key.pem'] }, 'kunci privat'],
      [{ cert: 'letter.txt' }, 'tidak ada sertifikat'],
      [{ anchors: ['letter.txt'] }, 'sebagai induk'],
      [{ ocsps: ['a\u0000b'] }, 'tidak dapat dibaca'],
      [{ ocsps: ['a'.repeat(100_000)] }, 'tidak dapat dibaca'],
    ] as const;
    const answers = await batch(...cases.map(([more], i) => request(i, 'good.cer', more)));
    expect(answers.map(({ id }) => id)).toEqual(cases.map((_, i) => i));
    for (const [i, [, sentence]] of cases.entries()) expect(answers[i]!.error).toContain(sentence);
    const single = await run(['--cert', 'tiada.cer', ...CHAIN, '--json']);
    expect(single).toMatchObject({
      code: 1,
      out: '',
      err: 'tiada.cer: berkas tidak ada; periksa nama dan foldernya.\n',
    });
  });
});

describe('a batch', () => {
  test('answers every line in order with its id; a bad line is answered and does not end it', async () => {
    const { code, objects, err } = await run(
      ['--batch'],
      [
        request(1, 'good.cer'),
        'bukan json',
        '[1]',
        '',
        request({ any: 'id' }, 'revoked.cer'),
        request('c', 'tiada.cer'),
        request('d', 'good.cer', { anchors: 'root.cer' }),
        request('e', 'good.cer', { maxage: '1h' }),
        request('f', 'good.cer', { crl: ['issuer.crl'] }),
        request('g', 'good.cer', { note: 'milik pemanggil' }),
        request('h', 'good.cer', { at: '2026-11-22T07:00:00+07:00' }),
        request('i', 'good.cer', { maxAge: '23h', allowWeak: null }),
      ].join('\r\n'),
    );
    expect(code).toBe(1);
    expect(err).toBe('');
    expect(objects.map(({ id, decision, error }) => [id, decision ?? error])).toEqual([
      [1, 'accepted'],
      [null, 'Baris 2: bukan objek JSON.'],
      [null, 'Baris 3: bukan objek JSON.'],
      [{ any: 'id' }, 'rejected'],
      ['c', 'tiada.cer: berkas tidak ada; periksa nama dan foldernya.'],
      ['d', 'Baris 7: anchors harus daftar teks yang tidak kosong.'],
      ['e', 'Baris 8: Kunci maxage tidak dikenal; tulis maxAge.'],
      ['f', 'Baris 9: Kunci crl tidak dikenal; tulis crls.'],
      ['g', 'accepted'],
      ['h', 'accepted'],
      ['i', 'undetermined'],
    ]);
  });

  test('its status is 0 whatever the verdicts, 1 with fail for one request or for all; a line without end is no request', async () => {
    const lines = [request(1, 'good.cer'), request(2, 'revoked.cer')].join('\n');
    expect((await run(['--batch'], lines)).code).toBe(0);
    expect((await run(['--batch', '--fail'], lines)).code).toBe(1);
    expect((await run(['--batch'], request(1, 'revoked.cer', { fail: true }))).code).toBe(1);
    const long = `{"id":1,"cert":"${'a'.repeat(5 << 20)}"}`;
    expect(await batch(long, request(2, 'good.cer'))).toMatchObject([
      { id: null, error: expect.stringContaining('lebih panjang') },
      { id: 2, decision: 'accepted' },
    ]);
  });

  test('a file that changed between two requests is read again', async () => {
    put('turning.cer', good);
    const child = start(dir, ['status', '--batch']);
    child.write(`${request(1, 'turning.cer')}\n`);
    expect(await child.line()).toMatchObject({ id: 1, decision: 'accepted' });
    put('turning.cer', revoked);
    child.write(`${request(2, 'turning.cer')}\n`);
    expect(await child.line()).toMatchObject({ id: 2, decision: 'rejected' });
    expect((await child.end()).code).toBe(0);
  });
});
