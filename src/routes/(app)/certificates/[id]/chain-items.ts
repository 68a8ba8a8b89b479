// The chain as it is drawn: from the root down to this certificate, each with its state and, where it breaks, the rule.
import { date } from '#lib/format.ts';
import { trustDecisions, type Tone } from '#lib/terms.ts';
import type { IconName } from '#lib/components/icons.ts';

export type PathRow = {
  id: string;
  commonName: string;
  trust: keyof typeof trustDecisions;
  notBefore: number;
  notAfter: number;
  revokedAt: number | null;
  fails: boolean;
};
export type Failure = { text: string; clause: string; atLeaf: boolean } | null;
type State = { tone: Tone; icon: IconName; text: string };
export type ChainItem = { name: string; role: string; text?: string; href?: string; state?: State };

function stateOf(row: PathRow, now: number): State {
  if (row.revokedAt !== null) return { tone: 'bad', icon: 'ban', text: 'Dicabut' };
  if (row.notAfter < now) return { tone: 'off', icon: 'calendar-x', text: 'Kedaluwarsa' };
  if (row.notBefore > now) return { tone: 'warn', icon: 'calendar-clock', text: 'Belum berlaku' };
  const { tone, icon, word } = trustDecisions[row.trust];
  return row.trust === 'candidate' ? { tone: 'ok', icon: 'circle-check', text: 'Berlaku' } : { tone, icon, text: word };
}

/** @param path nearest issuer first @param leaf this certificate, last in the drawing */
export function chainItems(
  path: readonly PathRow[],
  failure: Failure,
  leaf: { name: string; state: State },
  view: { now: number; mayOpenTrust: boolean },
): ChainItem[] {
  const why = (here: boolean) => (here && failure ? `Di sini rantai gagal: ${failure.text} (${failure.clause})` : '');
  const above = [...path].reverse().map((row, index) => ({
    name: row.commonName,
    role: row.trust === 'anchor' ? 'Induk yang dipercaya' : index === 0 ? 'Penerbit teratas yang dikenal' : 'Penerbit',
    text: why(row.fails) || `Berlaku ${date(row.notBefore)} sampai ${date(row.notAfter)}`,
    ...(view.mayOpenTrust ? { href: `/trust#penerbit-${row.id}` } : {}),
    state: stateOf(row, view.now),
  }));
  return [
    ...above,
    { name: leaf.name, role: 'Sertifikat ini', text: why(failure?.atLeaf ?? false), state: leaf.state },
  ];
}
