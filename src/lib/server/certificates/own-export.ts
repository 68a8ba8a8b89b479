// Siaga's own list of certificates that comes back as a file. What it says of status and portal is what Siaga holds, so it
// is no new word of the portal. Pure.
import { exportColumns } from './export.ts';

/** The heading that the status had until release 0.4.0. */
const FORMER = 'Status';
/** The column that stands there only while our clock is wrong. */
const WAITING = /^menurut bukti yang menunggu jam server/i;
/** What the export adds to the heading of an instant. */
const INSTANT = / \(WIB\)$/;
const [OWNER, ...heads] = exportColumns(null).map(({ head }) => head);
const known = new Set([...heads, FORMER]);

export const OWN_EXPORT =
  'Ini ekspor daftar dari Siaga sendiri: status dan keterangan portal di dalamnya adalah catatan Siaga, bukan kabar baru dari portal BSrE, sehingga tidak dibaca.';

/** Whether a row of headings is one that `exportColumns` writes, whatever columns were chosen. */
export function isOwnExport(cells: readonly string[]): boolean {
  const [first, ...others] = cells.map((text) => text.replace(/\s+/g, ' ').replace(INSTANT, '').trim());
  const written = others.filter(Boolean);
  return first === OWNER && written.length > 0 && written.every((text) => known.has(text) || WAITING.test(text));
}
