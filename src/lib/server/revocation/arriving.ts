// The lists of a sweep as they come in: those of an issuer are crossed as soon as all of its addresses answered, whoever else
// keeps us waiting; and where some of its own do, not much later than the first.
import type { SourceRow } from './source-store.ts';

/** So long what came waits for an issuer's other lists, ms: each crossing goes through all of its certificates. */
export const PATIENCE = 3000;

type Waiting = { left: number; isNew: boolean; timer: NodeJS.Timeout | null };

export class Arriving {
  private readonly issuers: Map<string, Waiting>;
  private readonly cross: (issuerKey: string) => Promise<void>;
  private readonly crossing: Promise<void>[] = [];

  /** @param cross crosses what came; what it leaves is crossed when all were asked */
  constructor(sources: readonly Pick<SourceRow, 'issuerKey'>[], cross: (issuerKey: string) => Promise<void>) {
    const lists = Map.groupBy(sources, ({ issuerKey }) => issuerKey);
    this.issuers = new Map([...lists].map(([key, own]) => [key, { left: own.length, isNew: false, timer: null }]));
    this.cross = cross;
  }

  /** An address was asked. */
  async came({ issuerKey }: Pick<SourceRow, 'issuerKey'>, isNew: boolean): Promise<void> {
    const issuer = this.issuers.get(issuerKey)!;
    issuer.left -= 1;
    issuer.isNew ||= isNew;
    if (!issuer.isNew) return;
    if (issuer.left === 0) return this.crossNow(issuerKey, issuer);
    issuer.timer ??= setTimeout(() => {
      const crossing = this.crossNow(issuerKey, issuer);
      // Its error is told by `all`, also when that is asked for later.
      crossing.catch(() => {});
      this.crossing.push(crossing);
    }, PATIENCE);
  }

  /** What was begun is done. */
  async all(): Promise<void> {
    await Promise.all(this.crossing);
  }

  /** Nothing more begins. */
  stop(): void {
    for (const { timer } of this.issuers.values()) if (timer) clearTimeout(timer);
  }

  private async crossNow(issuerKey: string, issuer: Waiting): Promise<void> {
    if (issuer.timer) clearTimeout(issuer.timer);
    issuer.timer = null;
    issuer.isNew = false;
    await this.cross(issuerKey);
  }
}
