// What happens to holders: entered, corrected, moved, gone, back. Each is a dated
// fact with a trace; certificates follow the person, and who leaves with a usable certificate becomes work (Pasal 12 d).
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { addDays, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, invalid, type FieldErrors } from '../errors.ts';
import { calendarDate } from '#lib/format.ts';
import { holderStatuses } from '#lib/terms.ts';
import { demand } from '../permission.ts';
import { refreshEstate } from './estate.ts';
import * as input from './holder-input.ts';
import { doubles, holder as record } from './holders.ts';
import * as people from './holder-store.ts';
import { addAlias } from './match-store.ts';
import { nameKey, splitName } from './names.ts';
import * as store from './store.ts';

const UNSAVED = 'Belum disimpan; periksa isian yang ditandai.';

/** Enters a holder by form. Somebody of the same name is entered only when the person says it is another one. */
export function createHolder(ctx: Context, said: input.NewHolderInput): { id: string } {
  demand(ctx.actor, 'holders.edit');
  const form = accept(input.newHolderInput, said, 'Pemilik belum ditambahkan; periksa isian yang ditandai.');
  const now = ctx.now();
  const facts = { ...named(form.kind, form.name), nip: form.nip || null, email: form.email || null };
  const fields: FieldErrors = { ...taken(ctx, { ...facts, kind: form.kind }, form.namesake === 'yes') };
  if (form.nip && form.kind !== 'person') fields.nip = 'Hanya orang yang mempunyai NIP.';
  const since = form.since || wibDate(now);
  if (since > wibDate(now)) fields.since = 'Tanggal ini belum tiba.';
  const agency = form.agency ? agencyOf(ctx, form.agency, fields) : null;
  if (form.title && !form.agency) fields.agency = 'Pilih Perangkat Daerah untuk jabatan ini.';
  if (Object.keys(fields).length) throw invalid('Pemilik belum ditambahkan; periksa isian yang ditandai.', fields);
  return transact(ctx, (tx) => {
    const id = people.insert(tx.db, { kind: form.kind, ...facts, status: 'active', statusSince: null }, now);
    if (agency) {
      const position = { agencyId: agency.id, title: form.title, from: since, lastDay: since, source: 'isian petugas' };
      people.move(tx.db, id, { ...position, now });
    }
    audit.record(tx, { action: 'holder.created', targets: [['holder', id]], personal: { name: facts.name } });
    return { id };
  });
}

const named = (kind: people.HolderRow['kind'], text: string) =>
  kind === 'person'
    ? splitName(text)
    : { name: kind === 'system' ? text.toLowerCase() : text, titleBefore: '', titleAfter: '' };

function agencyOf(ctx: Context, code: string, fields: FieldErrors): agencies.Agency | null {
  const agency = agencies.list(ctx).find((row) => row.code === code) ?? null;
  if (!agency) fields.agency = 'Pilih Perangkat Daerah dari daftar.';
  return agency;
}

/** What is taken by others: a number or address always, a name until the person says it is somebody else. */
function taken(
  ctx: Context,
  said: { id?: string; kind: people.HolderRow['kind']; name: string; nip: string | null; email: string | null },
  namesake: boolean,
): FieldErrors {
  const fields: FieldErrors = {};
  const others = doubles(ctx, said);
  const nip = others.find((row) => row.sameNip);
  const email = others.find((row) => row.sameEmail);
  const key = nameKey(said.name);
  const names = others.filter((row) => nameKey(row.name) === key);
  if (nip) fields.nip = `NIP ini sudah dipakai ${nip.name}${nip.agencyName ? `, ${nip.agencyName}` : ''}.`;
  if (email) fields.email = `Alamat ini sudah dipakai ${email.name}${email.agencyName ? `, ${email.agencyName}` : ''}.`;
  if (names.length && !namesake) {
    fields.name = `Sudah ada ${names.length} pemilik bernama ini. Bila orang yang berbeda, nyatakan di bawah.`;
  }
  return fields;
}

/** Corrects name, number or address. The name until now stays as another name, so that old certificates still match. */
export function editHolder(ctx: Context, id: string, said: input.EditHolderInput): void {
  demand(ctx.actor, 'holders.edit');
  const form = accept(input.editHolderInput, said, UNSAVED);
  const row = current(ctx, id);
  const facts = { ...named(row.kind, form.name), nip: form.nip || null, email: form.email || null };
  const fields = taken(ctx, { id, kind: row.kind, ...facts }, true);
  if (facts.nip && row.kind !== 'person') fields.nip = 'Hanya orang yang mempunyai NIP.';
  if (Object.keys(fields).length) throw invalid(UNSAVED, fields);
  const names = Object.keys(facts) as (keyof typeof facts)[];
  if (names.every((field) => facts[field] === row[field])) return;
  transact(ctx, (tx) => {
    const now = tx.now();
    if (nameKey(facts.name) !== row.nameKey) {
      addAlias(tx.db, { holderId: id, name: row.name, by: audit.actorKey(tx.actor), now });
    }
    people.update(tx.db, id, facts);
    audit.record(tx, { action: 'holder.changed', targets: [['holder', id]], personal: { name: facts.name } });
  });
}

