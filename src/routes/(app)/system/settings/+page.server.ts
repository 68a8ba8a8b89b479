import * as settings from '#lib/server/settings/index.ts';
import { wibDate } from '#lib/server/calendar.ts';
import { demand, mayOpen } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { forms, shownValue } from './fields.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx } }) =>
  guarded(() => {
    demand(ctx.actor, 'settings.view');
    const year = wibDate(ctx.now()).slice(0, 4);
    return {
      year,
      mayMail: mayOpen(ctx.actor, '/system/mail'),
      holidays: settings.listHolidays(ctx, year).length,
      settings: forms.map((form) => {
        const value = settings.get(ctx, form.key);
        const today = wibDate(ctx.now());
        const versions = settings.history(ctx, form.key);
        const inForce = versions.find((version) => version.inForceFrom <= today);
        return {
          key: form.key,
          label: settings.definitions[form.key].label,
          facts: (form.key === 'incidentClocks' ? form.fields : form.fields.slice(0, 3)).map((field) => ({
            label: field.label,
            value: shownValue(field, value),
          })),
          source: inForce?.source ?? null,
          since: inForce?.inForceFrom ?? null,
          coming: versions.filter((version) => version.inForceFrom > today).length,
        };
      }),
    };
  });
