// A few worker threads for hostile input: started when needed, kept for a while, ended at the deadline or when they
// run out of memory. They never keep the process alive by waiting.
import type { Worker } from 'node:worker_threads';
import { outOfMemory, startThread, TOO_HEAVY, TOO_SLOW } from './threads.ts';
import { ContainerError } from './types.ts';
import type { Reply, Request } from './worker.ts';

const WORKERS = 2;
const IDLE_MS = 20_000;
const WORKER = 'src/lib/server/containers/worker.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Task = DistributiveOmit<Request, 'id'>;

type Idle = { worker: Worker; onEnd: () => void; timer: NodeJS.Timeout };
const idle: Idle[] = [];
const waiting: (() => void)[] = [];
let busy = 0;
let requests = 0;

/** Runs one task in a worker. Throws ContainerError for people: limits, deadline, unreadable. */
export async function runTask<T>(task: Task, deadlineMs: number): Promise<T> {
  while (busy >= WORKERS) await new Promise<void>((resolve) => waiting.push(resolve));
  busy += 1;
  try {
    return (await ask(wake() ?? startThread(WORKER), { ...task, id: ++requests }, deadlineMs)) as T;
  } finally {
    busy -= 1;
    waiting.shift()?.();
  }
}

function ask(worker: Worker, request: Request, deadlineMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void, keep: boolean) => {
      clearTimeout(timer);
      // Only our own listeners: Worker hangs its own on itself.
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      if (keep) rest(worker);
      else void worker.on('error', () => {}).terminate();
      settle();
    };
    const refuse = (message: string) => end(() => reject(new ContainerError(message)), false);
    const onMessage = ({ id, result, failure, bug }: Reply) => {
      if (id !== request.id) return;
      if (failure !== undefined) end(() => reject(new ContainerError(failure)), true);
      else if (bug !== undefined) end(() => reject(new Error(bug)), true);
      else end(() => resolve(result), true);
    };
    const onError = (error: Error) => {
      if (outOfMemory(error)) refuse(TOO_HEAVY);
      else end(() => reject(error), false);
    };
    const onExit = () => end(() => reject(new Error('worker ended')), false);
    const timer = setTimeout(() => refuse(TOO_SLOW), deadlineMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    // The caller's bytes stay the caller's: a copy goes over (of the view, not of the buffer behind it).
    if ('bytes' in request) {
      const bytes = new Uint8Array(request.bytes);
      worker.postMessage({ ...request, bytes }, [bytes.buffer]);
    } else worker.postMessage(request);
  });
}

function rest(worker: Worker): void {
  worker.unref();
  const entry: Idle = { worker, onEnd: () => forget(entry), timer: setTimeout(() => retire(entry), IDLE_MS).unref() };
  worker.on('error', entry.onEnd).on('exit', entry.onEnd);
  idle.push(entry);
}

/** A resting worker, taken off the bench. */
function wake(): Worker | null {
  const entry = idle.at(-1);
  if (!entry) return null;
  forget(entry);
  entry.worker.off('error', entry.onEnd).off('exit', entry.onEnd);
  return entry.worker;
}

function retire(entry: Idle): void {
  forget(entry);
  void entry.worker.terminate();
}

function forget(entry: Idle): void {
  clearTimeout(entry.timer);
  const at = idle.indexOf(entry);
  if (at >= 0) idle.splice(at, 1);
}
