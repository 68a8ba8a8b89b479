// `status --batch`: one JSON request a line in, one JSON answer a line out, in order, however many. A bad line is answered
// and the batch goes on. Memory is bounded: a line at a time, and what `Material` keeps of files.
import { once } from 'node:events';
import { isKeyPasted } from '#lib/server/containers/index.ts';
import { keyRefused } from '#lib/terms.ts';
import { sentenceOf, UsageError, type ExitCode } from '../cli.ts';
import { judge } from './judge.ts';
import { Material } from './material.ts';
import { requestOf } from './request.ts';

/** A longer line is no request. */
const LINE_BYTES = 4 * 2 ** 20;

export async function batch(input: AsyncIterable<Buffer>, fail: boolean): Promise<ExitCode> {
  const material = new Material();
  let code: ExitCode = 0;
  let at = 0;
  for await (const line of lines(input)) {
    at += 1;
    if (line?.trim() === '') continue;
    const { answer, refused } = await answered({ line, at }, material, fail);
    if (refused) code = 1;
    if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, 'drain');
  }
  return code;
}

/** @param at the line's number, from 1 */
async function answered({ line, at }: { line: string | null; at: number }, material: Material, failAll: boolean) {
  let id: unknown = null;
  try {
    const { id: given, ...rest } = objectOf(line);
    id = given ?? null;
    const request = requestOf(rest);
    const { verdict } = await judge(request, material);
    return {
      answer: { id, ...verdict },
      refused: (failAll || request.fail) && verdict.decision !== 'accepted',
    };
  } catch (error) {
    const where = error instanceof UsageError ? `Baris ${at}: ` : '';
    return { answer: { id, error: `${where}${sentenceOf(error)}` }, refused: true };
  }
}

function objectOf(line: string | null): Record<string, unknown> {
  if (line === null) throw new UsageError(`lebih panjang dari ${LINE_BYTES / 2 ** 20} MB.`);
  if (isKeyPasted(line)) throw new UsageError(keyRefused.field);
  try {
    const value: unknown = JSON.parse(line);
    if (value && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, in our words.
  }
  throw new UsageError('bukan objek JSON.');
}

const NEWLINE = 0x0a;

/** The lines of a stream of bytes; null for one that is too long. The last needs no line end. */
export async function* lines(input: AsyncIterable<Buffer>, most = LINE_BYTES): AsyncGenerator<string | null> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (part: Buffer) => {
    size += part.length;
    if (size > most) parts = [];
    else parts.push(part);
  };
  const finish = (): string | null => {
    const line = size > most ? null : Buffer.concat(parts).toString('utf8');
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of input) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, to));
      yield finish();
      from = to + 1;
    }
    take(chunk.subarray(from));
  }
  if (size > 0) yield finish();
}
