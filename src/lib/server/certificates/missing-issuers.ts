// Chains that end before a root, and where their certificates say the missing issuer lies (AIA caIssuers). This room only
// says so; whether anything is fetched is a person's decision, and `revocation` does it (certificate-status §7).
import { transact, type Context } from '../context.ts';
import { connection, type Db } from '../db/index.ts';
import { demand } from '../permission.ts';
import { readCertificate } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { keyringOf } from './keyring.ts';
import * as issuers from './authority-store.ts';
import { keepAuthority } from './trust.ts';

export type MissingIssuer = {
  /** Alternatives, as the certificate lists them. */
  urls: string[];
  /** Certificates whose chain waits for it. */
  count: number;
  /** Certificates that the answer must have signed; a few of many, so that one forged file stops nothing. */
  wanted: CertificateView[];
};

const SAMPLES = 5;
const MAX_URL = 1000;
const isHttp = (url: string) => url.length <= MAX_URL && /^https?:\/\//i.test(url) && URL.canParse(url);

const OPEN = `from certificate where chain = 'incomplete' and ca_issuers <> '[]' and archived_at is null`;
/** Distinct lists of addresses by leaps through the index, whatever the number of certificates. */
const LISTS = `with recursive lists(v) as (select min(ca_issuers) ${OPEN} union all
  select (select min(ca_issuers) ${OPEN} and ca_issuers > v) from lists where v is not null) select v from lists where v is not null`;

/** Every address that a certificate of an incomplete chain names, quickly. */
export function issuerAddresses(ctx: Context): string[] {
  const lists = connection(ctx.db).prepare(LISTS).pluck().all() as string[];
  const ours = topless(ctx).flatMap((one) => one.view.caIssuers);
  return [...new Set([...lists.flatMap((list) => JSON.parse(list) as string[]), ...ours])].filter(isHttp);
}

/** What is missing, with the addresses that would have it. */
export function missingIssuers(ctx: Context): MissingIssuer[] {
  demand(ctx.actor, 'trust.view');
  const rows = connection(ctx.db)
    .prepare(`select ca_issuers as list, count(*) as n ${OPEN} and authority_id is null group by ca_issuers`)
    .all() as { list: string; n: number }[];
  const leaves = rows.map(({ list, n }) => ({
    urls: (JSON.parse(list) as string[]).filter(isHttp),
    count: n,
    wanted: samples(ctx.db, list),
  }));
  const below = incompleteByAuthority(ctx.db);
  const authorities = topless(ctx).map(({ id, view }) => ({
    urls: view.caIssuers.filter(isHttp),
    count: below.get(id) ?? 0,
    wanted: [view],
  }));
  return [...leaves, ...authorities].filter(({ urls }) => urls.length > 0);
}

function samples(db: Db, list: string): CertificateView[] {
  const ders = connection(db)
    .prepare(
      `select d.der from certificate c join certificate_der d on d.fingerprint = c.fingerprint
        where c.chain = 'incomplete' and c.authority_id is null and c.archived_at is null and c.ca_issuers = ? limit ${SAMPLES}`,
    )
    .pluck()
    .all(list) as Buffer[];
  return ders.map((der) => readCertificate(der));
}

/** CA certificates above which nothing is known, although they are no roots. */
function topless(ctx: Context) {
  const ring = keyringOf(ctx);
  return issuers.all(ctx.db).flatMap((row) => {
    const authority = ring.byId(row.id);
    if (!authority || authority.trust === 'rejected' || row.selfSigned) return [];
    return ring.issuersOf(authority.view).length === 0 && ring.reachOf(authority).end === 'missing' ? [authority] : [];
  });
}

const incompleteByAuthority = (db: Db): Map<string, number> =>
  new Map(
    connection(db)
      .prepare(
        `select authority_id, count(*) from certificate where chain = 'incomplete' and authority_id is not null and archived_at is null group by 1`,
      )
      .raw()
      .all() as [string, number][],
  );

/** Keeps CA certificates that were fetched: candidates for paths, roots as proposals, never anchors. @returns how many are new */
export function keepFetched(ctx: Context, views: readonly CertificateView[], origin: string): number {
  demand(ctx.actor, 'revocation.check');
  return transact(ctx, (tx) => views.filter((view) => keepAuthority(tx, view, origin).fresh).length);
}
