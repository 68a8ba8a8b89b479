// Renewals: which certificates end without a usable successor and who must do what; which pairs are a renewal, and what a
// person says to the doubtful ones. Perwali 27/2020 Pasal 9, 18 a; certificate-status §1 (lifecycle), §9.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { accept, invalid, notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import type { Column } from '../table-export.ts';
import { renewalStates, uses } from '#lib/terms.ts';
import { refreshEstate } from './estate.ts';
import * as people from './holder-store.ts';
import { renewalInput, type RenewalInput } from './input.ts';
import { labelOf } from './label.ts';
import { visible } from './owners.ts';
import { guideFor, noticeText } from './renewal-guide.ts';
import { compare, doubts, gapDays } from './renewal-pair.ts';
import * as pairing from './renewal-pair-store.ts';
import * as renewal from './renewal-store.ts';
import * as store from './store.ts';
import { decisionsOf, peersOf, recordDecision, refreshSuccessors } from './successors.ts';
import { viewOf } from './view.ts';

export type { RenewalFilter, RenewalRow, RenewalState } from './renewal-store.ts';
export { guideFor } from './renewal-guide.ts';

const PAGE = 50;
/** Pairs shown at once. */
const SHOWN = 100;
export const RENEWAL_WINDOWS = [30, 60, 90, 'ended'] as const;

const view = (ctx: Context) => ({ now: ctx.now(), scope: scope(ctx.actor) });

/** The work-list: certificates that end soon, or ended lately, without a usable successor; agency by agency. */
export function renewals(ctx: Context, filter: renewal.RenewalFilter, after?: string) {
  demand(ctx.actor, 'certificates.view');
  const seen = view(ctx);
  const rows = renewal.rows(ctx.db, filter, seen, { ...(after ? { after } : {}), limit: PAGE + 1 });
  const shown = rows.slice(0, PAGE);
  return {
    rows: shown,
    next: rows.length > PAGE ? shown.at(-1)!.id : null,
    ...renewal.counts(ctx.db, filter, RENEWAL_WINDOWS, seen),
  };
}

/** The words an agency's officer gets about one agency's rows. */
export function renewalNotice(ctx: Context, filter: renewal.RenewalFilter & { agency: string }): string {
  demand(ctx.actor, 'certificates.view');
  const name = agencies.get(ctx, filter.agency).name;
  return noticeText(name, renewal.rows(ctx.db, filter, view(ctx)), ctx.now());
}

/** All rows of the work-list, for export; the export stands in the trail. */
export function exportRenewals(ctx: Context, filter: renewal.RenewalFilter, format: string): renewal.RenewalRow[] {
  demand(ctx.actor, 'certificates.export');
  const rows = renewal.rows(ctx.db, filter, view(ctx));
  const details = { count: rows.length, format };
  transact(ctx, (tx) => audit.record(tx, { action: 'renewals.exported', targets: [], details }));
  return rows;
}

export const renewalColumns: Column<renewal.RenewalRow>[] = [
  { head: 'Pemilik', value: (row) => row.name, width: 34 },
  { head: 'Jabatan', value: (row) => row.position, width: 28 },
  { head: 'Perangkat Daerah', value: (row) => row.agencyName, width: 34 },
  { head: 'Penggunaan', value: (row) => uses[row.use], width: 24 },
  { head: 'Nomor seri', value: (row) => row.serial, width: 44 },
  { head: 'Sampai dengan', value: (row) => row.notAfter, kind: 'instant' },
  { head: 'Keadaan', value: (row) => renewalStates[row.state].word, width: 30 },
  { head: 'Siapa', value: (row) => guideFor(row.use).who, width: 34 },
  { head: 'Langkah', value: (row) => guideFor(row.use).steps.join(' '), width: 80 },
];

// ---- pairs -------------------------------------------------------------------------------------------------------

export type PairState = 'doubtful' | 'clear' | 'confirmed' | 'rejected';

/** How many pairs there are by state, and those of one. `doubtful`: something differs that a person should look at. */
export function renewalPairs(ctx: Context, state: PairState | null) {
  demand(ctx.actor, 'certificates.view');
  const seen = view(ctx);
  const { doubtful, clear } = pairing.pairs(ctx.db, seen);
  const settled = pairing.decided(ctx.db, seen);
  const of = (decision: 'confirmed' | 'rejected') => settled.filter((pair) => pair.decision === decision);
  const counts = {
    doubtful: doubtful.length,
    clear: clear.length,
    confirmed: of('confirmed').length,
    rejected: of('rejected').length,
  };
  const wanted = {
    doubtful: () => doubtful,
    clear: () => clear,
    confirmed: () => of('confirmed'),
    rejected: () => of('rejected'),
  };
  const shown = state ? wanted[state]().slice(0, SHOWN) : [];
  const short = shortener(ctx);
  return { rows: shown.flatMap((pair) => pairRow(ctx, pair, short)), counts };
}

