// What a rule of lint is: data with a pure test (certificate-status §9). The groups beside this file hold the rules.
import type { fixers, severities } from '#lib/terms.ts';
import type { CertificateView } from '../../x509/types.ts';

export type Severity = keyof typeof severities;
/** Who must act. */
export type Fixer = keyof typeof fixers;
export type Noticed = { rule: string; severity: Severity; detail: string };

/** What the office set: it decides what is allowed here, the rules only compare. */
export type OfficeRules = {
  /** Lower case, without @; a domain below one of these is allowed too. */
  emailDomains: readonly string[];
  /** Longest validity of a holder's certificate, days. */
  maxDays: number;
  /** Names that O may have, as `plainName` writes them; empty: not known, nothing is compared. */
  organizations: readonly string[];
};

export type LintContext = {
  /** The CA certificate whose key verifies this one, or null. */
  issuer: CertificateView | null;
  office: OfficeRules;
};

export type RuleFacts = {
  severity: Severity;
  clause: string;
  /** Short title people read. */
  title: string;
  /** What it means and what to do, one or two sentences. */
  sentence: string;
  fixer: Fixer;
};

export type Rule = RuleFacts & {
  id: string;
  /** YYYY-MM-DD: the rule applies to certificates issued from then; absent: to all. */
  effective?: string;
  /** A detail (never a personal value) when the rule fires, else null. */
  test: (view: CertificateView, context: LintContext) => string | null;
};

export const when = (condition: boolean, detail: string): string | null => (condition ? detail : null);

/** An organization's name for comparing: upper case, letters and digits only, single spaces. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
