// A verdict for a person at a terminal, in Indonesian.
import { revocationReasons, certificateLabels, chainWords, revocationWords } from '#lib/terms.ts';
import type { FilesVerdict, RevocationOutcome } from '#lib/server/revocation/from-files.ts';
import type { Judged } from './judge.ts';

const DECISIONS: Record<FilesVerdict['decision'], string> = {
  accepted: 'DITERIMA',
  rejected: 'DITOLAK',
  undetermined: 'BELUM DAPAT DIPASTIKAN',
};

export function inWords({ subject, at, verdict }: Judged): string {
  const { facets, path, policies, explanations } = verdict;
  const facts: [string, string][] = [
    ['Sertifikat', subject],
    ['Dinilai pada', new Date(at).toISOString()],
    ['Status', certificateLabels[verdict.label].word],
    ['Pencabutan', about(verdict.revocation)],
    ['Rantai', chainWords[facets.chain as keyof typeof chainWords] ?? facets.chain],
    ...(policies.length ? [['Kebijakan', policies.join(', ')] as [string, string]] : []),
  ];
  return [
    `Keputusan: ${DECISIONS[verdict.decision]}`,
    ...facts.map(([label, value]) => `  ${label.padEnd(13)} ${value}`),
    'Jalur, dari sertifikat ke induknya:',
    ...path.map((one, i) => `  ${i + 1}. ${one.subject}: ${about(one.revocation)}`),
    ...(explanations.length ? ['Penjelasan:'] : []),
    ...explanations.map(({ text, clause }) => `  - ${text}${clause ? ` (${clause})` : ''}`),
  ].join('\n');
}

function about(revocation: RevocationOutcome): string {
  const { status, source, revokedAt, reason, thisUpdate, nextUpdate } = revocation;
  const word = Object.values(revocationReasons).find(({ rfc }) => rfc === reason)?.word;
  return [
    revocationWords[status as keyof typeof revocationWords] ?? status,
    revokedAt ? `sejak ${revokedAt}` : '',
    word ? `alasan: ${word}` : '',
    source === 'none' ? '' : `menurut ${source.toUpperCase()}${thisUpdate ? ` terbitan ${thisUpdate}` : ''}`,
    nextUpdate ? `berlaku sampai ${nextUpdate}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
