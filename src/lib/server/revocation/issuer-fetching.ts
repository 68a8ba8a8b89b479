// Fetches certificates of missing issuers by AIA (certificate-status §7): only from hosts that a person allowed, at most
// four hops and eight fetches a chain, bounded bytes, through `outbound`. What comes is kept only when its key verifies a
// certificate that lacked it, and then as a candidate: nothing becomes trusted by being fetched.
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { openContainer } from '../containers/index.ts';
import { transact, type Context } from '../context.ts';
import { connection, newId } from '../db/index.ts';
import { isNamed, OutboundError, type Outbound, type OutboundCode } from '../outbound/index.ts';
import { demand } from '../permission.ts';
import { readCertificate, sameName, signedBy } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { backOff, hostOf } from './circuit.ts';
import { allowed } from './fetching.ts';
import { isBarred, openHosts, type Refusable } from './issuer-hosts.ts';
import { inTurn } from './per-host.ts';

const MAX_HOPS = 4;
const MAX_FETCHES = 8;
const ONE = 64 * 1024;
const MANY = 1024 * 1024;
/** More CA certificates in one answer than this are not looked at. */
const MAX_ANSWER = 32;
/** An address that answered is asked again after this, if the chain is still incomplete. */
const AGAIN = 7 * DAY;

type State = Refusable & { failures: number; dueAt: number };
const stateOf = (ctx: Context, url: string): State | undefined =>
  connection(ctx.db)
    .prepare('select outcome, sha256, failures, due_at as dueAt from issuer_fetch where url = ?')
    .get(url) as State | undefined;

/** What the rules of the network refused is asked as soon as the office lists it. */
function isDue(ctx: Context, url: string): boolean {
  const state = stateOf(ctx, url);
  if (!state || state.dueAt <= ctx.now()) return true;
  return isBarred(state) && isNamed(url, allowed(ctx));
}

/** Whether an allowed address waits to be asked. A cheap look. */
export function issuersDue(ctx: Context): boolean {
  const open = openHosts(ctx);
  return open.size > 0 && certificates.issuerAddresses(ctx).some((url) => open.has(hostOf(url)) && isDue(ctx, url));
}

/** Our own rules of the network refused the address; nothing was sent (`isBarred`). */
const BARRED: ReadonlySet<OutboundCode> = new Set(['refused_address', 'refused_port']);

export type IssuersFetched = { asked: number; found: number };

/** Asks the allowed addresses that are due. For the jobs process; idempotent. */
export async function fetchIssuers(ctx: Context, by: { outbound: Outbound }): Promise<IssuersFetched> {
  demand(ctx.actor, 'revocation.check');
  const result = { asked: 0, found: 0 };
  const outbound = inTurn(by.outbound);
  for (const missing of certificates.missingIssuers(ctx)) await follow(ctx, missing, outbound, result);
  return result;
}

/** One chain upwards; ends at a root, at what is known, at a host nobody allowed, or at the bounds. */
async function follow(
  ctx: Context,
  missing: certificates.MissingIssuer,
  outbound: Outbound,
  result: IssuersFetched,
): Promise<void> {
  let { urls, wanted } = missing;
  let fetches = 0;
  for (let hop = 0; hop < MAX_HOPS && urls.length > 0; hop++) {
    let found: CertificateView[] = [];
    for (const url of new Set(urls)) {
      // A permission may be withdrawn while this runs.
      if (fetches >= MAX_FETCHES || !openHosts(ctx).has(hostOf(url)) || !isDue(ctx, url)) continue;
      fetches += 1;
      result.asked += 1;
      found = await ask(ctx, url, wanted, outbound, result);
      if (found.length > 0) break;
    }
    wanted = found.filter((view) => !sameName(view.subject, view.issuer));
    urls = wanted.flatMap((view) => view.caIssuers).filter((url) => URL.canParse(url));
  }
}