/** Mutasi inside the city: a new position from a day on; the certificates go to the new agency from now. */
export function moveHolder(ctx: Context, id: string, said: input.MoveInput): void {
  demand(ctx.actor, 'holders.edit');
  const row = current(ctx, id);
  if (row.status !== 'active') throw conflict('Pemilik ini tidak aktif. Aktifkan kembali lebih dahulu.');
  transact(ctx, (tx) => settleIn(tx, row, said, 'holder.moved'));
}

/** Back in service, with the position taken up. */
export function returnHolder(ctx: Context, id: string, said: input.MoveInput): void {
  demand(ctx.actor, 'holders.edit');
  const row = current(ctx, id);
  if (row.status === 'active') throw conflict('Pemilik ini sudah aktif.');
  transact(ctx, (tx) => {
    people.update(tx.db, id, { status: 'active', statusSince: null });
    settleIn(tx, row, said, 'holder.returned');
    refreshEstate(tx.db, tx.now(), { holders: [id] });
  });
}

function settleIn(
  tx: Context,
  row: people.HolderRow,
  said: input.MoveInput,
  action: 'holder.moved' | 'holder.returned',
): void {
  const form = accept(input.moveInput, said, UNSAVED);
  const now = tx.now();
  const last = people.lastPosition(tx.db, row.id);
  const fields: FieldErrors = {};
  const agency = agencyOf(tx, form.agency, fields);
  if (form.from > wibDate(now)) fields.from = 'Tanggal ini belum tiba.';
  else if (last && form.from <= (last.to ?? last.from)) {
    fields.from = last.to
      ? `Jabatan terakhir baru berakhir ${calendarDate(last.to)}.`
      : `Jabatan sekarang baru dimulai ${calendarDate(last.from)}.`;
  }
  if (agency && last?.to === null && last.agencyId === agency.id && last.title === form.title) {
    fields.title = 'Sama dengan jabatan sekarang.';
  }
  if (!agency || Object.keys(fields).length) throw invalid(UNSAVED, fields);
  const position = { agencyId: agency.id, title: form.title, from: form.from, source: 'isian petugas', now };
  people.move(tx.db, row.id, { ...position, lastDay: addDays(form.from, -1) });
  followAgency(tx, row.id, agency.id, `Mutasi sejak ${calendarDate(form.from)}`);
  const details = action === 'holder.moved' ? { details: { agency: agency.name, from: calendarDate(form.from) } } : {};
  const targets = [['holder', row.id] as const, ['agency', agency.id] as const];
  audit.record(tx, { action, targets, ...details, personal: { name: row.name } });
}

/** The certificates a holder has go under the agency, from now. */
function followAgency(tx: Context, holderId: string, agencyId: string, why: string): void {
  const now = tx.now();
  for (const row of store.byHolder(tx.db, holderId)) {
    if (row.agencyId === agencyId || row.archivedAt !== null) continue;
    store.setOwner(tx.db, row.id, { holderId, agencyId }, { from: now, why, by: audit.actorKey(tx.actor), now });
  }
}

/** Retired, resigned, moved out of the city, or deceased. The certificates stay under the last agency until revoked. */
export function leaveHolder(ctx: Context, id: string, said: input.LeaveInput): void {
  demand(ctx.actor, 'holders.edit');
  const form = accept(input.leaveInput, said, UNSAVED);
  const row = current(ctx, id);
  const now = ctx.now();
  const last = people.currentPosition(ctx.db, id);
  if (form.since > wibDate(now)) throw invalid(UNSAVED, { since: 'Tanggal ini belum tiba.' });
  if (last && form.since < last.from) {
    throw invalid(UNSAVED, { since: `Jabatan sekarang baru dimulai ${calendarDate(last.from)}.` });
  }
  transact(ctx, (tx) => {
    people.update(
      tx.db,
      id,
      form.status === row.status ? { statusSince: form.since } : { status: form.status, statusSince: form.since },
    );
    people.endPositions(tx.db, id, form.since);
    refreshEstate(tx.db, now, { holders: [id] });
    const details = { status: holderStatuses[form.status].toLowerCase(), since: calendarDate(form.since) };
    audit.record(tx, { action: 'holder.left', targets: [['holder', id]], details, personal: { name: row.name } });
  });
}

/** A record in use. @throws AppError not_found, conflict */
export function current(ctx: Context, id: string): people.HolderRow {
  const row = record(ctx, id);
  if (row.archivedAt !== null) {
    throw conflict(row.merge ? `Catatan ini sudah digabung ke ${row.merge.name}.` : 'Catatan ini sudah dibatalkan.');
  }
  return row;
}
