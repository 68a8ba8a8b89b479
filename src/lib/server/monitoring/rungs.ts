// The ladders of expiry (certificate-status §10): when a certificate is spoken of, how urgently, and which rung speaks
// when several were crossed. Pure; the crossing itself is ladder.ts.
import { DAY, daysLeft } from '../calendar.ts';
import { crossed, type Crossing, type Step } from '../ladder.ts';

export type Profile = 'signer' | 'tls' | 'authority';
export type Severity = 'info' | 'warning' | 'serious' | 'critical';

/** A certificate that had ended this long before it came to us is history: counted, never spoken of (§10). */
export const HISTORY = 30 * DAY;

export const profileOf = (use: string): Profile => (use === 'tls_server' || use === 'tls_client' ? 'tls' : 'signer');

/**
 * The rungs of one certificate with their instants. A short-lived certificate has no rung beyond a third of its life,
 * and none within a day of its issue, because it would speak at birth.
 * @param rungs days before the end; negative: after it
 */
export function stepsOf(
  rungs: readonly number[],
  validity: { notBefore: number | null; notAfter: number },
): Step<number>[] {
  const { notBefore, notAfter } = validity;
  const life = notBefore === null ? Infinity : notAfter - notBefore;
  return [...new Set(rungs)]
    .filter((rung) => rung * DAY <= life / 3 && (notBefore === null || notAfter - rung * DAY >= notBefore + DAY))
    .map((rung) => ({ at: notAfter - rung * DAY, step: rung }));
}

/**
 * Which rung speaks now. One that is less urgent than what was already said is only marked: a ladder edited today does
 * not speak of yesterday.
 * @param said rungs that have a ledger row
 */
export function speaking(steps: readonly Step<number>[], said: ReadonlySet<number>, now: number): Crossing<number> {
  const crossing = crossed(steps, (step) => said.has(step), now);
  const last = Math.min(...said);
  if (crossing.fire === null || crossing.fire < last) return crossing;
  return { fire: null, collapsed: [...crossing.collapsed, crossing.fire] };
}

/** Three days or less go out at once; the rest waits for the digest. */
export const urgencyOf = (rung: number): 'immediate' | 'digest' => (rung <= 3 && rung >= 0 ? 'immediate' : 'digest');

export const severityOf = (rung: number): Severity => (rung > 30 ? 'info' : rung > 7 ? 'warning' : 'serious');

/** "Habis 17 hari lagi", "Habis kurang dari 24 jam lagi", "Sudah habis 3 hari yang lalu". */
export function endWords(notAfter: number, now: number): string {
  const left = daysLeft(notAfter, now);
  if (left > 0) return `Habis ${left} hari lagi`;
  if (left === 0) return 'Habis kurang dari 24 jam lagi';
  return now - notAfter < DAY ? 'Baru saja habis' : `Sudah habis ${Math.floor((now - notAfter) / DAY)} hari yang lalu`;
}
