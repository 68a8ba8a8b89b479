// evidence add FILE…: CRLs and OCSP responses carried by hand; the same rules as for fetched ones.
import { readFileSync } from 'node:fs';
import * as revocation from '#lib/server/revocation/index.ts';
import { emit, fromCaller, note, openContext, parse, UsageError, type Command } from '../cli.ts';

export const command: Command = {
  help: `Menambahkan CRL atau jawaban OCSP yang dibawa dengan tangan.
  evidence add BERKAS… [--data DIR] [--json]`,
  async run(args) {
    const { values, positionals } = parse(args, { data: { type: 'string' }, json: { type: 'boolean' } });
    const [verb, ...names] = positionals;
    if (verb !== 'add' || names.length === 0) throw new UsageError(this.help);
    const ctx = openContext(values.data);
    let refused = false;
    for (const name of names) {
      const answer = await add(ctx, name);
      refused ||= !answer.accepted;
      if (values.json) emit(answer);
      else
        note(
          `${name}: ${answer.text}${answer.clause ? ` (${answer.clause})` : ''}${answer.changed ? ` ${answer.changed} status berubah.` : ''}`,
        );
    }
    return refused ? 1 : 0;
  },
};

async function add(ctx: ReturnType<typeof openContext>, name: string) {
  let bytes: Buffer;
  try {
    bytes = readFileSync(fromCaller(name));
  } catch {
    return {
      file: name,
      accepted: false,
      kind: null,
      text: 'Berkas tidak dapat dibaca.',
      clause: null,
      changed: 0,
      evidenceIds: [],
    };
  }
  const { name: _, ...rest } = await revocation.addEvidence(ctx, { name, bytes });
  return { file: name, ...rest };
}
