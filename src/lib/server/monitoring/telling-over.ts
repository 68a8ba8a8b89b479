// Who was told that something is wrong is told once that it is over: end-points and the clock that recovered, and
// certificates that may be used again, above all to owners, who were told to stop "until we let you know".
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import * as auth from '../auth/index.ts';
import { DAY, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import * as notifications from '../notifications/index.ts';
import * as revocation from '../revocation/index.ts';
import * as settings from '../settings/index.ts';
import { freedMail, overMail } from './mails.ts';
import * as store from './notice-store.ts';
import { senderTo } from './sender.ts';

/** Nobody is told of a recovery that is older: it is not news. Who waits to use a certificate is told much later too. */
const NEWS = { recovered: DAY, freed: 30 * DAY };

/** One message a person. @returns how many messages */
export function tellOver(ctx: Context): number {
  const now = ctx.now();
  if (!settings.get(ctx, 'mail').enabled) return 0;
  const over = store.over(ctx.db, { recovered: now - NEWS.recovered, freed: now - NEWS.freed }, now);
  if (over.length === 0) return 0;
  const people = addresses(
    ctx,
    over.flatMap((row) => row.people),
  );
  const items = over.flatMap((row) => row.people.map((key) => ({ row, key, person: people.get(key) })));
  const mails = Map.groupBy(items, ({ person }) => person?.email ?? '');
  return transact(ctx, (tx) => {
    const waiting = new Set(revocation.waitingRevocations(tx).certificates.map(({ id }) => id));
    let sent = 0;
    for (const [email, told] of mails) {
      const ids = createHash('sha256').update(told.map(({ row }) => `${row.id}@${row.over}`).join());
      const key = `recovered:${ids.digest('hex').slice(0, 32)}:${told[0]!.key}`;
      if (email) {
        const mail = mailOf(tx, told as Told[], waiting);
        notifications.queue(tx, { key, ...mail, recipient: email, about: ['alerts', wibDate(now)], lane: 'alert' });
        sent += 1;
      }
      for (const { row, key: person } of told)
        store.addNotice(tx.db, {
          alertId: row.id,
          renewal: row.over,
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

type Told = { row: store.Over; key: string; person: { name: string; email: string } };

/** An office that also owns what it is about reads it as an office. */
function mailOf(tx: Context, told: readonly Told[], waiting: ReadonlySet<string>) {
  const rows = new Map(
    told.map(({ row }) => [
      row.certificateId ?? row.id,
      { ...row, usable: row.usable && !waiting.has(row.certificateId ?? '') },
    ]),
  );
  const over = [...rows.values()];
  const { name } = told[0]!.person;
  return told.every(({ key }) => key.startsWith('holder:'))
    ? freedMail(name, over, senderTo(tx, over), tx.now())
    : overMail(name, over, senderTo(tx));
}

/** Who can be reached by mail, by person; those who left are not. */
function addresses(ctx: Context, keys: readonly string[]): Map<string, { name: string; email: string }> {
  const users = auth.people(ctx).map((p) => [`user:${p.id}`, { name: p.name, email: p.email.toLowerCase() }] as const);
  const owners = [
    ...store.ownersBy(
      ctx.db,
      keys.filter((key) => key.startsWith('holder:')),
    ),
  ].flatMap(([key, { name, email }]) =>
    email && notifications.isAddress(email) ? [[key, { name, email: email.toLowerCase() }] as const] : [],
  );
  return new Map([...users, ...owners]);
}
