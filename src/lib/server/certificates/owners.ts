// Who answers for a certificate: holders, positions, matching by name, transfer. Pasal 12: the owner must ask for
// revocation; the office must therefore know who that is. A match is made only when exactly one person fits; namesakes
// and misses wait for a person (Pekerjaan).
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { invalid, notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import { refreshEstate, refreshSuccessors } from './estate.ts';
import type { Facts, Use } from './facts.ts';
import * as people from './holder-store.ts';
import { assignInput, checked, transferInput, type AssignInput, type TransferInput } from './input.ts';
import { wordsOf } from './listing.ts';
import { nameKey } from './names.ts';
import * as store from './store.ts';

export type { HolderFilter, HolderListRow } from './holder-store.ts';

export type Matcher = {
  /** The one holder who fits, or null. */
  holderOf: (certificate: { commonName: string; emails: readonly string[]; use: Use }) => string | null;
  agencyOf: (holderId: string) => string | null;
};

/** Reads all holders once, for matching many certificates. */
export function matcher(ctx: Context): Matcher {
  const { byName, byEmail } = people.matchIndex(ctx.db);
  const rows = connection(ctx.db)
    .prepare('select holder_id as holderId, agency_id as agencyId from position where "to" is null order by "from"')
    .all() as { holderId: string; agencyId: string }[];
  const agencyByHolder = new Map(rows.map((row) => [row.holderId, row.agencyId]));
  return {
    agencyOf: (holderId) => agencyByHolder.get(holderId) ?? null,
    holderOf: ({ commonName, emails, use }) => {
      const byMail = emails.map((email) => byEmail.get(email)).find(Boolean);
      if (byMail) return byMail;
      if (use === 'tls_server' || use === 'tls_client') {
        return serverHolder(ctx, commonName, byName);
      }
      const named = byName.get(nameKey(commonName)) ?? [];
      return named.length === 1 ? named[0]! : null;
    },
  };
}

/** A server is its own holder, by host name. Written when first met. */
function serverHolder(ctx: Context, host: string, byName: Map<string, string[]>): string {
  const key = nameKey(host);
  const known = byName.get(key)?.[0];
  if (known) return known;
  const row = {
    kind: 'system' as const,
    name: host.toLowerCase(),
    titleBefore: '',
    titleAfter: '',
    nip: null,
    email: null,
  };
  const id = people.insert(ctx.db, { ...row, status: 'active', statusSince: null }, ctx.now());
  byName.set(key, [id]);
  return id;
}

/** First owner of a new record; from its own beginning, because it was issued to that person. */
export function ownNew(
  ctx: Context,
  id: string,
  facts: Pick<Facts, 'commonName' | 'emails' | 'use'>,
  match: Matcher,
  more: { notBefore: number | null; agencyId: string | null },
): string | null {
  const now = ctx.now();
  const holderId = match.holderOf(facts);
  const agencyId = (holderId && match.agencyOf(holderId)) ?? more.agencyId;
  if (holderId === null && agencyId === null) return null;
  store.setOwner(
    ctx.db,
    id,
    { holderId, agencyId },
    {
      from: Math.min(more.notBefore ?? now, now),
      why: holderId ? 'Nama pada sertifikat cocok dengan satu pemilik' : 'Perangkat Daerah dari impor',
      by: audit.actorKey(ctx.actor),
      now,
    },
  );
  return holderId;
}

/**
 * Matches certificates that have no holder yet. One hit by e-mail or bare name is accepted; namesakes and misses stay.
 * Idempotent. @returns how many were matched and how many still wait
 */
export function matchHolders(ctx: Context): { matched: number; waiting: number } {
  demand(ctx.actor, 'certificates.import');
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const match = matcher(tx);
    const rows = connection(tx.db)
      .prepare(
        'select id, common_name as commonName, san, use, agency_id as agencyId, not_before as notBefore from certificate where holder_id is null',
      )
      .all() as {
      id: string;
      commonName: string;
      san: string;
      use: Use;
      agencyId: string | null;
      notBefore: number | null;
    }[];
    const touched = new Set<string>();
    let matched = 0;
    for (const row of rows) {
      const emails = (JSON.parse(row.san) as string[])
        .filter((name) => name.startsWith('email:'))
        .map((name) => name.slice(6).toLowerCase());
      const holderId = match.holderOf({ ...row, emails });
      if (!holderId) continue;
      const agencyId = match.agencyOf(holderId) ?? row.agencyId;
      const act = {
        from: Math.min(row.notBefore ?? now, now),
        why: 'Nama pada sertifikat cocok dengan satu pemilik',
        by: audit.actorKey(ctx.actor),
        now,
      };
      store.setOwner(tx.db, row.id, { holderId, agencyId }, act);
      touched.add(holderId);
      matched += 1;
    }
    if (matched) {
      refreshSuccessors(tx.db, [...touched]);
      refreshEstate(tx.db, now);
      audit.record(tx, { action: 'certificates.matched', targets: [], details: { count: matched } });
    }
    return { matched, waiting: rows.length - matched };
  });
}

