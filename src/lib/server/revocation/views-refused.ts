// A refused object as its page shows it: the rule that it failed in words, and what of it can be read. Reading only.
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { DerError } from '../x509/index.ts';
import { cross, readCrl } from './crl.ts';
import { readResponse, type OcspResponse } from './ocsp.ts';
import { refusalWords } from './refusals.ts';
import { adviceFor } from './refusal-advice.ts';
import * as store from './store.ts';
import { answerFacts, listFacts, type Fact } from './views-decode.ts';
import { refusedById } from './views-store.ts';

export type RefusedView = ReturnType<typeof refused>;

/** A refused object: the rule it failed in words, what to do, and what of it can be read. @throws AppError not_found */
export function refused(ctx: Context, id: string) {
  demand(ctx.actor, 'revocation.view');
  const row = refusedById(ctx.db, id);
  if (!row) throw notFound('Objek yang ditolak ini tidak ada.');
  const { bytes, ...facts } = row;
  const whole = bytes !== null && bytes.length === row.size;
  return {
    ...facts,
    ...refusalWords(row.kind, row.code),
    advice: adviceFor(row.code, row.sourceId !== null),
    source: row.sourceId ? (store.sourceById(ctx.db, row.sourceId) ?? null) : null,
    kept: bytes !== null,
    whole,
    decoded: whole ? readable(row.kind, bytes, row.size) : null,
  };
}

/** What can be read of an object nobody believes: shown, never used. */
function readable(kind: 'crl' | 'ocsp', bytes: Buffer, size: number): Fact[] | null {
  try {
    if (kind === 'crl') {
      const crl = readCrl(bytes);
      return listFacts(crl, { entryCount: cross(crl, new Set()).count, size });
    }
    const response: OcspResponse = readResponse(bytes);
    return response.basic ? answerFacts(response.basic, response.basic.singles[0]) : null;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** The bytes of a refused object, while they are kept. @throws AppError not_found */
export function downloadRefused(ctx: Context, id: string): { name: string; mediaType: string; bytes: Buffer } {
  demand(ctx.actor, 'revocation.view');
  const row = refusedById(ctx.db, id);
  if (!row?.bytes) throw notFound('Isi objek ini tidak disimpan lagi; yang tersisa sidiknya.');
  return { name: `ditolak-${row.sha256.slice(0, 12)}.bin`, mediaType: 'application/octet-stream', bytes: row.bytes };
}
