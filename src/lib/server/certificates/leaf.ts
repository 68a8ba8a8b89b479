// Writes the leaf certificates of an import, as the reading thread read and judged them: identity, owner, problems. The
// holders are read once for the run, because thousands of leaves share them.
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import { connection, newId } from '../db/index.ts';
import { noteContradiction, sameDay, sameIssuer } from './certificate-sheet.ts';
import type { Facts } from './facts.ts';
import type { ReadLeaf } from './import-reading.ts';
import { lintRuleIds } from './lint.ts';
import { nameKey } from './names.ts';
import { firstOwner, matcher, ownFirst, whyFirst } from './owners.ts';
import * as store from './store.ts';

export type Written = { outcome: 'added' | 'completed' | 'duplicate'; id: string };
/** The leaves of one transaction: what is new is written by `end`, all at once. */
export type LeafBatch = { write: (leaf: ReadLeaf, entryName: string) => Written; end: () => void };

export function leafWriter(ctx: Context, run: { id: string; agencyId: string | null }, lintedWith: string) {
  const match = matcher(ctx, run.id);
  const waiting = dataOnly(ctx);

  return (tx: Context, leaves: readonly ReadLeaf[]): LeafBatch => {
    const now = tx.now();
    const fingerprints = leaves.map((leaf) => leaf.facts.fingerprint);
    const known = store.knownFingerprints(tx.db, fingerprints);
    const fresh: store.NewFile[] = [];

    const revive = (id: string, { facts, problems }: ReadLeaf): Written => {
      store.revive(tx.db, id, { importId: run.id, lintedWith }, now);
      ownFirst(tx, id, firstOwner(facts, match, run.agencyId), facts.notBefore);
      for (const problem of problems) store.insertProblem(tx.db, id, problem, now);
      return { outcome: 'added', id };
    };

    const complete = (record: store.CertificateRow, { der, facts, verdict, problems }: ReadLeaf): Written => {
      store.keepDer(tx.db, { fingerprint: facts.fingerprint, der }, now);
      store.completeWithFile(tx.db, record, facts, verdict, now);
      if (record.notAfter !== null && !sameDay(record.notAfter, facts.notAfter)) noteContradiction(tx, record.id);
      if (record.holderId === null)
        ownFirst(tx, record.id, firstOwner(facts, match, record.agencyId ?? run.agencyId), facts.notBefore);
      store.setProblems(tx.db, record.id, problems, lintRuleIds, now);
      store.update(tx.db, record.id, { lintedWith });
      store.appendEvent(tx.db, {
        certificateId: record.id,
        at: now,
        facet: 'lifecycle',
        from: 'data_only',
        to: 'current',
        detail: {},
      });
      return { outcome: 'completed', id: record.id };
    };

    const add = ({ der, facts, verdict, problems }: ReadLeaf, entryName: string): Written => {
      const id = newId(now);
      const owner = firstOwner(facts, match, run.agencyId);
      const source = /\.pdf$/i.test(entryName) ? 'pdf' : 'file';
      fresh.push({ id, der, facts, verdict, problems, owner, source });
      return { outcome: 'added', id };
    };

    return {
      /** Fingerprint known: nothing to add. A record known from a sheet is completed; everything else is new. */
      write: (leaf, entryName) => {
        const { facts } = leaf;
        const seen = known.get(facts.fingerprint);
        if (seen) return store.isVoided(tx.db, seen) ? revive(seen, leaf) : { outcome: 'duplicate', id: seen };
        const record = waiting.find(tx, facts);
        const written = record ? complete(record, leaf) : add(leaf, entryName);
        known.set(facts.fingerprint, written.id);
        return written;
      },
      end: () =>
        store.insertFiles(tx.db, fresh, {
          importId: run.id,
          lintedWith,
          why: whyFirst,
          by: audit.actorKey(tx.actor),
          now,
        }),
    };
  };
}

/** Records that wait for their file, by serial and by name, use and last day. */
function dataOnly(ctx: Context) {
  const rows = connection(ctx.db)
    .prepare(
      'select id, serial, issuer, common_name as commonName, use, not_after as notAfter from certificate where fingerprint is null and archived_at is null',
    )
    .all() as {
    id: string;
    serial: string | null;
    issuer: string;
    commonName: string;
    use: string;
    notAfter: number | null;
  }[];
  const bySerial = new Map<string, typeof rows>();
  const byName = new Map<string, typeof rows>();
  const nameOf = (name: string, use: string, end: number | null) =>
    `${nameKey(name)}|${use}|${end === null ? '' : wibDate(end)}`;
  const put = (map: Map<string, typeof rows>, key: string, row: (typeof rows)[number]) =>
    map.set(key, [...(map.get(key) ?? []), row]);
  for (const row of rows) {
    if (row.serial) put(bySerial, row.serial, row);
    else put(byName, nameOf(row.commonName, row.use, row.notAfter), row);
  }
  return {
    /** Issuer + serial first; else holder's name + use + validity, when exactly one record fits. */
    find: (tx: Context, facts: Facts): store.CertificateRow | null => {
      if (!rows.length) return null;
      const bySame = (bySerial.get(facts.serial) ?? []).filter((row) => sameIssuer(row.issuer, facts.issuer));
      const named = bySame.length ? bySame : (byName.get(nameOf(facts.commonName, facts.use, facts.notAfter)) ?? []);
      if (named.length !== 1) return null;
      const row = store.byId(tx.db, named[0]!.id);
      return row && row.fingerprint === null ? row : null;
    },
  };
}
