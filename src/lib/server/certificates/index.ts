// Certificate records: what the city's certificates are, whose they are, who issued them, and how they stand.
// Invariants: a record's identity is its DER's SHA-256, else issuer + serial, else holder + use + validity; the status
// label is computed from six facets and the clock, never stored (certificate-status §1); `revoked` is terminal; no
// unverified input makes a certificate good or takes it out of revoked; nothing is trusted before an administrator
// compared a fingerprint; private keys are refused. Facts are appended (status_event, ownership, ledger), not edited.
// What it does not do: it fetches nothing and believes no CRL or OCSP (revocation does), it knows no accounts.
// Perwali 27/2020 Pasal 1(13), 6, 9, 12, 18 a; RFC 5280.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { certificateMarks } from '#lib/terms.ts';
import { list } from './browsing.ts';
import type { Mark } from './filter.ts';
import type * as listing from './listing.ts';
import { markOnce, unmarkOnce } from './marks.ts';
import { visible } from './owners.ts';
import { pemOf } from './pem.ts';
import * as store from './store.ts';

export {
  confirmObject,
  confirmStatus,
  endConfirmation,
  keepConfirmation,
  lastConfirmation,
  recordStatuses,
  type Confirmation,
  type StatusChange,
} from './confirm.ts';
export { disownStatus, recordStatus, type StatusInput } from './status.ts';
export { snapshotDay, dailyCounts } from './daily.ts';
export {
  importFile,
  importFiles,
  importPersonnel,
  lookAtSheet,
  receiveImport,
  requestImport,
  writeSheet,
} from './import-requests.ts';
export { importsOfCertificate, importsOfHolder } from './import-origins.ts';
export { importLedger, importPages, previewPages, sheetRows } from './import-pages.ts';
export { importRun, imports, importsWaiting, largeImportWaits, runImports } from './import-runs.ts';
export type { ArrivedUpload } from './import-looking.ts';
export type { ImportKind } from './import-requests.ts';
export type { ImportResult } from './import-runs.ts';
export type { Upload } from './import-steps.ts';
export { editableCertificates, editablePeople } from './editable.ts';
export { pastedFile } from './pasted.ts';
export { mayVoid, voidImport, voidPreview, type Use, type UsesOf, type VoidPreview } from './void.ts';
export { changeText, type ShownChange } from './change-words.ts';
export {
  acceptSheet,
  cancelSheet,
  chooseContested,
  rereadSheet,
  sheetPreview,
  type RereadInput,
} from './sheet-preview.ts';
export {
  explainAgencies,
  explainWords,
  forgetColumns,
  forgetWord,
  SAYS_NOTHING,
  takeColumn,
} from './sheet-learning.ts';
export { assignHolder, reinstate, retire, transfer } from './owners.ts';
export { doubles, exportHolders, holder, holderChoices, holders, holdersById, HOLDER_SORTS } from './holders.ts';
export { daysOf, expiryDays, expiryIcs, expiryMatrix, readMonth, type ExpiryFilter } from './expiry-calendar.ts';
export {
  decideRenewal,
  exportRenewals,
  guideFor,
  renewalColumns,
  renewalNotice,
  renewalPair,
  renewalPairs,
  isConfirmedRenewal,
  renewals,
  RENEWAL_WINDOWS,
  type PairState,
  type RenewalFilter,
  type RenewalRow,
  type RenewalState,
} from './renewals.ts';
export { findHolders, recordCertificate, sameSerial } from './form-record.ts';
export { createHolder, editHolder, leaveHolder, moveHolder, returnHolder } from './holder-life.ts';
export { differentNumbers } from './holder-merge-plan.ts';
export { mergeHolders, mergePreview, separateHolders, whyInseparable } from './holder-merging.ts';
export { acceptProposals, decideMatch, matchHolders, refuseMatch } from './matching.ts';
export { decideNew } from './match-new.ts';
export { undoMatch, undoNew } from './match-undo.ts';
export { likelyHolders, matchCase, matchCounts, matching, type Candidate, type MatchCounts } from './match-looking.ts';
export {
  proposeFiles,
  isAuthority,
  traits,
  authorities,
  authority,
  decideTrust,
  proposeAuthority,
  heldAuthorities,
  releasedAuthorities,
  recordAuthorityEvidence,
  recordAuthorityRelease,
  recordAuthorityRevocation,
  offerKnownIssuers,
  offersWaiting,
} from './trust.ts';
export type { Authority } from './trust.ts';
export { issuerStatuses, isUnheard, unheardIssuers, type IssuerStatus } from './issuer-status.ts';
export type { HolderFilter, HolderListRow } from './holders.ts';
export { tasks } from './tasks.ts';
export {
  agencyCounts,
  browse,
  choices,
  countedAt,
  counts,
  countsDue,
  exportList,
  issuerNames,
  list,
  refreshCounts,
  tellEach,
} from './browsing.ts';
export {
  beginBulk,
  bulk,
  bulkActs,
  bulkKinds,
  bulkWaiting,
  downloadAll,
  previewBulk,
  runBulk,
  type BulkKind,
  type Selection,
} from './bulk.ts';
export {
  archiveView,
  changeView,
  preferredView,
  mayShare as mayShareViews,
  preferView,
  saveView,
  views,
  type SavedView,
} from './views.ts';
export { search } from './finding.ts';
export { columns, columnsOf, DEFAULT_COLUMNS, type Column } from './columns.ts';
export { IN_USE, SUCCEEDED, type Counts } from './census.ts';
export { PURPOSES, SIGNATURES } from './describe.ts';
export { policy } from './view.ts';
export {
  IN_FORCE,
  USABLE,
  labelOf,
  labelGroups,
  freshness,
  timeFacet,
  isEnding,
  isInUse,
  endsWithin,
  isUsable,
  type Facets,
  type LabelGroup,
  type LabelPolicy,
} from './label.ts';
export { isFreshSql } from './freshness-sql.ts';
export { endingSql, endsWithinSql, inUseSql, labelSql, usableSql } from './label-sql.ts';
export { CONFIRMED_WITHIN, cursorOf, ENDS_WITHIN, filterOf, type ListFilter, type Mark, type Sort } from './filter.ts';
export type { ListRow, ListPage } from './listing.ts';
export type { AuthorityRow } from './authority-store.ts';
export type { CertificateRow } from './store.ts';
export { ruleTitle } from './lint.ts';
export { chainProgress, chainsWaiting, requestAllChains, runChains, type ChainRun } from './chain-runs.ts';
export { lintRecords, lintWaiting } from './lint-store.ts';
export { issuerAddresses, keepFetched, missingIssuers, type MissingIssuer } from './missing-issuers.ts';
export { exportProblems, problemCounts, problemOverview, type ProblemRow } from './problems.ts';
export { get } from './record.ts';
export { refreshRecords, settleRecords } from './settling.ts';
export { refreshTraits } from './traits.ts';

