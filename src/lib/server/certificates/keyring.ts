// The keyring as the database has it now, read anew only when a CA certificate or a decision about one changed. A verb
// that runs for long asks for it in every chunk, so that a decision reaches it at once.
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { Keyring } from './chain.ts';
import * as issuers from './authority-store.ts';

const rings = new WeakMap<object, { state: string; ring: Keyring }>();

export function keyringOf(ctx: Context): Keyring {
  const client = connection(ctx.db);
  const state = client
    .prepare(`select coalesce(group_concat(id || trust || coalesce(revoked_at, '')), '') from authority`)
    .pluck()
    .get() as string;
  const known = rings.get(client);
  if (known?.state === state) return known.ring;
  const ring = new Keyring(issuers.known(ctx.db));
  rings.set(client, { state, ring });
  return ring;
}
