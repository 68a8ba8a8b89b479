// One look at everything that is watched: rungs crossed, what happened, sources that fail, what is over. Derived from
// rows: twice gives the same, and what an outage missed is made up for.
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { demand } from '../permission.ts';
import * as revocation from '../revocation/index.ts';
import * as settings from '../settings/index.ts';
import { end, raise, type Note, type Weight } from './raising.ts';
import { HISTORY, profileOf, severityOf, speaking, stepsOf, urgencyOf, type Profile } from './rungs.ts';
import { clock, sources } from './source-alerts.ts';
import * as store from './store.ts';
import { tellOver } from './telling-over.ts';
import { tell } from './telling.ts';
import { COMPROMISE } from './topics.ts';

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
    clock(tx, note);
    overtaken(tx, note);
    if (ledger.length === 0) return;
    const { told: _, ...counts } = result;
    const sha256 = createHash('sha256').update(ledger.join('\n')).digest('hex');
    audit.record(tx, { action: 'alerts.raised', targets: [], details: { ...counts, sha256 } });
  });
  result.told = tell(ctx, 'immediate') + tellOver(ctx);
  return result;
}

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

function happened(tx: Context, note: Note): void {
  for (const row of store.newlyRevoked(tx.db, HISTORY))
    raise(tx, { kind: row.revocation, certificateId: row.id }, weightOf(row), note);
  revised(tx, note);
  authorities(tx, note);
  signals(tx, note);
}

type Revoked = { reason: number | null; revokedAt: number | null; invalidityAt: number | null };

const isCompromised = (reason: number | null): boolean => reason !== null && COMPROMISE.includes(reason);

function weightOf(row: Revoked): Weight {
  const { reason, revokedAt } = row;
  const suspect = suspectSince(row);
  const detail = {
    ...(reason === null ? {} : { reason }),
    ...(revokedAt === null ? {} : { revokedAt }),
    ...(suspect === null ? {} : { suspect }),
  };
  return { severity: isCompromised(reason) ? 'critical' : 'serious', urgency: 'immediate', detail };
}

/** The earlier of both dates says which signatures are doubted (certificate-status §1, §3). */
function suspectSince({ revokedAt, invalidityAt }: Revoked): number | null {
  const known = [revokedAt, invalidityAt].filter((at) => at !== null);
  return known.length ? Math.min(...known) : null;
}

/**
 * A CA may correct the reason and the dates of a revocation or a hold (certificate-status §1, §3). That a key is compromised
 * after all, and that signatures are doubted since an earlier day, is told at once, also where the matter was settled;
 * anything else is put right in the alert that is open.
 */
function revised(tx: Context, note: Note): void {
  for (const { id, revocation: kind, alertId, settledAt, was, wasAt, suspectWas, ...row } of store.revised(tx.db)) {
    const weight = weightOf(row);
    const suspect = suspectSince(row);
    const earlier = suspect !== null && suspectWas !== null && suspect < suspectWas;
    const before = {
      ...(was === (row.reason ?? 0) ? {} : { was }),
      ...(wasAt === null || wasAt === row.revokedAt ? {} : { wasAt }),
      ...(earlier ? { suspectWas } : {}),
    };
    const detail = { ...weight.detail, ...before };
    if (earlier || (isCompromised(row.reason) && !isCompromised(was)))
      raise(tx, { kind, certificateId: id }, { ...weight, detail }, note);
    else if (settledAt === null) store.set(tx.db, alertId, { detail, severity: weight.severity });
    // What an earlier release settled does not say it: an earlier day is measured from here on.
    else if (suspectWas === null && suspect !== null)
      store.set(tx.db, alertId, { detail: { ...weight.detail, suspect } });
  }
}

/** A CA that was revoked or put on hold; told again when a hold becomes a revocation, and anew after a release. */
function authorities(tx: Context, note: Note): void {
  const onHold = certificates.heldAuthorities(tx);
  for (const { id, revokedAt } of store.revokedAuthorities(tx.db)) {
    const about = { kind: 'authority_revoked' as const, authorityId: id };
    const held = onHold.has(id) ? 1 : 0;
    const open = store.openAbout(tx.db, about);
    if (open && (open.detail.held ?? 0) === held) continue;
    raise(tx, about, { severity: 'critical', urgency: 'immediate', detail: { revokedAt, held } }, note);
  }
}

const fromSignal = {
  early_removal: 'early_removal',
  conflict: 'conflict',
  non_issued: 'non_issued',
  same_number: 'source_suspect',
  shrunk: 'source_suspect',
  underived: 'underived',
  // Of a certificate: a list that may not be used names it.
  hint: 'source_suspect',
} as const;

/** Signals of revocation become alerts once; an alert ends with its signal. */
function signals(tx: Context, note: Note): void {
  const open = revocation.signals(tx);
  for (const signal of open) {
    const kind = fromSignal[signal.kind as keyof typeof fromSignal];
    if (!kind || store.bySignal(tx.db, signal.id)) continue;
    const about = subjectOf(tx, kind, signal);
    if (!about || store.openAbout(tx.db, about)) continue;
    const detail: Record<string, string> =
      kind === 'source_suspect' ? { signal: revocation.renumberedIn(signal.detail) ? 'renumbered' : signal.kind } : {};
    raise(tx, about, { severity: 'critical', urgency: 'immediate', detail, signalId: signal.id }, note);
  }
  const live = new Set(open.map((signal) => signal.id));
  for (const row of store.openOfKinds(tx.db, [...new Set(Object.values(fromSignal))])) {
    if (row.signalId && !live.has(row.signalId)) end(tx, row.id, 'handled', note);
  }
}

/** The certificate, of the office or of a CA, or the source; of a list carried by hand its issuer, for no address brought it. */
function subjectOf(tx: Context, kind: store.AlertKind, signal: ReturnType<typeof revocation.signals>[number]) {
  const { certificateId, sourceId, detail } = signal;
  if (certificateId) return { kind, certificateId };
  const [named] = revocation.authoritiesIn(detail);
  if (named) return { kind, authorityId: named.id };
  if (sourceId) return { kind, sourceId };
  const object = revocation.objectOf(signal);
  const authorityId = object && store.authorityOfSignal(tx.db, object);
  return authorityId ? { kind, authorityId } : null;
}

/** Renewed, revoked, put aside or long past: nobody needs to be warned any more. */
function overtaken(tx: Context, note: Note): void {
  const rungs = settings.get(tx, 'ladders');
  const last = Math.min(...rungs.signer, ...rungs.tls, 0);
  for (const { id, why } of store.overtaken(tx.db, tx.now() + (last - 1) * DAY)) end(tx, id, why, note);
  for (const { id, why } of store.endedHolds(tx.db)) end(tx, id, why, note);
}

/** What a review did, or null when nothing changed. */
export function inWords({ raised, renewed, settled, told }: Reviewed): string | null {
  if (raised + renewed + settled + told === 0) return null;
  return `${raised} peringatan baru, ${renewed} diperbarui, ${settled} selesai${told ? `, ${told} orang diberi tahu` : ''}`;
}