/** Proposed pairs in which something differs that a person should look at. */
export const doubtfulPairs = (ctx: Context): pairing.PairIds[] => pairing.pairs(ctx.db, view(ctx)).doubtful;

function sidesOf(ctx: Context, pair: pairing.PairIds): [store.CertificateRow, store.CertificateRow][] {
  const older = store.byId(ctx.db, pair.id);
  const newer = store.byId(ctx.db, pair.successorId);
  return older && newer ? [[older, newer]] : [];
}

const pairRow = (ctx: Context, pair: pairing.PairIds, short: ReturnType<typeof shortener>) =>
  sidesOf(ctx, pair).map(([older, newer]) => ({
    older: short(older),
    newer: short(newer),
    why: doubts(older, newer),
    gap: gapDays(older, newer),
  }));

function shortener(ctx: Context) {
  const { now, policy } = viewOf(ctx);
  const known = new Map(agencies.list(ctx).map((agency) => [agency.id, agency]));
  return (row: store.CertificateRow) => {
    const { id, commonName, use, serial, notBefore, notAfter, revocation, revocationSource, revokedAt } = row;
    const holder = row.holderId ? people.byId(ctx.db, row.holderId) : null;
    const agency = row.agencyId ? (known.get(row.agencyId) ?? agencies.byId(ctx, row.agencyId)) : null;
    return {
      id,
      name: holder?.name ?? commonName,
      holderId: row.holderId,
      agencyName: agency?.name ?? null,
      use,
      serial,
      notBefore,
      notAfter,
      label: labelOf(row, now, policy),
      ...{ revocation, revocationSource, revokedAt },
    };
  };
}

/** Two certificates compared, with what was decided about them. @throws AppError not_found */
export function renewalPair(ctx: Context, olderId: string, newerId: string) {
  demand(ctx.actor, 'certificates.view');
  const [older, newer] = pairOf(ctx, olderId, newerId);
  const short = shortener(ctx);
  return {
    older: short(older),
    newer: short(newer),
    differences: compare(older, newer),
    gap: gapDays(older, newer),
    current: older.supersededById === newer.id,
    decisions: decisionsOf(ctx.db, older.id, newer.id),
  };
}

/** Whether a person said that this is the renewal; else the pair is what the records propose. */
export function isConfirmedRenewal(ctx: Context, olderId: string, newerId: string): boolean {
  demand(ctx.actor, 'certificates.view');
  return decisionsOf(ctx.db, visible(ctx, olderId).id, newerId)[0]?.decision === 'confirmed';
}

function pairOf(ctx: Context, olderId: string, newerId: string): [store.CertificateRow, store.CertificateRow] {
  const older = visible(ctx, olderId);
  const newer = visible(ctx, newerId);
  const one = older.holderId ? older.holderId === newer.holderId : !newer.holderId && older.subject === newer.subject;
  const later =
    (newer.notBefore ?? 0) > (older.notBefore ?? 0) || (newer.notBefore === older.notBefore && newer.id > older.id);
  if (older.id === newer.id || !one || older.use !== newer.use || !later) {
    throw notFound('Kedua sertifikat ini bukan yang lama dan yang baru dari satu pemilik untuk satu penggunaan.');
  }
  return [older, newer];
}

/** A person says whether a pair is a renewal. A rejected pair is never proposed again and does not count as one. */
export function decideRenewal(ctx: Context, olderId: string, newerId: string, input: RenewalInput): void {
  demand(ctx.actor, 'certificates.edit');
  const { decision, why } = accept(renewalInput, input, 'Belum disimpan; periksa isian yang ditandai.');
  const [older, newer] = pairOf(ctx, olderId, newerId);
  if (decision === 'rejected' && !why) throw invalid('Belum disimpan.', { why: 'Isi alasannya.' });
  if (decisionsOf(ctx.db, older.id, newer.id)[0]?.decision === decision) return;
  transact(ctx, (tx) => {
    const row = { decision, why, by: audit.actorKey(tx.actor), at: tx.now() };
    recordDecision(tx.db, { ...row, certificateId: older.id, successorId: newer.id });
    refreshSuccessors(tx.db, peersOf(older));
    refreshEstate(tx.db, tx.now(), { certificates: [older.id, newer.id] });
    audit.record(tx, {
      action: decision === 'confirmed' ? 'renewal.confirmed' : 'renewal.rejected',
      targets: [
        ['certificate', older.id],
        ['certificate', newer.id],
      ],
      ...(why ? { reason: why } : {}),
    });
  });
}
