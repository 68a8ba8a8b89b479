// The sweep's decision from files alone (cli.md `status`): a certificate, anchors, candidates, CRLs and OCSP responses
// in, a decision with its reasons out. Pure: no database, no clock, no network. The same rules as the sweep decide.
import { chainPaths, sameName, validatePath, type PathResult } from '../x509/index.ts';
import { PATH_RULES } from '../x509/path-rules.ts';
import type { CertificateView } from '../x509/types.ts';
import { isNeverIssued } from '#lib/status-words.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import { NOTHING_KNOWN, type RevocationStatus } from './decide.ts';
import { isNamedBy } from './file-crl.ts';
import { readObjects, refused, type Objects } from './file-objects.ts';
import { openQuestion } from './file-open.ts';
import { judgeOne } from './file-replay.ts';
import { decisionOf, facetsOf, labelFor, outcomeOf, shown, worst, type Judged } from './file-verdict.ts';
import type { OcspResponse } from './ocsp.ts';

export type FilesRequest = {
  /** The certificate to judge. */
  leaf: CertificateView;
  anchors: CertificateView[];
  intermediates?: CertificateView[];
  crls?: Buffer[];
  ocsps?: Buffer[];
  /** The file that one of these objects came in, for what is said about it. */
  nameOf?: (object: Buffer) => string | undefined;
  /** UTC ms. */
  at: number;
  /** Evidence older than this, counted from thisUpdate, proves nothing good; ms. */
  maxAge?: number | null;
  skew?: number;
  allowWeak?: boolean;
  noRevocation?: boolean;
  policies?: string[];
  explicitPolicy?: boolean;
  inhibitMapping?: boolean;
  inhibitAnyPolicy?: boolean;
};

export type RevocationOutcome = {
  status: RevocationStatus;
  reason?: string;
  revokedAt?: string;
  invalidityDate?: string;
  source: 'crl' | 'ocsp' | 'none';
  thisUpdate?: string;
  nextUpdate?: string;
};
export type Explained = { code: string; text: string; clause?: string };
export type FilesVerdict = {
  decision: 'accepted' | 'rejected' | 'undetermined';
  outcome: 'good' | 'revoked' | 'undetermined';
  label: CertificateLabel;
  facets: { time: string; revocation: string; freshness: string; chain: string };
  revocation: RevocationOutcome;
  path: { fingerprint: string; subject: string; revocation: RevocationOutcome }[];
  policies: string[];
  explanations: Explained[];
};

/** Judges a certificate. The best anchored path wins; without one the longest partial path is shown. */
export function judgeFiles(request: FilesRequest): FilesVerdict {
  const objects = readObjects(request);
  const options = { ...request, intermediates: request.intermediates ?? [] };
  const paths = chainPaths(request.leaf, options);
  const candidates = paths.length ? paths.slice(0, 8) : [validatePath(request.leaf, options)];
  const verdicts = candidates.map((path) => judgePath(request, path, objects));
  return verdicts.reduce((best, verdict) => (rank(verdict) < rank(best) ? verdict : best));
}

/** Of paths with the same decision the one that says more; a revocation is never left untold. */
const rank = ({ decision, outcome }: FilesVerdict): number =>
  ['accepted', 'undetermined', 'rejected'].indexOf(decision) * 3 + ['revoked', 'good', 'undetermined'].indexOf(outcome);

function judgePath(request: FilesRequest, path: PathResult, read: Objects): FilesVerdict {
  const objects = { ...read, heard: new Set<OcspResponse>() };
  const explanations = [...objects.explanations];
  if (path.rule)
    explanations.push({ code: path.rule, text: PATH_RULES[path.rule].text, clause: PATH_RULES[path.rule].clause });
  const anchored = path.ok || request.anchors.some((anchor) => anchor.fingerprint === path.path.at(-1)?.fingerprint);
  const below = anchored ? path.path.slice(0, -1) : path.path;
  const judged = below.map((certificate, i) => {
    const issuer = path.path[i + 1];
    return judgeOne({ certificate, issuer, top: path.path.at(-1)! }, request, objects, explanations);
  });
  const leaf: Judged = judged[0] ?? ANCHOR;
  if (judged.some(({ vouched }) => !vouched)) explanations.push(UNSETTLED_SIGNER);
  if (judged.some(({ state }) => isNeverIssued(state))) explanations.push(NEVER_ISSUED);
  explanations.push(...strangers(objects, path.path));
  if (!request.noRevocation)
    for (const [i, one] of judged.entries()) {
      const open = openQuestion(below[i]!, path.path[i + 1], one, request);
      if (open) explanations.push(open);
    }
  const outcome = anchored ? outcomeOf(judged) : worst(judged);
  const facets = facetsOf(request, path, leaf);
  const anchorRow = anchored && path.path.length ? [pathRow(path.path.at(-1)!, notApplicable)] : [];
  return {
    decision: decisionOf(request, path, outcome, judged),
    outcome,
    label: labelFor(request, facets, leaf, judged),
    facets,
    revocation: below.length ? shown(leaf) : notApplicable,
    path: [...below.map((certificate, i) => pathRow(certificate, shown(judged[i]!))), ...anchorRow],
    policies: path.policies,
    explanations: unique(explanations),
  };
}

const NEVER_ISSUED: Explained = {
  code: 'never_issued',
  text: 'Responder OCSP penerbit menyatakan tidak pernah menerbitkan nomor seri ini: mungkin dipalsukan, salah penerbit, atau baru terbit dan belum dikenal.',
  clause: 'RFC 6960 §2.2',
};

/** An anchor is trusted because somebody said so: nothing is asked about it. */
const ANCHOR: Judged = {
  state: { ...NOTHING_KNOWN, status: 'not_applicable' },
  fresh: true,
  named: false,
  applicable: false,
  vouched: true,
};
const UNSETTLED_SIGNER: Explained = {
  code: 'crl_signer_undetermined',
  text: 'CRL ditandatangani dengan sertifikat tersendiri yang statusnya sendiri belum dapat dipastikan. Sertakan CRL untuk sertifikat itu.',
  clause: 'RFC 5280 §6.3.3 f',
};

/**
 * Lists that are of no CA of the path, nor of a CRL issuer that a certificate of the path names; answers about none of
 * its certificates.
 */
const strangers = (objects: Objects, path: CertificateView[]): Explained[] => [
  ...objects.crls
    .filter((crl) => !path.some((one) => sameName(one.subject, crl.issuer) || isNamedBy(one, crl)))
    .map(() => refused('issuer_unknown')),
  ...objects.ocsps.filter((ocsp) => path.length > 1 && !objects.heard.has(ocsp)).map(() => refused('not_about_this')),
];

const notApplicable: RevocationOutcome = { status: 'not_applicable', source: 'none' };
const pathRow = (certificate: CertificateView, revocation: RevocationOutcome) => ({
  fingerprint: certificate.fingerprint,
  subject: certificate.subject.text,
  revocation,
});
const unique = (list: Explained[]): Explained[] => [...new Map(list.map((e) => [`${e.code} ${e.text}`, e])).values()];
