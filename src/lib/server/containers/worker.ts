// The worker thread behind containers/index.ts. Everything hostile happens here: it has its own heap limit, and its
// parent terminates it at the deadline.
import { parentPort } from 'node:worker_threads';
import { openAll } from './open.ts';
import { openSheet } from './sheet.ts';
import { ContainerError } from './types.ts';

export type Request =
  | { id: number; task: 'open'; name: string; bytes: Uint8Array }
  | { id: number; task: 'sheet'; bytes: Uint8Array; sheet?: string };
/** `failure`: a sentence for people. `bug`: anything else that was thrown. */
export type Reply = { id: number; result?: unknown; failure?: string; bug?: string };

async function run(request: Request): Promise<Reply> {
  const bytes = Buffer.from(request.bytes.buffer, request.bytes.byteOffset, request.bytes.byteLength);
  try {
    const result = request.task === 'open' ? await openAll(request.name, bytes) : await openSheet(bytes, request.sheet);
    return { id: request.id, result };
  } catch (error) {
    if (error instanceof ContainerError) return { id: request.id, failure: error.message };
    return { id: request.id, bug: (error as Error).stack ?? String(error) };
  }
}

parentPort?.on('message', (request: Request) => void run(request).then((reply) => parentPort?.postMessage(reply)));
