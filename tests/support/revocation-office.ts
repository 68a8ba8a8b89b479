// An office that trusts a root, holds certificates of its CA, and asks a scripted network: the world of tests about sweeps
// and evidence. Every list and certificate is really signed.
import * as ca from '../../src/bin/demo/ca.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { connection } from '#lib/server/db/index.ts';
import { outbound, OutboundError, type Outbound } from '#lib/server/outbound/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { pem } from './pem.ts';
import { makeWorld, NOW, type World } from './world.ts';

const { DAY } = ca;
const MINUTE = 60_000;
const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
export const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
export const urls = ca.urlsAt('http://ca.test');
export const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life, urls });

type Page = Buffer | OutboundError;

/** Of certificates about which no list speaks. */
export const OCSP_ONLY = { extensions: { crlUrls: null } } as const;

/** What a responder is asked, by GET or POST. @property at a second ago by the office's clock */
export type Question = { id: Buffer; serial: string; nonce: Buffer | null; at: number };
export type Responder = (question: Question) => Page | Promise<Page>;

/** The CA's own answer. */
export const answer = (
  { id, nonce, at }: Question,
  status: ca.OcspAnswer['status'] = 'good',
  extra: Partial<ca.OcspAnswer> = {},
): Buffer =>
  ca.makeOcspResponse(issuer, {
    answers: [{ id, status, thisUpdate: at, ...extra }],
    producedAt: at,
    nonce,
    certificates: [],
  });

/**
 * What each address answers, of lists as pages, of responders by what they are asked; `skew` is how far the servers' clocks
 * are ahead of the office's.
 */
export function network(world: World) {
  const pages = new Map<string, Page>();
  const responders = new Map<string, Responder>();
  const asked: string[] = [];
  const skew = new Map<string, number>();
  const pageAt = (url: string, body?: Uint8Array): Page | Promise<Page> | undefined => {
    const address = [...responders.keys()].find((one) => url === one || url.startsWith(`${one}/`));
    if (!address) return pages.get(url);
    const got = decodeURIComponent(url.slice(address.length + 1));
    const { ids, nonce } = ca.readOcspRequest(body ? Buffer.from(body) : Buffer.from(got, 'base64'));
    const { der: id, serial } = ids[0]!;
    return responders.get(address)!({ id, serial, nonce, at: world.clock.at - 1000 });
  };
  const script: Outbound = {
    ...outbound,
    fetchBounded: async (url, options = {}) => {
      asked.push(url);
      const page = await pageAt(url, options.body);
      if (!page) throw new OutboundError('connect', 'Server tidak dapat dijangkau.');
      if (page instanceof Error) throw page;
      const etag = `"${page.length}-${page.subarray(-8).toString('hex')}"`;
      const date = world.clock.at + (skew.get(new URL(url).host) ?? 0);
      const base = { contentType: '', etag, lastModified: null, date, retryAfter: null, url, address: '192.0.2.1' };
      const same = options.etag === etag;
      return { ...base, status: same ? 304 : 200, body: same ? Buffer.alloc(0) : page };
    },
  };
  return { pages, responders, asked, skew, outbound: script };
}

let lists = 0;
/** A list of the CA, a minute old and good for a day; numbers grow. */
export const list = (world: World, entries: ca.RevokedEntry[] = [], extra: Partial<ca.CrlRequest> = {}): Buffer =>
  ca.makeCrl(issuer, {
    entries,
    number: ++lists,
    thisUpdate: world.clock.at - MINUTE,
    nextUpdate: world.clock.at + DAY,
    ...extra,
  });

export const lastNumber = (): number => lists;

export const entry = (serial: string, extra: Partial<ca.RevokedEntry> = {}): ca.RevokedEntry => ({
  serial,
  revokedAt: NOW - DAY,
  reason: 1,
  ...extra,
});

/** A record without its file, from a sheet that names the CA. */
export const dataOnly = (world: World, serial: string): unknown =>
  connection(world.db)
    .prepare(
      `insert into certificate (id, issuer, serial, subject, common_name, use, source, added_at, updated_at)
        values ('data-' || @serial, 'BSRE CA UJI G1', @serial, '', 'X', 'signature', 'sheet', @at, @at)`,
    )
    .run({ serial, at: world.clock.at });

/** Holds certificates with these serials. */
export async function office(serials: readonly string[], extra: Partial<Parameters<typeof ca.makeLeaf>[1]> = {}) {
  const world = makeWorld();
  const ctx = world.ctx();
  const put = (name: string, bytes: Buffer) => certificates.importFile(ctx, { name, bytes });
  await put('root.cer', root.certificate);
  await put('ca.cer', issuer.certificate);
  const anchor = certificates.authorities(ctx).find((a) => a.selfSigned)!;
  certificates.decideTrust(world.person('administrator'), anchor.id, {
    decision: 'accept',
    fingerprint: anchor.fingerprint,
    note: 'Dibandingkan dengan situs resmi',
  });
  const idOf = (serial: string) =>
    connection(world.db).prepare('select id from certificate where serial = ?').pluck().get(serial) as string;
  const leaf = (serial: string, more: typeof extra = {}) =>
    ca.makeLeaf(issuer, {
      notBefore: NOW - 100 * DAY,
      serial,
      commonName: `ORANG ${serial}`,
      urls,
      ...extra,
      ...more,
    });
  const add = (serial: string, more: typeof extra = {}) => put(`${serial}.cer`, leaf(serial, more));
  /** Many, by one import. */
  const addAll = (many: readonly string[]) =>
    put('semua.pem', Buffer.from(many.map((serial) => pem(leaf(serial))).join('')));
  for (const serial of serials) await add(serial);
  const net = network(world);
  net.pages.set(
    urls.rootCrl,
    ca.makeCrl(root, { entries: [], number: 1, thisUpdate: NOW - MINUTE, nextUpdate: NOW + 180 * DAY }),
  );
  net.pages.set(urls.crl, list(world));
  const sweep = (force = true) => revocation.sweep(ctx, { outbound: net.outbound, force });
  const state = (serial: string) => certificates.get(ctx, idOf(serial));
  return { world, ctx, net, sweep, state, idOf, add, addAll, ids: serials.map(idOf) };
}
