// What people should know about, raised once: rungs of the expiry ladders crossed, certificates revoked or on hold,
// contradictions between verified sources, sources that fail (one alert for the source, not one for each certificate).
// Invariants: one open alert for each subject and kind; a rung that has a ledger row never speaks again (UNIQUE), whoever
// owns the certificate by then; long-expired certificates at first import are history; every review can be repeated or
// killed. What it does not do: it decides no status (revocation, certificates) and sends nothing (notifications).
// certificate-status §10; Perwali 27/2020 Pasal 18 a–c.
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { can, demand, scope } from '../permission.ts';
import * as revocation from '../revocation/index.ts';
import * as settings from '../settings/index.ts';
import type { Task } from '../work.ts';
import { number } from '#lib/format.ts';
import { HISTORY, profileOf, severityOf, speaking, stepsOf, urgencyOf, type Profile, type Severity } from './rungs.ts';
import * as store from './store.ts';
import { tell } from './telling.ts';
import { aboutOf, alertKinds, hrefOf, sentenceOf, wordOf, type Word } from './words.ts';

export { alertKinds } from './words.ts';
export type { AlertKind, ListFilter, ListedAlert } from './store.ts';

export type Reviewed = { raised: number; renewed: number; settled: number; told: number };

/** Looks at everything that is watched. Twice gives the same; for the jobs process. */
export function review(ctx: Context): Reviewed {
  demand(ctx.actor, 'alerts.acknowledge');
  const result: Reviewed = { raised: 0, renewed: 0, settled: 0, told: 0 };
  const ledger: string[] = [];
  const note = (what: 'raised' | 'renewed' | 'settled', text: string) => {
    result[what] += 1;
    ledger.push(`${what} ${text}`);
  };
  transact(ctx, (tx) => {
    climb(tx, note);
    happened(tx, note);
    sources(tx, note);
    overtaken(tx, note);
    if (ledger.length === 0) return;
    const { told: _, ...counts } = result;
    const sha256 = createHash('sha256').update(ledger.join('\n')).digest('hex');
    audit.record(tx, { action: 'alerts.raised', targets: [], details: { ...counts, sha256 } });
  });
  result.told = tell(ctx, 'immediate');
  return result;
}

type Note = (what: 'raised' | 'renewed' | 'settled', text: string) => void;

/** The expiry ladders of certificates and CA certificates. */
function climb(tx: Context, note: Note): void {
  const now = tx.now();
  const ladders = settings.get(tx, 'ladders');
  const all = [...ladders.signer, ...ladders.tls];
  const window = {
    from: now + (Math.min(...all, 0) - 1) * DAY,
    to: now + (Math.max(...all, 0) + 1) * DAY,
    history: HISTORY,
  };
  for (const row of store.expiring(tx.db, window)) {
    const profile = profileOf(row.use);
    rungOf(tx, row, { profile, rungs: ladders[profile], about: { kind: 'expiry', certificateId: row.id } }, note);
  }
  for (const row of store.expiringAuthorities(tx.db, now + (Math.max(...ladders.authority) + 1) * DAY)) {
    const about = { kind: 'authority_expiry' as const, authorityId: row.id };
    rungOf(tx, row, { profile: 'authority', rungs: ladders.authority, about }, note);
  }
}

type Ladder = { profile: Profile; rungs: readonly number[]; about: Parameters<typeof store.openAbout>[1] };

function rungOf(tx: Context, row: store.Expiring, ladder: Ladder, note: Note): void {
  const now = tx.now();
  const said = new Set((row.said ?? '').split(',').filter(Boolean).map(Number));
  const { fire, collapsed } = speaking(stepsOf(ladder.rungs, row), said, now);
  const record = (step: number, outcome: 'fired' | 'collapsed') =>
    store.addRung(tx.db, { subject: row.subject, profile: ladder.profile, step, outcome, at: now });
  for (const step of collapsed) record(step, 'collapsed');
  if (fire === null || !record(fire, 'fired')) return;
  const severity = ladder.profile === 'authority' ? 'serious' : severityOf(fire);
  const urgency = ladder.profile === 'authority' ? 'digest' : urgencyOf(fire);
  raise(tx, ladder.about, { severity, urgency, detail: { rung: fire, notAfter: row.notAfter } }, note);
}

type Weight = {
  severity: Severity;
  urgency: 'digest' | 'immediate';
  detail: Record<string, string | number>;
  signalId?: string;
};

