// What a list of certificates is filtered by, and the URL that says so. Pure: the URL is the state of the page.
import {
  certificateLabels,
  certificateSources,
  portalWords,
  severities,
  uses,
  type CertificateLabel,
} from '#lib/terms.ts';
import type { Use } from './facts.ts';
import { labelGroups, type LabelGroup } from './label.ts';
import type { PortalWord } from './portal-word.ts';

export const SORTS = [
  'name',
  'agency',
  'use',
  'status',
  'start',
  'end',
  'evidence',
  'issuer',
  'serial',
  'key',
  'source',
  'added',
] as const;
export type Sort = (typeof SORTS)[number];
export const MARKS = ['open_incident', 'pending_revocation', 'mismatch', 'no_dossier'] as const;
export type Mark = (typeof MARKS)[number];
export type Source = keyof typeof certificateSources;
export type Severity = keyof typeof severities;
/** Windows that the list offers; other numbers work too. */
export const ENDS_WITHIN = [7, 30, 60, 90, 180, 365] as const;
export const CONFIRMED_WITHIN = [24, 168, 720] as const;

export type ListFilter = {
  /** Words that must all occur in names, NIP, serial (hex or decimal), fingerprint or alternative names. */
  q?: string;
  labels?: readonly CertificateLabel[];
  /** Code of an agency, whose descendants count, or 'none': under no agency yet. */
  agency?: string;
  /** Only the agency itself, without descendants. */
  exact?: boolean;
  use?: Use;
  /** Ends within so many days from now and has not ended. */
  expiring?: number;
  /** With `expiring`: no successor yet. */
  withoutSuccessor?: boolean;
  /** Evidence confirmed within so many hours, or 'none': never. */
  confirmed?: number | 'none';
  /** A holder's id, 'none': no holder yet, or 'any'. */
  holder?: string;
  /** Id of the issuing CA certificate, or 'none': not known. */
  issuer?: string;
  /** Key algorithm, with its size when it has one: 'RSA-2048'. */
  key?: string;
  /** OID of an extended key usage. */
  eku?: string;
  source?: Source;
  mark?: Mark;
  /** What BSrE's portal says of it, or 'mismatch': that differs from what was proved. */
  portal?: PortalWord | 'mismatch';
  /** Id of a rule that fires. */
  problem?: string;
  severity?: Severity;
  /** Only what was archived; without it nothing that was. */
  archived?: boolean;
  importId?: string;
  /** Address of a CRL or of an OCSP responder that the certificate names. */
  crl?: string;
  ocsp?: string;
  /** Id of the evidence that the revocation status rests on. */
  evidence?: string;
  sort?: Sort;
  descending?: boolean;
  /** Keyset cursor of the previous page. */
  after?: string;
  /** Keyset cursor of the following page, to go back. */
  before?: string;
  limit?: number;
};

/** Reads a page's address; what is not understood is left out, never an error. */
export function filterOf(params: URLSearchParams): ListFilter {
  const text = (name: string) => params.get(name)?.trim().slice(0, 200) || undefined;
  const days = Number(params.get('expiring'));
  const hours = Number(params.get('confirmed'));
  const sort = text('sort');
  const bare = sort?.replace(/^-/, '');
  return clean({
    q: text('q'),
    labels: labelsOf(text('status')),
    agency: text('agency'),
    exact: params.get('exact') === '1' || undefined,
    use: oneOf(Object.keys(uses) as Use[], text('use')),
    expiring: Number.isInteger(days) && days > 0 && days <= 1100 ? days : undefined,
    confirmed:
      params.get('confirmed') === 'none'
        ? 'none'
        : Number.isInteger(hours) && hours > 0 && hours <= 8760
          ? hours
          : undefined,
    withoutSuccessor: params.get('successor') === 'none' || undefined,
    holder: text('holder'),
    issuer: text('issuer'),
    key: text('key'),
    eku: /^[\d.]+$/.test(text('eku') ?? '') ? text('eku') : undefined,
    source: oneOf(Object.keys(certificateSources) as Source[], text('source')),
    mark: oneOf(MARKS, text('mark')),
    portal: oneOf(['mismatch', ...(Object.keys(portalWords) as PortalWord[])], text('portal')),
    problem: text('problem'),
    severity: oneOf(Object.keys(severities) as Severity[], text('severity')),
    archived: params.get('archived') === '1' || undefined,
    importId: text('import'),
    crl: address(params.get('crl')),
    ocsp: address(params.get('ocsp')),
    evidence: text('evidence'),
    sort: oneOf(SORTS, bare),
    descending: sort?.startsWith('-') || undefined,
    after: cursorOf(params.get('after')),
    before: cursorOf(params.get('before')),
  });
}

/** An address is whole or none. */
const address = (url: string | null): string | undefined => (url && url.length <= 2048 ? url : undefined);

/** A cursor is whole or none: it carries a name, which a system or legal entity may have long. */
const MOST_CURSOR = 4000;
export const cursorOf = (text: string | null): string | undefined =>
  text && text.length <= MOST_CURSOR ? text : undefined;

/** `status=expiring` (a tab) or `status=stale,ageing` (labels). */
function labelsOf(text: string | undefined): readonly CertificateLabel[] | undefined {
  if (!text) return undefined;
  if (Object.hasOwn(labelGroups, text)) return labelGroups[text as LabelGroup];
  const labels = text.split(',').filter((label): label is CertificateLabel => Object.hasOwn(certificateLabels, label));
  return labels.length ? labels : undefined;
}

const oneOf = <T extends string>(allowed: readonly T[], text: string | undefined): T | undefined =>
  allowed.find((value) => value === text);

const clean = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
