// The address of the list of holders, read. What is not understood is left out.
import type { HolderFilter } from '#lib/server/certificates/index.ts';
import { holderKinds, holderStatuses } from '#lib/terms.ts';

export function holderFilterOf(params: URLSearchParams): HolderFilter {
  const text = (name: string) => params.get(name)?.trim().slice(0, 200) || undefined;
  const status = text('status');
  const kind = text('kind');
  return {
    q: text('q'),
    agency: text('agency'),
    status:
      status === 'leaver' || (status && Object.hasOwn(holderStatuses, status))
        ? (status as HolderFilter['status'])
        : undefined,
    kind: kind && Object.hasOwn(holderKinds, kind) ? (kind as HolderFilter['kind']) : undefined,
    without: params.get('without') === '1',
    after: text('after'),
  };
}