/** Raises an alert, or makes the open one about the same thing speak again. */
function raise(tx: Context, about: Parameters<typeof store.openAbout>[1], weight: Weight, note: Note): void {
  const now = tx.now();
  const open = store.openAbout(tx.db, about);
  const subject = about.certificateId ?? about.authorityId ?? about.sourceId;
  if (!open) {
    if (store.insert(tx.db, { ...about, ...weight, raisedAt: now, renewedAt: now }))
      note('raised', `${about.kind} ${subject}`);
    return;
  }
  const { signalId: _, ...news } = weight;
  store.set(tx.db, open.id, {
    ...news,
    renewedAt: now,
    acknowledgedAt: null,
    acknowledgedBy: null,
    acknowledgedWhy: null,
  });
  note('renewed', `${about.kind} ${subject}`);
}

/** Reasons by which a key must be taken for compromised (RFC 5280 §5.3.1: 1, 2, 10). */
const COMPROMISE = [1, 2, 10];

function happened(tx: Context, note: Note): void {
  for (const row of store.newlyRevoked(tx.db, HISTORY)) {
    const detail = {
      ...(row.reason === null ? {} : { reason: row.reason }),
      ...(row.revokedAt === null ? {} : { revokedAt: row.revokedAt }),
    };
    const severity = row.reason !== null && COMPROMISE.includes(row.reason) ? 'critical' : 'serious';
    raise(tx, { kind: row.revocation, certificateId: row.id }, { severity, urgency: 'immediate', detail }, note);
  }
  for (const row of store.revokedAuthorities(tx.db)) {
    const weight = { severity: 'critical', urgency: 'immediate', detail: { revokedAt: row.revokedAt } } as const;
    raise(tx, { kind: 'authority_revoked', authorityId: row.id }, weight, note);
  }
  signals(tx, note);
}

const fromSignal = {
  early_removal: 'early_removal',
  conflict: 'conflict',
  non_issued: 'non_issued',
  same_number: 'source_suspect',
  shrunk: 'source_suspect',
} as const;

/** Signals of revocation become alerts once; an alert ends with its signal. */
function signals(tx: Context, note: Note): void {
  const open = revocation.signals(tx);
  for (const signal of open) {
    const kind = fromSignal[signal.kind as keyof typeof fromSignal];
    const { certificateId, sourceId } = signal;
    if (!kind || (!certificateId && !sourceId) || store.bySignal(tx.db, signal.id)) continue;
    const about = certificateId ? { kind, certificateId } : { kind, sourceId };
    if (store.openAbout(tx.db, about)) continue;
    raise(tx, about, { severity: 'critical', urgency: 'immediate', detail: {}, signalId: signal.id }, note);
  }
  const live = new Set(open.map((signal) => signal.id));
  for (const row of store.openOfKinds(tx.db, [...new Set(Object.values(fromSignal))])) {
    if (row.signalId && !live.has(row.signalId)) end(tx, row.id, 'handled', note);
  }
}

/** One alert for each end-point that fails or whose list is past its time; it ends by itself when the source recovers. */
function sources(tx: Context, note: Note): void {
  const now = tx.now();
  const views = revocation.sources(tx);
  for (const view of views) {
    const kind = view.state === 'failing' ? 'source_failing' : view.state === 'stale' ? 'source_stale' : null;
    if (!kind || store.openAbout(tx.db, { kind, sourceId: view.id })) continue;
    const detail = { since: view.failedSince ?? view.nextUpdate ?? now, certificates: view.certificates };
    raise(tx, { kind, sourceId: view.id }, { severity: 'warning', urgency: 'digest', detail }, note);
  }
  const state = new Map(views.map((view) => [view.id, view.state]));
  for (const row of store.openOfKinds(tx.db, ['source_failing', 'source_stale'])) {
    const now = state.get(row.sourceId!);
    const holds = row.kind === 'source_failing' ? now === 'failing' : now === 'stale' || now === 'failing';
    if (!holds) end(tx, row.id, 'recovered', note);
  }
}

/** Renewed, revoked, put aside or long past: nobody needs to be warned any more. */
function overtaken(tx: Context, note: Note): void {
  const rungs = settings.get(tx, 'ladders');
  const last = Math.min(...rungs.signer, ...rungs.tls, 0);
  for (const { id, why } of store.overtaken(tx.db, tx.now() + (last - 1) * DAY)) end(tx, id, why, note);
  for (const id of store.releasedHolds(tx.db)) end(tx, id, 'released', note);
}

function end(tx: Context, id: string, why: NonNullable<store.AlertRow['settledWhy']>, note: Note): void {
  store.set(tx.db, id, { settledAt: tx.now(), settledWhy: why });
  note('settled', `${why} ${id}`);
}

