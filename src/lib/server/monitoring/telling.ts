// Who is told of which alert, once per renewal: the owner, the officers of the agency, the supervisors; one person gets
// one message, however many roles (certificate-status §10). Nothing is written while sending is off, so that whoever
// switches it on is told of what holds then.
import { createHash } from 'node:crypto';
import { dateTime, fullDate } from '#lib/format.ts';
import * as auth from '../auth/index.ts';
import * as audit from '../audit/index.ts';
import { DAY, isWorkingDay, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import * as notifications from '../notifications/index.ts';
import * as settings from '../settings/index.ts';
import * as store from './store.ts';
import { aboutOf, mailLine } from './words.ts';

type Person = { key: string; name: string; email: string };
/** What one address is told, and as whom (owner, officer): told as one, told as all. */
type Share = { person: Person; keys: Set<string>; alerts: store.Pending[] };

/** At most so many alerts stand in one message; the rest is a number and the link. */
const LINES = 40;

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

/** Recoveries of the last day, once, to whoever was told of the failure. @returns how many messages */
export function tellRecovered(ctx: Context): number {
  const now = ctx.now();
  if (!settings.get(ctx, 'mail').enabled) return 0;
  const over = store.recovered(ctx.db, now - DAY).filter(({ people }) => people.length > 0);
  if (over.length === 0) return 0;
  const addresses = new Map(
    auth.people(ctx).map((p) => [`user:${p.id}`, { name: p.name, email: p.email.toLowerCase() }]),
  );
  const mails = Map.groupBy(
    over.flatMap((row) => row.people.flatMap((key) => ({ row, key, person: addresses.get(key) }))),
    ({ person }) => person?.email ?? '',
  );
  return transact(ctx, (tx) => {
    let sent = 0;
    for (const [email, items] of mails) {
      const ids = createHash('sha256').update(items.map(({ row }) => `${row.id}@${row.settledAt}`).join());
      const key = `recovered:${ids.digest('hex').slice(0, 32)}:${items[0]!.key}`;
      if (email) {
        const lines = items.map(({ row }) => `- ${aboutOf(row)}: pulih ${dateTime(row.settledAt)}`);
        const body = [
          `Yth. ${items[0]!.person!.name},`,
          '',
          'Yang pernah diberitahukan gagal sudah pulih:',
          '',
          ...lines,
        ];
        const subject = `Siaga: ${items.length} gangguan sudah pulih`;
        notifications.queue(tx, {
          key,
          subject,
          recipient: email,
          body: body.join('\n'),
          about: ['alerts', wibDate(now)],
          lane: 'alert',
        });
        sent += 1;
      }
      for (const { row, key: person } of items)
        store.addNotice(tx.db, {
          alertId: row.id,
          renewal: row.settledAt!,
          person,
          lane: 'immediate',
          messageKey: key,
          at: now,
        });
    }
    if (sent)
      audit.record(tx, { action: 'alerts.noticed', targets: [], details: { count: over.length, people: sent } });
    return sent;
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
      const share = shares.get(person.email) ?? { person, keys: new Set(), alerts: [] };
      share.keys.add(person.key);
      if (!share.alerts.includes(alert)) share.alerts.push(alert);
      shares.set(person.email, share);
    }
  }
  return [...shares.values()];
}

/** Recipients are resolved when something is sent, so that they follow a transfer. */
function addressBook(ctx: Context): (alert: store.Pending) => Person[] {
  const people = auth.people(ctx).map((p) => ({ ...p, key: `user:${p.id}`, email: p.email.toLowerCase() }));
  const supervisors = people.filter((p) => p.roles.includes('supervisor'));
  const administrators = people.filter((p) => p.roles.includes('administrator'));
  const officers = new Map<string, Person[]>();
  for (const p of people.filter((each) => each.roles.includes('officer') && each.agencyId)) {
    officers.set(p.agencyId!, [...(officers.get(p.agencyId!) ?? []), p]);
  }
  return (alert) => {
    if (!alert.certificateId) return [...supervisors, ...administrators];
    const owner = alert.holderEmail && notifications.isAddress(alert.holderEmail) ? [ownerOf(alert)] : [];
    return [...owner, ...(alert.agencyId ? (officers.get(alert.agencyId) ?? []) : []), ...supervisors];
  };
}

const ownerOf = (alert: store.Pending): Person => ({
  key: `holder:${alert.holderId}`,
  name: alert.holderName ?? '',
  email: alert.holderEmail!.toLowerCase(),
});

function send(tx: Context, { person, keys, alerts }: Share, lane: 'digest' | 'immediate', now: number): void {
  // What is told makes the message: another one on the same day is told too.
  const content = createHash('sha256').update(alerts.map((a) => `${a.id}@${a.renewedAt}`).join());
  const key = `${lane}:${content.digest('hex').slice(0, 32)}:${person.key}`;
  const subject =
    lane === 'digest'
      ? `Siaga: ${alerts.length} sertifikat atau sumber perlu perhatian`
      : `Siaga, segera: ${alerts.length} peringatan baru`;
  notifications.queue(tx, {
    key,
    subject,
    recipient: person.email,
    body: bodyOf(tx, person, alerts, now),
    about: ['alerts', wibDate(now)],
    lane: 'alert',
  });
  for (const { id: alertId, renewedAt: renewal } of alerts) {
    for (const each of keys) store.addNotice(tx.db, { alertId, renewal, person: each, lane, messageKey: key, at: now });
  }
}

function bodyOf(ctx: Context, person: Person, alerts: readonly store.Pending[], now: number): string {
  const office = settings.get(ctx, 'office');
  const rest = alerts.length - LINES;
  return [
    `Yth. ${person.name},`,
    '',
    `Per ${fullDate(now)}, ini yang perlu perhatian Anda:`,
    '',
    ...alerts.slice(0, LINES).map((alert) => mailLine(alert, now)),
    ...(rest > 0 ? [`- dan ${rest} lainnya; lihat daftar Pekerjaan di Siaga.`] : []),
    '',
    'Surat ini dikirim sekali untuk setiap keadaan. Tandai "sudah diketahui" di Siaga bila sedang ditangani.',
    '',
    `${office.name || office.shortName}, ${office.government}`,
  ].join('\n');
}
