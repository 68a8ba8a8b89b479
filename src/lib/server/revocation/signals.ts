// Signals: what verified evidence raised for people, and the work that follows from them and from failing sources.
import { createHash } from 'node:crypto';
import { number } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { can, demand } from '../permission.ts';
import type { Task } from '../work.ts';
import { silentIssuers } from './issuer-words.ts';
import { authorityFacts, contradiction, detailOf, objectOf, renumberedIn } from './signal-words.ts';
import * as store from './store.ts';
import { sourceProblem, sourceViews, type SourceView } from './views.ts';
import { SIGNAL_KINDS } from './views-signals.ts';
import { openAlike } from './views-store.ts';

function answerOf(reason: string): string {
  const why = reason.trim().slice(0, 500);
  if (why.length < 5) throw invalid('Tuliskan alasannya, paling sedikit lima huruf.', { reason: 'Isi alasan.' });
  return why;
}

/**
 * @property cleared of a hint: the issuer says that it revoked nothing, so that whoever was asked to stop is told (monitoring);
 * null: the person did not say what it answered
 */
type Settled = Pick<store.SignalRow, 'kind' | 'detail'> & { cleared: boolean | null };

/** What a form says that the issuer answered about a hint; null: nothing. */
export const outcomeOf = (said: string): boolean | null => (said === 'yes' ? true : said === 'no' ? false : null);

function demandOutcome(kind: store.SignalRow['kind'], cleared: boolean | null): void {
  if (kind === 'hint' && cleared === null)
    throw invalid('Buka temuannya dan pilih jawaban penerbit: boleh dipakai lagi, atau tetap jangan dipakai.', {
      cleared: 'Pilih jawaban penerbit.',
    });
}

const settled = (tx: Context, settledWhy: string, { kind, detail, cleared }: Settled): Partial<store.SignalRow> => ({
  settledAt: tx.now(),
  settledBy: audit.actorKey(tx.actor),
  settledWhy,
  ...(kind === 'hint' && cleared ? { detail: JSON.stringify({ ...detailOf(detail), cleared: true }) } : {}),
});

/** What the trail says of a hint besides. */
const answered = (kind: store.SignalRow['kind'], cleared: boolean | null): Record<string, string> =>
  kind === 'hint' ? { outcome: cleared ? 'bukan pencabutan' : 'tetap jangan dipakai' } : {};

/** Closes a conflict, an early removal or a suspicious list, with a reason. The state itself stays what it is. */
export function settleSignal(ctx: Context, id: string, reason: string, cleared: boolean | null = null): void {
  demand(ctx.actor, 'revocation.check');
  const why = answerOf(reason);
  transact(ctx, (tx) => {
    const row = store.signalById(tx.db, id);
    if (!row) throw notFound('Peringatan ini tidak ada.');
    if (row.settledAt !== null) return;
    demandOutcome(row.kind, cleared);
    store.setSignal(tx.db, id, settled(tx, why, { ...row, cleared }));
    const object = objectOf(row);
    const targets = row.certificateId
      ? [['certificate', row.certificateId] as const]
      : object
        ? [['evidence', object] as const]
        : [];
    audit.record(tx, {
      action: 'signal.settled',
      targets,
      details: { kind: row.kind, ...answered(row.kind, cleared) },
      reason: why,
    });
  });
}

/**
 * Closes all that one object raised of a kind: the issuer answers once for all of them.
 * @param expected how many the person was shown
 * @throws AppError conflict when they are no longer those
 */
export function settleSignals(
  ctx: Context,
  about: { kind: string; evidenceId: string },
  { reason, expected, cleared = null }: { reason: string; expected: number; cleared?: boolean | null },
): number {
  demand(ctx.actor, 'revocation.check');
  const kind = SIGNAL_KINDS.find((one) => one === about.kind);
  if (!kind || !about.evidenceId) throw invalid('Buka dahulu kelompok yang hendak diselesaikan.');
  const why = answerOf(reason);
  demandOutcome(kind, cleared);
  return transact(ctx, (tx) => {
    const ids = openAlike(tx.db, kind, about.evidenceId);
    if (ids.length !== expected)
      throw conflict(
        `Jumlahnya berubah: sekarang ${number(ids.length)} yang perlu dinilai. Periksa kembali, lalu ulangi.`,
      );
    for (const id of ids) {
      const { detail } = store.signalById(tx.db, id)!;
      store.setSignal(tx.db, id, settled(tx, why, { kind, detail, cleared }));
    }
    if (ids.length)
      audit.record(tx, {
        action: 'signals.settled',
        targets: [['evidence', about.evidenceId]],
        details: {
          count: ids.length,
          kind,
          ...answered(kind, cleared),
          sha256: createHash('sha256').update(ids.join('\n')).digest('hex'),
        },
        reason: why,
      });
    return ids.length;
  });
}

