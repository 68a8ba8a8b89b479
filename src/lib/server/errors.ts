// The one error that people see. Its message is an Indonesian sentence that says what to do next; anything else
// that is thrown is a bug and reaches people only as an id to quote.

import * as v from 'valibot';
import { keyRefused, keyReport } from '#lib/terms.ts';

export type ErrorCode = 'invalid' | 'forbidden' | 'not_found' | 'conflict' | 'unavailable';

/** Messages by field name, for a form that is shown again with what was typed. */
export type FieldErrors = Record<string, string>;

/** Where to go now, when that is another page. */
export type Lead = { href: string; label: string };

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldErrors;
  readonly lead: Lead | null;

  constructor(code: ErrorCode, message: string, fields: FieldErrors = {}, lead: Lead | null = null) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.fields = fields;
    this.lead = lead;
  }
}

export const invalid = (message: string, fields?: FieldErrors) => new AppError('invalid', message, fields);
export const forbidden = (message: string) => new AppError('forbidden', message);
export const notFound = (message: string) => new AppError('not_found', message);
export const conflict = (message: string) => new AppError('conflict', message);
/** Somebody sent a private key: nothing of it is kept, and it counts as exposed. */
export const keySent = (what: keyof typeof keyRefused, fields: FieldErrors) =>
  new AppError('invalid', keyRefused[what], fields, keyReport);
export const unavailable = (message: string) => new AppError('unavailable', message);

/**
 * What a person submitted, as its schema gives it.
 * @param message the sentence above the form
 * @param field where a message stands that is about no single field
 * @throws AppError invalid, with the first message of each field
 */
export function accept<S extends v.GenericSchema>(
  schema: S,
  submitted: unknown,
  message: string,
  field = '',
): v.InferOutput<S> {
  const parsed = v.safeParse(schema, submitted);
  if (parsed.success) return parsed.output;
  throw invalid(message, fieldErrors(parsed.issues, field));
}

/** The first message of each field. */
export function fieldErrors(issues: readonly v.BaseIssue<unknown>[], field = ''): FieldErrors {
  const fields: FieldErrors = {};
  // Valibot's own words, for a field that is not there at all, are English.
  for (const issue of issues)
    fields[String(issue.path?.[0]?.key ?? field)] ??= issue.message.startsWith('Invalid')
      ? 'Isian ini wajib.'
      : issue.message;
  return fields;
}
