// Which certificates kept evidence takes out of use once our clock is right. Until then their recorded status reads well,
// so that every list, count, file and mail says how many they are (certificate-status §8).
import { number } from '#lib/format.ts';
import { MINUTE } from '../calendar.ts';
import type { Context } from '../context.ts';
import type { Db } from '../db/index.ts';
import { scope } from '../permission.ts';
import { isFrozen } from './clock.ts';
import { evidenceName } from './evidence-name.ts';
import { Issuers } from './issuers.ts';
import * as store from './store.ts';
import { LIVE_BYTES, Waitings } from './waiting.ts';
import * as waiting from './waiting-store.ts';

/** What a certificate will be, and the object that says so. */
export type TakenOut = { status: 'revoked' | 'on_hold'; evidenceId: string };
type All = { by: ReadonlyMap<string, TakenOut>; unread: readonly string[] };

export type WaitingRevocations = {
  /** Those that the reader may see, in the order of their names. */
  certificates: readonly ({ id: string; agencyId: string | null } & TakenOut)[];
  /** Lists that are too long to be walked for a page: whom they name is not known yet. */
  unread: readonly string[];
  /** What to say above whatever shows a status; null: nothing waits. */
  text: string | null;
};

const NOTHING: All = { by: new Map(), unread: [] };

/** For pages, files, documents and mails that show a status: everybody who is signed in may know the number. */
export function waitingRevocations(ctx: Context): WaitingRevocations {
  const { by, unread } = isFrozen(ctx) ? remembered(ctx) : NOTHING;
  const seen = by.size ? waiting.visibleAmong(ctx.db, [...by.keys()], scope(ctx.actor)) : [];
  const certificates = seen.map((one) => ({ ...one, ...by.get(one.id)! }));
  return { certificates, unread, text: textOf(certificates.length, unread.length) };
}

function textOf(count: number, unread: number): string | null {
  const told = count
    ? [
        `${number(count)} sertifikat disebut dicabut atau ditangguhkan oleh bukti yang menunggu jam server dan masih tampak dengan status lamanya; jangan dipakai`,
      ]
    : [];
  const long = unread
    ? [`${number(unread)} CRL baru yang menunggu terlalu besar untuk disisir, jadi yang disebutnya belum diketahui`]
    : [];
  return told.length + long.length ? `${[...told, ...long].join('; ')}.` : null;
}

/** Pages ask at every request; lists are walked again only when something came. */
const memory = new WeakMap<Db, { mark: string; at: number; all: All }>();
const REMEMBERED = 10 * MINUTE;

function remembered(ctx: Context): All {
  const mark = waiting.waitingMark(ctx.db);
  const last = memory.get(ctx.db);
  if (last?.mark === mark && Math.abs(ctx.now() - last.at) < REMEMBERED) return last.all;
  const all = lookUp(ctx);
  memory.set(ctx.db, { mark, at: ctx.now(), all });
  return all;
}

function lookUp(ctx: Context): All {
  const answered = waiting.answeredAgainst(ctx.db, ctx.now());
  const keys = new Set([...waiting.uncrossedIssuers(ctx.db), ...answered.map(({ issuerKey }) => issuerKey)]);
  const issuers = Issuers.read(ctx.db);
  const by = new Map<string, TakenOut>();
  const unread: string[] = [];
  for (const issuerKey of keys) {
    const dataOnly = store.dataOnlyOf(ctx.db, issuerKey);
    const serials = new Set([...store.serialsOf(ctx.db, issuerKey), ...dataOnly.map(({ serial }) => serial)]);
    const own = new Waitings(ctx, issuerKey, serials, { most: LIVE_BYTES, issuers });
    unread.push(...own.unread.map(({ id }) => id));
    const named = own.named();
    const ids = new Set([
      ...waiting.notRevokedYet(ctx.db, store.authoritiesOf(ctx.db, issuerKey), [...named]),
      ...dataOnly.filter(({ serial }) => named.has(serial)).map(({ id }) => id),
      ...answered.filter((one) => one.issuerKey === issuerKey).map(({ id }) => id),
    ]);
    for (const id of ids) {
      const state = own.stateOf(store.checkedById(ctx.db, id)!);
      const { status, evidenceId } = state ?? {};
      if ((status === 'revoked' || status === 'on_hold') && evidenceId) by.set(id, { status, evidenceId });
    }
  }
  return { by, unread };
}

/** What an object is called in a sentence; one that is not there has no name. */
export function nameOfEvidence(ctx: Context, id: string): string {
  const held = store.evidenceById(ctx.db, id);
  return held ? evidenceName(held) : '';
}
