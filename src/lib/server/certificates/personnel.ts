// The personnel list: nama, NIP, jabatan, Perangkat Daerah, surel, status and since when. Identity is the NIP; without
// one, the bare name within the agency. A move is a dated position and the certificates follow; who leaves keeps the
// certificates under the last agency. An empty cell never erases what is known.
import { number } from '#lib/format.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { addDays, wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import { withoutNik } from '../nik.ts';
import * as people from './holder-store.ts';
import {
  findAgency,
  NOTHING,
  repeats,
  TAKEN_UP,
  verdictOf,
  type Absent,
  type Judged,
  type Plan,
  type Written,
} from './import-plan.ts';
import { isTaken, type Choice } from './contested.ts';
import { personCells } from './download-cells.ts';
import { addAlias } from './match-store.ts';
import { nameKey } from './names.ts';
import { findPerson, strangerUnder } from './person-identity.ts';
import { personKey, readPerson, type Read, type SaidPerson } from './person-row.ts';
import { returned } from './returned-sheet.ts';
import type { Change, SheetRow } from './sheet.ts';
import * as words from './sheet-word-store.ts';
import { explainedRemarks, unknownWords } from './sheet-words.ts';
import * as store from './store.ts';

type Run = {
  id: string;
  number: string;
  /** Whether its dates begin posts; else they tell since when somebody is no longer on duty. */
  datesPosts: boolean;
};
type Found = { judged: Judged; said: SaidPerson | null; known: people.HolderRow | null };

export function personnelPlan(ctx: Context, run: Run, rows: readonly SheetRow[]): Plan {
  const today = wibDate(ctx.now());
  const find = findAgency(ctx);
  const back = returned(ctx, 'personnel', rows);
  const explained = words.explained(ctx.db);
  const reads = back.rows.map((row) => readPerson(row, find, today, explained));
  const unclear = unclearRows(reads, rows);
  const names = new Map(agencies.list(ctx).map(({ id, name }) => [id, name]));
  const judge = (at: Context, i: number, choice: Choice): Found => {
    const found = judgeRow(at, reads[i]!, rows[i]!, unclear.get(i), names);
    const { known } = found;
    const judged = { ...found.judged, unknownWords: unknownWords(back.rows[i]!.values, explained) };
    if (!known) return { ...found, judged };
    const cells = () => cellsOf(at, known, names);
    // What nobody touched in the sheet may say what was.
    const about = back.isTouchedOnly(i) ? [cells().nip, cells().agency].filter(Boolean).join(', ') : judged.about;
    return { ...found, judged: back.weigh({ ...judged, about }, i, cells, choice) };
  };
  return {
    rows,
    judge: (at, i, choice) => judge(at, i, choice).judged,
    write: (tx, i, choice) => {
      const found = judge(tx, i, choice);
      return { judged: found.judged, entry: write(tx, run, found) };
    },
    absent: (at, seen) => absent(at, reads, seen),
    remarks: [...back.remarks, ...explainedRemarks(back.rows, explained), ...undated(run, reads)],
  };
}

/** The day of a status beside somebody who serves is told once, not row by row. */
function undated({ datesPosts }: Run, reads: readonly Read<SaidPerson>[]): string[] {
  const rows = reads.filter((read) => 'said' in read && read.said.since !== null && isServing(read.said)).length;
  return datesPosts || !rows
    ? []
    : [
        `${number(rows)} baris bertanggal status tanpa menyebut orangnya berhenti: tanggal status bukan mulai jabatan, jadi tidak dipakai; jabatan yang baru dicatat sejak hari impor.`,
      ];
}
const isServing = ({ status }: SaidPerson): boolean => status === 'active' || status === '';

