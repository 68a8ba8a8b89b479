// The demo CA as a running authority: its keys, certificates and revocations live in a folder (a restart keeps them),
// and a loopback HTTP server publishes certificates, CRLs (ETag, Last-Modified, 304) and OCSP. Whoever revokes, in this
// process or another, writes revoked.json; the server reads it again at every request.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DerError } from '#lib/server/x509/der.ts';
import * as ca from './ca.ts';

const YEAR = 365 * ca.DAY;

export type LocalCa = {
  root: ca.Authority;
  ca: ca.Authority;
  responder: ca.Authority;
  urls: ca.Urls;
  /** Loopback address it publishes at. */
  base: string;
  revoked: () => ca.RevokedEntry[];
  revoke: (serial: string, entry: Omit<ca.RevokedEntry, 'serial'>) => void;
  /** Takes a serial off the list: the end of a hold. */
  release: (serial: string) => void;
  /** Serials the responder says *unknown* about. */
  disown: (serial: string) => void;
  /** The current CRLs at this instant; issued anew when something changed or half their term is over. */
  crl: (now: number) => Published;
  rootCrl: (now: number) => Published;
  /** The answer to an OCSP request. */
  ocsp: (request: Buffer, now: number) => Buffer;
};
type Published = { der: Buffer; thisUpdate: number };

/** `base` and `now` serve the first opening only: afterwards the folder remembers them. */
export type OpenOptions = { base?: string; now?: number; crlHours?: number; rootCrlDays?: number };

type Kept = {
  base: string;
  keys: Record<Part, string>;
  certificates: Record<Part, string>;
  names: Record<Part, string>;
};
type Part = 'root' | 'ca' | 'responder';
type State = { revoked: ca.RevokedEntry[]; unknown: string[] };
type Register = Record<string, { number: number; thisUpdate: number; content: string; der: string }>;

/** Opens the authority of a folder, or founds it there. */
export function openCa(folder: string, options: OpenOptions = {}): LocalCa {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => path.join(folder, name);
  const kept = existsSync(file('ca.json')) ? read<Kept>(file('ca.json')) : found(options);
  if (!existsSync(file('ca.json'))) write(file('ca.json'), kept);
  const part = (which: Part): ca.Authority => {
    const key = ca.keyOf(kept.keys[which]);
    const bytes = (text: string) => Buffer.from(text, 'base64');
    return {
      certificate: bytes(kept.certificates[which]),
      name: bytes(kept.names[which]),
      key,
      keyId: ca.keyIdOf(key.spki),
    };
  };
  const [root, issuing, responder] = [part('root'), part('ca'), part('responder')];
  const state = (): State =>
    existsSync(file('revoked.json')) ? read<State>(file('revoked.json')) : { revoked: [], unknown: [] };
  const without = (serial: string) => state().revoked.filter((entry) => entry.serial !== serial);

  /** One CRL line: same content within half its term → same bytes. */
  const publish = (
    line: string,
    signer: ca.Authority,
    entries: ca.RevokedEntry[],
    now: number,
    term: number,
  ): Published => {
    const register = existsSync(file('published.json')) ? read<Register>(file('published.json')) : {};
    const content = createHash('sha256').update(JSON.stringify(entries)).digest('hex');
    const last = register[line];
    const due = !last || last.content !== content || now >= last.thisUpdate + term / 2;
    if (!due) return { der: Buffer.from(last.der, 'base64'), thisUpdate: last.thisUpdate };
    const number = (last?.number ?? 0) + 1;
    const thisUpdate = Math.max(Math.floor(now / 1000) * 1000, last?.thisUpdate ?? 0);
    const der = ca.makeCrl(signer, { entries, number, thisUpdate, nextUpdate: thisUpdate + term });
    write(file('published.json'), {
      ...register,
      [line]: { number, thisUpdate, content, der: der.toString('base64') },
    });
    return { der, thisUpdate };
  };

  return {
    root,
    ca: issuing,
    responder,
    base: kept.base,
    urls: ca.urlsAt(kept.base),
    revoked: () => state().revoked,
    revoke: (serial, entry) =>
      write(file('revoked.json'), { ...state(), revoked: [...without(serial), { ...entry, serial }] }),
    release: (serial) => write(file('revoked.json'), { ...state(), revoked: without(serial) }),
    disown: (serial) => write(file('revoked.json'), { ...state(), unknown: [...state().unknown, serial] }),
    crl: (now) => {
      const entries = state().revoked.filter((entry) => entry.revokedAt <= now);
      return publish('ca', issuing, entries, now, (options.crlHours ?? 24) * 3_600_000);
    },
    rootCrl: (now) => publish('root', root, [], now, (options.rootCrlDays ?? 180) * ca.DAY),
    ocsp: (request, now) => answer(request, state(), { issuing, responder, now }),
  };
}

