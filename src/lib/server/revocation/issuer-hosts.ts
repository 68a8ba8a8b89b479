// From which hosts certificates of missing issuers may be fetched. A certificate that anybody may have made names the
// address, so a person decides about each host, with a reason, and may withdraw it (certificate-status §7).
import * as v from 'valibot';
import * as audit from '../audit/index.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { connection, newId } from '../db/index.ts';
import { accept, conflict, invalid } from '../errors.ts';
import { entryFor, isNamed, neverAsked, type AllowEntry } from '../outbound/index.ts';
import { demand } from '../permission.ts';
import { hostOf } from './circuit.ts';
import { allowed } from './fetching.ts';
import { Issuers } from './issuers.ts';

export type HostDecision = { decision: 'allowed' | 'withdrawn' | 'refused'; reason: string; by: string; at: number };
export type LastFetch = Refusable & { url: string; text: string; at: number };
export type Refusable = { outcome: 'found' | 'same' | 'refused' | 'failed'; sha256: string | null };
/** Refused before any answer came: its name leads to an address that is not public. */
export const isBarred = ({ outcome, sha256 }: Refusable): boolean => outcome === 'refused' && sha256 === null;

export type IssuerHost = {
  host: string;
  /** Certificates whose chain waits for an issuer from there. */
  certificates: number;
  urls: { url: string; last: LastFetch | null }[];
  /** Why none of its addresses is ever asked, whatever a person decides (§7); null: it may be allowed. */
  never: string | null;
  /**
   * Allowed, and still refused by the rules of the network when it was asked: why, and the entry with which an
   * administrator would open it (§7: an explicit entry, with why and until).
   */
  barred: { text: string; at: number; entry: AllowEntry } | null;
  /** The last decision of a person; null: none yet. */
  decision: HostDecision | null;
  /** May be fetched: by decision, or named by an accepted issuer and in the office's own allow list. */
  open: boolean;
};

/** A certificate's word is shown to people; a name and a password in it is nobody's business. */
function withoutCredentials(text: string): string {
  const url = new URL(text);
  if (!url.username && !url.password) return text;
  url.username = '';
  url.password = '';
  return url.href;
}

function decisions(ctx: Context): Map<string, HostDecision> {
  const rows = connection(ctx.db)
    .prepare(
      'select host, decision, reason, decided_by as by, decided_at as at from issuer_host order by decided_at, rowid',
    )
    .all() as (HostDecision & { host: string })[];
  return new Map(rows.map(({ host, ...decision }) => [host, decision]));
}

/** Hosts from which may be fetched now. */
export function openHosts(ctx: Context): ReadonlySet<string> {
  const decided = decisions(ctx);
  const open = new Set<string>();
  for (const [host, { decision }] of decided) if (decision === 'allowed') open.add(host);
  const listed = allowed(ctx);
  if (listed.length === 0) return open;
  const issuers = Issuers.read(ctx.db);
  const trusted = issuers.all.filter(({ view }) => issuers.anchored(view, ctx.now()));
  for (const text of trusted.flatMap(({ view }) => [...view.caIssuers, ...view.crlUrls, ...view.ocspUrls])) {
    if (!URL.canParse(text)) continue;
    const url = new URL(text);
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    const inList = listed.some((one) => one.host.toLowerCase() === url.hostname && one.port === port);
    // A person's own word about the host counts more.
    if (inList && !decided.has(url.host)) open.add(url.host);
  }
  return open;
}

