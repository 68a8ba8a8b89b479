// Which revocation evidence incidents point at: it is never thinned (certificate-status §12).
import { isNotNull } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { demand } from '../permission.ts';
import { revocationStep } from './schema.ts';

/** Ids of accepted objects on which a step of a revocation rests. For the jobs process. */
export function evidenceInUse(ctx: Context): string[] {
  demand(ctx.actor, 'incidents.view');
  return ctx.db
    .selectDistinct({ id: revocationStep.evidenceId })
    .from(revocationStep)
    .where(isNotNull(revocationStep.evidenceId))
    .all()
    .map(({ id }) => id!);
}
