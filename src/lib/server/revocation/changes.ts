// What two successive lists of one line say differently about a certificate, and about all of them (certificate-status
// §3). Pure.

/** An entry as it stood on a list of the line. */
export type Listing = { reason: number | null; revokedAt: number; invalidityAt: number | null };

/**
 * `revoked`, `held`: newly listed. `finalised`: a hold became a revocation. `released`: a hold is gone. `early_removal`:
 * a revocation is gone before the certificate expired; it stays revoked. `frozen`: gone after it expired, as a CA may.
 */
export type Change =
  | 'revoked'
  | 'held'
  | 'finalised'
  | 'held_again'
  | 'released'
  | 'early_removal'
  | 'frozen'
  | 'reason_changed'
  | 'date_changed';

const HOLD = 6;

/**
 * @param before the entry on the list before, or null
 * @param now the entry on this list, or null
 * @param at when the certificate expires, and thisUpdate of this list
 */
export function changesOf(
  before: Listing | null,
  now: Listing | null,
  at: { notAfter: number | null; thisUpdate: number },
): Change[] {
  if (!now) return before ? [removal(before, at)] : [];
  const held = now.reason === HOLD;
  if (!before) return [held ? 'held' : 'revoked'];
  const changes: Change[] = [];
  if (before.reason !== now.reason) {
    if (before.reason === HOLD) changes.push('finalised');
    else changes.push(held ? 'held_again' : 'reason_changed');
  }
  if (before.revokedAt !== now.revokedAt || before.invalidityAt !== now.invalidityAt) changes.push('date_changed');
  return changes;
}

function removal(before: Listing, { notAfter, thisUpdate }: { notAfter: number | null; thisUpdate: number }): Change {
  if (notAfter !== null && notAfter < thisUpdate) return 'frozen';
  return before.reason === HOLD ? 'released' : 'early_removal';
}

/** Setting `massChange`: a list with at least so many entries that loses more than this share of them is held back. */
export type MassRule = { percent: number; atLeast: number };
const RULE: MassRule = { percent: 50, atLeast: 20 };

/** Whether a list lost so many entries that it releases nobody until a person has looked (§3). */
export function massChange(before: number, after: number, rule: MassRule = RULE): 'shrunk' | 'emptied' | null {
  // A list with one entry becomes empty in the ordinary course of things: a hold is released.
  if (before > 1 && after === 0) return 'emptied';
  return before >= rule.atLeast && after < before * (1 - rule.percent / 100) ? 'shrunk' : null;
}