/** Certificates of one holder in a short form, for the holder's page. */
export function ofHolder(ctx: Context, holderId: string): listing.ListRow[] {
  return list(ctx, { holder: holderId, sort: 'end', descending: true, limit: 200 }).rows;
}

/** DER bytes of any certificate, by SHA-256. For rooms; people get them through `download`. */
export const der = (ctx: Context, fingerprint: string): Buffer | null => store.derOf(ctx.db, fingerprint);

/** A certificate's file for a person, DER or PEM. @throws AppError not_found for a record without file */
export function download(
  ctx: Context,
  id: string,
  format: 'pem' | 'der',
): { name: string; mediaType: string; bytes: Uint8Array } {
  demand(ctx.actor, 'certificates.view');
  const row = visible(ctx, id);
  const bytes = row.fingerprint ? store.derOf(ctx.db, row.fingerprint) : null;
  if (!bytes) throw notFound('Berkas sertifikat ini belum ada; yang diketahui baru datanya.');
  transact(ctx, (tx) =>
    audit.record(tx, { action: 'certificate.downloaded', targets: [['certificate', id]], details: { format } }),
  );
  const name = `sertifikat-${row.serial ?? id}`;
  if (format === 'der') return { name: `${name}.cer`, mediaType: 'application/pkix-cert', bytes };
  return { name: `${name}.pem`, mediaType: 'application/x-pem-file', bytes: pemOf(bytes) };
}

/**
 * Shows a fact of an upper room on the certificate: open incident, pending revocation, mismatch. Idempotent. No permission
 * of its own: the room that calls has demanded the one for its act, of which the mark is only the visible side.
 */
export function mark(ctx: Context, id: string, kind: Mark, ref: string): void {
  transact(ctx, (tx) => {
    if (!store.byId(tx.db, id)) throw notFound('Sertifikat ini tidak ada.');
    if (markOnce(tx, id, kind, ref)) {
      audit.record(tx, {
        action: 'certificate.marked',
        targets: [['certificate', id]],
        details: { kind: certificateMarks[kind].word, ref },
      });
    }
  });
}

/** Takes a mark away. Idempotent. */
export function unmark(ctx: Context, id: string, kind: Mark, ref: string): void {
  transact(ctx, (tx) => {
    if (unmarkOnce(tx, id, kind, ref)) {
      audit.record(tx, {
        action: 'certificate.unmarked',
        targets: [['certificate', id]],
        details: { kind: certificateMarks[kind].word, ref },
      });
    }
  });
}
