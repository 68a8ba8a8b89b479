// Suggests that two reports may be about the same thing (incident-escalation §5). Suggests only; a person decides.
import { DAY } from '../calendar.ts';

/** Reports and incidents further apart than this are not compared. */
export const WINDOW = 30 * DAY;
const ENOUGH = 0.55;

/** Share of common letter triples of two texts, 0 to 1 (Jaccard). */
function likeness(a: string, b: string): number {
  const [left, right] = [triples(a), triples(b)];
  if (left.size === 0 || right.size === 0) return 0;
  let common = 0;
  for (const triple of left) if (right.has(triple)) common += 1;
  return common / (left.size + right.size - common);
}

function triples(text: string): Set<string> {
  const plain = ` ${text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
  const found = new Set<string>();
  for (let i = 0; i + 3 <= plain.length && i < 4000; i += 1) found.add(plain.slice(i, i + 3));
  return plain.trim() ? found : new Set();
}

export type Subject = { at: number; names: readonly string[]; certificateIds: readonly string[]; text: string };

/** Why the two look alike, or null. */
export function alike(a: Subject, b: Subject): string | null {
  if (Math.abs(a.at - b.at) > WINDOW) return null;
  if (a.certificateIds.some((id) => b.certificateIds.includes(id))) return 'sertifikat sama';
  if (a.names.some((name) => b.names.some((other) => likeness(name, other) >= ENOUGH))) return 'pemilik sama';
  if (a.text.length > 30 && b.text.length > 30 && likeness(a.text, b.text) >= ENOUGH) return 'cerita serupa';
  return null;
}
