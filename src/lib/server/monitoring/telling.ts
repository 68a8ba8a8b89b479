// Who is told of which alert, once per renewal: the owner, the officers of the agency, the supervisors; one person gets
// one message, however many roles (certificate-status §10). Nothing is written while sending is off, so that whoever
// switches it on is told of what holds then.
import { createHash } from 'node:crypto';
import * as auth from '../auth/index.ts';
import * as audit from '../audit/index.ts';
import { isWorkingDay, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import * as notifications from '../notifications/index.ts';
import * as revocation from '../revocation/index.ts';
import * as settings from '../settings/index.ts';
import { officeMail, ownerMail } from './mails.ts';
import { concernsOwner } from './owner-words.ts';
import * as store from './notice-store.ts';
import { senderTo } from './sender.ts';

/** @property agencyId an officer's; null: an office that sees the whole city, or an owner */
export type Person = { key: string; name: string; email: string; agencyId: string | null };
/** What one address is told, and as whom (owner, officer): told as one, told as all. */
type Share = {
  person: Person;
  keys: Set<string>;
  alerts: store.Pending[];
  /** Those that reach this address in an office of Siaga, not only as owner. */
  onDuty: Set<string>;
  /** Whose certificates that office shows; null: those of the whole city. */
  agencies: Set<string | null>;
};

/** One message for each person about everything open that this person was not told of. @returns how many messages */
export function tell(ctx: Context, lane: 'digest' | 'immediate'): number {
  const now = ctx.now();
  if (!settings.get(ctx, 'mail').enabled) return 0;
  if (lane === 'digest' && !isWorkingDay(wibDate(now), settings.holidays(ctx))) return 0;
  const pending = store.tellable(ctx.db, now, lane === 'immediate' ? 'immediate' : null);
  if (pending.length === 0) return 0;
  const shares = sharesOf(ctx, pending);
  if (shares.length === 0) return 0;
  return transact(ctx, (tx) => {
    for (const share of shares) send(tx, share, lane, now);
    const count = new Set(shares.flatMap((s) => s.alerts.map((a) => a.id))).size;
    audit.record(tx, { action: 'alerts.noticed', targets: [], details: { count, people: shares.length } });
    return shares.length;
  });
}

function sharesOf(ctx: Context, pending: readonly store.Pending[]): Share[] {
  const told = store.toldOf(ctx.db);
  const book = addressBook(ctx);
  const shares = new Map<string, Share>();
  for (const alert of pending) {
    for (const person of book(alert)) {
      if (told.has(`${alert.id} ${alert.renewedAt} ${person.key}`)) continue;
      // The address is what dedupes: an owner who also is an officer gets one message.
      const share = shares.get(person.email) ?? {
        person,
        keys: new Set(),
        alerts: [],
        onDuty: new Set(),
        agencies: new Set(),
      };
      share.keys.add(person.key);
      if (!store.isOwner(person.key)) {
        share.onDuty.add(alert.id);
        share.agencies.add(person.agencyId);
      }
      if (!share.alerts.includes(alert)) share.alerts.push(alert);
      shares.set(person.email, share);
    }
  }
  return [...shares.values()];
}

/** Whom an alert concerns: recipients are resolved when something is sent, so that they follow a transfer. */
export function addressBook(ctx: Context): (alert: store.Pending) => Person[] {
  const people = auth.people(ctx).map((p) => ({ ...p, key: `user:${p.id}`, email: p.email.toLowerCase() }));
  const everywhere = people.map((p) => ({ ...p, agencyId: null }));
  const supervisors = everywhere.filter((p) => p.roles.includes('supervisor'));
  const administrators = everywhere.filter((p) => p.roles.includes('administrator'));
  const officers = new Map<string, Person[]>();
  for (const p of people.filter((each) => each.roles.includes('officer') && each.agencyId)) {
    officers.set(p.agencyId!, [...(officers.get(p.agencyId!) ?? []), p]);
  }
  return (alert) => {
    if (!alert.certificateId) return [...supervisors, ...administrators];
    const isTold = concernsOwner(alert) && alert.holderEmail && notifications.isAddress(alert.holderEmail);
    const owner = isTold ? [ownerOf(alert)] : [];
    return [...owner, ...(alert.agencyId ? (officers.get(alert.agencyId) ?? []) : []), ...supervisors];
  };
}

const ownerOf = (alert: store.Pending): Person => ({
  key: store.ownerKey(alert.holderId),
  name: alert.holderName ?? '',
  email: alert.holderEmail!.toLowerCase(),
  agencyId: null,
});

function send(
  tx: Context,
  { person, keys, alerts, onDuty, agencies }: Share,
  lane: 'digest' | 'immediate',
  now: number,
): void {
  // What is told makes the message: another one on the same day is told too.
  const content = createHash('sha256').update(alerts.map((a) => `${a.id}@${a.renewedAt}`).join());
  const key = `${lane}:${content.digest('hex').slice(0, 32)}:${person.key}`;
  const all = revocation.waitingRevocations(tx).certificates;
  const waiting = new Set(all.map(({ id: certificate }) => certificate));
  const everywhere = agencies.has(null);
  const seen = { count: all.filter(({ agencyId }) => everywhere || agencies.has(agencyId)).length, everywhere };
  const own = new Set(alerts.map(({ id }) => id).filter((id) => !onDuty.has(id)));
  const mail =
    onDuty.size === 0
      ? ownerMail(person.name, alerts, { ...senderTo(tx, alerts), waiting }, now)
      : officeMail({ name: person.name, lane }, alerts, own, { ...senderTo(tx), waiting, seen }, now);
  notifications.queue(tx, { key, ...mail, recipient: person.email, about: ['alerts', wibDate(now)], lane: 'alert' });
  for (const { id: alertId, renewedAt: renewal } of alerts) {
    for (const each of keys) store.addNotice(tx.db, { alertId, renewal, person: each, lane, messageKey: key, at: now });
  }
}
