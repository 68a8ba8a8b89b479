// Whom a row of a personnel list is about.
import type { Context } from '../context.ts';
import * as people from './holder-store.ts';
import { likeness, reconcilable } from './name-likeness.ts';
import { nameKey } from './names.ts';
import type { SaidPerson } from './person-row.ts';

/** By id; by NIP; without one by bare name, when exactly one person of that name serves in the agency. */
export function findPerson(ctx: Context, said: SaidPerson): people.HolderRow | 'none' | null {
  if (said.id) {
    const row = people.byId(ctx.db, said.id);
    const merge = row && row.archivedAt !== null ? people.mergeOf(ctx.db, row.id) : null;
    const known = merge ? people.byId(ctx.db, merge.intoId) : row;
    return known && known.kind === 'person' && known.archivedAt === null ? known : 'none';
  }
  const known = said.nip ? people.byNip(ctx.db, said.nip) : undefined;
  if (known) return known;
  const same = people
    .byNameKey(ctx.db, nameKey(said.name))
    .filter(
      (row) =>
        row.kind === 'person' &&
        row.archivedAt === null &&
        (!said.nip || !row.nip) &&
        said.agencyId !== null &&
        people.lastPosition(ctx.db, row.id)?.agencyId === said.agencyId,
    );
  return same.length === 1 ? same[0]! : null;
}

/**
 * A NIP is one person's for life; under it a name that is like none of theirs is somebody else's row, or a name that was
 * changed. Only a person can tell, so the row changes nothing. What came back by id was edited on purpose.
 */
export function strangerUnder(ctx: Context, known: people.HolderRow, said: SaidPerson): string | null {
  if (said.id || !said.nip || said.nip !== known.nip) return null;
  if (!nameKey(said.name) || bears(ctx, known, said.name)) return null;
  return `NIP ini tercatat milik ${known.name}, sedangkan baris ini menyebut nama yang sama sekali lain; tidak ada yang diubah. Bila orangnya sama, ubah dahulu namanya di halaman pemiliknya; bila NIP-nya keliru, perbaiki di daftar. Lalu impor lagi.`;
}

/** A column of NIPs that slipped by a row gives each certificate to the next person: a name that is not theirs is told. */
export function strangerOf(ctx: Context, commonName: string, owner: people.HolderRow): string | null {
  if (owner.kind !== 'person' || bears(ctx, owner, commonName)) return null;
  return `Kolom NIP: sertifikat atas nama ${commonName} akan menjadi milik ${owner.name}, nama yang sama sekali lain. Pastikan kolom NIP tidak bergeser.`;
}

/** Whether a name is like one that the person is known by. */
function bears(ctx: Context, known: people.HolderRow, said: string): boolean {
  const name = nameKey(said);
  const borne = [known.nameKey, ...people.aliases(ctx.db, known.id).map((alias) => nameKey(alias.name))];
  return borne.some((one) => likeness(name, one) !== null || reconcilable(name, one));
}