/** Rows that repeat a person, and rows without NIP whose name and agency another row bears too. */
function unclearRows(reads: readonly Read<SaidPerson>[], rows: readonly SheetRow[]): Map<number, string> {
  const said = reads.map((read) => ('said' in read ? read.said : null));
  const found = repeats(
    said.map((one) => one && personKey(one)),
    rows,
    (a, b) => JSON.stringify({ ...said[a], id: '' }) === JSON.stringify({ ...said[b], id: '' }),
  );
  const named = new Map<string, number>();
  said.forEach((one, i) => one?.nip && named.set(personKey({ ...one, id: '', nip: '' }), rows[i]!.line));
  said.forEach((one, i) => {
    const line = one && !one.nip && !one.id ? named.get(personKey(one)) : undefined;
    if (line !== undefined)
      found.set(i, `Nama ini juga ada di baris ${line}; tanpa NIP keduanya tidak dapat dibedakan.`);
  });
  return found;
}

/** As it was understood, not as it was written: who approves must see which agency "Disdik" became. */
function aboutOf(read: Read<SaidPerson>, row: SheetRow, names: ReadonlyMap<string, string>): string {
  const said = 'said' in read ? read.said : null;
  const agency = (said?.agencyId && names.get(said.agencyId)) ?? row.values.agency;
  return [said ? said.nip : withoutNik(row.values.nip ?? ''), agency].filter(Boolean).join(', ');
}

const cellsOf = (ctx: Context, known: people.HolderRow, names: ReadonlyMap<string, string>) => {
  const last = people.lastPosition(ctx.db, known.id);
  return personCells({
    ...known,
    position: last?.title ?? null,
    agencyName: (last && names.get(last.agencyId)) ?? null,
  });
};

function judgeRow(
  ctx: Context,
  read: Read<SaidPerson>,
  row: SheetRow,
  unclear: string | undefined,
  names: ReadonlyMap<string, string>,
): Found {
  const judged: Judged = {
    verdict: 'rejected',
    name: row.values.name ?? withoutNik(row.values.nip ?? row.values.id ?? '(tanpa nama)'),
    about: aboutOf(read, row, names),
    reason: null,
    notes: [...read.notes],
    changes: [],
    unknownAgency: 'said' in read ? read.said.unknownAgency : (row.values.agency ?? null),
    unknownWords: [],
    targetId: null,
  };
  if ('refused' in read) {
    // Asked only where an answer would help.
    const asked = read.refused.includes('Perangkat Daerahnya') ? judged.unknownAgency : null;
    const notes = asked ? judged.notes.filter((note) => !note.includes('daftar Perangkat Daerah')) : judged.notes;
    return { judged: { ...judged, notes, reason: read.refused, unknownAgency: asked }, said: null, known: null };
  }
  const { said } = read;
  const known = findPerson(ctx, said);
  if (known === 'none') {
    const reason = 'ID Siaga ini tidak dikenal; barisnya mungkin dari impor yang sudah dibatalkan.';
    return { judged: { ...judged, reason }, said: null, known: null };
  }
  if (unclear) {
    const verdict = unclear.startsWith('Sama') ? 'same' : 'rejected';
    return { judged: { ...judged, verdict, reason: unclear, targetId: known?.id ?? null }, said: null, known: null };
  }
  if (!known || known.archivedAt !== null) {
    const changes = entering(said);
    const notes = known ? [...judged.notes, TAKEN_UP] : judged.notes;
    return { judged: { ...judged, verdict: 'added', changes, notes, targetId: known?.id ?? null }, said, known };
  }
  const stranger = strangerUnder(ctx, known, said);
  if (stranger) return { judged: { ...judged, reason: stranger, targetId: known.id }, said: null, known: null };
  const told = returning(known, said);
  const changes = changesOf(ctx, known, told, judged.notes);
  return { judged: { ...judged, verdict: verdictOf(changes), changes, targetId: known.id }, said: told, known };
}

/** The day on which somebody left, still standing in the row, is not the day on which they came back. */
const returning = (known: people.HolderRow, said: SaidPerson): SaidPerson =>
  said.status === 'active' && known.status !== 'active' && said.since === known.statusSince
    ? { ...said, since: null }
    : said;

