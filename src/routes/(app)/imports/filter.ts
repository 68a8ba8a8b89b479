// The address of the list of imports, read. What is not understood is left out.
import type { imports } from '#lib/server/certificates/index.ts';
import { importKinds, importResults, importShown, type ImportResult } from '#lib/terms.ts';

type ImportFilter = NonNullable<Parameters<typeof imports>[1]>;

const oneOf = <T extends object>(words: T, said: string | null): keyof T | undefined =>
  said !== null && Object.hasOwn(words, said) ? (said as keyof T) : undefined;

/** What the page of one import shows: rows with one result, or those with a note. */
export const resultOf = (params: URLSearchParams): ImportResult | 'notes' | undefined => {
  const said = params.get('result');
  return said === 'notes' ? said : oneOf(importResults, said);
};

/** What a preview is narrowed to: rows with one result, and those that bear a word nobody understands. */
export const previewFilterOf = (params: URLSearchParams) => ({
  shown: resultOf(params),
  word: params.get('word')?.slice(0, 200) ?? undefined,
});

export const importFilterOf = (params: URLSearchParams): ImportFilter => ({
  q: params.get('q')?.trim().slice(0, 100) || undefined,
  kind: oneOf(importKinds, params.get('kind')),
  state: oneOf(importShown, params.get('state')),
  from: params.get('from') ?? undefined,
  before: params.get('before') ?? undefined,
});
