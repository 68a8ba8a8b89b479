// What people ask for and must not block the web process: a check of one certificate, objects carried by hand. Each is a row
// that jobs take within a second; the page waits for it a little, and then says that it goes on.
import { setTimeout } from 'node:timers/promises';
import { bytes, number } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { LIMITS } from '../containers/index.ts';
import { attempt, GIVEN_UP, transact, type Context } from '../context.ts';
import { AppError, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import type { Outbound } from '../outbound/index.ts';
import { demand } from '../permission.ts';
import { addEvidenceFile, unopened, type Carried } from './carrying.ts';
import { checkNow, demandCheckable, type CheckResult } from './checking.ts';
import * as store from './store.ts';
import { sweep, type SweepResult } from './sweeping.ts';

export type Requested = {
  id: string;
  kind: 'check' | 'source' | 'upload';
  certificateId: string | null;
  sourceId: string | null;
  name: string;
  size: number;
  requestedAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** What came of it, in a sentence. */
  text: string | null;
  check: CheckResult | null;
  carried: Carried[] | null;
};

/** How large evidence may be that is carried here, by the web and by the command line. */
export const LARGEST_EVIDENCE = LIMITS.fileBytes;
export const EVIDENCE_TOO_LARGE = `Terlalu besar; paling besar ${bytes(LARGEST_EVIDENCE)}. Unggah hanya CRL atau jawaban OCSP-nya.`;
const MOST = 20;
/** How often it is looked whether something was carried here while a server is asked. */
const LOOK_MS = 500;

/** "Periksa sekarang" from the web. @returns the request's id @throws AppError invalid when nothing may be asked */
export function requestCheck(ctx: Context, certificateId: string): string {
  demand(ctx.actor, 'revocation.check');
  demandCheckable(ctx, certificateId);
  return transact(ctx, (tx) => {
    // Pressed twice it is one question.
    const open = store.openCheck(tx.db, certificateId);
    if (open) return open;
    audit.record(tx, { action: 'check.requested', targets: [['certificate', certificateId]], details: {} });
    return store.addRequest(tx.db, {
      kind: 'check',
      certificateId,
      requestedBy: audit.actorKey(tx.actor),
      requestedAt: tx.now(),
    });
  });
}

/** So long a page tells that a check went well; that it did not, until evidence confirms the certificate again. */
const TOLD = 5 * MINUTE;
const TOLD_FAILED = DAY;
/** Jobs take a question within a second: one that waits so long is not told to be under way. */
const TAKEN = HOUR;

/** The newest check of a certificate that goes on or ended lately. @throws AppError not_found */
export function checkOf(ctx: Context, certificateId: string): Requested | null {
  demand(ctx.actor, 'revocation.check');
  const { confirmedAt } = certificates.get(ctx, certificateId);
  const row = store.checkSince(ctx.db, certificateId, ctx.now() - TOLD_FAILED);
  if (!row) return null;
  const { requestedAt, finishedAt } = row;
  const isTold =
    finishedAt === null
      ? requestedAt >= ctx.now() - TAKEN
      : finishedAt >= ctx.now() - TOLD || (!row.ok && (confirmedAt ?? 0) < finishedAt);
  return isTold ? view(row) : null;
}

/** "Tanyai sekarang" about one address. @returns the request's id @throws AppError not_found */
export function requestSource(ctx: Context, sourceId: string): string {
  demand(ctx.actor, 'revocation.check');
  const source = store.sourceById(ctx.db, sourceId);
  if (!source || source.retiredAt !== null) throw notFound('Sumber pencabutan ini tidak ada atau tidak dipakai lagi.');
  return transact(ctx, (tx) => {
    const open = store.openOfSource(tx.db, sourceId);
    if (open) return open;
    audit.record(tx, { action: 'source.requested', targets: [['source', sourceId]], details: {} });
    return store.addRequest(tx.db, {
      kind: 'source',
      sourceId,
      requestedBy: audit.actorKey(tx.actor),
      requestedAt: tx.now(),
    });
  });
}

/**
 * "Unggah CRL/OCSP" from the web. Each file is looked at by itself: one that is refused at the door stands under its
 * name, with nothing of it kept, and holds up no other.
 * @returns the requests' ids, in the order of the files @throws AppError invalid
 */
export async function requestEvidence(
  ctx: Context,
  given: readonly { name: string; bytes: Uint8Array }[],
): Promise<string[]> {
  demand(ctx.actor, 'evidence.add');
  if (given.length === 0) throw invalid('Pilih berkas CRL atau jawaban OCSP.', { files: 'Pilih paling sedikit satu.' });
  if (given.length > MOST)
    throw invalid(`Paling banyak ${MOST} berkas sekaligus.`, { files: `Paling banyak ${MOST}.` });
  const looked: { name: string; bytes: Uint8Array; text: string | null }[] = [];
  for (const { name, bytes } of given)
    looked.push({ name: name.slice(0, 200), bytes, text: await refusedUnread({ name, bytes }) });
  return transact(ctx, (tx) => {
    audit.record(tx, { action: 'evidence.requested', targets: [], details: { count: looked.length } });
    const by = { kind: 'upload' as const, requestedBy: audit.actorKey(tx.actor), requestedAt: tx.now() };
    const over = { startedAt: by.requestedAt, finishedAt: by.requestedAt, ok: false };
    return looked.map(({ name, bytes, text }) =>
      store.addRequest(tx.db, {
        ...by,
        name,
        size: bytes.length,
        // With its row: jobs may be done with the same bytes just now, and give them up (`giveUp`).
        ...(text === null ? { sha256: files.put(tx, bytes).sha256 } : { ...over, text }),
      }),
    );
  });
}

/**
 * Why a file is not looked at for evidence, from wherever it comes. A private key anywhere in it, in the streams of a PDF
 * or in an archive too, or what nobody can look into, refuses it whole; nothing of it is kept, not even until jobs look.
 */
async function refusedUnread(file: { name: string; bytes: Uint8Array }): Promise<string | null> {
  if (file.bytes.length > LARGEST_EVIDENCE) return EVIDENCE_TOO_LARGE;
  if (file.bytes.length === 0) return 'Berkas kosong. Unduh lagi dari situs penerbit, lalu unggah.';
  try {
    await files.demandNoKey(file, 'files');
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid') return error.message;
    throw error;
  }
}

/** Evidence carried by hand, judged at once (the command line): it stands among the uploads as what jobs judge does. */
export async function carryNow(ctx: Context, given: { name: string; bytes: Uint8Array }): Promise<Carried[]> {
  demand(ctx.actor, 'evidence.add');
  const requestedAt = ctx.now();
  const refused = await refusedUnread(given);
  const carried = refused === null ? await addEvidenceFile(ctx, given) : [unopened(given.name.slice(0, 200), refused)];
  transact(ctx, (tx) =>
    store.addRequest(tx.db, {
      kind: 'upload',
      name: given.name.slice(0, 200),
      size: given.bytes.length,
      requestedBy: audit.actorKey(tx.actor),
      requestedAt,
      startedAt: requestedAt,
      finishedAt: tx.now(),
      ok: carried.some(({ accepted }) => accepted),
      text: carried.map(({ text }) => text).join(' '),
      result: carried,
    }),
  );
  return carried;
}

/** Uploads with what came of them, newest first. */
export function uploads(ctx: Context, limit = 20): Requested[] {
  demand(ctx.actor, 'evidence.add');
  return store.requestsOf(ctx.db, 'upload', limit).map(view);
}

/** A request as it stands after at most so many ms. @throws AppError not_found */
export async function awaited(ctx: Context, id: string, ms: number): Promise<Requested> {
  const until = performance.now() + ms;
  for (;;) {
    const row = store.requestById(ctx.db, id);
    if (!row) throw notFound('Permintaan ini tidak ada.');
    demandTold(ctx, row);
    if (row.finishedAt !== null || performance.now() >= until) return view(row);
    await setTimeout(100);
  }
}

/** Who asked is told; of a question that two people share, whoever may ask it. @throws AppError forbidden, not_found */
function demandTold(ctx: Context, { kind, certificateId, requestedBy }: store.RequestRow): void {
  if (requestedBy === audit.actorKey(ctx.actor)) return;
  demand(ctx.actor, kind === 'upload' ? 'jobs.view' : 'revocation.check');
  if (certificateId !== null) certificates.get(ctx, certificateId);
}

const view = (row: store.RequestRow): Requested => {
  const { id, kind, certificateId, sourceId, name, size, requestedAt, startedAt, finishedAt, text } = row;
  const state = finishedAt !== null ? (row.ok ? 'done' : 'failed') : startedAt !== null ? 'running' : 'waiting';
  const check = kind === 'check' ? (row.result as CheckResult | null) : null;
  const carried = kind === 'upload' ? (row.result as Carried[] | null) : null;
  return {
    id,
    kind,
    certificateId,
    sourceId,
    name,
    size,
    requestedAt,
    startedAt,
    finishedAt,
    state,
    text,
    check,
    carried,
  };
};

export const requestsWaiting = (ctx: Context): boolean => store.anyRequest(ctx.db);

/**
 * Does what was asked, oldest first; for the jobs process. What was carried here needs no network, and does not wait behind a
 * question to a slow server. One that was cut off is done again, thrice at most. @returns how many
 */
export async function runRequests(ctx: Context, by: { outbound: Outbound }): Promise<number> {
  demand(ctx.actor, 'revocation.check');
  let answered = false;
  const asked = inTurn(ctx, 'asked', by).finally(() => (answered = true));
  const carried = async (): Promise<number> => {
    let done = 0;
    for (;;) {
      const last = answered;
      done += await inTurn(ctx, 'carried', by);
      if (last) return done;
      await Promise.race([asked, setTimeout(LOOK_MS)]);
    }
  };
  const done = await Promise.all([asked, carried()]);
  return done[0] + done[1];
}

async function inTurn(ctx: Context, which: 'carried' | 'asked', by: { outbound: Outbound }): Promise<number> {
  let done = 0;
  for (let row = store.nextRequest(ctx.db, which); row; row = store.nextRequest(ctx.db, which)) {
    await perform(ctx, row, by);
    done += 1;
  }
  return done;
}

async function perform(ctx: Context, row: store.RequestRow, by: { outbound: Outbound }): Promise<void> {
  transact(ctx, (tx) => store.setRequest(tx.db, row.id, { startedAt: tx.now() }));
  const { ok, text, result } = await attempt(ctx)<Answer>(
    { row: `request:${row.id}` },
    (own) => answer(own, row, by),
    () => ({ ok: false, text: GIVEN_UP, result: null }),
  );
  transact(ctx, (tx) => store.setRequest(tx.db, row.id, { finishedAt: tx.now(), ok, text, result }));
  if (row.sha256) giveUp(ctx, row.sha256);
}

/**
 * What was accepted stands as evidence; the upload itself, which may be anything, does not stay longer than somebody waits
 * for it.
 */
const giveUp = (ctx: Context, sha256: string): void =>
  transact(ctx, (tx) => {
    if (!store.isAwaited(tx.db, sha256)) files.discardUnused(tx, sha256);
  });

/** What came of one source that a person asked for. */
function askedWell(ctx: Context, sourceId: string, { asked, fresh, changed, revoked }: SweepResult): string {
  if (asked === 0)
    return store.sourceById(ctx.db, sourceId)?.kind === 'crl'
      ? 'Sumber ini sedang ditanya oleh sapuan; hasilnya muncul di halaman ini sebentar lagi.'
      : 'Sumber ini ditanya satu per satu untuk sertifikat yang memerlukannya (OCSP).';
  const news = fresh ? 'CRL baru diterima' : 'CRL tidak berubah; dicatat sebagai dikonfirmasi lagi oleh sumbernya';
  const what = changed ? `${number(changed)} status berubah${revoked ? `, ${number(revoked)} dicabut` : ''}` : '';
  return `${news}. ${what || 'Tidak ada status yang berubah'}.`;
}

function notAsked(ctx: Context, sourceId: string, result: SweepResult): string {
  const why = store.sourceById(ctx.db, sourceId)?.failureText ?? '';
  return `${result.refused ? 'Sumber menjawab, tetapi berkasnya ditolak' : 'Sumber tidak menjawab sebagaimana mestinya'}: ${why} Status tidak berubah; buktinya menua.`;
}

type Answer = { ok: boolean; text: string; result: CheckResult | Carried[] | null };

async function answer(ctx: Context, row: store.RequestRow, by: { outbound: Outbound }): Promise<Answer> {
  try {
    if (row.kind === 'check') {
      const result = await checkNow(ctx, row.certificateId!, by);
      return { ok: result.outcome !== 'failed', text: result.text, result };
    }
    if (row.kind === 'source') {
      const result = await sweep(ctx, { ...by, sources: [row.sourceId!] });
      const ok = result.failed + result.refused === 0;
      return {
        ok,
        text: ok ? askedWell(ctx, row.sourceId!, result) : notAsked(ctx, row.sourceId!, result),
        result: null,
      };
    }
    const given = { name: row.name, bytes: files.read(ctx, row.sha256!), by: row.requestedBy };
    const carried = await addEvidenceFile(ctx, given);
    return {
      ok: carried.some((each) => each.accepted),
      text: carried.map((each) => each.text).join(' '),
      result: carried,
    };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, text: error.message, result: null };
    process.stderr.write(`[revocation] ${error instanceof Error ? error.stack : String(error)}\n`);
    return { ok: false, text: 'Galat di Siaga sendiri; lihat log proses tugas, lalu ulangi.', result: null };
  }
}
