// "Ciri penerbit" (certificate-status §9): rules that fire on nearly all certificates of an issuer are shown once, on the
// issuer, and counted nowhere else. Counting looks at every certificate, so jobs do it and pages read the rows.
import { transact, type Context } from '../context.ts';
import { connection, type Db } from '../db/index.ts';
import { demand } from '../permission.ts';
import { readCliffs, writeCliffs } from './cliffs.ts';
import { isIssuerTrait, issuerRules, lintRuleIds } from './lint.ts';

export type Trait = { authorityId: string; rule: string; fired: number; total: number };

export const issuerTraits = (db: Db): Trait[] =>
  connection(db)
    .prepare('select authority_id as authorityId, rule, fired, total from issuer_trait order by authority_id, rule')
    .all() as Trait[];

/** Leaves problems that are a trait of the issuer out; `c` the certificate, `problem` the alias of the problem. */
export const notTrait = (problem: string): string =>
  `not exists (select 1 from issuer_trait t where t.authority_id = c.authority_id and t.rule = ${problem}.rule)`;

/** Finds traits of issuers and expiry cliffs of agencies anew: reads first, writes in one short transaction. Idempotent. */
export function refreshTraits(ctx: Context): void {
  demand(ctx.actor, 'certificates.import');
  const now = ctx.now();
  const traits = readTraits(ctx.db);
  const cliffs = readCliffs(ctx.db, now);
  transact(ctx, (tx) => {
    const client = connection(tx.db);
    client.exec('delete from issuer_trait');
    const insert = client.prepare('insert into issuer_trait (authority_id, rule, fired, total) values (?, ?, ?, ?)');
    for (const one of traits) insert.run(one.authorityId, one.rule, one.fired, one.total);
    writeCliffs(tx.db, cliffs, now);
  });
}

/** §9: more than 90 % of an issuer's certificates (at least 20); and issuers that count their serials up. */
function readTraits(db: Db): Trait[] {
  const client = connection(db);
  const totals = client
    .prepare(
      `select authority_id as id, count(*) as n from certificate where authority_id is not null and fingerprint is not null and archived_at is null
        group by 1 having count(*) >= 20`,
    )
    .all() as { id: string; n: number }[];
  const fired = client.prepare(
    `select p.rule, count(*) as n from problem p join certificate c on c.id = p.certificate_id
      where p.ended_at is null and c.authority_id = ? and c.archived_at is null group by 1`,
  );
  return totals.flatMap(({ id, n: total }) => {
    const rows = fired.all(id) as { rule: string; n: number }[];
    const traits = rows
      .filter(({ rule, n }) => lintRuleIds.includes(rule) && isIssuerTrait(n, total))
      .map(({ rule, n }) => ({ authorityId: id, rule, fired: n, total }));
    const following = sequential(client.prepare(SERIALS).pluck().all(id) as string[]);
    const rule = Object.keys(issuerRules)[0]!;
    return isIssuerTrait(following + 1, total)
      ? [...traits, { authorityId: id, rule, fired: following + 1, total }]
      : traits;
  });
}

const SERIALS = `select serial from certificate where authority_id = ? and fingerprint is not null and archived_at is null
  and serial is not null and serial not like '-%'`;
/** A gap of up to 1,000 is other customers of the same issuer in between; random 64-bit serials never come so close. */
const CLOSE = 1000n;

/** How many serials follow another one closely. */
export function sequential(serials: readonly string[]): number {
  const numbers = serials.map((serial) => BigInt(`0x${serial}`)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return numbers.filter((number, i) => i > 0 && number - numbers[i - 1]! <= CLOSE).length;
}
