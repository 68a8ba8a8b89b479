// A verdict for a person at a terminal, in Indonesian.
import { isNeverIssued, labelTerm, revocationWord, revokedSince, saidOf, type Facet } from '#lib/status-words.ts';
import { chainWords, revocationReasons } from '#lib/terms.ts';
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
    ['Status', labelTerm(verdict.label, facetOf(verdict.revocation)).word],
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

/** The outcome as a row of certificates has it. */
const facetOf = ({ status, source, revokedAt }: RevocationOutcome): Facet => ({
  revocation: status,
  revocationSource: source,
  revokedAt: revokedAt === undefined ? null : Date.parse(revokedAt),
});

function about(revocation: RevocationOutcome): string {
  const { source, revokedAt, reason, thisUpdate, nextUpdate } = revocation;
  const said = saidOf(facetOf(revocation));
  const dated = revokedSince(said) !== null;
  const word = Object.values(revocationReasons).find(({ rfc }) => rfc === reason)?.word;
  return [
    revocationWord(said),
    dated ? `sejak ${revokedAt}` : '',
    word && !isNeverIssued(said) ? `alasan: ${word}` : '',
    source === 'none' ? '' : `menurut ${source.toUpperCase()}${thisUpdate ? ` terbitan ${thisUpdate}` : ''}`,
    nextUpdate ? `berlaku sampai ${nextUpdate}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
