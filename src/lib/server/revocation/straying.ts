// Whether an address serves a list that was made for other addresses (IssuingDistributionPoint, RFC 5280 §5.2.5): such a list
// proves nothing about the certificates that name this one, however good its signature is.
import type { Context } from '../context.ts';
import { uriName } from './crl-scope.ts';
import { onlyRevokes } from './crl-signers.ts';
import { heldList, unlessLost } from './held-object.ts';
import * as store from './store.ts';
import { nameText } from './views-decode.ts';

const NONE: ReadonlySet<string> = new Set();
/** Names in the scope of a list that is served; each is read once in the life of the process. */
const namesOf = new Map<string, readonly string[]>();
const MOST = 1000;

/**
 * The addresses that a list was made for, when none of them is one that certificates of its issuer name; null: it is in
 * place, or its scope names something else than web addresses, which nobody can tell.
 */
export function madeFor(ctx: Context, held: store.EvidenceRow, sources: readonly store.SourceRow[]): string[] | null {
  if (held.kind !== 'crl' || held.scope === 'all' || onlyRevokes(held.scope)) return null;
  const names = scopeNames(ctx, held);
  const urls = names.map(nameText);
  if (urls.length === 0 || !urls.every((url) => /^https?:/i.test(url))) return null;
  const known = new Set(
    sources.flatMap((one) => (one.kind === 'crl' && one.issuerKey === held.issuerKey ? [uriName(one.url)] : [])),
  );
  return names.some((name) => known.has(name)) ? null : urls;
}

function scopeNames(ctx: Context, held: store.EvidenceRow): readonly string[] {
  const read = namesOf.get(held.sha256);
  if (read) return read;
  const names = unlessLost(() => heldList(ctx, held, NONE).crl.scope?.names ?? []) ?? [];
  if (namesOf.size >= MOST) namesOf.clear();
  namesOf.set(held.sha256, names);
  return names;
}
