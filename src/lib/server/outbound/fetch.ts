// Bounded HTTP for signed objects (CRL, OCSP, CA certificates): every address of the host is judged, the judged one is
// connected to, and time, size and redirects are limited. No proxy, no cookie, no credential (certificate-status §7).
import dns from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { forbiddenAddress } from './address.ts';
import { OutboundError } from './errors.ts';
import { demandOpen, hostOf, isListed, portOf, refusedAddress, targetOf, type AllowEntry } from './target.ts';

export type FetchOptions = {
  /** Hosts of the office that may be asked; null: a redirect leads here, so that no entry counts. */
  allow?: readonly AllowEntry[] | null;
  method?: 'GET' | 'POST';
  body?: Uint8Array;
  headers?: Record<string, string>;
  /** Validators of what we hold; a 304 comes back as status 304 with an empty body. */
  etag?: string | null;
  lastModified?: string | null;
  /** Redirects stay on the host that was asked for: it is the one a person allowed. */
  sameHost?: boolean;
  /** Limit of the *decoded* body. */
  maxBytes?: number;
  limits?: Partial<Limits>;
};

/** Milliseconds; §7. */
export type Limits = { connect: number; firstByte: number; total: number };
const LIMITS: Limits = { connect: 3_000, firstByte: 5_000, total: 30_000 };
const MAX_REDIRECTS = 2;
const MEGABYTE = 1024 * 1024;

export type Fetched = {
  status: 200 | 304;
  body: Buffer;
  contentType: string;
  etag: string | null;
  lastModified: string | null;
  /** The server's own clock (Date header, and how long a cache kept the answer), for the clock watch. */
  date: number | null;
  /** Seconds of Retry-After, when the server asked for it. */
  retryAfter: number | null;
  /** Address after redirects, and the IP that was connected to. */
  url: string;
  address: string;
};

/** @throws OutboundError whatever goes wrong; nothing else */
export async function fetchBounded(url: string, options: FetchOptions = {}): Promise<Fetched> {
  const limits = { ...LIMITS, ...options.limits };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), limits.total);
  try {
    let target = targetOf(url);
    // An entry opens the host that was named itself: whoever redirects to another one must not lead into the office.
    let named = true;
    for (let hop = 0; ; hop++) {
      const answer = await exchange(target, named ? options : { ...options, allow: null }, limits, deadline.signal);
      if (!('redirect' in answer)) return answer;
      if (hop === MAX_REDIRECTS)
        throw new OutboundError('bad_redirect', 'Server mengalihkan alamat lebih dari dua kali.');
      const next = targetOf(new URL(answer.redirect, target).href);
      if (options.sameHost && next.host !== target.host)
        throw new OutboundError('bad_redirect', `Server mengalihkan ke ${next.host}, host yang belum diizinkan.`);
      named &&= hostOf(next) === hostOf(target);
      target = next;
    }
  } catch (error) {
    throw deadline.signal.aborted ? slow(limits.total) : translate(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves once and refuses the host if any of its addresses is not public, unless an entry allows host and port. */
export async function pinnedAddress(
  url: URL,
  allow: readonly AllowEntry[] | null,
  timeout: number,
): Promise<{ address: string; family: number; all: string[] }> {
  demandOpen(url, allow);
  const host = hostOf(url);
  const family = isIP(host);
  const addresses = family ? [{ address: host, family }] : await resolve(host, timeout);
  const bad = isListed(url, allow) ? null : addresses.map(({ address }) => forbiddenAddress(address)).find(Boolean);
  if (bad) throw refusedAddress(host, bad, allow);
  return { ...addresses[0]!, all: addresses.map(({ address }) => address) };
}

async function resolve(host: string, timeout: number) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new OutboundError('timeout', `Nama ${host} tidak terjawab DNS dalam ${seconds(timeout)}.`)),
      timeout,
    );
  });
  try {
    const found = await Promise.race([dns.lookup(host, { all: true }), late]);
    if (found.length === 0) throw new Error('no address');
    return found;
  } catch (error) {
    throw error instanceof OutboundError ? error : new OutboundError('dns', `Nama ${host} tidak ditemukan di DNS.`);
  } finally {
    clearTimeout(timer);
  }
}

type Redirect = { redirect: string };

async function exchange(
  url: URL,
  options: FetchOptions,
  limits: Limits,
  signal: AbortSignal,
): Promise<Fetched | Redirect> {
  const pinned = await pinnedAddress(url, options.allow === undefined ? [] : options.allow, limits.connect);
  signal.throwIfAborted();
  const response = await send(url, pinned, options, limits, signal);
  try {
    return await receive(url, pinned.address, response, options);
  } finally {
    response.destroy();
  }
}

