// The address of the calendar, read. What is not understood is left out.
import type { ExpiryFilter } from '#lib/server/certificates/index.ts';
import { uses } from '#lib/terms.ts';

export function calendarFilterOf(params: URLSearchParams): ExpiryFilter {
  const use = params.get('use') ?? '';
  return {
    agency: params.get('agency')?.trim().slice(0, 40) || undefined,
    use: Object.hasOwn(uses, use) ? (use as keyof typeof uses) : undefined,
    open: params.get('successor') === 'none' || undefined,
  };
}
