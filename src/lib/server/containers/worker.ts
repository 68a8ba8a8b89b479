// The worker thread behind containers/index.ts. Everything hostile happens here: it has its own heap limit, and its
// parent terminates it at the deadline.
import { parentPort } from 'node:worker_threads';
import { evidenceParts } from './evidence.ts';
import { openAll, sourceOf } from './open.ts';
import { scan } from './scan.ts';
import { openSheet } from './sheet.ts';
import { ContainerError, type FileOnDisk, type InputFile } from './types.ts';

export type Request =
  | { id: number; task: 'open'; name: string; bytes: Uint8Array }
  | { id: number; task: 'evidence'; name: string; bytes: Uint8Array }
  | { id: number; task: 'scan'; file: FileOnDisk | InputFile }
  | { id: number; task: 'sheet'; bytes: Uint8Array; sheet?: string };
/** `failure`: a sentence for people. `bug`: anything else that was thrown. */
export type Reply = { id: number; result?: unknown; failure?: string; bug?: string };

async function run(request: Request): Promise<Reply> {
  try {
    return { id: request.id, result: await resultOf(request) };
  } catch (error) {
    if (error instanceof ContainerError) return { id: request.id, failure: error.message };
    return { id: request.id, bug: (error as Error).stack ?? String(error) };
  }
}

async function resultOf(request: Request): Promise<unknown> {
  if (request.task === 'open') return openAll(request.name, bufferOf(request.bytes));
  if (request.task === 'evidence') return evidenceParts(request.name, bufferOf(request.bytes));
  if (request.task === 'sheet') return openSheet(bufferOf(request.bytes), request.sheet);
  const source = sourceOf(request.file);
  try {
    return await scan(request.file.name, source);
  } finally {
    source.close();
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

parentPort?.on('message', (request: Request) => void run(request).then((reply) => parentPort?.postMessage(reply)));
