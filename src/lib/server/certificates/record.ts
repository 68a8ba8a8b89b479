// One certificate as its page shows it: status, owner, chain, problems, history, and its content in words.
import * as agencies from '../agencies/index.ts';
import type { Context } from '../context.ts';
import { demand, scope } from '../permission.ts';
import { readCertificate } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { pathAbove } from './chain.ts';
import { describe } from './describe.ts';
import * as people from './holder-store.ts';
import { keyringOf } from './keyring.ts';
import { labelOf } from './label.ts';
import { ruleOf } from './lint.ts';
import { visible } from './owners.ts';
import * as portal from './portal-store.ts';
import { mismatchOf, mismatchSentences } from './portal-word.ts';
import { sentenceOf } from './sentence.ts';
import * as issuers from './authority-store.ts';
import * as store from './store.ts';
import { issuerTraits } from './traits.ts';
import { policy } from './view.ts';
import { voidedWith } from './void-store.ts';

/** One certificate with what its page shows. @throws AppError not_found, also outside the actor's scope */
export function get(ctx: Context, id: string) {
  demand(ctx.actor, 'certificates.view');
  const row = visible(ctx, id);
  const now = ctx.now();
  const label = labelOf(row, now, policy(ctx));
  const holder = row.holderId ? (people.byId(ctx.db, row.holderId) ?? null) : null;
  const der = row.fingerprint ? store.derOf(ctx.db, row.fingerprint) : null;
  const file = der && readCertificate(der);
  return {
    ...row,
    label,
    status: sentenceOf(row, label, now),
    archive: row.archivedAt === null ? null : { at: row.archivedAt, voided: voidedWith(ctx.db, id) },
    holder,
    positions: holder ? people.positions(ctx.db, holder.id) : [],
    agency: row.agencyId ? agencies.byId(ctx, row.agencyId) : null,
    ...chainOf(ctx, file),
    content: file && describe(file),
    problems: problemsOf(ctx, row),
    marks: store.marks(ctx.db, id),
    portal: portalOf(ctx, row),
    events: store.events(ctx.db, id),
    ownerships: store
      .ownerships(ctx.db, id)
      .map((o) => ({ ...o, agencyName: o.agencyId ? (agencies.byId(ctx, o.agencyId)?.name ?? null) : null })),
    siblings: siblings(ctx, row, now),
  };
}

/** CA certificates above, nearest first, with what the office decided about each, and where which rule fails. */
function chainOf(ctx: Context, file: CertificateView | null) {
  if (!file) return { path: [], pathFailure: null };
  const { links, failure } = pathAbove(file, keyringOf(ctx), ctx.now());
  const path = links.flatMap(({ authority, fails }) => {
    const found = issuers.byId(ctx.db, authority.id);
    return found ? [{ ...found, fails }] : [];
  });
  return { path, pathFailure: failure };
}

function problemsOf(ctx: Context, row: store.CertificateRow) {
  const traits = new Set(issuerTraits(ctx.db).map((trait) => `${trait.authorityId}|${trait.rule}`));
  return store.problems(ctx.db, row.id).map((problem) => ({
    ...problem,
    ...ruleOf(problem.rule),
    severity: problem.severity,
    trait: traits.has(`${row.authorityId}|${problem.rule}`),
  }));
}

/** What BSrE's portal said, newest first, and how that differs from what was proved. */
function portalOf(ctx: Context, row: store.CertificateRow) {
  const said = portal.all(ctx.db, row.id);
  const kind = said[0] && mismatchOf(said[0], row, ctx.now());
  return { said, mismatch: kind ? { kind, ...mismatchSentences[kind] } : null };
}

/** Other certificates of the same holder for any use, newest first, as far as the actor may see them. */
function siblings(ctx: Context, row: store.CertificateRow, now: number) {
  if (!row.holderId) return [];
  const rules = policy(ctx);
  return store
    .currentOf(ctx.db, row.holderId, scope(ctx.actor))
    .filter((other) => other.id !== row.id)
    .map((other) => ({
      id: other.id,
      use: other.use,
      serial: other.serial,
      notBefore: other.notBefore,
      notAfter: other.notAfter,
      label: labelOf(other, now, rules),
      revocation: other.revocation,
      revocationSource: other.revocationSource,
      revokedAt: other.revokedAt,
    }));
}
