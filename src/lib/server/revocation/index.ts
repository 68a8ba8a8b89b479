// Whether our certificates are revoked, by verified evidence only. Lists and OCSP answers are fetched (or carried by
// hand), judged by certificate-status §2 and §5, kept as evidence, crossed with our serials; the state machine of §4 and
// the table of §6 decide. Invariants: no unverified input can make a certificate good or take it out of revoked; a
// failure changes no state, it ages; a source is asked only when a certificate under an accepted anchor names it; every
// step is derived from rows, so that a killed sweep is completed by the next. RFC 5280 §5–6.3, RFC 6960, RFC 9654.
// What it does not do: it raises no alert to people (monitoring does) and trusts no issuer (certificates does).
import * as audit from '../audit/index.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import type { Outbound } from '../outbound/index.ts';
import { can, demand } from '../permission.ts';
import type { Task } from '../work.ts';
import { applyIssuer, type Applied } from './applying.ts';
import { toDer } from './crl.ts';
import { askResponder, fetchList, perHost, POLL, URGENT } from './fetching.ts';
import { Issuers } from './issuers.ts';
import { refusals } from './reasons.ts';
import * as store from './store.ts';
import { isReadable, keysOf, refuse, subjectsOf, takeAnswer, takeList, type Taken } from './taking.ts';
import { sourceProblem, sourceViews, type SourceView } from './views.ts';

export { freshUntil } from './decide.ts';
export { evidence, explain, source, sources } from './views.ts';
export type { EvidenceView, Explanation, SourceView } from './views.ts';
export { judgeFiles, type FilesRequest, type FilesVerdict } from './from-files.ts';
export { FAILING_AFTER } from './views.ts';
export { decideHost, issuerHosts, type IssuerHost } from './issuer-hosts.ts';
export { fetchIssuers, issuersDue } from './issuer-fetching.ts';

export type SweepResult = {
  /** Addresses asked, by what came of it. */
  asked: number;
  fresh: number;
  same: number;
  refused: number;
  failed: number;
  /** Certificates crossed, whose belief changed, newly revoked. */
  checked: number;
  changed: number;
  revoked: number;
  /** OCSP questions. */
  questions: number;
};

const OCSP_BATCH = 200;

export type SweepOptions = {
  outbound: Outbound;
  /** `urgent`: what open incidents depend on, what was never asked, and what failed and may be tried again. */
  lane?: 'urgent' | 'all';
  /** Ask all lists now, due or not. */
  force?: boolean;
  /** Only these sources. */
  sources?: readonly string[];
};

/** Asks the sources that are due, crosses what is new with our certificates, completes what an earlier sweep left. */
export async function sweep(ctx: Context, by: SweepOptions): Promise<SweepResult> {
  demand(ctx.actor, 'revocation.check');
  deriveSources(ctx);
  const issuers = Issuers.read(ctx.db);
  const result: SweepResult = {
    asked: 0,
    fresh: 0,
    same: 0,
    refused: 0,
    failed: 0,
    checked: 0,
    changed: 0,
    revoked: 0,
    questions: 0,
  };
  await perHost(
    due(ctx, by),
    (source) => hostOf(source.url),
    async (source) => {
      const outcome = await fetchList(ctx, source, by.outbound, issuers);
      result.asked += 1;
      result[outcome === 'new' ? 'fresh' : outcome] += 1;
    },
  );
  complete(ctx, result);
  if (!by.sources) await askDue(ctx, by.outbound, result);
  return result;
}