/** Open signals, for monitoring and for the pages. */
export function signals(ctx: Context): store.SignalRow[] {
  demand(ctx.actor, 'certificates.view');
  return store.openSignals(ctx.db);
}

/** What waits for a person here: sources that fail, conflicts between verified sources. */
export function tasks(ctx: Context): Task[] {
  if (!can(ctx.actor, 'revocation.view')) return [];
  const troubled = sourceViews(ctx, ['failing', 'stale']);
  const failing = troubled.flatMap((view): Task[] => {
    // The clock is work of its own; the source has nothing to be asked about.
    const problem = view.waitsForClock ? null : sourceProblem(view, ctx.now());
    return problem ? [sourceTask(view, problem)] : [];
  });
  const open = store
    .openSignals(ctx.db)
    .filter((s) => s.certificateId !== null || OF_LISTS.includes(s.kind) || authorityFacts(s.detail) !== null);
  const alike = [...Map.groupBy(open, (s) => `${s.kind}:${s.evidenceId ?? s.id}`).values()];
  return [
    ...failing,
    ...silentIssuers(ctx, troubled),
    ...alike.flatMap((some) => (some.length > FEW ? [manyTask(ctx, some)] : some.map((s) => signalTask(ctx, s)))),
  ];
}

/** Kinds that are about a list, not about one certificate. */
const OF_LISTS: readonly store.SignalRow['kind'][] = ['same_number', 'shrunk', 'underived', 'hint'];
/** More than so many of one kind from one object are one question to the issuer, so one row of work. */
const FEW = 3;
/** The office asks the issuer within a day. */
const ASK_WITHIN = DAY;

const sourceTask = (view: SourceView, problem: string): Task => ({
  key: `revocation:source:${view.id}`,
  kind: 'source',
  title: 'Periksa sumber pencabutan yang gagal',
  about: `${view.issuerName}: ${problem} ${view.certificates} sertifikat bergantung padanya.`,
  dueAt: view.nextUpdate,
  basis: 'CRL berikutnya',
  href: `/sources/${view.id}`,
  button: 'Lihat Sumber',
  act: 'revocation.check',
});

const titles: Partial<Record<store.SignalRow['kind'], string>> = {
  early_removal: 'Tanyakan ke penerbit: hilang dari CRL sebelum kedaluwarsa',
  non_issued: 'Laporkan: penerbit menyatakan tidak pernah menerbitkan',
  reason_changed: 'Nilai ulang: alasan pencabutan berubah',
  hint: 'Cek dengan tangan: mungkin dicabut',
  same_number: 'Tanyakan ke penerbit: dua CRL bernomor sama',
  shrunk: 'Putuskan: CRL menyusut jauh',
  lag: 'Tanyakan ke penerbit: OCSP tidak mengenal sertifikat',
  underived: 'Periksa lagi: status tidak terulang dari buktinya',
};

function titleOf({ kind, detail }: store.SignalRow): string {
  if (kind === 'conflict') return `Tanyakan ke penerbit: ${contradiction(detailOf(detail))}`;
  if (renumberedIn(detail)) return 'Putuskan: nomor CRL mundur';
  return titles[kind] ?? 'Periksa bukti pencabutan';
}

function signalTask(ctx: Context, signal: store.SignalRow): Task {
  const row = signal.certificateId ? store.nameOf(ctx.db, signal.certificateId) : undefined;
  const object = objectOf(signal);
  const held = object === null ? undefined : store.evidenceById(ctx.db, object);
  return {
    key: `revocation:signal:${signal.id}`,
    kind: 'conflict',
    title: titleOf(signal),
    about: row?.commonName ?? authorityFacts(signal.detail)?.commonName ?? held?.issuerName ?? 'sumber pencabutan',
    dueAt: signal.at + ASK_WITHIN,
    basis: 'kebijakan Dinas',
    href: `/sources/signals/${signal.id}`,
    button: 'Nilai',
    act: renumberedIn(signal.detail) ? 'revocation.renumber' : 'revocation.check',
  };
}

function manyTask(ctx: Context, alike: readonly store.SignalRow[]): Task {
  const first = alike[0]!;
  const held = first.evidenceId ? store.evidenceById(ctx.db, first.evidenceId) : undefined;
  return {
    ...signalTask(ctx, first),
    key: `revocation:signals:${first.kind}:${first.evidenceId}`,
    about: `${number(alike.length)} sertifikat${held ? `, ${held.issuerName}` : ''}`,
    dueAt: Math.min(...alike.map((s) => s.at)) + ASK_WITHIN,
    href: first.evidenceId ? `/sources/signals?kind=${first.kind}&evidence=${first.evidenceId}` : '/sources/signals',
  };
}
