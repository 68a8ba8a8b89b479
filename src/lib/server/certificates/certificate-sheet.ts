// A list of certificates (XLSX, CSV) as portals and offices keep it: each row becomes a record "data saja" until its
// file comes. A list completes what a record lacks, and changes a record that itself rests on lists only; what was read
// from a certificate's file is never overwritten: a difference is a mismatch to show. What the portal says of its status
// is kept beside what was proved and touches no facet. Owner and agency change only by a
// sheet that was downloaded for editing and came back (recognised by id).
import { date, number, serial, serialDecimal } from '#lib/format.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import { certificateKey, readCertificateRow, type SaidCertificate } from './certificate-row.ts';
import { isTaken, type Choice } from './contested.ts';
import { certificateCells } from './download-cells.ts';
import * as people from './holder-store.ts';
import {
  findAgency,
  NOTHING,
  repeats,
  TAKEN_UP,
  verdictOf,
  type Judged,
  type Plan,
  type Written,
} from './import-plan.ts';
import * as ledger from './import-store.ts';
import { estateRules } from './lint/estate.ts';
import { markOnce } from './marks.ts';
import { nameKey } from './names.ts';
import type { Matcher } from './owners.ts';
import { strangerOf } from './person-identity.ts';
import type { Read } from './person-row.ts';
import * as portal from './portal-store.ts';
import type { PortalWord } from './portal-word.ts';
import { returned } from './returned-sheet.ts';
import type { Change, SheetRow } from './sheet.ts';
import * as words from './sheet-word-store.ts';
import { explainedRemarks, unknownWords } from './sheet-words.ts';
import * as store from './store.ts';

type Run = { id: string; agencyId: string | null; layout: string };
type Found = { judged: Judged; said: SaidCertificate | null; known: store.CertificateRow | null; contradicts: boolean };

export function certificatePlan(ctx: Context, run: Run, rows: readonly SheetRow[], match: Matcher): Plan {
  const find = findAgency(ctx);
  const back = returned(ctx, 'certificate_sheet', rows);
  const explained = words.explained(ctx.db);
  const written = serialForm(rows);
  const reads = back.rows.map((row) => readCertificateRow(row, find, explained));
  const said = reads.map((read) => ('said' in read ? read.said : null));
  const repeated = repeats(
    said.map((one) => one && certificateKey(one, wibDate)),
    rows,
    (a, b) => JSON.stringify(said[a]) === JSON.stringify(said[b]),
  );
  const index = nameIndex(ctx, said);
  const judge = (at: Context, i: number, choice: Choice): Found => {
    const found = judgeRow(at, run, reads[i]!, rows[i]!, repeated.get(i), index, match);
    const { known } = found;
    const judged = { ...found.judged, unknownWords: unknownWords(back.rows[i]!.values, explained) };
    if (!known) return { ...found, judged };
    const shown = back.isTouchedOnly(i) ? { ...judged, about: aboutRecord(known, written) } : judged;
    return { ...found, judged: back.weigh(shown, i, () => cellsOf(at, known), choice) };
  };
  return {
    rows,
    judge: (at, i, choice) => judge(at, i, choice).judged,
    write: (tx, i, choice) => {
      const found = judge(tx, i, choice);
      const entry = write(tx, run, found, match);
      if (found.judged.verdict === 'added' && found.said) index.add(found.said, entry.certificateId!);
      return { judged: found.judged, entry };
    },
    absent: (at, seen) =>
      said.some((one) => one?.id)
        ? []
        : ledger.ofEarlierLists(at.db, run).flatMap((row) =>
            seen.has(row.id)
              ? []
              : [
                  {
                    targetId: row.id,
                    name: row.commonName,
                    about: row.serial ? `Seri ${written(row.serial)}` : '',
                  },
                ],
          ),
    remarks: [...back.remarks, ...explainedRemarks(back.rows, explained), ...ownerless(said, match)],
  };
}

/** A certificate keeps no e-mail: one that leads to nobody is told, not lost in silence. */
function ownerless(said: readonly (SaidCertificate | null)[], match: Matcher): string[] {
  const lost = said.filter((one) => one?.email && !match.ofEmail(one.email)).length;
  return lost
    ? [
        `${number(lost)} baris menyebut surel yang tidak tercatat milik satu orang: pada daftar sertifikat surel hanya dipakai mengenali pemilik dan tidak disimpan. Isi surel orang lewat daftar pegawai.`,
      ]
    : [];
}

