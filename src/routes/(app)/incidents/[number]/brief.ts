// The incident in a few lines for WhatsApp: serial numbers yes, NIK and telephone numbers never.
import { dateTime, serial } from '#lib/format.ts';
import type { IncidentView } from '#lib/server/incidents/index.ts';
import { withoutNik } from '#lib/server/nik.ts';
import { incidentStates, incidentTypes } from '#lib/terms.ts';

export const brief = (view: IncidentView): string =>
  [
    `${view.number}: ${incidentTypes[view.type]}, ${view.agency.name}`,
    withoutNik(view.title),
    `Diketahui Dinas ${dateTime(view.knownAt)}. Keadaan: ${incidentStates[view.state].word}.`,
    ...view.certificates.map((c) => `Sertifikat ${c.commonName}, nomor seri ${serial(c.serial)}.`),
    ...(view.clock ? [`${view.clock.title}: paling lambat ${dateTime(view.clock.dueAt)}.`] : []),
  ].join('\n');
