// What verified evidence says about a certificate, told for a report of an incident: certificate, what was seen, when,
// which evidence. The form gets identifiers only and asks here, so that no address can put words into a report.
import { dateTime, serial, shortHash } from '#lib/format.ts';
import { labelTerm, reasonWord, revocationWord, revokedSince, saidOf } from '#lib/status-words.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import { can } from '../permission.ts';
import { episodesOf, lastRun } from './episodes.ts';
import { facetsOf } from './facet-words.ts';
import { storyOf } from './signal-words.ts';
import * as store from './store.ts';
import { evidenceText } from './views-explain.ts';
import { signalOf } from './views-store.ts';

export type IncidentStory = {
  /** When Siaga first saw it, UTC ms; null: nothing was seen that would be an incident. */
  seenAt: number | null;
  text: string;
};

/**
 * @param signalId a question to the issuer that raised the report; one about another certificate says nothing
 * @throws AppError not_found, also outside the actor's scope
 */
export function incidentStory(ctx: Context, certificateId: string, signalId: string | null = null): IncidentStory {
  const row = certificates.get(ctx, certificateId);
  const found = signalId && can(ctx.actor, 'revocation.view') ? signalOf(ctx.db, signalId) : undefined;
  const signal = found?.certificateId === certificateId ? found : undefined;
  const held = row.evidenceId ? store.evidenceById(ctx.db, row.evidenceId) : undefined;
  const raising = signal?.evidenceId ? store.evidenceById(ctx.db, signal.evidenceId) : undefined;
  const proofs = [...new Map([raising, held].flatMap((e) => (e ? [[e.id, e] as const] : []))).values()];
  const seenAt = signal?.at ?? beganAt(row, ctx.now());
  const story = signal && storyOf(signal);
  const [revocation] = facetsOf(row, ctx.now(), '');
  const lines = [
    `Sertifikat ${row.commonName}${row.serial ? `, nomor seri ${serial(row.serial)}` : ''}.`,
    story?.what ?? `${labelTerm(row.label, row).word}. ${revocation!.text}`,
    story ? `Status pencabutan sekarang: ${statusWords(row)}.` : '',
    seenAt === null ? '' : `Pertama terlihat Siaga ${dateTime(seenAt)}.`,
    ...proofs.map(
      (e) =>
        `Bukti: ${evidenceText(ctx, e, e.id === row.evidenceId ? row.confirmedAt : null)} SHA-256 ${shortHash(e.sha256)}, /evidence/${e.id}`,
    ),
    `Dasar: ${story?.clause ?? revocation!.clause}.`,
  ];
  return { seenAt, text: lines.filter(Boolean).join('\n') };
}

type Row = ReturnType<typeof certificates.get>;

/** When the revocation facet became what it is; null: no evidence made it so. */
function beganAt(row: Row, now: number): number | null {
  const events = row.events.filter(({ facet }) => facet === 'revocation');
  const run = lastRun(episodesOf(events, { addedAt: row.addedAt, now }));
  return run?.evidenceId && run.status === row.revocation ? run.from : null;
}

function statusWords(row: Row): string {
  const reason = row.revocationReason === null ? '' : `, ${reasonWord(row.revocationReason)}`;
  const said = saidOf(row);
  const from = revokedSince(said);
  return `${revocationWord(said)}${from === null ? '' : ` menurut penerbit sejak ${dateTime(from)}${reason}`}`;
}
