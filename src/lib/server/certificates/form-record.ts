// A certificate entered by form: "data saja" until its file comes. What is known already is shown, never entered twice.
import * as v from 'valibot';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { endOfDay, isDate, startOfDay } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { fieldErrors, invalid, type FieldErrors } from '../errors.ts';
import { calendarDate, fullName } from '#lib/format.ts';
import { demand } from '../permission.ts';
import { sameDay, sameIssuer } from './certificate-sheet.ts';
import { COPIED_ROUNDED, isExcelsNumber, readNip, readSerials } from './cells.ts';
import { refreshEstate } from './estate.ts';
import { holders, holdersById } from './holders.ts';
import type { HolderListRow } from './holder-listing.ts';
import * as people from './holder-store.ts';
import { nameKey, splitName } from './names.ts';
import * as store from './store.ts';
import { refreshSuccessors } from './successors.ts';

const UNSAVED = 'Sertifikat belum dicatat; periksa isian yang ditandai.';
const text = (max: number) =>
  v.optional(v.pipe(v.string(), v.trim(), v.maxLength(max, `Paling panjang ${max} huruf.`)), '');
const day = v.optional(
  v.pipe(
    v.string(),
    v.trim(),
    v.check((value) => value === '' || isDate(value), 'Tanggal ini tidak ada.'),
  ),
  '',
);

const recordInput = v.object({
  holderId: text(64),
  /** As written in the certificate; empty: the holder's name. */
  name: text(160),
  agency: text(40),
  use: v.picklist(['signature', 'email', 'document', 'tls_server', 'tls_client', 'other'], 'Pilih penggunaannya.'),
  serial: v.pipe(
    text(200),
    v.check((value) => !isExcelsNumber(value), COPIED_ROUNDED),
    v.check(
      (value) => value === '' || isExcelsNumber(value) || readSerials(value).length > 0,
      'Nomor seri terdiri atas angka desimal atau heksadesimal.',
    ),
  ),
  issuer: text(300),
  from: day,
  until: day,
});
export type RecordInput = v.InferInput<typeof recordInput>;

/**
 * Enters a record without its file. @param found what the caller found wrong already: everything is said in one round
 * @throws AppError invalid when the serial, or the same period, is recorded already
 */
export function recordCertificate(ctx: Context, said: RecordInput, found: FieldErrors = {}): { id: string } {
  demand(ctx.actor, 'certificates.edit');
  const parsed = v.safeParse(recordInput, said);
  const now = ctx.now();
  const fields: FieldErrors = { ...found, ...fieldErrors(parsed.issues ?? []) };
  // What is wrong by itself says so above; the rest is still looked at.
  const form = parsed.success ? parsed.output : legible(said, fields);
  const holder = form.holderId ? (people.byId(ctx.db, form.holderId) ?? null) : null;
  if (form.holderId && (!holder || holder.archivedAt !== null)) fields.holder = 'Pilih pemilik dari daftar.';
  const agency = form.agency ? (agencies.list(ctx).find((row) => row.code === form.agency) ?? null) : null;
  if (form.agency && !agency) fields.agency = 'Pilih Perangkat Daerah dari daftar.';
  const commonName = splitName(form.name).name || holder?.name || '';
  if (!nameKey(commonName) && !fields.holder) fields.name ??= 'Pilih pemilik, atau isi nama pada sertifikat.';
  const notBefore = form.from ? startOfDay(form.from) : null;
  // The last second of the day, as issuers write it.
  const notAfter = form.until ? endOfDay(form.until) - 999 : null;
  if (notBefore !== null && notAfter !== null && notBefore > notAfter) {
    // Either of the two may be the wrong one.
    fields.from = `Mulai berlaku setelah berakhir (${calendarDate(form.until)}); perbaiki yang keliru.`;
    fields.until = `Berakhir sebelum mulai berlaku (${calendarDate(form.from)}); perbaiki yang keliru.`;
  }
  if (!form.serial && notAfter === null && !fields.serial && !fields.until)
    fields.serial = 'Isi nomor seri atau akhir masa berlakunya.';
  const serials = readSerials(form.serial);
  const known = sameSerial(ctx, form.serial, form.issuer)[0];
  if (known) fields.serial = `Nomor seri ini sudah tercatat: ${known.commonName}.`;
  const twin = !form.serial && holder ? samePeriod(ctx, holder.id, form.use, notAfter) : undefined;
  if (twin) fields.until = `Pemilik ini sudah punya sertifikat sejenis sampai ${calendarDate(form.until)}.`;
  if (Object.keys(fields).length) throw invalid(UNSAVED, fields);
  return transact(ctx, (tx) => {
    const facts = { commonName, serial: serials[0] ?? null, issuer: form.issuer, notBefore, notAfter, use: form.use };
    const id = store.insertDataOnly(tx.db, facts, { source: 'form', importId: null, now });
    const agencyId = (holder && people.lastPosition(tx.db, holder.id)?.agencyId) ?? agency?.id ?? null;
    if (holder || agencyId) {
      const act = { from: notBefore ?? now, why: 'Menurut isian petugas', by: audit.actorKey(tx.actor), now };
      store.setOwner(tx.db, id, { holderId: holder?.id ?? null, agencyId }, act);
    }
    if (holder) refreshSuccessors(tx.db, [holder.id]);
    refreshEstate(tx.db, now, { certificates: [id] });
    audit.record(tx, {
      action: 'certificate.recorded',
      targets: [['certificate', id]],
      personal: { name: commonName },
    });
    return { id };
  });
}

/** The fields in which nothing is wrong; the others as if they were empty. */
const legible = (said: RecordInput, fields: FieldErrors): v.InferOutput<typeof recordInput> => {
  const read = (name: Exclude<keyof RecordInput, 'use'>) => (fields[name] ? '' : (said[name] ?? '').trim());
  return {
    holderId: read('holderId'),
    name: read('name'),
    agency: read('agency'),
    use: fields.use ? 'other' : said.use,
    serial: read('serial'),
    issuer: read('issuer'),
    from: read('from'),
    until: read('until'),
  };
};

/** Records that bear a serial, read as hex or decimal, from an issuer that may be the same. */
export function sameSerial(ctx: Context, serial: string, issuer = ''): store.CertificateRow[] {
  demand(ctx.actor, 'certificates.edit');
  return store
    .bySerial(ctx.db, readSerials(serial))
    .filter((row) => row.archivedAt === null && sameIssuer(row.issuer, issuer));
}

const samePeriod = (ctx: Context, holderId: string, use: store.CertificateRow['use'], notAfter: number | null) =>
  store
    .byHolder(ctx.db, holderId)
    .find((row) => row.archivedAt === null && row.use === use && sameDay(row.notAfter, notAfter));

/** Whom a person means by a name, NIP or id: one when it is certain, else those to choose from. */
export function findHolders(ctx: Context, said: string): { one: HolderListRow | null; choices: HolderListRow[] } {
  demand(ctx.actor, 'holders.view');
  const nip = readNip(said);
  const byNip = nip ? people.byNip(ctx.db, nip) : undefined;
  if (byNip) return { one: holdersById(ctx, [byNip.id])[0] ?? null, choices: [] };
  const choices = said.trim() ? holders(ctx, { q: said, limit: 9 }).rows : [];
  const same = choices.filter((row) => nameKey(row.name) === nameKey(said) || fullName(row) === said.trim());
  return same.length === 1 ? { one: same[0]!, choices } : { one: null, choices };
}
