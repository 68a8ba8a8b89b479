// Who writes a mail, and how its reader reaches them: an owner cannot open Siaga.
import * as auth from '../auth/index.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import type { Sender } from './mails.ts';
import type { Pending } from './notice-store.ts';

/** So many officers of an agency are named to an owner. */
const OFFICERS = 2;

/** Who writes. @param alerts an owner's: the officers of their agencies are nearest */
export function senderTo(ctx: Context, alerts: readonly Pending[] = []): Sender {
  const office = settings.get(ctx, 'office');
  const { replyTo } = settings.get(ctx, 'mail');
  const name = office.name || office.shortName;
  const agencies = new Set(alerts.map(({ agencyId }) => agencyId));
  const officers = auth
    .people(ctx, { role: 'officer' })
    .filter((p) => p.agencyId && agencies.has(p.agencyId))
    .slice(0, OFFICERS)
    .map((p) => `petugas Perangkat Daerah Anda: ${p.name}, ${p.email}`);
  const ways = [
    office.phone && `telepon ${office.phone}`,
    office.email && `surel ${office.email}`,
    replyTo && replyTo !== office.email && `balas surel ini (${replyTo})`,
  ].filter(Boolean);
  const own = ways.length ? [`${name}: ${ways.join(', ')}`] : [];
  const known = [...officers, ...own];
  const place = office.address ? `, ${office.address}` : '';
  return {
    office: name,
    government: office.government,
    contacts: known.length ? known : [`datang ke ${name}${place}`],
  };
}
