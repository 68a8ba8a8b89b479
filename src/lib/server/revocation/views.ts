// Sources as pages and tasks show them: how each stands, what depends on it, what it brought. Reading only.
import { number, relative, serialDecimal } from '#lib/format.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { can, demand } from '../permission.ts';
import { breakerOf, CLOCK, hostOf } from './circuit.ts';
import { Issuers } from './issuers.ts';
import { refusalWords, refusals } from './refusals.ts';
import { remarks } from './remarks.ts';
import { isUndecided } from './renumbering.ts';
import { detailOf, renumberedIn } from './signal-words.ts';
import * as store from './store.ts';
import { madeFor } from './straying.ts';
import { changeOf } from './views-evidence.ts';
import * as reading from './views-store.ts';
import { waitingNow } from './waiting.ts';

/** An end-point alert needs two failures in a row (certificate-status §10). */
export const FAILING_AFTER = 2;

export type SourceView = store.SourceRow & {
  /** Its last failure was an answer whose content was refused, not a connection that failed. */
  refusing: boolean;
  /** It is well; what it published last lies ahead of our own clock, which is wrong. */
  waitsForClock: boolean;
  /** The CA certificate of the issuer key, for the list of what depends on the source. */
  authorityId: string | null;
  certificates: number;
  agencies: number;
  thisUpdate: number | null;
  nextUpdate: number | null;
  size: number | null;
  entryCount: number | null;
  crlNumber: string | null;
  remarks: store.EvidenceRow['remarks'];
  /** It serves a list that was made for other addresses; what stands here is the last that was made for it. */
  strayed: { evidenceId: string; madeFor: readonly string[] } | null;
  /** The list of certificates that names exactly those counted; null: no list does. */
  href: string | null;
  state: 'ok' | 'failing' | 'stale' | 'never' | 'retired';
};

/**
 * Sources as they stand, for callers that asked for permission. @param states only these: what depends on a source is
 * counted over all certificates, and work has nothing to say about those in order
 */
export function sourceViews(ctx: Context, states?: readonly SourceView['state'][]): SourceView[] {
  const now = ctx.now();
  const all = store.sources(ctx.db);
  const standing = all
    .map((row) => {
      const served = row.evidenceId ? store.evidenceById(ctx.db, row.evidenceId) : undefined;
      const made = served ? madeFor(ctx, served, all) : null;
      const strayed = made && { evidenceId: served!.id, madeFor: made };
      // Certificates that name it go on resting on what it served before.
      const held = strayed ? (store.servedBefore(ctx.db, served!) ?? served) : served;
      // What counts, also where another address or a person brought it and this server still has an older one.
      const crl = row.kind === 'crl' && held ? store.inForce(ctx.db, held) : undefined;
      return { row, crl, strayed, state: stateOf(row, crl, now) };
    })
    .filter(({ state }) => !states || states.includes(state));
  if (!standing.length) return [];
  const counts = store.dependants(ctx.db);
  const issuers = Issuers.read(ctx.db);
  const below = throughAuthorities(ctx, issuers);
  const deltas = store.dependantsOfDeltas(ctx.db);
  const keyOf = ({ kind, issuerKey, url }: store.SourceRow) => `${kind} ${issuerKey} ${url}`;
  const countOf = (row: store.SourceRow) => counts.get(keyOf(row)) ?? below.get(keyOf(row)) ?? deltas.get(keyOf(row));
  // Where only the complete list names its delta, whoever depends on that list depends on both.
  const ofWhole = (crl: store.EvidenceRow | undefined) =>
    crl?.deltaOf == null
      ? undefined
      : all
          .filter(({ kind, issuerKey }) => kind === 'crl' && issuerKey === crl.issuerKey)
          .filter(({ evidenceId }) => {
            const whole = evidenceId ? store.evidenceById(ctx.db, evidenceId) : undefined;
            return whole?.deltaOf === null && whole.scope === crl.scope;
          })
          .flatMap((one) => countOf(one) ?? [])
          .sort((a, b) => b.certificates - a.certificates)[0];
  const naming = reading.issuersNaming(ctx.db);
  const order = { failing: 0, stale: 1, never: 2, ok: 3, retired: 4 };
  return standing
    .map(({ row, crl, strayed, state }) => {
      const key = keyOf(row);
      const count = countOf(row) ?? ofWhole(crl) ?? { certificates: 0, agencies: 0 };
      return {
        ...row,
        ...count,
        evidenceId: crl?.id ?? row.evidenceId,
        authorityId: counts.has(key) ? (issuers.known(row.issuerKey)[0]?.id ?? null) : null,
        thisUpdate: crl?.thisUpdate ?? null,
        nextUpdate: crl?.nextUpdate ?? null,
        size: crl?.size ?? null,
        entryCount: crl?.entryCount ?? null,
        crlNumber: crl?.crlNumber ?? null,
        remarks: crl?.remarks ?? [],
        strayed,
        href: counts.has(key) && naming.get(`${row.kind} ${row.url}`) === 1 ? certificatesNaming(row) : null,
        state,
        waitsForClock: row.failureCode === CLOCK,
        refusing: row.failures > 0 && row.failureCode !== null && row.failureCode in refusals,
      };
    })
    .sort((a, b) => order[a.state] - order[b.state] || b.certificates - a.certificates);
}

