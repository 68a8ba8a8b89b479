// The trail of a record that lists and files made: the import that did stands in it, with the way to its ledger.
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { mayOpen } from '#lib/server/permission.ts';

export function trailOf(ctx: Context, kind: 'certificate' | 'holder', id: string) {
  const imports =
    kind === 'certificate' ? certificates.importsOfCertificate(ctx, id) : certificates.importsOfHolder(ctx, id);
  const also = {
    targets: imports.map((run) => ['import', run.id] as const),
    actions: ['import.done', 'import.voided'] as const,
  };
  const linkOf = (targets: audit.TrailRow['targets']): { text: string; href: string } | null => {
    const run = imports.find((one) => targets.some(([, ref]) => ref === one.id));
    return run && mayOpen(ctx.actor, '/imports') ? { text: run.number, href: `/imports/${run.id}` } : null;
  };
  return audit
    .list(ctx, { target: [kind, id], also, limit: 20 }, auth.names(ctx))
    .map(({ seq, at, sentence, targets }) => ({ seq, at, sentence, link: linkOf(targets) }));
}
