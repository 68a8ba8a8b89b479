// Writes one leaf certificate of an import, as the reading thread read and judged it: identity, owner, problems. The
// holders are read once for the run, because thousands of leaves share them.
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { noteContradiction, sameDay, sameIssuer } from './certificate-sheet.ts';
import type { Facts } from './facts.ts';
import type { ReadLeaf } from './import-reading.ts';
import { lintRuleIds } from './lint.ts';
import { nameKey } from './names.ts';
import { matcher, ownNew } from './owners.ts';
import * as store from './store.ts';

export type Written = { outcome: 'added' | 'completed' | 'duplicate'; id: string };

export function leafWriter(ctx: Context, run: { id: string; agencyId: string | null }, lintedWith: string) {
  const match = matcher(ctx, run.id);
  const waiting = dataOnly(ctx);

  return {
    /** Fingerprint known: nothing to add. A record known from a sheet is completed; everything else is new. */
    write: (tx: Context, { der, facts, verdict, problems }: ReadLeaf, entryName: string): Written => {
      const now = tx.now();
      const seen = store.byFingerprint(tx.db, facts.fingerprint);
      if (seen && !store.isVoided(tx.db, seen.id)) return { outcome: 'duplicate', id: seen.id };
      store.keepDer(tx.db, { fingerprint: facts.fingerprint, der }, now);
      const record = seen ? null : waiting.find(tx, facts);
      if (record) {
        store.completeWithFile(tx.db, record, facts, verdict, now);
        if (record.notAfter !== null && !sameDay(record.notAfter, facts.notAfter)) noteContradiction(tx, record.id);
        if (record.holderId === null)
          ownNew(tx, record.id, facts, match, {
            notBefore: facts.notBefore,
            agencyId: record.agencyId ?? run.agencyId,
          });
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
      }
      const source = /\.pdf$/i.test(entryName) ? 'pdf' : 'file';
      const id = seen?.id ?? store.insertFile(tx.db, facts, verdict, { source, importId: run.id, lintedWith, now });
      if (seen) store.revive(tx.db, id, { importId: run.id }, now);
      ownNew(tx, id, facts, match, { notBefore: facts.notBefore, agencyId: run.agencyId });
      for (const problem of problems) store.insertProblem(tx.db, id, problem, now);
      return { outcome: 'added', id };
    },
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
      const bySame = (bySerial.get(facts.serial) ?? []).filter((row) => sameIssuer(row.issuer, facts.issuer));
      const named = bySame.length ? bySame : (byName.get(nameOf(facts.commonName, facts.use, facts.notAfter)) ?? []);
      if (named.length !== 1) return null;
      const row = store.byId(tx.db, named[0]!.id);
      return row && row.fingerprint === null ? row : null;
    },
  };
}