export const certificatesNaming = (row: Pick<store.SourceRow, 'kind' | 'url'>): string =>
  `/certificates?${row.kind}=${encodeURIComponent(row.url)}`;

/** Sources about CA certificates: everything below all the CAs that name one depends on it. */
function throughAuthorities(ctx: Context, issuers: Issuers): Map<string, { certificates: number; agencies: number }> {
  const below = new Map<string, Set<string>>();
  for (const key of new Set(issuers.all.map((above) => above.view.publicKey.spkiSha256))) {
    for (const ca of issuers.issuedBy(key)) {
      const named = [
        ...ca.view.crlUrls.map((url) => `crl ${key} ${url}`),
        ...ca.view.ocspUrls.map((url) => `ocsp ${key} ${url}`),
      ];
      for (const source of named) below.set(source, new Set([...(below.get(source) ?? []), ...issuers.below(ca)]));
    }
  }
  return new Map([...below].map(([source, ids]) => [source, store.standingUnder(ctx.db, [...ids])]));
}

export function stateOf(row: store.SourceRow, held: store.EvidenceRow | undefined, now: number): SourceView['state'] {
  if (row.retiredAt !== null) return 'retired';
  if (row.failures >= FAILING_AFTER) return 'failing';
  if (row.kind === 'ocsp') return row.confirmedAt === null ? 'never' : 'ok';
  if (!held) return row.failures > 0 ? 'failing' : 'never';
  return held.nextUpdate === null || held.nextUpdate < now ? 'stale' : 'ok';
}

/** What is wrong with a source in a sentence, or null. */
export function sourceProblem(view: SourceView, now: number): string | null {
  if (view.waitsForClock) return `menunggu jam server. ${view.failureText ?? ''}`;
  if (view.state === 'failing') return `gagal ${number(view.failures)} kali berturut-turut. ${view.failureText ?? ''}`;
  if (view.state === 'stale')
    return `CRL terakhir lewat masa pakainya ${view.nextUpdate === null ? '' : relative(view.nextUpdate, now)}.`;
  return null;
}

/** So many lists make a small trend. */
const TREND = 12;
const HISTORY = 60;

export type Trend = reading.TrendPoint[];

/** All sources, worst first, each with the trend of its list. */
export function sources(ctx: Context): (SourceView & { trend: Trend })[] {
  demand(ctx.actor, 'revocation.view');
  return sourceViews(ctx).map((view) => ({ ...view, trend: trendOfSource(ctx, view, TREND) }));
}

function trendOfSource(ctx: Context, view: SourceView, limit: number): Trend {
  const held = view.kind === 'crl' && view.evidenceId ? store.evidenceById(ctx.db, view.evidenceId) : undefined;
  return held ? reading.trendOf(ctx.db, held, limit) : [];
}

/** While it is left alone after failures in a row: the circuit breaker. */
export const pausedUntil = (view: SourceView, now: number): number | null =>
  view.failures >= FAILING_AFTER && view.dueAt > now ? view.dueAt : null;

