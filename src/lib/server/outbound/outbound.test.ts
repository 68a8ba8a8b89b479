import http from 'node:http';
import net from 'node:net';
import zlib from 'node:zlib';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fetchBounded, forbiddenAddress, outbound, OutboundError, sendMail, type FetchOptions } from './index.ts';

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  return (server.address() as net.AddressInfo).port;
}
const serve = (answer: http.RequestListener) => listen(http.createServer(answer));
const raw = (talk: (socket: net.Socket) => void) =>
  listen(
    net.createServer((socket) => {
      socket.on('error', () => {});
      onTestFinished(() => void socket.destroy());
      talk(socket);
    }),
  );
const local = (port: number, options: FetchOptions = {}) =>
  fetchBounded(`http://127.0.0.1:${port}/a.crl`, { allow: [{ host: '127.0.0.1', port }], ...options });
const failure = async (promise: Promise<unknown>): Promise<OutboundError> => {
  const error = await promise.then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
};

describe('addresses that may be connected to', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '0.0.0.0',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.2.1',
    '203.0.113.9',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'fec0::1',
    '5f00::1',
    'not an address',
    '',
  ])('%s is refused', (address) => {
    expect(forbiddenAddress(address)).toEqual(expect.any(String));
  });

  test.each([
    '8.8.8.8',
    '103.31.4.5',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2400:cb00::1',
    '2001:4860:4860::8888',
  ])('%s is public', (address) => expect(forbiddenAddress(address)).toBeNull());
});

describe('a bounded fetch', () => {
  test('brings the body, the validators and the server clock', async () => {
    const port = await serve((_, response) => {
      response.setHeader('etag', '"1"').setHeader('content-type', 'application/pkix-crl; x=y').end('crl');
    });
    const got = await local(port);
    expect(got).toMatchObject({ status: 200, etag: '"1"', contentType: 'application/pkix-crl', address: '127.0.0.1' });
    expect(got.body.toString()).toBe('crl');
    expect(got.date).toBeTypeOf('number');
  });

  test('sends the validators and takes 304 as an answer', async () => {
    const port = await serve((request, response) => {
      response.statusCode =
        request.headers['if-none-match'] === '"1"' && request.headers['if-modified-since'] === 'then' ? 304 : 200;
      response.end();
    });
    expect(await local(port, { etag: '"1"', lastModified: 'then' })).toMatchObject({ status: 304 });
  });

  test('keeps the name of the address in the Host header, sends no cookie and no credential', async () => {
    let seen: http.IncomingHttpHeaders = {};
    const port = await serve((request, response) => {
      seen = request.headers;
      response.end();
    });
    await fetchBounded(`http://localhost:${port}/`, { allow: [{ host: 'LOCALHOST', port }] });
    expect(seen.host).toBe(`localhost:${port}`);
    expect(seen).not.toHaveProperty('cookie');
    expect(seen).not.toHaveProperty('authorization');
  });

  test('refuses private addresses, other ports, other schemes and credentials before any connection', async () => {
    expect((await failure(fetchBounded('http://127.0.0.1/'))).code).toBe('refused_address');
    expect((await failure(fetchBounded('http://localhost/'))).code).toBe('refused_address');
    expect((await failure(fetchBounded('http://[::1]/'))).code).toBe('refused_address');
    expect((await failure(fetchBounded('http://0x7f000001/'))).code).toBe('refused_address');
    expect((await failure(fetchBounded('http://169.254.169.254/latest'))).code).toBe('refused_address');
    expect((await failure(fetchBounded('http://8.8.8.8:8080/'))).code).toBe('refused_port');
    for (const url of ['file:///etc/passwd', 'ldap://x/y', 'ftp://x/', 'javascript:1', '', 'http://u:p@example.org/']) {
      expect((await failure(fetchBounded(url))).code).toBe('bad_url');
    }
  });

  test('an allow entry opens one host on one port only', async () => {
    const port = await serve((_, response) => response.end());
    const other = { allow: [{ host: '127.0.0.1', port: port + 1 }] };
    expect((await failure(fetchBounded(`http://127.0.0.1:${port}/`, other))).code).toBe('refused_port');
  });

  test('judges every redirect anew and follows at most two', async () => {
    const port = await serve((request, response) => {
      const left = Number(request.url!.slice(1));
      if (left === 0) return void response.end('there');
      response.writeHead(302, { location: left > 90 ? 'http://10.0.0.1/secret' : `/${left - 1}` }).end();
    });
    const options = { allow: [{ host: '127.0.0.1', port }] };
    expect((await fetchBounded(`http://127.0.0.1:${port}/2`, options)).body.toString()).toBe('there');
    expect((await failure(fetchBounded(`http://127.0.0.1:${port}/3`, options))).code).toBe('bad_redirect');
    expect((await failure(fetchBounded(`http://127.0.0.1:${port}/99`, options))).code).toBe('refused_address');
  });

  test('no redirect enters the office: an entry opens a host that was named itself, and redirects that stay on it', async () => {
    let entered = 0;
    const inside = await serve((_, response) => {
      entered += 1;
      response.end('inside');
    });
    const outside = await serve((request, response) => {
      const location = { '/stay': '/end', '/office': `http://localhost:${inside}/`, '/private': 'http://localhost/' };
      if (request.url! in location)
        return void response.writeHead(302, { location: location[request.url as keyof typeof location] }).end();
      response.end('end');
    });
    const allow = ['127.0.0.1', 'localhost'].flatMap((host) => [inside, outside, 80].map((port) => ({ host, port })));
    const get = (url: string) => fetchBounded(url, { allow });
    expect((await get(`http://localhost:${inside}/`)).body.toString()).toBe('inside');
    expect((await get(`http://127.0.0.1:${outside}/stay`)).body.toString()).toBe('end');
    const led = await failure(get(`http://127.0.0.1:${outside}/office`));
    expect(led).toMatchObject({ code: 'refused_port', message: expect.stringContaining('mengalihkan ke localhost') });
    expect((await failure(get(`http://127.0.0.1:${outside}/private`))).code).toBe('refused_address');
    expect(entered).toBe(1);
  });

  test('stops at the limit, also when the length is not announced or the body is packed', async () => {
    const announced = await serve((_, response) => response.setHeader('content-length', 5000).end(Buffer.alloc(5000)));
    expect((await failure(local(announced, { maxBytes: 1000 }))).code).toBe('too_large');
    const chunked = await serve((_, response) => {
      response.write(Buffer.alloc(900));
      response.end(Buffer.alloc(900));
    });
    expect((await failure(local(chunked, { maxBytes: 1000 }))).code).toBe('too_large');
    const bomb = zlib.gzipSync(Buffer.alloc(5_000_000));
    const packed = await serve((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb));
    expect((await failure(local(packed, { maxBytes: 1_000_000 }))).code).toBe('too_large');
    expect((await local(packed, { maxBytes: 5_000_000 })).body.length).toBe(5_000_000);
  });

  test('a silent, a slow and a stuck server each end at their time limit', async () => {
    const silent = await raw(() => {});
    expect((await failure(local(silent, { limits: { firstByte: 60 } }))).code).toBe('timeout');
    const slow = await serve((_, response) => {
      response.writeHead(200);
      const tick = setInterval(() => response.write('x'), 10);
      response.once('close', () => clearInterval(tick));
    });
    expect((await failure(local(slow, { limits: { total: 150 } }))).code).toBe('timeout');
  });

  test('a refused connection, garbage, a cut body and an error status are told apart', async () => {
    const gone = await serve(() => {});
    const closed = net.createServer();
    const port = await new Promise<number>((ready) =>
      closed.listen(0, '127.0.0.1', () => ready((closed.address() as net.AddressInfo).port)),
    );
    await new Promise((done) => closed.close(done));
    expect(gone).toBeGreaterThan(0);
    expect((await failure(local(port))).code).toBe('connect');
    const garbage = await raw((socket) => socket.end('\x00\x01 this is no HTTP\r\n\r\n'));
    expect((await failure(local(garbage))).code).toBe('garbage');
    const cut = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this'));
    expect((await failure(local(cut))).code).toBe('garbage');
    const broken = await serve((_, response) => response.setHeader('content-encoding', 'gzip').end('no gzip'));
    expect((await failure(local(broken))).code).toBe('garbage');
    const busy = await serve((_, response) => response.writeHead(503, { 'retry-after': '120' }).end());
    expect(await failure(local(busy))).toMatchObject({ code: 'status', status: 503, retryAfter: 120 });
  });

  test('a message of a failure never repeats what the other side sent', async () => {
    const port = await raw((socket) => socket.end('<script>alert(1)</script>\r\n\r\n'));
    expect((await failure(local(port))).message).not.toContain('script');
  });
});

