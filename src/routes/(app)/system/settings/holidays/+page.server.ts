import { isDate, wibDate } from '#lib/server/calendar.ts';
import { invalid } from '#lib/server/errors.ts';
import { can, demand } from '#lib/server/permission.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, url }) =>
  guarded(() => {
    demand(ctx.actor, 'settings.view');
    const thisYear = Number(wibDate(ctx.now()).slice(0, 4));
    const asked = url.searchParams.get('year') ?? '';
    const year = /^\d{4}$/.test(asked) ? asked : String(thisYear);
    return {
      year,
      years: [thisYear - 1, thisYear, thisYear + 1].map(String),
      days: settings.listHolidays(ctx, year),
      mayEdit: can(ctx.actor, 'settings.edit'),
    };
  });

export const actions: Actions = {
  default: (event) =>
    submitted(event, (ctx, form) => {
      demand(ctx.actor, 'settings.edit');
      const source = text(form, 'source');
      if (source.length < 3) throw invalid('Hari libur belum disimpan.', { source: 'Isi nomor SKB atau keputusan.' });
      const days = read(text(form, 'days'));
      settings.setHolidays(ctx, days, source);
      return { saved: days.length };
    }),
};

/** "2027-01-01 Tahun Baru" per line; the Indonesian order of a date is understood too. */
function read(raw: string): { date: string; name: string }[] {
  const lines = raw
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  const days = lines.map((line, index) => {
    const match = /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))[\s;,]+(.{2,120})$/.exec(line);
    const [year, month, day] = match?.[1] ? [match[1], match[2], match[3]] : [match?.[6], match?.[5], match?.[4]];
    const date = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
    if (!match || !isDate(date)) {
      throw invalid('Hari libur belum disimpan.', {
        days: `Baris ${index + 1} tidak terbaca. Tulis tanggal lalu namanya, mis. 17/08/2027 Hari Kemerdekaan.`,
      });
    }
    return { date, name: match[7]!.trim() };
  });
  if (!days.length) throw invalid('Hari libur belum disimpan.', { days: 'Isi sedikitnya satu hari.' });
  if (days.length > 200) throw invalid('Hari libur belum disimpan.', { days: 'Paling banyak 200 hari sekali simpan.' });
  return days;
}