/** What a review did, or null when nothing changed. */
export function inWords({ raised, renewed, settled, told }: Reviewed): string | null {
  if (raised + renewed + settled + told === 0) return null;
  return `${raised} peringatan baru, ${renewed} diperbarui, ${settled} selesai${told ? `, ${told} orang diberi tahu` : ''}`;
}

/** The morning's digest, one message a person, on working days. @returns how many messages were queued */
export function digest(ctx: Context): number {
  demand(ctx.actor, 'alerts.acknowledge');
  review(ctx);
  return tell(ctx, 'digest');
}

export type AlertView = store.ListedAlert & { word: Word; about: string; sentence: string; href: string };

/** Alerts that the actor may see, newest first. */
export function list(ctx: Context, filter: store.ListFilter = {}): { rows: AlertView[]; next: string | null } {
  demand(ctx.actor, 'alerts.view');
  const limit = filter.limit ?? 50;
  const rows = store.page(ctx.db, { ...filter, limit: limit + 1 }, scope(ctx.actor));
  const shown = rows.slice(0, limit).map((row) => view(row, ctx.now()));
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? `${last.renewedAt}_${last.id}` : null };
}

const view = (row: store.ListedAlert, now: number): AlertView => ({
  ...row,
  word: wordOf(row, now),
  about: aboutOf(row),
  sentence: sentenceOf(row, now),
  href: hrefOf(row),
});

/** How many of each kind in a state. */
export function counts(
  ctx: Context,
  state: store.ListFilter['state'] = 'open',
  agency?: string,
): Partial<Record<store.AlertKind, number>> {
  demand(ctx.actor, 'alerts.view');
  return Object.fromEntries(store.countByKind(ctx.db, state, scope(ctx.actor), agency).map((row) => [row.kind, row.n]));
}

function whatIsDone(reason: string): string {
  const why = reason.trim().slice(0, 500);
  if (why.length < 5)
    throw invalid('Tuliskan apa yang sedang dilakukan, paling sedikit lima huruf.', { reason: 'Isi keterangan.' });
  return why;
}

/**
 * "Sudah diketahui" for every open alert of a kind and an agency that the actor sees.
 * @param expected how many the person was shown
 * @throws AppError conflict when they are no longer those
 */
export function acknowledgeAll(
  ctx: Context,
  filter: Pick<store.ListFilter, 'kind' | 'agency'>,
  { reason, expected }: { reason: string; expected: number },
): number {
  demand(ctx.actor, 'alerts.acknowledge');
  const why = whatIsDone(reason);
  return transact(ctx, (tx) => {
    const ids = store.openIds(tx.db, filter, scope(ctx.actor));
    if (ids.length !== expected)
      throw conflict(`Jumlahnya berubah: sekarang ${ids.length} peringatan terbuka. Periksa kembali, lalu ulangi.`);
    const values = { acknowledgedAt: tx.now(), acknowledgedBy: audit.actorKey(ctx.actor), acknowledgedWhy: why };
    for (const id of ids) store.set(tx.db, id, values);
    if (ids.length)
      audit.record(tx, {
        action: 'alerts.acknowledged',
        targets: [],
        details: {
          count: ids.length,
          kind: filter.kind ? alertKinds[filter.kind].word : 'semua jenis',
          sha256: createHash('sha256').update(ids.join('\n')).digest('hex'),
        },
        reason: why,
      });
    return ids.length;
  });
}

/** "Sudah diketahui": quiet until a later rung, with a reason that stands on the weekly Tinjau. */
export function acknowledge(ctx: Context, id: string, reason: string): void {
  demand(ctx.actor, 'alerts.acknowledge');
  const why = whatIsDone(reason);
  transact(ctx, (tx) => {
    const row = visible(tx, id);
    if (row.settledAt !== null || row.acknowledgedAt !== null) return;
    store.set(tx.db, id, { acknowledgedAt: tx.now(), acknowledgedBy: audit.actorKey(ctx.actor), acknowledgedWhy: why });
    trace(tx, row, 'alert.acknowledged', why);
  });
}

/** Closes an alert about something that happened (a revocation that was wanted, a contradiction explained). */
export function settle(ctx: Context, id: string, reason: string): void {
  demand(ctx.actor, 'alerts.acknowledge');
  const why = reason.trim().slice(0, 500);
  if (why.length < 5) throw invalid('Tuliskan alasannya, paling sedikit lima huruf.', { reason: 'Isi alasan.' });
  transact(ctx, (tx) => {
    const row = visible(tx, id);
    if (row.settledAt !== null) return;
    if (row.kind === 'expiry' || row.kind === 'source_failing' || row.kind === 'source_stale') {
      throw invalid(
        'Peringatan ini selesai sendiri bila sebabnya hilang. Tandai "sudah diketahui" bila sedang ditangani.',
      );
    }
    if (row.signalId) revocation.settleSignal(tx, row.signalId, why);
    store.set(tx.db, id, {
      settledAt: tx.now(),
      settledWhy: 'handled',
      acknowledgedBy: audit.actorKey(ctx.actor),
      acknowledgedWhy: why,
    });
    trace(tx, row, 'alert.settled', why);
  });
}

