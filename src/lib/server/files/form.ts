// A multipart form (RFC 7578) that is read while it arrives: texts are kept, files go to disk, nothing large stands in
// memory. What arrived is neither kept nor discarded here; when the form breaks off, nothing of it stays.
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Context } from '../context.ts';
import { AppError, invalid } from '../errors.ts';
import { demandSpace, discard, receive, type Arrived } from './index.ts';

export type ReceivedForm = {
  values: Map<string, string>;
  files: (Arrived & { field: string; name: string })[];
};
export type FormLimits = { fileBytes: number; files: number; textBytes: number };

const BROKEN = 'Kiriman terputus atau tidak terbaca. Pilih berkasnya lagi, lalu kirim ulang.';

/** @throws AppError invalid when it is broken or over a limit, unavailable when the disk is nearly full */
export async function receiveForm(ctx: Context, request: Request, limits: FormLimits): Promise<ReceivedForm> {
  demandSpace(ctx, Number(request.headers.get('content-length')) || 0);
  const form: ReceivedForm = { values: new Map(), files: [] };
  const arriving: Promise<void>[] = [];
  let refusal: unknown = null;
  const parser = parserOf(request, limits);
  const stop = (error: unknown) => {
    refusal ??= error;
    parser.destroy();
  };
  parser.on('field', (name, value, _, cut) => {
    if (cut) stop(invalid('Isian terlalu panjang; kirim sebagai berkas.', { [name]: 'Terlalu panjang.' }));
    else form.values.set(name, value);
  });
  parser.on('file', (field, stream, name) => {
    // A file field that was left empty.
    if (!name) return void stream.resume();
    const arrived = receive(ctx, stream, limits.fileBytes).then((file) => {
      form.files.push({ ...file, field, name });
    });
    arriving.push(arrived.catch(stop));
  });
  parser.on('filesLimit', () => stop(invalid(`Paling banyak ${limits.files} berkas sekali kirim; satukan dalam ZIP.`)));
  try {
    await feed(bodyOf(request), parser).catch(stop);
    await Promise.all(arriving);
    if (refusal) throw refusal instanceof AppError ? refusal : invalid(BROKEN);
    return form;
  } catch (error) {
    await Promise.allSettled(arriving);
    form.files.forEach(discard);
    throw error;
  }
}

/**
 * Feeds the parser. What comes after a refusal (the parser is destroyed by then) is read and dropped: a browser shows no
 * answer before it could send everything, only "connection reset". Bounded by what the route takes (`hooks.server.ts`).
 */
async function feed(body: Readable, parser: BusboyInstance): Promise<void> {
  const ended = finished(parser);
  const closed = ended.catch(() => {});
  for await (const chunk of body) {
    if (parser.destroyed || parser.write(chunk)) continue;
    await Promise.race([once(parser, 'drain').catch(() => {}), closed]);
  }
  if (!parser.destroyed) parser.end();
  await ended;
}

function parserOf(request: Request, { files, textBytes }: FormLimits) {
  try {
    return new Busboy({
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      limits: { files, fields: 100, fieldSize: textBytes, headerPairs: 20, headerSize: 16 * 1024 },
    });
  } catch {
    throw invalid(BROKEN);
  }
}

const bodyOf = (request: Request): Readable =>
  request.body ? Readable.fromWeb(request.body as ReadableStream<Uint8Array>) : Readable.from([]);
