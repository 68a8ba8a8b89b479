// Two records of one holder become one, and two again when that was a mistake. A merge keeps how both records stood
// before and after it: what still stands as the merge left it can be put back exactly; once something was built on it
// (a certificate, a move, a correction), somebody has to take that away first.
import { isDeepStrictEqual } from 'node:util';
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { refreshEstate } from './estate.ts';
import * as input from './holder-input.ts';
import { current } from './holder-life.ts';
import { differentNumbers, joinedFacts, joinedPositions } from './holder-merge-plan.ts';
import * as merges from './holder-merge-store.ts';
import * as people from './holder-store.ts';
import { addAlias } from './match-store.ts';
import type { MergeState } from './schema-holder.ts';
import * as store from './store.ts';
import { refreshSuccessors } from './successors.ts';

/**
 * Two records of one holder become one: certificates, positions and names go over, each certificate with its history;
 * the other record stays readable. @param keepId the record that stays in use
 */
export function mergeHolders(ctx: Context, keepId: string, said: input.MergeInput): void {
  demand(ctx.actor, 'holders.edit');
  const form = accept(input.mergeInput, said, 'Belum digabungkan; periksa isian yang ditandai.');
  const keep = current(ctx, keepId);
  if (form.other === keepId) throw invalid('Belum digabungkan.', { other: 'Ini catatan yang sama.' });
  const other = current(ctx, form.other);
  if (other.kind !== keep.kind) throw invalid('Belum digabungkan.', { other: 'Jenis kedua pemilik berbeda.' });
  const split = differentNumbers(keep, other);
  if (split && form.nip !== keep.nip && form.nip !== other.nip) {
    throw invalid('Keduanya mempunyai NIP yang berbeda.', { nip: 'Pilih NIP yang benar.' });
  }
  const facts = joinedFacts(keep, other, form.nip);
  transact(ctx, (tx) => {
    const now = tx.now();
    const by = audit.actorKey(tx.actor);
    const both = [keepId, other.id] as const;
    const before = merges.stateOf(tx.db, both);
    const owned = store.byHolder(tx.db, other.id);
    const positions = joinedPositions(keepId, merges.held(tx.db, both), wibDate(now));
    merges.absorb(tx.db, { fromId: other.id, intoId: keepId, positions, now });
    // The number that is not the right one stays on the record that is no longer used.
    people.update(tx.db, keepId, { nip: null });
    people.update(tx.db, other.id, { nip: split && facts.nip === other.nip ? keep.nip : split ? other.nip : null });
    people.update(tx.db, keepId, facts);
    if (other.nameKey !== keep.nameKey) addAlias(tx.db, { holderId: keepId, name: other.name, by, now });
    const agencyId = people.lastPosition(tx.db, keepId)?.agencyId;
    for (const row of owned) {
      const owner = { holderId: keepId, agencyId: agencyId ?? row.agencyId };
      store.setOwner(tx.db, row.id, owner, { from: now, why: 'Dua catatan pemilik digabungkan', by, now });
    }
    const moved = { before, after: merges.stateOf(tx.db, both) };
    merges.insert(tx.db, { holderId: other.id, intoId: keepId, why: form.why, by, at: now, moved });
    settle(tx, [keepId]);
    audit.record(tx, {
      action: 'holders.merged',
      targets: both.map((id) => ['holder', id] as const),
      details: { count: owned.length },
      personal: { from: other.name, name: keep.name },
      reason: form.why,
    });
  });
}

/** What merging would make of two records, before anybody decides. @returns `nip` null where it has to be chosen */
export function mergePreview(ctx: Context, keepId: string, otherId: string) {
  demand(ctx.actor, 'holders.edit');
  const [keep, other] = [current(ctx, keepId), current(ctx, otherId)];
  const both = [keepId, otherId];
  const named = new Map(both.flatMap((id) => people.positions(ctx.db, id)).map((row) => [row.id, row]));
  const positions = joinedPositions(keepId, merges.held(ctx.db, both), wibDate(ctx.now()));
  return {
    ...joinedFacts(keep, other, null),
    name: keep.name,
    status: keep.status,
    split: differentNumbers(keep, other),
    positions: positions
      .filter((row) => row.holderId === keepId)
      .map((row) => ({ ...named.get(row.id)!, to: row.to }))
      .sort((a, b) => b.from.localeCompare(a.from) || Number(b.to === null) - Number(a.to === null)),
  };
}