/** One source with the evidence it gave, what that changed, what was refused. @throws AppError not_found */
export function source(ctx: Context, id: string) {
  demand(ctx.actor, 'revocation.view');
  const view = sourceViews(ctx).find((row) => row.id === id);
  if (!view) throw notFound('Sumber pencabutan ini tidak ada.');
  const now = ctx.now();
  const isWaiting = waitingNow(ctx);
  const signals = reading.signalPage(ctx.db, { sourceId: id, state: 'open', limit: 20 });
  const held = view.evidenceId ? store.evidenceById(ctx.db, view.evidenceId) : undefined;
  const line = view.kind === 'crl' && held ? held : null;
  const aside = view.strayed ? (store.evidenceById(ctx.db, view.strayed.evidenceId) ?? []) : [];
  const objects = line
    ? [aside, reading.evidenceOfLine(ctx.db, line, 50)]
        .flat()
        .filter((row, at, rows) => rows.findIndex(({ id }) => id === row.id) === at)
    : store.evidenceOfSource(ctx.db, id, 50);
  const live = store.sources(ctx.db).filter((row) => row.retiredAt === null);
  return {
    ...view,
    problem: sourceProblem(view, now),
    /** Who signed the list that counts: not the CA of the certificates, where that names another CRL issuer. */
    signedBy:
      (held?.signerFingerprint && store.authorityNamed(ctx.db, held.signerFingerprint)?.commonName) || view.issuerName,
    pausedUntil: pausedUntil(view, now),
    breaker: breakerOf(
      live.filter((row) => hostOf(row.url) === hostOf(view.url)),
      now,
    ),
    quarantine: (held && store.openQuarantine(ctx.db, held.issuerKey, held.scope)) ?? null,
    sisters: live
      .filter((row) => row.issuerKey === view.issuerKey && row.id !== id)
      .map(({ id, kind, url }) => ({ id, kind, url })),
    trend: trendOfSource(ctx, view, HISTORY),
    remarks: view.remarks.map((code) => ({ code, ...remarks[code] })),
    agenciesNaming: reading.agenciesNaming(ctx.db, view),
    changes: reading.changesBySource(ctx.db, id, line, HISTORY).map(changeOf),
    evidence: objects.map((row) => ({
      ...row,
      number: row.crlNumber === null ? null : serialDecimal(row.crlNumber),
      remarks: row.remarks.map((code) => ({ code, ...remarks[code] })),
      waiting: isWaiting(row),
    })),
    refused: store.refusedOfSource(ctx.db, id, 10).map((row) => ({
      id: row.id,
      at: row.at,
      sha256: row.sha256,
      size: row.size,
      code: row.code,
      ...refusalWords(row.kind, row.code),
    })),
    signals,
    renumbered: renumberedAt(ctx, id),
  };
}

/** What was carried by hand and refused, newest first. */
export function refusedByHand(ctx: Context) {
  demand(ctx.actor, 'revocation.view');
  return reading
    .refusedByHand(ctx.db, 20)
    .map((row) => ({ ...row, ...refusalWords(row.kind, row.code), code: row.code }));
}

export type Found = { href: string; title: string; sub: string; kind: 'Sumber pencabutan' | 'Bukti' };

/** Sources by issuer or address, evidence by its hash. Nothing for whoever may not open them. */
export function search(ctx: Context, q: string): Found[] {
  if (!can(ctx.actor, 'revocation.view') || q.trim().length < 2) return [];
  const words = q.trim().toLowerCase().split(/\s+/);
  const sourceHits = store
    .sources(ctx.db)
    .filter((row) => {
      const text = `${row.issuerName} ${row.url} ${row.kind}`.toLowerCase();
      return row.retiredAt === null && words.every((word) => text.includes(word));
    })
    .slice(0, 5)
    .map((row): Found => ({
      href: `/sources/${row.id}`,
      title: `${row.kind.toUpperCase()} ${row.issuerName}`,
      sub: row.url,
      kind: 'Sumber pencabutan',
    }));
  const hex = q.replace(/[\s:]/g, '').toLowerCase();
  const evidenceHits = /^[0-9a-f]{8,64}$/.test(hex)
    ? reading.evidenceFound(ctx.db, hex, 3).map((row): Found => ({
        href: `/evidence/${row.id}`,
        title: `${row.kind === 'crl' ? 'CRL' : 'Jawaban OCSP'} ${row.issuerName}`,
        sub: `SHA-256 ${row.sha256.slice(0, 16)}…`,
        kind: 'Bukti',
      }))
    : [];
  return [...sourceHits, ...evidenceHits];
}

/** The question whether the numbering of a source's lists begins anew, as long as a person may say so. */
function renumberedAt(ctx: Context, sourceId: string) {
  const found = reading
    .signalPage(ctx.db, { sourceId, kind: 'same_number', limit: 20 })
    .find(({ detail }) => isUndecided(ctx, detail));
  if (!found) return null;
  const { id, at, detail } = found;
  return { id, at, known: renumberedIn(detail)!.known, number: String(detailOf(detail)['number']) };
}