/** @returns CA certificates of the answer that verify what was wanted, directly or through one another */
async function ask(
  ctx: Context,
  url: string,
  wanted: readonly CertificateView[],
  outbound: Outbound,
  result: IssuersFetched,
): Promise<CertificateView[]> {
  let body: Buffer;
  try {
    const maxBytes = /\.p7[bcms]$/i.test(new URL(url).pathname) ? MANY : ONE;
    ({ body } = await outbound.fetchBounded(url, { allow: allowed(ctx), maxBytes, sameHost: true }));
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    const outcome = BARRED.has(error.code) ? 'refused' : 'failed';
    note(ctx, url, { outcome, text: error.message, sha256: null, retryAfter: error.retryAfter });
    return [];
  }
  const sha256 = createHash('sha256').update(body).digest('hex');
  const read = await certificatesIn(url, body);
  if (typeof read === 'string') {
    note(ctx, url, { outcome: 'refused', text: read, sha256, retryAfter: null });
    return [];
  }
  const issuers = above(wanted, read);
  if (issuers.length === 0) {
    const text = 'Jawabannya sertifikat, tetapi bukan penerbit yang dicari.';
    note(ctx, url, { outcome: 'refused', text, sha256, retryAfter: null });
    return [];
  }
  transact(ctx, (tx) => {
    const fresh = certificates.keepFetched(tx, issuers, `Diambil dari ${url}`);
    result.found += fresh;
    const text = fresh ? `${fresh} sertifikat penerbit baru.` : 'Penerbitnya sudah dikenal.';
    note(tx, url, { outcome: fresh ? 'found' : 'same', text, sha256, retryAfter: null });
    if (fresh)
      audit.record(tx, { action: 'issuer.fetched', targets: [], details: { host: hostOf(url), count: fresh } });
  });
  return issuers;
}

/** A DER certificate, PEM or PKCS#7 (RFC 5280 §4.2.2.1); anything else is refused in words, a private key first of all. */
async function certificatesIn(url: string, body: Buffer): Promise<CertificateView[] | string> {
  if (body[0] !== 0x30 && !body.subarray(0, 64).toString('latin1').trimStart().startsWith('-----BEGIN '))
    return 'Jawabannya bukan sertifikat.';
  const entries = await openContainer({ name: new URL(url).pathname.split('/').at(-1) || 'jawaban', bytes: body });
  if (entries.some(({ kind }) => kind === 'private_key'))
    return 'Jawabannya memuat kunci privat; tidak ada yang disimpan. Beri tahu penerbitnya.';
  const ders = entries.flatMap(({ kind, ders }) => (kind === 'certificate' ? (ders ?? []) : []));
  const authorities = ders.slice(0, MAX_ANSWER).filter((der) => certificates.isAuthority(der));
  return authorities.length
    ? authorities.map((der) => readCertificate(der))
    : 'Jawabannya tidak memuat sertifikat penerbit.';
}

/** Of an answer, what signed something wanted, and what signed that: a bundle may hold strangers. */
function above(wanted: readonly CertificateView[], answer: readonly CertificateView[]): CertificateView[] {
  const kept: CertificateView[] = [];
  let children = [...wanted];
  while (children.length > 0) {
    const parents = answer.filter((one) => !kept.includes(one) && children.some((child) => signedBy(child, one)));
    kept.push(...parents);
    children = parents;
  }
  return kept;
}

type Noted = {
  outcome: 'found' | 'same' | 'refused' | 'failed';
  text: string;
  sha256: string | null;
  retryAfter: number | null;
};

function note(ctx: Context, url: string, { outcome, text, sha256, retryAfter }: Noted): void {
  const now = ctx.now();
  const good = outcome === 'found' || outcome === 'same';
  const failures = good ? 0 : (stateOf(ctx, url)?.failures ?? 0) + 1;
  const dueAt = now + (good ? AGAIN : backOff(url, failures, retryAfter));
  transact(ctx, (tx) =>
    connection(tx.db)
      .prepare(
        `insert into issuer_fetch (id, url, outcome, text, sha256, failures, fetched_at, due_at) values (?, ?, ?, ?, ?, ?, ?, ?)
           on conflict (url) do update set outcome = excluded.outcome, text = excluded.text, sha256 = excluded.sha256,
             failures = excluded.failures, fetched_at = excluded.fetched_at, due_at = excluded.due_at`,
      )
      .run(newId(now), url, outcome, text, sha256, failures, now, dueAt),
  );
}
