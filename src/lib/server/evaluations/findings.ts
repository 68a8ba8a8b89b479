// Findings and their follow-up (Perwali 27/2020 Pasal 18 huruf a: feedback and continuous improvement):
// usulan → temuan (kriteria, kondisi, sebab, akibat) → rekomendasi → rencana → kemajuan → verifikasi → efektivitas.
// Invariants: what happened is appended as steps and the state follows from them; whoever planned, did or recorded the
// follow-up does not verify it; a closed finding opens again only as a new finding that names the old one.
import * as audit from '../audit/index.ts';
import { addDays, isDate, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, forbidden, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand, scope } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { CURRENT_SET, criteriaSet } from './criteria.ts';
import * as input from './input.ts';
import { raised, standing, type Standing, type StepKind } from './follow-up.ts';
import * as rows from './finding-store.ts';
import { labelsOf, type RowLabel } from './population.ts';
import { agencyByCode, roundById } from './store.ts';

export type Finding = rows.Named<rows.FindingRow> & { standing: Standing };
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

function load(ctx: Context, number: string): Finding {
  const row = rows.findingByNumber(ctx.db, number, scope(ctx.actor));
  if (!row) throw notFound('Temuan ini tidak ada dalam daftar yang dapat Anda lihat.');
  return { ...row, standing: standing(row.dueOn, rows.stepsBy(ctx.db, row.id).get(row.id) ?? [], ctx.now()) };
}

// from proposal to finding

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

