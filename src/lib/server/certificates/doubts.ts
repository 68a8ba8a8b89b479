// A decision that takes trust away holds at once, however many certificates stand below: each issuer whose certificates
// may hang on it gets one row (`chain_doubt`), which lists, labels and counts read until jobs judged every chain anew.
import { connection, type Db } from '../db/index.ts';
import type { Keyring, KnownAuthority } from './chain.ts';
import type { Doubt } from './label.ts';

export const all = (db: Db): Map<string, Doubt> =>
  new Map(connection(db).prepare('select authority_id, chain from chain_doubt').raw().all() as [string, Doubt][]);

/** The stronger doubt stays. Call it in the decision's transaction. */
export function raise(db: Db, issuers: readonly { id: string }[], chain: Doubt, now: number): void {
  const stronger = chain === 'ca_revoked' ? `do update set chain = 'ca_revoked'` : 'do nothing';
  const insert = connection(db).prepare(
    `insert into chain_doubt (authority_id, chain, since) values (?, ?, ?) on conflict ${stronger}`,
  );
  for (const { id } of issuers) insert.run(id, chain, now);
}

/** Doubts end when everything was judged after the last decision. */
export const settle = (db: Db): void =>
  void connection(db)
    .prepare(
      `delete from chain_doubt where not exists (select 1 from chain_run where state <> 'done' and scope = 'all')`,
    )
    .run();

/**
 * Issuers with a certificate that may hang on this CA: those from which verified signatures reach it, by whatever way,
 * and those that share a key with one (a leaf is judged by every issuer whose key verifies it). That another way leads to
 * an anchor is for the judgement to say. @param ring as it was before the decision
 */
export function hangingOn(ring: Keyring, id: string, known: readonly KnownAuthority[]): KnownAuthority[] {
  const reaches = known.filter((one) => one.id === id || ring.reachOf(one).above.some((above) => above.id === id));
  const keys = new Set(reaches.map(({ view }) => view.publicKey.spkiSha256));
  return known.filter(({ view }) => keys.has(view.publicKey.spkiSha256));
}
