// Findings and their follow-up (Perwali 27/2020 Pasal 18 huruf a: feedback and continuous improvement):
// usulan → temuan (kriteria, kondisi, sebab, akibat) → rekomendasi → rencana → kemajuan → verifikasi → efektivitas.
// Invariants: what happened is appended as steps and the state follows from them; whoever planned, did or recorded the
// follow-up does not verify it; a closed finding opens again only as a new finding that names the old one.
import * as audit from '../audit/index.ts';
import { addDays, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { CURRENT_SET, criteriaSet } from './criteria.ts';
import { insert, load, type Finding } from './finding.ts';
import * as rows from './finding-store.ts';
import { standing } from './follow-up.ts';
import * as input from './input.ts';
import { labelsOf, type RowLabel } from './population.ts';
import { agencyByCode, roundById } from './store.ts';

export type { Finding } from './finding.ts';
export {
  askExtension,
  checkEffect,
  decideExtension,
  evidence,
  plan,
  progress,
  submit,
  verify,
} from './following-up.ts';

export type Proposal = rows.Named<rows.ProposalRow>;
export type FindingPage = {
  finding: Finding;
  steps: rows.StepRow[];
  roundCode: string | null;
  /** What it repeats, and what repeated it. */
  repeats: string | null;
  repeatedBy: string[];
  /** The rows it was found on, at most 50. */
  rows: RowLabel[];
};

/** Findings the actor may see, newest number first. */
export function list(ctx: Context, filter: { agencyId?: string; roundId?: string } = {}): Finding[] {
  demand(ctx.actor, 'evaluations.view');
  const steps = rows.stepsBy(ctx.db);
  const now = ctx.now();
  return rows
    .findings(ctx.db, scope(ctx.actor), filter)
    .map((f) => ({ ...f, standing: standing(f.dueOn, steps.get(f.id) ?? [], now) }));
}

/** One finding with everything that happened to it. @throws AppError not_found, also outside the actor's scope */
export function get(ctx: Context, number: string): FindingPage {
  demand(ctx.actor, 'evaluations.view');
  const found = load(ctx, number);
  return {
    finding: found,
    steps: rows.stepsBy(ctx.db, found.id).get(found.id) ?? [],
    roundCode: found.roundId ? (roundById(ctx.db, found.roundId)?.code ?? null) : null,
    repeats: found.regressionOf ? (rows.findingById(ctx.db, found.regressionOf)?.number ?? null) : null,
    repeatedBy: rows.repeatsOf(ctx.db, found.id).map((f) => f.number),
    rows: labelsOf(ctx.db, found.rows.slice(0, 50), ctx.actor),
  };
}

/** Proposals nobody has decided yet. */
export function proposals(ctx: Context): Proposal[] {
  demand(ctx.actor, 'findings.adopt');
  return rows.openProposals(ctx.db);
}

/** What the form of adoption is filled with: the proposal's condition and the words of its criterion. */
export function draft(ctx: Context, proposalId: string): { proposal: Proposal; input: input.FindingInput } {
  demand(ctx.actor, 'findings.adopt');
  const found = undecided(ctx, proposalId);
  const criterion = criteriaSet(CURRENT_SET).find((c) => c.code === found.criterion);
  return {
    proposal: found,
    input: {
      title: found.title,
      standard: criterion
        ? `${criterion.basis} Peraturan Walikota Batam Nomor 27 Tahun 2020: ${criterion.title.toLowerCase()}.`
        : '',
      condition: found.condition,
      cause: '',
      effect: criterion?.finding?.effect ?? '',
      risk: criterion?.finding?.risk ?? 'medium',
      recommendation: criterion?.finding?.recommendation ?? '',
      successMeasure: criterion?.finding?.success ?? '',
      dueOn: addDays(wibDate(ctx.now()), settings.get(ctx, 'deadlines').findingDays),
    },
  };
}

function undecided(ctx: Context, proposalId: string): Proposal {
  const found = rows.openProposals(ctx.db).find((p) => p.id === proposalId);
  if (found) return found;
  if (rows.proposal(ctx.db, proposalId)) throw conflict('Usulan ini sudah diputuskan atau keadaannya sudah pulih.');
  throw notFound('Usulan temuan ini tidak ada.');
}

/** A person makes the proposal a finding, with recommendation and due date. @returns its number */
export function adopt(ctx: Context, proposalId: string, given: input.FindingInput): string {
  demand(ctx.actor, 'findings.adopt');
  const parsed = parseFinding(ctx, given);
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const from = undecided(tx, proposalId);
    const roundId = from.sourceRoom === 'evaluation' ? from.sourceId : null;
    const link = {
      agencyId: from.agencyId,
      roundId,
      proposalId,
      criterion: from.criterion,
      rows: from.rows,
      regressionOf: null,
    };
    const number = insert(tx, parsed, link, from.agency.shortName);
    rows.updateProposal(tx.db, proposalId, {
      decision: 'adopted',
      decidedBy: audit.actorKey(ctx.actor),
      decidedAt: now,
    });
    return number;
  });
}

/** A finding that no measure suggested, e.g. from a visit. @returns its number */
export function create(
  ctx: Context,
  agencyCode: string,
  given: input.FindingInput,
  roundId: string | null = null,
): string {
  demand(ctx.actor, 'findings.adopt');
  const parsed = parseFinding(ctx, given);
  const agency = agencyByCode(ctx.db, agencyCode);
  if (!agency) throw invalid('Perangkat Daerah tidak ditemukan.', { agency: 'Pilih dari daftar.' });
  return transact(ctx, (tx) =>
    insert(
      tx,
      parsed,
      { agencyId: agency.id, roundId, proposalId: null, criterion: null, rows: [], regressionOf: null },
      agency.shortName,
    ),
  );
}

function parseFinding(ctx: Context, given: input.FindingInput) {
  const parsed = accept(input.findingInput, given, 'Temuan belum lengkap; periksa isian yang ditandai.');
  if (parsed.dueOn < wibDate(ctx.now()))
    throw invalid('Tenggat sudah lewat.', { dueOn: 'Isi tanggal hari ini atau sesudahnya.' });
  return parsed;
}

/** No finding, with the reason. */
export function dismiss(ctx: Context, proposalId: string, reasonText: string): void {
  demand(ctx.actor, 'findings.adopt');
  const { reason } = accept(
    input.reasonInput,
    { reason: reasonText },
    'Tulis mengapa usulan ini tidak menjadi temuan.',
  );
  transact(ctx, (tx) => {
    const from = undecided(tx, proposalId);
    const set = { decision: 'dismissed', decidedBy: audit.actorKey(ctx.actor), decidedAt: ctx.now(), reason } as const;
    rows.updateProposal(tx.db, proposalId, set);
    audit.record(tx, {
      action: 'finding.dismissed',
      targets: [
        ['proposal', proposalId],
        ['agency', from.agencyId],
      ],
      details: { agency: from.agency.shortName },
      personal: { title: from.title },
      reason,
    });
  });
}
