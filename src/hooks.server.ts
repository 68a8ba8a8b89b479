// Every request passes here, through small steps in this order: who asks and from where, how much may be sent, may the
// page be seen, then the page, then the headers that go back. The policy itself is in security.ts.
import { randomUUID } from 'node:crypto';
import { error, redirect, type Handle, type HandleServerError, type RequestEvent } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { bytes } from '#lib/format.ts';
import * as auth from '#lib/server/auth/index.ts';
import { HOUR } from '#lib/server/calendar.ts';
import { BUSY, isBusy } from '#lib/server/db/index.ts';
import { AppError } from '#lib/server/errors.ts';
import { contextFor, open } from '#lib/server/runtime.ts';
import * as security from '#lib/server/security.ts';
import { refuseKeys } from '#lib/server/web.ts';

/** Sets `locals`: an id for the trail and the log, the shortened network, the person behind the cookie. */
const identify: Handle = ({ event, resolve }) => {
  const { config } = open();
  const proxied = config.proxy ? security.forwardedAddress(event.request.headers.get('x-forwarded-for')) : undefined;
  const request = { id: randomUUID(), network: security.networkOf(proxied ?? socketAddress(event)) };
  event.locals.user = null;
  event.locals.ctx = contextFor({ kind: 'public' }, request);
  const token = event.cookies.get(security.sessionCookie(isTls(event.url)));
  const user = token ? auth.validate(event.locals.ctx, token) : null;
  if (user) {
    event.locals.user = user;
    event.locals.ctx = contextFor(user, request);
  }
  return resolve(event);
};

/** The address at the other end; unknown when it hung up already, which is no reason to fail. */
function socketAddress(event: RequestEvent): string | undefined {
  try {
    return event.getClientAddress();
  } catch {
    return undefined;
  }
}

/** Headers on everything that is answered here; nothing personal stays in a cache. */
const headers: Handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  const type = response.headers.get('content-type') ?? '';
  for (const [name, value] of Object.entries({
    ...security.baseHeaders(isTls(event.url)),
    ...security.contentHeaders(type),
  })) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  // The path of a link that opens an account must not travel on. (With no-referrer browsers post with Origin: null,
  // which is refused as coming from another site: Fetch, "append a request Origin header".)
  if (/^\/(setup|invitation|reset|lapor)\/./.test(event.url.pathname)) {
    response.headers.set('referrer-policy', 'strict-origin');
  }
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
  return response;
};

/** Refuses a body that is larger than the route takes: by what it announces, and by counting when it announces nothing. */
const limitBody: Handle = ({ event, resolve }) => {
  const limit = security.bodyLimit(event.url.pathname);
  const announced = event.request.headers.get('content-length');
  // Node's parser ends a body at the length it announced; only a body without one can grow.
  if (announced !== null && Number(announced) > limit) return refuse(event, 413, tooLarge(limit));
  if (announced === null && event.request.body) event.request = counted(event.request, limit);
  return resolve(event);
};

const tooLarge = (limit: number): string =>
  `Kiriman terlalu besar: halaman ini menerima paling banyak ${bytes(limit)}. Kirim berkas satu per satu atau perkecil dahulu.`;

/** The same request whose body breaks off beyond the limit; SvelteKit then closes the connection of whoever sends on. */
function counted(request: Request, limit: number): Request {
  let size = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > limit) controller.error(new AppError('invalid', tooLarge(limit)));
      else controller.enqueue(chunk);
    },
  });
  const init: RequestInit & { duplex: 'half' } = { body: request.body!.pipeThrough(counter), duplex: 'half' };
  return new Request(request, init);
}

/**
 * A change asked for by a page of another site is refused. SvelteKit compares Origin for form posts; this covers every
 * other way (fetch with JSON, DELETE) in browsers that say where a request comes from.
 */
const ownSite: Handle = ({ event, resolve }) => {
  const from = event.request.headers.get('sec-fetch-site');
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(event.request.method);
  if (changes && from && from !== 'same-origin' && from !== 'none') {
    return refuse(
      event,
      403,
      'Permintaan ini datang dari situs lain dan ditolak. Buka halamannya di Siaga, lalu ulangi.',
    );
  }
  return resolve(event);
};

