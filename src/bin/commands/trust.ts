// siaga trust: issuers the office knows. The command line proposes; accepting needs a person (--as) and the fingerprint.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as certificates from '#lib/server/certificates/index.ts';
import { openContainer } from '#lib/server/containers/index.ts';
import type { Context } from '#lib/server/context.ts';
import { emit, fromCaller, KEY_REFUSED, openContext, parse, UsageError, type Command, type ExitCode } from '../cli.ts';

export const command: Command = {
  help: `Penerbit (CA) yang dikenal dan keputusan kepercayaannya.

  siaga trust list [--data FOLDER] [--json]
  siaga trust add BERKAS… [--data FOLDER] [--json]

  add mengusulkan sertifikat CA di dalam berkas; dipercaya baru setelah administrator membandingkan sidik jari SHA-256
  di halaman Penerbit Tepercaya (/trust). Baris perintah tidak dapat memutuskannya.`,
  run: async (args) => {
    const { values, positionals } = parse(args, { data: { type: 'string' }, json: { type: 'boolean' } });
    const [act, ...names] = positionals;
    if (act === 'list' && !names.length) return list(openContext(values.data), values.json ?? false);
    if (act === 'add' && names.length) return add(openContext(values.data), names, values.json ?? false);
    throw new UsageError('Pakai: siaga trust list, atau siaga trust add BERKAS…');
  },
};

function list(ctx: Context, json: boolean): ExitCode {
  for (const row of certificates.authorities(ctx)) {
    const facts = {
      id: row.id,
      trust: row.trust,
      subject: row.subject,
      fingerprint: row.fingerprint,
      notAfter: new Date(row.notAfter).toISOString(),
      certificates: row.certificates,
    };
    if (json) emit(facts);
    else process.stdout.write(`${facts.trust.padEnd(10)} ${facts.fingerprint} ${facts.notAfter} ${facts.subject}\n`);
  }
  return 0;
}

async function add(ctx: Context, names: string[], json: boolean): Promise<ExitCode> {
  let refused = false;
  for (const name of names) {
    const file = fromCaller(name);
    const bytes = read(file);
    const entries = await openContainer({ name: path.basename(file), bytes });
    const key = entries.some((entry) => entry.kind === 'private_key');
    const found = key
      ? []
      : entries
          .flatMap((entry) => (entry.kind === 'certificate' ? (entry.ders ?? []) : []))
          .filter(certificates.isAuthority);
    refused ||= found.length === 0;
    if (!found.length) {
      const reason = key ? KEY_REFUSED : 'tidak berisi sertifikat CA';
      say(json, { file: name, outcome: 'rejected', reason });
    }
    for (const der of found) {
      const { id, fingerprint } = certificates.proposeAuthority(ctx, {
        der,
        origin: `Baris perintah: ${path.basename(file)}`,
      });
      say(json, { file: name, outcome: 'proposed', id, fingerprint });
    }
  }
  return refused ? 1 : 0;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new Error(`Berkas ${file} tidak dapat dibaca.`);
  }
}

function say(json: boolean, value: Record<string, string>): void {
  if (json) emit(value);
  else process.stdout.write(`${Object.values(value).join(' ')}\n`);
}
