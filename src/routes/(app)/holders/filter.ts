// The address of the list of holders, read. What is not understood is left out.
import type { HolderFilter } from '#lib/server/certificates/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { holderKinds, holderStatuses } from '#lib/terms.ts';

export function holderFilterOf(params: URLSearchParams): HolderFilter {
  const text = (name: string) => params.get(name)?.trim().slice(0, 200) || undefined;
  const known = <T extends object>(words: T, name: string) => {
    const value = text(name);
    return value && Object.hasOwn(words, value) ? (value as keyof T) : undefined;
  };
  const sort = text('sort');
  return {
    q: text('q'),
    agency: text('agency'),
    status: text('status') === 'leaver' ? 'leaver' : known(holderStatuses, 'status'),
    kind: known(holderKinds, 'kind'),
    certificates: known({ with: 1, without: 1, usable: 1 }, 'certificates'),
    sort: certificates.HOLDER_SORTS.find((name) => name === sort?.replace(/^-/, '')),
    descending: sort?.startsWith('-') || undefined,
    after: certificates.cursorOf(params.get('after')),
  };
}
