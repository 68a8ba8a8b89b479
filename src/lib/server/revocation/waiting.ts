// While our own clock is doubted, what is new is kept and changes nothing (clock.ts). What it will change about a certificate
// is told meanwhile: nobody may use one whose revocation lies here because its status still reads well.
import { dateTime } from '#lib/format.ts';
import { revocationWords } from '#lib/terms.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { wordsAbout } from './belief-at.ts';
import { isFrozen } from './clock.ts';
import { decide, type RevocationStatus, type State } from './decide.ts';
import { evidenceName } from './evidence-name.ts';
import { Issuers } from './issuers.ts';
import { reasonWord } from './signal-words.ts';
import { headOf, heldLists, momentNow, standingNow } from './standing.ts';
import * as store from './store.ts';

export type Waiting = {
  /** What it will be once the clock is right; null: the lists that wait are too long to be walked for a page. */
  status: RevocationStatus | null;
  evidenceId: string;
  text: string;
  /** What to do until then; null: nothing but the clock. */
  todo: string | null;
};

/** A page does not walk more than this. */
const LIVE_BYTES = 8 * 1024 * 1024;

/** Whether an object was kept while our clock is doubted and counts for nothing yet. */
export function isWaiting(ctx: Context, { id, kind, issuerKey, scope }: store.EvidenceRow): boolean {
  if (!isFrozen(ctx)) return false;
  if (kind === 'ocsp') return store.confirmationAt(ctx.db, id, ctx.now()) === null;
  const applied = store.lineOf(ctx.db, issuerKey, scope)?.appliedEvidenceId;
  return !applied || store.orderOf(ctx.db, id) > store.orderOf(ctx.db, applied);
}

/** What kept evidence will change about a certificate; null: nothing. @param most bytes of lists to walk */
export function waitingFor(ctx: Context, certificateId: string, most = LIVE_BYTES): Waiting | null {
  const row = store.checkedById(ctx.db, certificateId);
  if (!row?.issuerKey || !isFrozen(ctx)) return null;
  const { issuerKey } = row;
  const standing = standingNow(ctx, issuerKey);
  const answer = store.answerOf(ctx.db, certificateId);
  const newest = answer && store.evidenceById(ctx.db, answer.evidenceId);
  const news = [...standing.map(headOf), ...(newest ? [newest] : [])].filter((held) => isWaiting(ctx, held));
  if (news.length === 0) return null;
  const large = news.find(({ size }) => size > most);
  if (large) return unread(large);
  const issuers = Issuers.read(ctx.db);
  const lists = heldLists(ctx, standing, new Set([row.serial]), momentNow(ctx, issuerKey), issuers);
  const listings = store.listingsOf(ctx.db, issuerKey).filter(({ serial }) => serial === row.serial);
  const words = wordsAbout(ctx, row, { issuerKey, lists, answer, issuers }, listings);
  const { state } = decide(row.state, words, settings.get(ctx, 'freshness'), row.notAfter);
  const held = state.status !== row.state.status && state.evidenceId && store.evidenceById(ctx.db, state.evidenceId);
  return held ? told(held, state) : null;
}

const AFTERWARDS = 'Statusnya baru berubah sesudah jam server dibetulkan (NTP).';

const unread = (held: store.EvidenceRow): Waiting => ({
  status: null,
  evidenceId: held.id,
  text: `Bukti baru menunggu jam server: ${evidenceName(held)}, terbit ${dateTime(held.thisUpdate)}; terlalu besar untuk disisir di halaman ini. ${AFTERWARDS}`,
  todo: 'Jangan andalkan status ini sebelum jam server dibetulkan; “Periksa Sekarang” menyebutkan isinya.',
});

function told(held: store.EvidenceRow, { status, reason, revokedAt }: State): Waiting {
  const bad = status === 'revoked' || status === 'on_hold';
  const since = bad && revokedAt !== null ? ` sejak ${dateTime(revokedAt)}` : '';
  const why = status === 'revoked' ? `, ${reasonWord(reason)}` : '';
  return {
    status,
    evidenceId: held.id,
    text: `Bukti baru menunggu jam server: menurut ${evidenceName(held)}, terbit ${dateTime(held.thisUpdate)}, sertifikat ini ${revocationWords[status]}${since}${why}. ${AFTERWARDS}`,
    todo: bad
      ? 'Jangan dipakai: perlakukan seperti sudah dicabut, dan minta administrator membetulkan jam server.'
      : null,
  };
}