type NameIndex = {
  find: (said: SaidCertificate) => string | null;
  add: (said: SaidCertificate, id: string) => void;
  /** Whether a record whose serial no list told yet is this row's: the first row that asks has it. */
  takes: (row: number, id: string) => boolean;
};
const nameOf = (name: string, use: string, end: number) => `${nameKey(name)}|${use || 'signature'}|${wibDate(end)}`;

/** Records by name, use and last day: the identity of what has no serial. Those with one are read only when a row needs them. */
function nameIndex(ctx: Context, said: readonly (SaidCertificate | null)[]): NameIndex {
  const needed = said.some((one) => one && !one.serials.length && !one.fingerprint && !one.id);
  const all = new Map<string, string>();
  const waiting = new Map<string, string>();
  for (const row of store.namedRecords(ctx.db, needed)) {
    const name = nameOf(row.commonName, row.use, row.notAfter);
    all.set(name, row.id);
    if (row.waits) waiting.set(name, row.id);
  }
  const takers = new Map<string, number>();
  return {
    find: ({ name, use, notAfter, serials }) =>
      notAfter === null ? null : ((serials.length ? waiting : all).get(nameOf(name, use, notAfter)) ?? null),
    add: (one, id) => {
      if (one.notAfter !== null) all.set(nameOf(one.name, one.use, one.notAfter), id);
    },
    takes: (row, id) => {
      if (!takers.has(id)) takers.set(id, row);
      return takers.get(id) === row;
    },
  };
}

const cellsOf = (ctx: Context, known: store.CertificateRow) =>
  certificateCells({
    ...known,
    nip: (known.holderId && people.byId(ctx.db, known.holderId)?.nip) || null,
    agencyName: (known.agencyId && agencies.byId(ctx, known.agencyId)?.name) || null,
    portal: portal.last(ctx.db, known.id)?.word ?? null,
  });

/** As it was understood, not as it was written: who approves must see whether 03-04-2027 became March or April. */
function aboutOf(read: Read<SaidCertificate>, { values }: SheetRow): string {
  const said = 'said' in read ? read.said : null;
  return about(said && !said.serials.length ? '' : values.serial, said?.notAfter);
}

/** What nobody touched in the sheet may say what was. */
const aboutRecord = ({ serial, notAfter }: store.CertificateRow, written: (hex: string) => string): string =>
  about(serial && written(serial), notAfter);

/** A serial as the list itself writes serials, so that one page has one form: 23:35:D9, 2335D9, or decimal as portals do. */
function serialForm(rows: readonly SheetRow[]): (hex: string) => string {
  const said = rows.map(({ values }) => values.serial ?? '');
  if (said.some((text) => text.includes(':'))) return serial;
  return said.some((text) => /[a-f]/i.test(text)) ? (hex) => hex.toUpperCase() : serialDecimal;
}

const about = (serial: string | null | undefined, end: number | null | undefined): string =>
  [serial && `Seri ${serial}`, end && `sampai ${date(end)}`].filter(Boolean).join(', ');

function judgeRow(
  ctx: Context,
  run: Run,
  read: Read<SaidCertificate>,
  row: SheetRow,
  repeated: string | undefined,
  index: NameIndex,
  match: Matcher,
): Found {
  const judged: Judged = {
    verdict: 'rejected',
    name: row.values.name ?? row.values.serial ?? '(tanpa nama)',
    about: aboutOf(read, row),
    reason: null,
    notes: [...read.notes],
    changes: [],
    unknownAgency: 'said' in read ? read.said.unknownAgency : null,
    unknownWords: [],
    targetId: null,
  };
  const refused = (reason: string): Found => ({
    judged: { ...judged, reason },
    said: null,
    known: null,
    contradicts: false,
  });
  if ('refused' in read) return refused(read.refused);
  const { said } = read;
  const known = knownRecord(ctx, said, index, row.line);
  if (known === 'none')
    return refused('ID Siaga ini tidak dikenal; barisnya mungkin dari impor yang sudah dibatalkan.');
  if (repeated) {
    const verdict = repeated.startsWith('Sama') ? 'same' : 'rejected';
    const again = { ...judged, verdict, reason: repeated, targetId: known?.id ?? null } as const;
    return { judged: again, said: null, known: null, contradicts: false };
  }
  if (!known || (known.archivedAt !== null && store.isVoided(ctx.db, known.id))) {
    const added = { ...judged, verdict: 'added', changes: entering(ctx, run, said, match) } as const;
    const notes = known ? [...judged.notes, TAKEN_UP] : judged.notes;
    return { judged: { ...added, notes, targetId: known?.id ?? null }, said, known, contradicts: false };
  }
  if (!said.name) judged.name = known.commonName;
  const { changes, contradicts } = changesOf(ctx, known, said, judged.notes, match);
  // A mismatch that comes to stand beside the record is no change of it, and yet something that is written.
  const verdict = contradicts && !changes.length ? 'completed' : verdictOf(changes);
  return { judged: { ...judged, verdict, changes, targetId: known.id }, said, known, contradicts };
}