/** A private key in an address (a search, a filter): nothing is looked for, and the person is told what it means. */
const noKeys: Handle = ({ event, resolve }) => {
  try {
    refuseKeys(event.url.searchParams);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return refuse(event, 400, `${thrown.message} Formulirnya: halaman /lapor.`);
  }
  return resolve(event);
};

/** A report without signing in is never many: more than this from one network is a machine, not people in trouble. */
const REPORTS = { limit: 30, window: HOUR };
const throttle: Handle = ({ event, resolve }) => {
  const { ctx, user } = event.locals;
  if (event.request.method !== 'POST' || user || !/^\/lapor(\/|$)/.test(event.url.pathname)) return resolve(event);
  try {
    auth.admit(ctx, [{ key: `lapor:${ctx.request?.network}`, rule: REPORTS }]);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const urgent = 'Bila mendesak, telepon petugas piket. Isian Anda masih ada bila Anda menekan Kembali.';
    return refuse(event, 429, `${thrown.message} ${urgent}`);
  }
  return resolve(event);
};

/** Pages of the frame are for people who signed in; they come back to where they wanted to go. */
const signedIn: Handle = ({ event, resolve }) => {
  if (event.route.id?.startsWith('/(app)') && !event.locals.user) {
    const wanted = event.url.pathname + (event.request.method === 'GET' ? event.url.search : '');
    redirect(303, wanted === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`);
  }
  return resolve(event);
};

/** Light or dark when the person chose one (routes/theme); without a choice the page follows the system. */
const themed: Handle = ({ event, resolve }) => {
  const theme = event.cookies.get('theme');
  if (theme !== 'light' && theme !== 'dark') return resolve(event);
  const chosen = `<html lang="id" data-theme="${theme}">`;
  return resolve(event, { transformPageChunk: ({ html }) => html.replace('<html lang="id">', chosen) });
};

export const handle = sequence(headers, identify, ownSite, limitBody, noKeys, throttle, signedIn, themed);

/** A refusal before the page: an enhanced form gets it as an answer that keeps what was typed, everything else a page. */
function refuse(event: RequestEvent, status: number, message: string): Response {
  if (event.request.headers.get('x-sveltekit-action') !== 'true') error(status, { message });
  // An ActionResult as SvelteKit writes it: `data` in devalue's flat form.
  const data = JSON.stringify([{ message: 1, fields: 2, values: 3 }, message, {}, {}]);
  return Response.json({ type: 'failure', status, data });
}

const isTls = (url: URL): boolean => url.protocol === 'https:';

const SENTENCES: Record<number, string> = {
  404: 'Halaman ini tidak ada. Mungkin alamatnya salah ketik atau catatannya sudah tidak berlaku.',
  405: 'Halaman ini tidak menerima permintaan seperti itu.',
  415: 'Bentuk kiriman tidak dikenal.',
};

/**
 * What people see of a bug: a sentence and an id to quote. What the log gets: the same id, route and stack frames;
 * neither addresses nor messages, which may carry names and numbers.
 */
export const handleError: HandleServerError = ({ error: thrown, event, status }) => {
  if (status !== 500) return { message: SENTENCES[status] ?? 'Permintaan ini tidak dapat dipenuhi.' };
  if (thrown instanceof AppError) return { message: thrown.message };
  const id = (event.locals.ctx?.request?.id ?? randomUUID()).slice(0, 8).toUpperCase();
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  const frames = thrown instanceof Error ? (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const line = {
    at: new Date().toISOString(),
    id,
    method: event.request.method,
    route: event.route.id,
    error: name,
    code: (thrown as { code?: unknown } | null)?.code,
    stack: frames.slice(0, 12).map((frame) => frame.trim()),
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
  if (isBusy(thrown)) return { message: BUSY, id };
  return { message: 'Terjadi kesalahan di Siaga. Yang Anda ketik belum tersimpan; coba sekali lagi.', id };
};
