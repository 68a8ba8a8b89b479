// Who was told that something is wrong is told once that it is over: end-points and the clock that recovered, and
// certificates that may be used again, above all to owners, who were told to stop "until we let you know".
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import { DAY, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import * as notifications from '../notifications/index.ts';
import * as revocation from '../revocation/index.ts';
import * as settings from '../settings/index.ts';
import { formerMail, freedMail, overMail } from './mails.ts';
import * as store from './notice-store.ts';
import { senderTo } from './sender.ts';
import { addressBook, type Person } from './telling.ts';

/** Nobody is told of a recovery that is older: it is not news. Who waits to use a certificate is told much later too. */
const NEWS = { recovered: DAY, freed: 30 * DAY };

/** One message a person. @returns how many messages */
export function tellOver(ctx: Context): number {
  const now = ctx.now();
  if (!settings.get(ctx, 'mail').enabled) return 0;
  const over = store.over(ctx.db, { recovered: now - NEWS.recovered, freed: now - NEWS.freed }, now);
  if (over.length === 0) return 0;
  const items = readers(ctx, over);
  const mails = Map.groupBy(items, ({ person, isFormer }) =>
    person ? `${person.email}${isFormer ? ' former' : ''}` : '',
  );
  return transact(ctx, (tx) => {
    const waiting = new Set(revocation.waitingRevocations(tx).certificates.map(({ id }) => id));
    let sent = 0;
    for (const told of mails.values()) {
      const ids = createHash('sha256').update(told.map(({ row }) => `${row.id}@${row.over}`).join());
      const key = `recovered:${ids.digest('hex').slice(0, 32)}:${told[0]!.key}`;
      const { person } = told[0]!;
      if (person) {
        const mail = mailOf(tx, person.name, told, waiting);
        notifications.queue(tx, {
          key,
          ...mail,
          recipient: person.email,
          about: ['alerts', wibDate(now)],
          lane: 'alert',
        });
        sent += 1;
      }
      for (const { row, key: reader } of told)
        store.addNotice(tx.db, {
          alertId: row.id,
          renewal: row.over,
          person: reader,
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

/** @property person null: somebody whom it concerns no more, or who cannot be reached; only noted */
type Told = { row: store.Over; key: string; person: Pick<Person, 'name' | 'email'> | null; isFormer: boolean };

/**
 * Of those who were told of it whom it concerns today, and its owner, where another was asked to stop (§10). An owner of then
 * is told that the matter is over; an office of then, which may not see the certificate any more, nothing.
 */
function readers(ctx: Context, over: readonly store.Over[]): Told[] {
  const book = addressBook(ctx);
  const owners = store.ownersBy(ctx.db, over.flatMap(({ people }) => people).filter(store.isOwner));
  return over.flatMap((row) => {
    const today = new Map(book(row).map((person) => [person.key, person]));
    const emails = new Set([...today.values()].map(({ email }) => email));
    const mine = store.ownerKey(row.holderId);
    const former = row.people.filter((key) => store.isOwner(key) && key !== mine);
    const heirs = former.length > 0 && today.has(mine) ? [mine] : [];
    return [...new Set([...row.people, ...heirs])].map((key) => {
      const isFormer = former.includes(key);
      const person = isFormer ? reachable(owners.get(key)) : today.get(key);
      return { row, key, person: person && !(isFormer && emails.has(person.email)) ? person : null, isFormer };
    });
  });
}

const reachable = (owner?: { name: string; email: string | null }): Told['person'] =>
  owner?.email && notifications.isAddress(owner.email) ? { name: owner.name, email: owner.email.toLowerCase() } : null;

/** An office that also owns what it is about reads it as an office. */
function mailOf(tx: Context, name: string, told: readonly Told[], waiting: ReadonlySet<string>) {
  const rows = new Map(
    told.map(({ row }) => [
      row.certificateId ?? row.id,
      { ...row, usable: row.usable && !waiting.has(row.certificateId ?? '') },
    ]),
  );
  const over = [...rows.values()];
  if (told[0]!.isFormer) return formerMail(name, over, senderTo(tx), tx.now());
  return told.every(({ key }) => store.isOwner(key))
    ? freedMail(name, over, senderTo(tx, over), tx.now())
    : overMail(name, over, senderTo(tx));
}