/** What a new record is entered with besides its own facts: whose it is, and what the portal says. Writes nothing. */
function entering(ctx: Context, run: Run, said: SaidCertificate, match: Matcher): Change[] {
  const owner = ownerOf(ctx, said);
  const found = owner ?? match.foreseen(identityOf(said));
  const holderId = found && 'id' in found ? found.id : null;
  const agencyId = agencyFor(run, said, holderId, match);
  return [
    { field: 'holder', from: '', to: holderId ?? (found && 'host' in found ? found.host : '') },
    { field: 'agency', from: '', to: agencyId ?? '' },
    ...(said.portal ? [{ field: 'portal', from: '', to: said.portal } as const] : []),
  ];
}

const identityOf = ({ name, email, use }: SaidCertificate) => ({
  commonName: name,
  emails: email ? [email] : [],
  use: use || ('signature' as const),
});
const agencyFor = (run: Run, said: SaidCertificate, holderId: string | null, match: Matcher): string | null =>
  said.agencyId ?? (holderId && match.agencyOf(holderId)) ?? run.agencyId;

/** Identity in order: id, fingerprint; issuer + serial; holder or name + use + validity (architecture, record identity). */
function knownRecord(
  ctx: Context,
  said: SaidCertificate,
  index: NameIndex,
  row: number,
): store.CertificateRow | 'none' | null {
  if (said.id) {
    const known = store.byId(ctx.db, said.id);
    return known && known.archivedAt === null ? known : 'none';
  }
  const byPrint = said.fingerprint ? store.byFingerprint(ctx.db, said.fingerprint) : undefined;
  if (byPrint) return store.byId(ctx.db, byPrint.id) ?? null;
  const bySerial = store.bySerial(ctx.db, said.serials).filter((known) => sameIssuer(known.issuer, said.issuer));
  if (bySerial[0]) return bySerial[0];
  const unnamed = namedRecord(ctx, said, index);
  if (!said.serials.length || !unnamed) return unnamed;
  return waits(unnamed) && index.takes(row, unnamed.id) ? unnamed : null;
}

/** Only known from lists, none of which told its serial. */
const waits = (known: store.CertificateRow): boolean =>
  known.serial === null && known.fingerprint === null && known.archivedAt === null;

function namedRecord(ctx: Context, said: SaidCertificate, index: NameIndex): store.CertificateRow | null {
  const owner = ownerOf(ctx, said);
  const owned = owner
    ? store
        .byHolder(ctx.db, owner.id)
        .filter((known) => known.use === (said.use || 'signature') && sameDay(known.notAfter, said.notAfter))
        .filter((known) => !said.serials.length || waits(known))
        .sort((a, b) => Number(a.archivedAt !== null) - Number(b.archivedAt !== null))[0]
    : undefined;
  if (owned) return owned;
  const named = index.find(said);
  return named ? (store.byId(ctx.db, named) ?? null) : null;
}

/** The person whose NIP the row names; nobody whose import was voided. */
function ownerOf(ctx: Context, said: SaidCertificate): people.HolderRow | null {
  const owner = said.nip ? people.byNip(ctx.db, said.nip) : undefined;
  return owner && owner.archivedAt === null ? owner : null;
}

/** Sheets name issuers loosely: nothing said, the DN, or its CN. */
export const sameIssuer = (known: string, said: string): boolean => {
  const a = known.toLowerCase();
  const b = said.toLowerCase().trim();
  return a === '' || b === '' || a === b || a.includes(b) || b.includes(a);
};

