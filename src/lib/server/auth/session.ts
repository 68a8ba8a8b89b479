// How long a session lives. NIST SP 800-63B-4 §2.2.3 (AAL2): asked again at least every 24 hours; how long one may be
// away and the shorter ends are kebijakan Dinas.
import { HOUR, MINUTE } from '../calendar.ts';
import type { Role } from '../permission.ts';

/** Away this long: signed out. A working day with a long meeting fits. */
export const IDLE = 8 * HOUR;

/** `lastSeenAt` moves at most this often, so that reading a page is not a write. */
const TOUCH = 5 * MINUTE;

/** From signing in to the end, however busy. Those who hand out rights or sign for the office: one working day. */
const ABSOLUTE: Record<Role, number> = {
  administrator: 12 * HOUR,
  head: 12 * HOUR,
  auditor: 12 * HOUR,
  supervisor: 24 * HOUR,
  handler: 24 * HOUR,
  verifier: 24 * HOUR,
  leader: 24 * HOUR,
  officer: 24 * HOUR,
};

/** The shortest of the roles' limits; somebody without a role gets the shortest of all. */
export const absoluteLimit = (roles: readonly Role[]): number =>
  Math.min(...(roles.length ? roles : (['administrator'] as const)).map((role) => ABSOLUTE[role]));

type Times = { createdAt: number; lastSeenAt: number; endsAt: number };

/** Last instant at which the session is good, given the roles held now (a right granted later shortens it). */
export const sessionEnd = (session: Times, roles: readonly Role[]): number =>
  Math.min(session.lastSeenAt + IDLE, session.endsAt, session.createdAt + absoluteLimit(roles));

export const alive = (session: Times, roles: readonly Role[], now: number): boolean => now < sessionEnd(session, roles);

export const touchDue = (session: Times, now: number): boolean => now - session.lastSeenAt >= TOUCH;
