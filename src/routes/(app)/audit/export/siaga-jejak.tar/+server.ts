import * as audit from '#lib/server/audit/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

const BLOCK = 512;

/** The same four files as `siaga audit export`, in one POSIX tar (ustar), streamed. */
export const GET: RequestHandler = ({ locals }) =>
  guarded(() => {
    const { head, leaves } = audit.exportAll(locals.ctx);
    // The header names the size before the content, so the leaves are measured first and read again: nothing is held.
    let size = 0;
    for (const leaf of leaves()) size += Buffer.byteLength(leaf) + 1;
    const chunks = (function* () {
      yield* small('PERIKSA.txt', audit.HOW_TO_CHECK);
      yield* small('periksa.mjs', audit.CHECK_PROGRAM);
      yield* small('head.json', `${JSON.stringify(head, null, 2)}\n`);
      yield header('leaves.jsonl', size);
      for (const leaf of leaves()) yield Buffer.from(`${leaf}\n`);
      yield Buffer.alloc(padding(size));
      yield Buffer.alloc(2 * BLOCK);
    })();
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        for (let filled = 0; filled < 65_536;) {
          const { value, done } = chunks.next();
          if (done) return controller.close();
          controller.enqueue(value);
          filled += value.length;
        }
      },
    });
    return new Response(body, {
      headers: {
        'content-type': 'application/x-tar',
        'content-disposition': `attachment; filename="siaga-jejak-${head.size}.tar"`,
      },
    });

    function* small(name: string, text: string): Generator<Buffer> {
      const bytes = Buffer.from(text, 'utf8');
      yield header(name, bytes.length);
      yield bytes;
      yield Buffer.alloc(padding(bytes.length));
    }
    function header(name: string, length: number): Buffer {
      const block = Buffer.alloc(BLOCK);
      const octal = (value: number, at: number, width: number) =>
        block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at);
      block.write(`siaga-jejak/${name}`, 0);
      octal(0o644, 100, 8);
      octal(0, 108, 8);
      octal(0, 116, 8);
      octal(length, 124, 12);
      octal(Math.floor(head.exportedAt / 1000), 136, 12);
      block.write(' '.repeat(8), 148);
      block.write('0ustar\u000000', 156);
      const sum = block.reduce((total, byte) => total + byte, 0);
      block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
      return block;
    }
  });

const padding = (length: number): number => (BLOCK - (length % BLOCK)) % BLOCK;