export const sameDay = (a: number | null, b: number | null): boolean =>
  (a === null ? null : wibDate(a)) === (b === null ? null : wibDate(b));

function changesOf(ctx: Context, known: store.CertificateRow, said: SaidCertificate, notes: string[], match: Matcher) {
  const changes: Change[] = [];
  const push = (field: Change['field'], from: string | number | null, to: string | number) =>
    changes.push({ field, from: String(from ?? ''), to: String(to) });
  const differs =
    known.fingerprint !== null &&
    said.notAfter !== null &&
    known.notAfter !== null &&
    !sameDay(known.notAfter, said.notAfter);
  const contradicts = differs && !isContradicted(ctx, known.id);
  if (differs) {
    const word = contradicts ? 'dicatat' : 'sudah tercatat';
    notes.push(`Akhir masa berlaku berbeda dengan berkas sertifikatnya; ${word} sebagai ketidaksesuaian data.`);
  }
  if (known.fingerprint === null) {
    if (isOtherName(ctx, known, said)) push('name', known.commonName, said.name);
    if (!known.serial && said.serials[0]) push('serial', '', said.serials[0]);
    if (!known.issuer && said.issuer) push('issuer', '', said.issuer);
    if (said.notBefore !== null && !sameDay(known.notBefore, said.notBefore))
      push('from', known.notBefore, said.notBefore);
    if (said.notAfter !== null && !sameDay(known.notAfter, said.notAfter)) push('until', known.notAfter, said.notAfter);
    if (said.use && said.use !== known.use) push('use', known.use, said.use);
  } else if (said.id && said.name && nameKey(known.commonName) !== nameKey(said.name)) {
    notes.push('Kolom Nama: dibaca dari berkas sertifikatnya; tidak diubah.');
  }
  if (said.id && known.serial && said.serials.length && !said.serials.includes(known.serial)) {
    notes.push(
      'Kolom Nomor seri: nomor seri adalah jati diri catatan ini; tidak diubah. Sertifikat lain ditambahkan sebagai baris baru tanpa ID Siaga.',
    );
  }
  const owner = ownerOf(ctx, said);
  const takes = owner && owner.id !== known.holderId && (said.id || known.holderId === null) ? owner : null;
  if (said.nip && !owner) notes.push('Kolom NIP: belum ada dalam daftar pegawai; pemilik dibiarkan.');
  if (takes) {
    push('holder', known.holderId, takes.id);
    const stranger = strangerOf(ctx, known.commonName, takes);
    if (stranger) notes.push(stranger);
  } else if (owner && owner.id !== known.holderId) {
    notes.push(`Kolom NIP: pada daftar milik ${owner.name}, tercatat milik orang lain; tidak diubah.`);
  }
  const addressed = said.email && !said.nip && known.holderId === null ? match.ofEmail(said.email) : null;
  if (addressed) push('holder', null, addressed);
  const kept = said.email && known.holderId ? people.byId(ctx.db, known.holderId)?.email : null;
  if (kept && kept.toLowerCase() !== said.email)
    notes.push(
      `Kolom Surel: ${said.email} berbeda dengan surel pemilik yang tercatat (${kept}); tidak diubah. Surel orang diubah lewat daftar pegawai.`,
    );
  // A new owner takes the certificate along to where they serve, unless the row moves it elsewhere.
  const newOwner = takes?.id ?? addressed;
  const follows = newOwner ? (people.currentPosition(ctx.db, newOwner)?.agencyId ?? null) : null;
  const isNamed = said.agencyId !== null && said.agencyId !== known.agencyId;
  if (isNamed && (said.id || known.agencyId === null)) push('agency', known.agencyId, said.agencyId!);
  else if (follows && follows !== known.agencyId) push('agency', known.agencyId, follows);
  else if (isNamed && !newOwner) notes.push('Kolom Perangkat Daerah: berbeda dengan yang tercatat; tidak diubah.');
  const last = said.portal ? portal.last(ctx.db, known.id) : undefined;
  if (said.portal && last?.word !== said.portal) push('portal', last?.word ?? '', said.portal);
  return { changes, contradicts };
}

