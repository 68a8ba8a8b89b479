// On which object what we believed about a certificate rested at an instant: the newest of those we held and had confirmed
// by then that yields that very belief. One that speaks against it, or that waited for our clock, was no ground of it.
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { decide, freshUntil, NOTHING_KNOWN, type State, type Word } from './decide.ts';
import { saidIn } from './episodes.ts';
import { unlessLost } from './held-object.ts';
import { Issuers } from './issuers.ts';
import { answerIn } from './answers-then.ts';
import { heldLists, standingAt } from './standing.ts';
import * as store from './store.ts';
import type { Held } from './subject.ts';
import { rememberedBy, Subjects, wordsOf } from './words-of.ts';

/** So many bytes of lists are read for one answer; what is older is looked for no further than its change says. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_OBJECTS = 12;

/**
 * @param belief the last change of what is believed up to then @param held what the certificate rests on today, when
 * nothing was believed otherwise since
 */
export function restedOn(
  ctx: Context,
  certificateId: string,
  belief: store.StatusEventRow,
  { at, held }: { at: number; held: string | null },
): store.EvidenceRow | null {
  const changed = belief.evidenceId ? store.evidenceById(ctx.db, belief.evidenceId) : undefined;
  if (!changed) return null;
  const today = held ? store.evidenceById(ctx.db, held) : undefined;
  if (today && today.acceptedAt <= at && store.confirmationAt(ctx.db, today.id, at) !== null) return today;
  const look = new Look(ctx, store.checkedById(ctx.db, certificateId)!, changed, belief, at);
  let bytes = 0;
  for (const { order, size } of store.confirmedSince(ctx.db, { certificateId, changed, at, limit: MOST_OBJECTS })) {
    bytes += size;
    if (bytes > MOST_BYTES && bytes > size) break;
    const found = look.after(order);
    if (found) return store.evidenceById(ctx.db, found)!;
  }
  // What a change names did speak for it.
  return changed;
}

type Heard = { issuerKey: string; lists: Held[]; answer: store.AnswerRow | undefined; issuers: Issuers };

/** What lists and an answer say about one certificate alone. @param listings what lists named it before */
export function wordsAbout(
  ctx: Context,
  row: store.Checked,
  { issuerKey, lists, answer, issuers }: Heard,
  listings: readonly store.ListingRow[] = [],
): Word[] {
  const subjects = new Subjects(issuers, issuerKey);
  return wordsOf(row, subjects.ask(ctx, row, { lists, ...rememberedBy(listings) }).word, answer);
}

class Look {
  private readonly ctx: Context;
  private readonly row: store.Checked;
  private readonly issuerKey: string;
  private readonly at: number;
  private readonly believed: State;
  private readonly issuers: Issuers;

  constructor(ctx: Context, row: store.Checked, changed: store.EvidenceRow, belief: store.StatusEventRow, at: number) {
    this.ctx = ctx;
    this.row = row;
    this.at = at;
    this.issuerKey = changed.issuerKey;
    this.issuers = Issuers.read(ctx.db);
    const { kind: source, id: evidenceId, thisUpdate, nextUpdate } = changed;
    const word = { source, thisUpdate, nextUpdate, confirmedAt: this.confirmedAt(changed) };
    this.believed = {
      ...NOTHING_KNOWN,
      ...word,
      evidenceId,
      status: belief.to as State['status'],
      ...saidIn(belief.detail),
      freshUntil: freshUntil(word, settings.get(ctx, 'freshness')),
    };
  }

  /** Which of the objects that stood at a place in the order yields the belief; null: none of them. */
  after(order: number): string | null {
    const { ctx, believed, issuerKey, issuers } = this;
    const wanted = new Set([this.row.serial]);
    // A quarantine holds up releases alone, and what would release does not yield the belief.
    const moment = { quarantined: () => false, confirmedAt: (head: store.EvidenceRow) => this.confirmedAt(head) };
    const row = { ...this.row, state: believed };
    const lists = heldLists(ctx, standingAt(ctx, issuerKey, order), wanted, moment, issuers);
    const words = wordsAbout(ctx, row, { issuerKey, lists, answer: this.answer(order), issuers });
    const { state } = decide(believed, words, settings.get(ctx, 'freshness'), row.notAfter);
    const same = (['status', 'reason', 'revokedAt', 'invalidityAt'] as const).every(
      (fact) => state[fact] === believed[fact],
    );
    return same && words.some((word) => word.evidenceId === state.evidenceId) ? state.evidenceId : null;
  }

  private answer(order: number): store.AnswerRow | undefined {
    const held = store.answerBefore(this.ctx.db, this.row.id, order);
    const said = held && unlessLost(() => answerIn(this.ctx, held, this.issuers));
    return said ? { ...said, confirmedAt: this.confirmedAt(held) } : undefined;
  }

  private confirmedAt({ id, thisUpdate }: store.EvidenceRow): number {
    return store.confirmationAt(this.ctx.db, id, this.at) ?? thisUpdate;
  }
}
