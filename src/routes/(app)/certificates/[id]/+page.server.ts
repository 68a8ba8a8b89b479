import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { invalid } from '#lib/server/errors.ts';
import * as monitoring from '#lib/server/monitoring/index.ts';
import { can } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { trailOf } from '../../trail.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params, url, depends }) =>
  guarded(() => {
    depends('app:check');
    const { ctx } = locals;
    const found = certificates.get(ctx, params.id);
    const names = auth.names(ctx);
    const mayEdit = can(ctx.actor, 'certificates.edit');
    const successor = found.siblings.find((other) => other.id === found.supersededById) ?? null;
    return {
      now: ctx.now(),
      // Bytes of the file are downloaded, not carried by the page.
      certificate: {
        ...found,
        ownerships: found.ownerships.map((o) => ({ ...o, by: names(o.by) })),
        path: found.path.map(({ id, commonName, trust, notBefore, notAfter, revokedAt, fails }) => ({
          id,
          commonName,
          trust,
          notBefore,
          notAfter,
          revokedAt,
          fails,
        })),
      },
      successor: successor && {
        ...successor,
        confirmed: certificates.isConfirmedRenewal(ctx, found.id, successor.id),
      },
      explained: explained(ctx, found.id),
      check: checkOf(ctx, found.id),
      known: knownAt(ctx, found.id, url.searchParams.get('at')),
      alerts: can(ctx.actor, 'alerts.view')
        ? monitoring
            .list(ctx, { certificateId: found.id, limit: 10 })
            .rows.map(({ id, word, sentence, raisedAt }) => ({ id, word, sentence, raisedAt }))
        : [],
      expiringDays: certificates.policy(ctx).expiringDays,
      trail: trailOf(ctx, 'certificate', params.id),
      likely: mayEdit && !found.holder ? certificates.likelyHolders(ctx, found.commonName) : [],
      agencies: mayEdit ? agencies.choices(ctx).map(({ code, name }) => ({ value: code, label: name })) : [],
      may: {
        check: can(ctx.actor, 'revocation.check') && !!found.fingerprint,
        edit: mayEdit,
        trust: can(ctx.actor, 'trust.view'),
        holders: can(ctx.actor, 'holders.view'),
        evidence: can(ctx.actor, 'revocation.view'),
        import: can(ctx.actor, 'certificates.import'),
        audit: can(ctx.actor, 'audit.view'),
      },
    };
  });

/** "Apa yang kita ketahui pada …?": a date and time of day in WIB; what is no instant is told, not guessed. */
function knownAt(ctx: Context, id: string, asked: string | null) {
  if (!asked) return null;
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(asked) ? Date.parse(`${asked}:00+07:00`) : NaN;
  if (Number.isNaN(at)) return { asked, refused: 'Tulis tanggal dan jam, misalnya 22/11/2026 14.05.' } as const;
  if (at > ctx.now()) return { asked, refused: 'Waktu itu belum terjadi.' } as const;
  return { asked, refused: null, answer: revocation.knownAt(ctx, id, at) } as const;
}

/** What the status rests on and when it is asked again; addresses only for those who may open the sources. */
function explained(ctx: Context, id: string) {
  const { sources, signals, ...rest } = revocation.explain(ctx, id);
  const may = can(ctx.actor, 'revocation.view');
  const removals = signals.filter(({ kind }) => kind === 'early_removal').map(({ at }) => at);
  const open = signals.filter((s) => s.settledAt === null);
  return { ...rest, removals, sources: may ? sources : [], signals: may ? open : [] };
}

/** What came of the last "Periksa sekarang", or that it goes on. */
function checkOf(ctx: Context, id: string) {
  const request = can(ctx.actor, 'revocation.check') ? revocation.checkOf(ctx, id) : null;
  if (!request) return null;
  const { state, text: said, check, requestedAt } = request;
  const isOpen = state === 'waiting' || state === 'running';
  const isGood = check !== null && (check.outcome === 'confirmed' || check.outcome === 'changed');
  return {
    isOpen,
    isGood,
    requestedAt,
    text: isOpen ? 'Sedang ditanyakan ke sumbernya; hasilnya tampil di halaman ini.' : (said ?? ''),
  };
}

/** A page waits so long for what jobs do, ms. */
const PATIENCE = 8_000;

export const actions: Actions = {
  check: (event) =>
    submitted(event, async (ctx) => {
      await revocation.awaited(ctx, revocation.requestCheck(ctx, event.params.id), PATIENCE);
      // Loaded again, without script too, the page tells what came of it, and asks nothing a second time.
      redirect(303, event.url.pathname);
    }),
  assign: (event) =>
    submitted(event, (ctx, form) => {
      const { one } = certificates.findHolders(ctx, text(form, 'holder'));
      const holderId = text(form, 'holderId') || one?.id;
      if (!holderId) {
        throw invalid('Pemilik belum ditetapkan.', { holder: 'Tidak tepat satu orang yang cocok; ketik NIP-nya.' });
      }
      certificates.assignHolder(ctx, event.params.id, { holderId, why: text(form, 'why') });
      redirect(303, event.url.pathname);
    }),
  retire: (event) =>
    submitted(event, (ctx, form) => {
      certificates.retire(ctx, event.params.id, { why: text(form, 'why') });
      redirect(303, event.url.pathname);
    }),
  reinstate: (event) =>
    submitted(event, (ctx) => {
      certificates.reinstate(ctx, event.params.id);
      redirect(303, event.url.pathname);
    }),
  transfer: (event) =>
    submitted(event, (ctx, form) => {
      certificates.transfer(ctx, event.params.id, { agency: text(form, 'agency'), why: text(form, 'why') });
      redirect(303, event.url.pathname);
    }),
};
