// What becomes of a finding: the agency's plan, progress and submission, the second person's verification, the check
// of its effect. Each act is a step that is appended; whoever planned, did or recorded it does not verify it.
import * as audit from '../audit/index.ts';
import { addDays, isDate, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, forbidden, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { insert, load, type Finding } from './finding.ts';
import * as rows from './finding-store.ts';
import { raised, type StepKind } from './follow-up.ts';
import * as input from './input.ts';

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