/** What a sweep did in a sentence, or null when there was nothing to do. */
export function inWords(result: SweepResult): string | null {
  if (result.asked + result.questions + result.changed === 0) return null;
  const bad = result.failed + result.refused;
  return [
    `${result.asked} sumber ditanya (${result.fresh} baru, ${result.same} sama${bad ? `, ${bad} gagal atau ditolak` : ''})`,
    result.questions ? `${result.questions} pertanyaan OCSP` : '',
    `${result.changed} status berubah${result.revoked ? `, ${result.revoked} dicabut` : ''}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** Makes all sources due at once; the jobs process asks them ("Sapu sekarang"). @returns how many */
export function requestSweep(ctx: Context): number {
  demand(ctx.actor, 'revocation.check');
  return transact(ctx, (tx) => {
    const count = store.makeDue(tx.db, tx.now());
    audit.record(tx, { action: 'sweep.requested', targets: [], details: { count } });
    return count;
  });
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

/** Sources follow from the certificates under accepted anchors and from the CA certificates themselves. */
function deriveSources(ctx: Context): void {
  const now = ctx.now();
  const issuers = Issuers.read(ctx.db);
  const named = store.namedAddresses(ctx.db);
  for (const ca of issuers.all) {
    if (ca.view.crlUrls.length === 0 || !issuers.anchored(ca.view, now)) continue;
    const above = issuers.all.find((a) => issuers.issuedBy(a.view.publicKey.spkiSha256).includes(ca));
    if (!above) continue;
    const { commonName: issuerName, view } = above;
    for (const url of ca.view.crlUrls)
      named.push({ kind: 'crl', issuerKey: view.publicKey.spkiSha256, issuerName, url });
  }
  const key = (row: { kind: string; issuerKey: string; url: string }) => `${row.kind} ${row.issuerKey} ${row.url}`;
  const known = store.sources(ctx.db);
  const live = new Set(known.filter((row) => row.retiredAt === null).map(key));
  const wanted = new Map(named.filter((row) => row.url.length <= 2048).map((row) => [key(row), row]));
  const added = [...wanted].filter(([k]) => !live.has(k)).map(([, row]) => row);
  const retired = known.filter((row) => row.retiredAt === null && !wanted.has(key(row)));
  if (added.length + retired.length === 0) return;
  transact(ctx, (tx) => {
    for (const row of added) store.addSource(tx.db, { ...row, addedAt: now, dueAt: now });
    for (const row of retired) store.setSource(tx.db, row.id, { retiredAt: now });
    audit.record(tx, {
      action: 'sources.derived',
      targets: [],
      details: { added: added.length, retired: retired.length },
    });
  });
}

function due(ctx: Context, by: SweepOptions): store.SourceRow[] {
  const now = ctx.now();
  const urgent = new Set(store.urgentAddresses(ctx.db).map((row) => `${row.issuerKey} ${row.url}`));
  return store.sources(ctx.db).filter((source) => {
    if (source.kind !== 'crl' || source.retiredAt !== null) return false;
    if (by.sources) return by.sources.includes(source.id);
    const hurried = urgent.has(`${source.issuerKey} ${source.url}`) && (source.attemptedAt ?? 0) <= now - URGENT;
    // Due before the hour is over: never asked, failed, or somebody asked for a sweep.
    const early = source.attemptedAt === null || source.dueAt < source.attemptedAt + POLL;
    const routine = by.lane !== 'urgent' || early;
    return by.force || hurried || (routine && source.dueAt <= now);
  });
}

/** Crosses every issuer that has an uncrossed list or certificates that wait. */
function complete(ctx: Context, result: SweepResult): void {
  const now = ctx.now();
  const lines = store.lines(ctx.db);
  for (const issuerKey of new Set(lines.map((line) => line.issuerKey))) {
    const own = lines.filter((line) => line.issuerKey === issuerKey);
    const behind = own.some((line) => line.appliedEvidenceId !== line.evidenceId);
    const since = Math.min(...own.map((line) => line.appliedAt ?? 0));
    if (!behind && !store.waiting(ctx.db, issuerKey, since, now)) continue;
    // Read anew each time: a CA found revoked by one list signs nothing after it.
    tally(result, applyIssuer(ctx, issuerKey));
  }
}

function tally(result: SweepResult, applied: Applied): void {
  result.checked += applied.checked;
  result.changed += applied.changed;
  result.revoked += applied.revoked;
}

/** OCSP where there is no list, and for certificates of open incidents. */
async function askDue(ctx: Context, outbound: Outbound, result: SweepResult): Promise<void> {
  const issuers = Issuers.read(ctx.db);
  const touched = new Set<string>();
  const rows = store.dueForOcsp(ctx.db, ctx.now(), OCSP_BATCH).map((id) => store.checkedById(ctx.db, id)!);
  await perHost(
    rows,
    (row) => hostOf((JSON.parse(row.ocspUrls) as string[])[0] ?? ''),
    async (row) => {
      result.questions += 1;
      const { outcome } = await askResponder(ctx, row.id, outbound, issuers);
      if (outcome === 'new' || outcome === 'same') touched.add(row.issuerKey!);
    },
  );
  for (const issuerKey of touched) tally(result, applyIssuer(ctx, issuerKey));
}

export type CheckResult = { outcome: 'confirmed' | 'changed' | 'failed'; text: string };

/** "Periksa sekarang": OCSP first, then the lists that the certificate names. */
export async function checkNow(ctx: Context, certificateId: string, by: { outbound: Outbound }): Promise<CheckResult> {
  demand(ctx.actor, 'revocation.check');
  const before = certificates.get(ctx, certificateId);
  const row = store.checkedById(ctx.db, certificateId)!;
  if (
    !row.issuerKey ||
    before.chain === 'untrusted' ||
    before.chain === 'incomplete' ||
    before.chain === 'bad_signature'
  ) {
    throw invalid(
      'Penerbit sertifikat ini belum dipercaya atau belum ada, jadi sumber pencabutannya tidak boleh dihubungi. Putuskan kepercayaan penerbit dulu.',
    );
  }
  deriveSources(ctx);
  const issuers = Issuers.read(ctx.db);
  const asked = await askResponder(ctx, certificateId, by.outbound, issuers);
  let answered = asked.outcome === 'new' || asked.outcome === 'same';
  let why = asked.text;
  if (!answered) {
    const urls = JSON.parse(row.crlUrls) as string[];
    for (const source of store
      .sourcesOfIssuer(ctx.db, row.issuerKey)
      .filter((s) => s.kind === 'crl' && urls.includes(s.url))) {
      const outcome = await fetchList(ctx, source, by.outbound, issuers);
      answered ||= outcome === 'new' || outcome === 'same';
      if (!answered) why = store.sourceById(ctx.db, source.id)?.failureText ?? why;
    }
  }
  if (answered) applyIssuer(ctx, row.issuerKey);
  return told(ctx, before, answered, why);
}

function told(
  ctx: Context,
  before: ReturnType<typeof certificates.get>,
  answered: boolean,
  why: string | null,
): CheckResult {
  const after = certificates.get(ctx, before.id);
  const changed = after.revocation !== before.revocation;
  const outcome = !answered ? 'failed' : changed ? 'changed' : 'confirmed';
  const text =
    outcome === 'failed'
      ? `Tidak berhasil diperiksa: ${why ?? 'sertifikat tidak menyebut sumber pencabutan yang dapat dihubungi.'} Status yang sudah terbukti tidak berubah.`
      : `${changed ? 'Status berubah' : 'Sudah diperiksa'}: ${after.status.word}.`;
  transact(ctx, (tx) =>
    audit.record(tx, {
      action: 'certificate.checked',
      targets: [['certificate', before.id]],
      details: { result: outcome },
    }),
  );
  return { outcome, text };
}

export type Carried = {
  name: string;
  kind: 'crl' | 'ocsp' | null;
  accepted: boolean;
  /** Whether the same bytes were known already. */
  known: boolean;
  evidenceIds: string[];
  text: string;
  clause: string | null;
  changed: number;
};

/** A CRL or OCSP response carried by hand, for a server room without Internet: the same rules, counting the same. */
export function addEvidence(ctx: Context, input: { name: string; bytes: Uint8Array }): Carried {
  demand(ctx.actor, 'evidence.add');
  const bytes = toDer(input.bytes);
  const issuers = Issuers.read(ctx.db);
  const from = { sourceId: null, origin: 'uploaded' as const, name: input.name.slice(0, 200) };
  const subjects = subjectsOf(ctx, bytes, issuers);
  const kind = subjects === null ? 'crl' : 'ocsp';
  const taken: [issuerKey: string, taken: Taken][] =
    subjects === null
      ? keysOf(ctx, bytes, issuers).map((key) => [key, takeList(ctx, bytes, key, from, issuers)])
      : subjects.map((id) => [
          store.checkedById(ctx.db, id)!.issuerKey!,
          takeAnswer(ctx, bytes, { certificateId: id, nonce: null }, from, issuers),
        ]);
  if (taken.length === 0) taken.push(['', refuse(ctx, kind, bytes, refusalOf(kind, bytes), from)]);
  const good = taken.flatMap(([key, t]) => (t.outcome === 'refused' ? [] : [{ key, ...t }]));
  let changed = 0;
  for (const key of new Set(good.map((g) => g.key))) changed += applyIssuer(ctx, key).changed;
  transact(ctx, (tx) =>
    audit.record(tx, {
      action: 'evidence.added',
      targets: good.map((g) => ['evidence', g.evidenceId] as const),
      personal: { name: from.name },
      details: { accepted: good.length ? 1 : 0, refused: good.length ? 0 : 1, changed },
    }),
  );
  return {
    name: input.name,
    ...outcomeOf(
      kind,
      taken.map(([, t]) => t),
    ),
    changed,
  };
}

/** Why an object that is about nothing of ours was refused. */
const refusalOf = (kind: 'crl' | 'ocsp', bytes: Buffer) =>
  kind === 'ocsp' ? 'not_about_this' : isReadable(bytes) ? 'issuer_unknown' : 'unreadable';

function outcomeOf(kind: 'crl' | 'ocsp', taken: readonly Taken[]): Omit<Carried, 'name' | 'changed'> {
  const good = taken.flatMap((t) => (t.outcome === 'refused' ? [] : [t]));
  if (good.length) {
    const known = good.every((g) => g.outcome === 'same');
    const word = kind === 'crl' ? 'CRL' : 'Jawaban OCSP';
    const text = known
      ? `${word} ini sudah dimiliki; dicatat sebagai dikonfirmasi lagi.`
      : `${word} diterima sebagai bukti.`;
    return { kind, accepted: true, known, evidenceIds: good.map((g) => g.evidenceId), text, clause: null };
  }
  const codes = taken.flatMap((t) => (t.outcome === 'refused' ? [t.code] : []));
  // With several candidate issuers the refusal that came furthest tells most.
  const code = codes.find((c) => c !== 'issuer_unknown') ?? codes[0] ?? 'issuer_unknown';
  const { text, clause } = refusals[code];
  return { kind: code === 'unreadable' ? null : kind, accepted: false, known: false, evidenceIds: [], text, clause };
}

/** The bytes of an accepted object, for a person. @throws AppError not_found */
export function download(ctx: Context, evidenceId: string): { name: string; mediaType: string; bytes: Buffer } {
  demand(ctx.actor, 'revocation.view');
  const row = store.evidenceById(ctx.db, evidenceId);
  if (!row) throw notFound('Bukti ini tidak ada.');
  const extension = row.kind === 'crl' ? 'crl' : 'ors';
  const mediaType = row.kind === 'crl' ? 'application/pkix-crl' : 'application/ocsp-response';
  return {
    name: `${row.issuerName}-${row.sha256.slice(0, 12)}.${extension}`,
    mediaType,
    bytes: files.read(ctx, row.sha256),
  };
}

/** Closes a conflict, an early removal or a suspicious list, with a reason. The state itself stays what it is. */
export function settleSignal(ctx: Context, id: string, reason: string): void {
  demand(ctx.actor, 'revocation.check');
  if (reason.trim().length < 5)
    throw invalid('Tuliskan alasannya, paling sedikit lima huruf.', { reason: 'Isi alasan.' });
  transact(ctx, (tx) => {
    const row = store.signalById(tx.db, id);
    if (!row) throw notFound('Peringatan ini tidak ada.');
    if (row.settledAt !== null) return;
    store.setSignal(tx.db, id, {
      settledAt: tx.now(),
      settledBy: audit.actorKey(ctx.actor),
      settledWhy: reason.trim().slice(0, 500),
    });
    const targets = row.certificateId ? [['certificate', row.certificateId] as const] : [];
    audit.record(tx, {
      action: 'signal.settled',
      targets,
      details: { kind: row.kind },
      reason: reason.trim().slice(0, 500),
    });
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
  const failing = sourceViews(ctx, ['failing', 'stale']).flatMap((view): Task[] => {
    const problem = sourceProblem(view, ctx.now());
    return problem ? [sourceTask(view, problem)] : [];
  });
  return [
    ...failing,
    ...store
      .openSignals(ctx.db)
      .filter((s) => s.certificateId !== null)
      .map((s) => signalTask(ctx, s)),
  ];
}

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
  conflict: 'Tanyakan ke penerbit: CRL dan OCSP bertentangan',
  non_issued: 'Laporkan: penerbit menyatakan tidak pernah menerbitkan',
  reason_changed: 'Nilai ulang: alasan pencabutan berubah',
};

function signalTask(ctx: Context, signal: store.SignalRow): Task {
  const row = store.nameOf(ctx.db, signal.certificateId!);
  return {
    key: `revocation:signal:${signal.id}`,
    kind: 'conflict',
    title: titles[signal.kind] ?? 'Periksa bukti pencabutan',
    about: row?.commonName ?? 'sertifikat',
    dueAt: null,
    href: `/certificates/${signal.certificateId}`,
    button: 'Lihat Bukti',
    act: 'revocation.check',
  };
}
