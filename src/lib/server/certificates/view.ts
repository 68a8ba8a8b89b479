// What every query of this room rests on: the clock, the label policy in force, whose eyes.
import type { Context } from '../context.ts';
import { scope } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { unheardIssuers } from './issuer-status.ts';
import type { LabelPolicy } from './label.ts';
import type { View } from './where.ts';

/** The policy in force for labels. @param at instant of judgement, UTC ms */
export const policy = (ctx: Context, at = ctx.now()): LabelPolicy => ({
  expiringDays: settings.get(ctx, 'ladders').expiringDays,
  unheard: unheardIssuers(ctx, at),
});

export const viewOf = (ctx: Context): View => ({ now: ctx.now(), policy: policy(ctx), scope: scope(ctx.actor) });