describe('a mail', () => {
  const mail = {
    from: 'siaga@batam.example',
    to: 'piket@example.test',
    subject: 'Uji',
    text: 'Isi',
    messageId: '<k@siaga>',
  };
  async function smtp(options: SMTPServerOptions): Promise<string> {
    const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], ...options });
    server.on('error', () => {});
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', () => ready()));
    onTestFinished(() => void server.close());
    return `smtp://127.0.0.1:${(server.server.address() as net.AddressInfo).port}`;
  }

  test('comes back with the reply of the server', async () => {
    let received = '';
    const url = await smtp({
      onData: (stream, _, done) => {
        stream.on('data', (chunk: Buffer) => (received += chunk.toString()));
        stream.on('end', () => (done as (e: null, m: string) => void)(null, 'queued as 42'));
      },
    });
    const attachments = [{ name: 'surat.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF') }];
    expect(await sendMail(url, { ...mail, attachments })).toEqual({ result: 'sent', reply: '250 queued as 42' });
    expect(received).toContain('Message-ID: <k@siaga>');
    expect(received).toContain('surat.pdf');
  });

  test('is refused for good by 5xx and for now by 4xx', async () => {
    const refuse = (responseCode: number) =>
      smtp({ onRcptTo: (_, __, done) => done(Object.assign(new Error('no'), { responseCode })) });
    expect((await sendMail(await refuse(550), mail)).result).toBe('permanent');
    expect((await sendMail(await refuse(451), mail)).result).toBe('transient');
  });

  test('is uncertain when the connection breaks after DATA, transient when nobody answers', async () => {
    const url = await smtp({
      onData: (stream, session) => {
        stream.resume();
        stream.on('end', () => (session as unknown as { connection?: unknown }) && hangUp());
      },
    });
    let hangUp = () => {};
    const port = Number(new URL(url).port);
    // A wire between client and server that is cut when the whole message has passed.
    const wire = await raw((client) => {
      const server = net.connect(port, '127.0.0.1');
      server.on('error', () => {});
      client.pipe(server);
      server.pipe(client);
      hangUp = () => client.destroy();
    });
    expect((await sendMail(`smtp://127.0.0.1:${wire}`, mail)).result).toBe('uncertain');
    const silent = await raw(() => {});
    expect((await sendMail(`smtp://127.0.0.1:${silent}`, mail, { greetingTimeout: 80 })).result).toBe('transient');
  });

  test('a probe says whether a port answers', async () => {
    const port = await raw(() => {});
    expect(await outbound.probeTcp('127.0.0.1', port)).toBeNull();
    expect(await outbound.probeTcp('127.0.0.1', 1)).toContain('tidak dapat dihubungi');
  });
});
