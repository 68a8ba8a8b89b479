// siaga import: files and folders into the register, one line per entry, the totals last.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { emit, fromCaller, openContext, parse, UsageError, type Command, type ExitCode } from '../cli.ts';

const OUTCOMES = ['added', 'completed', 'duplicate', 'no_certificate', 'unreadable', 'rejected'] as const;
type Found = { name: string; path: string };

export const command: Command = {
  help: `Mengimpor sertifikat (PEM, DER, P7B, ZIP, PDF bertanda tangan), daftar sertifikat (XLSX, CSV), atau daftar pegawai.

  siaga import PATH… [--agency KODE] [--personnel] [--data FOLDER] [--json]

  Folder ditelusuri. Satu baris untuk setiap entri: added, completed, duplicate, no_certificate, unreadable, rejected.
  Baris terakhir jumlahnya. --personnel: berkas adalah daftar pegawai. Status keluar 1 bila ada yang ditolak atau tidak terbaca.
  Pemilik ditetapkan langsung dari identitas (NIP, surel, nama host); nama saja menjadi usulan, yang menunggu orang di
  halaman Pencocokan. Sertifikat CA menjadi calon penerbit; kepercayaannya diputuskan di halaman Penerbit Tepercaya.`,
  run: async (args) => {
    const { values, positionals } = parse(args, {
      agency: { type: 'string' },
      personnel: { type: 'boolean' },
      data: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (!positionals.length) throw new UsageError('Sebutkan berkas atau folder yang diimpor.');
    const ctx = openContext(values.data);
    const agencyId = values.agency ? agencies.get(ctx, values.agency).id : null;
    const print = printer(values.json ?? false);
    const totals = new Map<string, number>();
    let unusable = false;
    let authorities = 0;
    const found = positionals.flatMap((name) => filesBelow(fromCaller(name)));
    for await (const result of importAll(ctx, found, { agencyId, personnel: values.personnel ?? false })) {
      const run = certificates.importRun(ctx, result.id, { limit: 1 });
      unusable ||= result.state === 'failed';
      authorities += run.authorities.open;
      for (const entry of certificates.importLedger(ctx, result.id)) {
        print.entry(entry);
        unusable ||= entry.outcome === 'rejected' || entry.outcome === 'unreadable';
      }
      for (const [key, count] of Object.entries(result.totals)) totals.set(key, (totals.get(key) ?? 0) + count);
    }
    print.totals(totals, certificates.matchCounts(ctx), authorities);
    return (unusable ? 1 : 0) satisfies ExitCode;
  },
};

/** A file, or all files below a folder, named from the folder on. */
function filesBelow(top: string, base = path.dirname(top)): Found[] {
  const stat = statSync(top, { throwIfNoEntry: false });
  if (!stat) throw new Error(`Tidak ada berkas atau folder ${top}.`);
  if (!stat.isDirectory()) return [{ name: path.relative(base, top), path: top }];
  return readdirSync(top, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() || entry.isFile() ? filesBelow(path.join(top, entry.name), base) : []));
}

/** Sheets are runs of their own, the rest goes in as one, read where it lies. */
async function* importAll(
  ctx: Context,
  found: readonly Found[],
  options: { agencyId: string | null; personnel: boolean },
): AsyncGenerator<certificates.ImportResult> {
  const isSheet = (file: Found) => options.personnel || /\.(xlsx|csv)$/i.test(file.name);
  for (const { name, path: place } of found.filter(isSheet)) {
    const sheet = { name, bytes: readFileSync(place) };
    yield options.personnel
      ? await certificates.importPersonnel(ctx, sheet)
      : await certificates.importFile(ctx, { ...sheet, agencyId: options.agencyId });
  }
  const files = found.filter((file) => !isSheet(file));
  if (!files.length) return;
  const name = files.length === 1 ? files[0]!.name : `${files.length} berkas`;
  yield await certificates.importFiles(ctx, { name, files, agencyId: options.agencyId });
}

type Entry = Pick<
  ReturnType<typeof certificates.importLedger>[number],
  'name' | 'outcome' | 'reason' | 'certificatesNew' | 'certificatesKnown'
>;

function printer(json: boolean) {
  return {
    entry: ({ name, outcome, reason, certificatesNew, certificatesKnown }: Entry) => {
      if (json)
        emit({ entry: name, outcome, new: certificatesNew, known: certificatesKnown, ...(reason ? { reason } : {}) });
      else process.stdout.write(`${outcome.padEnd(14)} ${name}${reason ? `: ${reason}` : ''}\n`);
    },
    /** The last line; before it what a person has to decide now, because a command accepts nothing. */
    totals: (totals: ReadonlyMap<string, number>, matching: certificates.MatchCounts, authorities: number) => {
      const { proposals, decisions } = matching;
      const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, totals.get(outcome) ?? 0]));
      const entries = Object.values(counts).reduce((sum, n) => sum + n, 0);
      const certificatesSeen = { new: totals.get('certificatesNew') ?? 0, known: totals.get('certificatesKnown') ?? 0 };
      if (json)
        emit({
          totals: { entries, ...counts },
          certificates: certificatesSeen,
          waiting: { proposals, decisions, authorities },
        });
      else {
        if (proposals + decisions)
          process.stdout.write(
            `Pemilik: ${proposals} usulan dapat diterima sekaligus dan ${decisions} perlu diputuskan di halaman Pencocokan (/matching).\n`,
          );
        if (authorities)
          process.stdout.write(
            `${authorities} sertifikat CA: calon penerbit, bukan sertifikat dalam daftar. Putuskan di halaman Penerbit Tepercaya (/trust).\n`,
          );
        const text = OUTCOMES.map((outcome) => `${outcome} ${counts[outcome]}`).join(', ');
        process.stdout.write(
          `${entries} entri: ${text}; sertifikat baru ${certificatesSeen.new}, sudah ada ${certificatesSeen.known}\n`,
        );
      }
    },
  };
}
