// Last year's annual report in its four variants, taken from one set of figures, approved by the head of the office and
// sent; this year's is not made yet.
import { DAY, endOfDay, wibDate } from '#lib/server/calendar.ts';
import * as reports from '#lib/server/reports/index.ts';
import type { City } from './seed.ts';

const VARIANTS = [
  ['annual-mayor', 'mayor', 'Walikota Batam', 'hand'],
  ['annual-governor', 'governor', 'Gubernur Kepulauan Riau', 'courier'],
  ['annual-bssn', 'bssn', 'Kepala Badan Siber dan Sandi Negara', 'courier'],
  ['annual-bsre', 'bsre', 'Kepala Balai Besar Sertifikasi Elektronik', 'email'],
] as const;

export function planReports(city: City): void {
  const year = String(Number(wibDate(city.today).slice(0, 4)) - 1);
  const made = endOfDay(`${year}-12-31`) + 19 * DAY;
  const ids = new Map<string, string>();
  city.at(made, async () => {
    const snapshot = reports.take(city.as('supervisor'), year);
    for (const [kind] of VARIANTS)
      ids.set(kind, (await reports.make(city.as('supervisor'), kind, { period: year, snapshotId: snapshot.id })).id);
  });
  city.at(made + 2 * DAY, async () => {
    for (const id of ids.values())
      reports.approve(city.as('head'), id, reports.get(city.as('head'), id).report.contentHash!, true);
    await reports.buildRequested(city.system);
  });
  city.at(made + 4 * DAY, async () => {
    for (const [i, [kind, party, addressee, way]] of VARIANTS.entries())
      await reports.dispatch(city.as('supervisor'), ids.get(kind)!, {
        party,
        addressee,
        way,
        letterNumber: `500.12/0${71 + i}/DISKOMINFO/I/${Number(year) + 1}`,
        sentAt: city.clock.at,
        receipt: i === 0 ? 'Diterima Sekretariat, agenda 0412' : '',
      });
  });
  city.at(city.now, async () => void (await reports.prepareBrief(city.system)));
}
