// While our own clock is doubted, what is new is kept and changes nothing (clock.ts). What it will change about a certificate
// is told meanwhile: nobody may use one whose revocation lies here because its status still reads well.
import { dateTime } from '#lib/format.ts';
import { revocationWord, revokedSince } from '#lib/status-words.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { wordsAbout } from './belief-at.ts';
import { isFrozen } from './clock.ts';
import { decide, type RevocationStatus, type State } from './decide.ts';
import { evidenceName } from './evidence-name.ts';
import { Issuers } from './issuers.ts';
import { codedReason } from './signal-words.ts';
import { headOf, heldLists, momentNow, standingNow, type Standing } from './standing.ts';
import * as store from './store.ts';
import type { Held } from './subject.ts';

export type Waiting = {
  /** What it will be once the clock is right; null: the lists that wait are too long to be walked for a page. */
  status: RevocationStatus | null;
  evidenceId: string;
  text: string;
  /** What to do until then; null: nothing but the clock. */
  todo: string | null;
};

/** A page does not walk more than this. */
export const LIVE_BYTES = 8 * 1024 * 1024;

/** Tells of an object whether it was kept while our clock is doubted and counts for nothing yet; the clock is judged once. */
export function waitingNow(ctx: Context): (held: store.EvidenceRow) => boolean {
  if (!isFrozen(ctx)) return () => false;
  return ({ id, kind, issuerKey, scope }) => {
    if (kind === 'ocsp') return store.confirmationAt(ctx.db, id, ctx.now()) === null;
    const applied = store.lineOf(ctx.db, issuerKey, scope)?.appliedEvidenceId;
    return !applied || store.orderOf(ctx.db, id) > store.orderOf(ctx.db, applied);
  };
}

/** What an issuer's lists and answers say once those count that wait. */
export class Waitings {
  private readonly ctx: Context;
  private readonly issuerKey: string;
  private readonly issuers: Issuers;
  private readonly isWaiting: (held: store.EvidenceRow) => boolean;
  private readonly news: ReadonlySet<string>;
  private readonly lists: readonly Held[];
  /** Lists that wait and are too long to be walked: they are left out. */
  readonly unread: readonly store.EvidenceRow[];

  /** @param wanted serials that are asked about @param most bytes of a list to walk */
  constructor(
    ctx: Context,
    issuerKey: string,
    wanted: ReadonlySet<string>,
    { most, issuers = Issuers.read(ctx.db) }: { most: number; issuers?: Issuers },
  ) {
    this.ctx = ctx;
    this.issuerKey = issuerKey;
    this.issuers = issuers;
    this.isWaiting = waitingNow(ctx);
    const standing = standingNow(ctx, issuerKey);
    const news = standing.filter((each) => this.isWaiting(headOf(each)));
    const isLong = (each: Standing) => headOf(each).size > most || each.complete.size > most;
    this.unread = news.filter(isLong).map(headOf);
    this.news = new Set(news.map((each) => headOf(each).id));
    const read = standing.filter((each) => !isLong(each));
    this.lists = read.length ? heldLists(ctx, read, wanted, momentNow(ctx, issuerKey), issuers) : [];
  }

  /** Serials that a list names which waits. */
  named(): ReadonlySet<string> {
    const waiting = this.lists.filter(({ evidenceId }) => this.news.has(evidenceId));
    return new Set(waiting.flatMap(({ crossing }) => [...crossing.found.keys()]));
  }

  /** What a certificate will be, when that is another status than it has; null: nothing changes. */
  stateOf(row: store.Checked): State | null {
    const { ctx, issuerKey, lists, issuers } = this;
    const answer = store.answerOf(ctx.db, row.id);
    const said = answer && store.evidenceById(ctx.db, answer.evidenceId);
    if (this.news.size === 0 && !(said && this.isWaiting(said))) return null;
    const listings = store.listingsOfSerial(ctx.db, issuerKey, row.serial);
    const words = wordsAbout(ctx, row, { issuerKey, lists: [...lists], answer, issuers }, listings);
    const { state } = decide(row.state, words, settings.get(ctx, 'freshness'), row.notAfter);
    return state.status === row.state.status ? null : state;
  }
}

/** What kept evidence will change about a certificate; null: nothing. @param most bytes of lists to walk */
export function waitingFor(ctx: Context, certificateId: string, most = LIVE_BYTES): Waiting | null {
  const row = store.checkedById(ctx.db, certificateId);
  if (!row?.issuerKey || !isFrozen(ctx)) return null;
  const own = new Waitings(ctx, row.issuerKey, new Set([row.serial]), { most });
  if (own.unread[0]) return unread(own.unread[0]);
  const state = own.stateOf(row);
  const held = state?.evidenceId && store.evidenceById(ctx.db, state.evidenceId);
  return held ? told(held, state) : null;
}

const AFTERWARDS = 'Statusnya baru berubah sesudah jam server dibetulkan (NTP).';

const unread = (held: store.EvidenceRow): Waiting => ({
  status: null,
  evidenceId: held.id,
  text: `Bukti baru menunggu jam server: ${evidenceName(held)}, terbit ${dateTime(held.thisUpdate)}; terlalu besar untuk disisir di halaman ini. ${AFTERWARDS}`,
  todo: 'Jangan andalkan status ini sebelum jam server dibetulkan; “Periksa Sekarang” menyebutkan isinya.',
});

function told(held: store.EvidenceRow, { status, source, reason, revokedAt }: State): Waiting {
  const bad = status === 'revoked' || status === 'on_hold';
  const said = { status, source, revokedAt };
  const from = bad ? revokedSince(said) : null;
  const since = from === null ? '' : ` sejak ${dateTime(from)}`;
  const why = status === 'revoked' ? `, ${codedReason(reason)}` : '';
  return {
    status,
    evidenceId: held.id,
    text: `Bukti baru menunggu jam server: menurut ${evidenceName(held)}, terbit ${dateTime(held.thisUpdate)}, ${bad ? 'sertifikat ini' : 'status sertifikat ini:'} ${revocationWord(said)}${since}${why}. ${AFTERWARDS}`,
    todo: bad
      ? 'Jangan dipakai: perlakukan seperti sudah dicabut, dan minta administrator membetulkan jam server.'
      : null,
  };
}
