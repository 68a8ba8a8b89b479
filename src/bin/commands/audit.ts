// siaga audit verify | export --out DIR
import { createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as audit from '#lib/server/audit/index.ts';
import { emit, fromCaller, note, openContext, parse, UsageError, type Command } from '../cli.ts';

export const command: Command = {
  help: `Memeriksa dan mengekspor jejak audit.

  siaga audit verify [--data DIR] [--json]
      Menghitung ulang setiap entri dan akarnya. Status keluar 1 bila jejak rusak.
  siaga audit export --out DIR [--data DIR] [--json]
      Menulis leaves.jsonl, head.json, PERIKSA.txt, dan periksa.mjs ke folder baru atau kosong.`,
  async run(args) {
    const { values, positionals } = parse(args, {
      data: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [verb, ...rest] = positionals;
    if (rest.length || !['verify', 'export'].includes(verb ?? ''))
      throw new UsageError('Pakai: audit verify | audit export --out DIR');
    if (verb === 'verify') return verify(values.data, !!values.json);
    if (!values.out) throw new UsageError('Sebutkan folder tujuan: --out DIR');
    return exportTo(values.data, fromCaller(values.out), !!values.json);
  },
};

function verify(data: string | undefined, json: boolean): 0 | 1 {
  const result = audit.check(openContext(data));
  if (json) emit(result);
  else if (result.ok)
    note(`Utuh: ${result.size} entri, akar ${result.root}, ${result.erased} nilai pribadi sudah dihapus.`);
  else note(`Rusak: ${audit.faultOf(result)}.`);
  return result.ok ? 0 : 1;
}

async function exportTo(data: string | undefined, out: string, json: boolean): Promise<0> {
  if (existsSync(out) && readdirSync(out).length) throw new UsageError(`Folder ${out} tidak kosong.`);
  const { head, leaves } = audit.exportAll(openContext(data));
  mkdirSync(out, { recursive: true });
  const lines = function* () {
    for (const leaf of leaves()) yield `${leaf}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(path.join(out, 'leaves.jsonl')));
  writeFileSync(path.join(out, 'head.json'), `${JSON.stringify(head, null, 2)}\n`);
  writeFileSync(path.join(out, 'PERIKSA.txt'), audit.HOW_TO_CHECK);
  writeFileSync(path.join(out, 'periksa.mjs'), audit.CHECK_PROGRAM);
  if (json) emit({ ...head, out });
  else note(`${head.size} entri ditulis ke ${out}. Periksa dengan: node ${path.join(out, 'periksa.mjs')}`);
  return 0;
}
