// Lists (XLSX, CSV, the personnel list) on the command line: what the web shows before anything is written, shown here; then
// accepted, or dropped. The difference is the preview's own, so that both can only say the same.
import { createInterface } from 'node:readline/promises';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { number } from '#lib/format.ts';
import { importKinds, importNotes, importResults } from '#lib/terms.ts';
import { emit, note, printable } from '../cli.ts';

/** What is done when the difference was shown: only shown, written, or a person is asked. */
export type Consent = 'show' | 'write' | 'ask';
type Preview = NonNullable<ReturnType<typeof certificates.sheetPreview>>;
type Given = {
  name: string;
  bytes: Uint8Array;
  personnel: boolean;
  agencyId: string | null;
  /** Where somebody changed in Siaga what the sheet changes too, since it was downloaded: the sheet's value counts. */
  overwrite: boolean;
};

/** What became of a list: its run, and why none of its rows could be taken, which is then its only entry. */
export type ListResult = certificates.ImportResult & { refused?: string };

/** @returns the run: done, failed, or voided when it was only looked at */
export async function importList(
  ctx: Context,
  { personnel, overwrite, ...file }: Given,
  by: { consent: Consent; json: boolean },
): Promise<ListResult> {
  const kind = personnel ? 'personnel' : 'certificate_sheet';
  const looked = await certificates.lookAtSheet(ctx, { ...file, kind });
  if (looked.state !== 'preview') return looked;
  const names = auth.names(ctx);
  const contests = certificates.sheetPreview(ctx, looked.id, { limit: 1 })!.counts.contested;
  if (overwrite && contests) certificates.chooseContested(ctx, looked.id, { take: true, seq: null });
  const preview = certificates.sheetPreview(ctx, looked.id, { limit: Number.MAX_SAFE_INTEGER - 1, names })!;
  const absent = certificates.sheetRows(ctx, looked.id, { shown: 'absent' });
  const read = certificates.importRun(ctx, looked.id, { limit: 1 }).kind;
  const { added, completed, changed, contested, same } = preview.counts;
  const enters = added + completed + changed + contested;
  // Nobody is there who could say that it is what it was called.
  const mistaken = preview.better !== null && by.consent === 'write';
  const may = preview.lack === null && enters + same > 0 && !mistaken;
  if (by.consent !== 'write' || !may)
    show(file.name, read, preview, absent, { json: by.json, most: by.consent === 'ask' ? FEW : ALL });
  if (may && (by.consent === 'write' || (by.consent === 'ask' && (await agreed(enters)))))
    return certificates.writeSheet(ctx, looked.id);
  certificates.cancelSheet(ctx, looked.id);
  note(`${file.name}: tidak ada yang ditulis ke catatan.`);
  const dropped = { ...looked, state: 'voided' as const };
  if (may) return dropped;
  const refused = mistaken
    ? `${preview.better!.said} ${OTHERWISE}`
    : preview.lack
      ? `${preview.lack} ${HEADED}`
      : NO_ROW;
  return { ...dropped, state: by.consent === 'show' ? 'voided' : 'failed', refused };
}

const OTHERWISE = 'Jalankan tanpa --personnel.';
const HEADED = 'Beri judul kolomnya, atau impor di halaman Impor: di sana baris judulnya dapat dipilih.';
const NO_ROW = 'Tidak ada baris yang dapat masuk; perbaiki yang ditolak, lalu impor lagi.';

const FEW = 40;
const ALL = Infinity;
const ORDER = ['added', 'completed', 'changed', 'contested', 'same', 'rejected', 'absent'] as const;