function send(
  url: URL,
  pinned: { address: string; family: number },
  options: FetchOptions,
  limits: Limits,
  signal: AbortSignal,
) {
  const secure = url.protocol === 'https:';
  const host = hostOf(url);
  const body = options.body;
  return new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = (secure ? https : http).request({
      host: pinned.address,
      family: pinned.family,
      port: portOf(url),
      path: `${url.pathname}${url.search}`,
      method: options.method ?? 'GET',
      // Name of the URL for Host and SNI, although the judged address is what we connect to.
      headers: { ...headersOf(options), host: url.host, ...(body ? { 'content-length': body.length } : {}) },
      ...(secure ? { servername: isIP(host) ? '' : host } : {}),
      agent: false,
      maxHeaderSize: 16 * 1024,
      signal,
    });
    let timer = setTimeout(() => request.destroy(late('tersambung', limits.connect)), limits.connect);
    const stop = () => clearTimeout(timer);
    request.on('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        stop();
        timer = setTimeout(() => request.destroy(late('menjawab', limits.firstByte)), limits.firstByte);
      }),
    );
    request.once('response', (response) => (stop(), resolve(response)));
    request.once('error', (error) => (stop(), reject(error)));
    request.end(body);
  });
}

function headersOf(options: FetchOptions): Record<string, string> {
  return {
    'user-agent': 'Siaga',
    accept: '*/*',
    'accept-encoding': 'gzip',
    connection: 'close',
    ...(options.etag ? { 'if-none-match': options.etag } : {}),
    ...(options.lastModified ? { 'if-modified-since': options.lastModified } : {}),
    ...options.headers,
  };
}

async function receive(
  url: URL,
  address: string,
  response: http.IncomingMessage,
  options: FetchOptions,
): Promise<Fetched | Redirect> {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if ([301, 302, 303, 307, 308].includes(status) && location && URL.canParse(location, url)) {
    if (options.method === 'POST') throw new OutboundError('bad_redirect', 'Server mengalihkan permintaan POST.');
    return { redirect: location };
  }
  if (status !== 200 && status !== 304) {
    throw new OutboundError('status', `Server menjawab HTTP ${status}.`, { status, retryAfter: retryAfter(response) });
  }
  const date = Date.parse(response.headers.date ?? '');
  const age = /^\d{1,9}$/.test(response.headers.age ?? '') ? Number(response.headers.age) * 1000 : 0;
  return {
    status,
    body: status === 304 ? Buffer.alloc(0) : await bounded(response, options.maxBytes ?? 20 * MEGABYTE),
    contentType: (response.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase(),
    etag: response.headers.etag ?? null,
    lastModified: response.headers['last-modified'] ?? null,
    date: Number.isNaN(date) ? null : date + age,
    retryAfter: retryAfter(response),
    url: url.href,
    address,
  };
}

function retryAfter(response: http.IncomingMessage): number | null {
  const value = response.headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(value) ? Number(value) : null;
}

/** The decoded body; what arrives and what it unpacks to are both counted, so that a gzip bomb ends at the limit. */
async function bounded(response: http.IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = new OutboundError(
    'too_large',
    `Jawaban server lebih besar dari batas ${Math.ceil(limit / 1024)} kB.`,
  );
  if (Number(response.headers['content-length'] ?? 0) > limit) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decoded(response) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge;
    chunks.push(chunk);
  }
  if (!response.complete) throw new OutboundError('garbage', 'Sambungan putus sebelum jawaban lengkap.');
  return Buffer.concat(chunks, size);
}

function decoded(response: http.IncomingMessage): Readable {
  const coding = (response.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (coding === 'identity') return response;
  if (coding !== 'gzip' && coding !== 'x-gzip')
    throw new OutboundError('garbage', 'Server memakai pemampatan yang tidak diminta.');
  const unpacked = response.pipe(zlib.createGunzip());
  // pipe() does not hand errors on; without this a broken connection would wait for the deadline.
  response.once('error', (error) => unpacked.destroy(error));
  response.once('aborted', () => unpacked.destroy(new Error('aborted')));
  return unpacked;
}

const seconds = (ms: number): string => `${(ms / 1000).toLocaleString('id-ID')} detik`;
const late = (what: string, ms: number) => new OutboundError('timeout', `Server tidak ${what} dalam ${seconds(ms)}.`);
const slow = (ms: number) => new OutboundError('timeout', `Pengambilan tidak selesai dalam ${seconds(ms)}.`);

function translate(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (/CERT|TLS|SSL|ERR_OSSL|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return new OutboundError('tls', `Sambungan aman (TLS) gagal: ${code}.`);
  }
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|ETIMEDOUT)$/.test(code)) {
    return new OutboundError('connect', `Server menolak atau tidak dapat dijangkau (${code}).`);
  }
  return new OutboundError('garbage', `Jawaban server rusak atau terputus${code ? ` (${code})` : ''}.`);
}
