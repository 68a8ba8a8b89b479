// Alerts about where revocation is published, and about our own clock. One for each end-point, not one for each certificate
// or issuer behind it; an end-point needs two failures in a row, and its recovery is told once (certificate-status §10).
import type { Context } from '../context.ts';
import * as revocation from '../revocation/index.ts';
import { listRung, weightOf } from './list-ladder.ts';
import { end, raise, type Note } from './raising.ts';
import * as store from './store.ts';

type View = revocation.SourceView;

/** An address, with every issuer whose certificates name it. */
type EndPoint = { subject: string; url: string; views: View[] };

export function sources(tx: Context, note: Note): void {
  const live = revocation.sources(tx).filter((view) => view.retiredAt === null);
  const open = store.openOfKinds(tx.db, ['source_failing', 'source_ageing', 'source_stale']);
  const ends = [...Map.groupBy(live, (view) => `${view.kind} ${view.url}`).values()].map((views): EndPoint => {
    const ids = views.map((view) => view.id).sort();
    // The alert that stands keeps its subject, also when another issuer names the address first.
    const subject = open.find((row) => ids.includes(row.sourceId!))?.sourceId ?? ids[0]!;
    return { subject, url: views[0]!.url, views };
  });
  for (const point of ends) {
    failing(tx, point, note);
    overdue(tx, point, note);
  }
  const known = new Set(live.map((view) => view.id));
  for (const row of open) if (!known.has(row.sourceId!)) end(tx, row.id, 'retired', note);
}

function failing(tx: Context, { subject, url, views }: EndPoint, note: Note): void {
  const down = views.filter((view) => view.failures >= revocation.FAILING_AFTER);
  const about = { kind: 'source_failing' as const, sourceId: subject };
  const open = store.openAbout(tx.db, about);
  if (down.length === 0) {
    // It was our own clock all the time: nothing recovered that anybody should be told of.
    const why = views.some((view) => view.waitsForClock) ? 'overtaken' : 'recovered';
    if (open) end(tx, open.id, why, note);
    return;
  }
  if (open) return;
  const since = Math.min(...down.map((view) => view.failedSince ?? tx.now()));
  const detail = { since, ...depending(tx, url, views) };
  raise(tx, about, { severity: 'warning', urgency: 'digest', detail }, note);
}

/** The ladder of a list: half of its time gone without a newer one, … , past its time, and every hour after. */
function overdue(tx: Context, { subject, url, views }: EndPoint, note: Note): void {
  const now = tx.now();
  const dated = views.filter((view) => view.kind === 'crl' && view.thisUpdate !== null);
  if (dated.length === 0) return;
  const newest = dated.reduce((best, view) => (view.thisUpdate! > best.thisUpdate! ? view : best));
  const kinds = ['source_ageing', 'source_stale'] as const;
  const [ageing, stale] = kinds.map((kind) => store.openAbout(tx.db, { kind, sourceId: subject }));
  const rung = listRung({ thisUpdate: newest.thisUpdate!, nextUpdate: newest.nextUpdate }, now);
  // What was said about the list before this one is over.
  for (const row of [ageing, stale]) {
    if (!row || row.detail.thisUpdate === newest.thisUpdate) continue;
    end(tx, row.id, rung !== null && rung >= 100 ? 'overtaken' : 'recovered', note);
  }
  // The newer one is there, and lies ahead of our own clock.
  if (rung === null || views.some((view) => view.waitsForClock)) return;
  const ledger = { subject: `source:${subject}:${newest.thisUpdate}`, profile: 'crl' as const, at: now };
  const first = store.addRung(tx.db, { ...ledger, step: rung, outcome: 'fired' });
  if (!first) return;
  const about = { kind: rung >= 100 ? kinds[1] : kinds[0], sourceId: subject };
  const open = store.openAbout(tx.db, about);
  // Every hour after its time only those are told again who have not said that they know.
  if (rung > 100 && open && open.acknowledgedAt !== null) return;
  if (rung >= 100 && ageing && ageing.settledAt === null && ageing.detail.thisUpdate === newest.thisUpdate)
    end(tx, ageing.id, 'overtaken', note);
  const { thisUpdate, nextUpdate } = newest;
  const detail = {
    rung,
    thisUpdate: thisUpdate!,
    since: nextUpdate ?? thisUpdate!,
    ...depending(tx, url, views),
  };
  raise(tx, about, { ...weightOf(rung), detail }, note);
}

/** How many certificates and agencies stand behind an address, each once. */
function depending(tx: Context, url: string, views: readonly View[]): { certificates: number; agencies: number } {
  const named = store.dependingOn(tx.db, url);
  if (named.certificates > 0) return named;
  // A list about CA certificates: what stands below them.
  return {
    certificates: Math.max(...views.map((view) => view.certificates)),
    agencies: Math.max(...views.map((view) => view.agencies)),
  };
}

/** Our own clock: past a minute it is told, past five everything automatic stands still (§8). */
export function clock(tx: Context, note: Note): void {
  const { state, offset, servers } = revocation.clock(tx);
  const about = { kind: 'clock' as const };
  const open = store.openAbout(tx.db, about);
  if (state === 'ok' && open) end(tx, open.id, 'recovered', note);
  if (state !== 'warn' && state !== 'frozen') return;
  const frozen = state === 'frozen';
  // Whoever knows that the clock is wrong does not know yet whose revocation it holds up.
  const waiting = revocation.waitingRevocations(tx).certificates.length;
  if (open && open.detail.state === state && waiting <= Number(open.detail.waiting ?? 0)) return;
  const weight = {
    severity: frozen ? ('critical' as const) : ('warning' as const),
    urgency: frozen ? ('immediate' as const) : ('digest' as const),
    detail: { state, offset: offset ?? 0, servers, ...(waiting ? { waiting } : {}) },
  };
  raise(tx, about, weight, note);
}