/** What a new person is entered with besides NIP and agency. */
function entering(said: SaidPerson): Change[] {
  const { position, email, status, since } = said;
  const left = status === 'active' ? {} : { status, since: since ?? '' };
  return Object.entries({ position, email, ...left }).flatMap(([field, to]) =>
    to ? [{ field: field as Change['field'], from: '', to }] : [],
  );
}

/** What the row says otherwise than the record; raw values. */
function changesOf(ctx: Context, known: people.HolderRow, said: SaidPerson, notes: string[]): Change[] {
  const changes: Change[] = [];
  const compare = (field: Change['field'], from: string | null, to: string | null) => {
    if (to && to !== (from ?? '')) changes.push({ field, from: from ?? '', to });
  };
  compare('name', known.name, spelledBetter(known.name, said));
  compare('titleBefore', known.titleBefore, titled(known.titleBefore, said.titleBefore, said));
  compare('titleAfter', known.titleAfter, titled(known.titleAfter, said.titleAfter, said));
  const owner = said.nip && said.nip !== known.nip ? people.byNip(ctx.db, said.nip) : undefined;
  if (owner) notes.push(`Kolom NIP: NIP ini milik ${owner.name}; tidak diubah.`);
  else compare('nip', known.nip, said.nip);
  compare('email', known.email, said.email);
  compare('status', known.status, said.status);
  const status = said.status || known.status;
  if (status !== 'active') {
    compare('since', known.statusSince, said.since);
    const last = said.position && known.status !== 'active' ? people.lastPosition(ctx.db, known.id) : undefined;
    if (last && last.title !== said.position)
      notes.push(
        `Kolom Jabatan: orangnya tidak lagi bertugas; jabatan terakhirnya (${last.title || 'kosong'}) dibiarkan.`,
      );
    return changes;
  }
  const current = people.currentPosition(ctx.db, known.id);
  const moved = said.agencyId !== null && said.agencyId !== current?.agencyId;
  compare('agency', current?.agencyId ?? null, said.agencyId);
  // In another agency the old title does not go along.
  if (moved && !said.position && current?.title) changes.push({ field: 'position', from: current.title, to: '' });
  else if (current ?? said.agencyId) compare('position', current?.title ?? null, said.position);
  return changes;
}

/** "S.KOM." is no news of "S.Kom."; the other way round it is, and what was edited on purpose. */
const titled = (known: string, title: string, said: SaidPerson): string =>
  !said.id && letters(known) === letters(title) && known !== known.toUpperCase() ? known : title;
const letters = (text: string): string => text.toUpperCase().replace(/[^A-Z]/g, '');

/** Another spelling of the same name is news only when somebody edited it, or when it was known in capitals only. */
const spelledBetter = (known: string, said: SaidPerson): string =>
  !said.id && nameKey(known) === nameKey(said.name) && known !== known.toUpperCase() ? known : said.name;

function write(tx: Context, run: Run, { judged, said, known }: Found): Written {
  if (!said || judged.verdict === 'rejected') return NOTHING;
  if (judged.verdict === 'added') return { ...NOTHING, holderId: enter(tx, run, said, known) };
  const taken = judged.changes.filter(isTaken);
  if (taken.length) change(tx, run, known!, said, taken);
  return { ...NOTHING, holderId: known!.id };
}

const source = (run: Run): string => `daftar pegawai ${run.number}`;

/** A new person, or one that came back after a voided import. */
function enter(tx: Context, run: Run, said: SaidPerson, archived: people.HolderRow | null): string {
  const now = tx.now();
  const status = said.status || 'active';
  const facts = {
    kind: 'person' as const,
    name: said.name,
    titleBefore: said.titleBefore,
    titleAfter: said.titleAfter,
    nip: said.nip || null,
    email: said.email || null,
    status,
    statusSince: status === 'active' ? null : (said.since ?? wibDate(now)),
    importId: run.id,
  };
  const id = archived?.id ?? people.insert(tx.db, facts, now);
  if (archived) people.update(tx.db, id, { ...facts, archivedAt: null });
  if (said.agencyId) {
    place(tx, run, id, {
      agencyId: said.agencyId,
      title: said.position,
      since: facts.statusSince ?? postDay(run, said),
    });
    // Known only as somebody who has left: the last agency stays on record, until the day of leaving.
    const current = facts.statusSince ? people.currentPosition(tx.db, id) : undefined;
    if (current) people.endPositions(tx.db, id, current.from);
  }
  return id;
}