type Link = Pick<rows.FindingRow, 'agencyId' | 'roundId' | 'proposalId' | 'criterion' | 'rows' | 'regressionOf'>;
function insert(tx: Context, content: ReturnType<typeof parseFinding>, link: Link, agency: string): string {
  const now = tx.now();
  const id = newId(now);
  const number = settings.allot(tx, 'T');
  rows.insertFinding(tx.db, { id, number, ...link, ...content, adoptedAt: now, adoptedBy: audit.actorKey(tx.actor) });
  audit.record(tx, {
    action: 'finding.adopted',
    targets: [
      ['finding', id],
      ['agency', link.agencyId],
    ],
    details: { number, agency },
  });
  return number;
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

// the agency's part

/** Rencana tindak lanjut; the agency says by when, and may name the cause. A new plan replaces the old one. */
export function plan(ctx: Context, number: string, given: input.PlanInput): void {
  demand(ctx.actor, 'findings.answer');
  const { text, dueOn, cause } = accept(input.planInput, given, 'Rencana belum lengkap; periksa isian yang ditandai.');
  const found = demandOpen(load(ctx, number));
  if (dueOn > found.standing.dueOn) {
    throw invalid('Rencana selesai setelah tenggat. Minta perpanjangan bila memang perlu.', {
      dueOn: 'Lewat dari tenggat temuan.',
    });
  }
  transact(ctx, (tx) => {
    if (cause && found.cause === '') rows.updateFinding(tx.db, found.id, { cause });
    step(tx, found, 'planned', { text, dueOn });
  });
}

export function progress(ctx: Context, number: string, given: input.ProgressInput): void {
  demand(ctx.actor, 'findings.answer');
  const { text, evidence } = accept(input.progressInput, given, 'Kemajuan belum dapat disimpan.');
  const found = demandOpen(load(ctx, number));
  if (found.standing.state === 'submitted') throw conflict('Tindak lanjut ini sedang diperiksa.');
  transact(ctx, (tx) => step(tx, found, 'progressed', { text, evidence }));
}

/** The follow-up is done, says the agency; a second person verifies. */
export function submit(ctx: Context, number: string, given: input.ProgressInput): void {
  demand(ctx.actor, 'findings.answer');
  const { text, evidence } = accept(input.submitInput, given, 'Tindak lanjut belum dapat diserahkan.');
  const found = demandOpen(load(ctx, number));
  if (found.standing.state === 'submitted') throw conflict('Tindak lanjut ini sudah diserahkan dan sedang diperiksa.');
  transact(ctx, (tx) => step(tx, found, 'submitted', { text, evidence }));
}

export function askExtension(ctx: Context, number: string, given: input.ExtensionInput): void {
  demand(ctx.actor, 'findings.answer');
  const { dueOn, text } = accept(input.extensionInput, given, 'Permintaan perpanjangan belum lengkap.');
  const found = demandOpen(load(ctx, number));
  if (found.standing.extensionAsked) throw conflict('Permintaan perpanjangan sebelumnya belum diputuskan.');
  if (dueOn <= found.standing.dueOn)
    throw invalid('Tenggat baru harus setelah tenggat sekarang.', { dueOn: 'Pilih tanggal yang lebih lambat.' });
  transact(ctx, (tx) => step(tx, found, 'extension_asked', { text, dueOn }));
}

function demandOpen(found: Finding): Finding {
  if (found.standing.state === 'closed') throw conflict('Temuan ini sudah ditutup.');
  return found;
}

// the second person's part

/** Grants or refuses an extension; not the one who asked. */
export function decideExtension(ctx: Context, number: string, granted: boolean, reasonText: string): void {
  demand(ctx.actor, 'findings.verify');
  const { reason } = accept(input.reasonInput, { reason: reasonText }, 'Tulis alasan keputusan.');
  const found = demandOpen(load(ctx, number));
  const dueOn = found.standing.extensionAsked;
  if (!dueOn || !isDate(dueOn)) throw conflict('Tidak ada permintaan perpanjangan yang menunggu keputusan.');
  const asked = rows
    .stepsBy(ctx.db, found.id)
    .get(found.id)!
    .findLast((s) => s.kind === 'extension_asked')!;
  if (asked.by === audit.actorKey(ctx.actor))
    throw forbidden('Perpanjangan diputuskan oleh orang lain, bukan oleh yang memintanya.');
  transact(ctx, (tx) => step(tx, found, granted ? 'extension_granted' : 'extension_refused', { text: reason, dueOn }));
}

/**
 * Verifies the follow-up with a closing code: 1 and 4 close the finding, 2 and 3 return it. Not by anybody who planned,
 * did or recorded it. Code 4 needs a legal ground and proof, and is the head's decision.
 */
export function verify(ctx: Context, number: string, given: input.VerifyInput): void {
  demand(ctx.actor, 'findings.verify');
  const { code, text, ground, evidence } = accept(
    input.verifyInput,
    given,
    'Verifikasi belum lengkap; periksa isian yang ditandai.',
  );
  const found = demandOpen(load(ctx, number));
  const by = audit.actorKey(ctx.actor);
  if (found.standing.doers.includes(by)) {
    throw forbidden('Tindak lanjut diverifikasi oleh orang kedua, bukan oleh yang mengerjakan atau mencatatnya.');
  }
  if ((code === 1 || code === 2) && found.standing.state !== 'submitted') {
    throw conflict('Tindak lanjut belum diserahkan untuk diverifikasi.');
  }
  if (code === 4 && !(ctx.actor.kind === 'user' && ctx.actor.roles.includes('head'))) {
    throw forbidden('Kode 4 diputuskan oleh Kepala Dinas.');
  }
  const kind: StepKind = code === 1 || code === 4 ? 'closed' : 'returned';
  transact(ctx, (tx) => step(tx, found, kind, { text, code, ground: code === 4 ? ground! : null, evidence }));
}

/** Some time after closing: did it help? If not, a new finding repeats the old one, one step more serious. */
export function checkEffect(ctx: Context, number: string, given: input.EffectInput): string | null {
  demand(ctx.actor, 'findings.verify');
  const { effective, text } = accept(input.effectInput, given, 'Hasil pemeriksaan efektivitas belum diisi.');
  const found = load(ctx, number);
  if (found.standing.state !== 'closed' || found.standing.code !== 1)
    throw conflict('Efektivitas diperiksa setelah temuan ditutup dengan kode 1.');
  if (found.standing.effectiveness) throw conflict('Efektivitas temuan ini sudah diperiksa.');
  if (found.standing.doers.includes(audit.actorKey(ctx.actor)))
    throw forbidden('Efektivitas diperiksa oleh orang kedua.');
  return transact(ctx, (tx) => {
    step(tx, found, effective ? 'effective' : 'ineffective', { text });
    if (effective) return null;
    const dueOn = addDays(wibDate(tx.now()), settings.get(tx, 'deadlines').findingDays);
    const { title, standard, effect, recommendation, successMeasure, agencyId, criterion } = found;
    const content = {
      title,
      standard,
      condition: text,
      cause: '',
      effect,
      risk: raised(found.risk),
      recommendation,
      successMeasure,
      dueOn,
    };
    return insert(
      tx,
      content,
      { agencyId, roundId: null, proposalId: null, criterion, rows: [], regressionOf: found.id },
      found.agency.shortName,
    );
  });
}

type StepContent = {
  text: string;
  dueOn?: string;
  code?: number;
  ground?: rows.StepRow['ground'];
  evidence?: Evidence | undefined;
};
type Evidence = { sha256: string; size: number; name: string; mediaType: string };

/** Appends a step with its trace; inside the caller's transaction. */
function step(tx: Context, found: Finding, kind: StepKind, content: StepContent): void {
  const { evidence, text, dueOn, code, ground } = content;
  if (evidence) files.register(tx, { sha256: evidence.sha256, size: evidence.size }, evidence.mediaType);
  rows.appendStep(tx.db, {
    findingId: found.id,
    kind,
    text,
    dueOn: dueOn ?? null,
    code: code ?? null,
    ground: ground ?? null,
    fileSha256: evidence?.sha256 ?? null,
    fileName: evidence?.name ?? null,
    by: audit.actorKey(tx.actor),
    at: tx.now(),
  });
  audit.record(tx, {
    action: `finding.${kind}`,
    targets: [
      ['finding', found.id],
      ['agency', found.agencyId],
    ],
    details: {
      number: found.number,
      ...(dueOn ? { due: dueOn } : {}),
      ...(code ? { code } : {}),
      ...(evidence ? { sha256: evidence.sha256 } : {}),
    },
  });
}

/** The file behind a step; opening it stands in the trail. */
export function evidence(ctx: Context, number: string, sha256: string): { name: string; bytes: Buffer } {
  demand(ctx.actor, 'evaluations.view');
  const found = load(ctx, number);
  const held = (rows.stepsBy(ctx.db, found.id).get(found.id) ?? []).find((s) => s.fileSha256 === sha256);
  if (!held) throw notFound('Bukti ini tidak ada pada temuan ini.');
  const bytes = files.read(ctx, sha256);
  audit.record(ctx, { action: 'finding.file_read', targets: [['finding', found.id]], details: { number, sha256 } });
  return { name: held.fileName ?? sha256, bytes };
}
