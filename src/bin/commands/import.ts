// siaga import: files and folders into the register, one line per entry, the totals last.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { isSheetName } from '#lib/server/containers/index.ts';
import { importResults } from '#lib/terms.ts';
import {
  emit,
  fromCaller,
  note,
  openContext,
  parse,
  printable,
  UsageError,
  withReportForm,
  type Command,
} from '../cli.ts';
import { importList, type Consent } from '../import/lists.ts';

const OUTCOMES = ['added', 'completed', 'duplicate', 'no_certificate', 'unreadable', 'rejected'] as const;
type Found = { name: string; path: string };

export const command: Command = {
  help: `Mengimpor sertifikat (PEM, DER, P7B, ZIP, PDF bertanda tangan), daftar sertifikat (XLSX, CSV), atau daftar pegawai.

  siaga import PATH… [--agency KODE] [--personnel] [--dry-run | --yes] [--overwrite] [--data FOLDER] [--json]

  Folder ditelusuri. Satu baris untuk setiap entri: added, completed, duplicate, no_certificate, unreadable, rejected, dengan
  kata dari halaman Impor di belakangnya. Baris terakhir jumlahnya dan nomor impornya (IMP-…).
  Status keluar 1 bila ada yang ditolak atau tidak terbaca.
  Pemilik ditetapkan langsung dari identitas (NIP, surel, nama host); nama saja menjadi usulan, yang menunggu orang di
  halaman Pencocokan. Sertifikat CA menjadi calon penerbit; kepercayaannya diputuskan di halaman Penerbit Tepercaya.

  Daftar (XLSX, CSV, atau apa pun dengan --personnel, yaitu daftar pegawai) ditunjukkan dahulu bedanya dengan yang tercatat:
  Baru, Dilengkapi, Berubah, Diubah juga di Siaga, Sama, Ditolak, dan Tidak ada lagi di berkas (tidak pernah dihapus). Sesudah itu Siaga bertanya.
  --dry-run: hanya tunjukkan, semua baris yang berbeda atau bercatatan; tidak ada yang ditulis ke catatan. Berkas
  sertifikat di antaranya tidak diimpor; isinya terlihat dengan: siaga inspect.
  Sel yang diubah di berkas dan, sesudah berkas itu diunduh untuk disunting, juga di Siaga: yang di Siaga dibiarkan, dan
  barisnya disebut contested (Diubah juga di Siaga). --overwrite: isi berkas yang dipakai.
  --yes: tulis tanpa bertanya; begitu pula bila tidak ada terminal (tugas terjadwal).
  Dengan --json setiap baris beda menjadi {"file","line","row","verdict","about","changes"?,"enters"?,"reason"?,"notes"?},
  lalu {"preview":{…jumlah setiap hasil…}}.`,
  run: async (args) => {
    const { values, positionals } = parse(args, {
      agency: { type: 'string' },
      personnel: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      yes: { type: 'boolean' },
      overwrite: { type: 'boolean' },
      data: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (!positionals.length) throw new UsageError('Sebutkan berkas atau folder yang diimpor.');
    const found = positionals.flatMap((name) => filesBelow(fromCaller(name)));
    const { lists, files } = apart(found, values.personnel ?? false);
    const consent = consentOf(values, lists, files);
    const json = values.json ?? false;
    const ctx = openContext(values.data);
    const agencyId = values.agency ? agencies.get(ctx, values.agency).id : null;
    const print = printer(json);
    const totals = new Map<string, number>();
    const add = (key: string, count: number) => totals.set(key, (totals.get(key) ?? 0) + count);
    let unusable = false;
    let authorities = 0;
    const runs: string[] = [];
    const took = (result: certificates.ImportResult) => {
      unusable ||= result.state === 'failed';
      if (result.state === 'voided') return;
      runs.push(result.number);
      authorities += certificates.importRun(ctx, result.id, { limit: 1 }).authorities.open;
      for (const entry of certificates.importLedger(ctx, result.id)) {
        print.entry(entry);
        unusable ||= entry.outcome === 'rejected' || entry.outcome === 'unreadable' || entry.result === 'contested';
      }
      for (const [key, count] of Object.entries(result.totals)) add(key, count);
    };
    /** Every entry has one outcome, also a list of which no row could be read. */
    const refused = (name: string, reason: string) => {
      const none = { certificatesNew: 0, certificatesKnown: 0 };
      print.entry({ name, outcome: 'rejected', result: 'rejected', reason, ...none });
      add('rejected', 1);
      unusable = true;
    };
    for (const { name, path: place } of lists) {
      const list = { name, bytes: readFileSync(place), personnel: values.personnel ?? false, agencyId };
      const overwrite = values.overwrite ?? false;
      const result = await importList(ctx, { ...list, overwrite }, { consent, json });
      if (result.refused) refused(name, result.refused);
      else took(result);
    }
    if (files.length && consent === 'show') {
      const which = `${files[0]!.name}${files.length > 1 ? ', …' : ''}`;
      note(`${files.length} berkas bukan daftar (${which}) tidak diimpor; isinya terlihat dengan: siaga inspect.`);
    } else if (files.length) {
      const name = files.length === 1 ? files[0]!.name : `${files.length} berkas`;
      took(await certificates.importFiles(ctx, { name, files, agencyId }));
    }
    if (consent === 'show') return unusable ? 1 : 0;
    print.totals(totals, { ...certificates.matchCounts(ctx), authorities }, runs);
    return unusable ? 1 : 0;
  },
};

/** Lists change what is on record, so each is a run of its own that is looked at first; the rest goes in as one. */
function apart(found: readonly Found[], personnel: boolean): { lists: Found[]; files: Found[] } {
  const isList = (file: Found) => personnel || isSheetName(file.name);
  return { lists: found.filter(isList), files: found.filter((file) => !isList(file)) };
}

/** A scheduled task, at whose side nobody sits, is not asked: it was told to import. @throws UsageError before anything is done */
function consentOf(
  said: { yes?: boolean; 'dry-run'?: boolean },
  lists: readonly Found[],
  files: readonly Found[],
): Consent {
  if (said.yes && said['dry-run']) throw new UsageError('Pilih salah satu: --dry-run atau --yes.');
  if (said['dry-run'] && !lists.length)
    throw new UsageError(
      `--dry-run hanya untuk daftar (XLSX, CSV, --personnel). Isi ${files[0]?.name ?? 'berkas'} terlihat dengan: siaga inspect.`,
    );
  if (said['dry-run']) return 'show';
  return !said.yes && lists.length && process.stdin.isTTY && process.stderr.isTTY ? 'ask' : 'write';
}

/** A file, or all files below a folder, named from the folder on. */
function filesBelow(top: string, base = path.dirname(top)): Found[] {
  const stat = statSync(top, { throwIfNoEntry: false });
  if (!stat) throw new Error(`Tidak ada berkas atau folder ${top}.`);
  if (!stat.isDirectory()) return [{ name: path.relative(base, top), path: top }];
  return readdirSync(top, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() || entry.isFile() ? filesBelow(path.join(top, entry.name), base) : []));
}

type Entry = Pick<
  ReturnType<typeof certificates.importLedger>[number],
  'name' | 'outcome' | 'result' | 'reason' | 'certificatesNew' | 'certificatesKnown'
>;

function printer(json: boolean) {
  return {
    entry: ({ name, outcome, result, reason, certificatesNew, certificatesKnown }: Entry) => {
      const why = reason === null ? {} : { reason: withReportForm(reason) };
      // Of a list the preview's own word: what was completed and what was changed are one outcome.
      const verdict = result === outcome ? {} : { verdict: result };
      if (json) emit({ entry: name, outcome, ...verdict, new: certificatesNew, known: certificatesKnown, ...why });
      else
        process.stdout.write(
          printable(
            `${outcome.padEnd(14)} ${name} (${importResults[result].word})${why.reason ? `: ${why.reason}` : ''}`,
          ) + '\n',
        );
    },
    /** The last line; before it what a person has to decide now, because a command accepts nothing. */
    totals: (
      totals: ReadonlyMap<string, number>,
      { proposals, decisions, pending, authorities }: certificates.MatchCounts & { authorities: number },
      imports: readonly string[],
    ) => {
      const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, totals.get(outcome) ?? 0]));
      const entries = Object.values(counts).reduce((sum, n) => sum + n, 0);
      const certificatesSeen = { new: totals.get('certificatesNew') ?? 0, known: totals.get('certificatesKnown') ?? 0 };
      if (json)
        emit({
          totals: { entries, ...counts },
          certificates: certificatesSeen,
          waiting: { proposals, decisions, authorities, ...(pending ? { pending } : {}) },
          imports,
        });
      else {
        if (proposals + decisions)
          process.stdout.write(
            `Pemilik: ${proposals} usulan dapat diterima sekaligus dan ${decisions} perlu diputuskan di halaman Pencocokan (/matching).\n`,
          );
        if (pending) process.stdout.write(`${pending} sertifikat lain masih dicocokkan oleh tugas berkala.\n`);
        if (authorities)
          process.stdout.write(
            `${authorities} sertifikat CA: calon penerbit, bukan sertifikat dalam daftar. Putuskan di halaman Penerbit Tepercaya (/trust).\n`,
          );
        const text = OUTCOMES.map((outcome) => `${outcome} ${counts[outcome]}`).join(', ');
        const numbers = imports.length ? `; dicatat sebagai ${imports.join(', ')}` : '';
        process.stdout.write(
          `${entries} entri: ${text}; sertifikat baru ${certificatesSeen.new}, sudah ada ${certificatesSeen.known}${numbers}\n`,
        );
      }
    },
  };
}
