// Files that prove something about an incident, and their chain of custody (incident-escalation §6): each event carries
// the hash of the one before it and the hash of the bytes as measured then.
import { createHash } from 'node:crypto';
import { asc, desc, eq } from 'drizzle-orm';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { AppError, invalid } from '../errors.ts';
import * as files from '../files/index.ts';
import { hasNik, NO_NIK, withoutNik } from '../nik.ts';
import { demand } from '../permission.ts';
import { by, demandRunning, open, openOf, trace } from './desk.ts';
import type { Dossier, Evidence } from './dossier.ts';
import * as t from './schema.ts';

export const MAX_EVIDENCE = 20 * 1024 * 1024;
export type Custody = typeof t.custodyEvent.$inferSelect;

/** Stores a file as evidence. @returns its id and hash, which the uploader may compare with his own */
export async function addEvidence(
  ctx: Context,
  number: string,
  input: { name: string; bytes: Uint8Array; mediaType: string; description: string },
): Promise<{ id: string; sha256: string }> {
  demand(ctx.actor, 'incidents.note');
  if (input.bytes.length === 0)
    throw invalid('Bukti belum diunggah.', { file: 'Pilih berkas; berkas kosong tidak disimpan.' });
  if (input.bytes.length > MAX_EVIDENCE) throw invalid('Bukti belum diunggah.', { file: 'Paling besar 20 MB.' });
  const description = input.description.toWellFormed().trim().slice(0, 500);
  if (description.length < 3)
    throw invalid('Bukti belum diunggah.', { description: 'Tulis apa yang dibuktikan berkas ini.' });
  if (hasNik(description)) throw invalid('Bukti belum diunggah.', { description: NO_NIK });
  demandRunning(open(ctx, number));
  await files.demandNoKey(input, 'file');
  const stored = files.put(ctx, input.bytes);
  return transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    files.register(tx, stored, 'application/octet-stream');
    const id = newId(tx.now());
    tx.db
      .insert(t.incidentEvidence)
      .values({
        id,
        incidentId: dossier.id,
        sha256: stored.sha256,
        name: withoutNik(safeName(input.name)),
        description,
        addedAt: tx.now(),
        addedBy: by(tx),
      })
      .run();
    custodyRow(tx, id, 'collected', stored.sha256, '');
    trace(tx, dossier, {
      action: 'incident.evidence_added',
      also: [['evidence', id]],
      details: { sha256: stored.sha256 },
    });
    return { id, sha256: stored.sha256 };
  });
}

const safeName = (name: string): string =>
  name
    .toWellFormed()
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .slice(0, 160) || 'berkas';

/** The bytes, measured again and written into the chain. */
export function readEvidence(ctx: Context, id: string): { bytes: Buffer; name: string } {
  demand(ctx.actor, 'incidents.view');
  const { dossier, evidence } = one(ctx, id);
  const bytes = files.read(ctx, evidence.sha256);
  transact(ctx, (tx) => {
    custodyRow(tx, id, 'downloaded', evidence.sha256, '');
    trace(tx, dossier, {
      action: 'incident.evidence_opened',
      also: [['evidence', id]],
      details: { sha256: evidence.sha256 },
    });
  });
  return { bytes, name: evidence.name };
}

/** The chain of custody of one file, oldest first, and whether it is whole. */
export function custody(ctx: Context, id: string): { events: Custody[]; whole: boolean } {
  demand(ctx.actor, 'incidents.view');
  one(ctx, id);
  const events = ctx.db
    .select()
    .from(t.custodyEvent)
    .where(eq(t.custodyEvent.evidenceId, id))
    .orderBy(asc(t.custodyEvent.seq))
    .all();
  const whole = events.every(
    (event, i) =>
      event.seq === i + 1 && event.previous === (events[i - 1]?.hash ?? '') && event.hash === custodyHash(event),
  );
  return { events, whole };
}

/** Measures every file of an incident again; inside the caller's transaction. @returns names that no longer fit */
export function rehash(ctx: Context, dossier: Dossier): string[] {
  return dossier.evidence.flatMap((evidence) => {
    const measured = measure(ctx, evidence);
    custodyRow(ctx, evidence.id, 'rehashed', measured, 'sebelum insiden ditutup');
    return measured === evidence.sha256 ? [] : [evidence.name];
  });
}

function measure(ctx: Context, evidence: Evidence): string {
  try {
    files.read(ctx, evidence.sha256);
    return evidence.sha256;
  } catch (error) {
    if (error instanceof AppError) return 'tidak cocok';
    throw error;
  }
}

function one(ctx: Context, id: string): { dossier: Dossier; evidence: Evidence } {
  const dossier = openOf(ctx, { evidence: id });
  return { dossier, evidence: dossier.evidence.find((e) => e.id === id)! };
}

function custodyRow(ctx: Context, evidenceId: string, kind: Custody['kind'], measured: string, reason: string): void {
  const last = ctx.db
    .select()
    .from(t.custodyEvent)
    .where(eq(t.custodyEvent.evidenceId, evidenceId))
    .orderBy(desc(t.custodyEvent.seq))
    .get();
  const row = {
    evidenceId,
    seq: (last?.seq ?? 0) + 1,
    kind,
    at: ctx.now(),
    actor: by(ctx),
    reason,
    measured,
    previous: last?.hash ?? '',
  };
  ctx.db
    .insert(t.custodyEvent)
    .values({ id: newId(ctx.now()), ...row, hash: custodyHash(row) })
    .run();
}

type Hashed = Pick<Custody, 'evidenceId' | 'seq' | 'kind' | 'at' | 'actor' | 'reason' | 'measured' | 'previous'>;
/** SHA-256 over the event's fields in a fixed order. */
const custodyHash = (e: Hashed): string =>
  createHash('sha256')
    .update(JSON.stringify([e.evidenceId, e.seq, e.kind, e.at, e.actor, e.reason, e.measured, e.previous]))
    .digest('hex');
