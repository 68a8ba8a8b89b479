// Whether an end-point can be used from here, step by step: name, connection, TLS, first octet. For the page that says what
// to open in the firewall. The same address rules as for fetching; nothing but one short question is sent.
import net from 'node:net';
import tls from 'node:tls';
import { OutboundError } from './errors.ts';
import { pinnedAddress } from './fetch.ts';
import type { AllowEntry } from './target.ts';

export type Endpoint = { protocol: 'http' | 'https' | 'smtp' | 'smtps'; host: string; port: number };

export type Reached = {
  ok: boolean;
  /** The step that failed. */
  step: 'dns' | 'connect' | 'tls' | 'first_byte' | null;
  /** What went wrong, or that it works, for people. */
  text: string;
  addresses: string[];
  /** From the question to the first octet, ms. */
  ms: number;
};

const LIMIT = 5_000;

/** Never throws: what goes wrong is the answer. */
export async function reach(end: Endpoint, allow: readonly AllowEntry[], limit = LIMIT): Promise<Reached> {
  const begun = performance.now();
  const answer = (rest: Omit<Reached, 'ms'>): Reached => ({ ...rest, ms: Math.round(performance.now() - begun) });
  const addresses: string[] = [];
  try {
    const pinned = await address(end, allow, limit);
    addresses.push(...pinned.all);
    const socket = await connected(end, pinned.address, limit);
    try {
      await firstOctet(end, socket, limit);
    } finally {
      socket.destroy();
    }
    return answer({ ok: true, step: null, text: 'Terhubung dan menjawab.', addresses });
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return answer({ ok: false, step: error.step, text: error.message, addresses });
  }
}

class Failed extends Error {
  readonly step: NonNullable<Reached['step']>;
  constructor(step: NonNullable<Reached['step']>, message: string) {
    super(message);
    this.step = step;
  }
}

/** The office's own mail server may stand anywhere; what certificates name must be public or allowed. */
async function address(end: Endpoint, allow: readonly AllowEntry[], limit: number) {
  const { host, port, protocol } = end;
  const own = protocol === 'smtp' || protocol === 'smtps';
  try {
    const url = new URL(`http://${net.isIPv6(host) ? `[${host}]` : host}:${port}/`);
    return await pinnedAddress(url, own ? [{ host, port }] : allow, limit);
  } catch (error) {
    if (error instanceof OutboundError) throw new Failed(error.code === 'dns' ? 'dns' : 'connect', error.message);
    throw new Failed('dns', `Nama ${host} tidak dapat dibaca.`);
  }
}

const late = (what: string, limit: number) => `Tidak ${what} dalam ${limit / 1000} detik.`;
const codeOf = (error: NodeJS.ErrnoException) => error.code ?? 'galat';

async function connected(end: Endpoint, ip: string, limit: number): Promise<net.Socket> {
  const plain = await new Promise<net.Socket>((resolve, reject) => {
    const socket = net.connect({ host: ip, port: end.port });
    const fail = (text: string) => (socket.destroy(), reject(new Failed('connect', text)));
    socket.setTimeout(limit, () => fail(late('tersambung', limit)));
    socket.once('error', (error) => fail(`Tidak dapat tersambung (${codeOf(error)}).`));
    socket.once('connect', () => (socket.setTimeout(0), socket.removeAllListeners('error'), resolve(socket)));
  });
  if (end.protocol === 'http' || end.protocol === 'smtp') return plain;
  return new Promise<net.Socket>((resolve, reject) => {
    const secure = tls.connect({ socket: plain, ...(net.isIP(end.host) ? {} : { servername: end.host }) });
    const fail = (text: string) => (plain.destroy(), reject(new Failed('tls', text)));
    secure.setTimeout(limit, () => fail(late('menyelesaikan TLS', limit)));
    secure.once('error', (error) => fail(`Sambungan aman (TLS) gagal (${codeOf(error)}).`));
    secure.once('secureConnect', () => (secure.setTimeout(0), secure.removeAllListeners('error'), resolve(secure)));
  });
}

function firstOctet(end: Endpoint, socket: net.Socket, limit: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (text: string) => reject(new Failed('first_byte', text));
    socket.setTimeout(limit, () => fail(late('menjawab', limit)));
    socket.once('error', (error) => fail(`Sambungan putus sebelum menjawab (${codeOf(error)}).`));
    socket.once('close', () => fail('Sambungan ditutup sebelum menjawab.'));
    socket.once('data', () => resolve());
    // A mail server speaks first.
    if (end.protocol === 'http' || end.protocol === 'https')
      socket.write(`HEAD / HTTP/1.1\r\nhost: ${end.host}\r\nuser-agent: Siaga\r\nconnection: close\r\n\r\n`);
  });
}
