// A file typed into a form as evidence: into the store first, its row with the record that uses it.
import type { Context } from '#lib/server/context.ts';
import { invalid } from '#lib/server/errors.ts';
import * as files from '#lib/server/files/index.ts';
import { ACCEPT_HINT } from './evidence-rule.ts';

const LIMIT = 10 * 1024 * 1024;
const TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

export type EvidenceFile = { sha256: string; size: number; name: string; mediaType: string };

/** @returns undefined when no file was chosen @throws AppError invalid */
export async function evidenceOf(ctx: Context, form: FormData, field: string): Promise<EvidenceFile | undefined> {
  const file = form.get(field);
  if (!(file instanceof File) || file.size === 0) return undefined;
  if (file.size > LIMIT) throw invalid('Berkas bukti terlalu besar.', { [field]: 'Paling besar 10 MB.' });
  const bytes = new Uint8Array(await file.arrayBuffer());
  // Of a keystore it matters what it is, not that its kind is not taken.
  await files.demandNoKey({ name: file.name, bytes }, field);
  const mediaType = TYPES[file.name.toLowerCase().split('.').pop() ?? ''];
  if (!mediaType) throw invalid('Jenis berkas bukti tidak diterima.', { [field]: ACCEPT_HINT });
  const stored = files.put(ctx, bytes);
  return { ...stored, name: file.name.slice(0, 200), mediaType };
}
