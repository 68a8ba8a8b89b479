// A task: something that waits for a person. Rooms compute their own (`tasks(ctx)`), compliance puts them together;
// nothing is stored, so a task disappears when its cause does.
import type { Actor } from './context.ts';
import { can, type Act } from './permission.ts';

export type Task = {
  /** Stable key: room, rule and record. */
  key: string;
  /** Filter of Pekerjaan: what kind of work it is. */
  kind:
    | 'obligation'
    | 'intake'
    | 'incident'
    | 'letter'
    | 'revocation'
    | 'conflict'
    | 'expiry'
    | 'matching'
    | 'mismatch'
    | 'evaluation'
    | 'finding'
    | 'report'
    | 'source'
    | 'system';
  /** What to do, beginning with the verb: "Kirim ulang pemberitahuan awal ke Kepala BSSN". */
  title: string;
  /** About whom or what: "INS-2026-0031, Kecamatan Sekupang". */
  about: string;
  /** UTC ms; null: no deadline. */
  dueAt: number | null;
  /** What the deadline rests on, e.g. 'kebijakan Dinas' or 'Pasal 19 ayat (1)'. */
  basis?: string;
  href: string;
  /** Verb of the button: "Kirim Ulang". */
  button: string;
  /** Who it waits for: whoever may do this act. */
  act: Act;
};

/** Tasks that wait for this actor, soonest first, those without a deadline last. */
export const forActor = (tasks: readonly Task[], actor: Actor): Task[] =>
  tasks.filter((task) => can(actor, task.act)).sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