/** New keys and certificates: root 20 years, CA 10, responder 2, all begun well before `now`. */
function found({ base = 'http://127.0.0.1:4790', now = Date.now() }: OpenOptions): Kept {
  const second = Math.floor(now / 1000) * 1000;
  const root = ca.makeRoot({ notBefore: second - 8 * YEAR, notAfter: second + 12 * YEAR });
  const urls = ca.urlsAt(base);
  const issuing = ca.makeIntermediate(root, { notBefore: second - 4 * YEAR, notAfter: second + 6 * YEAR, urls });
  const responder = ca.makeResponder(issuing, { notBefore: second - YEAR, notAfter: second + 2 * YEAR });
  const each = (take: (one: ca.Authority) => string) => ({
    root: take(root),
    ca: take(issuing),
    responder: take(responder),
  });
  return {
    base,
    keys: each(({ key }) => key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    certificates: each(({ certificate }) => certificate.toString('base64')),
    names: each(({ name }) => name.toString('base64')),
  };
}

function answer(
  request: Buffer,
  state: State,
  { issuing, responder, now }: { issuing: ca.Authority; responder: ca.Authority; now: number },
) {
  try {
    const { ids, nonce } = ca.readOcspRequest(request);
    const second = Math.floor(now / 1000) * 1000;
    const foreign = ids.some(
      (id) => id.hash === '' || !ca.certId(issuing, id.serial, id.hash as 'sha1').equals(normal(id)),
    );
    if (ids.length === 0 || foreign) return ca.makeOcspError(6);
    const answers = ids.map(({ der, serial }) => ({
      id: der,
      status: statusOf(serial, state, now),
      thisUpdate: second,
    }));
    return ca.makeOcspResponse(responder, { answers, producedAt: second, nonce });
  } catch (error) {
    if (error instanceof DerError) return ca.makeOcspError(1);
    throw error;
  }
}

/** The CertID as this authority would write it (a client may leave the NULL parameters out). */
const normal = (id: ca.CertId): Buffer => ca.encodeCertId(id.hash as 'sha1', id.nameHash, id.keyHash, id.serial);

function statusOf(serial: string, state: State, now: number): ca.OcspAnswer['status'] {
  if (state.unknown.includes(serial)) return 'unknown';
  const entry = state.revoked.find((one) => one.serial === serial && one.revokedAt <= now);
  return entry ? { revokedAt: entry.revokedAt, reason: entry.reason } : 'good';
}

export type ServedAuthority = { ca: LocalCa; url: string; close: () => Promise<void> };

/** Serves the authority of a folder on loopback. `port` 0 takes a free one (then `base` is fixed by it, for tests). */
export async function serveAuthority(
  options: OpenOptions & { folder: string; port?: number; clock?: () => number },
): Promise<ServedAuthority> {
  const { folder, clock = Date.now } = options;
  const known = existsSync(path.join(folder, 'ca.json')) ? Number(new URL(openCa(folder).base).port) : 0;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? known, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const local = openCa(folder, { base: url, now: clock(), ...options });
  server.on('request', (request, response) => {
    handle(local, request, response, clock()).catch(() => response.writeHead(500).end());
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { ca: local, url, close };
}

async function handle(local: LocalCa, request: IncomingMessage, response: ServerResponse, now: number): Promise<void> {
  const target = new URL(request.url ?? '/', local.base).pathname;
  if (target === '/ocsp' && request.method === 'POST') return sendOcsp(response, local.ocsp(await body(request), now));
  if (target.startsWith('/ocsp/')) {
    return sendOcsp(response, local.ocsp(Buffer.from(decodeURIComponent(target.slice(6)), 'base64'), now));
  }
  const certificate = { '/root.crt': local.root, '/ca.crt': local.ca }[target];
  if (certificate)
    return void response.writeHead(200, { 'content-type': 'application/pkix-cert' }).end(certificate.certificate);
  if (target === '/ca.crl') return sendCrl(request, response, local.crl(now));
  if (target === '/root.crl') return sendCrl(request, response, local.rootCrl(now));
  response.writeHead(404).end();
}

function sendCrl(request: IncomingMessage, response: ServerResponse, { der, thisUpdate }: Published): void {
  const etag = `"${createHash('sha256').update(der).digest('hex').slice(0, 32)}"`;
  const headers = { etag, 'last-modified': new Date(thisUpdate).toUTCString(), 'content-type': 'application/pkix-crl' };
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  const named = request.headers['if-none-match'];
  const same = named !== undefined ? named.split(/\s*,\s*/).includes(etag) : since >= thisUpdate;
  if (same) response.writeHead(304, headers).end();
  else response.writeHead(200, headers).end(der);
}

const sendOcsp = (response: ServerResponse, der: Buffer): void =>
  void response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(der);

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
function write(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(content, null, 1), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
