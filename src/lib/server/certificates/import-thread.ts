// The import's side of its reading thread: asks, takes batches in order, ends the thread when it is silent for too long
// or runs out of memory. A handful of small plain files is read here, because a thread costs more than they do.
import type { Worker } from 'node:worker_threads';
import { ContainerError } from '../containers/types.ts';
import { isPlain } from '../containers/index.ts';
import { outOfMemory, startThread, TOO_HEAVY, TOO_SLOW } from '../containers/threads.ts';
import {
  countUnits,
  judgeOf,
  readFiles,
  type Batch,
  type ImportedFile,
  type Measure,
  type Progress,
} from './import-reading.ts';
import type { Answer, Order, Packed } from './import-reader.ts';

const SOURCE = 'src/lib/server/certificates/import-reader.ts';
/** Longer than any honest step takes: one member of an archive, one large PEM. */
const SILENCE_MS = 60_000;
const FEW = 50;
/** Batches of one transaction: rows alone dirty four pages of random indexes each, thousands share most of them. */
const TOGETHER = 8;

/** A batch that arrived, unpacked when it is written: until then it is a string and some bytes, not ten thousand objects. */
export type Arrived = () => Batch;

export type Reading = {
  /** How many units there are. @throws ContainerError */
  count: () => Promise<number>;
  /** What arrived, as much as one transaction takes. */
  read: (from: Progress, measure: Measure) => AsyncGenerator<Arrived[]>;
  end: () => void;
};

export const reading = (files: readonly ImportedFile[]): Reading =>
  files.length <= FEW && files.every((file) => 'bytes' in file && isPlain(file.bytes))
    ? readingHere(files)
    : readingAside(files);

const readingHere = (files: readonly ImportedFile[]): Reading => ({
  count: () => countUnits(files),
  read: async function* (from, measure) {
    for await (const batch of readFiles(files, from, judgeOf(measure))) yield [() => batch];
  },
  end: () => {},
});

function readingAside(files: readonly ImportedFile[]): Reading {
  const thread = startThread(SOURCE);
  const inbox = answersOf(thread);
  const order = (what: Order) => thread.postMessage(what);
  return {
    count: async () => {
      order({ order: 'count', files });
      const answer = await inbox.next();
      if (!('units' in answer)) throw new Error('unexpected answer');
      return answer.units;
    },
    read: async function* (from, measure) {
      order({ order: 'read', files, from, measure });
      let arrived: Arrived[] = [];
      for (let answer = await inbox.next(); 'packed' in answer; answer = await inbox.next()) {
        order({ order: 'more' });
        const { packed } = answer;
        arrived.push(() => unpacked(packed));
        if (arrived.length < TOGETHER && inbox.holdsBatch()) continue;
        yield arrived;
        arrived = [];
      }
    },
    end: () => void thread.terminate(),
  };
}

function unpacked({ batch: json, bytes, sizes }: Packed): Batch {
  const batch = JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString()) as Batch;
  let at = 0;
  let index = 0;
  for (const piece of batch.pieces) {
    for (const leaf of piece.certificates) {
      const size = sizes[index++]!;
      leaf.der = bytes.subarray(at, at + size);
      at += size;
    }
  }
  return batch;
}

/** The thread's answers, one at a time. A failure it names is for people; anything else is a bug. */
function answersOf(thread: Worker): { next: () => Promise<Answer>; holdsBatch: () => boolean } {
  const queue: (Answer | Error)[] = [];
  let wake: (() => void) | null = null;
  const put = (answer: Answer | Error) => {
    queue.push(answer);
    wake?.();
  };
  thread.on('message', put);
  thread.on('error', (error) => put(outOfMemory(error) ? new ContainerError(TOO_HEAVY) : error));
  thread.on('exit', () => put(new Error('the reading thread ended')));
  return {
    holdsBatch: () => queue.length > 0 && 'packed' in queue[0]!,
    next: async () => {
      if (!queue.length) await arrival((resolve) => (wake = resolve));
      const answer = queue.shift()!;
      if (answer instanceof Error) throw answer;
      if ('failure' in answer) throw new ContainerError(answer.failure);
      if ('bug' in answer) throw new Error(answer.bug);
      return answer;
    },
  };
}

function arrival(listen: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ContainerError(TOO_SLOW)), SILENCE_MS);
    listen(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
