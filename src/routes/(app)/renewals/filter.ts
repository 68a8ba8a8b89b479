// The address of the work-list of renewals, read. What is not understood is left out.
import { RENEWAL_WINDOWS, type RenewalFilter } from '#lib/server/certificates/index.ts';
import { renewalStates, uses } from '#lib/terms.ts';

export function renewalFilterOf(params: URLSearchParams): RenewalFilter {
  const text = (name: string) => params.get(name)?.trim().slice(0, 100) || undefined;
  const known = <T extends object>(words: T, name: string) => {
    const value = text(name);
    return value && Object.hasOwn(words, value) ? (value as keyof T) : undefined;
  };
  const within = RENEWAL_WINDOWS.find((window) => String(window) === text('within')) ?? 60;
  return { within, agency: text('agency'), use: known(uses, 'use'), state: known(renewalStates, 'state') };
}
