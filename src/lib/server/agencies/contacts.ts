// The address book of those who must be told: BSSN, BSrE, Wali Kota, Gubernur, others. A change closes a row and adds
// another, so that an old letter keeps the address it went to; each row is checked every six months, because a wrong
// address is found out on the worst night otherwise (incident-escalation §7). Perwali 27/2020 Pasal 18 c and 19(1).
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import * as audit from '../audit/index.ts';
import { addDays, endOfDay, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import type { Task } from '../work.ts';
import { parties } from '#lib/terms.ts';
import { contactInput, type ContactInput } from './contact-input.ts';
import { contact } from './schema.ts';

export type Party = keyof typeof parties;
export type Contact = typeof contact.$inferSelect;
export type { ContactInput } from './contact-input.ts';

/** Those the regulation names; without them a letter has nowhere to go. */
export const REQUIRED: readonly Party[] = ['bssn', 'bsre', 'mayor', 'governor'];
const CHECK_EVERY_DAYS = 182;

/** The address in force, or null. Rooms that write letters ask here; whoever may write the letter may see it. */
export const current = (ctx: Context, party: Party): Contact | null =>
  ctx.db
    .select()
    .from(contact)
    .where(and(eq(contact.party, party), isNull(contact.validTo)))
    .get() ?? null;

/** Every address in force, required parties first even when they have none yet. */
export function list(ctx: Context): { party: Party; contact: Contact | null; checkDueAt: number | null }[] {
  demand(ctx.actor, 'contacts.view');
  const rows = ctx.db.select().from(contact).where(isNull(contact.validTo)).orderBy(asc(contact.validFrom)).all();
  const named = REQUIRED.map((party) => ({ party, contact: rows.find((row) => row.party === party) ?? null }));
  const others = rows.filter((row) => !REQUIRED.includes(row.party)).map((row) => ({ party: row.party, contact: row }));
  return [...named, ...others].map((entry) => ({ ...entry, checkDueAt: entry.contact && checkDue(entry.contact) }));
}

/** Earlier addresses of a party, newest first. */
export function history(ctx: Context, party: Party): Contact[] {
  demand(ctx.actor, 'contacts.view');
  return ctx.db.select().from(contact).where(eq(contact.party, party)).orderBy(desc(contact.validFrom)).all();
}

/** Puts a new address in force and closes the old one. The same values again change nothing. */
export function set(ctx: Context, party: Party, input: ContactInput & { synthetic?: boolean }): string {
  demand(ctx.actor, 'contacts.edit');
  if (!(party in parties)) throw invalid('Pilih pihak yang dicatat alamatnya.', { party: 'Pilih pihak.' });
  const { synthetic = false, ...rest } = input;
  const given = accept(contactInput, rest, 'Alamat belum dapat disimpan; periksa isian yang ditandai.');
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const old = current(tx, party);
    const same = old && (Object.keys(given) as (keyof ContactInput)[]).every((key) => old[key] === given[key]);
    if (same) return old.id;
    if (old) tx.db.update(contact).set({ validTo: now }).where(eq(contact.id, old.id)).run();
    const id = newId(now);
    tx.db
      .insert(contact)
      .values({ id, party, ...given, validFrom: now, synthetic })
      .run();
    audit.record(tx, {
      action: 'contact.changed',
      targets: [['contact', id]],
      details: { party: parties[party] },
      personal: { name: given.addressee, email: given.email, phone: given.phone },
    });
    return id;
  });
}

/** Records that somebody called or wrote and the address was right. */
export function verify(ctx: Context, id: string): void {
  demand(ctx.actor, 'contacts.edit');
  const now = ctx.now();
  transact(ctx, (tx) => {
    const row = tx.db.select().from(contact).where(eq(contact.id, id)).get();
    if (!row) throw notFound('Alamat ini tidak ada.');
    if (row.validTo !== null) throw conflict('Alamat ini sudah diganti; periksa alamat yang berlaku.');
    tx.db
      .update(contact)
      .set({ verifiedAt: now, verifiedBy: audit.actorKey(ctx.actor) })
      .where(eq(contact.id, id))
      .run();
    audit.record(tx, {
      action: 'contact.verified',
      targets: [['contact', id]],
      details: { party: parties[row.party] },
    });
  });
}

/** An address is to be checked six months after the last check, at once when it never was. */
export const checkDue = (row: Pick<Contact, 'validFrom' | 'verifiedAt'>): number =>
  row.verifiedAt === null
    ? endOfDay(wibDate(row.validFrom))
    : endOfDay(addDays(wibDate(row.verifiedAt), CHECK_EVERY_DAYS));

/** Missing addresses, and those whose six-monthly check has come within two weeks. */
export function contactTasks(ctx: Context): Task[] {
  const soon = endOfDay(addDays(wibDate(ctx.now()), 14));
  const rows = ctx.db.select().from(contact).where(isNull(contact.validTo)).all();
  const missing = REQUIRED.filter((party) => !rows.some((row) => row.party === party));
  const task = (party: Party, title: string, button: string, dueAt: number | null): Task => ({
    key: `agencies.contact.${party}`,
    kind: 'system',
    title,
    about: 'Buku alamat',
    dueAt,
    ...(dueAt ? { basis: 'kebijakan Dinas' } : {}),
    href: `/system/contacts#${party}`,
    button,
    act: 'contacts.edit',
  });
  return [
    ...missing.map((party) => task(party, `Isi alamat ${parties[party]}`, 'Isi Alamat', null)),
    ...rows
      .filter((row) => checkDue(row) <= soon)
      .map((row) => task(row.party, `Periksa kebenaran alamat ${parties[row.party]}`, 'Periksa', checkDue(row))),
  ];
}