/** Why a merge can no longer be undone, with what to do; null: it can. @param otherId the record that was merged away */
export function whyInseparable(ctx: Context, otherId: string): string | null {
  demand(ctx.actor, 'holders.edit');
  const merge = merges.mergeOf(ctx.db, otherId);
  if (!merge) return 'Catatan ini tidak digabung.';
  if (!merge.moved)
    return 'Penggabungan ini dari versi Siaga yang belum mencatat apa saja yang dipindahkan. Buat catatan baru lewat Tambah Pemilik, lalu pindahkan sertifikatnya.';
  const now = merges.stateOf(ctx.db, [merge.intoId, otherId]);
  const { after } = merge.moved;
  const keep = people.byId(ctx.db, merge.intoId);
  if (!keep || keep.archivedAt !== null || !isDeepStrictEqual(now.merges, after.merges))
    return 'Catatan hasilnya sudah digabung lagi atau dibatalkan. Pisahkan dahulu penggabungan yang terakhir.';
  if (!isDeepStrictEqual(now.certificates, after.certificates))
    return 'Sertifikat catatan hasilnya berubah sejak digabung. Pindahkan dahulu sertifikat yang datang sesudahnya ke pemilik yang benar.';
  const same = (['facts', 'positions', 'aliases'] as const).every((part) => isDeepStrictEqual(now[part], after[part]));
  return same
    ? null
    : 'Data, jabatan, atau nama lain catatan hasilnya sudah diubah sejak digabung. Buat catatan baru lewat Tambah Pemilik, lalu pindahkan sertifikatnya.';
}

/** Undoes a merge on which nothing was built: both records stand as before it. @throws AppError conflict with the reason */
export function separateHolders(ctx: Context, otherId: string, said: input.SeparateInput): { keptId: string } {
  demand(ctx.actor, 'holders.edit');
  const form = accept(input.separateInput, said, 'Belum dipisahkan; periksa isian yang ditandai.');
  return transact(ctx, (tx) => {
    const merge = merges.mergeOf(tx.db, otherId);
    if (!merge) throw notFound('Catatan ini tidak digabung. Muat ulang halaman.');
    const why = whyInseparable(tx, otherId);
    if (why !== null || !merge.moved) throw conflict(why ?? '');
    const { before, after } = merge.moved;
    const back = returning(before, after);
    putBack(tx, back, before);
    merges.remove(tx.db, otherId, { before, after });
    settle(tx, [merge.intoId, otherId]);
    const [keep, other] = [merge.intoId, otherId].map((id) => people.byId(tx.db, id)!);
    audit.record(tx, {
      action: 'holders.separated',
      targets: [['holder', merge.intoId] as const, ['holder', otherId] as const],
      details: { count: back.length },
      personal: { from: other!.name, name: keep!.name },
      reason: form.why,
    });
    return { keptId: merge.intoId };
  });
}

/** Certificates that the merge had given to the other record. */
const returning = (before: MergeState, after: MergeState): MergeState['certificates'] =>
  before.certificates.filter(
    (was) => !after.certificates.some((is) => is.id === was.id && is.holderId === was.holderId),
  );

function putBack(tx: Context, certificates: MergeState['certificates'], before: MergeState): void {
  const now = tx.now();
  const by = audit.actorKey(tx.actor);
  // A number is one record's only: both are free of theirs before either has it back.
  for (const id of Object.keys(before.facts)) people.update(tx.db, id, { nip: null });
  for (const [id, facts] of Object.entries(before.facts)) people.update(tx.db, id, { ...facts, archivedAt: null });
  for (const { id, holderId, agencyId } of certificates) {
    const act = { from: now, why: 'Penggabungan dua catatan pemilik dibatalkan', by, now };
    store.setOwner(tx.db, id, { holderId, agencyId }, act);
  }
}

function settle(tx: Context, holders: readonly string[]): void {
  refreshSuccessors(tx.db, [...holders]);
  refreshEstate(tx.db, tx.now(), { holders: [...holders] });
}