/** Says whose certificate it is; the agency follows the person's present position. */
export function assignHolder(ctx: Context, certificateId: string, input: AssignInput): void {
  demand(ctx.actor, 'certificates.edit');
  const now = ctx.now();
  const { holderId, why } = checked(assignInput, input, 'Pemilik belum ditetapkan; periksa isian yang ditandai.');
  const row = visible(ctx, certificateId);
  const holder = people.byId(ctx.db, holderId);
  if (!holder) throw invalid('Pemilik ini tidak ada dalam daftar.', { holderId: 'Pilih pemilik dari daftar.' });
  transact(ctx, (tx) => {
    const agencyId = people.currentPosition(tx.db, holderId)?.agencyId ?? row.agencyId;
    const first = row.holderId === null;
    store.setOwner(
      tx.db,
      row.id,
      { holderId, agencyId },
      {
        from: first ? Math.min(row.notBefore ?? now, now) : now,
        why: why || 'Ditetapkan petugas',
        by: audit.actorKey(ctx.actor),
        now,
      },
    );
    refreshSuccessors(tx.db, row.holderId ? [row.holderId, holderId] : [holderId]);
    refreshEstate(tx.db, now);
    audit.record(tx, {
      action: 'certificate.owner',
      targets: [
        ['certificate', row.id],
        ['holder', holderId],
      ],
      personal: { name: holder.name },
      ...(why ? { reason: why } : {}),
    });
  });
}

/** Puts a certificate under another agency, with the reason; the holder stays. */
export function transfer(ctx: Context, certificateId: string, input: TransferInput): void {
  demand(ctx.actor, 'certificates.edit');
  const now = ctx.now();
  const { agency: code, why } = checked(transferInput, input, 'Belum dipindahkan; periksa isian yang ditandai.');
  const agency = agencies.get(ctx, code);
  const row = visible(ctx, certificateId);
  transact(ctx, (tx) => {
    store.setOwner(
      tx.db,
      row.id,
      { holderId: row.holderId, agencyId: agency.id },
      { from: now, why, by: audit.actorKey(ctx.actor), now },
    );
    audit.record(tx, {
      action: 'certificate.transferred',
      targets: [
        ['certificate', row.id],
        ['agency', agency.id],
      ],
      details: { agency: agency.name },
      reason: why,
    });
  });
}

/** @throws AppError not_found, also when the actor may not see it */
export function visible(ctx: Context, certificateId: string): store.CertificateRow {
  const row = store.byId(ctx.db, certificateId);
  const seen = scope(ctx.actor);
  if (!row || (seen !== 'all' && !seen.includes(row.agencyId ?? ''))) {
    throw notFound('Sertifikat ini tidak ada, atau bukan milik Perangkat Daerah Anda.');
  }
  return row;
}

