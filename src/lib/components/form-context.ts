// What a Form tells the fields inside it: the prefix of their ids, and what was refused, so that a page passes its
// `form` once and every Field shows its own error and keeps what was typed.
import { getContext, setContext } from 'svelte';

/** The answer of `submitted` (server/web.ts) when a form was refused. */
export type Refusal = {
  message: string;
  fields: Record<string, string>;
  values: Record<string, string>;
  /** The page where it goes on. */
  lead?: { href: string; label: string };
};

export type FormState = {
  prefix: string;
  error: (name: string) => string | undefined;
  value: (name: string) => string | undefined;
};

const key = Symbol('form');
export const provideForm = (state: FormState): FormState => setContext(key, state);

/** The form around a field; outside of one (a Filter) an empty state with its own prefix. */
export const formState = (prefix: string): FormState =>
  getContext<FormState | undefined>(key) ?? { prefix, error: () => undefined, value: () => undefined };
