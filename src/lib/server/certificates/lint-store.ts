// Lint over the records: certificates judged by older rules, or by none, are judged in chunks. One mechanism for new
// imports, changed rules, changed settings and an issuer that came later.
import * as agencies from '../agencies/index.ts';
import { transact, type Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { readCertificate } from '../x509/index.ts';
import { keyringOf } from './keyring.ts';
import { lint, lintKey, lintRuleIds, plainName, type OfficeRules } from './lint.ts';
import * as store from './store.ts';

const CHUNK = 250;
const list = (text: string): string[] =>
  text
    .split(/[,;\n]+/)
    .map((part) => part.trim())
    .filter(Boolean);

/** What the office allows, from its settings and its agencies' names. */
export function officeRules(ctx: Context): OfficeRules {
  const set = settings.get(ctx, 'certificateRules');
  const { government, name } = settings.get(ctx, 'office');
  const names = [government, name, ...list(set.organizations), ...agencies.list(ctx).map((agency) => agency.name)];
  return {
    emailDomains: list(set.emailDomains).map((domain) => domain.toLowerCase().replace(/^@/, '')),
    maxDays: set.maxDays,
    organizations: [...new Set(names.map(plainName).filter(Boolean))].sort(),
  };
}

// Two ranges of one index instead of <>, so that the answer is there at once when nothing waits.
const range = (than: '<' | '>') =>
  `select id from certificate indexed by certificate_by_lint where fingerprint is not null and linted_with ${than} ?`;
const WAITING = `select id from (${range('<')} union all ${range('>')})`;

/** Whether certificates wait for lint. A cheap look. */
export function lintWaiting(ctx: Context): boolean {
  const key = lintKey(officeRules(ctx));
  return connection(ctx.db).prepare(`${WAITING} limit 1`).get(key, key) !== undefined;
}

/** Judges what waits, in short transactions. Idempotent; killed anywhere it goes on. @returns how many were judged */
export async function lintRecords(ctx: Context): Promise<number> {
  demand(ctx.actor, 'certificates.import');
  const office = officeRules(ctx);
  const key = lintKey(office);
  let judged = 0;
  for (;;) {
    const done = transact(ctx, (tx) => lintChunk(tx, office, key));
    judged += done;
    if (done < CHUNK) return judged;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function lintChunk(tx: Context, office: OfficeRules, key: string): number {
  const client = connection(tx.db);
  const ring = keyringOf(tx);
  const rows = client
    .prepare(
      `select c.id, c.authority_id as authorityId, d.der from certificate c
         join certificate_der d on d.fingerprint = c.fingerprint
        where c.id in (${WAITING} limit ${CHUNK})`,
    )
    .all(key, key) as { id: string; authorityId: string | null; der: Buffer }[];
  const settle = client.prepare('update certificate set linted_with = ? where id = ?');
  for (const row of rows) {
    const issuer = row.authorityId ? (ring.byId(row.authorityId)?.view ?? null) : null;
    const noticed = lint(readCertificate(row.der), issuer, office);
    store.setProblems(tx.db, row.id, noticed, lintRuleIds, tx.now());
    settle.run(key, row.id);
  }
  return rows.length;
}