/** An alert of a certificate outside the actor's agencies is not found. */
function visible(ctx: Context, id: string): store.AlertRow {
  const row = store.byId(ctx.db, id);
  if (!row) throw notFound('Peringatan ini tidak ada.');
  if (row.certificateId) certificates.get(ctx, row.certificateId);
  else if (scope(ctx.actor) !== 'all') throw notFound('Peringatan ini tidak ada.');
  return row;
}

function trace(tx: Context, row: store.AlertRow, action: 'alert.acknowledged' | 'alert.settled', reason: string): void {
  const targets = row.certificateId ? [['certificate', row.certificateId] as const] : [];
  audit.record(tx, {
    action,
    targets: [...targets, ['alert', row.id]],
    details: { kind: alertKinds[row.kind].word },
    reason,
  });
}

/** Up to so many revoked certificates are tasks by themselves; more are one task an agency. */
const SINGLE_ALERTS = 3;
/** More agencies than this become one task that leads to the list. */
const SINGLE_AGENCIES = 3;

/** Revocations nobody has answered for, and issuers that end; expiry and sources are tasks of their own rooms. */
export function tasks(ctx: Context): Task[] {
  if (!can(ctx.actor, 'alerts.view')) return [];
  const issuers = (['authority_expiry', 'authority_revoked'] as const).flatMap((kind) =>
    store.page(ctx.db, { kind }, scope(ctx.actor)),
  );
  return [...outOfUse(ctx, 'revoked'), ...outOfUse(ctx, 'on_hold'), ...issuers.map((row) => issuerTask(ctx, row))];
}

const words = { revoked: 'dicabut', on_hold: 'ditangguhkan' } as const;
const base = { kind: 'revocation', dueAt: null, act: 'alerts.acknowledge' } as const;

/** Certificates taken out of use by their issuer: one by one while few, then by agency, then all in one. */
function outOfUse(ctx: Context, kind: 'revoked' | 'on_hold'): Task[] {
  const groups = store.openByAgency(ctx.db, kind, scope(ctx.actor));
  const total = groups.reduce((sum, group) => sum + group.n, 0);
  const title = (n: number) => `Pastikan ${number(n)} sertifikat yang ${words[kind]} tidak dipakai lagi`;
  const nameOf = (group: store.OpenByAgency) => group.name ?? 'Belum jelas Perangkat Daerahnya';
  if (total <= SINGLE_ALERTS) {
    return store.page(ctx.db, { kind }, scope(ctx.actor)).map((row) => ({
      ...base,
      key: `monitoring:${row.id}`,
      title: `Pastikan sertifikat yang ${words[kind]} tidak dipakai lagi`,
      about: [aboutOf(row), row.agency].filter(Boolean).join(', '),
      href: `/certificates/${row.certificateId}`,
      button: 'Lihat Sertifikat',
    }));
  }
  const href = `/alerts?kind=${kind}`;
  if (groups.length <= SINGLE_AGENCIES) {
    return groups.map((group) => ({
      ...base,
      key: `monitoring:${kind}:${group.code ?? 'none'}`,
      title: title(group.n),
      about: nameOf(group),
      href: `${href}&agency=${encodeURIComponent(group.code ?? 'none')}`,
      button: 'Lihat Peringatan',
    }));
  }
  const most = groups[0]!;
  const about = `${number(groups.filter((group) => group.code).length)} Perangkat Daerah, terbanyak ${nameOf(most)} (${number(most.n)})`;
  return [{ ...base, key: `monitoring:${kind}`, title: title(total), about, href, button: 'Lihat Peringatan' }];
}

const issuerTask = (ctx: Context, row: store.ListedAlert): Task => ({
  key: `monitoring:${row.id}`,
  kind: 'expiry',
  title: 'Siapkan penerbit pengganti',
  about: aboutOf(row),
  dueAt: row.kind === 'authority_expiry' ? Number(row.detail.notAfter ?? ctx.now()) : null,
  href: '/trust',
  button: 'Lihat Penerbit',
  act: 'alerts.acknowledge',
});
