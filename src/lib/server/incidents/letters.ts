// Letters to the authorities: drafted, read as the PDF that would leave, approved by a second person, locked, sent.
// Sent is locked; a mistake becomes a new version that supersedes it. The system signs nothing.
import { eq } from 'drizzle-orm';
import { incidentLetter } from '#reports/incident-letter.ts';
import { obligationStages, parties } from '#lib/terms.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { isDate, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import * as documents from '../documents/index.ts';
import { accept, conflict, forbidden, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import * as notifications from '../notifications/index.ts';
import { hasNik, NO_NIK, withoutNik } from '../nik.ts';
import { can, demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { by, demandRunning, openOf, trace } from './desk.ts';
import type { Dossier, Letter, Obligation } from './dossier.ts';
import { isWritten } from './grades.ts';
import { handlerPerson } from './handling.ts';
import { letterInput, type LetterInput } from './input.ts';
import { answers, letterData, proposal, type Setting } from './letter-data.ts';
import type { LetterContent, Stage } from './kinds.ts';
import { owed } from './obligations.ts';
import * as t from './schema.ts';

export type LetterView = { dossier: Dossier; obligation: Obligation; letter: Letter };

/** A letter with its incident. @throws AppError not_found */
export function getLetter(ctx: Context, id: string): LetterView {
  demand(ctx.actor, 'letters.view');
  const dossier = openOf(ctx, { letter: id });
  for (const obligation of dossier.obligations) {
    const letter = obligation.letters.find((l) => l.id === id);
    if (letter) return { dossier, obligation, letter };
  }
  throw notFound('Surat ini tidak ada.');
}

/** What the form of a new letter starts with: the record, the address book, the letter before it. */
export function letterProposal(ctx: Context, obligationId: string): LetterContent & { number: string; date: string } {
  demand(ctx.actor, 'letters.write');
  const { dossier, obligation } = owed(ctx, obligationId);
  const before = obligation.letters.at(-1);
  const to = agencies.contacts.current(ctx, obligation.party);
  const content = {
    ...answers(dossier, obligation.stage),
    ...(before?.content ??
      proposal(dossier, obligation, to && { addressee: to.addressee, address: to.address, email: to.email })),
  };
  return { ...covered(content), number: '', date: wibDate(ctx.now()) };
}

/** A NIK that an earlier release let into the record does not come along. */
const covered = (content: LetterContent): LetterContent =>
  Object.fromEntries(Object.entries(content).map(([name, text]) => [name, withoutNik(text)])) as LetterContent;

/** A letter that was written before NIK were refused. @throws AppError invalid, by field */
function demandWithoutNik({ number, content, lockedAt }: Letter): void {
  const found = Object.entries({ number, ...content }).filter(([, text]) => hasNik(text));
  if (found.length === 0) return;
  if (lockedAt !== null)
    throw conflict('Surat yang dikunci ini memuat NIK, jadi tidak dikirim. Susun versi baru tanpa NIK.');
  throw invalid(
    'Surat ini memuat NIK. Hapus dari isian yang disebut, simpan, lalu ajukan lagi.',
    Object.fromEntries(found.map(([name]) => [name, NO_NIK])),
  );
}

/** Writes a draft; without input the proposal. A newer version names the one it supersedes. @returns the letter's id */
export function draft(ctx: Context, obligationId: string, input?: LetterInput): string {
  demand(ctx.actor, 'letters.write');
  const given = acceptLetter(input ?? letterProposal(ctx, obligationId));
  return transact(ctx, (tx) => {
    const { dossier, obligation } = owed(tx, obligationId);
    demandAnswered(given.content, obligation.stage);
    const alive = obligation.letters.filter((l) => l.withdrawnAt === null);
    if (alive.some((l) => l.lockedAt === null)) throw conflict('Masih ada draf untuk kewajiban ini; ubah draf itu.');
    const id = newId(tx.now());
    const version = obligation.letters.length + 1;
    tx.db
      .insert(t.letter)
      .values({
        id,
        obligationId,
        version,
        supersedesId: alive.at(-1)?.id ?? null,
        ...given,
        author: by(tx),
        createdAt: tx.now(),
        editedAt: tx.now(),
      })
      .run();
    trace(tx, dossier, {
      action: 'letter.drafted',
      also: [['letter', id]],
      details: { party: parties[obligation.party], version },
    });
    return id;
  });
}

/** Changes a draft; whoever changes it becomes its author. */
export function edit(ctx: Context, id: string, input: LetterInput): void {
  demand(ctx.actor, 'letters.write');
  const given = acceptLetter(input);
  transact(ctx, (tx) => {
    const { dossier, obligation } = unlocked(tx, id);
    demandAnswered(given.content, obligation.stage);
    tx.db
      .update(t.letter)
      .set({ ...given, author: by(tx), editedAt: tx.now() })
      .where(eq(t.letter.id, id))
      .run();
    trace(tx, dossier, {
      action: 'letter.edited',
      also: [['letter', id]],
      details: { party: parties[obligation.party] },
    });
  });
}

/** Takes a draft back. */
export function withdraw(ctx: Context, id: string): void {
  demand(ctx.actor, 'letters.write');
  transact(ctx, (tx) => {
    const { dossier, obligation } = unlocked(tx, id);
    tx.db.update(t.letter).set({ withdrawnAt: tx.now() }).where(eq(t.letter.id, id)).run();
    trace(tx, dossier, {
      action: 'letter.withdrawn',
      also: [['letter', id]],
      details: { party: parties[obligation.party] },
    });
  });
}

function acceptLetter(input: LetterInput): { number: string; date: string; content: LetterContent } {
  const { number, date, misuse, contained, ...content } = accept(
    letterInput,
    input,
    'Surat belum disimpan; periksa isian yang ditandai.',
  );
  if (!isDate(date)) throw invalid('Surat belum disimpan.', { date: 'Isi tanggal yang benar.' });
  return { number, date, content: { ...content, ...(misuse && { misuse }), ...(contained && { contained }) } };
}

/** An early notice says whether misuse is suspected and whether it is contained (incident-escalation §8). */
function demandAnswered(content: LetterContent, stage: Stage): void {
  if (stage !== 'early_notice') return;
  const fields = {
    ...(content.misuse ? {} : { misuse: 'Jawab: ada dugaan penyalahgunaan, tidak ada, atau belum diketahui.' }),
    ...(content.contained ? {} : { contained: 'Jawab: sudah terkendali atau belum.' }),
  };
  if (Object.keys(fields).length) throw invalid('Pemberitahuan awal belum lengkap; buka isi surat dan jawab.', fields);
}

function unlocked(ctx: Context, id: string): LetterView {
  const view = getLetter(ctx, id);
  demandRunning(view.dossier);
  if (view.letter.withdrawnAt !== null) throw conflict('Draf ini sudah ditarik.');
  if (view.letter.lockedAt !== null) throw conflict('Surat ini sudah dikunci; buat versi baru untuk meralatnya.');
  return view;
}

/** The PDF: the locked file, or the draft as it would look now. */
export async function letterPdf(ctx: Context, id: string): Promise<{ bytes: Buffer; name: string }> {
  const view = getLetter(ctx, id);
  const name = letterFileName(view);
  if (view.letter.pdfSha256) return { bytes: files.read(ctx, view.letter.pdfSha256), name };
  return {
    bytes: await documents.render(
      incidentLetter(letterData(view.dossier, view.obligation, view.letter, setting(ctx, view.dossier), true)),
    ),
    name,
  };
}

/** Of the PDF as it is downloaded and mailed. */
export const letterFileName = ({ dossier, obligation, letter }: LetterView): string =>
  `${dossier.number}-${obligationStages[obligation.stage].toLowerCase().replaceAll(' ', '-')}-${obligation.party}-v${letter.version}.pdf`;

function setting(ctx: Context, dossier: Dossier): Setting {
  const office = settings.get(ctx, 'office');
  const form = settings.get(ctx, 'document');
  const person = handlerPerson(ctx, dossier);
  return {
    office,
    signatory: settings.get(ctx, 'signatory'),
    paper: form.paper,
    mayorWord: form.mayorWord,
    contact: {
      name: person?.name ?? office.name,
      position: `Penangan insiden, ${office.name || office.shortName}`,
      phone: person?.phone || office.phone,
      email: person?.email ?? office.email,
    },
    trail: { ...audit.head(ctx), at: ctx.now() },
  };
}

/** Why the actor may not approve a letter: own words, whoever changed the draft last; null: may. */
export function barredFrom(ctx: Context, id: string): string | null {
  demand(ctx.actor, 'letters.view');
  const writers = audit.doers(ctx, ['letter', id], ['letter.drafted', 'letter.edited']);
  return writers.includes(by(ctx)) ? 'Surat ini Anda tulis atau ubah sendiri; orang lain yang menyetujui.' : null;
}

/**
 * Approves a letter and locks it with its PDF. A letter that left under standing delegation is approved afterwards,
 * as it stands.
 * @throws AppError forbidden for whoever wrote on it; conflict when it was changed meanwhile
 */
export async function approve(ctx: Context, id: string): Promise<void> {
  demand(ctx.actor, 'letters.approve');
  const view = getLetter(ctx, id);
  demandRunning(view.dossier);
  if (view.letter.approvedAt !== null) throw conflict('Surat ini sudah disetujui.');
  const barred = barredFrom(ctx, id);
  if (barred) throw forbidden(barred);
  demandWithoutNik(view.letter);
  if (view.letter.lockedAt !== null)
    return void transact(ctx, (tx) => approved(tx, getLetter(tx, id), view.letter.pdfSha256!));
  const { number } = view.letter;
  if (!number) throw invalid('Surat belum dapat disetujui.', { number: 'Isi nomor surat dari agenda kantor.' });
  await lock(ctx, view, (tx, fresh, sha256) => approved(tx, fresh, sha256));
}

function approved(ctx: Context, view: LetterView, sha256: string): void {
  if (view.letter.approvedAt !== null) throw conflict('Surat ini sudah disetujui.');
  ctx.db
    .update(t.letter)
    .set({ approvedBy: by(ctx), approvedAt: ctx.now() })
    .where(eq(t.letter.id, view.letter.id))
    .run();
  trace(ctx, view.dossier, {
    action: 'letter.approved',
    also: [['letter', view.letter.id]],
    details: { party: parties[view.obligation.party], sha256 },
  });
}

/** Renders outside the transaction, then locks what was rendered, if nobody changed it meanwhile. */
async function lock(
  ctx: Context,
  view: LetterView,
  then: (tx: Context, fresh: LetterView, sha256: string) => void,
  delegation?: string,
): Promise<void> {
  demandAnswered(view.letter.content, view.obligation.stage);
  const data = letterData(view.dossier, view.obligation, view.letter, setting(ctx, view.dossier), false);
  const stored = files.put(ctx, await documents.render(incidentLetter(data)));
  transact(ctx, (tx) => {
    const fresh = getLetter(tx, view.letter.id);
    if (
      fresh.letter.editedAt !== view.letter.editedAt ||
      fresh.letter.lockedAt !== null ||
      fresh.letter.withdrawnAt !== null
    ) {
      throw conflict('Surat ini berubah sementara Anda membacanya; baca lagi sebelum menyetujui.');
    }
    files.register(tx, stored, 'application/pdf');
    tx.db
      .update(t.letter)
      .set({
        lockedAt: tx.now(),
        contentHash: data.contentHash,
        pdfSha256: stored.sha256,
        delegation: delegation ?? null,
      })
      .where(eq(t.letter.id, view.letter.id))
      .run();
    then(tx, fresh, stored.sha256);
  });
}

/** Whether the officer on duty may send this letter before the signatory approved (settings.delegation). */
export function delegated(ctx: Context, view: LetterView): string | null {
  const { decree, earlyNotice } = settings.get(ctx, 'delegation');
  return earlyNotice && decree && view.obligation.stage === 'early_notice' && can(ctx.actor, 'letters.send')
    ? decree
    : null;
}

/**
 * Sends a locked letter by e-mail with its PDF, or, under standing delegation, locks and sends an early notice at once.
 * The message stays behind the mail switch like any other.
 */
export async function send(ctx: Context, id: string): Promise<void> {
  demand(ctx.actor, 'letters.send');
  const view = getLetter(ctx, id);
  demandRunning(view.dossier);
  if (view.letter.withdrawnAt !== null) throw conflict('Draf ini sudah ditarik.');
  demandWithoutNik(view.letter);
  if (!view.letter.content.email)
    throw invalid('Surat belum dapat dikirim lewat surel.', {
      email: 'Alamat surel instansi kosong; isi di buku alamat, lalu buat versi baru, atau pilih jalur lain.',
    });
  if (view.letter.lockedAt === null) {
    const decree = delegated(ctx, view);
    if (!decree) throw conflict('Surat ini belum disetujui.');
    await lock(
      ctx,
      view,
      (tx, fresh, sha256) => {
        trace(tx, fresh.dossier, {
          action: 'letter.delegated',
          also: [['letter', id]],
          details: { party: parties[fresh.obligation.party], decree, sha256 },
        });
        post(tx, getLetter(tx, id));
      },
      decree,
    );
    return;
  }
  transact(ctx, (tx) => post(tx, getLetter(tx, id)));
}

function post(ctx: Context, view: LetterView): void {
  const { dossier, obligation, letter } = view;
  const posted = obligation.transmissions.filter((s) => s.letterId === letter.id && s.channel === 'email');
  if (posted.some(isWritten)) throw conflict('Surat ini sudah dikirim ke alamat itu.');
  // A mail that was cancelled stays as it is; the letter leaves as a message of its own.
  const again = posted.length ? `:${posted.length + 1}` : '';
  const office = settings.get(ctx, 'office');
  const messageId = notifications.queue(ctx, {
    key: `letter:${letter.id}:email:${letter.content.email}${again}`,
    subject: `${letter.number ? `${letter.number} ` : ''}${obligationStages[obligation.stage]} ${dossier.number}`,
    recipient: letter.content.email,
    body: `Yth. ${letter.content.addressee}\n\nTerlampir surat ${office.name || office.shortName}${letter.number ? ` nomor ${letter.number}` : ''} perihal:\n${letter.content.subject}\n\nNomor insiden: ${dossier.number}\nSidik berkas (SHA-256): ${letter.pdfSha256}\n\nMohon balasan dengan nomor agenda atau tiket penerimaan.\n`,
    attachments: [{ sha256: letter.pdfSha256!, name: letterFileName(view), mediaType: 'application/pdf' }],
    about: ['letter', letter.id],
    lane: 'letter',
  });
  ctx.db
    .insert(t.transmission)
    .values({
      id: newId(ctx.now()),
      obligationId: obligation.id,
      letterId: letter.id,
      channel: 'email',
      at: ctx.now(),
      address: letter.content.email,
      messageId,
      by: by(ctx),
      enteredAt: ctx.now(),
    })
    .run();
  trace(ctx, dossier, {
    action: 'letter.queued',
    also: [
      ['letter', letter.id],
      ['message', messageId],
    ],
    details: { party: parties[obligation.party] },
  });
}
