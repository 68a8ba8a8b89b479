// The lists of a sweep as they come in: those of an issuer are crossed as soon as all of its addresses answered, whoever else
// keeps us waiting; and where some of its own do, not much later than the first.
import type { SourceRow } from './source-store.ts';

/** So long what came waits for an issuer's other lists, ms: each crossing goes through all of its certificates. */
export const PATIENCE = 3000;

type Waiting = { left: number; isNew: boolean; timer: NodeJS.Timeout | null; isBusy: boolean };

export class Arriving {
  private readonly issuers: Map<string, Waiting>;
  private readonly cross: (issuerKey: string) => Promise<void>;
  private readonly crossings: Promise<void>[] = [];
  private isOver = false;

  /** @param cross crosses what came; what it leaves is crossed when all were asked */
  constructor(sources: readonly Pick<SourceRow, 'issuerKey'>[], cross: (issuerKey: string) => Promise<void>) {
    const lists = Map.groupBy(sources, ({ issuerKey }) => issuerKey);
    this.issuers = new Map(
      [...lists].map(([key, own]) => [key, { left: own.length, isNew: false, timer: null, isBusy: false }]),
    );
    this.cross = cross;
  }

  /** An address was asked. Its host is kept by no crossing. */
  came({ issuerKey }: Pick<SourceRow, 'issuerKey'>, isNew: boolean): void {
    const issuer = this.issuers.get(issuerKey)!;
    issuer.left -= 1;
    issuer.isNew ||= isNew;
    this.look(issuerKey, issuer);
  }

  /** What was begun, and what followed from it, is done. */
  async all(): Promise<void> {
    for (const crossing of this.crossings) await crossing;
  }

  /** Nothing more begins. */
  stop(): void {
    this.isOver = true;
    for (const { timer } of this.issuers.values()) if (timer) clearTimeout(timer);
  }

  /** One crossing of an issuer at a time: each holds all of its lists, and what came meanwhile makes it begin again. */
  private look(issuerKey: string, issuer: Waiting): void {
    if (!issuer.isNew || issuer.isBusy || this.isOver) return;
    if (issuer.left === 0) this.begin(issuerKey, issuer);
    else issuer.timer ??= setTimeout(() => this.begin(issuerKey, issuer), PATIENCE);
  }

  private begin(issuerKey: string, issuer: Waiting): void {
    if (issuer.timer) clearTimeout(issuer.timer);
    Object.assign(issuer, { timer: null, isNew: false, isBusy: true });
    const crossing = this.cross(issuerKey).finally(() => {
      issuer.isBusy = false;
      this.look(issuerKey, issuer);
    });
    // Its error is told by `all`, also when that is asked for later.
    crossing.catch(() => {});
    this.crossings.push(crossing);
  }
}
