// What a sheet changes, in words: agencies and holders by name, days and instants as people write them.
import { calendarDate, dateTime, nip, serialDecimal } from '#lib/format.ts';
import { holderStatuses, portalWords, uses } from '#lib/terms.ts';
import * as agencies from '../agencies/index.ts';
import type { Context } from '../context.ts';
import * as people from './holder-store.ts';
import { fieldWords, type Change, type Conflict } from './sheet.ts';

/** Turns an actor key into a person's name (auth.names); this room knows no accounts. */
export type Names = (actorKey: string) => string;

/** What a new record is entered with, in a few words. */
export function entering(field: Change['field'], { field: word, to }: ShownChange): string {
  if (field === 'holder') return to ? `Pemilik: ${to}` : 'Tanpa pemilik';
  if (field === 'agency') return to || 'Tanpa Perangkat Daerah';
  return `${field === 'portal' ? 'Portal BSrE' : word}: ${to}`;
}

export type ShownChange = {
  field: string;
  from: string;
  to: string;
  /** Somebody else changed it after the sheet was downloaded: who and when, and whose value counts. */
  conflict?: { said: string; taken: boolean };
};

/** A change in one line, for exports and the command line. */
export function changeText({ field, from, to, conflict: contest }: ShownChange): string {
  const change = `${field}: ${from || '(kosong)'} → ${to || '(kosong)'}`;
  return contest ? `${change} (${contest.said}; isi berkas ${contest.taken ? 'dipakai' : 'tidak dipakai'})` : change;
}

/** A raw change in words: agencies and holders by name, instants in WIB. */
export function changeWords(ctx: Context, names?: Names): (change: Change) => ShownChange {
  const known = new Map<string, string>();
  const name = (id: string, find: () => string | undefined) => {
    if (!known.has(id)) known.set(id, find() ?? '?');
    return known.get(id)!;
  };
  const word = (field: Change['field'], value: string): string => {
    if (value === '') return '';
    if (field === 'agency') return name(value, () => agencies.byId(ctx, value)?.name);
    // A server that the import will meet for the first time stands there by its name.
    if (field === 'holder') return name(value, () => people.byId(ctx.db, value)?.name ?? value);
    if (field === 'status') return holderStatuses[value as keyof typeof holderStatuses] ?? value;
    if (field === 'use') return uses[value as keyof typeof uses] ?? value;
    if (field === 'portal') return portalWords[value as keyof typeof portalWords]?.word ?? value;
    if (field === 'since') return calendarDate(value);
    if (field === 'from' || field === 'until') return dateTime(Number(value));
    if (field === 'nip') return nip(value);
    return field === 'serial' ? serialDecimal(value) : value;
  };
  const contest = ({ by, at, taken, beside }: Conflict) => {
    const told = [by && names && `oleh ${names(by)}`, at !== null && `pada ${dateTime(at)}`].filter(Boolean).join(' ');
    const what = beside ? `${fieldWords[beside]}-nya ` : '';
    const why = beside ? '; keduanya berganti bersama' : '';
    return { said: `${what}diubah di Siaga sesudah diunduh${told && ` (${told})`}${why}`, taken };
  };
  return ({ field, from, to, conflict: contested }) => ({
    field: field === 'holder' ? 'Pemilik' : fieldWords[field],
    from: word(field, from),
    to: word(field, to),
    ...(contested ? { conflict: contest(contested) } : {}),
  });
}