function change(tx: Context, run: Run, known: people.HolderRow, said: SaidPerson, changes: readonly Change[]): void {
  const now = tx.now();
  const today = wibDate(now);
  const to = new Map(changes.map(({ field, to: value }) => [field, value]));
  const values: Partial<people.NewHolder> = {};
  for (const field of ['name', 'titleBefore', 'titleAfter', 'nip', 'email'] as const) {
    const value = to.get(field);
    if (value !== undefined) values[field] = value;
  }
  const status = to.get('status') as people.HolderRow['status'] | undefined;
  if (status) Object.assign(values, { status, statusSince: said.since ?? today });
  else if (to.has('since')) values.statusSince = said.since;
  // Certificates were issued to the name borne until now.
  if (values.name && nameKey(values.name) !== known.nameKey) {
    addAlias(tx.db, { holderId: known.id, name: known.name, by: audit.actorKey(tx.actor), now });
  }
  if (Object.keys(values).length) people.update(tx.db, known.id, values);
  if (status && status !== 'active') {
    const current = people.currentPosition(tx.db, known.id);
    const left = said.since ?? today;
    if (current) people.endPositions(tx.db, known.id, left > current.from ? left : current.from);
  }
  if (!to.has('agency') && !to.has('position')) return;
  const current = people.currentPosition(tx.db, known.id);
  const agencyId = said.agencyId ?? current?.agencyId;
  if (agencyId) place(tx, run, known.id, { agencyId, title: said.position, since: postDay(run, said) });
}

/** The day of a status is never the start of a post. */
const postDay = ({ datesPosts }: Run, { since }: SaidPerson): string | null => (datesPosts ? since : null);

/** A position from the day told, else today; the certificates follow to another agency. */
function place(
  tx: Context,
  run: Run,
  holderId: string,
  to: { agencyId: string; title: string; since: string | null },
): void {
  const now = tx.now();
  const current = people.currentPosition(tx.db, holderId);
  const from = to.since && (!current || to.since > current.from) ? to.since : wibDate(now);
  const before = addDays(from, -1);
  people.move(tx.db, holderId, {
    agencyId: to.agencyId,
    title: to.title,
    from,
    source: source(run),
    importId: run.id,
    now,
    lastDay: current && current.from > before ? current.from : before,
  });
  if (!current && !people.hasCertificates(tx.db, holderId)) return;
  if (current?.agencyId === to.agencyId) return;
  for (const row of store.byHolder(tx.db, holderId)) {
    if (row.agencyId === to.agencyId || row.archivedAt !== null) continue;
    const why = `${current ? 'Pindah tugas' : 'Jabatan'} menurut ${source(run)}`;
    const act = { from: now, why, by: audit.actorKey(tx.actor), now, importId: run.id };
    store.setOwner(tx.db, row.id, { holderId, agencyId: to.agencyId }, act);
  }
}

/** People on duty in the agencies of the list whom it does not name. A sheet that came back for editing names a choice. */
function absent(ctx: Context, reads: readonly Read<SaidPerson>[], seen: ReadonlySet<string>): Absent[] {
  const said = reads.flatMap((read) => ('said' in read ? [read.said] : []));
  if (said.some((one) => one.id)) return [];
  const ids = [...new Set(said.flatMap((one) => (one.agencyId ? [one.agencyId] : [])))];
  return people
    .onDuty(ctx.db, ids)
    .filter((row) => !seen.has(row.id))
    .map((row) => ({ targetId: row.id, name: row.name, about: [row.nip, row.agencyName].filter(Boolean).join(', ') }));
}
