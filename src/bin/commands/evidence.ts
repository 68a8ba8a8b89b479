// siaga evidence: CRLs and OCSP responses carried by hand; the same rules as for fetched ones.
import { basename } from 'node:path';
import type { Context } from '#lib/server/context.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import {
  emit,
  openContext,
  parse,
  printable,
  readInput,
  UNREAD,
  UsageError,
  withReportForm,
  type Command,
} from '../cli.ts';

export const command: Command = {
  help: `Menambahkan CRL atau jawaban OCSP yang dibawa dengan tangan, mis. dari komputer lain ke ruang server tanpa Internet.

  siaga evidence add BERKAS… [--data FOLDER] [--json]

  DER, PEM, PKCS#7, atau ZIP berisi itu. Diperiksa dengan aturan yang sama seperti hasil unduhan. Satu baris untuk setiap
  objek: accepted (bukti baru), known (sudah dimiliki, dikonfirmasi lagi), atau refused dengan sebabnya. Berkas yang
  memuat kunci privat, juga di dalam PDF atau arsip, dan berkas terkunci yang tidak dapat diperiksa ditolak seluruhnya;
  tidak ada yang disimpan.

  Contoh: siaga evidence add bsre-ca-ds-g1.crl jawaban-ocsp.zip

  Status keluar: 0 semua diterima atau sudah dimiliki; 1 ada yang ditolak; 2 salah pakai; 3 tidak ada basis data.`,
  async run(args) {
    const { values, positionals } = parse(args, { data: { type: 'string' }, json: { type: 'boolean' } });
    const [verb, ...names] = positionals;
    if (verb !== 'add' || names.length === 0 || names.includes(''))
      throw new UsageError('Pakai: siaga evidence add BERKAS…');
    const ctx = openContext(values.data);
    let refused = false;
    for (const name of names) {
      for (const row of await add(ctx, name)) {
        refused ||= row.outcome === 'refused';
        if (values.json) emit(row);
        else process.stdout.write(`${printable(inWords(row))}\n`);
      }
    }
    return refused ? 1 : 0;
  },
};

type Row = {
  file: string;
  /** Within an archive or bundle. */
  entry?: string;
  outcome: 'accepted' | 'known' | 'refused';
  kind: 'crl' | 'ocsp' | null;
  reason: string;
  clause: string | null;
  evidenceIds: string[];
  /** Certificates whose status changed. */
  changed: number;
};

async function add(ctx: Context, file: string): Promise<Row[]> {
  const bytes = readInput(file, revocation.LARGEST_EVIDENCE);
  if (typeof bytes === 'string') {
    const nothing = { kind: null, clause: null, evidenceIds: [], changed: 0 };
    const reason = bytes === 'too_large' ? revocation.EVIDENCE_TOO_LARGE : `${UNREAD[bytes]}.`;
    return [{ file, outcome: 'refused', reason, ...nothing }];
  }
  const carried = await revocation.carryNow(ctx, { name: basename(file), bytes });
  return carried.map(({ name, accepted, known, text, ...rest }) => ({
    file,
    ...(carried.length > 1 ? { entry: name } : {}),
    outcome: known ? 'known' : accepted ? 'accepted' : 'refused',
    reason: withReportForm(text),
    ...rest,
  }));
}

const inWords = ({ file, entry, outcome, reason, clause, changed }: Row): string =>
  `${outcome.padEnd(9)} ${entry ?? file}: ${reason}${clause ? ` (${clause})` : ''}${changed ? ` ${changed} status berubah.` : ''}`;
