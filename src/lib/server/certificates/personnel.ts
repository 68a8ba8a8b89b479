// The personnel list: nama, NIP, jabatan, Perangkat Daerah, surel, status. Identity is the NIP; without one, the bare
// name within the agency. A row that cannot be read is rejected with its reason, the others go in.
import * as agencies from '../agencies/index.ts';
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as people from './holder-store.ts';
import type { NewEntry } from './import-store.ts';
import { nameKey, splitName } from './names.ts';
import { settlePerson } from './owners.ts';
import { cell, columnWords, readEmail, readHeadings, readHolderStatus, readNip, type Mapping } from './sheet.ts';
import { refreshSearch, byHolder } from './store.ts';

type Person = {
  name: string;
  titleBefore: string;
  titleAfter: string;
  nip: string | null;
  email: string | null;
  status: people.HolderRow['status'];
  agencyId: string | null;
  title: string;
};

/** The rows below the heading, each as a ledger entry writer; the caller runs them in chunks. */
export function personnelRows(ctx: Context, rows: readonly string[][], source: string) {
  const headings = readHeadings(rows, ['name', 'agency']);
  if (!headings) {
    throw invalid(
      'Baris judul tidak ditemukan. Daftar pegawai memerlukan paling sedikit kolom Nama dan Perangkat Daerah.',
    );
  }
  const find = agencies.find(ctx);
  const lines = rows
    .map((row, i) => ({ row, line: i + 1 }))
    .slice(headings.row + 1)
    .filter(({ row }) => row.some((text) => text.trim()));
  return {
    total: lines.length,
    columns: columnWords(headings.mapping),
    write: (tx: Context, index: number): NewEntry => {
      const { row, line } = lines[index]!;
      const entry = { seq: index + 1, sha256: null, certificatesNew: 0, certificatesKnown: 0, certificateId: null };
      const person = read(row, headings.mapping, find);
      if (typeof person === 'string') return { ...entry, name: `Baris ${line}`, outcome: 'rejected', reason: person };
      const outcome = upsert(tx, person, source);
      return { ...entry, name: `Baris ${line}: ${person.name}`, outcome, reason: null };
    },
  };
}

/** @returns the person, or why the row is refused */
function read(
  row: readonly string[],
  mapping: Mapping,
  find: (text: string) => agencies.Agency | null,
): Person | string {
  const get = (field: Parameters<typeof cell>[2]) => cell(row, mapping, field);
  const { name, titleBefore, titleAfter } = splitName(get('name'));
  if (!nameKey(name) || name.length > 160) return 'Nama kosong atau terlalu panjang.';
  const nip = readNip(get('nip'));
  if (nip === null) return 'NIP harus 18 angka.';
  const email = readEmail(get('email'));
  if (email === null) return 'Alamat surel tidak dapat dibaca.';
  const status = readHolderStatus(get('status'));
  if (status === null) return `Status "${get('status').slice(0, 40)}" tidak dikenal.`;
  const agency = find(get('agency'));
  if (!agency && status === 'active') return `Perangkat Daerah "${get('agency').slice(0, 80)}" tidak ada dalam daftar.`;
  return {
    name,
    titleBefore,
    titleAfter,
    nip: nip || null,
    email: email || null,
    status,
    agencyId: agency?.id ?? null,
    title: get('position').slice(0, 200),
  };
}

function upsert(tx: Context, person: Person, source: string): NewEntry['outcome'] {
  const now = tx.now();
  const known = find(tx, person);
  const { agencyId, title, ...facts } = person;
  const leaver = person.status !== 'active';
  if (!known) {
    const id = people.insert(tx.db, { kind: 'person', ...facts, statusSince: leaver ? wibDate(now) : null }, now);
    settlePerson(tx, id, { agencyId, title, leaver, source });
    return 'added';
  }
  const changes = changed(known, facts);
  if (known.status !== person.status) Object.assign(changes, { status: person.status, statusSince: wibDate(now) });
  if (Object.keys(changes).length) {
    people.update(tx.db, known.id, changes);
    refreshSearch(
      tx.db,
      byHolder(tx.db, known.id).map((row) => row.id),
    );
  }
  const moved = settlePerson(tx, known.id, { agencyId, title, leaver, source });
  return Object.keys(changes).length || moved ? 'completed' : 'duplicate';
}

/** By NIP; without one by bare name, when exactly one person of that name serves in the agency. */
function find(tx: Context, person: Person): people.HolderRow | undefined {
  if (person.nip) {
    const known = people.byNip(tx.db, person.nip);
    if (known) return known;
  }
  const same = people
    .byNameKey(tx.db, nameKey(person.name))
    .filter(
      (row) =>
        row.kind === 'person' &&
        (!person.nip || !row.nip) &&
        people.currentPosition(tx.db, row.id)?.agencyId === person.agencyId,
    );
  return same.length === 1 ? same[0] : undefined;
}

/** Fields that differ; an empty cell never erases what is known. */
function changed(
  known: people.HolderRow,
  facts: Omit<Person, 'agencyId' | 'title' | 'status'>,
): Partial<people.NewHolder> {
  const fields = ['name', 'titleBefore', 'titleAfter', 'nip', 'email'] as const;
  return Object.fromEntries(
    fields.filter((field) => facts[field] && facts[field] !== known[field]).map((field) => [field, facts[field]]),
  );
}
