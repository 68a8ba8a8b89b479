// A list of another scope that goes on where a line of the issuer has ended: it ends the holds of that line (subject.ts
// isOutdated), and so is compared with it as its next list would be (certificate-status §3).
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { sameName } from '../x509/index.ts';
import { onlyRevokes } from './crl-signers.ts';
import { wordOf } from './crl-word.ts';
import type { Crl } from './crl.ts';
import { crossLine, effectiveCount } from './delta.ts';
import type { Issuers } from './issuers.ts';
import { massChange, type Counts } from './mass-change.ts';
import { scopingOf } from './scoping.ts';
import { headOf, standingNow, type Standing } from './standing.ts';
import * as store from './store.ts';
import { subjectOfView, type Subject } from './subject.ts';

type Successor = {
  crl: Crl;
  /** How many entries its line has with it. */
  count: number;
  /** The complete list that a delta continues. */
  base: Crl | null;
  issuerKey: string;
  scope: string;
};
type Read = (row: store.EvidenceRow) => Crl | null;

/**
 * What the largest line that ended named, and what all lines that go on name together, where that is so much less that
 * holds would end by an omission; null: the list takes nothing over, or loses nothing.
 */
export function takenOver(ctx: Context, next: Successor, issuers: Issuers, read: Read): Counts | null {
  const { crl, count, issuerKey, scope } = next;
  if (onlyRevokes(scope)) return null;
  const others = standingNow(ctx, issuerKey).filter((each) => each.scope !== scope && !onlyRevokes(each.scope));
  const ended = others.filter((each) => endOf(each) < crl.thisUpdate.ms);
  const over = ended.length ? ended.filter(released(ctx, next, issuers, read)) : [];
  if (over.length === 0) return null;
  const sizeOf = ({ complete, delta }: Standing): number => {
    const [base, change] = delta ? [read(complete), read(delta)] : [null, null];
    return base && change ? effectiveCount(base, change) : (complete.entryCount ?? 0);
  };
  const before = Math.max(...over.map(sizeOf));
  const goOn = others.filter((each) => !ended.includes(each)).map(sizeOf);
  const after = goOn.reduce((sum, one) => sum + one, count);
  return massChange(before, after, settings.get(ctx, 'massChange')) ? { before, after } : null;
}

/** When a line ends by its own word. */
function endOf(standing: Standing): number {
  const { thisUpdate, nextUpdate } = headOf(standing);
  return Math.max(thisUpdate, nextUpdate ?? 0);
}

/** Whether a list would end holds of a line that ended, and no person has let it yet. */
function released(ctx: Context, next: Successor, issuers: Issuers, read: Read): (ended: Standing) => boolean {
  const { crl, base, issuerKey, scope } = next;
  const allowed = store
    .quarantinesOf(ctx.db, issuerKey)
    .filter((row) => row.scope === scope && row.decision === 'release')
    .map(({ evidenceId }) => store.evidenceById(ctx.db, evidenceId)!.thisUpdate);
  const held = heldBy(ctx, issuerKey, issuers);
  return (ended) => {
    const subjects = held.get(ended.scope);
    if (!subjects || allowed.some((thisUpdate) => thisUpdate > endOf(ended))) return false;
    const before = read(ended.complete);
    if (!before || !sameName(before.issuer, crl.issuer)) return false;
    const { crl: now, crossing } = crossLine(base ?? crl, base && crl, new Set(subjects.map(({ serial }) => serial)));
    return subjects.some((one) => wordOf(now, crossing.found.get(one.serial) ?? [], one).status === 'good');
  };
}

/** Certificates on hold, those of CAs too, by the line that named them. */
function heldBy(ctx: Context, issuerKey: string, issuers: Issuers): Map<string, Subject[]> {
  const cas = issuers.issuedBy(issuerKey).flatMap(({ revokedAt, evidenceId, view }) => {
    const evidence = revokedAt !== null && evidenceId ? store.evidenceById(ctx.db, evidenceId) : undefined;
    return evidence ? [{ scope: evidence.scope, subject: subjectOfView(view) }] : [];
  });
  const own = store.heldByLines(ctx.db, issuerKey, ctx.now()).flatMap(({ scope, fingerprint, ...row }) => {
    const scoping = scopingOf(ctx.db, fingerprint);
    return scoping ? [{ scope, subject: { ...scoping, ...row } }] : [];
  });
  const lines = Map.groupBy([...cas, ...own], ({ scope }) => scope);
  return new Map([...lines].map(([scope, some]) => [scope, some.map(({ subject }) => subject)]));
}