function show(
  file: string,
  kind: certificates.ImportKind,
  preview: Preview,
  absent: Preview['rows'],
  { json, most }: { json: boolean; most: number },
): void {
  const { counts, noted, sheet, headingRow, unknown, unknownWords, turnedOff, better, isExtract } = preview;
  const remarks = better ? [`${better.said} ${OTHERWISE}`, ...preview.remarks] : preview.remarks;
  if (json) {
    for (const row of [...preview.rows, ...absent]) emit(described(file, row));
    const agencies = unknown.map(({ text, rows, likely }) => ({ text, rows, likely: likely.map(({ code }) => code) }));
    emit({
      preview: {
        file,
        kind,
        sheet,
        headingRow,
        ...counts,
        extract: isExtract,
        notes: noted,
        remarks,
        unknownAgencies: agencies,
        unknownWords: unknownWords.map(({ field, texts, rows }) => ({ field, texts, rows })),
        turnedOff: turnedOff.map(({ heading, as }) => ({ heading, as })),
      },
    });
    return;
  }
  const say = (text: string) => process.stdout.write(`${printable(text)}\n`);
  const where = [sheet && `lembar ${sheet}`, headingRow && `baris judul ${headingRow}`].filter(Boolean).join(', ');
  say(`${file} (${importKinds[kind].toLowerCase()}${where ? `, ${where}` : ''})`);
  for (const remark of remarks) say(`  ${remark}`);
  for (const { heading } of turnedOff)
    say(`  Kolom ${heading} diabaikan, seperti terakhir kali. Pakai lagi di halaman Impor bila perlu.`);
  // A row that says what is on record may still hold what could not be read.
  const gone = isExtract ? [] : absent;
  const differing = [...preview.rows.filter((row) => row.verdict !== 'same' || row.notes.length), ...gone];
  for (const row of differing.slice(0, most)) say(`  ${inWords(row)}`);
  if (differing.length > most)
    say(`  … dan ${number(differing.length - most)} baris lagi; semuanya terlihat dengan --dry-run.`);
  for (const { text, rows, likely } of unknown)
    say(
      `  Perangkat Daerah belum dikenal: ${text} (${number(rows)} baris${likely[0] ? `; mungkin ${likely[0].name}` : ''}). Jelaskan di halaman Impor bila perlu.`,
    );
  for (const { column, texts, rows, meanings } of unknownWords)
    say(
      `  Kata belum dikenal pada kolom ${column}: ${texts[0]} (${number(rows)} baris). Tulis ${Object.values(meanings).join(', ')}; atau jelaskan sekali di halaman Impor.`,
    );
  if (isExtract)
    say(`  Daftar ini menyebut sebagian saja; ${number(absent.length)} lainnya yang tercatat terlihat dengan --json.`);
  const told = ORDER.filter((one) => (one === 'contested' ? counts[one] : one === 'absent' ? !isExtract : true));
  const some = noted ? `; ${importNotes.word.toLowerCase()} ${number(noted)}` : '';
  say(`  ${told.map((one) => `${importResults[one].word} ${number(counts[one])}`).join(', ')}${some}.`);
}

const described = (
  file: string,
  { line, name, about, verdict, changes, enters, reason, notes }: Preview['rows'][number],
) => ({
  file,
  ...(line === null ? {} : { line }),
  row: name,
  verdict,
  about,
  ...(changes.length ? { changes } : {}),
  ...(enters.length ? { enters } : {}),
  ...(reason ? { reason } : {}),
  ...(notes.length ? { notes } : {}),
});

function inWords({ line, name, about, verdict, changes, enters, reason, notes }: Preview['rows'][number]): string {
  const changed = changes.map(certificates.changeText);
  const said = [about, ...enters, ...changed, reason, ...notes].filter(Boolean).join('; ');
  return `${importResults[verdict].word.padEnd(12)} ${line === null ? '' : `baris ${line}: `}${name}${said ? ` (${said})` : ''}`;
}

/** Anything but a clear yes is no; so is the end of what can be read. */
async function agreed(rows: number): Promise<boolean> {
  const talk = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => talk.once('close', () => resolve('')));
  const question = rows ? `Tulis ${number(rows)} baris ke Siaga?` : 'Catat bahwa tidak ada yang berubah?';
  const answer = await Promise.race([talk.question(`${question} [ya/tidak] `).catch(() => ''), closed]);
  talk.close();
  return /^y(a|es)?$/i.test(answer.trim());
}
