// Files into which nobody here can look: packed by another format, or locked. Because a private key may lie in them unseen,
// evidence is not taken with them; an import refuses such an archive by itself, and its ledger names the rest.
import { oldOffice } from './office.ts';
import { isPdf } from './pdf.ts';
import { isLockedPdf } from './pdf-streams.ts';

/** By their first octets. */
const PACKED: [string, string][] = [
  ['7z', '377abcaf271c'],
  ['RAR', '526172211a07'],
  ['GZIP', '1f8b08'],
  ['XZ', 'fd377a585a00'],
  ['BZIP2', '425a68'],
  ['Zstandard', '28b52ffd'],
  ['Cabinet', '4d534346'],
];

/** Archives other than ZIP. @returns for people, what to do instead; null: it is none */
export function packed(bytes: Buffer): string | null {
  const head = bytes.toString('hex', 0, 8);
  const [format] = PACKED.find(([, magic]) => head.startsWith(magic)) ?? [];
  return format
    ? `Arsip ${format} tidak dapat dibuka di sini. Buka arsipnya, lalu kirim isinya (boleh sebagai ZIP).`
    : null;
}

/** For people: why it cannot be looked into; null when it can. */
export function closed(bytes: Buffer): string | null {
  const archive = packed(bytes);
  if (archive) return archive;
  if (oldOffice(bytes) === 'locked') return 'Dokumen Office ini terkunci kata sandi.';
  return isPdf(bytes) && isLockedPdf(bytes) ? 'PDF ini dikunci (kata sandi atau pembatasan).' : null;
}
