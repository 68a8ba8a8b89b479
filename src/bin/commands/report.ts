// siaga report make|recompute: reports from the command line, through the same doors as the web.
import { writeFileSync } from 'node:fs';
import * as reports from '#lib/server/reports/index.ts';
import { emit, fromCaller, note, openContext, parse, UsageError, type Command, type ExitCode } from '../cli.ts';

const KINDS = [...reports.KINDS, 'brief'] as const;

export const command: Command = {
  help: `membuat laporan dan menghitung ulang angkanya

siaga report make KIND PERIOD [--out FILE] [--reason ALASAN] [--data DIR] [--json]
siaga report recompute ID [--data DIR] [--json]

KIND    ${KINDS.join(', ')}
PERIOD  2026 atau 2026-S1 (brief: keadaan sekarang, periode diabaikan)
ID      nomor laporan (LBK-2026-0001) atau kuncinya

make menyimpan draf; persetujuan dilakukan orang kedua lewat web. recompute selesai dengan 1 bila ada perbedaan.`,
  run,
};

async function run(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    out: { type: 'string' },
    reason: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [what, ...rest] = positionals;
  if (what === 'make' && rest.length >= 1 && rest.length <= 2) return make(rest[0]!, rest[1] ?? '', values);
  if (what === 'recompute' && rest.length === 1) return recompute(rest[0]!, values);
  throw new UsageError('Tulis: report make KIND PERIOD, atau report recompute ID.');
}

type Options = { out?: string; reason?: string; data?: string; json?: boolean };

async function make(kind: string, period: string, options: Options): Promise<ExitCode> {
  const known = KINDS.find((k) => k === kind);
  if (!known) throw new UsageError(`KIND tidak dikenal: ${kind}. Pilih ${KINDS.join(', ')}.`);
  if (known !== 'brief' && !/^\d{4}(-S[12])?$/.test(period)) throw new UsageError('PERIOD ditulis 2026 atau 2026-S1.');
  const ctx = openContext(options.data);
  if (known === 'brief') {
    const { bytes, name } = await reports.brief(ctx);
    save(options.out ?? name, bytes);
    if (options.json) emit({ kind, file: options.out ?? name, size: bytes.length });
    return 0;
  }
  const row = await reports.make(ctx, known, { period, ...(options.reason ? { reason: options.reason } : {}) });
  const { bytes } = reports.pdf(ctx, row.id);
  if (options.out) save(options.out, bytes);
  if (options.json)
    emit({
      id: row.id,
      number: row.number,
      kind,
      period,
      version: row.version,
      state: row.state,
      contentHash: row.contentHash,
      differences: row.differences,
    });
  else note(`${row.number} versi ${row.version}: draf siap, hitung ulang ${row.differences} perbedaan.`);
  return 0;
}

function save(name: string, bytes: Buffer): void {
  writeFileSync(fromCaller(name), bytes);
  note(`${name}: ${bytes.length} bita`);
}

function recompute(id: string, options: Options): ExitCode {
  const differences = reports.recompute(openContext(options.data), id);
  for (const difference of differences) {
    if (options.json) emit(difference);
    else
      note(
        `${difference.code || 'berkas baris'}: ${difference.what}, tersimpan ${difference.stored}, terhitung ${difference.computed}`,
      );
  }
  note(`${differences.length} perbedaan`);
  return differences.length ? 1 : 0;
}
