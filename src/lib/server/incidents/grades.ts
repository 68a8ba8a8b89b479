// How far a duty to tell an authority has come, computed from what is recorded (incident-escalation §7): 0 prepared,
// 1 queued, 2 sent, 3 taken by the server, 4 received by the authority, 5 answered. A grade never steps down; a failure
// is a branch beside it. Pure.
import type { Channel } from './kinds.ts';

/** Met when it left us; proven when the authority has confirmed it. */
export const MET = 2;
export const PROVEN = 4;

type Instant = number | null;
export type TransmissionFact = {
  channel: Channel;
  at: number;
  /** For e-mail: how its message fares. Other channels are handed over with a proof at `at`. */
  mail: {
    state: 'held' | 'queued' | 'sent' | 'failed' | 'cancelled';
    sentAt: Instant;
    lastAt: Instant;
    uncertain: boolean;
  } | null;
};
export type GradeFacts = {
  preparedAt: Instant;
  transmissions: readonly TransmissionFact[];
  receipts: readonly { grade: number; at: number }[];
};

export type GradeStep = { grade: number; at: Instant; state: 'done' | 'now' | 'todo' | 'failed' };
export type Progress = {
  /** −1: nothing prepared yet. */
  grade: number;
  metAt: Instant;
  provenAt: Instant;
  /** The newest way out failed and no other one led further. */
  failedAt: Instant;
  /** A letter waits behind the mail switch. */
  held: boolean;
  /** A try ended without the server's answer: it may have arrived twice. */
  uncertain: boolean;
  steps: GradeStep[];
};

/** A way out that can meet a duty: a call is confirmed in writing, and a mail that was cancelled never left. */
export const isWritten = (t: TransmissionFact): boolean => t.channel !== 'phone' && t.mail?.state !== 'cancelled';

export function progressOf(facts: GradeFacts): Progress {
  const written = facts.transmissions.filter(isWritten);
  const reached: Instant[] = [
    min([facts.preparedAt, ...written.map((t) => t.at)]),
    min(written.map((t) => t.at)),
    min(written.map(leftAt)),
    ...[3, 4, 5].map((grade) => min(facts.receipts.filter((r) => r.grade === grade).map((r) => r.at))),
  ];
  const grade = reached.findLastIndex((at) => at !== null);
  // A receipt proves that it left, even when our own sending was not recorded; the earliest later fact stands in.
  const filled = reached.map((at, i) => at ?? (i <= grade ? min(reached.slice(i)) : null));
  const failures = written.filter((t) => t.mail?.state === 'failed').map((t) => t.mail!.lastAt ?? t.at);
  const alive = written.some((t) => t.mail && (t.mail.state === 'queued' || t.mail.state === 'held'));
  const failedAt = grade < MET && !alive && failures.length ? Math.max(...failures) : null;
  return {
    grade,
    metAt: filled[MET]!,
    provenAt: filled[PROVEN]!,
    failedAt,
    held: grade < MET && written.some((t) => t.mail?.state === 'held'),
    uncertain: written.some((t) => t.mail?.uncertain),
    steps: filled.map((at, i) => ({
      grade: i,
      at: i === MET && failedAt ? failedAt : at,
      state: stepState(i, grade, failedAt),
    })),
  };
}

function stepState(index: number, grade: number, failedAt: Instant): GradeStep['state'] {
  if (index <= grade) return 'done';
  if (index === MET && failedAt !== null) return 'failed';
  return index === grade + 1 && failedAt === null ? 'now' : 'todo';
}

const leftAt = (t: TransmissionFact): Instant => (t.mail ? t.mail.sentAt : t.at);

const min = (instants: readonly Instant[]): Instant => {
  const known = instants.filter((at) => at !== null);
  return known.length ? Math.min(...known) : null;
};
