// What offices call an agency, explained by a person once and understood in every later list, until somebody has it
// forgotten: then the next list that bears the name asks again. What was imported meanwhile stays as it is.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { accept, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { forgetInput, type ForgetInput } from './input.ts';
import { agencyKey } from './register.ts';
import * as store from './store.ts';

/** Where an explanation was asked for, e.g. ['import', id]. */
type Origin = readonly [kind: string, ref: string];

/** Keeps what a person explained: this text means that agency, in every later sheet too. @param said code by text */
export function explain(ctx: Context, said: Readonly<Record<string, string>>, origin?: Origin): number {
  demand(ctx.actor, 'certificates.import');
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const by = audit.actorKey(tx.actor);
    const entries = Object.entries(said).filter(([text, code]) => agencyKey(text) && code);
    const told = new Set<string>();
    for (const [text, code] of entries) {
      const agency = store.byCode(tx.db, code);
      if (!agency) throw notFound('Perangkat Daerah ini tidak ada dalam daftar.');
      told.add(agency.id);
      const key = agencyKey(text).slice(0, 200);
      store.setAlias(tx.db, { key, text: text.slice(0, 200), agencyId: agency.id, by, at: now });
    }
    if (entries.length) {
      const targets = [...(origin ? [origin] : []), ...[...told].map((id) => ['agency', id] as const)];
      // The rows and their entry bear one instant: by it a row finds where it was explained.
      const entry = { action: 'agencies.explained', targets, details: { count: entries.length } } as const;
      audit.record({ ...tx, now: () => now }, entry);
    }
    return entries.length;
  });
}

export type Alias = { key: string; text: string; by: string; at: number; origin: Origin | null };

/** What is remembered for an agency, newest first, with who explained it and where. */
export function aliases(ctx: Context, agencyId: string): Alias[] {
  demand(ctx.actor, 'agencies.view');
  const rows = store.aliasesOf(ctx.db, agencyId);
  if (!rows.length) return [];
  const origins = originsOf(ctx, agencyId, new Set(rows.map(({ by, at }) => `${by} ${at}`)));
  return rows.map((row) => ({ ...row, origin: origins.get(`${row.by} ${row.at}`) ?? null }));
}

/** Entries of the trail read at a time. */
const PAGE = 100;

/** Where these were explained (by whom and when); much that was explained since may be forgotten again. */
function originsOf(ctx: Context, agencyId: string, wanted: ReadonlySet<string>): Map<string, Origin | null> {
  const origins = new Map<string, Origin | null>();
  const filter = { target: ['agency', agencyId], action: 'agencies.explained', limit: PAGE } as const;
  for (let before: number | undefined; origins.size < wanted.size;) {
    const page = audit.list(ctx, before === undefined ? filter : { ...filter, before }, (key) => key);
    for (const { actor, at, targets } of page) {
      const key = `${actor} ${at}`;
      if (wanted.has(key)) origins.set(key, targets.find(([kind]) => kind !== 'agency') ?? null);
    }
    if (page.length < PAGE) break;
    before = page.at(-1)!.seq;
  }
  return origins;
}

/** Forgets what a text was explained to mean. @throws AppError not_found when it is not remembered for this agency */
export function forget(ctx: Context, code: string, input: ForgetInput): void {
  demand(ctx.actor, 'certificates.import');
  const { key, why } = accept(forgetInput, input, 'Sebutan belum dilupakan; tulis alasannya.');
  transact(ctx, (tx) => {
    const agency = store.byCode(tx.db, code);
    const alias = agency && store.removeAlias(tx.db, agency.id, key);
    if (!agency || !alias) throw notFound('Sebutan ini tidak diingat untuk Perangkat Daerah ini. Muat ulang halaman.');
    audit.record(tx, {
      action: 'agency.alias_forgotten',
      targets: [['agency', agency.id]],
      details: { code },
      // What a sheet called an agency is free text.
      personal: { text: alias.text },
      reason: why,
    });
  });
}
