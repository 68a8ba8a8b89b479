// Incidents in the use of certificates, from the first report to the closing review. Perwali Batam 27/2020 Pasal 12 d,
// 19 and 20. Invariants: facts are appended and states follow from them (states.ts), nobody sets a state; obligations
// to BSSN and BSrE are born with the incident, with their legal text and one stored due time; "sent" and "received" are
// different rows, so nobody mistakes one for the other; not reporting, letters and reviews of grave incidents take a
// second person; a revocation counts as seen only by verified evidence; nothing is deleted. What it does not do: it
// does not revoke, it does not sign, and it does not judge who is right in a dispute.
export {
  callBy,
  dismissIntake,
  getIntake,
  intakes,
  mergeIntake,
  newToken,
  receipt,
  report,
  similar,
} from './intakes.ts';
export type { Intake, IntakeFilter, Receipt, Similar } from './intakes.ts';
export { moveAgency, setOccurrence } from './correcting.ts';
export { cancelDuty, onDuty, roster, setDuty } from './duty.ts';
export type { OnDuty, Shift } from './duty.ts';
export {
  assess,
  assign,
  correct,
  handlers,
  linkCertificate,
  linkCertificates,
  note,
  ofCertificate,
  promote,
  tick,
  unlinkCertificate,
} from './handling.ts';
export type { Tick } from './handling.ts';
export {
  exceptRevocation,
  forwardRevocation,
  observeRevocation,
  receiveRevocation,
  requestRevocation,
} from './revocations.ts';
export { carry, decideWaiver, proposeWaiver, recordReceipt } from './obligations.ts';
export {
  approve,
  barredFrom,
  delegated,
  draft,
  edit,
  getLetter,
  letterFileName,
  letterPdf,
  letterProposal,
  send,
  withdraw,
} from './letters.ts';
export type { LetterView } from './letters.ts';
export { evidenceInUse } from './evidence-in-use.ts';
export { addEvidence, custody, MAX_EVIDENCE, readEvidence } from './evidence.ts';
export { approveReview, close, dismiss, duplicateOf, reopen, writeReview } from './closing.ts';
export { remind } from './watching.ts';
export { figures, type Figures } from './figures.ts';
export { get, list, newIntakes, tasks } from './reading.ts';
export type { IncidentView, List, ListFilter, Row } from './reading.ts';
export { candidates, type Candidate } from './lookup.ts';
export { search, type FoundIncident, type FoundLetter } from './searching.ts';
export type * from './input.ts';