/** A list that names a certificate by its owner, as exports and offices do, names no other certificate. */
function isOtherName(ctx: Context, known: store.CertificateRow, said: SaidCertificate): boolean {
  const name = nameKey(said.name);
  if (!name || name === nameKey(known.commonName)) return false;
  const owner = said.id || !known.holderId ? undefined : people.byId(ctx.db, known.holderId);
  return !owner || nameKey(owner.name) !== name;
}

function write(tx: Context, run: Run, found: Found, match: Matcher): Written {
  const { judged, said, known, contradicts } = found;
  if (!said || judged.verdict === 'rejected') return { ...NOTHING, certificateId: judged.targetId };
  if (judged.verdict === 'added') {
    const id = enter(tx, run, said, known, match);
    if (said.portal) portal.say(tx.db, id, { word: said.portal, importId: run.id, at: tx.now() });
    return { ...NOTHING, certificateId: id, certificatesNew: 1 };
  }
  if (contradicts) noteContradiction(tx, known!.id);
  const taken = judged.changes.filter(isTaken);
  if (taken.length) change(tx, run, known!, taken);
  // A sheet that was downloaded here and came back asked no portal: only what a person changed in it is said.
  const isSaid = said.portal && (!said.id || taken.some(({ field }) => field === 'portal'));
  if (isSaid) portal.say(tx.db, known!.id, { word: said.portal as PortalWord, importId: run.id, at: tx.now() });
  return { ...NOTHING, certificateId: known!.id, certificatesKnown: 1 };
}

/** A new record, or one that came back after a voided import. */
function enter(
  tx: Context,
  run: Run,
  said: SaidCertificate,
  archived: store.CertificateRow | null,
  match: Matcher,
): string {
  const now = tx.now();
  const facts = {
    commonName: said.name,
    serial: said.serials[0] ?? null,
    issuer: said.issuer,
    notBefore: said.notBefore,
    notAfter: said.notAfter,
    use: said.use || 'signature',
  } as const;
  const id = archived?.id ?? store.insertDataOnly(tx.db, facts, { source: 'sheet', importId: run.id, now });
  if (archived) store.revive(tx.db, id, { importId: run.id, ...(archived.fingerprint ? {} : facts) }, now);
  const owner = ownerOf(tx, said);
  const holderId = owner?.id ?? match.holderOf(identityOf(said));
  const agencyId = agencyFor(run, said, holderId, match);
  if (holderId || agencyId) own(tx, run, id, { holderId, agencyId }, said.notBefore);
  return id;
}

function own(tx: Context, run: Run, id: string, owner: store.Owner, notBefore: number | null): void {
  const now = tx.now();
  const why = 'Menurut daftar sertifikat';
  const by = audit.actorKey(tx.actor);
  store.setOwner(tx.db, id, owner, { from: Math.min(notBefore ?? now, now), why, by, now, importId: run.id });
}

const columns = { name: 'commonName', serial: 'serial', issuer: 'issuer', use: 'use' } as const;
const instants = { from: 'notBefore', until: 'notAfter' } as const;

function change(tx: Context, run: Run, known: store.CertificateRow, changes: readonly Change[]): void {
  const values: Record<string, string | number> = {};
  const owner: store.Owner = { holderId: known.holderId, agencyId: known.agencyId };
  for (const { field, to } of changes) {
    if (field in columns) values[columns[field as keyof typeof columns]] = to;
    if (field in instants) values[instants[field as keyof typeof instants]] = Number(to);
    if (field === 'holder') owner.holderId = to;
    if (field === 'agency') owner.agencyId = to;
  }
  if (Object.keys(values).length) store.update(tx.db, known.id, { ...values, updatedAt: tx.now() });
  if (owner.holderId !== known.holderId || owner.agencyId !== known.agencyId)
    own(tx, run, known.id, owner, known.notBefore);
}

const CONTRADICTION = 'sheet_contradiction';
const isContradicted = ({ db }: Context, id: string): boolean =>
  store.problems(db, id).some((problem) => problem.rule === CONTRADICTION);

export function noteContradiction(tx: Context, certificateId: string): void {
  if (isContradicted(tx, certificateId)) return;
  const { severity } = estateRules[CONTRADICTION];
  const detail = 'Akhir masa berlaku pada daftar berbeda dengan pada berkas sertifikat.';
  store.insertProblem(tx.db, certificateId, { rule: CONTRADICTION, severity, detail }, tx.now());
  markOnce(tx, certificateId, 'mismatch', 'sheet');
}
