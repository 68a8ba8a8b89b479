// The cells of a person or a certificate as "Unduh untuk disunting" writes them; held against when the sheet comes back.
import { serialDecimal } from '#lib/format.ts';
import { holderStatuses, portalWords } from '#lib/terms.ts';
import { wibDate } from '../calendar.ts';
import type { Cells } from './download-stamp.ts';
import type { HolderRow } from './holder-store.ts';
import type { PortalWord } from './portal-word.ts';

type Person = Pick<HolderRow, 'name' | 'titleBefore' | 'titleAfter' | 'nip' | 'email' | 'status' | 'statusSince'> & {
  position: string | null;
  agencyName: string | null;
};
export const personCells = (person: Person) =>
  ({
    name: person.name,
    titleBefore: person.titleBefore,
    titleAfter: person.titleAfter,
    nip: person.nip,
    position: person.position,
    agency: person.agencyName,
    email: person.email,
    status: holderStatuses[person.status],
    since: person.statusSince,
  }) satisfies Cells;

type Certificate = {
  commonName: string;
  serial: string | null;
  notAfter: number | null;
  nip: string | null;
  agencyName: string | null;
  portal: PortalWord | null;
};
export const certificateCells = (certificate: Certificate) =>
  ({
    name: certificate.commonName,
    serial: certificate.serial ? serialDecimal(certificate.serial) : null,
    until: certificate.notAfter === null ? null : wibDate(certificate.notAfter),
    nip: certificate.nip,
    agency: certificate.agencyName,
    portal: certificate.portal && portalWords[certificate.portal].word,
  }) satisfies Cells;