/** People whose bare name is like the certificate's: same name first, then those who share its words. */
export function likelyHolders(ctx: Context, commonName: string) {
  demand(ctx.actor, 'holders.view');
  const same = people.byNameKey(ctx.db, nameKey(commonName)).map((row) => row.id);
  const words = nameKey(commonName)
    .toLowerCase()
    .split(' ')
    .filter((word) => word.length > 2)
    .slice(0, 2);
  const view = { now: ctx.now(), scope: scope(ctx.actor) };
  const named = people.page(ctx.db, { limit: 8 }, { ...view, words: words.length ? words : ['\u0000'] }).rows;
  const alike =
    words[0] && named.length < 4 ? people.page(ctx.db, { limit: 8 }, { ...view, words: [words[0]] }).rows : [];
  const rows = [...named, ...alike.filter((row) => !named.some((other) => other.id === row.id))];
  return rows
    .map((row) => ({ ...row, sameName: same.includes(row.id) }))
    .sort((a, b) => Number(b.sameName) - Number(a.sameName));
}

/** One page of holders, by name. */
export function holders(ctx: Context, filter: people.HolderFilter) {
  demand(ctx.actor, 'holders.view');
  return people.page(ctx.db, filter, { now: ctx.now(), scope: scope(ctx.actor), words: wordsOf(filter.q) });
}

/** All holders that match, for export; the export stands in the trail. */
export function exportHolders(ctx: Context, filter: people.HolderFilter, format: string): people.HolderListRow[] {
  demand(ctx.actor, 'certificates.export');
  const { rows } = holders(ctx, { ...filter, after: undefined, limit: Number.MAX_SAFE_INTEGER - 1 });
  transact(ctx, (tx) =>
    audit.record(tx, { action: 'holders.exported', targets: [], details: { count: rows.length, format } }),
  );
  return rows;
}

/** A holder with positions, newest first. @throws AppError not_found */
export function holder(ctx: Context, id: string) {
  demand(ctx.actor, 'holders.view');
  const row = people.byId(ctx.db, id);
  const seen = scope(ctx.actor);
  const positions = row ? people.positions(ctx.db, id) : [];
  const current = people.currentPosition(ctx.db, id);
  const certificates = row ? store.byHolder(ctx.db, id) : [];
  const mine =
    seen === 'all' ||
    (current && seen.includes(current.agencyId)) ||
    certificates.some((c) => c.agencyId && seen.includes(c.agencyId));
  if (!row || !mine) throw notFound('Pemilik ini tidak ada, atau bukan pegawai Perangkat Daerah Anda.');
  return { ...row, positions, certificateIds: certificates.map((c) => c.id) };
}

/** Brings position, status and the agency of the certificates in line with the personnel list. Used by the import. */
export function settlePerson(
  ctx: Context,
  holderId: string,
  said: { agencyId: string | null; title: string; leaver: boolean; source: string },
): boolean {
  const now = ctx.now();
  const today = wibDate(now);
  const current = people.currentPosition(ctx.db, holderId);
  if (!said.agencyId) return false;
  if (current?.agencyId === said.agencyId && current.title === said.title) return false;
  const lastDay = current && current.from >= today ? today : wibDate(now - 86_400_000);
  people.move(ctx.db, holderId, {
    agencyId: said.agencyId,
    title: said.title,
    from: today,
    source: said.source,
    now,
    lastDay,
  });
  if (current?.agencyId === said.agencyId) return true;
  for (const row of store.byHolder(ctx.db, holderId)) {
    if (row.agencyId === said.agencyId) continue;
    const why = current ? `Pindah tugas menurut ${said.source}` : `Jabatan menurut ${said.source}`;
    store.setOwner(
      ctx.db,
      row.id,
      { holderId, agencyId: said.agencyId },
      { from: now, why, by: audit.actorKey(ctx.actor), now },
    );
  }
  return true;
}
