// The thread that reads an import: everything hostile and everything slow (archives, parsing, signatures) happens here.
// It sends batches ahead only as far as it was asked to, so that memory stays bounded.
import { parentPort } from 'node:worker_threads';
import { ContainerError } from '../containers/types.ts';
import {
  countUnits,
  judgeOf,
  readFiles,
  type Batch,
  type ImportedFile,
  type Measure,
  type Progress,
  type ReadLeaf,
} from './import-reading.ts';

export type Order =
  | { order: 'count'; files: readonly ImportedFile[] }
  | { order: 'read'; files: readonly ImportedFile[]; from: Progress; measure: Measure }
  | { order: 'more' };

/**
 * A batch on its way: JSON, which costs half of what a structured clone of as many small objects does. It changes hands as
 * UTF-8, and so does the DER, one buffer that `sizes` cuts again: nothing of either is copied on the way.
 */
export type Packed = { batch: Uint8Array; bytes: Uint8Array; sizes: number[] };
export type Answer = { units: number } | { packed: Packed } | { end: true } | { failure: string } | { bug: string };

/** Batches: those of one transaction, and one more. */
const AHEAD = 9;
let credit = AHEAD;
let wake: (() => void) | null = null;

const say = (answer: Answer, moved: ArrayBuffer[] = []): void => parentPort!.postMessage(answer, moved);

async function obey(order: Exclude<Order, { order: 'more' }>): Promise<void> {
  if (order.order === 'count') return say({ units: await countUnits(order.files) });
  credit = AHEAD;
  for await (const batch of readFiles(order.files, order.from, judgeOf(order.measure))) {
    if (credit === 0) await new Promise<void>((resolve) => (wake = resolve));
    credit -= 1;
    const packed = pack(batch);
    say({ packed }, [packed.batch.buffer as ArrayBuffer, packed.bytes.buffer as ArrayBuffer]);
    // Lets `more` come in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  say({ end: true });
}

function pack(batch: Batch): Packed {
  const ders = batch.pieces.flatMap((piece) => piece.certificates.map((leaf) => leaf.der));
  const sizes = ders.map((der) => der.length);
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const der of ders) {
    bytes.set(der, at);
    at += der.length;
  }
  const without = ({ der: _, ...leaf }: ReadLeaf) => leaf;
  const pieces = batch.pieces.map((piece) => ({ ...piece, certificates: piece.certificates.map(without) }));
  return { batch: new TextEncoder().encode(JSON.stringify({ ...batch, pieces })), bytes, sizes };
}

parentPort!.on('message', (order: Order) => {
  if (order.order === 'more') {
    credit += 1;
    wake?.();
    wake = null;
    return;
  }
  obey(order).catch((error: unknown) => {
    if (error instanceof ContainerError) say({ failure: error.message });
    else say({ bug: (error as Error).stack ?? String(error) });
  });
});
