// Decisions that certificates share: two that no list names, and that no list can tell apart, have the same state after it as
// they had before it. A hundred thousand certificates cost a look at each, and a decision for each kind of them.
import type { State } from './decide.ts';
import type { Scoping } from './scoping.ts';
import type { Held } from './subject.ts';

type Dates = { notBefore: number | null; notAfter: number | null };

/** What some lists make of the certificates that they do not name. */
export class Alike {
  private readonly named: ReadonlySet<string>;
  /** All that lists compare the dates of a certificate with (crl-word.ts). */
  private readonly instants: readonly number[];
  private readonly decided = new Map<State, Map<Scoping, State[]>>();

  constructor(lists: readonly Held[]) {
    this.named = new Set(lists.flatMap(({ crossing }) => [...crossing.found.keys()]));
    const instants = lists.flatMap(({ crl }) => [crl.thisUpdate.ms, crl.expiredSince ?? crl.thisUpdate.ms]);
    this.instants = [...new Set(instants)].sort((a, b) => a - b);
  }

  /** Whether one of them names it, so that it is like no other. */
  names(serial: string): boolean {
    return this.named.has(serial);
  }

  /** The state that follows; it is decided once for all that are alike. */
  after(before: State, kind: Scoping, dates: Dates, decide: () => State): State {
    let kinds = this.decided.get(before);
    if (!kinds) this.decided.set(before, (kinds = new Map()));
    let states = kinds.get(kind);
    if (!states) kinds.set(kind, (states = []));
    return (states[this.phaseOf(dates)] ??= decide());
  }

  /** Between which of the instants a certificate begins and ends. */
  private phaseOf({ notBefore, notAfter }: Dates): number {
    const all = this.instants.length;
    let begun = 0;
    while (notBefore !== null && begun < all && this.instants[begun]! < notBefore) begun += 1;
    let ended = all;
    while (notAfter !== null && ended > 0 && this.instants[ended - 1]! > notAfter) ended -= 1;
    return begun * (all + 1) + ended;
  }
}
