// Who answers for a certificate: first owner, another owner, another agency, not used any more. Pasal 12: the owner must
// ask for revocation; the office must therefore know who that is. An identity (e-mail, NIP, host name) assigns at once; a
// bare name waits for matching.ts.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { accept, invalid, notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import * as counting from './counting.ts';
import { refreshEstate } from './estate.ts';
import type { Facts, Use } from './facts.ts';
import * as people from './holder-store.ts';
import {
  assignInput,
  reasonInput,
  transferInput,
  type AssignInput,
  type ReasonInput,
  type TransferInput,
} from './input.ts';
import { nameKey } from './names.ts';
import * as store from './store.ts';
import { refreshSuccessors } from './successors.ts';

export type Matcher = {
  /** The holder an identity names: e-mail address, NIP or host name. Null: a bare name is only a proposal (matching.ts). */
  holderOf: (certificate: Identity) => string | null;
  /** The same without writing; a server that is not known yet by its name. */
  foreseen: (certificate: Identity) => { id: string } | { host: string } | null;
  agencyOf: (holderId: string) => string | null;
  /** Who has this e-mail on record. */
  ofEmail: (email: string) => string | null;
};
type Identity = { commonName: string; emails: readonly string[]; use: Use; subject?: string };

/** Reads all holders once, for many certificates. @param importId the run that enters servers it meets first */
export function matcher(ctx: Context, importId: string): Matcher {
  const { bySystem, byEmail, byNip } = people.identities(ctx.db);
  const rows = connection(ctx.db)
    // The present position, else the last one held: who has left keeps the agency.
    .prepare('select holder_id as holderId, agency_id as agencyId from position order by "to" is null, "from"')
    .all() as { holderId: string; agencyId: string }[];
  const agencyByHolder = new Map(rows.map((row) => [row.holderId, row.agencyId]));
  const foreseen: Matcher['foreseen'] = ({ commonName, emails, use, subject }) => {
    const nip = /(?<!\d)\d{18}(?!\d)/.exec(subject ?? '')?.[0];
    const id = emails.map((email) => byEmail.get(email)).find(Boolean) ?? (nip && byNip.get(nip));
    if (id) return { id };
    if (use !== 'tls_server' && use !== 'tls_client') return null;
    // A server is its own holder, by host name.
    const key = nameKey(commonName);
    const known = bySystem.get(key);
    return known ? { id: known } : key ? { host: commonName.toLowerCase().slice(0, 253) } : null;
  };
  return {
    agencyOf: (holderId) => agencyByHolder.get(holderId) ?? null,
    ofEmail: (email) => byEmail.get(email) ?? null,
    foreseen,
    holderOf: (certificate) => {
      const found = foreseen(certificate);
      if (!found || 'id' in found) return found?.id ?? null;
      const id = newServer(ctx, importId, found.host);
      bySystem.set(nameKey(certificate.commonName), id);
      return id;
    },
  };
}

function newServer(ctx: Context, importId: string, name: string): string {
  const facts = { titleBefore: '', titleAfter: '', nip: null, email: null, statusSince: null, importId };
  return people.insert(ctx.db, { kind: 'system', name, status: 'active', ...facts }, ctx.now());
}

/** First owner of a record, as its identity or the import names it; null: nobody yet. */
export function firstOwner(
  facts: Pick<Facts, 'commonName' | 'emails' | 'use' | 'subject'>,
  match: Matcher,
  agencyId: string | null,
): store.Owner | null {
  const holderId = match.holderOf(facts);
  const owner = { holderId, agencyId: (holderId && match.agencyOf(holderId)) ?? agencyId };
  return owner.holderId === null && owner.agencyId === null ? null : owner;
}

export const whyFirst = ({ holderId }: store.Owner): string =>
  holderId ? 'Surel, NIP, atau nama host pada sertifikat' : 'Perangkat Daerah dari impor';

/** Writes the first owner; from the certificate's own beginning, because it was issued to that person. */
export function ownFirst(tx: Context, id: string, owner: store.Owner | null, notBefore: number | null): void {
  if (!owner) return;
  const now = tx.now();
  const act = { from: notBefore ?? now, why: whyFirst(owner), by: audit.actorKey(tx.actor), now };
  store.setOwner(tx.db, id, owner, act);
}

/** Says whose certificate it is; the agency follows the person's present position. */
export function assignHolder(ctx: Context, certificateId: string, input: AssignInput): void {
  demand(ctx.actor, 'certificates.edit');
  const now = ctx.now();
  const { holderId, why } = accept(assignInput, input, 'Pemilik belum ditetapkan; periksa isian yang ditandai.');
  const row = visible(ctx, certificateId);
  const holder = people.byId(ctx.db, holderId);
  if (!holder || holder.archivedAt !== null)
    throw invalid('Pemilik ini tidak ada dalam daftar.', { holderId: 'Pilih pemilik dari daftar.' });
  transact(ctx, (tx) => {
    const agencyId = people.currentPosition(tx.db, holderId)?.agencyId ?? row.agencyId;
    const act = { from: row.notBefore ?? now, why: why || 'Ditetapkan petugas', by: audit.actorKey(ctx.actor), now };
    store.setOwner(tx.db, row.id, { holderId, agencyId }, act);
    counting.forget(tx.db);
    const holders = row.holderId ? [row.holderId, holderId] : [holderId];
    refreshSuccessors(tx.db, holders);
    refreshEstate(tx.db, now, { holders });
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
  const { agency: code, why } = accept(transferInput, input, 'Belum dipindahkan; periksa isian yang ditandai.');
  const agency = agencies.get(ctx, code);
  const row = visible(ctx, certificateId);
  transact(ctx, (tx) => {
    store.setOwner(
      tx.db,
      row.id,
      { holderId: row.holderId, agencyId: agency.id },
      { from: now, why, by: audit.actorKey(ctx.actor), now },
    );
    counting.forget(tx.db);
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

/** "Tidak dipakai lagi": asks for no renewal and raises no alert; whether it is revoked is the issuer's word alone. */
export function retire(ctx: Context, certificateId: string, input: ReasonInput): void {
  demand(ctx.actor, 'certificates.edit');
  const { why } = accept(reasonInput, input, 'Belum disimpan; periksa isian yang ditandai.');
  setRetired(ctx, certificateId, ctx.now(), why);
}

/** Takes `retire` back. */
export function reinstate(ctx: Context, certificateId: string): void {
  demand(ctx.actor, 'certificates.edit');
  setRetired(ctx, certificateId, null);
}

function setRetired(ctx: Context, certificateId: string, retiredAt: number | null, why?: string): void {
  const row = visible(ctx, certificateId);
  if ((row.retiredAt === null) === (retiredAt === null)) return;
  const now = ctx.now();
  transact(ctx, (tx) => {
    store.update(tx.db, row.id, { retiredAt, updatedAt: now });
    counting.forget(tx.db);
    const [from, to] = retiredAt === null ? ['retired', 'current'] : ['current', 'retired'];
    store.appendEvent(tx.db, { certificateId: row.id, at: now, facet: 'lifecycle', from: from!, to: to!, detail: {} });
    audit.record(tx, {
      action: retiredAt === null ? 'certificate.reinstated' : 'certificate.retired',
      targets: [['certificate', row.id]],
      ...(why ? { reason: why } : {}),
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