/** Every host that an incomplete chain names, or about which somebody decided; most certificates first. */
export function issuerHosts(ctx: Context): IssuerHost[] {
  demand(ctx.actor, 'trust.view');
  const decided = decisions(ctx);
  const open = openHosts(ctx);
  const listed = allowed(ctx);
  const fetched = new Map(
    (
      connection(ctx.db)
        .prepare('select url, outcome, sha256, text, fetched_at as at from issuer_fetch')
        .all() as LastFetch[]
    ).map((row) => [row.url, row]),
  );
  const hosts = new Map<string, IssuerHost>();
  const entry = (host: string): IssuerHost => {
    const known = hosts.get(host);
    if (known) return known;
    const decision = decided.get(host) ?? null;
    const fresh = { host, certificates: 0, urls: [], never: null, barred: null, decision, open: open.has(host) };
    hosts.set(host, fresh);
    return fresh;
  };
  for (const { urls, count } of certificates.missingIssuers(ctx)) {
    for (const host of new Set(urls.map(hostOf))) entry(host).certificates += count;
    for (const url of urls) {
      const { urls: known } = entry(hostOf(url));
      if (!known.some((one) => one.url === url)) known.push({ url, last: fetched.get(url) ?? null });
    }
  }
  for (const host of decided.keys()) entry(host);
  // What was fetched is told also when nothing is missing any more.
  for (const last of fetched.values()) {
    const known = hosts.get(hostOf(last.url));
    if (known && !known.urls.some(({ url }) => url === last.url)) known.urls.push({ url: last.url, last });
  }
  for (const one of hosts.values()) {
    const reasons = (one.urls.length ? one.urls : [{ url: `http://${one.host}/` }]).map(({ url }) =>
      neverAsked(url, listed),
    );
    one.never = reasons.every((reason) => reason !== null) ? reasons[0]! : null;
    if (one.never !== null) one.open = false;
    if (one.open) one.barred = barredOf(one, listed);
    for (const row of one.urls) row.url = withoutCredentials(row.url);
  }
  return [...hosts.values()].sort((a, b) => b.certificates - a.certificates || a.host.localeCompare(b.host));
}

/** Once the office lists the address, the refusal is history. */
function barredOf({ urls }: IssuerHost, listed: readonly AllowEntry[]): IssuerHost['barred'] {
  const found = urls.find(({ url, last }) => last && isBarred(last) && !isNamed(url, listed));
  return found ? { text: found.last!.text, at: found.last!.at, entry: entryFor(found.url) } : null;
}

const input = v.object({
  host: v.pipe(v.string(), v.trim(), v.toLowerCase(), v.nonEmpty('Host tidak disebut.'), v.maxLength(260)),
  decision: v.picklist(['allowed', 'withdrawn', 'refused'], 'Pilih izinkan, tolak, atau cabut.'),
  reason: v.pipe(
    v.string(),
    v.trim(),
    v.nonEmpty('Tulis alasannya, misalnya siapa pemilik host itu.'),
    v.maxLength(300, 'Paling panjang 300 huruf.'),
  ),
});
export type HostInput = v.InferInput<typeof input>;

/** Allows a host, refuses it, or takes the permission back. @throws AppError invalid, conflict */
export function decideHost(ctx: Context, wanted: HostInput): void {
  demand(ctx.actor, 'trust.decide');
  const now = ctx.now();
  const form = accept(input, wanted, 'Keputusan belum disimpan; periksa isian yang ditandai.');
  const { host, decision, reason } = form;
  const known = issuerHosts(ctx).find((one) => one.host === host);
  if (!known) throw invalid('Host ini tidak disebut oleh sertifikat mana pun.', { host: 'Pilih host dari daftar.' });
  if (decision === 'allowed' && known.never !== null) {
    throw conflict(`${host} tidak dapat diizinkan. ${known.never}`);
  }
  if ((known.decision?.decision ?? null) === decision) throw conflict('Keputusan yang sama sudah tercatat.');
  transact(ctx, (tx) => {
    connection(tx.db)
      .prepare('insert into issuer_host (id, host, decision, reason, decided_by, decided_at) values (?, ?, ?, ?, ?, ?)')
      .run(newId(now), host, decision, reason, audit.actorKey(ctx.actor), now);
    audit.record(tx, { action: `issuer_host.${decision}`, targets: [], details: { host }, reason });
  });
}
