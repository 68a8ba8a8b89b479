// Facts that upper rooms know and lists of certificates show: an open incident, a pending revocation, a mismatch.
import type { Context } from '../context.ts';
import type { Mark } from './filter.ts';
import * as store from './store.ts';

/** Sets a mark unless the same one stands. @returns whether it is new */
export function markOnce(tx: Context, certificateId: string, kind: Mark, ref: string): boolean {
  const stands = store.marks(tx.db, certificateId).some((mark) => mark.kind === kind && mark.ref === ref);
  if (!stands) store.insertMark(tx.db, { certificateId, kind, ref, at: tx.now() });
  return !stands;
}

/** Ends a mark. @returns whether it stood */
export function unmarkOnce(tx: Context, certificateId: string, kind: Mark, ref: string): boolean {
  const stands = store.marks(tx.db, certificateId).filter((mark) => mark.kind === kind && mark.ref === ref);
  for (const mark of stands) store.endMark(tx.db, mark.id, tx.now());
  return stands.length > 0;
}
