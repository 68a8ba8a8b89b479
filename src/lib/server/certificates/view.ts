// What every query of this room rests on: the clock, the label policy in force, whose eyes.
import type { Context } from '../context.ts';
import { scope } from '../permission.ts';
import * as settings from '../settings/index.ts';
import type { LabelPolicy } from './label.ts';
import type { View } from './where.ts';

/** The policy in force for labels. */
export const policy = (ctx: Context): LabelPolicy => ({ expiringDays: settings.get(ctx, 'ladders').expiringDays });

export const viewOf = (ctx: Context): View => ({ now: ctx.now(), policy: policy(ctx), scope: scope(ctx.actor) });
