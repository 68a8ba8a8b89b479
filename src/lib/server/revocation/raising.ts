// Turns what one decision noticed into signals for people; the same about the same evidence is raised once.
import type { Context } from '../context.ts';
import { findingOf, goesOn, shapeOf } from './contradictions.ts';
import type { Event, State, Word } from './decide.ts';
import { detailOf } from './signal-words.ts';
import * as store from './store.ts';
import type { Run } from './words-of.ts';

/** A lag and a moved date are notes of the record, not work for anybody. */
const NOTES: readonly store.SignalRow['kind'][] = ['lag', 'date_changed'];
export const noteOf = (tx: Context, kind: store.SignalRow['kind']): Partial<store.SignalRow> =>
  NOTES.includes(kind)
    ? { settledAt: tx.now(), settledBy: 'system', settledWhy: 'Catatan saja; tidak ada yang perlu dinilai.' }
    : {};

export function raise(
  tx: Context,
  row: Pick<store.Checked, 'id' | 'serial'>,
  state: State,
  events: readonly Event[],
  run: Pick<Run, 'listings'>,
): void {
  for (const event of events) {
    if (event.kind === 'revoked' || event.kind === 'held' || event.kind === 'released') continue;
    // Another answer of the same responder is no other conflict, and one that knows it still not is no other finding.
    const shape = shapeOf(findingOf(event));
    const before = shape === null && event.kind !== 'early_removal' ? [] : signalsLike(tx, row.id, event.kind);
    if (shape !== null && goesOn(before, shape)) continue;
    // What contradicts anew may be the same object as before: then it is about the other side, which is new.
    const objects = [...aboutOf(tx, row, event, run), state.evidenceId].filter((id) => id !== null);
    const fresh = shape === null ? null : objects.find((id) => before.every(({ evidenceId }) => evidenceId !== id));
    store.addSignal(tx.db, {
      kind: event.kind,
      certificateId: row.id,
      evidenceId: fresh ?? objects[0] ?? null,
      detail: JSON.stringify(event),
      at: tx.now(),
      ...(shape === null ? noteOf(tx, event.kind) : {}),
      ...(isAsked(event, before) ? { settledAt: tx.now(), settledBy: 'system', settledWhy: ASKED } : {}),
    });
  }
}

const ASKED = 'Hilang lagi selagi temuan yang lebih lama tentang sertifikat ini masih terbuka; dinilai di sana.';
/** Who is dropped again, having been listed again meanwhile, is still one question to the issuer. */
const isAsked = ({ kind }: Event, before: readonly store.SignalRow[]): boolean =>
  kind === 'early_removal' && before.some(({ settledAt }) => settledAt === null);

const signalsLike = (tx: Context, certificateId: string, kind: store.SignalRow['kind']): store.SignalRow[] =>
  store.signalsOf(tx.db, certificateId).filter((one) => one.kind === kind);

/** The clock of a revocation that only the responder knows runs since the lists were first seen to lag (§6). */
export function clocked(tx: Context, certificateId: string, words: Word[]): Word[] {
  const behind = words.some(({ source, status }) => source === 'crl' && status === 'good');
  if (!behind) return words;
  return words.map((word) => {
    if (word.source === 'crl' || (word.status !== 'revoked' && word.status !== 'on_hold')) return word;
    const lags = signalsLike(tx, certificateId, 'lag').filter(({ detail }) => detailOf(detail)['behind'] === 'crl');
    return { ...word, saidSince: Math.min(word.thisUpdate, ...lags.map(({ at }) => at)) };
  });
}

/** The objects that an event is about, when it is not the one the state rests on; whose news it is first. */
function aboutOf(
  tx: Context,
  row: Pick<store.Checked, 'id' | 'serial'>,
  event: Event,
  run: Pick<Run, 'listings'>,
): (string | null)[] {
  if (event.kind === 'early_removal')
    return [...run.listings.values()].flatMap(({ serial, removedEvidenceId: removed }) =>
      serial === row.serial && removed ? [removed] : [],
    );
  if (event.kind === 'conflict') {
    const { revoking, good } = event;
    return (revoking.source === 'ocsp' ? [revoking, good] : [good, revoking]).map(({ evidenceId }) => evidenceId);
  }
  return event.kind === 'lag' ? [store.answerOf(tx.db, row.id)?.evidenceId ?? null] : [];
}
