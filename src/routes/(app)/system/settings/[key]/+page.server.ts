import { error } from '@sveltejs/kit';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { isDate, wibDate } from '#lib/server/calendar.ts';
import { invalid } from '#lib/server/errors.ts';
import { can, demand } from '#lib/server/permission.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { formOf, readForm, shownValue, typedValue, type SettingForm } from '../fields.ts';
import type { Actions, PageServerLoad } from './$types';

function wanted(key: string): SettingForm {
  const form = formOf(key);
  if (!form) error(404, 'Pengaturan ini tidak ada.');
  return form;
}

export const load: PageServerLoad = ({ locals: { ctx }, params }) =>
  guarded(() => {
    demand(ctx.actor, 'settings.view');
    const form = wanted(params.key);
    const names = auth.names(ctx);
    const today = wibDate(ctx.now());
    const value = settings.get(ctx, form.key);
    const versions = settings.history(ctx, form.key);
    const inForce = versions.find((version) => version.inForceFrom <= today);
    return {
      today,
      about: form.about,
      label: settings.definitions[form.key].label,
      mayEdit: can(ctx.actor, 'settings.edit'),
      fields: form.fields.map((field) => ({
        ...field,
        value: typedValue(field, value),
        shown: shownValue(field, value),
      })),
      versions: versions.map((version) => ({
        version: version.version,
        source: version.source,
        inForceFrom: version.inForceFrom,
        setAt: version.setAt,
        setBy: names(version.setBy),
        inForce: version === inForce,
        values: form.fields.map((field) => ({ label: field.label, value: shownValue(field, version.value as never) })),
      })),
      trail: audit.list(ctx, { target: ['setting', form.key], limit: 10 }, names),
    };
  });

export const actions: Actions = {
  default: (event) =>
    submitted(event, (ctx, sent) => {
      const form = wanted(event.params.key);
      const source = text(sent, 'source');
      const inForceFrom = text(sent, 'inForceFrom');
      const fields: Record<string, string> = {};
      if (source.length < 3) fields.source = 'Isi dasar perubahan: nomor keputusan, surat, atau “kebijakan Dinas”.';
      if (source.length > 200) fields.source = 'Paling panjang 200 huruf.';
      if (!isDate(inForceFrom)) fields.inForceFrom = 'Isi tanggal mulai berlaku.';
      if (Object.keys(fields).length) throw invalid('Pengaturan belum disimpan; periksa isian yang ditandai.', fields);
      settings.set(ctx, form.key, readForm(form, (name) => text(sent, name)) as never, { source, inForceFrom });
      return { saved: true };
    }),
};
