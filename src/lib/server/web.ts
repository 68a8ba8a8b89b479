// The web edge for routes: an AppError becomes an HTTP error or a form answer; FormData becomes plain text values.
// Every route's load goes through `guarded`, every action through `submitted`, so no domain error turns into a 500, and
// no room ever gets a text with a private key in it.
import { error, fail, isHttpError, isRedirect, type RequestEvent } from '@sveltejs/kit';
import { isKeyPasted, scanFile } from './containers/index.ts';
import * as audit from './audit/index.ts';
import { transact, type Context } from './context.ts';
import { BUSY, isBusy } from './db/index.ts';
import { AppError, keySent, type ErrorCode, type FieldErrors, type Lead } from './errors.ts';
import * as files from './files/index.ts';
import { demand, type Act } from './permission.ts';
import { asFile, asStream, formatOf, type Column } from './table-export.ts';

const status: Record<ErrorCode, number> = {
  invalid: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
};

/** Runs a load function; an AppError becomes the error page with its sentence. */
export function guarded<T>(work: () => T): T {
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(rethrow) as T) : result;
  } catch (thrown) {
    return rethrow(thrown);
  }
}

function rethrow(thrown: unknown): never {
  if (isBusy(thrown)) error(503, { message: BUSY });
  if (thrown instanceof AppError) error(status[thrown.code], { message: thrown.message });
  throw thrown;
}

/** What a form gets back when it was refused: the sentence, messages by field, what was typed, and where to go. */
export type Refusal = { message: string; fields: FieldErrors; values: Record<string, string>; lead?: Lead };

const UNREADABLE = 'Kiriman tidak terbaca atau terlalu besar. Pilih berkasnya lagi, lalu kirim ulang.';

/**
 * Runs a form action. An AppError becomes `fail(status, Refusal)`, so that nothing typed is lost; what the work returns
 * (or redirects to) passes through.
 */
export async function submitted<T>(event: RequestEvent, work: (ctx: Context, form: FormData) => T | Promise<T>) {
  const form = await event.request.formData().catch(() => null);
  if (!form) return fail(400, { message: UNREADABLE, fields: {}, values: {} } satisfies Refusal);
  return answered(
    () => {
      refuseKeys(form);
      return work(event.locals.ctx, form);
    },
    () => shown(form),
  );
}

/** @throws AppError when a text holds a private key; which field it was stands beside it */
export function refuseKeys(entries: Iterable<[string, FormDataEntryValue]>): void {
  const fields: FieldErrors = {};
  for (const [name, value] of entries)
    if (typeof value === 'string' && isKeyPasted(value)) fields[name] = 'Isi lagi tanpa kuncinya, lalu kirim.';
  if (Object.keys(fields).length) throw keySent('field', fields);
}

/**
 * The same for a form with large files: they go to disk while they arrive and are gone afterwards, unless the work kept
 * them or took them out of the form. What was typed comes back; what was pasted only when a look as thorough as that
 * through an upload finds no private key in it.
 */
export async function submittedFiles<T>(
  event: RequestEvent,
  limits: files.FormLimits & { act: Act },
  work: (ctx: Context, form: files.ReceivedForm) => T | Promise<T>,
) {
  let form: files.ReceivedForm | null = null;
  // An import of what was pasted says in its ledger what was refused.
  const besides = () => [...(form?.values ?? [])].filter(([name]) => name !== 'pasted');
  try {
    return await answered(
      async () => {
        // Before a byte is taken.
        demand(event.locals.ctx.actor, limits.act);
        form = await files.receiveForm(event.locals.ctx, event.request, limits);
        refuseKeys(besides());
        return work(event.locals.ctx, form);
      },
      async () => shown([...besides(), ...(await withoutKey('pasted', form?.values.get('pasted')))]),
    );
  } finally {
    (form as files.ReceivedForm | null)?.files.forEach(files.discard);
  }
}

/** A field's text to be shown again, unless a key lies in it or nobody can tell. */
async function withoutKey(name: string, text: string | undefined): Promise<[string, string][]> {
  if (!text) return [];
  const found = await scanFile({ name, bytes: Buffer.from(text) });
  return found.verdict === 'clean' && found.unseen === undefined ? [[name, text]] : [];
}

async function answered<T>(
  work: () => T | Promise<T>,
  values: () => Record<string, string> | Promise<Record<string, string>>,
) {
  try {
    return await work();
  } catch (thrown) {
    if (isBusy(thrown)) return fail(503, { message: BUSY, fields: {}, values: await values() } satisfies Refusal);
    if (isRedirect(thrown) || isHttpError(thrown) || !(thrown instanceof AppError)) throw thrown;
    const { message, fields, lead } = thrown;
    const refusal: Refusal = { message, fields, values: await values(), ...(lead ? { lead } : {}) };
    return fail(status[thrown.code], refusal);
  }
}

/** Text values of a form, without files and without secrets; of several ticked boxes one value a line. */
function shown(entries: Iterable<[string, FormDataEntryValue]>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (typeof value !== 'string' || /password|sandi|token/i.test(name) || isKeyPasted(value)) continue;
    values[name] = name in values ? `${values[name]}\n${value}` : value;
  }
  return values;
}

/** A trimmed text field; absent reads as ''. */
export const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

/** Answers with a table as the file that `?format=` asks for. @param name of the file, without ending */
export async function tableFile<Row>(
  url: URL,
  name: string,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): Promise<Response> {
  const file = await asFile(name, formatOf(url.searchParams.get('format')), columns, rows);
  return attachment(file.bytes, file.name, file.mediaType);
}

/** The same for a list of which no room writes its export down: it stands in the trail first. @param list what it is, for the trail */
export function listFile<Row>(
  ctx: Context,
  url: URL,
  { name, list }: { name: string; list: string },
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<Response> {
  recordExport(ctx, url, list, rows.length);
  return tableFile(url, name, columns, rows);
}

/** The same of a list that may be very long: read and sent a page at a time. */
export function listStream<Row>(
  ctx: Context,
  url: URL,
  { name, list }: { name: string; list: string },
  columns: readonly Column<Row>[],
  { count, pages }: { count: number; pages: Iterable<readonly Row[]> },
): Response {
  recordExport(ctx, url, list, count);
  const file = asStream(name, formatOf(url.searchParams.get('format')), columns, pages);
  return attachment(file.stream, file.name, file.mediaType);
}

function recordExport(ctx: Context, url: URL, list: string, count: number): void {
  const details = { list, count, format: formatOf(url.searchParams.get('format')) };
  transact(ctx, (tx) => audit.record(tx, { action: 'list.exported', targets: [], details }));
}

/** Answers with a file as attachment, never inline (a PDF preview asks for `inline` explicitly). */
export function attachment(
  bytes: Uint8Array | string | ReadableStream,
  name: string,
  mediaType: string,
  inline = false,
): Response {
  const safe = name.replace(/[^\w.-]+/g, '_');
  return new Response(bytes as BodyInit, {
    headers: {
      'content-type': mediaType,
      'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${safe}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    },
  });
}
