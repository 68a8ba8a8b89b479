// What a list's address or form asks an act to be done to.
import * as certificates from '#lib/server/certificates/index.ts';

/** What an earlier act changed, everything the filters match when `all` is ticked, else the ticked certificates. */
export function selectionOf(params: URLSearchParams): certificates.Selection {
  const of = params.get('of');
  if (of) return { of };
  if (params.get('all') === '1') return { filter: certificates.filterOf(params) };
  return { ids: params.getAll('id').slice(0, 500) };
}

export const kindOf = (text: string | null): certificates.BulkKind | null =>
  text !== null && Object.hasOwn(certificates.bulkKinds, text) ? (text as certificates.BulkKind) : null;

/** The address of the list, or of the act, that the selection came from. */
export function listAddress(params: URLSearchParams): string {
  const of = params.get('of');
  if (of) return `/certificates/bulk/${encodeURIComponent(of)}`;
  const back = new URLSearchParams(params);
  for (const name of ['id', 'all', 'act', 'fate', 'because', 'past']) back.delete(name);
  return `/certificates?${back.toString() || 'status=all'}`;
}
